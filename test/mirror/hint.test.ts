import { describe, expect, it } from 'vitest';
import { hintDueAfter, isReplay } from '#mirror/hint.ts';
import { decideStart, type RunMessage } from '#mirror/start.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { SETTINGS } from '#test/support/sync-bench.ts';

const NOON = '2026-03-10T12:00:00.000Z';
const at = (time: string) => `2026-03-10T${time}.000Z`;

describe('when the run of an event begins (M-76)', () => {
  it.each([
    ['soon, once the rest of the swarm has come', null, null, at('12:00:15')],
    ['not again where it is asked for already', at('12:00:01'), null, null],
    ['anew where nobody has kept what was asked for', at('11:59:59'), null, at('12:00:15')],
    ['five minutes after the last one', null, at('11:58:00'), at('12:03:00')],
    ['soon where the last one is longer ago', null, at('11:50:00'), at('12:00:15')],
  ])('%s', (_what, hintDue, hintedAt, due) => {
    expect(hintDueAfter({ hintDue, hintedAt }, NOON)).toBe(due);
  });

  it('never for an event of the day before yesterday', () => {
    expect(isReplay('2026-03-09T11:59:59.000Z', NOON)).toBe(true);
    expect(isReplay('2026-03-09T12:00:00.000Z', NOON)).toBe(false);
    expect(isReplay(null, NOON)).toBe(false);
  });
});

describe('the message of an event', () => {
  const connection = { disconnectedAt: null, settings: SETTINGS } as unknown as Connection;
  const message: RunMessage = { v: 1, tenantId: 't', connectionId: 't.1', kind: 'event' };
  const start = (more: Partial<SyncState>) => {
    const state = { ...initialSyncState(0), state: 'active' as const, firstSyncDone: true, lastReconcileAt: NOON, ...more };
    return decideStart({ connection, state, message, now: NOON, newRunId: 'R', epoch: 0 });
  };

  it('starts a delta run', () => {
    expect(start({ hintDue: NOON })).toMatchObject({ kind: 'start', openRun: { trigger: 'hint', mode: 'delta' } });
  });

  it.each<[string, Partial<SyncState>, string]>([
    ['nothing where a run has begun since', { hintDue: null }, 'nothing_pending'],
    [
      'nothing beside a run',
      { hintDue: NOON, lease: { runId: 'r', leg: 1, until: at('12:01:00'), holder: 'h' } },
      'skipped_busy',
    ],
    [
      'nothing while a failed connection is tried once an hour',
      { hintDue: NOON, state: 'failed', cause: 'runs_failing', tick: at('11:40:00') },
      'paused',
    ],
    ['nothing where a person has to act', { hintDue: NOON, state: 'failed', cause: 'reauth_required' }, 'not_runnable'],
    ['nothing for a disconnected one', { hintDue: NOON, state: 'disconnected' }, 'not_runnable'],
  ])('starts %s', (_what, state, reason) => {
    expect(start(state)).toEqual({ kind: 'refused', reason });
  });
});
