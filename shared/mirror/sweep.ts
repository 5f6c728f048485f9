import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityName } from '#model/entities.ts';
import type { RowKind } from '#model/fingerprint-rows.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MissedGroup } from '#model/sync-items.ts';
import { type DeletionDecision, decideDeletions, excessShare } from './deletions.ts';
import { hiddenRecords, hide } from './hidden.ts';
import { type Leg, Superseded } from './leg.ts';
import { writePlan } from './page.ts';
import { ALL_SEGMENTS, type ReadPlan } from './windows.ts';

/** Ids that one hold item lists, and one plan page takes out; a larger hold has several parts. */
const HOLD_PART = 15_000;
/**
 * Ids that a stream's sweep item holds, of twelve bytes each. Misses beyond it are not remembered, so they are first misses again at the
 * next sweep: late, and never deleted unproven.
 */
export const SWEEP_IDS = 30_000;

/**
 * What a listing that was read to its end, without error, says about records it did not show (M-102 to M-104). Nothing outside its
 * window is touched; what is proven and within the bound is tombstoned; what is not stays live and is remembered or held. The guard
 * counts mirrored records only: what comes along with them follows them, and markers of skipped records are no records. Rows that could
 * not be mapped have not shown what comes along with them, so beside them nothing of that kind is missing.
 */
export async function sweep(
  leg: Leg,
  stream: StreamManifest,
  plan: ReadPlan,
  seen: ReadonlySet<string>,
  listed: { readonly rows: number; readonly rejected: number },
): Promise<void> {
  if (stream.deletes.kind === 'inactive_flag') return;
  const view = await leg.view(stream.stream);
  const missing = (kind: RowKind) => view.ids(plan.segments, kind).filter((id) => !seen.has(id));
  await forget(leg, stream, missing('skipped'));
  if (stream.deletes.hiddenWithJob) await setAsideHidden(leg, stream, [...missing('main'), ...missing('companion')]);
  const [main, companions] = [missing('main'), missing('companion')];
  if (main.length + companions.length === 0 && !leg.state.streams[stream.stream]?.sweepOpen) return;

  const earlier = (await leg.ports.store.readMissed(stream.stream)).missed;
  const liveIds = view.ids(plan.segments, 'main');
  const decision = decide(leg, stream.entity, liveIds, main, listed.rows, earlier);
  if (decision.hold) await hold(leg, stream, decision.hold);
  const along =
    decision.hold || listed.rejected > 0
      ? null
      : decideAlong(leg, stream, view.ids(plan.segments, 'companion'), companions, earlier);
  const due = [...decision.due, ...(along?.due ?? [])];
  if (due.length > 0) await tombstoneAll(leg, stream, due, liveIds.length);
  const missed = fitting([...decision.missed, ...(along?.missed ?? groupsOf(earlier, new Set(companions)))]);
  await leg.ports.store.writeSweep(leg.fence, stream.stream, { missed, seen: null });
  leg.sweepsOpen.set(stream.stream, missed.length > 0 || decision.hold !== null);
}

/** Carries out what the source itself says is gone, by a flag or on a list of deletions, unless it is too much at once (M-102 c, M-103). */
export async function removeGone(leg: Leg, stream: StreamManifest): Promise<void> {
  const gone = leg.takeGone(stream.stream);
  if (gone.size === 0) return;
  const ids = [...gone.keys()].sort();
  const live = (await leg.view(stream.stream)).ids(ALL_SEGMENTS, 'main').length;
  const share = excessShare(ids.length, live, { applied: leg.deletions[stream.entity] ?? [], now: leg.ports.now() });
  if (share === null) {
    for (const proof of new Set(gone.values()))
      await tombstoneAll(
        leg,
        stream,
        ids.filter((id) => gone.get(id) === proof),
        live,
        proof,
      );
    return;
  }
  await hold(leg, stream, { ids, share, cause: 'bound_exceeded' });
  leg.sweepsOpen.set(stream.stream, true);
}

