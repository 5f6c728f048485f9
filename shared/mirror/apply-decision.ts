import type { EntityFields, EntityName } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import { type MirrorRecord, NO_BONUS } from '#model/mirror-record.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import type { StoredRecord, TargetRef, TargetState } from '#model/sync-items.ts';
import { type Decision, decide, type Writing } from './decide.ts';
import type { Incoming } from './incoming.ts';
import { type Leg, Superseded } from './leg.ts';
import type { WaitsFor } from './resolve.ts';
import { recognisable } from './same-record.ts';

const ATTEMPTS = 4;

/** Carries a decision out. A write that loses its condition is decided again on what is there now (M-96). */
export async function applyDecision(leg: Leg, stream: StreamManifest, decision: Decision): Promise<void> {
  let current = decision;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    leg.guard();
    const lost = await applyOnce(leg, stream, current);
    if (lost === undefined) return;
    if (lost !== null && lost.record.fence > leg.fence) throw new Superseded();
    if (current.kind === 'remove') current = { ...current, stored: lost };
    else current = decide(current.incoming, (current as Writing).resolution, lost);
  }
  throw new Error(`a record of ${stream.stream} changed under every attempt to write it`);
}

/** The mirror id of the generation that a decision leaves behind. */
export function idAfter(leg: Pick<Leg, 'connection'>, decision: Writing): string {
  const { space, sourceId } = decision.incoming.record;
  return mirrorId(leg.connection.id, space, sourceId, decision.generation);
}

/** Undefined when done; otherwise what stood in the way (null: nothing is there any more). */
async function applyOnce(leg: Leg, stream: StreamManifest, decision: Decision): Promise<StoredRecord | null | undefined> {
  const { incoming } = decision;
  const counts = leg.countOf(incoming.record.entity);
  switch (decision.kind) {
    case 'drop':
      return undefined;
    case 'keep':
      counts.unchanged += 1;
      // It may have been stored by a leg that died right after: what it waits for is made sure of.
      await waitFor(leg, stream, incoming, decision.waitsFor, false);
      await waitForNothingElse(leg, incoming, decision.waitsFor);
      return undefined;
    case 'stale':
      counts.unchanged += 1;
      counts.staleIgnored += 1;
      return undefined;
    case 'skip':
      await skip(leg, stream, decision);
      return undefined;
    case 'park':
      await park(leg, stream, decision);
      return undefined;
    case 'remove':
      return remove(leg, decision);
    default:
      return write(leg, stream, decision);
  }
}

/** Nothing refers to these, so that a run need not remember where each of a million entries is. */
const NEVER_A_PARENT: ReadonlySet<EntityName> = new Set<EntityName>([
  'wage_record',
  'budget_info',
  'material_allocation',
  'time_entry',
  'drive_time',
]);

/**
 * Rows of what the record waits for come first: after a crash they may stand without the record, which is read again, while a record
 * without them would never be looked at again. Rows that no longer hold go last: as long as they stand, the rest is made sure of.
 */
async function write(leg: Leg, stream: StreamManifest, decision: Writing): Promise<StoredRecord | null | undefined> {
  const { store } = leg.ports;
  const { incoming, content } = decision;
  const next = recordOf(leg, decision);
  await waitFor(leg, stream, incoming, content.waitsFor, false);
  // Seen before and not mirrored: its marker ends with that. In a first listing only what waited can have one.
  const waited = (await leg.waiting.of(incoming.record)).length > 0;
  if (waited || (decision.kind !== 'change' && !incoming.fresh)) await store.removeMarker(next.space, next.sourceId);
  const result =
    decision.kind === 'create'
      ? await store.createRecord(next, content.jobId, decision.stored)
      : await store.changeRecord(decision.stored!, next, content.jobId);
  if (result.kind === 'lost') return result.current;
  leg.countOf(next.entity)[decision.kind === 'create' ? 'created' : decision.kind === 'change' ? 'changed' : 'restored'] += 1;
  if (isNewcomer(next, decision)) leg.newcomers.push(recognisable(next));
  if (!NEVER_A_PARENT.has(next.entity)) {
    const overhead = await isOverhead(leg, incoming, next);
    leg.targets.set(incoming.id, { ...mirroredState(next.entity, next.id, next.fields), ...(overhead ? { overhead } : {}) });
  }
  await waitForNothingElse(leg, incoming, content.waitsFor);
  return undefined;
}

