import { hashCanonical, hashText } from '#kernel/hash.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { isoWeek } from '#kernel/instant.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import { type Fingerprint, type FingerprintRow, fingerprintOf, type PlannedRows, segmentName } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow, Rejection } from '#model/mapped-record.ts';
import { applyDecision } from './apply-decision.ts';
import type { Decision } from './decide.ts';
import { decidePage } from './decide-page.ts';
import type { FingerprintView } from './fingerprints.ts';
import type { Incoming } from './incoming.ts';
import { type Leg, Superseded } from './leg.ts';

interface Rejected {
  readonly rejection: Rejection;
  readonly place: { readonly entity: EntityName; readonly space: IdentitySpace };
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

/**
 * Rows that are worked off together. A row may name four fingerprints of 18 bytes (itself and what comes along, each leaving an old
 * segment as well), so that a plan page stays far below the 400 KB of an item however much a source answers at once.
 */
const ROWS_AT_ONCE = 3_000;

/** The rows of one answer of the source, in parts that each fit a plan page. */
export async function applyPage(
  leg: Leg,
  stream: StreamManifest,
  rows: readonly MappedRow[],
  force = false,
): Promise<PageResult> {
  const results: PageResult[] = [];
  for (let at = 0; at === 0 || at < rows.length; at += ROWS_AT_ONCE)
    results.push(await applyRows(leg, stream, rows.slice(at, at + ROWS_AT_ONCE), force));
  return {
    rows: rows.length,
    rejected: results.reduce((sum, one) => sum + one.rejected, 0),
    ids: results.flatMap((one) => one.ids),
    highWater: largest(results.map((one) => one.highWater)),
  };
}

/**
 * One page from mapped rows to the mirror (M-89, M-92 to M-96): what is known by its fingerprint costs nothing; the rest is resolved,
 * compared with what is stored, named in a plan page, and only then written. `force` looks at every row, whatever its fingerprint: for
 * children whose parent has just arrived.
 */
async function applyRows(leg: Leg, stream: StreamManifest, rows: readonly MappedRow[], force: boolean): Promise<PageResult> {
  const view = await leg.view(stream.stream);
  const { incoming, rejected, foreign } = collect(leg, stream, rows, view);
  const candidates = force ? incoming : incoming.filter((one) => view.get(one.id) !== one.fingerprint);
  countKnown(leg, incoming, new Set(candidates));
  const freshRejections = rejected.filter((one) => one.id === null || view.get(one.id) !== one.fingerprint);
  for (const one of rejected) noteRejection(leg, one);

  if (candidates.length > 0 || freshRejections.length > 0) {
    const decisions = (await decidePage(leg, candidates)).filter((decision) => !awaitsGuard(leg, stream, decision));
    const planned = plan(stream, decisions, freshRejections, view);
    await writePlan(leg, planned);
    // What comes along goes first: a ticket that moves takes along what is still at its old place (data model, section 5).
    const apply = (decision: Decision) => applyDecision(leg, stream, decision);
    await inParallel(
      decisions.filter(({ incoming: one }) => one.companion),
      apply,
    );
    await inParallel(
      decisions.filter(({ incoming: one }) => !one.companion),
      apply,
    );
    await inParallel(freshRejections, (one) => quarantine(leg, one));
    await clearQuarantine(leg, stream, decisions);
    for (const part of planned) view.apply(part.segment, part.rows, false);
  }
  return {
    rows: rows.length,
    rejected: rows.filter((row) => row.kind === 'rejected').length,
    ids: [
      ...incoming.flatMap((one) => (one.record.tombstone === undefined ? [one.id] : [])),
      ...foreign,
      ...rejected.flatMap((one) => (one.id === null ? [] : [one.id])),
    ],
    highWater: largest(incoming.map((one) => one.record.sourceUpdatedAt)),
  };
}

/**
 * Duplicates within a page are one record, the last one wins; `also` records travel with their row. What the connection does not supply, or
 * supplies no more, is only seen, never stored: `foreign` (M-43, M-51, M-105).
 */
function collect(
  leg: Leg,
  stream: StreamManifest,
  rows: readonly MappedRow[],
  view: FingerprintView,
): { incoming: Incoming[]; rejected: Rejected[]; foreign: string[] } {
  const isFirst = leg.openRun.trigger === 'initial' || leg.openRun.trigger === 'upload';
  const firstReading = isFirst && !leg.state.streams[stream.stream]?.lastReadAt;
  const isFresh = (id: string) => firstReading && view.get(id) === null;
  const incoming = new Map<string, Incoming>();
  const rejected: Rejected[] = [];
  const foreign: string[] = [];
  const { entities, budgetSyncEnabled } = leg.connection.settings;
  // Budgets that are frozen stay as they were last read (M-51).
  const supplied = new Set(budgetSyncEnabled ? entities : entities.filter((entity) => entity !== 'budget_info'));
  const take = (record: MappedRecord, comesWith: MappedRecord | null) => {
    const one = toIncoming(leg.connection.id, stream, record, comesWith, isFresh);
    if (supplied.has(record.entity)) incoming.set(one.id, one);
    else foreign.push(one.id);
  };
  for (const row of rows) {
    if (row.kind === 'rejected') {
      rejected.push(toRejected(leg.connection.id, row.rejected, stream));
      continue;
    }
    // What another connection supplies is not ours to put aside either.
    for (const one of row.refused ?? []) if (supplied.has(one.entity)) rejected.push(toRejected(leg.connection.id, one, one));
    take(row.record, null);
    for (const record of row.also) take(record, row.record);
  }
  return { incoming: [...incoming.values()], rejected, foreign };
}

/** A live record that the source says is gone waits until the stream has been read: the guard looks at all of them at once (M-103). */
function awaitsGuard(leg: Leg, stream: StreamManifest, decision: Decision): boolean {
  const { tombstone } = decision.incoming.record;
  if (decision.kind !== 'remove' || tombstone === undefined || decision.stored?.record.tombstone !== null) return false;
  leg.noteGone(stream.stream, decision.incoming.id, tombstone);
  return true;
}

function toRejected(connectionId: string, rejection: Rejection, { entity, space }: Rejected['place']): Rejected {
  const { sourceId, row, reason, field, value } = rejection;
  return {
    rejection: { sourceId, ...(row === undefined ? {} : { row }), reason, field, value },
    place: { entity, space },
    id: sourceId === null ? null : mirrorId(connectionId, space, sourceId),
    fingerprint: fingerprintOf(hashText(`rejected\n${reason}\n${field}\n${value}`)),
  };
}

/** A mapped record as the mirror compares it; `main` is the row it comes along with. */
export function toIncoming(
  connectionId: string,
  stream: StreamManifest,
  record: MappedRecord,
  main: MappedRecord | null,
  isFresh: (id: string) => boolean,
): Incoming {
  const id = mirrorId(connectionId, record.space, record.sourceId);
  const contentHash = hashCanonical(record.fields);
  // What comes along with a skipped row is looked at again when that row is skipped no more.
  const reason = record.skip?.code ?? record.tombstone ?? main?.skip?.code;
  const dated = stream.deletes.kind === 'window_sweep' && 'workDate' in record.fields;
  return {
    record,
    id,
    contentHash,
    fingerprint: fingerprintOf(reason === undefined ? contentHash : hashText(`${reason}\n${contentHash}`)),
    segment: dated ? isoWeek((record.fields as { workDate: string }).workDate) : 'all',
    companion: main !== null,
    fresh: isFresh(id),
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
    // What is written is named even so: after a crash it has to be found, to be announced.
    if (before === segment && view.get(incoming.id) === incoming.fingerprint && !('content' in decision)) continue;
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
  // The rows themselves are in the view, where whoever plans them puts them: kept twice, those of a large file fill the memory.
  (await leg.plans()).push({ ...page, planned: planned.map((part) => ({ ...part, rows: [] })) });
  leg.nextPlanPage += 1;
  leg.planPagesWritten += 1;
}

function noteRejection(leg: Leg, { rejection, place: { entity } }: Rejected): void {
  const fresh = leg.except({ ...rejection, entity, since: leg.ports.now() });
  if (fresh) leg.countOf(entity).quarantined += 1;
}

async function quarantine(leg: Leg, { rejection, place }: Rejected): Promise<void> {
  leg.guard();
  await leg.ports.store.putQuarantine({
    ...rejection,
    space: place.space,
    entity: place.entity,
    firstRunId: leg.openRun.runId,
    lastRunId: leg.openRun.runId,
    firstAt: leg.ports.now(),
    attempts: 1,
  });
}

/** A record that maps again leaves the quarantine (M-99); only looked for when the connection has anything there. */
async function clearQuarantine(leg: Leg, stream: StreamManifest, decisions: readonly Decision[]): Promise<void> {
  if (leg.state.quarantined === 0) return;
  // A row that could not be read at all was put aside under the stream's own space, and by every stream that reads the same list.
  const sharing = leg.manifest.streams.filter(({ list }) => list !== undefined && list === stream.list);
  const listed = [stream.space, ...sharing.map(({ space }) => space)];
  await inParallel(decisions, async ({ incoming: { record, companion } }) => {
    const spaces = new Set([record.space, ...(companion ? [] : listed)]);
    for (const space of spaces) await leg.ports.store.removeQuarantine(space, record.sourceId);
  });
}

function largest(stamps: readonly (string | null)[]): string | null {
  return stamps.reduce<string | null>((best, one) => (one !== null && (best === null || one > best) ? one : best), null);
}
