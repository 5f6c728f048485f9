import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import {
  NO_COUNTS,
  type Run,
  type RunCounts,
  type RunError,
  type StreamOutcome,
  type StreamReport,
  type StreamState,
  type SyncState,
} from '#model/connection.ts';
import { stateAfterRun, worstOutcome } from './connection-state.ts';
import { type Leg, Superseded } from './leg.ts';
import { digestOfMappings, type Mappings } from './mappings.ts';
import { wasRead } from './read-auxiliary.ts';
import type { SourceError } from './source-error.ts';
import { advanceWatermark } from './windows.ts';

/** Plan pages over the fingerprints before they are folded in: a full Query of that many costs less than a fold. */
const FOLD_AFTER_PAGES = 60;
const DAY_MS = 86_400_000;

/** Rewrites the segments that plan pages lie over, when there are many of them or everything has just been read (data model, section 5). */
export async function foldFingerprints(leg: Leg): Promise<number> {
  const plans = await leg.plans();
  if (plans.length === 0 || (leg.openRun.mode !== 'full' && plans.length < FOLD_AFTER_PAGES)) return plans.length;
  const streams = new Map<string, Set<string>>();
  for (const plan of plans) {
    for (const part of plan.planned) {
      const touched = streams.get(part.stream) ?? new Set();
      streams.set(part.stream, touched.add(part.segment.split('.')[0]!));
    }
  }
  for (const [stream, touched] of streams) {
    const segments = (await leg.view(stream)).toSegments().filter((one) => touched.has(one.segment.split('.')[0]!));
    const kept = new Set(segments.map((one) => one.segment));
    const stored = await leg.ports.store.readSegments(stream, true);
    const stale = stored.map((one) => one.segment).filter((name) => touched.has(name.split('.')[0]!) && !kept.has(name));
    leg.guard();
    await leg.ports.store.fold(leg.fence, stream, segments, stale);
  }
  leg.guard();
  await leg.ports.store.dropPlans(leg.fence, plans);
  return 0;
}

/** Ends the run: outcome, watermarks, the connection's state and the run's entry, in one transaction under the fence. */
export async function finishRun(
  leg: Leg,
  input: {
    readonly error: SourceError | null;
    readonly openHolds: number;
    readonly planPages: number;
    readonly mappings: Mappings;
  },
): Promise<Run> {
  const { state, openRun, ports } = leg;
  const now = ports.now();
  await forgetNameless(leg);
  const missingFields = await leg.knownMissingFields();
  for (const field of missingFields)
    leg.except({ entity: 'job', sourceId: null, reason: 'custom_field_missing', field, value: null, since: ports.now() });
  const open = await openItems(leg);
  // Counts go on after a stream's end: children that waited are settled last.
  const own = leg.done.map((report) => ({ ...report, counts: { ...leg.countOf(report.entity, report.stream) } }));
  const reports = [...own, ...reportsOfCompanions(leg, own), ...reportsOfAuxiliary(leg)];
  const error: RunError | null = input.error
    ? { code: input.error.code, who: input.error.meaning.who, detail: input.error.detail }
    : null;
  const outcome = outcomeOf(reports, input.error, open.quarantined > 0 || open.parkedLong > 0 || input.openHolds > 0);
  // Companions have no scope of their own: their stream's is the one that is missing.
  const lists = [...own, ...reportsOfAuxiliary(leg)];
  const missingScopes = lists.filter((one) => one.error?.code === 'scope_missing').map((one) => one.stream);
  const firstSyncOverdue = state.firstSyncStartedAt !== null && msOf(now) - msOf(state.firstSyncStartedAt) > DAY_MS;
  const { openHolds } = input;
  const drifted = leg.drifted ?? state.drifted;
  const change = stateAfterRun(state, {
    outcome,
    error,
    missingScopes,
    openHolds,
    parkedTooLong: open.parkedTooLong,
    drift: reports.some((report) => report.error?.code === 'schema_drift'),
    drifted,
    missingFields,
    firstSyncOverdue,
  });
  const good = outcome === 'succeeded' || outcome === 'succeeded-with-quarantine';
  const everything = openRun.mode === 'full' && openRun.entities === null && input.error === null;
  const run: Run = {
    id: openRun.runId,
    connectionId: leg.connection.id,
    trigger: openRun.trigger,
    mode: openRun.mode,
    requestedBy: openRun.requestedBy,
    outcome,
    startedAt: openRun.startedAt,
    finishedAt: now,
    legs: openRun.leg,
    dataAsOf: good ? openRun.sourceStartedAt : null,
    streams: reports,
    exceptions: leg.exceptions,
    exceptionCount: leg.exceptionCount,
    error: error ?? firstError(reports),
  };
  const changes: Partial<SyncState> = {
    lease: null,
    openRun: null,
    ...change,
    streams: {
      ...state.streams,
      ...streamStates(leg, reports, input.mappings, now),
      ...auxiliaryStates(leg, now, input.error === null),
    },
    firstSyncDone: state.firstSyncDone || good,
    ...(good ? { lastSuccessfulAt: now, lastSuccessfulRunId: openRun.runId, dataAsOf: openRun.sourceStartedAt } : {}),
    ...(everything ? { lastReconcileAt: now, epoch: ports.tenant.epoch } : {}),
    lastRunId: openRun.runId,
    lastError: good ? null : run.error && { ...run.error, runId: openRun.runId },
    openHolds,
    quarantined: open.quarantined,
    parked: open.parked,
    drifted,
    missingFields,
    missingScopes,
    deletions: recentDeletions(leg.deletions, now),
    planPages: input.planPages,
  };
  leg.guard();
  const written = ports.steps.stateAtEnd(leg, changes);
  if (!(await ports.store.finish(leg.fence, written, run))) throw new Superseded();
  return run;
}