function decide(
  leg: Leg,
  entity: EntityName,
  liveIds: readonly string[],
  missingIds: readonly string[],
  rowsListed: number,
  earlier: readonly MissedGroup[],
): DeletionDecision {
  return decideDeletions({
    liveIds,
    missingIds,
    rowsListed,
    earlier,
    applied: leg.deletions[entity] ?? [],
    now: leg.ports.now(),
    runId: leg.openRun.runId,
    cycleMinutes: leg.connection.settings.cycleMinutes,
  });
}

/** A budget goes with its ticket: proven the same way, never held on its own. */
function decideAlong(
  leg: Leg,
  stream: StreamManifest,
  liveIds: readonly string[],
  missingIds: readonly string[],
  earlier: readonly MissedGroup[],
) {
  const [companion = stream.entity] = stream.also ?? [];
  const decision = decide(leg, companion, liveIds, missingIds, Math.max(1, liveIds.length - missingIds.length), earlier);
  return decision.hold ? { due: [], missed: groupsOf(earlier, new Set(missingIds)) } : decision;
}

function groupsOf(groups: readonly MissedGroup[], ids: ReadonlySet<string>): MissedGroup[] {
  return groups
    .map((group) => ({ ...group, ids: group.ids.filter((id) => ids.has(id)) }))
    .filter((group) => group.ids.length > 0);
}

/** The groups as far as they fit the sweep item, oldest first. */
function fitting(groups: readonly MissedGroup[]): MissedGroup[] {
  let left = SWEEP_IDS;
  const kept: MissedGroup[] = [];
  for (const group of [...groups].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    const ids = group.ids.slice(0, left);
    left -= ids.length;
    if (ids.length > 0) kept.push({ ...group, ids });
  }
  return kept;
}

/** Skipped records that the source lists no more: only their fingerprints go; the marker says what they were when last seen. */
async function forget(leg: Leg, stream: StreamManifest, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += HOLD_PART) await dropRows(leg, stream, ids.slice(at, at + HOLD_PART));
}

/** Records under a job that is out of scope are out of scope with it (M-105); their fingerprints go, so that they come back by being listed. */
async function setAsideHidden(leg: Leg, stream: StreamManifest, ids: readonly string[]): Promise<void> {
  const hidden = await hiddenRecords(leg, stream, ids);
  for (let at = 0; at < hidden.length; at += HOLD_PART) {
    const part = hidden.slice(at, at + HOLD_PART);
    await dropRows(
      leg,
      stream,
      part.map((one) => one.id),
      async () => {
        await inParallel(part, (one) => hide(leg, one));
      },
    );
  }
}

export interface HeldRecords {
  readonly ids: readonly string[];
  readonly share: number;
  readonly cause: 'empty_listing' | 'bound_exceeded';
}

/** One hold per stream: a later run's takes the place of an undecided one, so a person never decides on an old list. */
export async function hold(leg: Leg, stream: StreamManifest, found: HeldRecords): Promise<void> {
  leg.guard();
  leg.countOf(stream.entity).held += found.ids.length;
  const open = (await leg.ports.store.readHolds()).filter((one) => one.stream === stream.stream && one.decision === null);
  for (const old of open) await leg.ports.store.closeHold(leg.fence, old);
  for (let at = 0, part = 0; at < found.ids.length; at += HOLD_PART, part++) {
    await leg.ports.store.putHold(leg.fence, {
      runId: leg.openRun.runId,
      entity: stream.entity,
      stream: stream.stream,
      ids: found.ids.slice(at, at + HOLD_PART),
      part,
      count: found.ids.length,
      share: found.share,
      cause: found.cause,
      openedAt: open[0]?.openedAt ?? leg.ports.now(),
      decision: null,
      decidedBy: null,
    });
  }
}

