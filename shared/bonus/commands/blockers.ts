import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { PoolShares, ProPay, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { type AnswersToCheck, blockersOfAnswers } from '../definitions.ts';
import type { Blocker } from './accept.ts';

/** How old the sources are and how old they may be (M-110). */
export interface Freshness {
  readonly now: Instant;
  /** The oldest reading of the time sources; null where one was never read. */
  readonly dataAsOf: Instant | null;
  readonly maxDataAgeMinutes: number;
}

/** The parts of a result that approval asks about. */
export interface ApprovableResult extends Pick<ProPayResult, 'outcome' | 'missing' | 'completedAtSource' | 'openEntryIds'> {
  readonly figures: ApprovableFigures | null;
  readonly ifCompleted: ApprovableFigures | null;
  readonly people: Pick<ProPayResult['people'], 'managerIds'>;
}

/** Of figures: the time, and where they are at hand the notes. */
type ApprovableFigures = Pick<ProPayFigures, 'actualSeconds'> & Partial<Pick<ProPayFigures, 'notes'>>;

/** The parts of a ProPay, or of a member of a group, that approval asks about. */
export interface Approvable extends AnswersToCheck, Pick<ProPay, 'groupId'> {
  readonly pool: Pick<PoolShares, 'managerBp'>;
  readonly manualPool: Pick<PoolShares, 'managerBp'> | null;
}

/** Amounts by hand that do not fit any more (B-70). */
const UNSETTLED = ['manual-sum-mismatch', 'not-in-crew'] as const;

/**
 * Everything that stands in the way of approving an Active ProPay (B-87), in a fixed order. A group, unknown inputs, absent time and
 * open answers cannot be accepted; open work, running clocks, old data and a missing manager can.
 */
export function blockersOf(
  proPay: Approvable,
  result: ApprovableResult,
  { now, dataAsOf, maxDataAgeMinutes }: Freshness,
): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const block = (code: string, acceptable: boolean, ids: readonly string[] = []): void => {
    blockers.push({ code, acceptable, ids });
  };
  if (proPay.groupId !== null) block('member-of-group', false, [proPay.groupId]);
  const final = result.ifCompleted ?? (result.completedAtSource || result.outcome === 'applies' ? result.figures : null);
  // Missing progress only keeps the projection from being told: the final calculation does not need it (B-36).
  const missing = result.missing.filter((key) => key !== 'progress');
  if (final === null) block('cannot-tell', false, missing);
  else if (final.actualSeconds === 0) block('no-actual-time', false);
  blockers.push(...blockersOfAnswers(proPay));
  for (const code of UNSETTLED) if (final?.notes?.includes(code)) block(code, false);
  if (!result.completedAtSource) block('not-complete', true);
  if (result.openEntryIds.length > 0) block('open-time-entry', true, result.openEntryIds);
  if (dataAsOf === null || addSeconds(dataAsOf, maxDataAgeMinutes * 60) < now) block('stale-data', true);
  if ((proPay.manualPool ?? proPay.pool).managerBp > 0 && result.people.managerIds.length === 0) block('manager-missing', true);
  return blockers;
}
