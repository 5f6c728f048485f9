import { addSeconds } from '#kernel/instant.ts';
import type { Connection, OpenRun, Run, SyncState } from '#model/connection.ts';
import type { PlanPage } from '#model/sync-items.ts';
import { type AnnouncingStore, announcing } from './announce.ts';
import { finishRun, foldFingerprints } from './finish.ts';
import { LEASE_SECONDS, Leg, RENEW_EVERY_MS, type RunPorts, Superseded } from './leg.ts';
import { digestOfMappings, type Mappings, mappingsOf, remappedStreams } from './mappings.ts';
import { OutOfTime, SourceError } from './source-error.ts';
import { MAX_LEGS, type RunMessage, type StartDecision } from './start.ts';
import { releaseHolds } from './sweep.ts';

/** How a message ended. Everything but a failing store is an outcome, not an exception: a message is never retried for a source's fault. */
export type LegResult =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'finished'; readonly run: Run }
  | {
      readonly kind: 'continues';
      readonly runId: string;
      readonly leg: number;
      readonly mode: 'delta' | 'full';
      readonly delaySeconds: number;
    }
  | { readonly kind: 'superseded' }
  /** A full run does not start on the queue of the deltas: a backfill never delays a delta. */
  | { readonly kind: 'forward' };

/**
 * Works off one message: takes the lease or leaves, reads what is due, and ends at a checkpoint or at the end of the run (M-79 to M-83).
 */
export async function runLeg(silent: RunPorts, message: RunMessage): Promise<LegResult> {
  const store = announcing(silent);
  const ports = { ...silent, store };
  const connection = await ports.store.readConnection();
  const state = connection && (await ports.store.readState());
  if (!connection || !state) return { kind: 'refused', reason: 'unknown_connection' };
  const now = ports.now();
  const decision = ports.steps.decideStart({
    connection,
    state,
    message,
    now,
    newRunId: ports.ulid(),
    epoch: ports.tenant.epoch,
  });
  if (decision.kind === 'refused') return decision;
  const mappings = mappingsOf(ports.connector, connection.settings);
  const isLong = decision.openRun.mode === 'full' || remappedStreams(mappings, state.streams).length > 0;
  if (ports.lane === 'cycle' && isLong) return { kind: 'forward' };

  const leaseUntil = addSeconds(now, LEASE_SECONDS);
  if (!(await takeLease(ports, state, decision, leaseUntil, message.kind === 'event')))
    return { kind: 'refused', reason: 'skipped_busy' };
  const fence = state.fence + 1;
  const resumed = await whereToGoOn(ports, state, decision, fence);
  resumed.openRun = { ...resumed.openRun, mapping: mappingOfRun(decision, mappings) };
  const stopRenewing = renewLease(ports, fence, leaseUntil, resumed);
  try {
    return await runStreams(ports, { connection, state, decision, fence, leaseUntil, mappings, resumed });
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    // Where the connection was disconnected, nobody goes on to tell it.
    await store.tell();
    return { kind: 'superseded' };
  } finally {
    stopRenewing();
  }
}

/** The longest delay a queue can give a message. */
const LONGEST_DELAY_SECONDS = 900;
const FIRST_SYNC_PAUSE_SECONDS = 120;

interface AnnouncingPorts extends RunPorts {
  readonly store: AnnouncingStore;
}

interface Resumed {
  openRun: OpenRun;
  nextPlanPage: number;
  leg: Leg | null;
}

interface Started {
  readonly connection: Connection;
  readonly state: SyncState;
  readonly decision: Exclude<StartDecision, { kind: 'refused' }>;
  readonly fence: number;
  readonly leaseUntil: string;
  readonly mappings: Mappings;
  readonly resumed: Resumed;
}

/** One mapping for all of a run: where it was changed under way, the run has read with both, and remembers neither. */
function mappingOfRun(decision: Started['decision'], mappings: Mappings): string {
  const now = digestOfMappings(mappings);
  return decision.kind === 'start' || decision.openRun.mapping === now ? now : 'several';
}

