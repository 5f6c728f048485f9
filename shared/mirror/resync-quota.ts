import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { RunMode, SyncState } from '#model/connection.ts';

/** How many manual resyncs of a mode fit into how long a rolling window (M-85). */
export interface ResyncQuota {
  readonly delta: { readonly count: number; readonly windowSeconds: number };
  readonly full: { readonly count: number; readonly windowSeconds: number };
}
export const RESYNC_QUOTA: ResyncQuota = {
  delta: { count: 4, windowSeconds: 3_600 },
  full: { count: 2, windowSeconds: 86_400 },
};

/** What is left of the quota now, and when an exhausted mode opens again (null while it is open). */
export interface QuotaState {
  readonly remaining: Readonly<Record<RunMode, number>>;
  readonly retryAt: Readonly<Record<RunMode, Instant | null>>;
}

/** The quota's state from the manual resyncs that a connection has had. */
export function quotaState(resyncs: SyncState['resyncs'], now: Instant, quota: ResyncQuota = RESYNC_QUOTA): QuotaState {
  const delta = modeState(resyncs, 'delta', now, quota);
  const full = modeState(resyncs, 'full', now, quota);
  return {
    remaining: { delta: delta.remaining, full: full.remaining },
    retryAt: { delta: delta.retryAt, full: full.retryAt },
  };
}

function modeState(resyncs: SyncState['resyncs'], mode: RunMode, now: Instant, quota: ResyncQuota) {
  const { count, windowSeconds } = quota[mode];
  const used = inWindow(resyncs, mode, now, windowSeconds);
  const remaining = Math.max(0, count - used.length);
  // The window opens when so many have left it that one more fits.
  const leaves = remaining > 0 ? undefined : used[used.length - count];
  return { remaining, retryAt: leaves === undefined ? null : addSeconds(leaves.at, windowSeconds) };
}

/** The resyncs to keep with one more added: what has left every window is forgotten. */
export function withResync(
  resyncs: SyncState['resyncs'],
  added: { readonly at: Instant; readonly mode: RunMode },
  quota: ResyncQuota = RESYNC_QUOTA,
): SyncState['resyncs'] {
  const kept = (['delta', 'full'] as const).flatMap((mode) => inWindow(resyncs, mode, added.at, quota[mode].windowSeconds));
  return [...kept, added].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function inWindow(resyncs: SyncState['resyncs'], mode: RunMode, now: Instant, windowSeconds: number) {
  const since = addSeconds(now, -windowSeconds);
  return resyncs.filter((one) => one.mode === mode && one.at > since).sort((a, b) => (a.at < b.at ? -1 : 1));
}
