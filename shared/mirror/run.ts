import { hashCanonical } from '#kernel/hash.ts';
import { addSeconds } from '#kernel/instant.ts';
import type { Connection, OpenRun, Run, StreamReport, SyncState } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { Connector } from './connector.ts';
import { finishRun, foldFingerprints } from './finish.ts';
import { LEASE_SECONDS, Leg, LegOver, RENEW_EVERY_MS, type RunPorts, Superseded } from './leg.ts';
import { writePlan } from './page.ts';
import { type AuxiliaryReading, readAuxiliary } from './read-auxiliary.ts';
import { readStream } from './read-stream.ts';
import { settleWaiting } from './settle.ts';
import { SourceError } from './source-error.ts';
import { decideStart, MAX_LEGS, type RunMessage, type StartDecision } from './start.ts';
import { carryOutHolds, releaseHolds } from './sweep.ts';
import { isDue, planRead } from './windows.ts';

/** How a message ended. Everything but a failing store is an outcome, not an exception: a message is never retried for a source's fault. */
export type LegResult =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'finished'; readonly run: Run }
  | { readonly kind: 'continues'; readonly runId: string; readonly leg: number; readonly mode: 'delta' | 'full' }
  | { readonly kind: 'superseded' }
  /** A full run does not start on the queue of the deltas: a backfill never delays a delta. */
  | { readonly kind: 'forward' };

/**
 * Works off one message: takes the lease or leaves, reads what is due, and ends at a checkpoint or at the end of the run (M-79 to M-83).
 */
export async function runLeg(ports: RunPorts, message: RunMessage): Promise<LegResult> {
  const connection = await ports.store.readConnection();
  const state = connection && (await ports.store.readState());
  if (!connection || !state) return { kind: 'refused', reason: 'unknown_connection' };
  const mappingDigest = digestOfMapping(ports.connector, connection);
  const now = ports.now();
  const decision = decideStart({ connection, state, message, now, newRunId: ports.ulid(), mappingDigest });
  if (decision.kind === 'refused') return decision;
  if (ports.lane === 'cycle' && decision.openRun.mode === 'full') return { kind: 'forward' };

  const leaseUntil = addSeconds(now, LEASE_SECONDS);
  if (!(await takeLease(ports, state, decision, leaseUntil))) return { kind: 'refused', reason: 'skipped_busy' };
  const fence = state.fence + 1;
  const resumed = await whereToGoOn(ports, decision, fence);
  const stopRenewing = renewLease(ports, fence, leaseUntil, resumed);
  try {
    return await runStreams(ports, { connection, state, decision, fence, leaseUntil, mappingDigest, resumed });
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'superseded' };
    throw error;
  } finally {
    stopRenewing();
  }
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
  readonly mappingDigest: string;
  readonly resumed: Resumed;
}

/** Maps, status lists and the mapping's own version: when any of them changes, everything has to be read again (M-97). */
export function digestOfMapping(connector: Pick<Connector, 'mappingVersion'>, connection: Connection): string {
  const { settings } = connection;
  const {
    ignoredStatuses,
    statusMap,
    budgetSource,
    importWages,
    payCodeMap,
    employeeContactTypes,
    recurringTypes,
    timeImportFrom,
  } = settings;
  return hashCanonical({
    version: connector.mappingVersion,
    settings: {
      ignoredStatuses,
      statusMap,
      budgetSource,
      importWages,
      payCodeMap,
      employeeContactTypes,
      recurringTypes,
      timeImportFrom,
    },
  });
}

async function takeLease(ports: RunPorts, state: SyncState, decision: Started['decision'], until: string): Promise<boolean> {
  const { openRun } = decision;
  return ports.store.take(state, {
    lease: { runId: openRun.runId, leg: openRun.leg, until },
    openRun,
    tick: decision.tick,
    ...(decision.kind === 'start' && decision.adoptsPending ? { pending: null } : {}),
    ...(state.firstSyncStartedAt === null ? { firstSyncStartedAt: openRun.startedAt } : {}),
  });
}

/**
 * After a crash the last plan page tells where the leg was: its rows may or may not have been written, so they become unknown, and the
 * page is read again from its checkpoint.
 */
