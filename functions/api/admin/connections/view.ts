import { manifests } from '#functions/sync/manifests.ts';
import type { Instant } from '#kernel/instant.ts';
import { presentFileState, presentState } from '#mirror/connection-state.ts';
import { type QuotaState, quotaState, type ResyncQuota } from '#mirror/resync-quota.ts';
import type { Connection, Hold, Run, RunCounts, StreamState, SyncState } from '#model/connection.ts';
import { NO_COUNTS } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';
import { openSetupSteps } from '#model/provider-settings.ts';
import { scheduledRunAt } from '../../next-run.ts';
import { shownSettings } from './settings.ts';

/** The integration that a connection is of; a connection without one cannot exist. */
export function manifestOf(provider: string): IntegrationManifest {
  const manifest = manifests.find((one) => one.provider === provider);
  if (manifest === undefined) throw new Error(`no integration ${provider}`);
  return manifest;
}

/** How often a file is expected where nobody has said it (M-150). */
const EXPECTED_FILE_DAYS = 7;

/** A connection as the API serves it. `withSettings`: for those who may see settings. */
export function connectionView(
  connection: Connection,
  sync: SyncState,
  now: Instant,
  quota: ResyncQuota,
  withSettings: boolean,
): Record<string, unknown> {
  const left = quotaState(sync.resyncs, now, quota);
  return {
    id: connection.id,
    provider: connection.provider,
    name: connection.name,
    accountName: connection.accountName,
    accountId: connection.accountId,
    ...cardOf(connection, sync, now),
    cycleMinutes: connection.settings.cycleMinutes,
    manualResync: manifestOf(connection.provider).manualResync,
    firstSyncDone: sync.firstSyncDone,
    lastSuccessfulAt: sync.lastSuccessfulAt,
    lastSuccessfulRunId: sync.lastSuccessfulRunId,
    dataAsOf: sync.dataAsOf,
    nextRunAt: scheduledRunAt(connection, sync, now),
    entities: connection.settings.entities,
    openSetupSteps: openSetupSteps(manifestOf(connection.provider), connection.settings),
    missingScopes: sync.missingScopes,
    missingFields: sync.missingFields,
    openHolds: sync.openHolds,
    quarantined: sync.quarantined,
    parked: sync.parked,
    resync: { remaining: left.remaining, retryAt: firstRetry(left) },
    ...(withSettings ? { settings: shownSettings(manifestOf(connection.provider), connection.settings) } : {}),
    disconnectedAt: connection.disconnectedAt,
    disconnectedBy: connection.disconnectedBy,
    createdAt: connection.createdAt,
  };
}

/** State, cause and fix as shown on the card (M-111). */
export function cardOf(connection: Connection, sync: SyncState, now: Instant) {
  if (connection.disconnectedAt !== null)
    return { state: 'disconnected' as const, cause: 'disconnected', fix: 'Reconnect: enter the credentials again.' };
  // Files come when somebody uploads them, so no run of theirs is overdue.
  if (manifestOf(connection.provider).auth === 'file')
    return presentFileState(sync, connection.settings.expectedFileEveryDays ?? EXPECTED_FILE_DAYS, now);
  return presentState(sync, connection.settings.cycleMinutes, now);
}

/** When the first exhausted mode opens again; null while both are open. */
export function firstRetry({ retryAt }: QuotaState): Instant | null {
  const times = [retryAt.delta, retryAt.full].filter((at) => at !== null).sort();
  return times[0] ?? null;
}

/** Health of a connection by entity. Every time stands beside the run it belongs to (M-107). */
export function syncStatusView(
  connection: Connection,
  sync: SyncState,
  holds: readonly Hold[],
  now: Instant,
): Record<string, unknown> {
  return {
    connectionId: connection.id,
    ...cardOf(connection, sync, now),
    nextRunAt: scheduledRunAt(connection, sync, now),
    lastSuccessfulAt: sync.lastSuccessfulAt,
    lastSuccessfulRunId: sync.lastSuccessfulRunId,
    dataAsOf: sync.dataAsOf,
    lastError: sync.lastError,
    currentRun: currentRun(sync),
    holds: holds
      .filter((hold) => hold.decision === null)
      .map(({ runId, entity, count, share, cause }) => ({ runId, entity, count, share, cause })),
    entities: connection.settings.entities.map((entity) => entityStatus(connection.provider, entity, sync)),
  };
}

