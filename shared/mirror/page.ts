import { hashCanonical, hashText } from '#kernel/hash.ts';
import { isoWeek } from '#kernel/instant.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import { type Fingerprint, type FingerprintRow, fingerprintOf, type PlannedRows, segmentName } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow, Rejection } from '#model/mapped-record.ts';
import type { StoredRecord, TargetRef, TargetState } from '#model/sync-items.ts';
import { applyDecision, type Decision, decide } from './decide.ts';
import type { FingerprintView } from './fingerprints.ts';
import { type Leg, Superseded } from './leg.ts';
import { type Resolution, resolve, targetsOf } from './resolve.ts';

/** A record as read, with the identity and the fingerprint it would have. */
export interface Incoming {
  readonly record: MappedRecord;
  readonly id: string;
  readonly contentHash: string;
  readonly fingerprint: Fingerprint;
  /** ISO week of a dated stream, else `all`. */
  readonly segment: string;
  /** True for what comes along with another row, such as a ticket's budget: it leaves no marker of its own. */
  readonly companion: boolean;
}

interface Rejected {
  readonly rejection: Rejection;
  readonly id: string | null;
  readonly fingerprint: Fingerprint;
}

export interface PageResult {
  readonly rows: number;
  readonly rejected: number;
  /** Ids the page showed, for the sweep. */
  readonly ids: readonly string[];
  readonly highWater: string | null;
}

/** Writes of one page that are under way at the same time. */
const PARALLEL_WRITES = 16;

/**
 * One page from mapped rows to the mirror (M-89, M-92 to M-96): what is known by its fingerprint costs nothing; the rest is resolved,
 * compared with what is stored, named in a plan page, and only then written. `force` looks at every row, whatever its fingerprint: for
 * children whose parent has just arrived.
 */
export async function applyPage(
  leg: Leg,
  stream: StreamManifest,
  rows: readonly MappedRow[],
  force = false,
): Promise<PageResult> {
  const { incoming, rejected } = collect(leg, stream, rows);
  const view = await leg.view(stream.stream);
  const candidates = force ? incoming : incoming.filter((one) => view.get(one.id) !== one.fingerprint);
  countKnown(leg, incoming, new Set(candidates));
  const freshRejections = rejected.filter((one) => one.id === null || view.get(one.id) !== one.fingerprint);
  for (const one of rejected) noteRejection(leg, stream, one.rejection);

  if (candidates.length > 0 || freshRejections.length > 0) {
    await lookUpTargets(leg, candidates);
    const decisions = await decideAll(leg, candidates, view);
    const planned = plan(stream, decisions, freshRejections, view);
    await writePlan(leg, planned);
    await inParallel(decisions, (decision) => applyDecision(leg, stream, decision));
    await inParallel(freshRejections, (one) => quarantine(leg, stream, one.rejection));
    await clearQuarantine(leg, stream, decisions);
    for (const part of planned) view.apply(part.segment, part.rows, false);
  }
  return {
    rows: rows.length,
    rejected: rejected.length,
    ids: [...incoming.map((one) => one.id), ...rejected.flatMap((one) => (one.id === null ? [] : [one.id]))],
    highWater: largest(incoming.map((one) => one.record.sourceUpdatedAt)),
  };
}

/** Duplicates within a page are one record, the last one wins; `also` records travel with their row. */
function collect(leg: Leg, stream: StreamManifest, rows: readonly MappedRow[]): { incoming: Incoming[]; rejected: Rejected[] } {
  const incoming = new Map<string, Incoming>();
  const rejected: Rejected[] = [];
  for (const row of rows) {
    if (row.kind === 'rejected') {
      const { rejected: rejection } = row;
      const id = rejection.sourceId === null ? null : mirrorId(leg.connection.id, stream.space, rejection.sourceId);
      rejected.push({
        rejection,
        id,
        fingerprint: fingerprintOf(hashText(`rejected\n${rejection.reason}\n${rejection.field}\n${rejection.value}`)),
      });
      continue;
    }
    const main = toIncoming(leg.connection.id, stream, row.record, null);
    incoming.set(main.id, main);
    for (const record of row.also) {
      const one = toIncoming(leg.connection.id, stream, record, row.record);
      incoming.set(one.id, one);
    }
  }
  return { incoming: [...incoming.values()], rejected };
}

