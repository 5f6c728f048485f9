import { describe, expect, it } from 'vitest';
import { planRead } from '#mirror/windows.ts';
import { NO_COUNTS, type StreamState } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import { SETTINGS } from '#test/support/sync-bench.ts';

/** A Friday. */
const TODAY = '2026-03-20';
const NOW = '2026-03-20T20:00:00.000Z';

const visits: StreamManifest = {
  stream: 'visits',
  entity: 'milestone',
  space: 'milestone',
  refresh: 'cycle',
  delta: { kind: 'window', nearDays: [-2, 7], farDays: [-14, 60] },
  deletes: { kind: 'sweep' },
  dependsOn: [],
};
const shifts: StreamManifest = { ...visits, stream: 'shifts', entity: 'time_entry', deletes: { kind: 'window_sweep' } };

const readAt = (lastFullAt: string | null): StreamState => ({
  watermark: null,
  lastReadAt: '2026-03-20T19:40:00.000Z',
  lastFullAt,
  lastOutcome: 'succeeded',
  lastRunId: 'run',
  lastSuccessfulAt: null,
  lastSuccessfulRunId: null,
  dataAsOf: null,
  counts: NO_COUNTS,
  digest: null,
  sweepOpen: false,
  owesFull: false,
});
const delta = { mode: 'delta', trigger: 'schedule' } as const;
const plan = (
  stream: StreamManifest,
  state: StreamState | undefined,
  run: { mode: 'delta' | 'full'; trigger: 'schedule' } = delta,
) => planRead(stream, state, SETTINGS, run, TODAY, NOW);

describe('the window of a stream without stamps (M-61, M-82)', () => {
  it('is near in each cycle and far once an hour, in whole weeks', () => {
    const near = { from: '2026-03-16', to: '2026-03-29' };
    const far = { from: '2026-03-02', to: '2026-05-24' };
    expect(plan(visits, readAt('2026-03-20T19:20:00.000Z'))).toMatchObject({ window: near, far: false });
    expect(plan(visits, readAt('2026-03-20T19:00:00.000Z'))).toMatchObject({ window: far, far: true });
    expect(plan(visits, readAt(null))).toMatchObject({ window: far, far: true });
    expect(plan(visits, undefined)).toMatchObject({ window: far, far: true });
  });

  it('proves deletions where its records are remembered by their week, and nothing where they are not (M-102)', () => {
    expect(plan(shifts, readAt('2026-03-20T19:20:00.000Z')).complete).toBe(true);
    expect(plan(visits, readAt('2026-03-20T19:20:00.000Z')).complete).toBe(false);
    expect(plan(visits, readAt(null)).complete).toBe(false);
  });

  it('is everything in a full run where absence is proven by complete listings (M-83), and from the import date where by weeks', () => {
    const full = { mode: 'full', trigger: 'schedule' } as const;
    expect(plan(visits, readAt(NOW), full)).toMatchObject({ window: null, since: null, complete: true });
    expect(plan(shifts, readAt(NOW), full)).toMatchObject({ window: { from: '2025-12-29', to: '2099-12-31' }, complete: true });
  });
});
