import { type Instant, msOf } from '#kernel/instant.ts';
import type { TenantScope } from '#model/scope.ts';
import { leaseRequests, type RateCount } from '#store/rate-counter.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem } from './problem.ts';
import { RATE_LIMITS, RATE_WINDOW_SECONDS, type RateClass, type RateLimits } from './rates.ts';

/** A request that was let in, with what its answer says of the limit. */
export interface Admission {
  /** `RateLimit-Policy` and `RateLimit` as they stand now. */
  headers(): Readonly<Record<string, string>>;
  /** The request cost nothing after all: its answer was 304. */
  giveBack(): void;
}

/** Lets a request of a tenant in, or refuses it with 429 before anything is done for it. */
export type RateLimiter = (scope: TenantScope, rateClass: RateClass) => Promise<Admission>;

/** Requests taken out of the tenant's counter at once, so that a warm function writes once in so many requests. */
const LEASE = 20;
const WINDOW_MS = RATE_WINDOW_SECONDS * 1000;
/** Tenants of one function; above it the oldest leases are forgotten, which only costs a write. */
const MOST_LEASES = 10_000;

/** What one function holds of a tenant's window. */
interface Leased {
  left: number;
  count: RateCount | null;
  renewal: Promise<void> | null;
}

/** Makes the limiter of one function. What it has leased it keeps between requests. */
export function rateLimiter(
  { table, now }: { readonly table: Table; now(): Instant },
  limits: RateLimits = RATE_LIMITS,
): RateLimiter {
  const policyOf = (rateClass: RateClass): string => `"${rateClass}";q=${limits[rateClass]};w=${RATE_WINDOW_SECONDS}`;
  const policies = { read: policyOf('read'), write: policyOf('write'), run: policyOf('run') };
  const leases = new Map<string, Leased>();

  const renew = async (leased: Leased, scope: TenantScope, rateClass: RateClass, window: number): Promise<void> => {
    const ask = { window, wanted: LEASE, quota: limits[rateClass] };
    const { granted, count } = await leaseRequests(table, scope, `rate-${rateClass}`, ask, leased.count);
    leased.left = granted;
    leased.count = count;
  };

  return async (scope, rateClass) => {
    const nowMs = msOf(now());
    const window = Math.floor(nowMs / WINDOW_MS);
    const quota = limits[rateClass];
    const leased = leaseOf(leases, `${scope.tenantId}/${rateClass}`);
    const isOver = () => leased.count === null || leased.count.window < window;
    while (isOver() || leased.left === 0) {
      if (!isOver() && leased.count!.used >= quota) break;
      // Requests that run side by side share one renewal.
      leased.renewal ??= renew(leased, scope, rateClass, window).finally(() => {
        leased.renewal = null;
      });
      await leased.renewal;
    }
    const seconds = Math.max(1, Math.ceil(((leased.count!.window + 1) * WINDOW_MS - nowMs) / 1000));
    const headers = () => ({
      'ratelimit-policy': policies[rateClass],
      ratelimit: `"${rateClass}";r=${Math.max(0, quota - leased.count!.used + leased.left)};t=${seconds}`,
    });
    if (leased.left === 0) {
      const detail = `Your organisation may make ${quota} such requests in ${RATE_WINDOW_SECONDS} seconds.`;
      throw new ApiProblem('rate-limited', { detail, headers: headers(), data: { retryAfterSeconds: seconds } });
    }
    leased.left--;
    const { count } = leased;
    return {
      headers,
      giveBack: () => {
        if (leased.count!.window === count!.window) leased.left++;
      },
    };
  };
}

function leaseOf(leases: Map<string, Leased>, key: string): Leased {
  const known = leases.get(key);
  if (known !== undefined) return known;
  if (leases.size >= MOST_LEASES) leases.delete(leases.keys().next().value!);
  const leased: Leased = { left: 0, count: null, renewal: null };
  leases.set(key, leased);
  return leased;
}
