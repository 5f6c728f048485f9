import { counterKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table } from './table.ts';

/** How many requests of a tenant's window are given away. */
export interface RateCount {
  /** Number of the window since the epoch. */
  readonly window: number;
  readonly used: number;
}

/** What a lease brought: so many requests, and the count as it stands with them. */
export interface RateLease {
  readonly granted: number;
  readonly count: RateCount;
}

/** Beyond it everybody is let through: the limit keeps tenants apart, and a counter that is fought over must not stop them all. */
const ATTEMPTS = 10;

/**
 * Takes up to `wanted` requests out of the tenant's window, none where its quota is given away: one write under the condition that
 * nobody was faster, which is told by the count that stands there. `seen` is the count as this caller knows it, so nothing is read.
 */
export async function leaseRequests(
  table: Table,
  scope: TenantScope,
  name: string,
  ask: { readonly window: number; readonly wanted: number; readonly quota: number },
  seen: RateCount | null,
): Promise<RateLease> {
  const key = counterKey(scope, name);
  let known = seen;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Another function's clock may be ahead by a moment: its window is the present one then.
    const window = Math.max(ask.window, known?.window ?? 0);
    const used = known?.window === window ? known.used : 0;
    const granted = Math.min(ask.wanted, ask.quota - used);
    if (granted <= 0) return { granted: 0, count: { window, used } };
    const count: RateCount = { window, used: used + granted };
    const condition = known === null ? ABSENT : unchanged(known);
    const outcome = await table.write(scope, [{ kind: 'put', item: { ...key, et: 'ct', v: 1, ...count }, condition }]);
    if (outcome.applied) return { granted, count };
    known = countOf(outcome.failed[0]?.current ?? null);
  }
  return { granted: ask.wanted, count: known ?? { window: ask.window, used: ask.wanted } };
}

const ABSENT = { expression: 'attribute_not_exists(pk)' };

function unchanged({ window, used }: RateCount) {
  return {
    expression: '#window = :window AND #used = :used',
    names: { '#window': 'window', '#used': 'used' },
    values: { ':window': window, ':used': used },
  };
}

function countOf(item: Item | null): RateCount | null {
  return item === null ? null : { window: Number(item.window), used: Number(item.used) };
}
