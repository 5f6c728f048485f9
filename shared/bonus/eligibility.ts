import type { LocalDate } from '#kernel/instant.ts';
import { modifyBudget } from './rules/budget-modification.ts';
import { type ExcludableJob, type ExclusionRule, matchingRules } from './rules/exclusion-rules.ts';
import { type Launch, passesLaunch } from './rules/launch.ts';
import { missingKeys } from './rules/outcome.ts';
import { defineRule } from './rules/rule.ts';
import type { Adjustment, Budget, SettingModification } from './shapes.ts';

/** B-12: the gates before a ProPay exists. */
export const eligibilityRule = defineRule('B-12', 1, 'Eligibility');

/** A job or milestone as the gates see it. `canceled` covers canceled, gone, ignored and out of scope at the source (gate 1). */
export type EligibilityJob = ExcludableJob & {
  readonly canceled: boolean;
  /** Null: the source has not told, or it changed and nobody has decided yet. */
  readonly recurring: boolean | null;
  readonly overhead: boolean;
  readonly callbackOf: string | null;
  readonly workDate: LocalDate | null;
  readonly completedDate: LocalDate | null;
  readonly excludedManually: boolean;
  /** Somebody allowed to has taken the job in although a rule excludes it (B-16): gate 6 is not asked. */
  readonly includedManually?: boolean | null;
  readonly inProgram: boolean;
};

/** Everything the gates depend on. */
export type EligibilityInput = {
  readonly job: EligibilityJob;
  readonly launch: Launch;
  readonly rules: readonly ExclusionRule[];
  readonly hasProPay: boolean;
  readonly budget: Budget | null;
  readonly settingModification?: SettingModification | null;
  readonly adjustment?: Adjustment | null;
};

/** Why there is no ProPay: the codes of the missing-record diagnosis. */
export type IneligibleReason =
  | 'job_canceled'
  | 'already_has_propay'
  | 'overhead'
  | 'callback'
  | 'excluded_by_rule'
  | 'excluded_manually'
  | 'launch_not_set'
  | 'before_launch_date'
  | 'not_incentivised'
  | 'no_budget';

/** The answer of the gates (B-4). */
export type Eligibility =
  | { readonly outcome: 'applies' }
  | { readonly outcome: 'does-not-apply'; readonly reason: IneligibleReason; readonly matchedRuleIds?: readonly string[] }
  | { readonly outcome: 'cannot-tell'; readonly missing: readonly string[] };

/** The row of the diagnosis table that a reason belongs to. */
export const verdictOf: Readonly<Record<IneligibleReason, `V-${number}`>> = {
  job_canceled: 'V-19',
  already_has_propay: 'V-20',
  overhead: 'V-23',
  callback: 'V-23',
  excluded_by_rule: 'V-24',
  excluded_manually: 'V-24',
  launch_not_set: 'V-25',
  before_launch_date: 'V-25',
  not_incentivised: 'V-26',
  no_budget: 'V-27',
};

/** Which gates a caller may leave out: those that do not bind a creation by hand (B-16). */
export type GateOptions = { readonly skipProgramScope?: boolean };

/** Runs the gates of B-12 in their order and stops at the first hit. */
export function checkEligibility(input: EligibilityInput, options: GateOptions = {}): Eligibility {
  const { job } = input;
  if (job.canceled) return ineligible('job_canceled');
  if (input.hasProPay) return ineligible('already_has_propay');
  if (job.recurring === null) return { outcome: 'cannot-tell', missing: ['recurrence'] };
  if (job.overhead) return ineligible('overhead');
  if (job.callbackOf !== null) return ineligible('callback');
  const excluded = checkExclusion(job, input.rules);
  if (excluded !== null && !job.includedManually) return { outcome: 'does-not-apply', ...excluded };
  if (input.launch.mode === 'not_set') return ineligible('launch_not_set');
  if (!passesLaunch(input.launch, job.workDate, job.completedDate)) return ineligible('before_launch_date');
  if (!job.inProgram && !options.skipProgramScope) return ineligible('not_incentivised');
  return checkBudget(input);
}

function ineligible(reason: IneligibleReason): Eligibility {
  return { outcome: 'does-not-apply', reason };
}

/** Gate 6: by the rules, all of them named, or one-off by hand (B-17, B-19); null when nothing excludes the job. */
export function checkExclusion(
  job: ExcludableJob & { readonly excludedManually: boolean },
  rules: readonly ExclusionRule[],
): { readonly reason: 'excluded_by_rule' | 'excluded_manually'; readonly matchedRuleIds: readonly string[] } | null {
  const matchedRuleIds = matchingRules(job, rules);
  if (matchedRuleIds.length > 0) return { reason: 'excluded_by_rule', matchedRuleIds };
  return job.excludedManually ? { reason: 'excluded_manually', matchedRuleIds } : null;
}

/** Gates 10 and 11: the budget is known, and above zero after all modifications. */
function checkBudget({ budget, settingModification, adjustment }: EligibilityInput): Eligibility {
  if (budget === null) return { outcome: 'cannot-tell', missing: ['budget'] };
  const modified = modifyBudget(budget, settingModification, adjustment);
  if (!modified.known) return { outcome: 'cannot-tell', missing: missingKeys(modified.missing) };
  return modified.value <= 0 ? ineligible('no_budget') : { outcome: 'applies' };
}