/** The run that is under way, or the one that waits to be taken. */
export function currentRun(sync: SyncState): { id: string; mode: 'delta' | 'full'; startedAt: Instant | null } | null {
  if (sync.openRun !== null) return { id: sync.openRun.runId, mode: sync.openRun.mode, startedAt: sync.openRun.startedAt };
  return sync.pending === null ? null : { id: sync.pending.runId, mode: sync.pending.mode, startedAt: null };
}

const RANK = ['succeeded', 'succeeded-with-quarantine', 'interrupted', 'failed'] as const;

/** An entity takes the worst of the streams that bring it, and the oldest of their times. */
function entityStatus(provider: string, entity: EntityName, sync: SyncState): Record<string, unknown> {
  const streams = manifestOf(provider).streams.filter((stream) => stream.entity === entity || stream.also?.includes(entity));
  const states = streams.map(({ stream }) => sync.streams[stream]);
  const known = states.filter((state): state is StreamState => state !== undefined);
  const running = streams.some(({ stream }) => sync.openRun?.checkpoint?.stream === stream);
  // Of a source of files nobody has to upload every kind.
  const isWhole = known.length === states.length || manifestOf(provider).auth === 'file';
  const never = !isWhole || known.some((state) => state.lastOutcome === null) || known.length === 0;
  const worst = known.reduce((rank, state) => Math.max(rank, RANK.indexOf(state.lastOutcome ?? 'succeeded')), 0);
  const oldest = known.toSorted((a, b) => ((a.lastSuccessfulAt ?? '') < (b.lastSuccessfulAt ?? '') ? -1 : 1))[0];
  return {
    entity,
    status: running ? 'running' : never ? 'never' : RANK[worst],
    lastRunId: latest(known.map((state) => state.lastRunId)),
    lastSuccessfulAt: never ? null : (oldest?.lastSuccessfulAt ?? null),
    lastSuccessfulRunId: never ? null : (oldest?.lastSuccessfulRunId ?? null),
    dataAsOf: never
      ? null
      : (known.map((state) => state.dataAsOf).toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))[0] ?? null),
    counts: countsOf(streams, entity, sync),
  };
}

/** What comes along with other streams' rows, as a ticket's budget does, is counted under its own name. */
function countsOf(streams: readonly StreamManifest[], entity: EntityName, sync: SyncState): RunCounts {
  const own = streams.filter((stream) => stream.entity === entity).flatMap(({ stream }) => sync.streams[stream] ?? []);
  const counted = own.length > 0 ? own : [sync.streams[entity]].filter((state) => state !== undefined);
  return counted.reduce((sum, state) => addCounts(sum, state.counts), NO_COUNTS);
}

function latest(runIds: readonly (string | null)[]): string | null {
  return (
    runIds
      .filter((id) => id !== null)
      .sort()
      .at(-1) ?? null
  );
}

function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  return Object.fromEntries(
    Object.keys(NO_COUNTS).map((name) => [name, a[name as keyof RunCounts] + b[name as keyof RunCounts]]),
  ) as unknown as RunCounts;
}

/** A run of the history. */
export function runView(run: Run): Record<string, unknown> {
  const { exceptions: _exceptions, streams, ...rest } = run;
  return {
    ...rest,
    status: 'finished',
    streams: streams.map(streamView),
  };
}

/** What people see of a stream's report; how far a reading went is the engine's own. */
function streamView({ complete: _complete, far: _far, ...report }: Run['streams'][number]): Record<string, unknown> {
  return report;
}

/** The run that is under way or waits, in the same shape; null when the id is neither's. */
export function openRunView(connection: Connection, sync: SyncState, runId: string): Record<string, unknown> | null {
  const common = { connectionId: connection.id, outcome: null, finishedAt: null, dataAsOf: null, exceptionCount: 0, error: null };
  if (sync.openRun?.runId === runId) {
    const { trigger, mode, requestedBy, startedAt, leg, done } = sync.openRun;
    const streams = done.map(streamView);
    return { ...common, id: runId, trigger, mode, requestedBy, status: 'running', startedAt, legs: leg, streams };
  }
  if (sync.pending?.runId !== runId) return null;
  const { mode, requestedBy } = sync.pending;
  return { ...common, id: runId, trigger: 'manual', mode, requestedBy, status: 'queued', startedAt: null, legs: 0, streams: [] };
}

/** Deletions that wait for a person, or did. */
export function holdView({ runId, entity, count, share, cause, ids, openedAt, decision }: Hold): Record<string, unknown> {
  return { runId, entity, count, share, cause, ids, openedAt, decision };
}
