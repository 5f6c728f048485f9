import type { EntityName } from '#model/entities.ts';
import type { StreamManifest } from '#model/manifest.ts';
import { decideDeletions } from './deletions.ts';
import type { FingerprintView } from './fingerprints.ts';
import { type Leg, Superseded } from './leg.ts';
import { inParallel, writePlan } from './page.ts';
import type { ReadPlan } from './windows.ts';

/**
 * What a listing that was read to its end, without error, says about records it did not show (M-102 to M-104). Nothing outside its
 * window is touched; what is proven and within the bound is tombstoned; what is not stays live and is remembered or held.
 */
export async function sweep(
  leg: Leg,
  stream: StreamManifest,
  plan: ReadPlan,
  seen: ReadonlySet<string>,
  rowsListed: number,
): Promise<void> {
  if (stream.deletes.kind === 'inactive_flag') return;
  const view = await leg.view(stream.stream);
  const liveIds = view.ids(plan.segments);
  const missingIds = liveIds.filter((id) => !seen.has(id));
  const known = leg.state.streams[stream.stream];
  if (missingIds.length === 0 && !known?.sweepOpen) return;

  const earlier = await leg.ports.store.readMissed(stream.stream);
  const decision = decideDeletions({
    liveIds,
    missingIds,
    rowsListed,
    earlier: earlier.missed,
    applied: leg.deletions[stream.entity] ?? [],
    now: leg.ports.now(),
    runId: leg.openRun.runId,
    cycleMinutes: leg.connection.settings.cycleMinutes,
  });
  if (decision.hold) await hold(leg, stream, decision.hold);
  if (decision.due.length > 0) await tombstoneAll(leg, stream, decision.due, liveIds.length);
  await leg.ports.store.writeSweep(leg.fence, stream.stream, { missed: decision.missed, seen: null });
  leg.sweepsOpen.set(stream.stream, decision.missed.length > 0 || decision.hold !== null);
}

/** One hold per entity: a later run's hold takes the place of an undecided one, so a person never decides on an old list. */
async function hold(
  leg: Leg,
  stream: StreamManifest,
  found: { readonly ids: readonly string[]; readonly share: number; readonly cause: 'empty_listing' | 'bound_exceeded' },
): Promise<void> {
  leg.guard();
  leg.countOf(stream.entity).held += found.ids.length;
  const now = leg.ports.now();
  const open = (await leg.ports.store.readHolds()).filter((one) => one.stream === stream.stream && one.decision === null);
  for (const old of open) await leg.ports.store.closeHold(leg.fence, old);
  await leg.ports.store.putHold(leg.fence, {
    runId: leg.openRun.runId,
    entity: stream.entity,
    stream: stream.stream,
    ids: found.ids,
    count: found.ids.length,
    share: found.share,
    cause: found.cause,
    openedAt: open[0]?.openedAt ?? now,
    decision: null,
    decidedBy: null,
  });
}

/** Holds that a person has decided are carried out by the next run: the API never writes mirror records. */
export async function carryOutHolds(leg: Leg): Promise<void> {
  for (const one of await leg.ports.store.readHolds()) {
    if (one.decision === null) continue;
    const stream = leg.streamOf(one.stream);
    leg.beginStream(one.stream);
    const view = await leg.view(one.stream);
    // What was seen again since then has left the hold by itself.
    const ids = one.ids.filter((id) => view.get(id) !== null && !leg.seenIn(one.stream, id));
    if (one.decision === 'confirmed' && ids.length > 0) await tombstoneAll(leg, stream, ids, view.size, 'confirmed');
    await leg.ports.store.closeHold(leg.fence, one);
  }
}

/** Holds whose records were listed again in this run end by themselves (M-104). */
export async function releaseHolds(leg: Leg): Promise<number> {
  let open = 0;
  for (const one of await leg.ports.store.readHolds()) {
    if (one.decision !== null) continue;
    const left = one.ids.filter((id) => !leg.seenIn(one.stream, id));
    if (left.length === one.ids.length) open += 1;
    else {
      await leg.ports.store.closeHold(leg.fence, one);
      if (left.length > 0) {
        await leg.ports.store.putHold(leg.fence, { ...one, ids: left, count: left.length });
        open += 1;
      }
    }
  }
  return open;
}

async function tombstoneAll(
  leg: Leg,
  stream: StreamManifest,
  ids: readonly string[],
  liveBefore: number,
  reason: 'absent' | 'confirmed' = 'absent',
): Promise<void> {
  const view: FingerprintView = await leg.view(stream.stream);
  const now = leg.ports.now();
  const bySegment = new Map<string, { id: string; fingerprint: null }[]>();
  for (const id of ids) {
    const segment = view.segmentOf(id);
    if (segment === null) continue;
    const rows = bySegment.get(segment) ?? [];
    rows.push({ id, fingerprint: null });
    bySegment.set(segment, rows);
  }
  const planned = [...bySegment].map(([segment, rows]) => ({ stream: stream.stream, segment, rows }));
  await writePlan(leg, planned);
  const entities: readonly EntityName[] = [stream.entity, ...(stream.also ?? [])];
  let applied = 0;
  await inParallel(ids, async (id) => {
    leg.guard();
    const stored = await leg.ports.store.findRecord(entities, id);
    if (stored === null || stored.record.tombstone !== null) return;
    const gone = {
      ...stored.record,
      tombstone: { at: now, runId: leg.openRun.runId, reason },
      revision: stored.record.revision + 1,
      fence: leg.fence,
      lastChangedRunId: leg.openRun.runId,
      lastChangedAt: now,
    };
    const result = await leg.ports.store.tombstone(leg.fence, stored, gone);
    if (result.kind === 'lost' && result.current !== null && result.current.record.fence > leg.fence) throw new Superseded();
    if (result.kind === 'written') {
      applied += 1;
      leg.countOf(stored.record.entity).deleted += 1;
    }
  });
  for (const part of planned) view.apply(part.segment, part.rows, false);
  if (applied === 0) return;
  leg.deletions = {
    ...leg.deletions,
    [stream.entity]: [...(leg.deletions[stream.entity] ?? []), { at: now, count: applied, liveBefore }],
  };
}
