import { refuse } from '#kernel/errors.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { calculate } from './calculate.ts';
import { roundedRatio } from './exact.ts';
import { type BudgetKind, kindOfBudget } from './rules/budget-base.ts';
import { type ModifiedBudget, modifyBudget } from './rules/budget-modification.ts';
import { anyFailed } from './rules/disqualifiers.ts';
import { missingKeys } from './rules/outcome.ts';
import { defineRule } from './rules/rule.ts';
import {
  type Adjustment,
  type AppliedResult,
  type Budget,
  type Calculation,
  type CalculationResult,
  type Disqualifier,
  type Entry,
  type Payout,
  type Penalty,
  type RecordRef,
  ROLES,
  type SettingModification,
  type UndecidedResult,
} from './shapes.ts';
import type { Tracer } from './trace.ts';
import { weightedTime } from './workings.ts';

/** B-102: one budget, one actual, one variance over all members. */
export const pooledRule = defineRule('B-102', 1, 'Pooled group');
/** B-103: every member alone, payouts added up. */
export const separateRule = defineRule('B-103', 1, 'Separate group');

/**
 * A member ProPay; its own modification and adjustment replace those of the terms. So do, where each is calculated alone, its people and
 * what is promised to its leads.
 */
export type GroupMember = Partial<
  Pick<Calculation, 'crewLeadIds' | 'managerIds' | 'otherIds' | 'assignedCrew' | 'leadPayCents' | 'peopleRefs'>
> & {
  readonly id: string;
  readonly budget: Budget | null;
  readonly settingModification?: SettingModification | null;
  readonly adjustment?: Adjustment | null;
  readonly entries: readonly Entry[];
  readonly disqualifiers?: readonly Disqualifier[] | null;
  readonly penalties?: readonly Penalty[] | null;
};

/** What the members have in common, with the answers and penalties of the group itself (B-107). */
export type GroupTerms = Omit<Calculation, 'budget' | 'entries' | 'savingsCapCents' | 'savingsCapRefs'>;

/** The result of a pooled group; the bonus rate is shown only: crew pool per hour of those who share, null without such hours (R8). */
export type PooledResult = AppliedResult & { readonly bonusRateE4: number | null };

/**
 * A pooled group through the one calculation (B-102, B-107): members' budgets, each after its modifications, are added up; so are time
 * and exact cost. With failed members the savings are at most those of the others, and time on failed members gives no weight.
 * Refuses `group-conflict` when hours and money budgets meet.
 */
export function calculatePooled(
  terms: GroupTerms,
  members: readonly GroupMember[],
  tracer?: Tracer,
): PooledResult | UndecidedResult {
  const { input, missing } = pooledCalculation(terms, members);
  const result = calculate(input, tracer);
  if (missing.length > 0 || result.outcome === 'cannot-tell') {
    const others = result.outcome === 'cannot-tell' ? result.missing.filter((key) => key !== 'budget') : [];
    return { outcome: 'cannot-tell', missing: missingKeys([...missing, ...others]) };
  }
  const seconds = weightedTime(input).reduce((sum, member) => sum + member.seconds, 0);
  return { ...result, bonusRateE4: seconds === 0 ? null : roundedRatio(result.pools.crewCents, 360_000, seconds) };
}

/** A pooled group as one calculation, with what of the members' budgets is missing: what `calculatePooled` calculates. */
export function pooledCalculation(
  terms: GroupTerms,
  members: readonly GroupMember[],
): { readonly input: Calculation; readonly missing: readonly string[] } {
  const budgets = members.map((member) => budgetOf(terms, member));
  const kind = kindOfGroup(members);
  const missing = budgets.flatMap((budget) => (budget === null ? ['budget'] : budget.known ? [] : budget.missing));
  const failed = members.filter((member) => anyFailed(member.disqualifiers ?? []));
  const cap = failed.length === 0 ? null : savingsWithout(terms, members, failed);
  if (cap !== null && typeof cap !== 'number') missing.push(...cap.missing);
  const merged = mergedCalculation(terms, members, failed, mergedBudget(kind, members, missing.length === 0 ? budgets : null));
  const answers = failed.flatMap(({ disqualifiers }) => (disqualifiers ?? []).filter(({ state }) => state === 'failed'));
  const savingsCapRefs = answers.flatMap(({ ref }) => ref ?? []);
  return { input: { ...merged, savingsCapCents: typeof cap === 'number' ? cap : null, savingsCapRefs }, missing };
}

function budgetOf(terms: GroupTerms, member: GroupMember): ModifiedBudget | null {
  if (member.budget === null) return null;
  const setting = member.settingModification ?? terms.settingModification;
  return modifyBudget(member.budget, setting, member.adjustment ?? terms.adjustment);
}

/** Hours and money cannot be added up (B-101). A group without any budget counts as money: its result is unknown anyway. */
function kindOfGroup(members: readonly GroupMember[]): BudgetKind {
  const kinds = new Set(members.flatMap(({ budget }) => (budget === null ? [] : [kindOfBudget(budget.type)])));
  if (kinds.size > 1) refuse('group-conflict', { field: 'members', detail: 'hours and money budgets cannot be pooled' });
  const [kind] = kinds;
  return kind ?? 'money';
}

