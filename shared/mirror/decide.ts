import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { NO_BONUS } from '#model/mirror-record.ts';
import type { StoredRecord, TargetRef } from '#model/sync-items.ts';
import { classify } from './classify.ts';
import { type Leg, Superseded } from './leg.ts';
import type { Incoming } from './page.ts';
import type { Resolution } from './resolve.ts';

/** What is to be done with one record of a page. */
export type Decision =
  | {
      readonly kind: 'create' | 'change' | 'restore';
      readonly incoming: Incoming;
      readonly resolution: Stored;
      readonly stored: StoredRecord | null;
      readonly generation: number;
    }
  | { readonly kind: 'keep' | 'stale'; readonly incoming: Incoming }
  | {
      readonly kind: 'skip';
      readonly incoming: Incoming;
      readonly code: string;
      readonly rule: string;
      readonly parent: TargetRef | null;
    }
  | { readonly kind: 'park'; readonly incoming: Incoming; readonly parent: TargetRef }
  /** A companion of a row that is skipped or parked: nothing of it is kept; `waits` while its row waits for a parent. */
  | { readonly kind: 'drop'; readonly incoming: Incoming; readonly waits: boolean }
  | { readonly kind: 'remove'; readonly incoming: Incoming; readonly stored: StoredRecord | null };
type Stored = Extract<Resolution, { kind: 'stored' }>;

const ATTEMPTS = 4;

/** Pure but for the leg's identity: the class of one record (M-93) given what is stored and where its references lead. */
export function decide(
  leg: Pick<Leg, 'connection'>,
  incoming: Incoming,
  resolution: Resolution,
  stored: StoredRecord | null,
): Decision {
  const { record } = incoming;
  if (record.tombstone !== undefined) return { kind: 'remove', incoming, stored };
  const live = stored !== null && stored.record.tombstone === null;
  if (record.skip && !live) return { kind: 'skip', incoming, code: record.skip.code, rule: record.skip.rule, parent: null };
  if (incoming.companion && !live && resolution.kind !== 'stored')
    return { kind: 'drop', incoming, waits: resolution.kind === 'parked' };
  if (resolution.kind === 'parked') return { kind: 'park', incoming, parent: resolution.parent };
  if (resolution.kind === 'parent_skipped')
    return { kind: 'skip', incoming, code: 'parent_ignored', rule: resolution.parent.space, parent: resolution.parent };
  const marks = marksOf(incoming);
  const place = placeText(leg.connection.id, incoming, resolution);
  const classification = classify(
    stored?.record ?? null,
    { ...record, contentHash: incoming.contentHash, ...marks, placed: place },
    stored === null ? null : placeOfStored(stored.record),
  );
  switch (classification.kind) {
    case 'created':
      return { kind: 'create', incoming, resolution, stored: null, generation: classification.generation };
    case 'changed':
      return { kind: 'change', incoming, resolution, stored, generation: stored!.record.generation };
    case 'restored':
      return { kind: 'restore', incoming, resolution, stored, generation: stored!.record.generation };
    case 'unchanged':
      return { kind: 'keep', incoming };
    case 'stale':
      return { kind: 'stale', incoming };
  }
}

/** M-46: a mirrored record in an ignored status stays and says so; canceled is a status of its own. */
function marksOf(incoming: Incoming): { sourceIgnored: boolean; outOfScope: string | null } {
  const { skip } = incoming.record;
  return {
    sourceIgnored: skip?.kind === 'ignored' && skip.code !== 'canceled',
    // Work finished before the import window is read no deeper, but what is mirrored goes on being kept true.
    outOfScope: skip?.kind === 'out_of_scope' && skip.code !== 'before_import_window' ? skip.code : null,
  };
}

/** What resolution adds to the mapped content: a change of it is a change of the record although its own row is the same. */
function placeText(_connectionId: string, incoming: Incoming, resolution: Stored): string {
  const fields = resolution.fields as {
    jobId?: string | null;
    milestoneId?: string | null;
    attribution?: string;
    category?: string;
  };
  return JSON.stringify([
    incoming.record.entity,
    fields.jobId ?? null,
    fields.milestoneId ?? null,
    fields.attribution ?? null,
    fields.category ?? null,
    resolution.pendingRefs,
  ]);
}

function placeOfStored(record: MirrorRecord): string {
  const fields = record.fields as { jobId?: string | null; milestoneId?: string | null; attribution?: string; category?: string };
  return JSON.stringify([
    record.entity,
    fields.jobId ?? null,
    fields.milestoneId ?? null,
    fields.attribution ?? null,
    fields.category ?? null,
    record.pendingRefs,
  ]);
}

/** Carries a decision out. A write that loses its condition is decided again on what is there now (M-96). */
export async function applyDecision(leg: Leg, stream: StreamManifest, decision: Decision): Promise<void> {
  let current = decision;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    leg.guard();
    const lost = await applyOnce(leg, stream, current);
    if (lost === undefined) return;
    if (lost !== null && lost.record.fence > leg.fence) throw new Superseded();
    if (current.kind !== 'create' && current.kind !== 'change' && current.kind !== 'restore') return;
    current = decide(leg, current.incoming, current.resolution, lost);
  }
  throw new Error(`a record of ${stream.stream} changed under every attempt to write it`);
}

