import { calculatorRule } from '../bonus-calculator.ts';
import { callbackRule, reserveFirstRule } from '../callback.ts';
import { callbackStatesRule } from '../commands/callback.ts';
import { adjustingRule } from '../commands/source-change.ts';
import { eligibilityRule } from '../eligibility.ts';
import { preflightRule } from '../exports/preflight.ts';
import { exportBatchRule } from '../exports/statement-lines.ts';
import { pooledRule, separateRule } from '../group.ts';
import { recognitionRule } from '../inputs/callback-of.ts';
import { settingOrderRule } from '../inputs/incentives.ts';
import { reworkRule } from '../inputs/rework.ts';
import { itemStatusRule } from '../item-status.ts';
import { partsRule, waitingRule } from '../line-items.ts';
import { bucketsRule } from '../pay/buckets.ts';
import { warrantyBalanceRule } from '../pay/warranty-balance.ts';
import { attributionRule } from '../pay-law/attribution.ts';
import { californiaRule } from '../pay-law/california.ts';
import { californiaPieceRateRule } from '../pay-law/california-piece-rate.ts';
import { countedBonusRule } from '../pay-law/counted-bonuses.ts';
import { earningsShareRule } from '../pay-law/earnings-share.ts';
import { exportModeRule } from '../pay-law/export-mode.ts';
import { federalPremiumRule } from '../pay-law/federal-premium.ts';
import { oneWeekRule } from '../pay-law/one-week.ts';
import { penaltyOrDeductionRule } from '../pay-law/penalty-or-deduction.ts';
import { pieceRateRule } from '../pay-law/piece-rate.ts';
import { payLawPolicyRule } from '../pay-law/policies.ts';
import { rateExclusionRule } from '../pay-law/rate-exclusion.ts';
import { wageFloorRule } from '../pay-law/wage-floor.ts';
import { weekLedgerRule } from '../pay-law/week-ledger.ts';
import { workweekRule } from '../pay-law/workweek.ts';
import { phaseModeRule, phaseSetRule } from '../phased/phase-set.ts';
import { phaseStatusRule } from '../phased/work-out-phases.ts';
import { independentPhasesRule, releaseRule, reservePhasesRule } from '../phases.ts';
import { sourceChangeRule } from '../source-change.ts';
import { assignmentRule, rolloverRule, totalsRule } from '../statement.ts';
import { budgetRules } from './budget-base.ts';
import { adjustmentRule, modifiedBudgetRule, settingRule } from './budget-modification.ts';
import { budgetQualityRule } from './budget-quality.ts';
import { cardinalityRule } from './cardinality.ts';
import { companyShareRule } from './company-share.ts';
import { completionRule } from './completion.ts';
import { countedTimeRule, missingWageRule } from './counted-time.ts';
import { crewRule, excludedRule, switchedOutRule } from './crew.ts';
import { failedDisqualifierRule, failedMemberRule, pendingDisqualifierRule } from './disqualifiers.ts';
import { formulas } from './distribution.ts';
import { driveSpreadRule } from './drive-spread.ts';
import { evenSplitRule } from './even-split.ts';
import { exclusionRule } from './exclusion-rules.ts';
import { goalMetricRule } from './goal-metric.ts';
import { goalParticipantsRule } from './goal-participants.ts';
import { participantRule, tierRule } from './goal-tiers.ts';
import { groupConflictRule } from './group-conflicts.ts';
import { groupMembershipRule } from './group-membership.ts';
import { burdenRule, labourCostRule, overtimeCostRule } from './labour-cost.ts';
import { launchRule } from './launch.ts';
import { leadPayRule } from './lead-pay.ts';
import { leaderboardRule } from './leaderboard.ts';
import { negativeSavingsRule } from './negative-savings.ts';
import { noCapsRule } from './no-caps.ts';
import { undecidedRule } from './outcome.ts';
import { penaltyRule } from './penalties.ts';
import { progressRequestRule, progressRule } from './progress.ts';
import {
  benchmarkRule,
  groupFiguresRule,
  hoursGainedRule,
  insightsEfficiencyRule,
  proPayEfficiencyRule,
} from './report-figures.ts';
import { emptyRoleRule, poolRule, roleSplitRule } from './role-pools.ts';
import type { Rule } from './rule.ts';
import { hoursSavingsRule, moneySavingsRule, noTimeRule } from './savings.ts';
import { wageBasisRule } from './wage-basis.ts';
import { wageFiguresRule } from './wage-figures.ts';
import { workerShareRule } from './worker-share.ts';

/** Every rule the engine applies, in the order of their numbers. */
export const rules: readonly Rule[] = [
  undecidedRule,
  companyShareRule,
  eligibilityRule,
  launchRule,
  cardinalityRule,
  exclusionRule,
  settingOrderRule,
  ...Object.values(budgetRules),
  settingRule,
  adjustmentRule,
  modifiedBudgetRule,
  completionRule,
  progressRule,
  progressRequestRule,
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
  poolRule,
  roleSplitRule,
  emptyRoleRule,
  evenSplitRule,
  negativeSavingsRule,
  leadPayRule,
  noCapsRule,
  crewRule,
  ...Object.values(formulas).map((formula) => formula.rule),
  excludedRule,
  switchedOutRule,
  failedDisqualifierRule,
  pendingDisqualifierRule,
  penaltyRule,
  sourceChangeRule,
  adjustingRule,
  groupMembershipRule,
  groupConflictRule,
  pooledRule,
  separateRule,
  failedMemberRule,
  groupFiguresRule,
  phaseModeRule,
  phaseSetRule,
  phaseStatusRule,
  independentPhasesRule,
  reservePhasesRule,
  releaseRule,
  partsRule,
  waitingRule,
  itemStatusRule,
  assignmentRule,
  totalsRule,
  rolloverRule,
  wageFiguresRule,
  bucketsRule,
  recognitionRule,
  reworkRule,
  callbackRule,
  reserveFirstRule,
  goalParticipantsRule,
  goalMetricRule,
  callbackStatesRule,
  tierRule,
  participantRule,
  proPayEfficiencyRule,
  insightsEfficiencyRule,
  hoursGainedRule,
  benchmarkRule,
  warrantyBalanceRule,
  calculatorRule,
  budgetQualityRule,
  leaderboardRule,
  workweekRule,
  oneWeekRule,
  attributionRule,
  federalPremiumRule,
  weekLedgerRule,
  countedBonusRule,
  earningsShareRule,
  rateExclusionRule,
  californiaRule,
  pieceRateRule,
  californiaPieceRateRule,
  wageFloorRule,
  penaltyOrDeductionRule,
  exportModeRule,
  exportBatchRule,
  preflightRule,
  payLawPolicyRule,
];

/** The versions in force, by rule id: an approval's snapshot keeps them beside its figures (B-6, B-89). */
export const ruleVersions: Readonly<Record<string, number>> = Object.fromEntries(rules.map((rule) => [rule.id, rule.version]));
