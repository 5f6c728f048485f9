import { compareCodePoints } from '#kernel/ids.ts';
import { type BudgetKind, kindOfBudget } from './rules/budget-base.ts';
import { type ModifiedBudget, modifyBudget } from './rules/budget-modification.ts';
import { companyKeepsOf } from './rules/company-share.ts';
import { earnedBudget } from './rules/completion.ts';
import { type CountedTime, countTime } from './rules/counted-time.ts';
import { absenceOf, type CrewMember, type CrewSwitches } from './rules/crew.ts';
import { anyFailed, anyPending, shareAfterAnswers } from './rules/disqualifiers.ts';
import { distribute, earningsByWorker } from './rules/distribution.ts';
import { splitEvenly } from './rules/even-split.ts';
import { costCents, costOf, type ExactCost } from './rules/labour-cost.ts';
import { leadPayOf } from './rules/lead-pay.ts';
import { distributableOf } from './rules/negative-savings.ts';
import { missingKeys } from './rules/outcome.ts';
import { anyAmountMissing, penaltyOf } from './rules/penalties.ts';
import { NO_POOLS, poolOf, splitByRole } from './rules/role-pools.ts';
import { type BlendedWage, blendedWageOf, meanWageOf, savingsOf, shownWageE4 } from './rules/savings.ts';
import { missingEarnings } from './rules/total-earnings.ts';
import { splitOf, workerShareOf } from './rules/worker-share.ts';
import type { AppliedResult, Calculation, Note, Payout, PoolAmounts, Role, UndecidedResult, WorkerShare } from './shapes.ts';

/** What the calculation knows before it needs money: time, budget and who shares. */
export type Inputs = {
  readonly time: CountedTime;
  readonly budget: ModifiedBudget | null;
  readonly members: readonly CrewMember[];
  readonly switches: CrewSwitches;
};

/** The figures between inputs and result, exact where the rules keep them exact; the trace is written from these. */
export type Figures = {
  readonly kind: BudgetKind;
  readonly budget: number;
  readonly earned: number;
  readonly cost: ExactCost;
  readonly actualCostCents: number;
  readonly blended: BlendedWage | null;
  /** Savings before the cap of a group with a failed member; the same figure everywhere else. */
  readonly uncappedCents: number;
  readonly savingsCents: number;
  readonly splitBp: number;
  readonly workerShareCents: number;
  readonly failed: boolean;
  readonly afterAnswersCents: number;
  readonly penaltyCents: number;
  readonly distributableCents: number;
  readonly pools: PoolAmounts;
  readonly crewShares: readonly number[] | null;
  readonly leadPayCents: number;
};

/** Inputs, figures (absent while something is missing) and result of one calculation. */
export type Workings =
  | { readonly inputs: Inputs; readonly figures: Figures; readonly result: AppliedResult }
  | { readonly inputs: Inputs; readonly figures: null; readonly result: UndecidedResult };

/** Works a checked calculation out, step by step in the order of B-9; `calculate` is the door to it. */
export function workOut(input: Calculation): Workings {
  const inputs = readInputs(input);
  const { time, budget } = inputs;
  const missing = [...time.missing];
  if (budget === null) missing.push('budget');
  else if (!budget.known) missing.push(...budget.missing);
  if (input.distribution.formula === 'total_earnings') missing.push(...missingEarnings(inputs.members));
  const isHours = input.budget !== null && kindOfBudget(input.budget.type) === 'hours';
  const mean = isHours && time.totalSeconds === 0 ? meanWageOf(input.assignedCrew ?? []) : null;
  if (mean !== null) missing.push(...mean.missing);
  if (missing.length > 0 || budget === null || !budget.known) {
    return { inputs, figures: null, result: { outcome: 'cannot-tell', missing: missingKeys(missing) } };
  }
  const cost = costOf(input.entries);
  const blended = mean === null ? blendedWageOf(cost, time.totalSeconds) : mean.blended;
  const figures = figuresOf(input, inputs, budget.value, budget.kind, cost, blended);
  return { inputs, figures, result: resultOf(input, inputs, figures) };
}

/** Who shares in the crew pool of a checked calculation, with their time (B-65). */
export function weightedTime(input: Calculation): readonly CrewMember[] {
  return readInputs(input).members;
}

function readInputs(input: Calculation): Inputs {
  const time = countTime(input.entries);
  const leads = idSet(input.crewLeadIds);
  const switches: CrewSwitches = {
    excluded: idSet(input.excludedWorkerIds),
    leads,
    managers: idSet(input.managerIds),
    leadInCrewPool: input.leadInCrewPool ?? true,
    managerInCrewPool: input.managerInCrewPool ?? true,
    crewLeadBp: input.pool.crewLeadBp,
    managerBp: input.pool.managerBp,
  };
  const earnings = input.distribution.formula === 'total_earnings' ? earningsByWorker(input.distribution.earnings) : null;
  const members: CrewMember[] = [];
  for (const { workerId, seconds, straight } of time.workers) {
    if (absenceOf(workerId, switches) !== null) continue;
    const earningsCents = earnings?.get(workerId) ?? null;
    members.push({ workerId, seconds, straight, isLead: leads.has(workerId), earningsCents });
  }
  const budget = input.budget === null ? null : modifyBudget(input.budget, input.settingModification, input.adjustment);
  return { time, budget, members, switches };
}