/** Undefined when done; otherwise what stood in the way (null: nothing is there any more). */
async function applyOnce(leg: Leg, stream: StreamManifest, decision: Decision): Promise<StoredRecord | null | undefined> {
  const { store, now } = leg.ports;
  const { record } = decision.incoming;
  const counts = leg.countOf(record.entity);
  switch (decision.kind) {
    case 'drop':
      return undefined;
    case 'keep':
      counts.unchanged += 1;
      return undefined;
    case 'stale':
      counts.unchanged += 1;
      counts.staleIgnored += 1;
      return undefined;
    case 'skip':
      if (record.skip?.kind === 'ignored') counts.skippedByStatus += 1;
      else counts.skippedByScope += 1;
      leg.targets.set(decision.incoming.id, { kind: 'skipped', code: decision.code });
      await store.putMarker(
        leg.fence,
        markerOf(leg, decision, record.skip?.kind ?? 'out_of_scope', decision.code, decision.rule, decision.parent),
      );
      if (decision.parent) await wait(leg, stream, decision, decision.parent, true);
      return undefined;
    case 'park': {
      const fresh = leg.except({
        entity: record.entity,
        sourceId: record.sourceId,
        reason: 'parent_missing',
        field: decision.parent.space,
        value: decision.parent.sourceId,
        since: now(),
      });
      if (fresh) counts.parked += 1;
      await store.putMarker(
        leg.fence,
        markerOf(leg, decision, 'parked', 'parent_missing', decision.parent.space, decision.parent),
      );
      await wait(leg, stream, decision, decision.parent, false);
      return undefined;
    }
    case 'remove': {
      if (decision.stored === null || decision.stored.record.tombstone !== null) return undefined;
      const gone = {
        ...decision.stored.record,
        tombstone: { at: now(), runId: leg.openRun.runId, reason: record.tombstone ?? 'flag' },
        revision: decision.stored.record.revision + 1,
      };
      const result = await store.tombstone(leg.fence, decision.stored, gone);
      if (result.kind === 'written') counts.deleted += 1;
      return result.kind === 'written' ? undefined : result.current;
    }
    default: {
      const next = recordOf(leg, decision);
      const result =
        decision.stored === null
          ? await store.createRecord(next, decision.resolution.jobId)
          : await store.changeRecord(decision.stored, next, decision.resolution.jobId);
      if (result.kind === 'lost') return result.current;
      counts[decision.kind === 'create' ? 'created' : decision.kind === 'change' ? 'changed' : 'restored'] += 1;
      await afterStored(leg, stream, decision, next);
      return undefined;
    }
  }
}

type Writing = Extract<Decision, { kind: 'create' | 'change' | 'restore' }>;

async function afterStored(leg: Leg, stream: StreamManifest, decision: Writing, next: MirrorRecord): Promise<void> {
  const { fields } = next as MirrorRecord<'milestone'>;
  leg.targets.set(next.id, {
    kind: 'mirrored',
    jobId: next.entity === 'milestone' ? fields.jobId : next.entity === 'job' ? next.id : null,
  });
  if (decision.kind !== 'change') {
    leg.arrived.add(next.id);
    // It may have been skipped or parked before; only such records have a marker to take away.
    if (leg.openRun.trigger !== 'initial') await leg.ports.store.removeMarker(next.space, next.sourceId);
  }
  for (const target of decision.resolution.waitsFor) {
    const skipped = leg.targets.get(target.id)?.kind === 'skipped';
    await wait(leg, stream, decision, target, skipped);
  }
}

async function wait(
  leg: Leg,
  stream: StreamManifest,
  decision: Decision,
  parent: TargetRef,
  parentSkipped: boolean,
): Promise<void> {
  const { record } = decision.incoming;
  await leg.ports.store.putWaiting({
    parent: { space: parent.space, sourceId: parent.sourceId, id: parent.id },
    space: record.space,
    stream: stream.stream,
    sourceId: record.sourceId,
    since: leg.ports.now(),
    parked: decision.kind === 'park',
    parentSkipped,
  });
}

function markerOf(
  leg: Leg,
  decision: Decision,
  kind: 'ignored' | 'out_of_scope' | 'parked',
  code: string,
  rule: string,
  parent: TargetRef | null,
) {
  const { record } = decision.incoming;
  const fields = record.fields as { name?: string; displayName?: string; number?: string | null };
  return {
    space: record.space,
    entity: record.entity,
    sourceId: record.sourceId,
    kind,
    code,
    rule,
    name: fields.name ?? fields.displayName ?? null,
    number: fields.number ?? null,
    sourceStatus: record.sourceStatus,
    runId: leg.openRun.runId,
    at: leg.ports.now(),
    parent: parent === null ? null : { id: parent.id, space: parent.space, sourceId: parent.sourceId },
  };
}

function recordOf(leg: Leg, decision: Writing): MirrorRecord {
  const { incoming, resolution, stored } = decision;
  const { record } = incoming;
  const before = stored?.record;
  return {
    id: decision.generation > 1 ? mirrorId(leg.connection.id, record.space, record.sourceId, decision.generation) : incoming.id,
    entity: record.entity,
    space: record.space,
    connectionId: leg.connection.id,
    sourceId: record.sourceId,
    generation: decision.generation,
    fields: resolution.fields,
    sourceUpdatedAt: record.sourceUpdatedAt,
    sourceCreatedAt: record.sourceCreatedAt,
    sourceStatus: record.sourceStatus,
    contentHash: incoming.contentHash,
    mappingVersion: leg.ports.connector.mappingVersion,
    revision: (before?.revision ?? 0) + 1,
    fence: leg.fence,
    firstSeenRunId: before?.firstSeenRunId ?? leg.openRun.runId,
    lastChangedRunId: leg.openRun.runId,
    lastChangedAt: leg.ports.now(),
    tombstone: null,
    aliasOf: before?.aliasOf ?? null,
    ...marksOf(incoming),
    pendingDeletion: false,
    pendingRefs: resolution.pendingRefs,
    bonus: before?.bonus ?? NO_BONUS,
  };
}
