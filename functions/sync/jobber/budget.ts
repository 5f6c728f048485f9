/** What an answer tells about the points of this app at this account. */
export interface Throttle {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  /** Points a second. */
  readonly restoreRate: number;
}

/** Most points that one call may request, and how many stay in the bucket for whoever else uses this app's share (M-40). */
export const CALL_POINTS = 2_000;
const RESERVE_POINTS = 2_000;

/** How long to wait before a call so that it leaves the reserve in the bucket, in milliseconds; the bucket as it was told at `toldMs`. */
export function delayBefore(points: number, throttle: Throttle, toldMs: number, nowMs: number): number {
  const { maximumAvailable, currentlyAvailable, restoreRate } = throttle;
  if (restoreRate <= 0) return 0;
  const wanted = Math.min(points + RESERVE_POINTS, maximumAvailable);
  const restored = currentlyAvailable + (Math.max(0, nowMs - toldMs) * restoreRate) / 1000;
  return Math.max(0, Math.ceil(((wanted - restored) * 1000) / restoreRate));
}

/** Seconds after which a call that was throttled has its points together, by the source's own formula. */
export function secondsUntil(points: number, { currentlyAvailable, restoreRate }: Throttle): number | null {
  return restoreRate > 0 ? Math.max(1, Math.ceil((points - currentlyAvailable) / restoreRate)) : null;
}

/**
 * How many rows to ask for when `first` rows requested `points`: as many as stay within the limit. Steered by what answers tell, since the
 * published rules are not all there is (M-61).
 */
export function firstWithin(limit: number, first: number, points: number): number {
  return points <= limit ? first : Math.max(1, Math.min(first - 1, Math.floor((first * limit) / points)));
}
