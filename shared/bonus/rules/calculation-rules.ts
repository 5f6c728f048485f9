import { budgetRules } from './budget-base.ts';
import { adjustmentRule, modifiedBudgetRule, settingRule } from './budget-modification.ts';
import { companyShareRule } from './company-share.ts';
import { completionRule } from './completion.ts';
import { countedTimeRule, missingWageRule } from './counted-time.ts';
import { excludedRule, switchedOutRule } from './crew.ts';
import { failedDisqualifierRule, failedMemberRule, pendingDisqualifierRule } from './disqualifiers.ts';
import { formulas } from './distribution.ts';
import { driveSpreadRule } from './drive-spread.ts';
import { evenSplitRule } from './even-split.ts';
import { burdenRule, labourCostRule, overtimeCostRule } from './labour-cost.ts';
import { leadPayRule } from './lead-pay.ts';
import { negativeSavingsRule } from './negative-savings.ts';
import { undecidedRule } from './outcome.ts';
import { penaltyRule } from './penalties.ts';
import { emptyRoleRule, roleSplitRule } from './role-pools.ts';
import type { Rule } from './rule.ts';
import { hoursSavingsRule, moneySavingsRule, noTimeRule } from './savings.ts';
import { wageBasisRule } from './wage-basis.ts';
import { workerShareRule } from './worker-share.ts';

/** The rules whose steps make up the trace of one calculation (B-5). */
export const calculationRules: readonly Rule[] = [
  undecidedRule,
  companyShareRule,
  ...Object.values(budgetRules),
  settingRule,
  adjustmentRule,
  modifiedBudgetRule,
  completionRule,
  countedTimeRule,
  wageBasisRule,
  missingWageRule,
  labourCostRule,
  burdenRule,
  overtimeCostRule,
  driveSpreadRule,
  moneySavingsRule,
  hoursSavingsRule,
  noTimeRule,
  workerShareRule,
  roleSplitRule,
  emptyRoleRule,
  evenSplitRule,
  negativeSavingsRule,
  leadPayRule,
  ...Object.values(formulas).map(({ rule }) => rule),
  excludedRule,
  switchedOutRule,
  failedDisqualifierRule,
  pendingDisqualifierRule,
  penaltyRule,
  failedMemberRule,
];
