import { refuse } from '#kernel/errors.ts';
import type { ExclusionGround, LineItem, RateExclusion } from '#model/pay.ts';
import { defineRule } from '../rules/rule.ts';

/** B-209: every bonus counts in the regular rate, unless one by hand is excluded on a ground that the law knows. */
export const rateExclusionRule = defineRule('B-209', 1, 'In or out of the regular rate');

/** The regulation behind each ground, for whoever checks it: guidance, not legal advice. */
const LEGAL_BASES: Readonly<Record<ExclusionGround, string>> = {
  discretionary: '29 CFR 778.211',
  gift: '29 CFR 778.212',
  referral: '29 CFR 778.211',
  reimbursement: '29 CFR 778.217',
};

/** The exclusion as it is kept with the item; refuses one without a reason. */
export function rateExclusion(ground: ExclusionGround, reason: string, by: string): RateExclusion {
  if (reason.trim() === '') refuse('invalid-body', { field: 'rateExclusion.reason', detail: 'says why the ground applies' });
  return { ground, legalBasis: LEGAL_BASES[ground], reason: reason.trim(), by };
}

/** Whether a bonus counts in the regular rate of its weeks: only one by hand can be excluded (B-209). */
export function countsInRegularRate({ source, rateExclusion }: Pick<LineItem, 'source' | 'rateExclusion'>): boolean {
  return rateExclusion === null || source.kind !== 'manual';
}
