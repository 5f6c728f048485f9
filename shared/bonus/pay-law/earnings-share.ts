import { compareCodePoints } from '#kernel/ids.ts';
import { roundedRatio } from '../exact.ts';
import { distribute } from '../rules/distribution.ts';
import { defineRule } from '../rules/rule.ts';
import type { WorkerShare } from '../shapes.ts';

/** B-208: a pool by share of all earnings raises straight and overtime pay alike, so no premium is owed on it. */
export const earningsShareRule = defineRule('B-208', 1, 'Share of total earnings');

/** One person's earnings of the whole workweeks of the bonus period. */
export type PeriodEarnings = { readonly id: string; readonly straightCents: number; readonly overtimePremiumCents: number };

/** The shares (zeros omitted) and the premium each holds already (zeros kept), both by worker id; `companyCents` where nobody earned. */
export type EarningsShares = {
  readonly shares: readonly WorkerShare[];
  readonly premiumCents: 0;
  readonly embeddedPremium: readonly WorkerShare[];
  readonly companyCents: number;
};

/** Divides a pool by total earnings (B-71, B-208). embedded = share · overtime premium / earnings, rounded once. */
export function shareByEarnings(poolCents: number, people: readonly PeriodEarnings[]): EarningsShares {
  const sorted = [...people].sort((a, b) => compareCodePoints(a.id, b.id));
  const amounts = distribute(
    poolCents,
    { formula: 'total_earnings' },
    sorted.map((person) => ({
      workerId: person.id,
      seconds: 0,
      straight: 0,
      isLead: false,
      earningsCents: person.straightCents + person.overtimePremiumCents,
    })),
  );
  const shares = sorted.map(({ id }, index) => ({ workerId: id, cents: amounts?.[index] ?? 0 }));
  return {
    shares: shares.filter(({ cents }) => cents !== 0),
    premiumCents: 0,
    embeddedPremium: sorted.map((person, index) => ({
      workerId: person.id,
      cents: embeddedPremium(shares[index]!.cents, person),
    })),
    companyCents: amounts === null ? poolCents : 0,
  };
}

/** The overtime premium that lies in a share of total earnings, rounded once (B-208). */
export function embeddedPremium(shareCents: number, { straightCents, overtimePremiumCents }: Omit<PeriodEarnings, 'id'>): number {
  const earnings = straightCents + overtimePremiumCents;
  return earnings === 0 ? 0 : roundedRatio(shareCents, overtimePremiumCents, earnings);
}