/** A person or job that is new here, or by now told from others by something else. */
function isNewcomer(next: MirrorRecord, { kind, stored }: Writing): boolean {
  if (next.entity !== 'worker' && next.entity !== 'job') return false;
  const traits = (record: MirrorRecord): string => JSON.stringify(recognisable(record).traits);
  return kind !== 'change' || traits(stored!.record) !== traits(next);
}

async function remove(leg: Leg, decision: Extract<Decision, { kind: 'remove' }>): Promise<StoredRecord | null | undefined> {
  const { incoming, stored } = decision;
  if (stored === null || stored.record.tombstone !== null) {
    const rows = await leg.waiting.of(incoming.record);
    if (rows.length > 0) await leg.ports.store.removeMarker(incoming.record.space, incoming.record.sourceId);
    await waitForNothingElse(leg, incoming, []);
    return undefined;
  }
  const { runId } = leg.openRun;
  const at = leg.ports.now();
  const result = await leg.ports.store.tombstone(leg.fence, stored, {
    ...stored.record,
    tombstone: { at, runId, reason: incoming.record.tombstone ?? 'flag' },
    revision: stored.record.revision + 1,
    fence: leg.fence,
    lastChangedRunId: runId,
    lastChangedAt: at,
  });
  // A tombstone that loses to the connection's fence names no record: somebody else has taken over.
  if (result.kind === 'lost' && result.current === null) throw new Superseded();
  if (result.kind === 'lost') return result.current;
  leg.countOf(stored.record.entity).deleted += 1;
  await waitForNothingElse(leg, incoming, []);
  return undefined;
}

async function skip(leg: Leg, stream: StreamManifest, decision: Extract<Decision, { kind: 'skip' }>): Promise<void> {
  const { incoming, code, rule, parent } = decision;
  const { record } = incoming;
  if (record.skip?.kind === 'ignored') leg.countOf(record.entity).skippedByStatus += 1;
  else leg.countOf(record.entity).skippedByScope += 1;
  leg.targets.set(incoming.id, { kind: 'skipped', code });
  const waits = parent === null ? [] : [{ parent, skipped: true }];
  // As with parking: the marker goes first, so where the row stands already the marker does too.
  const known = parent !== null && (await leg.waiting.of(record)).some((row) => row.parent.id === parent.id && row.parentSkipped);
  if (!known)
    await leg.ports.store.putMarker(leg.fence, markerOf(leg, incoming, record.skip?.kind ?? 'out_of_scope', code, rule, parent));
  await waitFor(leg, stream, incoming, waits, false);
  await waitForNothingElse(leg, incoming, waits);
}

/** Marker first, row last: where the row stands already nothing is written again, however often the record is seen (M-94). */
async function park(leg: Leg, stream: StreamManifest, decision: Extract<Decision, { kind: 'park' }>): Promise<void> {
  const { incoming, parent } = decision;
  const { record } = incoming;
  const reason = leg.streamSupplying(parent.space) === null ? 'unlinked_reference' : 'parent_missing';
  const exception = { reason, field: parent.space, value: parent.sourceId, since: leg.ports.now() };
  if (leg.except({ entity: record.entity, sourceId: record.sourceId, ...exception })) leg.countOf(record.entity).parked += 1;
  const waits = [{ parent, skipped: false }];
  const known = (await leg.waiting.of(record)).some((row) => row.parent.id === parent.id && row.parked);
  if (!known) await leg.ports.store.putMarker(leg.fence, markerOf(leg, incoming, 'parked', reason, parent.space, parent));
  await waitFor(leg, stream, incoming, waits, true);
  await waitForNothingElse(leg, incoming, waits);
}

