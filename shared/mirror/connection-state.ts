import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import type { ConnectionState, RunError, StreamOutcome, SyncState } from '#model/connection.ts';

/** What the end of a run makes of the connection's card (M-111). */
export interface StateChange {
  readonly state: ConnectionState;
  readonly cause: string | null;
  readonly fix: string | null;
  readonly failedRuns: number;
}

export interface RunEnd {
  readonly outcome: StreamOutcome;
  readonly error: RunError | null;
  readonly missingScopes: readonly string[];
  readonly openHolds: number;
  readonly parkedTooLong: number;
  /** So many records of a list could not be read that the list must have changed its form (M-99). */
  readonly drift: boolean;
  /** Records that the last nightly audit found to differ from the source. */
  readonly drifted: number;
  /** Custom fields with a use that the source has no more (M-49). */
  readonly missingFields: readonly string[];
  /** The first sync has been under way for more than a day (M-77). */
  readonly firstSyncOverdue: boolean;
}

const FIRST_RUNS_ALLOWED = 3;
const DEGRADED_AFTER = 3;
const FAILED_AFTER = 12;

/** Causes that end the schedule until somebody reconnects or lifts the suspension. */
const FATAL = new Set(['reauth_required', 'source_account_suspended', 'account_mismatch']);

/** Causes under which no run starts and no call is made: a person has to do something first (M-111). */
const WAITS_FOR_PERSON = new Set(['reauth_required', 'authorization_required', 'setup_incomplete']);

/** Whether a connection in this state makes no calls until somebody has acted. */
export function waitsForPerson(sync: Pick<SyncState, 'state' | 'cause'>): boolean {
  return sync.state === 'disconnected' || (sync.cause !== null && WAITS_FOR_PERSON.has(sync.cause));
}

/** A connection whose approval at the source is still to come. */
export const TO_BE_AUTHORIZED = {
  state: 'pending',
  cause: 'authorization_required',
  fix: 'Approve the connection at the source. Where that page is closed or over, reconnect for a new one.',
} as const;

/** A connection whose source was accepted: it runs at once, or waits for these steps of its set-up (M-58, M-77). */
export function accepted(openSteps: readonly string[]): Pick<StateChange, 'state' | 'cause' | 'fix'> {
  return openSteps.length === 0
    ? { state: 'pending', cause: null, fix: null }
    : { state: 'pending', cause: 'setup_incomplete', fix: `Finish the set-up: ${openSteps.join(', ')}.` };
}

const FIXES: Readonly<Record<string, string>> = {
  reauth_required: 'Reconnect: enter the credentials again.',
  source_account_suspended: 'Ask the provider to lift the suspension, then reconnect.',
  account_mismatch: 'These credentials open another account. Connect that account as a new connection.',
  scope_missing: 'Tick the missing permission at the source and resync.',
  deletions_held: 'Look at the held deletions and confirm or discard them.',
  parked_too_long: 'Look at the parked records: a parent is missing at the source.',
  schema_drift: 'Nothing to do yet: the source has changed the form of its records, and we have been told.',
  drift:
    'Nothing to do: records that differed from the source were put right. This ends with the first night in which none does.',
  custom_field_missing:
    'A custom field that has a use here is gone at the source. Last values stay. Give its use to another field, or take it away.',
  runs_overdue: 'Nothing to do yet: no run has ended well for three cycles. If it lasts, tell support.',
  runs_failing: 'Nothing to do yet: the next runs go on by themselves. See the run history for the reason.',
  first_sync_overdue: 'The first sync has taken more than a day. See the run history for the reason, then check the connection.',
  first_sync_failed: 'See the run history for the reason, then check the connection.',
};

