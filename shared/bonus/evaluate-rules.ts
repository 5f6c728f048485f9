import { allocateAmounts } from '#kernel/allocate.ts';
import { ExactNumber, toScaled } from '#kernel/decimal.ts';
import { refuse } from '#kernel/errors.ts';
import { assertBp, assertCents, assertSeconds, assertWageE4, MAX_CENTS } from '#kernel/money.ts';
import { flagAt, integerAt, listAt, objectAt, textAt } from './check.ts';
import { assertEntries, assertIds } from './check-calculation.ts';
import { assertBudget } from './rules/budget-base.ts';
import { assertAdjustment, assertSettingModification, modifyBudget } from './rules/budget-modification.ts';
import { assertDisqualifier } from './rules/disqualifiers.ts';
import { spreadDriveTime } from './rules/drive-spread.ts';
import { burdenedWage, costCents, costOf } from './rules/labour-cost.ts';
import { assertLeadPay, leadPayOf } from './rules/lead-pay.ts';
import { missingKeys } from './rules/outcome.ts';
import { assertPenalty, penaltyOf } from './rules/penalties.ts';
import { progressOf, progressRequests, type TrackedMaterial } from './rules/progress.ts';
import { checkPool } from './rules/role-pools.ts';
import { savedByTask } from './rules/task-savings.ts';
import type { Disqualifier, Penalty } from './shapes.ts';