/**
 * A row that could not be read and tells no id cannot be known again when it is good: what was set aside of it goes once its list was read
 * whole without meeting it (M-99).
 */
async function forgetNameless(leg: Leg): Promise<void> {
  // Rows of a file are the file's: the next one takes them away.
  if (leg.openRun.mode !== 'full' || leg.openRun.trigger === 'upload' || leg.state.quarantined === 0) return;
  const read = leg.done.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'interrupted');
  leg.guard();
  await leg.ports.store.dropNameless(leg.openRun.runId, new Set(read.map(({ stream }) => leg.streamOf(stream).space)));
}

/** Counting what waits costs reads; where nothing waited before and nothing was set aside in this run there is nothing to count. */
async function openItems(leg: Leg): Promise<{ quarantined: number; parked: number; parkedLong: number; parkedTooLong: number }> {
  const aside = leg.exceptionCount > 0 || leg.openRun.leg > 1 || leg.state.quarantined > 0 || leg.state.parked > 0;
  if (!aside) return { quarantined: 0, parked: 0, parkedLong: 0, parkedTooLong: 0 };
  const open = await leg.ports.store.countOpen();
  const now = msOf(leg.ports.now());
  const waitedLonger = (ms: number) => open.parked.filter((since) => now - msOf(since) > ms).length;
  const cycleMs = leg.connection.settings.cycleMinutes * 60_000;
  return {
    quarantined: open.quarantined,
    parked: open.parked.length,
    parkedLong: waitedLonger(cycleMs),
    parkedTooLong: waitedLonger(DAY_MS),
  };
}

function outcomeOf(reports: readonly StreamReport[], error: SourceError | null, aside: boolean): StreamOutcome {
  if (error) return error.meaning.outcome;
  const worst = worstOutcome(reports.map((one) => one.outcome));
  return worst === 'succeeded' && aside ? 'succeeded-with-quarantine' : worst;
}

function firstError(reports: readonly StreamReport[]): RunError | null {
  return reports.find((one) => one.error !== null)?.error ?? null;
}

/** Entities that come along with other streams' rows are reported under their own name, with the worst outcome of those streams. */
function reportsOfCompanions(leg: Leg, reports: readonly StreamReport[]): StreamReport[] {
  const own = new Set(leg.manifest.streams.map((one) => one.entity));
  const companions = new Map<string, StreamReport>();
  for (const report of reports) {
    const stream = leg.manifest.streams.find((one) => one.stream === report.stream);
    for (const entity of stream?.also ?? []) {
      if (own.has(entity)) continue;
      const earlier = companions.get(entity);
      const counts = addCounts(earlier?.counts ?? NO_COUNTS, leg.countOf(entity, report.stream));
      const outcome = earlier ? worstOutcome([earlier.outcome, report.outcome]) : report.outcome;
      companions.set(entity, { ...report, stream: entity, entity, outcome, counts, pages: 0, calls: 0, complete: false });
    }
  }
  return [...companions.values()];
}

/** An auxiliary list that could not be read is reported under the entity whose fields it decides. */
function reportsOfAuxiliary(leg: Leg): StreamReport[] {
  return leg.auxiliary.flatMap(({ stream, error }) => {
    if (error === null) return [];
    const touched = leg.manifest.auxiliary.find((one) => one.stream === stream)?.touches[0];
    const entity = leg.manifest.streams.find((one) => one.stream === touched)?.entity ?? 'job';
    const failure = { code: error.code, who: error.meaning.who, detail: error.detail };
    return [
      {
        stream,
        entity,
        outcome: error.meaning.outcome,
        counts: NO_COUNTS,
        pages: 0,
        calls: 0,
        cursorFrom: null,
        cursorTo: null,
        error: failure,
        complete: false,
      },
    ];
  });
}