async function waitFor(
  leg: Leg,
  stream: StreamManifest,
  { record, companion }: Incoming,
  waits: readonly WaitsFor[],
  parked: boolean,
): Promise<void> {
  // What comes along with a row cannot be asked for by an id of its own: it comes again when its row does.
  if (companion) return;
  for (const { parent, skipped } of waits) {
    await leg.waiting.put({
      parent: { space: parent.space, sourceId: parent.sourceId, id: parent.id },
      space: record.space,
      stream: stream.stream,
      sourceId: record.sourceId,
      since: leg.ports.now(),
      parked,
      parentSkipped: skipped,
    });
  }
}

/** A reference that was corrected, or a parent that has arrived, is waited for no more. */
async function waitForNothingElse(leg: Leg, { record }: Incoming, waits: readonly WaitsFor[]): Promise<void> {
  const still = new Set(waits.map(({ parent }) => parent.id));
  for (const row of await leg.waiting.of(record)) if (!still.has(row.parent.id)) await leg.waiting.remove(row);
}

/** What a mirrored record is to those that point to it. */
export function mirroredState(
  entity: EntityName,
  id: string,
  fields: MirrorRecord['fields'],
): Extract<TargetState, { kind: 'mirrored' }> {
  const jobId = entity === 'job' ? id : entity === 'milestone' ? (fields as EntityFields['milestone']).jobId : null;
  return { kind: 'mirrored', id, jobId };
}

/** Whether time on the record is shop time (M-57): on a job of an overhead division and on its tickets. */
async function isOverhead(leg: Leg, { record }: Incoming, next: MirrorRecord): Promise<boolean> {
  if (next.entity === 'job') return leg.ports.store.isOverhead((next.fields as EntityFields['job']).divisionId);
  if (next.entity !== 'milestone') return false;
  const job = leg.targets.get(mirrorId(leg.connection.id, 'job', (record.fields as EntityFields['milestone']).jobId));
  return job?.kind === 'mirrored' && job.overhead === true;
}

function markerOf(
  leg: Leg,
  { record }: Incoming,
  kind: 'ignored' | 'out_of_scope' | 'parked',
  code: string,
  rule: string,
  parent: TargetRef | null,
) {
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
  const { incoming, content } = decision;
  const { record } = incoming;
  // A new generation has nothing of the one before it (M-95).
  const before = decision.kind === 'create' ? undefined : decision.stored?.record;
  return {
    id: idAfter(leg, decision),
    // A frozen record stays what it is, though its row may have become something else.
    entity: content.outOfScope === null ? record.entity : before!.entity,
    space: record.space,
    connectionId: leg.connection.id,
    sourceId: record.sourceId,
    generation: decision.generation,
    fields: content.fields,
    sourceUpdatedAt: record.sourceUpdatedAt,
    sourceCreatedAt: record.sourceCreatedAt,
    sourceStatus: record.sourceStatus,
    contentHash: content.contentHash,
    mappingVersion: leg.ports.connector.mappingVersion,
    revision: (before?.revision ?? 0) + 1,
    fence: leg.fence,
    firstSeenRunId: before?.firstSeenRunId ?? leg.openRun.runId,
    lastChangedRunId: leg.openRun.runId,
    lastChangedAt: leg.ports.now(),
    tombstone: null,
    aliasOf: before?.aliasOf ?? null,
    sourceIgnored: content.sourceIgnored,
    outOfScope: content.outOfScope,
    pendingDeletion: false,
    pendingRefs: content.pendingRefs,
    own: before?.own ?? NO_FACTS,
    bonus: before?.bonus ?? NO_BONUS,
  };
}
