import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import type { GoalTier } from '#model/pro-goal.ts';
import { integerAt, listAt, objectAt } from '../check.ts';
import type { Disqualifier, Penalty } from '../shapes.ts';
import { anyFailed, anyPending, shareAfterAnswers } from './disqualifiers.ts';
import { anyAmountMissing, penaltyOf } from './penalties.ts';
import { defineRule } from './rule.ts';

/** B-164, B-165: the tier a metric reaches. */
export const tierRule = defineRule('B-165', 1, 'Choice of tier');
/** B-166: answers and penalties of one participant. */
export const participantRule = defineRule('B-166', 1, 'Disqualifiers and penalties of a participant');

export type Tier = GoalTier;

/** Checks tiers as somebody saves them (B-164): `invalid-tier`, `tier-order` (a reward falls as the index rises), `invalid-number`. */
export function assertTiers(value: unknown, field: string): asserts value is readonly Tier[] {
  const tiers = listAt(value, field).map((item, index) => tierAt(item, `${field}[${index}]`));
  tiers.sort((a, b) => a.index - b.index);
  for (let rank = 1; rank < tiers.length; rank += 1) {
    if (tiers[rank]!.index === tiers[rank - 1]!.index) refuse('invalid-tier', { field, detail: 'two tiers have the same index' });
    if (tiers[rank]!.rewardCents < tiers[rank - 1]!.rewardCents) refuse('tier-order', { field });
  }
}

function tierAt(item: unknown, field: string): { readonly index: number; readonly rewardCents: number } {
  const { index, type, min, max, rewardCents } = objectAt(item, field);
  const least = type === 'lte' ? -MAX_CENTS : integerAt(min, `${field}.min`, -MAX_CENTS, MAX_CENTS);
  const most = type === 'gte' ? MAX_CENTS : integerAt(max, `${field}.max`, -MAX_CENTS, MAX_CENTS);
  if (type !== 'between' && type !== 'gte' && type !== 'lte') refuse('invalid-tier', { field: `${field}.type` });
  if (least > most) refuse('invalid-tier', { field: `${field}.min`, detail: 'must not be above max' });
  return {
    index: integerAt(index, `${field}.index`, 0, 1_000_000),
    rewardCents: integerAt(rewardCents, `${field}.rewardCents`, 0, MAX_CENTS),
  };
}

/** The one tier that pays: the qualifying one with the highest index; null when none does (B-165). */
export function chooseTier(tiers: readonly Tier[], value: number): Tier | null {
  let chosen: Tier | null = null;
  for (const tier of tiers) if (qualifies(tier, value) && (chosen === null || tier.index > chosen.index)) chosen = tier;
  return chosen;
}

function qualifies(tier: Tier, value: number): boolean {
  switch (tier.type) {
    case 'between':
      return tier.min <= value && value <= tier.max;
    case 'gte':
      return value >= tier.min;
    case 'lte':
      return value <= tier.max;
  }
}

/** What one participant gets (B-166): nothing after a failure, penalties off the reward with floor 0; an open answer blocks approval. */
export function participantReward(
  rewardCents: number,
  disqualifiers: readonly Disqualifier[],
  penalties: readonly Penalty[],
): { readonly approvable: boolean; readonly cents: number } {
  const afterAnswersCents = shareAfterAnswers(rewardCents, anyFailed(disqualifiers));
  return {
    approvable: !anyPending(disqualifiers) && !anyAmountMissing(penalties),
    cents: afterAnswersCents - penaltyOf(afterAnswersCents, penalties),
  };
}

/** A run of whole values between the tiers that none of them reaches; both ends belong to it. */
export type TierGap = { readonly from: number; readonly to: number };

/** Values between the lowest and the highest tier that no tier reaches, in order: saving warns of them (B-164). */
export function tierGaps(tiers: readonly Tier[]): readonly TierGap[] {
  const reached = tiers
    .map((tier) => ({
      from: tier.type === 'lte' ? Number.NEGATIVE_INFINITY : tier.min,
      to: tier.type === 'gte' ? Number.POSITIVE_INFINITY : tier.max,
    }))
    .sort((a, b) => a.from - b.from);
  const gaps: TierGap[] = [];
  let end: number | null = null;
  for (const { from, to } of reached) {
    if (end !== null && from > end + 1) gaps.push({ from: end + 1, to: from - 1 });
    end = end === null ? to : Math.max(end, to);
  }
  return gaps;
}