function figuresOf(
  input: Calculation,
  { time, members }: Inputs,
  budget: number,
  kind: BudgetKind,
  cost: ExactCost,
  blended: BlendedWage | null,
): Figures {
  const earned = earnedBudget(budget, input.completionBp ?? 10_000);
  const actualCostCents = costCents(cost);
  const uncappedCents = savingsOf(kind, earned, time.totalSeconds, actualCostCents, blended);
  const savingsCents = Math.min(uncappedCents, input.savingsCapCents ?? uncappedCents);
  const splitBp = splitOf(input.splitEnabled, input.splitBp);
  const workerShareCents = workerShareOf(savingsCents, splitBp);
  const failed = anyFailed(input.disqualifiers ?? []);
  const afterAnswersCents = shareAfterAnswers(workerShareCents, failed);
  const penaltyCents = penaltyOf(afterAnswersCents, input.penalties ?? []);
  const distributableCents = distributableOf(afterAnswersCents, penaltyCents, input.rollOverNegative ?? false);
  const pools = distributableCents === 0 ? NO_POOLS : splitByRole(distributableCents, input.pool);
  const crewShares = distributableCents === 0 ? null : distribute(pools.crewCents, input.distribution, members);
  const leads = input.crewLeadIds ?? [];
  const leadPayCents = leads.length === 0 ? 0 : leadPayOf(input.leadPayCents ?? 0, savingsCents, failed);
  return {
    kind,
    budget,
    earned,
    cost,
    actualCostCents,
    blended,
    uncappedCents,
    savingsCents,
    splitBp,
    workerShareCents,
    failed,
    afterAnswersCents,
    penaltyCents,
    distributableCents,
    pools,
    crewShares,
    leadPayCents,
  };
}

function resultOf(input: Calculation, { time, members }: Inputs, figures: Figures): AppliedResult {
  const { kind, budget, earned, savingsCents } = figures;
  const notes: Note[] = [];
  const payouts = payoutsOf(input, members, figures, notes);
  const pending = anyPending(input.disqualifiers ?? []);
  if (savingsCents < 0) notes.push('over-budget');
  if (figures.failed) notes.push('disqualified');
  if (pending) notes.push('disqualifier-pending');
  if (anyAmountMissing(input.penalties ?? [])) notes.push('penalty-amount-missing');
  const { unsettled } = input.distribution;
  if (unsettled !== undefined) notes.push(unsettled);
  if (time.totalSeconds === 0) notes.push('no-actual-time');
  const result = {
    outcome: 'applies' as const,
    actualSeconds: time.totalSeconds,
    actualCostCents: figures.actualCostCents,
    blendedWageE4: figures.blended === null ? null : shownWageE4(figures.blended),
    savingsCents,
    workerShareCents: figures.workerShareCents,
    penaltyCents: figures.penaltyCents,
    pools: figures.pools,
    payouts,
    companyKeepsCents: companyKeepsOf(savingsCents, payouts),
    leadPayCents: figures.leadPayCents,
    leadPayouts: figures.leadPayCents === 0 ? [] : splitEvenly(figures.leadPayCents, sorted(input.crewLeadIds)).filter(isPaid),
    approvable: time.totalSeconds > 0 && !pending && unsettled === undefined,
    notes,
  };
  const running = (input.completionBp ?? 10_000) !== 10_000;
  if (kind === 'money') return { ...result, budgetCents: budget, ...(running ? { earnedBudgetCents: earned } : null) };
  const savedSeconds = earned - time.totalSeconds;
  return { ...result, budgetSeconds: budget, savedSeconds, ...(running ? { earnedBudgetSeconds: earned } : null) };
}

/** The payouts in role order, then by worker id, zeros left out (B-59, B-65); roles without anybody are noted (B-58). */
function payoutsOf(input: Calculation, members: readonly CrewMember[], figures: Figures, notes: Note[]): Payout[] {
  const payouts: Payout[] = [];
  const { pools, crewShares } = figures;
  if (crewShares !== null) {
    for (let index = 0; index < members.length; index += 1) {
      const cents = crewShares[index]!;
      if (cents !== 0) payouts.push({ workerId: members[index]!.workerId, role: 'crew', cents });
    }
  } else if (pools.crewCents !== 0) notes.push('empty-role:crew');
  // A loss reaches the crew alone; the other roles' part of it stays with the company (B-60).
  if (figures.distributableCents <= 0) return payouts;
  for (const { role, ids } of peopleOf(input)) {
    const cents = poolOf(pools, role);
    if (cents === 0) continue;
    if (ids.length === 0) notes.push(`empty-role:${role}`);
    else
      for (const share of splitEvenly(cents, ids))
        if (share.cents !== 0) payouts.push({ workerId: share.workerId, role, cents: share.cents });
  }
  return payouts;
}

/** The people of the roles other than crew, each list in code-point order. */
export function peopleOf(
  input: Calculation,
): readonly { readonly role: Exclude<Role, 'crew'>; readonly ids: readonly string[] }[] {
  return [
    { role: 'crew_lead', ids: sorted(input.crewLeadIds) },
    { role: 'manager', ids: sorted(input.managerIds) },
    { role: 'other', ids: sorted(input.otherIds) },
  ];
}

const NOBODY: ReadonlySet<string> = new Set();

function idSet(ids: readonly string[] | null | undefined): ReadonlySet<string> {
  return ids === null || ids === undefined || ids.length === 0 ? NOBODY : new Set(ids);
}

function sorted(ids: readonly string[] | null | undefined): readonly string[] {
  return ids === null || ids === undefined ? [] : ids.length < 2 ? ids : [...ids].sort(compareCodePoints);
}

function isPaid(share: WorkerShare): boolean {
  return share.cents !== 0;
}