async function takeLease(
  ports: RunPorts,
  state: SyncState,
  decision: Started['decision'],
  until: string,
  byEvent: boolean,
): Promise<boolean> {
  const { openRun } = decision;
  const holder = ports.ulid();
  const taken = await ports.store.take(state, {
    lease: { runId: openRun.runId, leg: openRun.leg, until, holder },
    openRun,
    tick: decision.tick,
    // Whatever starts it, the run reads what events have announced so far.
    ...(decision.kind === 'start' && state.hintDue !== null ? { hintDue: null } : {}),
    ...(decision.kind === 'start' && byEvent ? { hintedAt: openRun.startedAt } : {}),
    ...(decision.kind === 'start' ? decision.taking : {}),
    ...(state.firstSyncStartedAt === null ? { firstSyncStartedAt: openRun.startedAt } : {}),
  });
  // A write whose answer was lost is sent again and then loses to itself: the holder tells (fault 43).
  return taken || (await ports.store.readState())?.lease?.holder === holder;
}

/**
 * After a crash the last plan page tells where the leg was: its rows may or may not have been written, so they become unknown, and the
 * page is read again from its checkpoint. After a disconnection nothing that was planned last is sure either, and everything is read again.
 */
async function whereToGoOn(
  ports: AnnouncingPorts,
  state: SyncState,
  decision: Started['decision'],
  fence: number,
): Promise<Resumed> {
  const { openRun } = decision;
  const undone = await undonePages(ports, state, decision);
  await ports.store.recall(undone);
  const last = undone.at(-1);
  if (!last) return { openRun, nextPlanPage: openRun.planPage, leg: null };
  if (!last.unfinished && !(await ports.store.markUnfinished(fence, last))) throw new Superseded();
  if (decision.kind === 'start') return { openRun, nextPlanPage: openRun.planPage, leg: null };
  return { openRun: { ...last.openRun, leg: openRun.leg }, nextPlanPage: last.n + 1, leg: null };
}

/** The plan pages of legs that have not come to their end. A run that a restored table has cut is not gone on with, and is one of them. */
async function undonePages(ports: RunPorts, state: SyncState, decision: Started['decision']): Promise<readonly PlanPage[]> {
  const cut = decision.kind === 'start' ? state.openRun : decision.afterCrash ? decision.openRun : null;
  if (cut !== null)
    return (await ports.store.readPlans(true)).filter((page) => page.runId === cut.runId && page.n >= cut.planPage);
  const isReconnected = decision.kind === 'start' && state.state === 'pending';
  return isReconnected ? (await ports.store.readPlans(true)).slice(state.planPages) : [];
}

/** Renews by a timer of its own, so that one long page does not lose the lease. A lost renewal stops all further writes. */
function renewLease(ports: RunPorts, fence: number, first: string, resumed: Resumed): () => void {
  let until = first;
  return ports.every(RENEW_EVERY_MS, () => {
    const next = addSeconds(ports.now(), LEASE_SECONDS);
    ports.store.renew(fence, next).then(
      (kept) => {
        if (!resumed.leg) return;
        if (kept && next > until) {
          until = next;
          resumed.leg.leaseUntil = next;
        } else if (!kept) resumed.leg.lose();
      },
      // A renewal that fails leaves the lease as it is: the write guard stops the leg before it ends.
      () => undefined,
    );
  });
}