function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  return Object.fromEntries(
    Object.entries(a).map(([name, count]) => [name, count + b[name as keyof RunCounts]]),
  ) as unknown as RunCounts;
}

function streamStates(leg: Leg, reports: readonly StreamReport[], mappings: Mappings, now: Instant): Record<string, StreamState> {
  const states: Record<string, StreamState> = {};
  const { runId, startedAt, sourceStartedAt } = leg.openRun;
  const isOneMapping = leg.openRun.mapping === digestOfMappings(mappings);
  for (const report of reports) {
    const before = leg.state.streams[report.stream];
    const good = report.outcome === 'succeeded' || report.outcome === 'succeeded-with-quarantine';
    const full = leg.openRun.mode === 'full' || leg.fullStreams.has(report.stream);
    const stored = before?.watermark ?? null;
    const watermark = good ? advanceWatermark(stored, report.cursorTo, sourceStartedAt) : stored;
    const handled = good ? handledAgain(leg, report.stream, watermark) : (before?.handled ?? []);
    const isReadWhole = good && (full || !before?.lastReadAt);
    const mapping = isReadWhole && isOneMapping ? (mappings.get(report.stream) ?? undefined) : before?.mapping;
    states[report.stream] = {
      watermark,
      ...(mapping === undefined ? {} : { mapping }),
      ...(handled.length > 0 ? { handled } : {}),
      lastReadAt: good ? startedAt : (before?.lastReadAt ?? null),
      lastFullAt: report.far ? startedAt : (before?.lastFullAt ?? null),
      lastOutcome: report.outcome,
      lastRunId: runId,
      lastSuccessfulAt: good ? now : (before?.lastSuccessfulAt ?? null),
      lastSuccessfulRunId: good ? runId : (before?.lastSuccessfulRunId ?? null),
      dataAsOf: good ? sourceStartedAt : (before?.dataAsOf ?? null),
      counts: report.counts,
      digest: null,
      sweepOpen: leg.sweepsOpen.get(report.stream) ?? before?.sweepOpen ?? false,
      owesFull: good ? false : full || (before?.owesFull ?? false),
    };
  }
  return states;
}

/** More digests than this are not kept: a burst of changes is read once more, and then it is over. */
const HANDLED_ROWS = 100;

/** The rows handled in this run that lie in the overlap of the next one. */
function handledAgain(leg: Leg, name: string, watermark: Instant | null): readonly string[] {
  const delta = leg.manifest.streams.find((one) => one.stream === name)?.delta;
  if (delta?.kind !== 'watermark' || watermark === null) return [];
  const from = addSeconds(watermark, -delta.overlapSeconds);
  const digests = leg.handledIn(name).flatMap(({ digest, at }) => (at >= from ? [digest] : []));
  return digests.length > HANDLED_ROWS ? [] : [...new Set(digests)].sort();
}

/** Auxiliary lists are remembered only when the run has read what they touch: otherwise the next run compares again. */
function auxiliaryStates(leg: Leg, now: Instant, ended: boolean): Record<string, StreamState> {
  const states: Record<string, StreamState> = {};
  const { runId, startedAt, sourceStartedAt } = leg.openRun;
  for (const reading of leg.auxiliary) {
    if (!ended || reading.error !== null || !wasRead(leg, reading)) continue;
    const before = leg.state.streams[reading.stream];
    states[reading.stream] = {
      watermark: advanceWatermark(before?.watermark ?? null, reading.watermark, sourceStartedAt),
      lastReadAt: startedAt,
      lastFullAt: reading.far ? startedAt : (before?.lastFullAt ?? null),
      lastOutcome: 'succeeded',
      lastRunId: runId,
      lastSuccessfulAt: now,
      lastSuccessfulRunId: runId,
      dataAsOf: sourceStartedAt,
      counts: NO_COUNTS,
      digest: reading.digest,
      sweepOpen: false,
      owesFull: false,
    };
  }
  return states;
}

function recentDeletions(deletions: SyncState['deletions'], now: Instant): SyncState['deletions'] {
  const recent: Record<string, SyncState['deletions'][string]> = {};
  for (const [entity, list] of Object.entries(deletions)) {
    const left = list.filter((one) => msOf(now) - msOf(one.at) < DAY_MS);
    if (left.length > 0) recent[entity] = left;
  }
  return recent;
}
