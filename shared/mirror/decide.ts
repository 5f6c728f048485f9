import type { EntityFields, EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { StoredRecord, TargetRef } from '#model/sync-items.ts';
import { classify } from './classify.ts';
import type { Incoming } from './incoming.ts';
import type { Resolution, WaitsFor } from './resolve.ts';

/** What is to be done with one record of a page. */
export type Decision =
  | Writing
  | {
      readonly kind: 'keep' | 'stale';
      readonly incoming: Incoming;
      readonly stored: StoredRecord;
      readonly waitsFor: readonly WaitsFor[];
    }
  | {
      readonly kind: 'skip';
      readonly incoming: Incoming;
      readonly code: string;
      readonly rule: string;
      readonly parent: TargetRef | null;
    }
  | { readonly kind: 'park'; readonly incoming: Incoming; readonly parent: TargetRef }
  /** Comes along with a row that is skipped or parked: nothing of it is written; `waits` while its row waits for a parent. */
  | { readonly kind: 'drop'; readonly incoming: Incoming; readonly waits: boolean }
  | { readonly kind: 'remove'; readonly incoming: Incoming; readonly stored: StoredRecord | null };

export interface Writing {
  readonly kind: 'create' | 'change' | 'restore';
  readonly incoming: Incoming;
  readonly resolution: Resolution;
  readonly content: Content;
  /** What is written over; of a new generation the tombstoned one before it. */
  readonly stored: StoredRecord | null;
  readonly generation: number;
}

/** What a record is to hold. */
export interface Content {
  readonly fields: EntityFields[EntityName];
  readonly jobId: string | null;
  readonly contentHash: string;
  readonly pendingRefs: readonly string[];
  readonly waitsFor: readonly WaitsFor[];
  readonly sourceIgnored: boolean;
  readonly outOfScope: string | null;
}

/** Finished before the first import's window (M-78): read no deeper, but what is mirrored goes on being kept true. */
export const BEFORE_IMPORT = 'before_import_window';

/** Pure: the class of one record (M-93), given what is stored and where its references lead. */
export function decide(incoming: Incoming, resolution: Resolution, stored: StoredRecord | null): Decision {
  const { record } = incoming;
  if (record.tombstone !== undefined) return { kind: 'remove', incoming, stored };
  const live = stored?.record.tombstone === null ? stored : null;
  if (record.skip && live === null)
    return { kind: 'skip', incoming, code: record.skip.code, rule: record.skip.rule, parent: null };
  const frozen = live === null ? null : freezingCode(incoming, resolution);
  if (frozen === null && resolution.kind !== 'stored') {
    if (incoming.companion) return { kind: 'drop', incoming, waits: resolution.kind === 'parked' };
    if (resolution.kind === 'parked') return { kind: 'park', incoming, parent: resolution.parent };
    return { kind: 'skip', incoming, code: 'parent_ignored', rule: resolution.parent.space, parent: resolution.parent };
  }
  const content = frozen === null ? contentOf(incoming, resolution as Stored) : frozenContent(live!, frozen, resolution);
  const placed = placeText(record.entity, content);
  const storedPlace = stored === null ? null : placeText(stored.record.entity, stored.record);
  const classification = classify(stored?.record ?? null, { ...record, ...content, placed }, storedPlace);
  switch (classification.kind) {
    case 'created': {
      const { generation } = classification;
      return { kind: 'create', incoming, resolution, content, stored: generation > 1 ? stored : null, generation };
    }
    case 'changed':
      return { kind: 'change', incoming, resolution, content, stored, generation: stored!.record.generation };
    case 'restored':
      return { kind: 'restore', incoming, resolution, content, stored, generation: stored!.record.generation };
    case 'unchanged':
      return { kind: 'keep', incoming, stored: stored!, waitsFor: content.waitsFor };
    case 'stale':
      return { kind: 'stale', incoming, stored: stored!, waitsFor: content.waitsFor };
  }
}

type Stored = Extract<Resolution, { kind: 'stored' }>;

function contentOf(incoming: Incoming, resolution: Stored): Content {
  const { skip } = incoming.record;
  const { fields, jobId, pendingRefs, waitsFor } = resolution;
  // M-46: a mirrored record in an ignored status stays and says so; canceled is a status of its own.
  const sourceIgnored = skip?.kind === 'ignored' && skip.code !== 'canceled';
  return { fields, jobId, pendingRefs, waitsFor, contentHash: incoming.contentHash, sourceIgnored, outOfScope: null };
}

/** Why a mirrored record is no longer ours to keep (M-105): its own row says so, or it went under a parent that is not mirrored. */
function freezingCode(incoming: Incoming, resolution: Resolution): string | null {
  const { skip } = incoming.record;
  if (skip?.kind === 'out_of_scope' && skip.code !== BEFORE_IMPORT) return skip.code;
  return resolution.kind === 'parent_skipped' ? 'parent_ignored' : null;
}

/** Frozen: everything stays as it was last kept, and where it was. Under a parent that is skipped it waits for that one. */
function frozenContent({ record, jobId }: StoredRecord, outOfScope: string, resolution: Resolution): Content {
  const { fields, contentHash, pendingRefs, sourceIgnored } = record;
  const waitsFor = resolution.kind === 'parent_skipped' ? [{ parent: resolution.parent, skipped: true }] : [];
  return { fields, jobId, contentHash, pendingRefs, waitsFor, sourceIgnored, outOfScope };
}

/** What resolution adds to the mapped content: a change of it is a change of the record although its own row is the same. */
function placeText(entity: EntityName, content: Pick<MirrorRecord, 'fields' | 'pendingRefs'>): string {
  const fields = content.fields as {
    jobId?: string | null;
    milestoneId?: string | null;
    attribution?: string;
    category?: string;
  };
  return JSON.stringify([
    entity,
    fields.jobId ?? null,
    fields.milestoneId ?? null,
    fields.attribution ?? null,
    fields.category ?? null,
    content.pendingRefs,
  ]);
}
