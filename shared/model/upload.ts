import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { RunCounts } from './connection.ts';
import type { EntityName } from './entities.ts';
import { parseConnectionId } from './ids.ts';

/** `replace`: a file is everything there is of its days; `full`: everything there is; `upsert`: it proves nothing gone (M-71). */
export const UPLOAD_MODES = ['upsert', 'replace', 'full'] as const;
export type UploadMode = (typeof UPLOAD_MODES)[number];

/** The days a file speaks of, both included. */
export interface FileWindow {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * `waiting` for its file; in `preview` until somebody accepts or discards it; `accepted`: read into the mirror by `runId`; `refused`: the
 * file cannot be read in, and changes nothing.
 */
export type UploadStatus = 'waiting' | 'preview' | 'accepted' | 'refused' | 'discarded';

/** One file that somebody uploads for a file source, from its link to its run (M-70 to M-72). */
export interface Upload {
  /** A ULID: later uploads have larger ones. */
  readonly id: string;
  readonly connectionId: string;
  readonly entity: EntityName;
  /** The stream of the manifest that the file is read as. */
  readonly stream: string;
  readonly mode: UploadMode;
  /** As the uploader stated it; of mode `replace` without one, what the preview found. */
  readonly window: FileWindow | null;
  readonly windowStated: boolean;
  readonly status: UploadStatus;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Until when it may be accepted. */
  readonly expiresAt: Instant;
  /** The layout the file is read by, as it stood when the upload began. */
  readonly profile: UploadProfile;
  readonly file: UploadedFile | null;
  readonly preview: UploadPreview | null;
  /** Why the file is refused whole. */
  readonly refusal: UploadRefusal | null;
  readonly runId: string | null;
  readonly revision: number;
}

/** A profile by name and version, with its document: a later change of the profile changes no upload. */
export interface UploadProfile {
  readonly name: string;
  readonly version: number;
  readonly document: unknown;
}

export interface UploadedFile {
  /** Changes with every file under the same key: the run reads the file that was previewed, or none. */
  readonly version: string;
  readonly sizeBytes: number;
  /** How its text is encoded, as it was recognised. */
  readonly encoding: string | null;
}

export interface UploadRefusal {
  readonly code: string;
  readonly detail: string;
  /** Physical line, where one is at fault. */
  readonly row: number | null;
}

/** What reading the file in would do, by the mirror as it stood then. */
export interface UploadPreview {
  readonly rows: number;
  readonly counts: RunCounts;
  readonly rejected: number;
  readonly warnings: number;
  /** The deletions would be held for confirmation (M-103). */
  readonly deletionsHeld: boolean;
  /** The latest date the file declares: how fresh the mirror is once it is read in (M-74). */
  readonly latestDate: LocalDate | null;
  readonly unknownStatuses: readonly string[];
}

/** A row of the report: what is wrong with it. Values of columns that must not be kept are not in it. */
export interface UploadIssue {
  /** Physical line, the header's is 1. */
  readonly row: number;
  readonly reason: string;
  /** The column, as the file's header spells it. */
  readonly field: string | null;
  readonly detail: string;
  readonly value: string | null;
}

/** A record that the file no longer shows. */
export interface UploadDeletion {
  readonly entity: EntityName;
  readonly id: string;
}

/** The rows behind a preview, up to so many of each; the preview holds the full counts. */
export interface UploadReport {
  readonly rejected: readonly UploadIssue[];
  readonly warnings: readonly UploadIssue[];
  readonly deletions: readonly UploadDeletion[];
}

export const EMPTY_REPORT: UploadReport = { rejected: [], warnings: [], deletions: [] };

/** A file that a run reads in: what was accepted, and nothing else of it is believed. */
export interface AcceptedFile {
  readonly uploadId: string;
  readonly runId: string;
  readonly entity: EntityName;
  readonly stream: string;
  readonly mode: UploadMode;
  readonly window: FileWindow | null;
  /** What the mirror is as of once it is read in. */
  readonly dataAsOf: Instant;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
}

/** How long an upload may be accepted. */
export const UPLOAD_SECONDS = 7 * 86_400;

/** An upload as it stands now: one that nobody accepted in its time is discarded. */
export function presentUpload(upload: Upload, now: Instant): Upload {
  const isOver = (upload.status === 'waiting' || upload.status === 'preview') && upload.expiresAt <= now;
  return isOver ? { ...upload, status: 'discarded' } : upload;
}

/** Whether two files speak of a common day: without a window a file speaks of every day. */
export function windowsMeet(a: FileWindow | null, b: FileWindow | null): boolean {
  return a === null || b === null || (a.from <= b.to && b.from <= a.to);
}

/** `<tenant>/<connection>/<upload>`: where the file of an upload lies. */
export function fileKey(tenantId: string, n: number, uploadId: string): string {
  return `${tenantId}/${n}/${uploadId}`;
}

/** Reads the key of a file back; null for any other text. */
export function parseFileKey(key: string): { readonly tenantId: string; readonly n: number; readonly uploadId: string } | null {
  const [tenantId, n, uploadId = '', rest] = key.split('/');
  const connection = parseConnectionId(`${tenantId}.${n}`);
  if (connection === null || rest !== undefined || !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(uploadId)) return null;
  return { ...connection, uploadId };
}

/** What the API asks the function of a file source: a link under which the file of an upload may be put, or to take the file away. */
export type UploadCall =
  | {
      readonly type: 'upload-link';
      readonly connectionId: string;
      readonly uploadId: string;
      readonly sizeBytes: number | null;
      readonly seconds: number;
    }
  | { readonly type: 'upload-drop'; readonly connectionId: string; readonly uploadId: string };

export interface UploadLink {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}
