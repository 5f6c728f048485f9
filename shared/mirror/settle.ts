import { msOf } from '#kernel/instant.ts';
import type { IdentitySpace } from '#model/entities.ts';
import type { TargetRef, Waiting } from '#model/sync-items.ts';
import { BEFORE_IMPORT } from './decide.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';
import { SourceError } from './source-error.ts';
import { clampStamps } from './windows.ts';

/** By-id reads a run may spend on records that wait (M-101). */
const PROBE_LIMIT = 200;
/** What nobody has seen is asked for in every run of its first hour, then once an hour. */
const HOUR_MS = 3_600_000;
/** Parents bring children that may themselves be waited for: an old ticket asks for its old job, that brings the ticket, that its hours. */
const ROUNDS = 5;
/** Children that may have a parent fetched although it was finished before the first import's window (M-78). */
const FETCHES_OLD: ReadonlySet<IdentitySpace> = new Set<IdentitySpace>(['time', 'shift', 'milestone']);

/**
 * Children that wait for a parent (M-26, M-101): when the parent has arrived they are read again by id and find their place; a parent
 * that nobody has seen is asked for, and a parked child is read again, since its reference may have been corrected or it may be gone.
 */
export async function settleWaiting(leg: Leg): Promise<void> {
  let budget = PROBE_LIMIT;
  const asked = new Set<string>();
  /** What may still be asked for, each thing once. */
  const within = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
    const fresh = items.filter((item) => !asked.has(keyOf(item))).slice(0, Math.max(0, budget));
    for (const item of fresh) asked.add(keyOf(item));
    budget -= fresh.length;
    return fresh;
  };
  for (let round = 0; round < ROUNDS && budget > 0; round++) {
    const waiting = await leg.waiting.all();
    if (waiting.length === 0) return;
    await lookUpParents(leg, waiting);
    const ready = within(
      waiting.filter((one) => isReady(leg, one)),
      (one) => `ready\n${rowKey(one)}`,
    );
    const due = waiting.filter((one) => !isReady(leg, one) && isDue(leg, one));
    const parents = within(parentsToAskFor(leg, due), (one) => `parent\n${one.id}`);
    const parked = within(
      due.filter((one) => one.parked && leg.streamSupplying(one.parent.space) !== null),
      (one) => `parked\n${rowKey(one)}`,
    );
    if (ready.length + parents.length + parked.length === 0) return;
    await readAgain(leg, ready);
    await askFor(leg, parents);
    // A parent that has just arrived makes its children ready: the next round reads them.
    await readAgain(
      leg,
      parked.filter((one) => !isReady(leg, one)),
    );
  }
}

/**
 * A skipped parent becomes a mirrored one only by a run of this connection, which then knows it; so it is looked up only where a run may
 * have been cut between the two: when it resumes, and once a day.
 */
async function lookUpParents(leg: Leg, waiting: readonly Waiting[]): Promise<void> {
  const thorough = leg.openRun.mode === 'full' || leg.state.openRun !== null;
  const open = waiting.filter((one) => !isReady(leg, one) && (thorough || !one.parentSkipped));
  const states = await leg.ports.store.lookUp([...new Map(open.map((one) => [one.parent.id, one.parent])).values()]);
  for (const [id, state] of states) leg.targets.set(id, state);
}

function isReady(leg: Leg, one: Waiting): boolean {
  return leg.targets.get(one.parent.id)?.kind === 'mirrored';
}

function isDue(leg: Leg, one: Waiting): boolean {
  const now = msOf(leg.ports.now());
  return (
    now - msOf(one.since) < HOUR_MS ||
    leg.openRun.mode === 'full' ||
    now % HOUR_MS < leg.connection.settings.cycleMinutes * 60_000
  );
}

/** Parents nobody has seen, and those that are only too old to have been read: imported time brings its job and ticket in (M-78). */
function parentsToAskFor(leg: Leg, waiting: readonly Waiting[]): TargetRef[] {
  const wanted = waiting.filter((one) => {
    // What another connection supplies is not read here: only a link leads there (M-43).
    if (leg.streamSupplying(one.parent.space) === null) return false;
    const state = leg.targets.get(one.parent.id);
    // A parent that is known to be skipped, and that this run has not met, is what it was.
    if (state === undefined && one.parentSkipped) return false;
    return state?.kind === 'skipped' ? state.code === BEFORE_IMPORT && FETCHES_OLD.has(one.space) : true;
  });
  return [...new Map(wanted.map((one) => [one.parent.id, one.parent])).values()];
}

/** Reads children again. What the source does not know any more, and what waits for nothing any more, leaves the list. */
async function readAgain(leg: Leg, children: readonly Waiting[]): Promise<void> {
  for (const [stream, rows] of groupBy(children, (one) => one.stream)) {
    const returned = await readById(leg, stream, [...new Set(rows.map((one) => one.sourceId))].sort());
    if (returned === null) continue;
    for (const row of rows) {
      const gone = !returned.has(row.sourceId);
      if (!gone && !isReady(leg, row)) continue;
      leg.guard();
      if (gone) await leg.ports.store.removeMarker(row.space, row.sourceId);
      await leg.waiting.remove(row);
    }
  }
}

async function askFor(leg: Leg, parents: readonly TargetRef[]): Promise<void> {
  for (const list of groupBy(parents, (one) => one.space).values()) {
    const stream = leg.streamSupplying(list[0]!.space);
    if (stream)
      await readById(
        leg,
        stream.stream,
        list.map((one) => one.sourceId),
      );
  }
}

/** Source ids of the rows that came; null when the list cannot be read now, which stops neither the others nor the run. */
async function readById(leg: Leg, stream: string, ids: readonly string[]): Promise<ReadonlySet<string | null> | null> {
  leg.mayReadOn();
  try {
    const page = await leg.session.fetch({ stream, ids });
    leg.beginStream(stream);
    await applyPage(leg, leg.streamOf(stream), clampStamps(page.rows, leg.openRun.sourceStartedAt), true);
    return new Set(page.rows.map((row) => (row.kind === 'record' ? row.record.sourceId : row.rejected.sourceId)));
  } catch (error) {
    if (!(error instanceof SourceError) || error.meaning.scope === 'run') throw error;
    return null;
  }
}

const rowKey = (row: Waiting): string => `${row.parent.id}\n${row.space}\n${row.sourceId}`;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
