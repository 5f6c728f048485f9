import { describe, expect, it } from 'vitest';
import { presentFileState } from '#mirror/connection-state.ts';
import { decideFileStart } from '#mirror/file-start.ts';
import type { StartInput } from '#mirror/start.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { type AcceptedFile, parseFileKey, presentUpload, type Upload, windowsMeet } from '#model/upload.ts';

const NOW = '2026-11-24T12:00:00.000Z';
const file = (runId: string): AcceptedFile => ({
  uploadId: `u-${runId}`,
  runId,
  entity: 'time_entry',
  stream: 'time_entries',
  mode: 'replace',
  window: null,
  dataAsOf: '2026-11-20T05:00:00.000Z',
  requestedBy: 'admin',
  requestedAt: NOW,
});
const connection = { id: 'tenant.1', disconnectedAt: null } as Connection;

function decide(kind: 'tick' | 'manual' | 'hint', state: Partial<SyncState>) {
  const input: StartInput = {
    connection,
    state: { ...initialSyncState(0), state: 'active', firstSyncDone: true, ...state },
    message: { v: 1, tenantId: 'tenant', connectionId: 'tenant.1', kind, ...(kind === 'tick' ? { tick: NOW } : {}) },
    now: NOW,
    newRunId: 'new',
    epoch: 0,
  };
  return decideFileStart(input);
}

describe('a run of a source of files', () => {
  it.each(['tick', 'manual', 'hint'] as const)('begins for the file that was accepted first, at any message (%s)', (kind) => {
    expect(decide(kind, { files: [file('a'), file('b')] })).toMatchObject({
      kind: 'start',
      openRun: {
        runId: 'a',
        trigger: 'upload',
        mode: 'full',
        entities: ['time_entry'],
        sourceStartedAt: '2026-11-20T05:00:00.000Z',
      },
      taking: { files: [{ runId: 'b' }] },
    });
  });

  it('does not begin by the schedule, nor by an event about nothing', () => {
    for (const kind of ['tick', 'manual', 'hint'] as const)
      expect(decide(kind, {})).toEqual({ kind: 'refused', reason: 'nothing_pending' });
  });

  it('begins without a file to carry out what somebody decided, and reads nothing', () => {
    expect(decide('hint', { openHolds: 1, dataAsOf: '2026-11-01T00:00:00.000Z' })).toMatchObject({
      kind: 'start',
      openRun: { trigger: 'hint', mode: 'delta', entities: [], sourceStartedAt: '2026-11-01T00:00:00.000Z' },
    });
    const pending = { runId: 'p', mode: 'full' as const, entities: null, requestedBy: 'admin', requestedAt: NOW };
    expect(decide('manual', { pending })).toMatchObject({
      kind: 'start',
      openRun: { runId: 'p', trigger: 'manual', entities: [] },
      taking: { pending: null },
    });
  });

  it('begins for nobody while another one holds the lease, or after the source was disconnected', () => {
    const lease = { runId: 'x', leg: 1, until: '2026-11-24T12:01:00.000Z', holder: 'h' };
    expect(decide('manual', { files: [file('a')], lease })).toEqual({ kind: 'refused', reason: 'skipped_busy' });
    expect(decide('manual', { files: [file('a')], state: 'disconnected' })).toEqual({ kind: 'refused', reason: 'not_runnable' });
  });
});

describe('the key of a file', () => {
  it('is read back, and nothing else is', () => {
    const id = '01KAT3Q0000000000000000000';
    expect(parseFileKey(`tenant/3/${id}`)).toEqual({ tenantId: 'tenant', n: 3, uploadId: id });
    for (const key of [`tenant/3/${id}/x`, `tenant/0/${id}`, `../3/${id}`, 'tenant/3/x', id])
      expect(parseFileKey(key)).toBeNull();
  });
});

describe('windows of two files', () => {
  it('meet on a common day, and always where one has none', () => {
    const week = { from: '2026-11-02', to: '2026-11-08' };
    expect(windowsMeet(week, { from: '2026-11-08', to: '2026-11-10' })).toBe(true);
    expect(windowsMeet(week, { from: '2026-11-09', to: '2026-11-10' })).toBe(false);
    expect(windowsMeet(week, null)).toBe(true);
  });
});

describe('a source of files', () => {
  const sync = { state: 'active', cause: null, fix: null, lastSuccessfulAt: '2026-11-17T12:00:00.000Z' } as const;

  it('needs attention once no file has come for longer than was said (M-74), and not before', () => {
    expect(presentFileState(sync, 7, NOW)).toEqual({ state: 'active', cause: null, fix: null });
    expect(presentFileState(sync, 6, NOW)).toEqual({
      state: 'degraded',
      cause: 'file_overdue',
      fix: 'Upload a current file: none has come for 7 days.',
    });
  });

  it('is not overdue before its first file, and shows a worse cause instead', () => {
    expect(presentFileState({ ...sync, state: 'pending', lastSuccessfulAt: null }, 1, NOW).state).toBe('pending');
    const held = { ...sync, state: 'degraded', cause: 'deletions_held', fix: 'Look.' } as const;
    expect(presentFileState(held, 1, NOW).cause).toBe('deletions_held');
  });
});

describe('an upload that nobody accepted', () => {
  it.each([
    ['waiting', 'discarded'],
    ['preview', 'discarded'],
    ['accepted', 'accepted'],
    ['refused', 'refused'],
  ] as const)('and is %s is %s when its time is over', (status, then) => {
    const upload = { status, expiresAt: NOW } as Upload;
    expect(presentUpload(upload, NOW).status).toBe(then);
    expect(presentUpload(upload, '2026-11-24T11:59:59.999Z').status).toBe(status);
  });
});
