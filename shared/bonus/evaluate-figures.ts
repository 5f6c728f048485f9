import { assertBp, assertCents, assertCount, assertSeconds, assertWageE4, MAX_CENTS } from '#kernel/money.ts';
import { estimateBonus } from './bonus-calculator.ts';
import { callbackDifference } from './callback.ts';
import { flagAt, integerAt, listAt, objectAt, refuseShape, textAt } from './check.ts';
import { assertCalculation, assertEntries } from './check-calculation.ts';
import { payoutsAt } from './evaluate-crew.ts';
import { cannotTell, disqualifiersAt, penaltiesAt } from './evaluate-rules.ts';
import { calculatePooled, calculateSeparate, type GroupMember, type GroupTerms } from './group.ts';
import { independentPhases, type Phase, type PhaseTerms, releaseReserve, reservePhases } from './phases.ts';
import { assertBudget } from './rules/budget-base.ts';
import { assertTiers, chooseTier, participantReward } from './rules/goal-tiers.ts';
import { compareWithBenchmark, groupFigures, hoursGained, insightsEfficiency, proPayEfficiency } from './rules/report-figures.ts';
import { assertPool } from './rules/role-pools.ts';
import type { WorkerShare } from './shapes.ts';

/** B-108: the tiles of a group. */
export function evaluateGroupFigures(inputs: unknown): object {
  const { budgetSeconds, actualSeconds, jobsDone, jobsTotal } = objectAt(inputs, 'inputs');
  assertSeconds(budgetSeconds, 'budgetSeconds');
  assertSeconds(actualSeconds, 'actualSeconds');
  assertCount(jobsDone, 'jobsDone');
  assertCount(jobsTotal, 'jobsTotal');
  return groupFigures(budgetSeconds, actualSeconds, jobsDone, jobsTotal);
}

/** B-102, B-103: a group. */
export function evaluateGroup(inputs: unknown): object {
  const { netting, members, ...rest } = objectAt(inputs, 'inputs');
  const list: GroupMember[] = [];
  let terms: GroupTerms | null = null;
  for (const [index, item] of listAt(members, 'members').entries()) {
    const { id, ...own } = objectAt(item, `members[${index}]`);
    // Each member under the common terms is a calculation of its own, which checks every part of both.
    const common: unknown = { ...rest, budget: null, entries: [] };
    const member: unknown = { ...rest, disqualifiers: [], penalties: [], settingModification: null, adjustment: null, ...own };
    assertCalculation(common);
    assertCalculation(member);
    const { budget, entries, disqualifiers, penalties, settingModification, adjustment } = member;
    list.push({
      id: textAt(id, `members[${index}].id`),
      budget,
      entries,
      disqualifiers,
      penalties,
      settingModification,
      adjustment,
    });
    terms = common;
  }
  if (netting !== 'pooled' && netting !== 'separate') refuseShape('netting', 'must be pooled or separate');
  if (terms === null) refuseShape('members', 'must not be empty');
  return netting === 'pooled' ? calculatePooled(terms, list) : calculateSeparate(terms, list);
}

/** B-113, B-114: phases in the order of their approval. */
export function evaluatePhases(inputs: unknown): object {
  const { mode, phases, ...rest } = objectAt(inputs, 'inputs');
  const list: Phase[] = [];
  let terms: PhaseTerms | null = null;
  for (const [index, item] of listAt(phases, 'phases').entries()) {
    const phase = objectAt(item, `phases[${index}]`);
    const calculation: unknown = { ...rest, budget: phase.budget, entries: phase.entries };
    assertCalculation(calculation);
    list.push({ id: textAt(phase.id, `phases[${index}].id`), budget: calculation.budget, entries: calculation.entries });
    terms = calculation;
  }
  if (mode !== 'independent' && mode !== 'reserve') refuseShape('mode', 'must be independent or reserve');
  if (terms === null) refuseShape('phases', 'must not be empty');
  return mode === 'independent' ? independentPhases(terms, list) : reservePhases(terms, list);
}

/** B-115: a release from the reserve. */
export function evaluateRelease(inputs: unknown): object {
  const { reserve, releaseBp, overrides } = objectAt(inputs, 'inputs');
  assertBp(releaseBp, 'releaseBp', 0, 10_000);
  const balances: WorkerShare[] = listAt(reserve, 'reserve').map((item, index) => {
    const { workerId, cents } = objectAt(item, `reserve[${index}]`);
    return {
      workerId: textAt(workerId, `reserve[${index}].workerId`),
      cents: integerAt(cents, `reserve[${index}].cents`, 0, MAX_CENTS),
    };
  });
  const own = listAt(overrides ?? [], 'overrides').map((item, index) => {
    const override = objectAt(item, `overrides[${index}]`);
    assertBp(override.releaseBp, `overrides[${index}].releaseBp`, 0, 10_000);
    return [textAt(override.workerId, `overrides[${index}].workerId`), override.releaseBp] as const;
  });
  return releaseReserve(balances, releaseBp, new Map(own));
}