function toIncoming(connectionId: string, stream: StreamManifest, record: MappedRecord, main: MappedRecord | null): Incoming {
  const contentHash = hashCanonical(record.fields);
  // What comes along with a skipped row is looked at again when that row is skipped no more.
  const reason = record.skip?.code ?? record.tombstone ?? main?.skip?.code;
  const dated = stream.deletes.kind === 'window_sweep' && 'workDate' in record.fields;
  return {
    record,
    id: mirrorId(connectionId, record.space, record.sourceId),
    contentHash,
    fingerprint: fingerprintOf(reason === undefined ? contentHash : hashText(`${reason}\n${contentHash}`)),
    segment: dated ? isoWeek((record.fields as { workDate: string }).workDate) : 'all',
    companion: main !== null,
  };
}

function countKnown(leg: Leg, incoming: readonly Incoming[], candidates: ReadonlySet<Incoming>): void {
  for (const one of incoming) {
    if (candidates.has(one)) continue;
    const counts = leg.countOf(one.record.entity);
    if (one.record.skip?.kind === 'ignored') counts.skippedByStatus += 1;
    else if (one.record.skip) counts.skippedByScope += 1;
    else counts.unchanged += 1;
  }
}

/** States of all targets the candidates point to: what this run has seen, else one read per target. */
async function lookUpTargets(leg: Leg, candidates: readonly Incoming[]): Promise<void> {
  const wanted = new Map<string, TargetRef>();
  for (const one of candidates) {
    for (const target of targetsOf(one.record, leg.connection.id)) if (!leg.targets.has(target.id)) wanted.set(target.id, target);
  }
  if (wanted.size === 0) return;
  for (const [id, state] of await leg.ports.store.lookUp([...wanted.values()])) leg.targets.set(id, state);
}

async function decideAll(leg: Leg, candidates: readonly Incoming[], view: FingerprintView): Promise<Decision[]> {
  // A page may hold a parent and its child (a job and the change order under it): parents of the same page count as there.
  const samePage = new Map(candidates.map((one) => [one.id, one.record.skip]));
  const lookup = {
    stateOf: (target: TargetRef): TargetState => {
      const state = leg.targets.get(target.id);
      if ((state && state.kind !== 'unknown') || !samePage.has(target.id)) return state ?? { kind: 'unknown' };
      const skip = samePage.get(target.id);
      return skip ? { kind: 'skipped', code: skip.code } : { kind: 'mirrored', jobId: null };
    },
  };
  const resolutions = candidates.map((one): Resolution => resolve(one.record, leg.connection.id, lookup));
  const stored = await readStored(leg, candidates, resolutions, view);
  return candidates.map((one, index) => decide(leg, one, resolutions[index]!, stored[index]!));
}

/** What is stored of records the mirror may hold: at the expected place, else wherever the index says. */
async function readStored(
  leg: Leg,
  candidates: readonly Incoming[],
  resolutions: readonly Resolution[],
  view: FingerprintView,
): Promise<(StoredRecord | null)[]> {
  const known = candidates
    .map((one, index) => ({ one, index }))
    .filter(({ one }) => view.get(one.id) !== null || one.record.skip !== undefined);
  const placed = known.filter(({ index }) => resolutions[index]!.kind === 'stored');
  const found = await leg.ports.store.readRecords(
    placed.map(({ one, index }) => {
      const resolution = resolutions[index] as Extract<Resolution, { kind: 'stored' }>;
      return { entity: one.record.entity, id: one.id, fields: resolution.fields, jobId: resolution.jobId };
    }),
  );
  const stored: (StoredRecord | null)[] = candidates.map(() => null);
  const missing: { one: Incoming; index: number }[] = known.filter(({ index }) => resolutions[index]!.kind !== 'stored');
  for (const [at, { one, index }] of placed.entries()) {
    if (found[at]) stored[index] = found[at]!;
    else missing.push({ one, index });
  }
  await inParallel(
    missing.filter(({ one }) => MOVABLE.has(one.record.entity)),
    async ({ one, index }) => {
      stored[index] = await leg.ports.store.findRecord(KINDS_OF[one.record.space] ?? [one.record.entity], one.id);
    },
  );
  return stored;
}