async function runStreams(ports: RunPorts, started: Started): Promise<LegResult> {
  const { connection, state, fence, leaseUntil, resumed } = started;
  const http = ports.openHttp(connection);
  let leg: Leg | null = null;
  let failure: SourceError | null = null;
  try {
    const credentials = await ports.store.readCredentials();
    const branchZones = state.firstSyncDone ? await ports.store.readBranchZones() : {};
    const session = await ports.connector.open({
      credentials,
      settings: connection.settings,
      ...ports.tenant,
      ...(Object.keys(branchZones).length > 0 ? { branchZones } : {}),
      http,
      now: ports.now,
      ...(ports.tokens === undefined ? {} : { tokens: ports.tokens }),
      ...(ports.notice ? { notice: ports.notice } : {}),
    });
    leg = new Leg({
      ports,
      connection,
      state,
      session,
      http,
      fence,
      openRun: resumed.openRun,
      leaseUntil,
      nextPlanPage: resumed.nextPlanPage,
    });
    resumed.leg = leg;
    for (const stream of remappedStreams(started.mappings, state.streams)) leg.fullStreams.add(stream);
    assertSameAccount(connection, session.account.id);
    await ports.steps.read(leg);
  } catch (error) {
    if (error instanceof OutOfTime) return endLeg(leg ?? withoutSession(ports, started, http), 0, null);
    if (!(error instanceof SourceError)) throw error;
    failure = error;
    const pauseSeconds = leg && pauseOf(leg, error);
    if (leg && pauseSeconds !== null) return endLeg(leg, pauseSeconds, error);
  }
  leg ??= withoutSession(ports, started, http);
  resumed.leg = leg;
  const openHolds = failure ? state.openHolds : await releaseHolds(leg);
  const planPages = failure ? state.planPages + leg.planPagesWritten : await foldFingerprints(leg);
  const { mappings } = started;
  const run = await finishRun(leg, { error: failure, openHolds, planPages, mappings });
  return { kind: 'finished', run };
}

/**
 * Whether a run that the source has stopped waits instead of ending: as long as a source that limits us says, up to a quarter of an hour;
 * and a first sync that has got somewhere, until the next try, so that a large one is not begun again and again (M-80, M-91).
 */
function pauseOf(leg: Leg, error: SourceError): number | null {
  if (error.meaning.outcome !== 'interrupted') return null;
  const toldSeconds = error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1_000);
  if (error.code === 'rate_limited' && toldSeconds !== null && toldSeconds <= LONGEST_DELAY_SECONDS) return toldSeconds;
  const progressed = leg.done.length > 0 || (leg.openRun.checkpoint?.pages ?? 0) > 0;
  return leg.openRun.trigger === 'initial' && progressed ? FIRST_SYNC_PAUSE_SECONDS : null;
}

/** A login that fails still ends in a run entry that says why. */
function withoutSession(ports: RunPorts, started: Started, http: Leg['http']): Leg {
  const refuse = async (): Promise<never> => {
    throw new SourceError('reauth_required', 'there is no session');
  };
  return new Leg({
    ports,
    connection: started.connection,
    state: started.state,
    session: { account: { id: null, name: null }, readPage: refuse, fetch: refuse },
    http,
    fence: started.fence,
    openRun: started.resumed.openRun,
    leaseUntil: started.leaseUntil,
    nextPlanPage: started.resumed.nextPlanPage,
  });
}

/** M-42: nothing is read from, and nothing written for, another account than the one that was connected. */
function assertSameAccount(connection: Connection, accountId: string | null): void {
  if (connection.accountId !== null && accountId !== null && connection.accountId !== accountId) {
    throw new SourceError('account_mismatch', `connected is account ${connection.accountId}; the credentials open another one`);
  }
}

/**
 * Saves the checkpoint, gives the lease back and asks for the next leg (M-80), at once or after a delay; beyond the bound the run ends
 * interrupted.
 */
async function endLeg(leg: Leg, delaySeconds: number, error: SourceError | null): Promise<LegResult> {
  const { runId, mode } = leg.openRun;
  const next = leg.openRun.leg + 1;
  const planPages = leg.state.planPages + leg.planPagesWritten;
  if (next > MAX_LEGS[leg.fullStreams.size > 0 ? 'full' : mode]) {
    const tooMany = new SourceError('source_unavailable', 'the run needs more legs than it may have; the next one goes on');
    const run = await finishRun(leg, {
      error: tooMany,
      openHolds: leg.state.openHolds,
      planPages,
      mappings: new Map(),
    });
    return { kind: 'finished', run };
  }
  leg.guard();
  const saved = await leg.ports.store.check(leg.fence, {
    lease: null,
    openRun: { ...leg.snapshot(), leg: next },
    planPages,
    deletions: leg.deletions,
    ...(error ? { lastError: { code: error.code, who: error.meaning.who, detail: error.detail, runId } } : {}),
  });
  if (!saved) throw new Superseded();
  return { kind: 'continues', runId, leg: next, mode, delaySeconds };
}
