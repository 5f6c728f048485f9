import { describe, expect, it } from 'vitest';
import { pausedUntil, presentState, type RunEnd, stateAfterRun, waitsForPerson } from '#mirror/connection-state.ts';
import { decideStart } from '#mirror/start.ts';
import type { Connection, ConnectionState, SyncState } from '#model/connection.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { SETTINGS } from '#test/support/sync-bench.ts';

const GOOD: RunEnd = {
  outcome: 'succeeded',
  error: null,
  missingScopes: [],
  openHolds: 0,
  parkedTooLong: 0,
  drift: false,
  drifted: 0,
  missingFields: [],
  firstSyncOverdue: false,
};
const FAILED: RunEnd = { ...GOOD, outcome: 'failed', error: { code: 'bad_response', who: 'nobody', detail: '' } };
const stopped = (code: string): RunEnd => ({ ...FAILED, error: { code, who: 'customer', detail: '' } });
const sync = (more: Partial<SyncState>): SyncState => ({ ...initialSyncState(0), ...more });
const after = (state: ConnectionState, end: RunEnd, more: Partial<SyncState> = {}) =>
  stateAfterRun(sync({ state, firstSyncDone: state !== 'pending', ...more }), end);

describe('states of a connection, line by line (M-111)', () => {
  it.each([
    ['pending', 'active', GOOD, {}, null],
    ['pending', 'active', { ...GOOD, outcome: 'succeeded-with-quarantine' as const }, {}, null],
    ['pending', 'pending', FAILED, { failedRuns: 1 }, null],
    ['pending', 'failed', FAILED, { failedRuns: 2 }, 'first_sync_failed'],
    ['pending', 'failed', { ...FAILED, firstSyncOverdue: true }, {}, 'first_sync_overdue'],
    ['pending', 'failed', stopped('reauth_required'), {}, 'reauth_required'],
    ['active', 'active', FAILED, { failedRuns: 1 }, null],
    ['active', 'degraded', FAILED, { failedRuns: 2 }, 'runs_failing'],
    ['active', 'degraded', { ...FAILED, error: null, missingScopes: ['times'] }, {}, 'scope_missing'],
    ['active', 'degraded', { ...GOOD, openHolds: 1 }, {}, 'deletions_held'],
    ['active', 'degraded', { ...GOOD, parkedTooLong: 1 }, {}, 'parked_too_long'],
    ['active', 'degraded', { ...FAILED, error: null, drift: true }, {}, 'schema_drift'],
    ['active', 'degraded', { ...GOOD, drifted: 1 }, {}, 'drift'],
    ['degraded', 'active', GOOD, { failedRuns: 5 }, null],
    ['degraded', 'failed', FAILED, { failedRuns: 11 }, 'runs_failing'],
    ['active', 'failed', stopped('source_account_suspended'), {}, 'source_account_suspended'],
    ['degraded', 'failed', stopped('account_mismatch'), {}, 'account_mismatch'],
    ['active', 'failed', stopped('reauth_required'), {}, 'reauth_required'],
    ['failed', 'active', GOOD, { failedRuns: 12 }, null],
  ] as const)('%s → %s', (from, to, end, before, cause) => {
    expect(after(from, end, before)).toMatchObject({ state: to, cause });
  });

  it('no good run for three cycles needs attention, also when the schedule itself is lost (M-83)', () => {
    const active = sync({ state: 'active', firstSyncDone: true, lastSuccessfulAt: '2026-03-10T12:00:00.000Z' });
    expect(presentState(active, 20, '2026-03-10T13:00:00.000Z').state).toBe('active');
    expect(presentState(active, 20, '2026-03-10T13:00:01.000Z')).toMatchObject({ state: 'degraded', cause: 'runs_overdue' });
    expect(presentState(active, 60, '2026-03-10T14:00:00.000Z').state).toBe('active');
    const held = sync({ ...active, state: 'degraded', cause: 'deletions_held' });
    expect(presentState(held, 20, '2026-03-11T12:00:00.000Z').cause).toBe('deletions_held');
  });

  it('failed without need of a person is tried once an hour; a person may ask sooner; one that needs a person makes no call', () => {
    const connection = { disconnectedAt: null, settings: SETTINGS } as unknown as Connection;
    const failed = sync({ state: 'failed', cause: 'runs_failing', firstSyncDone: true, tick: '2026-03-10T12:00:00.000Z' });
    const start = (state: SyncState, kind: 'tick' | 'hint', tick: string) =>
      decideStart({
        connection,
        state,
        message: { v: 1, tenantId: 't', connectionId: 't.1', kind, tick },
        now: tick,
        newRunId: 'R',
        epoch: 0,
      });
    expect(pausedUntil(failed)).toBe('2026-03-10T13:00:00.000Z');
    expect(start(failed, 'tick', '2026-03-10T12:40:00.000Z')).toEqual({ kind: 'refused', reason: 'paused' });
    expect(start(failed, 'tick', '2026-03-10T13:00:00.000Z').kind).toBe('start');
    expect(start(failed, 'hint', '2026-03-10T12:40:00.000Z').kind).toBe('start');
    expect(start({ ...failed, state: 'degraded' }, 'tick', '2026-03-10T12:20:00.000Z').kind).toBe('start');
    for (const cause of ['reauth_required', 'authorization_required']) {
      expect(waitsForPerson({ state: 'failed', cause })).toBe(true);
      expect(start({ ...failed, cause }, 'tick', '2026-03-10T14:00:00.000Z')).toEqual({
        kind: 'refused',
        reason: 'not_runnable',
      });
    }
  });
});