/** The answer while something is missing (B-4). */
export function cannotTell(missing: Iterable<string>): { outcome: 'cannot-tell'; missing: string[] } {
  return { outcome: 'cannot-tell', missing: missingKeys(missing) };
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** B-3: the allocator on cents. A weight beyond the safe integers may arrive with its digits kept. */
export function evaluateAllocation(inputs: unknown): object {
  const { amountCents, weights } = objectAt(inputs, 'inputs');
  assertCents(amountCents, 'amountCents');
  const list = listAt(weights, 'weights').map((item, index) => {
    const { id, weight } = objectAt(item, `weights[${index}]`);
    return { id: textAt(id, `weights[${index}].id`), weight: wholeWeight(weight, `weights[${index}].weight`) };
  });
  const amounts = allocateAmounts(amountCents, list);
  return { shares: list.map(({ id }, index) => ({ id, cents: amounts[index]! })) };
}

function wholeWeight(value: unknown, field: string): number | bigint {
  if (value instanceof ExactNumber) {
    const digits = toScaled(value, 0);
    if (digits !== null) return digits;
  }
  if (typeof value !== 'number') refuse('invalid-weight', { field, detail: 'must be an integer of at least 0' });
  return value;
}

/** B-30: hours saved task by task. */
export function evaluateTaskHours(inputs: unknown): object {
  const tasks = tasksAt(inputs, 'budgetSeconds', 'actualSeconds');
  if (tasks.missing.length > 0) return cannotTell(tasks.missing);
  const result = savedByTask(tasks.list);
  return {
    savedSecondsByTask: result.byTask.map(({ id, saved }) => ({ id, seconds: saved })),
    budgetSeconds: result.budget,
    actualSeconds: result.actual,
    savedSeconds: result.saved,
  };
}

/** B-31: money saved task by task. */
export function evaluateTaskAmounts(inputs: unknown): object {
  const tasks = tasksAt(inputs, 'budgetCents', 'actualCostCents');
  if (tasks.missing.length > 0) return cannotTell(tasks.missing);
  const result = savedByTask(tasks.list);
  return {
    savedCentsByTask: result.byTask.map(({ id, saved }) => ({ id, cents: saved })),
    budgetCents: result.budget,
    actualCostCents: result.actual,
    savedCents: result.saved,
  };
}

function tasksAt(inputs: unknown, budgetName: 'budgetSeconds' | 'budgetCents', actualName: 'actualSeconds' | 'actualCostCents') {
  const { tasks } = objectAt(inputs, 'inputs');
  assertBudget({ type: budgetName === 'budgetSeconds' ? 'task_hours' : 'task_amount', tasks }, 'inputs');
  const missing: string[] = [];
  const list = listAt(tasks, 'tasks').map((item, index) => {
    const task = objectAt(item, `tasks[${index}]`);
    const id = textAt(task.id, `tasks[${index}].id`);
    const budget = task[budgetName];
    if (!given(budget)) missing.push(`task-budget:${id}`);
    const actual = task[actualName];
    const field = `tasks[${index}].${actualName}`;
    if (actualName === 'actualSeconds') assertSeconds(actual, field);
    else assertCents(actual, field);
    return { id, budget: typeof budget === 'number' ? budget : 0, actual };
  });
  if (list.length === 0) missing.push('budget');
  return { list, missing };
}

/** B-34 with B-33 and B-35: the budget in force. */
export function evaluateBudget(inputs: unknown): object {
  const { budget, settingModification, adjustment } = objectAt(inputs, 'inputs');
  const setting = settingModification ?? null;
  if (setting !== null) assertSettingModification(setting, 'settingModification');
  const change = adjustment ?? null;
  if (change !== null) assertAdjustment(change, 'adjustment');
  if (budget === null || budget === undefined) return cannotTell(['budget']);
  assertBudget(budget, 'budget');
  const result = modifyBudget(budget, setting, change);
  if (!result.known) return cannotTell(result.missing);
  return { outcome: 'applies', ...(result.kind === 'hours' ? { budgetSeconds: result.value } : { budgetCents: result.value }) };
}

/** B-37: the progress value. */
export function evaluateProgress(inputs: unknown): object {
  const { completedAtSource, materials, manualBp, tasks } = objectAt(inputs, 'inputs');
  if (given(manualBp)) integerAt(manualBp, 'manualBp', 0, 10_000, 'invalid-percentage');
  const progress = progressOf({
    completedAtSource: flagAt(completedAtSource, 'completedAtSource', false),
    materials: given(materials) ? listAt(materials, 'materials').map(materialAt) : null,
    manualBp: typeof manualBp === 'number' ? manualBp : null,
    tasks: given(tasks) ? listAt(tasks, 'tasks').map(taskAt) : null,
  });
  return progress ?? cannotTell(['progress']);
}

function materialAt(item: unknown, index: number): TrackedMaterial {
  const field = `materials[${index}]`;
  const { id, totalQuantityE4, installedQuantityE4, unitValueCents } = objectAt(item, field);
  return {
    id: textAt(id, `${field}.id`),
    totalQuantityE4: integerAt(totalQuantityE4, `${field}.totalQuantityE4`, 0, MAX_CENTS),
    installedQuantityE4: integerAt(installedQuantityE4, `${field}.installedQuantityE4`, 0, MAX_CENTS),
    unitValueCents: integerAt(unitValueCents, `${field}.unitValueCents`, 0, MAX_CENTS),
  };
}

function taskAt(item: unknown, index: number): { budget: number; done: boolean } {
  const { budget, done } = objectAt(item, `tasks[${index}]`);
  return { budget: integerAt(budget, `tasks[${index}].budget`, 0, MAX_CENTS), done: flagAt(done, `tasks[${index}].done`, false) };
}

/** B-38: when to ask for a progress report. */
export function evaluateProgressRequests(inputs: unknown): object {
  const { stepBp, spentBpSeries } = objectAt(inputs, 'inputs');
  const step = integerAt(stepBp, 'stepBp', 1, 10_000, 'invalid-percentage');
  const series = listAt(spentBpSeries, 'spentBpSeries').map((spent, index) =>
    integerAt(spent, `spentBpSeries[${index}]`, 0, MAX_CENTS),
  );
  return { requestsAtBp: progressRequests(step, series) };
}

/** B-44: a wage with burden, as shown. */
export function evaluateBurden(inputs: unknown): object {
  const { wageE4, burdenBp } = objectAt(inputs, 'inputs');
  assertWageE4(wageE4, 'wageE4');
  assertBp(burdenBp, 'burdenBp');
  return { burdenedWageE4: burdenedWage(wageE4, burdenBp) };
}

/** B-45: the cost of one entry with its part of the week's overtime premium. */
export function evaluateOvertimeCost(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const week = {
    totalSeconds: fields.weekTotalSeconds,
    overtimeSeconds: fields.weekOvertimeSeconds,
    doubleTimeSeconds: fields.weekDoubleTimeSeconds,
  };
  const entries: unknown = [{ workerId: 'worker', seconds: fields.seconds, wageE4: fields.wageE4, week }];
  assertEntries(entries, 'entries');
  return { costCents: costCents(costOf(entries)) };
}

/** B-47: one worker's drive time of one day over the jobs of the day. */
export function evaluateDriveSpread(inputs: unknown): object {
  const { driveSeconds, work } = objectAt(inputs, 'inputs');
  assertSeconds(driveSeconds, 'driveSeconds');
  const list = listAt(work, 'work').map((item, index) => {
    const { jobId, workSeconds } = objectAt(item, `work[${index}]`);
    assertSeconds(workSeconds, `work[${index}].workSeconds`);
    return { jobId: textAt(jobId, `work[${index}].jobId`), workSeconds };
  });
  return spreadDriveTime(driveSeconds, list);
}

/** B-54: the total of a pool and whether it may be saved. */
export function evaluatePool(inputs: unknown): object {
  const { pool, otherIds } = objectAt(inputs, 'inputs');
  return checkPool(pool, assertIds(otherIds, 'otherIds'), 'pool');
}

/** B-61: the lead pay due. */
export function evaluateLeadPay(inputs: unknown): object {
  const { leadPayCents, savingsCents } = objectAt(inputs, 'inputs');
  assertLeadPay(leadPayCents, 'leadPayCents');
  assertCents(savingsCents, 'savingsCents');
  return { leadPayCents: leadPayOf(leadPayCents, savingsCents, false) };
}

/** B-80: what penalties take and leave. */
export function evaluatePenalties(inputs: unknown): object {
  const { workerShareCents, penalties } = objectAt(inputs, 'inputs');
  assertCents(workerShareCents, 'workerShareCents');
  const penaltyCents = penaltyOf(workerShareCents, penaltiesAt(penalties, 'penalties'));
  return { penaltyCents, distributableCents: workerShareCents - penaltyCents };
}

/** A checked list of penalties. */
export function penaltiesAt(value: unknown, field: string): Penalty[] {
  return listAt(value, field).map((item, index) => {
    assertPenalty(item, `${field}[${index}]`);
    return item;
  });
}

/** A checked list of answers. */
export function disqualifiersAt(value: unknown, field: string): Disqualifier[] {
  return listAt(value, field).map((item, index) => {
    assertDisqualifier(item, `${field}[${index}]`);
    return item;
  });
}
