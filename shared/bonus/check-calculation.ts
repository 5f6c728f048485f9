import { refuse } from '#kernel/errors.ts';
import { assertSeconds, assertWageE4, MAX_SECONDS, MAX_WAGE_E4 } from '#kernel/money.ts';
import { flagAt, integerAt, listAt, objectAt, refuseShape, textAt } from './check.ts';
import { assertBudget } from './rules/budget-base.ts';
import { assertAdjustment, assertSettingModification } from './rules/budget-modification.ts';
import { assertDisqualifier } from './rules/disqualifiers.ts';
import { assertDistribution } from './rules/distribution.ts';
import { assertLeadPay } from './rules/lead-pay.ts';
import { assertPenalty } from './rules/penalties.ts';
import { assertPool } from './rules/role-pools.ts';
import type { Calculation, Entry } from './shapes.ts';

/** Burden above this is a mistake of units: a hundred times the wage. */
const MAX_BURDEN_BP = 1_000_000;

/**
 * Checks everything a calculation reads, so that the rules behind it can rely on types and ranges (B-1). Refuses with the code of the
 * rule concerned, else `invalid-number`, or `invalid-body` where the shape of B-190 is broken; always naming the field.
 */
export function assertCalculation(value: unknown): asserts value is Calculation {
  const input = objectAt(value, 'calculation');
  if (input.budget === undefined) refuseShape('budget', 'is missing; null says that it is not known');
  if (input.budget !== null) assertBudget(input.budget, 'budget');
  if (given(input.settingModification)) assertSettingModification(input.settingModification, 'settingModification');
  if (given(input.adjustment)) assertAdjustment(input.adjustment, 'adjustment');
  if (given(input.completionBp)) integerAt(input.completionBp, 'completionBp', 0, 10_000);
  if (given(input.splitBp)) integerAt(input.splitBp, 'splitBp', 0, 10_000);
  assertEntries(input.entries, 'entries');
  if (given(input.assignedCrew)) assertCrew(input.assignedCrew);
  assertIds(input.crewLeadIds, 'crewLeadIds');
  assertIds(input.managerIds, 'managerIds');
  textsAt(input.excludedWorkerIds, 'excludedWorkerIds');
  assertIds(input.otherIds, 'otherIds');
  assertPool(input.pool, 'pool');
  for (const name of FLAGS) flagAt(input[name], name, false);
  assertDistribution(input.distribution, 'distribution');
  assertEach(input.disqualifiers, 'disqualifiers', assertDisqualifier);
  assertEach(input.penalties, 'penalties', assertPenalty);
  // Worked out from inputs that keep the limits of B-1, so it may lie beyond them itself.
  if (given(input.savingsCapCents))
    integerAt(input.savingsCapCents, 'savingsCapCents', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (given(input.leadPayCents)) assertLeadPay(input.leadPayCents, 'leadPayCents');
}

const FLAGS = ['leadInCrewPool', 'managerInCrewPool', 'splitEnabled', 'rollOverNegative'] as const;

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Checks a list of counted time; used for rework as well. */
export function assertEntries(value: unknown, field: string): asserts value is readonly Entry[] {
  const list = listAt(value, field);
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (!isPlainEntry(item)) assertEntry(item, `${field}[${index}]`);
  }
}

/** The common case, told without building any text: a worker, seconds and a wage in range and nothing else to check. */
function isPlainEntry(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { workerId, seconds, wageE4, burdenBp, week, noWeight }: { [key in keyof Entry]?: unknown } = value;
  return (
    typeof workerId === 'string' &&
    workerId !== '' &&
    isWithin(seconds, 0, MAX_SECONDS) &&
    isWithin(wageE4, 1, MAX_WAGE_E4) &&
    burdenBp === undefined &&
    week === undefined &&
    noWeight === undefined
  );
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function assertEntry(value: unknown, field: string): void {
  const entry = objectAt(value, field);
  textAt(entry.workerId, `${field}.workerId`);
  assertSeconds(entry.seconds, `${field}.seconds`);
  assertWageOrNull(entry.wageE4, `${field}.wageE4`);
  if (given(entry.burdenBp)) integerAt(entry.burdenBp, `${field}.burdenBp`, 0, MAX_BURDEN_BP);
  if (given(entry.week)) assertWeek(entry.week, `${field}.week`);
  flagAt(entry.noWeight, `${field}.noWeight`, false);
}

function assertWeek(value: unknown, field: string): void {
  const { totalSeconds, overtimeSeconds, doubleTimeSeconds } = objectAt(value, field);
  assertSeconds(totalSeconds, `${field}.totalSeconds`);
  if (totalSeconds === 0) refuse('invalid-number', { field: `${field}.totalSeconds`, detail: 'must hold the time of the entry' });
  assertSeconds(overtimeSeconds, `${field}.overtimeSeconds`);
  assertSeconds(doubleTimeSeconds, `${field}.doubleTimeSeconds`);
}

/** A wage is a number or null for unknown; an absent one is a broken shape, so that a slip of the caller never reads as unknown. */
function assertWageOrNull(value: unknown, field: string): void {
  if (value === undefined) refuseShape(field, 'is missing; null says that it is not known');
  if (value !== null) assertWageE4(value, field);
}

function assertCrew(value: unknown): void {
  const seen = new Set<string>();
  listAt(value, 'assignedCrew').forEach((item, index) => {
    const field = `assignedCrew[${index}]`;
    const { workerId, wageE4 } = objectAt(item, field);
    const id = textAt(workerId, `${field}.workerId`);
    if (seen.has(id)) refuse('duplicate-id', { field: `${field}.workerId` });
    seen.add(id);
    assertWageOrNull(wageE4, `${field}.wageE4`);
  });
}

const NO_IDS: readonly string[] = [];

/** A list of ids, each once; absent or null is the empty list. Refuses `duplicate-id`. */
export function assertIds(value: unknown, field: string): readonly string[] {
  const ids = textsAt(value, field);
  if (ids.length > 1 && new Set(ids).size !== ids.length) refuse('duplicate-id', { field });
  return ids;
}

function textsAt(value: unknown, field: string): readonly string[] {
  if (!given(value)) return NO_IDS;
  const list = listAt(value, field);
  return areTexts(list) ? list : list.map((id, index) => textAt(id, `${field}[${index}]`));
}

function areTexts(list: readonly unknown[]): list is readonly string[] {
  for (const item of list) if (typeof item !== 'string' || item === '') return false;
  return true;
}

function assertEach(value: unknown, field: string, assertOne: (item: unknown, field: string) => void): void {
  if (!given(value)) return;
  listAt(value, field).forEach((item, index) => {
    assertOne(item, `${field}[${index}]`);
  });
}