/** Holds that a person has decided are carried out by the next run: the API never writes mirror records. */
export async function carryOutHolds(leg: Leg): Promise<void> {
  if (leg.state.openHolds === 0) return;
  for (const one of await leg.ports.store.readHolds()) {
    if (one.decision === null) continue;
    const stream = leg.streamOf(one.stream);
    leg.beginStream(one.stream);
    const view = await leg.view(one.stream);
    // What is no longer known has been seen again, or tombstoned, since.
    const ids = one.ids.filter((id) => view.get(id) !== null);
    if (one.decision === 'confirmed' && ids.length > 0) await tombstoneAll(leg, stream, ids, view.size, 'confirmed');
    else if (one.decision === 'discarded') await forgetMisses(leg, one.stream, new Set(ids));
    await leg.ports.store.closeHold(leg.fence, one);
  }
}

/** A discarded hold clears the misses behind it (M-104). */
async function forgetMisses(leg: Leg, stream: string, ids: ReadonlySet<string>): Promise<void> {
  const { missed, seen } = await leg.ports.store.readMissed(stream);
  const left = missed
    .map((group) => ({ ...group, ids: group.ids.filter((id) => !ids.has(id)) }))
    .filter((group) => group.ids.length > 0);
  await leg.ports.store.writeSweep(leg.fence, stream, { missed: left, seen });
}

/** Holds whose records were listed again in this run end by themselves (M-104). Answers how many streams still have one. */
export async function releaseHolds(leg: Leg): Promise<number> {
  const held = [...leg.sweepsOpen.values()].some((open) => open);
  if (leg.state.openHolds === 0 && !held) return 0;
  const open = new Set<string>();
  for (const one of await leg.ports.store.readHolds()) {
    if (one.decision !== null) continue;
    const left = one.ids.filter((id) => !leg.seenIn(one.stream, id));
    if (left.length < one.ids.length) await leg.ports.store.closeHold(leg.fence, one);
    if (left.length > 0 && left.length < one.ids.length)
      await leg.ports.store.putHold(leg.fence, { ...one, ids: left, count: left.length });
    if (left.length > 0) open.add(one.stream);
  }
  return open.size;
}

/** Tombstones what is proven gone: named in a plan page first, counted by the guard, whatever becomes of the run. */
export async function tombstoneAll(
  leg: Leg,
  stream: StreamManifest,
  ids: readonly string[],
  liveBefore: number,
  reason: 'absent' | 'confirmed' | 'flag' | 'feed' = 'absent',
): Promise<void> {
  const now = leg.ports.now();
  const entities: readonly EntityName[] = [stream.entity, ...(stream.also ?? [])];
  const applied = new Map<EntityName, number>();
  const segments = await dropRows(leg, stream, ids, async () => {
    await inParallel(ids, async (id) => {
      leg.guard();
      const stored = await leg.ports.store.findRecord(entities, id);
      if (stored === null || stored.record.tombstone !== null) return;
      const { runId } = leg.openRun;
      const change = { revision: stored.record.revision + 1, fence: leg.fence, lastChangedRunId: runId, lastChangedAt: now };
      const result = await leg.ports.store.tombstone(leg.fence, stored, {
        ...stored.record,
        ...change,
        tombstone: { at: now, runId, reason },
      });
      if (result.kind === 'lost' && result.current !== null && result.current.record.fence > leg.fence) throw new Superseded();
      if (result.kind !== 'written') return;
      leg.countOf(stored.record.entity).deleted += 1;
      applied.set(stored.record.entity, (applied.get(stored.record.entity) ?? 0) + 1);
    });
  });
  if (!segments || applied.size === 0) return;
  const deletions = { ...leg.deletions };
  for (const [entity, count] of applied) deletions[entity] = [...(deletions[entity] ?? []), { at: now, count, liveBefore }];
  leg.deletions = deletions;
  // The guard counts what was applied in the last 24 hours, whatever becomes of this run.
  leg.guard();
  if (!(await leg.ports.store.check(leg.fence, { deletions }))) throw new Superseded();
}

/** Takes rows out of the fingerprints: named in a plan page first, then whatever goes with them, then out of the view. */
async function dropRows(
  leg: Leg,
  stream: StreamManifest,
  ids: readonly string[],
  work: () => Promise<void> = async () => undefined,
): Promise<boolean> {
  const view = await leg.view(stream.stream);
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
  await work();
  for (const part of planned) view.apply(part.segment, part.rows, false);
  return planned.length > 0;
}