/** The sum of the members' budgets with all their records; unknown when `budgets` is null. */
function mergedBudget(
  kind: BudgetKind,
  members: readonly GroupMember[],
  budgets: readonly (ModifiedBudget | null)[] | null,
): Budget {
  const sum = budgets === null ? null : budgets.reduce((total, budget) => total + (budget?.known ? budget.value : 0), 0);
  const ref: RecordRef[] = members.flatMap((member) => [
    ...[member.budget?.ref ?? []].flat(),
    ...[member.settingModification?.ref ?? []].flat(),
    ...[member.adjustment?.ref ?? []].flat(),
  ]);
  // The order of the members must not show in the trace.
  ref.sort((a, b) => compareCodePoints(a.entity, b.entity) || compareCodePoints(a.id, b.id));
  return kind === 'hours' ? { type: 'hours_budget', budgetSeconds: sum, ref } : { type: 'labor_budget', budgetCents: sum, ref };
}

function mergedCalculation(
  terms: GroupTerms,
  members: readonly GroupMember[],
  failed: readonly GroupMember[],
  budget: Budget,
): Calculation {
  return {
    ...terms,
    settingModification: null,
    adjustment: null,
    budget,
    entries: members.flatMap((member) =>
      failed.includes(member) ? member.entries.map((entry) => ({ ...entry, noWeight: true })) : member.entries,
    ),
    // A member's failure acts through the cap and the weights; only its open questions concern the group.
    disqualifiers: [
      ...(terms.disqualifiers ?? []),
      ...members.flatMap((member) => (member.disqualifiers ?? []).filter((question) => question.state === 'pending')),
    ],
    penalties: [...(terms.penalties ?? []), ...members.flatMap((member) => member.penalties ?? [])],
  };
}

/** The savings of the members that did not fail, together; 0 when none is left. */
function savingsWithout(
  terms: GroupTerms,
  members: readonly GroupMember[],
  failed: readonly GroupMember[],
): number | UndecidedResult {
  const others = members.filter((member) => !failed.includes(member));
  if (others.length === 0) return 0;
  // How the crew shares decides no savings; amounts by hand would not add up to this smaller pool.
  const result = calculatePooled({ ...terms, distribution: { formula: 'per_hour' } }, others);
  return result.outcome === 'applies' ? result.savingsCents : result;
}

/** The result of a group netted separately; payouts are added up by person and role. */
export type SeparateResult = {
  readonly outcome: 'applies';
  readonly members: readonly { readonly id: string; readonly savingsCents: number; readonly workerShareCents: number }[];
  readonly payouts: readonly Payout[];
};

/** A member of a group netted separately as a calculation of its own (B-103, B-107). */
export function separateCalculation(terms: GroupTerms, { id: _id, ...member }: GroupMember): Calculation {
  return {
    ...terms,
    ...member,
    settingModification: member.settingModification ?? terms.settingModification,
    adjustment: member.adjustment ?? terms.adjustment,
    disqualifiers: [...(terms.disqualifiers ?? []), ...(member.disqualifiers ?? [])],
    penalties: member.penalties ?? [],
  };
}

/** Each member alone under the common terms (B-103): the group's answers act on all, penalties are each member's own (B-107). */
export function separateResults(
  terms: GroupTerms,
  members: readonly GroupMember[],
): readonly { readonly id: string; readonly result: CalculationResult }[] {
  return members.map((member) => ({ id: member.id, result: calculate(separateCalculation(terms, member)) }));
}

/** The payouts of all members of a group netted separately, added up; unknown while any of them is. */
export function calculateSeparate(terms: GroupTerms, members: readonly GroupMember[]): SeparateResult | UndecidedResult {
  const missing: string[] = [];
  const figures: SeparateResult['members'][number][] = [];
  const payouts: Payout[] = [];
  for (const { id, result } of separateResults(terms, members)) {
    if (result.outcome === 'cannot-tell') missing.push(...result.missing);
    else {
      figures.push({ id, savingsCents: result.savingsCents, workerShareCents: result.workerShareCents });
      payouts.push(...result.payouts);
    }
  }
  if (missing.length > 0) return { outcome: 'cannot-tell', missing: missingKeys(missing) };
  return { outcome: 'applies', members: figures, payouts: addUpPayouts(payouts) };
}

/** One payout per person and role, zeros left out, in the order of payouts. */
export function addUpPayouts(payouts: readonly Payout[]): Payout[] {
  const totals = new Map<string, Payout>();
  for (const payout of payouts) {
    const key = JSON.stringify([payout.role, payout.workerId]);
    totals.set(key, { ...payout, cents: payout.cents + (totals.get(key)?.cents ?? 0) });
  }
  return [...totals.values()]
    .filter((payout) => payout.cents !== 0)
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || compareCodePoints(a.workerId, b.workerId));
}