/** Entities whose key depends on more than their id, so that a change can move them. */
const MOVABLE: ReadonlySet<EntityName> = new Set([
  'wage_record',
  'milestone',
  'budget_info',
  'material_allocation',
  'time_entry',
  'drive_time',
]);
/** A row of a time list may turn from work into drive time without changing its id. */
const KINDS_OF: { readonly [S in IdentitySpace]?: readonly EntityName[] } = { time: ['time_entry', 'drive_time'] };

function plan(
  stream: StreamManifest,
  decisions: readonly Decision[],
  rejected: readonly Rejected[],
  view: FingerprintView,
): PlannedRows[] {
  const bySegment = new Map<string, FingerprintRow[]>();
  const add = (segment: string, row: FingerprintRow) => {
    const rows = bySegment.get(segment);
    if (rows) rows.push(row);
    else bySegment.set(segment, [row]);
  };
  for (const decision of decisions) {
    // A parked or stale record keeps no fingerprint of what was read, so that it is looked at again when it is seen again.
    if (decision.kind === 'park' || decision.kind === 'stale' || (decision.kind === 'drop' && decision.waits)) continue;
    const { incoming } = decision;
    const skipped = decision.kind === 'skip' || decision.kind === 'drop';
    const segment = segmentName(incoming.segment, skipped ? 'skipped' : incoming.companion ? 'companion' : 'main');
    const before = view.segmentOf(incoming.id);
    if (before === segment && view.get(incoming.id) === incoming.fingerprint) continue;
    if (before !== null && before !== segment) add(before, { id: incoming.id, fingerprint: null });
    add(segment, { id: incoming.id, fingerprint: decision.kind === 'remove' ? null : incoming.fingerprint });
  }
  for (const one of rejected)
    if (one.id !== null) add(view.segmentOf(one.id) ?? 'all', { id: one.id, fingerprint: one.fingerprint });
  return [...bySegment].map(([segment, rows]) => ({ stream: stream.stream, segment, rows }));
}

/** Names what will be written before it is written, together with the place to go on from (data model, section 5). */
export async function writePlan(leg: Leg, planned: readonly PlannedRows[]): Promise<void> {
  if (planned.length === 0) return;
  leg.guard();
  const page = { runId: leg.openRun.runId, n: leg.nextPlanPage, planned, openRun: leg.snapshot(), unfinished: false };
  if (!(await leg.ports.store.writePlan(leg.fence, page))) throw new Superseded();
  (await leg.plans()).push(page);
  leg.nextPlanPage += 1;
  leg.planPagesWritten += 1;
}

function noteRejection(leg: Leg, stream: StreamManifest, rejection: Rejection): void {
  const { sourceId, reason, field, value } = rejection;
  const fresh = leg.except({ entity: stream.entity, sourceId, reason, field, value, since: leg.ports.now() });
  if (fresh) leg.countOf(stream.entity).quarantined += 1;
}

async function quarantine(leg: Leg, stream: StreamManifest, rejection: Rejection): Promise<void> {
  leg.guard();
  await leg.ports.store.putQuarantine({
    space: stream.space,
    entity: stream.entity,
    sourceId: rejection.sourceId,
    reason: rejection.reason,
    field: rejection.field,
    value: rejection.value,
    firstRunId: leg.openRun.runId,
    lastRunId: leg.openRun.runId,
    firstAt: leg.ports.now(),
    attempts: 1,
  });
}

/** A record that maps again leaves the quarantine (M-99); only looked for when the connection has anything there. */
async function clearQuarantine(leg: Leg, stream: StreamManifest, decisions: readonly Decision[]): Promise<void> {
  if (leg.state.quarantined === 0) return;
  await inParallel(decisions, (decision) => leg.ports.store.removeQuarantine(stream.space, decision.incoming.record.sourceId));
}

/** Runs `work` over all items, a bounded number at a time; the first failure stops what has not begun. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const item = items[next++]!;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_WRITES, items.length) }, lane));
}

function largest(stamps: readonly (string | null)[]): string | null {
  return stamps.reduce<string | null>((best, one) => (one !== null && (best === null || one > best) ? one : best), null);
}