/** B-152, B-153: rework on an approved ProPay. */
export function evaluateCallback(inputs: unknown): object {
  const { original, rework, reserve, alreadyTaken } = objectAt(inputs, 'inputs');
  assertCalculation(original);
  assertEntries(rework, 'rework');
  return callbackDifference(original, rework, payoutsAt(reserve ?? [], 'reserve'), payoutsAt(alreadyTaken ?? [], 'alreadyTaken'));
}

/** B-164, B-165: the tier a value reaches. */
export function evaluateTier(inputs: unknown): object {
  const { tiers, value } = objectAt(inputs, 'inputs');
  assertTiers(tiers, 'tiers');
  const tier = chooseTier(tiers, integerAt(value, 'value', -MAX_CENTS, MAX_CENTS));
  return { tierIndex: tier?.index ?? null, rewardCents: tier?.rewardCents ?? 0 };
}

/** B-166: one participant's reward. */
export function evaluateReward(inputs: unknown): object {
  const { rewardCents, disqualifiers, penalties } = objectAt(inputs, 'inputs');
  const reward = integerAt(rewardCents, 'rewardCents', 0, MAX_CENTS);
  return participantReward(
    reward,
    disqualifiersAt(disqualifiers ?? [], 'disqualifiers'),
    penaltiesAt(penalties ?? [], 'penalties'),
  );
}

/** B-171: paid of possible bonus. */
export function evaluateProPayEfficiency(inputs: unknown): object {
  const { actualBonusCents, maxPossibleCents } = objectAt(inputs, 'inputs');
  assertCents(actualBonusCents, 'actualBonusCents');
  return proPayEfficiency(actualBonusCents, integerAt(maxPossibleCents, 'maxPossibleCents', 0, MAX_CENTS));
}

/** B-172: cost against budget. */
export function evaluateInsights(inputs: unknown): object {
  const { budgetCents, actualCostCents } = objectAt(inputs, 'inputs');
  const budget = integerAt(budgetCents, 'budgetCents', 0, MAX_CENTS);
  return { efficiencyBp: insightsEfficiency(budget, integerAt(actualCostCents, 'actualCostCents', 0, MAX_CENTS)) };
}

/** B-173: hours saved. */
export function evaluateHoursGained(inputs: unknown): object {
  const list = listAt(objectAt(inputs, 'inputs').proPays, 'proPays').map((item, index) => {
    const { budgetSeconds, actualSeconds } = objectAt(item, `proPays[${index}]`);
    assertSeconds(budgetSeconds, `proPays[${index}].budgetSeconds`);
    assertSeconds(actualSeconds, `proPays[${index}].actualSeconds`);
    return { budgetSeconds, actualSeconds };
  });
  return { hoursGainedSeconds: hoursGained(list) };
}

/** B-174: a figure against its benchmark. */
export function evaluateBenchmark(inputs: unknown): object {
  const { efficiencyBp, benchmarkBp } = objectAt(inputs, 'inputs');
  const figure = integerAt(efficiencyBp, 'efficiencyBp', -MAX_CENTS, MAX_CENTS);
  return { result: compareWithBenchmark(figure, integerAt(benchmarkBp, 'benchmarkBp', -MAX_CENTS, MAX_CENTS)) };
}

/** B-181: an estimate for a crew. */
export function evaluateEstimate(inputs: unknown): object {
  const { budget, crewSize, meanWageE4, estimatedSecondsEach, pool, splitEnabled, splitBp } = objectAt(inputs, 'inputs');
  if (budget === null || budget === undefined) return cannotTell(['budget']);
  assertBudget(budget, 'budget');
  assertWageE4(meanWageE4, 'meanWageE4');
  assertSeconds(estimatedSecondsEach, 'estimatedSecondsEach');
  assertPool(pool, 'pool');
  return estimateBonus({
    budget,
    crewSize: integerAt(crewSize, 'crewSize', 1, 1_000_000),
    meanWageE4,
    estimatedSecondsEach,
    pool,
    splitEnabled: flagAt(splitEnabled, 'splitEnabled', true),
    splitBp: splitBp === undefined || splitBp === null ? null : integerAt(splitBp, 'splitBp', 0, 10_000),
  });
}
