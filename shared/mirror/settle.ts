import { msOf } from '#kernel/instant.ts';
import type { Waiting } from '#model/sync-items.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';
import { SourceError } from './source-error.ts';

/** By-id reads a run may spend on records that wait (M-101). */
const PROBE_LIMIT = 200;
/** A parent that nobody has seen is asked for in every run of its first hour, then once an hour. */
const HOUR_MS = 3_600_000;
/** Parents bring children that may themselves be waited for: a job its tickets, a ticket its hours. */
const ROUNDS = 3;

/**
 * Children that wait for a parent (M-26, M-101): when the parent has arrived they are read again by id and find their place; a parent
 * that nobody has seen is asked for. A child is never dropped: it leaves the list only when what it waited for is mirrored.
 */
export async function settleWaiting(leg: Leg): Promise<void> {
  let budget = PROBE_LIMIT;
  for (let round = 0; round < ROUNDS && budget > 0; round++) {
    const waiting = await leg.ports.store.readWaiting();
    if (waiting.length === 0) return;
    const ready = await readyOnes(leg, waiting);
    const asked =
      round === 0
        ? await askForParents(
            leg,
            waiting.filter((one) => !ready.includes(one)),
            budget,
          )
        : 0;
    budget -= asked;
    const settled = await readAgain(leg, ready.slice(0, budget));
    budget -= settled;
    if (asked === 0 && settled === 0) return;
  }
}

async function readyOnes(leg: Leg, waiting: readonly Waiting[]): Promise<Waiting[]> {
  const unknown = waiting.filter((one) => !leg.arrived.has(one.parent.id) && leg.targets.get(one.parent.id)?.kind !== 'mirrored');
  const states = await leg.ports.store.lookUp([...new Map(unknown.map((one) => [one.parent.id, one.parent])).values()]);
  for (const [id, state] of states) leg.targets.set(id, state);
  return waiting.filter((one) => leg.arrived.has(one.parent.id) || leg.targets.get(one.parent.id)?.kind === 'mirrored');
}

/** Reads ready children again and forgets that they waited. */
async function readAgain(leg: Leg, ready: readonly Waiting[]): Promise<number> {
  for (const [stream, list] of groupBy(ready, (one) => one.stream)) {
    leg.mayReadOn();
    const ids = [...new Set(list.map((one) => one.sourceId))].sort();
    const page = await leg.session.fetch({ stream, ids });
    leg.beginStream(stream);
    await applyPage(leg, leg.streamOf(stream), page.rows, true);
    for (const one of list) {
      leg.guard();
      await leg.ports.store.removeWaiting(one);
    }
  }
  return ready.length;
}

async function askForParents(leg: Leg, waiting: readonly Waiting[], budget: number): Promise<number> {
  const now = msOf(leg.ports.now());
  const due = waiting.filter((one) => {
    if (one.parentSkipped || leg.targets.get(one.parent.id)?.kind === 'skipped') return false;
    return (
      now - msOf(one.since) < HOUR_MS ||
      leg.openRun.mode === 'full' ||
      now % HOUR_MS < leg.connection.settings.cycleMinutes * 60_000
    );
  });
  const parents = [...new Map(due.map((one) => [one.parent.id, one.parent])).values()].slice(0, budget);
  for (const [space, list] of groupBy(parents, (one) => one.space)) {
    const stream = leg.manifest.streams.find((one) => one.space === space);
    if (!stream) continue;
    leg.mayReadOn();
    try {
      const page = await leg.session.fetch({ stream: stream.stream, ids: list.map((one) => one.sourceId) });
      leg.beginStream(stream.stream);
      await applyPage(leg, stream, page.rows, true);
    } catch (error) {
      // One list that cannot be read now does not stop the others; its children go on waiting.
      if (!(error instanceof SourceError) || error.meaning.scope === 'run') throw error;
    }
  }
  return parents.length;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
