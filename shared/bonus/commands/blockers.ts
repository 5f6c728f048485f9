import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import { blockersOfAnswers } from '../definitions.ts';
import type { Blocker } from './accept.ts';

/** How old the sources are and how old they may be (M-110). */
export interface Freshness {
  readonly now: Instant;
  /** The oldest reading of the time sources; null where one was never read. */
  readonly dataAsOf: Instant | null;
  readonly maxDataAgeMinutes: number;
}

/** The parts of a result that approval asks about. */
export type ApprovableResult = Pick<
  ProPayResult,
  'outcome' | 'missing' | 'figures' | 'ifCompleted' | 'completedAtSource' | 'openEntryIds' | 'people'
>;

/**
 * Everything that stands in the way of approving an Active ProPay (B-87), in a fixed order. Unknown inputs, absent time and open
 * answers cannot be accepted; open work, running clocks, old data and a missing manager can.
 */
export function blockersOf(
  proPay: Pick<ProPay, 'pool' | 'manualPool' | 'disqualifiers' | 'penalties'>,
  result: ApprovableResult,
  { now, dataAsOf, maxDataAgeMinutes }: Freshness,
): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const block = (code: string, acceptable: boolean, ids: readonly string[] = []): void => {
    blockers.push({ code, acceptable, ids });
  };
  const final = result.ifCompleted ?? (result.completedAtSource || result.outcome === 'applies' ? result.figures : null);
  // Missing progress only keeps the projection from being told: the final calculation does not need it (B-36).
  const missing = result.missing.filter((key) => key !== 'progress');
  if (final === null) block('cannot-tell', false, missing);
  else if (final.actualSeconds === 0) block('no-actual-time', false);
  blockers.push(...blockersOfAnswers(proPay));
  if (!result.completedAtSource) block('not-complete', true);
  if (result.openEntryIds.length > 0) block('open-time-entry', true, result.openEntryIds);
  if (dataAsOf === null || addSeconds(dataAsOf, maxDataAgeMinutes * 60) < now) block('stale-data', true);
  if ((proPay.manualPool ?? proPay.pool).managerBp > 0 && result.people.managerIds.length === 0) block('manager-missing', true);
  return blockers;
}