async function whereToGoOn(ports: RunPorts, decision: Started['decision'], fence: number): Promise<Resumed> {
  const { openRun } = decision;
  const saved = openRun.checkpoint?.planPage ?? 0;
  if (decision.kind === 'start') return { openRun, nextPlanPage: 0, leg: null };
  if (!decision.afterCrash) return { openRun, nextPlanPage: saved, leg: null };
  const own = (await ports.store.readPlans(true)).filter((page) => page.runId === openRun.runId);
  const last = own.at(-1);
  if (!last) return { openRun, nextPlanPage: saved, leg: null };
  if (!last.unfinished && !(await ports.store.markUnfinished(fence, last))) throw new Superseded();
  const known = last.n >= saved ? { ...last.openRun, leg: openRun.leg } : openRun;
  return { openRun: known, nextPlanPage: last.n + 1, leg: null };
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
  let auxiliary: AuxiliaryReading[] = [];
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
    assertSameAccount(connection, session.account.id);
    auxiliary = await readAuxiliary(leg);
    await carryOutHolds(leg);
    await readDueStreams(leg);
    await settleWaiting(leg);
    await rememberAuxiliary(leg, auxiliary);
  } catch (error) {
    if (error instanceof LegOver && leg) return endLeg(leg);
    if (!(error instanceof SourceError)) throw error;
    failure = error;
  }
  leg ??= withoutSession(ports, started, http);
  resumed.leg = leg;
  const openHolds = failure ? state.openHolds : await releaseHolds(leg);
  const planPages = failure ? state.planPages + leg.planPagesWritten : await foldFingerprints(leg);
  const run = await finishRun(leg, {
    reports: leg.done,
    auxiliary,
    error: failure,
    openHolds,
    planPages,
    mappingDigest: started.mappingDigest,
  });
  return { kind: 'finished', run };
}

/** Auxiliary lists are remembered last: until what they touched has been read, the next run must find the difference again. */
async function rememberAuxiliary(leg: Leg, readings: readonly AuxiliaryReading[]): Promise<void> {
  const planned = readings.flatMap((one) => one.planned);
  await writePlan(leg, planned);
  for (const part of planned) (await leg.view(part.stream)).apply(part.segment, part.rows, false);
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

async function readDueStreams(leg: Leg): Promise<void> {
  const finished = new Set(leg.done.map((report) => report.stream));
  for (const stream of leg.manifest.streams) {
    if (finished.has(stream.stream) || !isWanted(leg, stream)) continue;
    const state = leg.state.streams[stream.stream];
    const touched = leg.refetch.some((one) => one.stream === stream.stream);
    if (!isDue(stream.refresh, state, leg.openRun, leg.ports.now()) && !leg.fullStreams.has(stream.stream) && !touched) continue;
    const blocker = stream.dependsOn.find((name) =>
      leg.done.some((report) => report.stream === name && report.outcome === 'failed'),
    );
    if (blocker !== undefined) {
      leg.done.push(blockedReport(leg, stream, blocker));
      continue;
    }
    const mode = leg.fullStreams.has(stream.stream) ? 'full' : leg.openRun.mode;
    const plan = planRead(stream, state, leg.connection.settings, { mode }, leg.ports.today());
    leg.done.push(await readStream(leg, stream, plan));
  }
  leg.openRun = { ...leg.openRun, done: leg.done, checkpoint: null };
}

/** Only owned entities are read (M-43), and of those only what a resync asked for. */
function isWanted(leg: Leg, stream: StreamManifest): boolean {
  const entities = [stream.entity, ...(stream.also ?? [])];
  const { settings } = leg.connection;
  if (stream.entity === 'wage_record' && !settings.importWages) return false;
  if (!entities.some((entity) => settings.entities.includes(entity))) return false;
  const asked = leg.openRun.entities;
  return asked === null || entities.some((entity) => asked.includes(entity));
}

function blockedReport(leg: Leg, stream: StreamManifest, blocker: string): StreamReport {
  const detail = `not read: ${blocker}, which it depends on, could not be read`;
  return {
    stream: stream.stream,
    entity: stream.entity,
    outcome: 'failed',
    counts: { ...leg.countOf(stream.entity) },
    pages: 0,
    calls: 0,
    cursorFrom: leg.state.streams[stream.stream]?.watermark ?? null,
    cursorTo: null,
    error: { code: 'dependency_failed', who: 'nobody', detail },
    complete: false,
  };
}

/** Saves the checkpoint, gives the lease back and asks for the next leg (M-80); beyond the bound the run ends interrupted. */
async function endLeg(leg: Leg): Promise<LegResult> {
  const next = leg.openRun.leg + 1;
  const openRun = { ...leg.openRun, leg: next, done: leg.done };
  if (next > MAX_LEGS[openRun.mode]) {
    const error = new SourceError('source_unavailable', 'the run needs more legs than it may have; the next one goes on');
    const run = await finishRun(leg, {
      reports: leg.done,
      auxiliary: [],
      error,
      openHolds: leg.state.openHolds,
      planPages: leg.state.planPages + leg.planPagesWritten,
      mappingDigest: '',
    });
    return { kind: 'finished', run };
  }
  leg.guard();
  const saved = await leg.ports.store.check(leg.fence, {
    lease: null,
    openRun: { ...openRun, checkpoint: openRun.checkpoint && { ...openRun.checkpoint, planPage: leg.nextPlanPage } },
    planPages: leg.state.planPages + leg.planPagesWritten,
    deletions: leg.deletions,
  });
  if (!saved) throw new Superseded();
  return { kind: 'continues', runId: openRun.runId, leg: next, mode: openRun.mode };
}
