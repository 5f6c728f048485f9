import type { Instant } from '#kernel/instant.ts';
import type { OpenRun } from './connection.ts';
import type { EntityName, IdentitySpace, ReferenceTarget } from './entities.ts';
import type { PlannedRows } from './fingerprint-rows.ts';
import type { MirrorRecord } from './mirror-record.ts';

/** What is known of a record that another one points to. */
export type TargetState =
  | {
      readonly kind: 'mirrored';
      /** The mirror id of the target's present generation: what a reference to it is stored as. */
      readonly id: string;
      readonly jobId: string | null;
      readonly overhead?: boolean;
    }
  /** Seen and deliberately not mirrored: a draft job, a contact who is no employee. */
  | { readonly kind: 'skipped'; readonly code: string }
  | { readonly kind: 'unknown' };

/** A target's identity: its space and source id. `id` is that of its first generation, which stands for the identity everywhere. */
export interface TargetRef {
  readonly space: ReferenceTarget;
  readonly sourceId: string;
  readonly id: string;
}

/** One complete listing's misses that are not proven yet (M-102). */
export interface MissedGroup {
  readonly at: Instant;
  readonly runId: string;
  readonly ids: readonly string[];
}

export interface RecordPlace {
  readonly entity: EntityName;
  readonly id: string;
  /** Fields that the key is built from. */
  readonly fields: MirrorRecord['fields'];
  readonly jobId: string | null;
}

/** A stored record, as it was read. */
export interface StoredRecord {
  readonly record: MirrorRecord;
  /** The job it is stored under; null where it stands elsewhere. */
  readonly jobId: string | null;
  readonly raw: Readonly<Record<string, unknown>>;
}

export type WriteResult =
  | { readonly kind: 'written' }
  /** Somebody else wrote first: decide again on what is there now. */
  | { readonly kind: 'lost'; readonly current: StoredRecord | null };

export interface PlanPage {
  readonly runId: string;
  readonly n: number;
  readonly planned: readonly PlannedRows[];
  readonly openRun: OpenRun;
  readonly unfinished: boolean;
}

export interface Waiting {
  readonly parent: TargetRef;
  readonly space: IdentitySpace;
  readonly stream: string;
  readonly sourceId: string;
  readonly since: Instant;
  /** True for a record that is not stored until its parent arrives; false for one that is stored with a pending reference. */
  readonly parked: boolean;
  /** True when the parent is known and skipped: it is not asked for again until it arrives by itself. */
  readonly parentSkipped: boolean;
  /** The row itself as JSON, where the source cannot be asked for it again: it came in a file. */
  readonly row?: string;
}

export interface SweepState {
  readonly missed: readonly MissedGroup[];
  /** Ids seen so far by a listing that a leg's end interrupted; null when none is under way. */
  readonly seen: { readonly runId: string; readonly ids: readonly string[]; readonly pages: number } | null;
}