/** The next state after a run. A good run with nothing left aside leads back to active from everywhere. */
export function stateAfterRun(
  before: Pick<SyncState, 'state' | 'cause' | 'fix' | 'failedRuns' | 'firstSyncDone'>,
  end: RunEnd,
): StateChange {
  const good = end.outcome === 'succeeded' || end.outcome === 'succeeded-with-quarantine';
  // A first sync that was interrupted goes on; only those that failed are counted against it.
  const counted = before.firstSyncDone || end.outcome === 'failed';
  const failedRuns = good ? 0 : before.failedRuns + (counted ? 1 : 0);
  if (end.error !== null && FATAL.has(end.error.code)) return card('failed', end.error.code, failedRuns);
  if (!before.firstSyncDone && !good) {
    if (end.firstSyncOverdue) return card('failed', 'first_sync_overdue', failedRuns);
    return failedRuns >= FIRST_RUNS_ALLOWED
      ? card('failed', 'first_sync_failed', failedRuns)
      : { state: 'pending', cause: null, fix: null, failedRuns };
  }
  if (failedRuns >= FAILED_AFTER) return card('failed', 'runs_failing', failedRuns);
  if (end.missingScopes.length > 0) return card('degraded', 'scope_missing', failedRuns);
  if (end.openHolds > 0) return card('degraded', 'deletions_held', failedRuns);
  if (end.parkedTooLong > 0) return card('degraded', 'parked_too_long', failedRuns);
  if (end.drift) return card('degraded', 'schema_drift', failedRuns);
  if (end.drifted > 0) return card('degraded', 'drift', failedRuns);
  if (end.missingFields.length > 0) return card('degraded', 'custom_field_missing', failedRuns);
  if (failedRuns >= DEGRADED_AFTER) return card('degraded', 'runs_failing', failedRuns);
  if (!good && before.state !== 'active') return { state: before.state, cause: before.cause, fix: before.fix, failedRuns };
  return { state: 'active', cause: null, fix: null, failedRuns };
}

function card(state: ConnectionState, cause: string, failedRuns: number): StateChange {
  return { state, cause, fix: FIXES[cause] ?? null, failedRuns };
}

/** Cycles without a good run after which an active connection needs attention, whether its runs fail or never start (M-83). */
const OVERDUE_CYCLES = 3;
/** A connection that failed without need of a person is tried once an hour (M-111). */
const FAILED_PAUSE_SECONDS = 3_600;

/** What the card shows: the state that the last run left, unless runs have stopped to come since. */
export function presentState(
  sync: Pick<SyncState, 'state' | 'cause' | 'fix' | 'lastSuccessfulAt' | 'openRun'>,
  cycleMinutes: number,
  now: Instant,
): Omit<StateChange, 'failedRuns'> {
  const { state, cause, fix, lastSuccessfulAt } = sync;
  const since = lastSuccessfulAt === null ? 0 : msOf(now) - msOf(lastSuccessfulAt);
  const isOverdue = state === 'active' && sync.openRun === null && since > OVERDUE_CYCLES * cycleMinutes * 60_000;
  return isOverdue ? { state: 'degraded', cause: 'runs_overdue', fix: FIXES.runs_overdue ?? null } : { state, cause, fix };
}

const DAY_MS = 86_400_000;

/** What the card of a source of files shows: nothing is overdue but a file that people have not uploaded (M-74). */
export function presentFileState(
  sync: Pick<SyncState, 'state' | 'cause' | 'fix' | 'lastSuccessfulAt'>,
  expectedEveryDays: number,
  now: Instant,
): Omit<StateChange, 'failedRuns'> {
  const { state, cause, fix, lastSuccessfulAt } = sync;
  const since = lastSuccessfulAt === null ? 0 : msOf(now) - msOf(lastSuccessfulAt);
  if (state !== 'active' || since <= expectedEveryDays * DAY_MS) return { state, cause, fix };
  return {
    state: 'degraded',
    cause: 'file_overdue',
    fix: `Upload a current file: none has come for ${Math.floor(since / DAY_MS)} days.`,
  };
}

/** From when on the schedule may start a run again; null: with its next tick. */
export function pausedUntil(sync: Pick<SyncState, 'state' | 'tick'>): Instant | null {
  return sync.state === 'failed' && sync.tick !== null ? addSeconds(sync.tick, FAILED_PAUSE_SECONDS) : null;
}

const RANK: readonly StreamOutcome[] = ['succeeded', 'succeeded-with-quarantine', 'interrupted', 'failed'];

/** A run takes the worst of its streams (M-106). */
export function worstOutcome(outcomes: readonly StreamOutcome[]): StreamOutcome {
  return outcomes.reduce<StreamOutcome>((worst, one) => (RANK.indexOf(one) > RANK.indexOf(worst) ? one : worst), 'succeeded');
}
