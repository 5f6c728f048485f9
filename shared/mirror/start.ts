import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import type { Connection, OpenRun, RunMode, RunTrigger, SyncState } from '#model/connection.ts';
import { pausedUntil, waitsForPerson } from './connection-state.ts';

/** What a queue message may say (M-76): ids only; everything else is read from the connection. */
export interface RunMessage {
  readonly v: 1;
  readonly tenantId: string;
  readonly connectionId: string;
  /**
   * `tick` from the schedule, `manual` after a resync request, `hint` after somebody has changed something here, `event` from a provider's
   * event, `leg` to go on with a run.
   */
  readonly kind: 'tick' | 'manual' | 'hint' | 'event' | 'leg';
  readonly tick?: Instant;
  readonly runId?: string;
  readonly leg?: number;
}

export type StartDecision =
  | {
      readonly kind: 'refused';
      readonly reason: 'skipped_busy' | 'duplicate' | 'paused' | 'nothing_pending' | 'not_runnable' | 'wrong_leg';
    }
  | { readonly kind: 'start'; readonly openRun: OpenRun; readonly taking: Partial<SyncState>; readonly tick: Instant | null }
  | { readonly kind: 'resume'; readonly openRun: OpenRun; readonly afterCrash: boolean; readonly tick: Instant | null };

export interface StartInput {
  readonly connection: Connection;
  readonly state: SyncState;
  readonly message: RunMessage;
  readonly now: Instant;
  readonly newRunId: string;
  /** The tenant's epoch: it is raised when the table was restored to an earlier time. */
  readonly epoch: number;
}

/** At most this many legs; beyond it the run ends interrupted and the next one goes on (M-80). */
export const MAX_LEGS: Readonly<Record<RunMode, number>> = { delta: 12, full: 200 };

/** A little under a day, so that the reconciliation does not drift by a cycle each day. */
const DAY_MS = 86_400_000 - 30 * 60_000;
const SOURCE_CLOCK_SLACK_SECONDS = 300;

/**
 * Whether a message may start or resume a run (M-79, M-85). Pure: what it decides is written under the fence it has seen, so two
 * deciders cannot both win.
 */
export function decideStart(input: StartInput): StartDecision {
  const { connection, state, message, now } = input;
  if (connection.disconnectedAt !== null || waitsForPerson(state)) return { kind: 'refused', reason: 'not_runnable' };
  const leaseHeld = state.lease !== null && state.lease.until > now;
  const tick = message.kind === 'tick' && message.tick !== undefined ? message.tick : state.tick;
  if (leaseHeld) return { kind: 'refused', reason: 'skipped_busy' };

  // What was under way when the table was copied is over: everything is read again.
  const isRestored = state.epoch < input.epoch;
  if (state.openRun !== null && !isRestored) {
    // A message for another leg of the same run is late: that leg has ended already.
    if (message.kind === 'leg' && (message.runId !== state.openRun.runId || message.leg !== state.openRun.leg)) {
      return { kind: 'refused', reason: 'wrong_leg' };
    }
    // A leg that ended well gives its lease back (null); one that did not has let it run out.
    return { kind: 'resume', openRun: state.openRun, afterCrash: state.lease !== null, tick };
  }
  if (message.kind === 'leg') return { kind: 'refused', reason: 'wrong_leg' };
  if (message.kind === 'tick' && state.tick !== null && tick !== null && tick <= state.tick && state.pending === null) {
    return { kind: 'refused', reason: 'duplicate' };
  }
  const paused = pausedUntil(state);
  if (message.kind === 'tick' && state.pending === null && paused !== null && tick !== null && tick < paused) {
    return { kind: 'refused', reason: 'paused' };
  }
  if (message.kind === 'manual' && state.pending === null) return { kind: 'refused', reason: 'nothing_pending' };
  if (message.kind === 'event' && state.pending === null) {
    // A run that has begun since has read what the event was about.
    if (state.hintDue === null) return { kind: 'refused', reason: 'nothing_pending' };
    if (paused !== null && now < paused) return { kind: 'refused', reason: 'paused' };
  }

  const pending = state.pending;
  const trigger = pending ? 'manual' : isRestored && state.firstSyncDone ? 'repair' : triggerOf(state, message, now);
  const openRun: OpenRun = {
    runId: pending?.runId ?? input.newRunId,
    trigger,
    mode: pending?.mode === 'full' || isFull(trigger) || isRestored ? 'full' : 'delta',
    requestedBy: pending?.requestedBy ?? null,
    startedAt: now,
    // Until the source tells its own time (M-88).
    sourceStartedAt: addSeconds(now, -SOURCE_CLOCK_SLACK_SECONDS),
    leg: 1,
    entities: isRestored ? null : (pending?.entities ?? null),
    done: [],
    checkpoint: null,
    planPage: 0,
    counts: {},
    exceptionCount: 0,
  };
  return { kind: 'start', openRun, taking: pending === null ? {} : { pending: null }, tick };
}

function triggerOf(state: SyncState, message: RunMessage, now: Instant): RunTrigger {
  if (!state.firstSyncDone) return 'initial';
  if (message.kind === 'hint' || message.kind === 'event') return 'hint';
  const last = state.lastReconcileAt;
  return last === null || msOf(now) - msOf(last) >= DAY_MS ? 'reconcile' : 'schedule';
}

/** First syncs and daily reconciliations read everything (M-83); a changed map only what it touches (M-97). */
function isFull(trigger: RunTrigger): boolean {
  return trigger === 'initial' || trigger === 'reconcile';
}
