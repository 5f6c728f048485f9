import type { LocalDate } from '#kernel/instant.ts';

/** In what capacity a person is paid. The order of `ROLES` is the fixed order of B-3. */
export type Role = 'crew' | 'crew_lead' | 'manager' | 'other';

/** The roles in their fixed order (B-3); results list payouts in it. */
export const ROLES: readonly Role[] = ['crew', 'crew_lead', 'manager', 'other'];

/** Where an input came from: the record and the revision that was read (B-5). `sourceId` and `workDate` serve the explanation of time. */
export type RecordRef = {
  readonly entity: string;
  readonly id: string;
  readonly revision: number | string;
  readonly sourceId?: string;
  readonly workDate?: LocalDate;
};

/** One task with its part of the budget; null where the source has none (B-30, B-31). */
export type HoursTask = { readonly id: string; readonly budgetSeconds: number | null };
export type MoneyTask = { readonly id: string; readonly budgetCents: number | null };

/** The labour budget before any modification (B-25 to B-31). A null figure is one the source does not have yet. */
export type Budget = { readonly ref?: RecordRef | readonly RecordRef[] } & (
  | { readonly type: 'hours_budget'; readonly budgetSeconds: number | null }
  | { readonly type: 'labor_budget'; readonly budgetCents: number | null }
  | { readonly type: 'contract_price'; readonly contractPriceCents: number | null; readonly laborBp: number | null }
  | { readonly type: 'rate'; readonly rateE4: number | null; readonly quantityE4: number | null }
  | { readonly type: 'task_hours'; readonly tasks: readonly HoursTask[] }
  | { readonly type: 'task_amount'; readonly tasks: readonly MoneyTask[] }
);

/** A tenant's standing change of every budget in a scope (B-33). */
export type SettingModification = { readonly direction: 'increase' | 'decrease'; readonly bp: number; readonly ref?: RecordRef };

/** The change of one ProPay's budget (B-34). */
export type Adjustment = { readonly ref?: RecordRef } & (
  | { readonly type: 'none' }
  | { readonly type: 'percentage_increase' | 'percentage_decrease'; readonly valueBp: number }
  | { readonly type: 'multiply'; readonly factorBp: number }
  | { readonly type: 'manual_amount'; readonly valueCents: number }
  | { readonly type: 'manual_hours'; readonly valueSeconds: number }
);

/** A worker's whole workweek, for spreading the cost of overtime over it (B-45). */
export type WeekHours = { readonly totalSeconds: number; readonly overtimeSeconds: number; readonly doubleTimeSeconds: number };

/**
 * One piece of counted time (B-40). `wageE4` null: no wage is known (B-42). `burdenBp`: given only where burden is part of the cost,
 * null when it should be but is unknown (B-44). `week`: given only where overtime is part of the cost, null when the week is not
 * complete; `weekStart` then names it, `weekRef` the records it was added up from (B-45). `noWeight`: the time costs but earns no share:
 * rework on a ProPay that is still Active (B-151), or time on a member of a group that failed (B-107). `burdenRef`: the wage row that gave
 * the burden; `spreadRef`: what the seconds of spread drive time were worked out from (B-47);
 * `personRef`: the links by which the time counts for this record of the person (M-149).
 */
export type Entry = {
  readonly workerId: string;
  readonly seconds: number;
  readonly wageE4: number | null;
  readonly burdenBp?: number | null;
  readonly week?: WeekHours | null;
  readonly weekStart?: LocalDate;
  readonly weekRef?: RecordRef | readonly RecordRef[];
  readonly noWeight?: boolean | null;
  readonly ref?: RecordRef;
  readonly wageRef?: RecordRef;
  readonly burdenRef?: RecordRef;
  readonly spreadRef?: readonly RecordRef[];
  readonly personRef?: readonly RecordRef[];
};

/** The five percentages of a bonus pool; together 10000 (B-54). */
export type Pool = {
  readonly crewBp: number;
  readonly crewLeadBp: number;
  readonly managerBp: number;
  readonly otherBp: number;
  readonly companyBp: number;
  readonly ref?: RecordRef | readonly RecordRef[];
};

/** How the crew pool is divided (B-65). The ids are pinned: they select the formula in stored data, traces and the interface (B-74). */
export type Formula = 'per_hour' | 'wage_weighted' | 'per_head' | 'crew_lead_weighted' | 'manual' | 'total_earnings';

/** A person's part of an amount. */
export type WorkerShare = { readonly workerId: string; readonly cents: number };

/**
 * The chosen formula with its options: lead weight (B-69), amounts by hand (B-70), earnings of the bonus period (B-71). `unsettled`: why
 * the amounts divide nothing at present, as their refusal has it; the crew pool waits for others.
 */
export type Distribution = {
  readonly formula: Formula;
  readonly leadWeightBp?: number | null;
  readonly ignoreHours?: boolean | null;
  readonly amounts?: readonly WorkerShare[] | null;
  readonly unsettled?: Unsettled;
  readonly earnings?: readonly EarningsShare[] | null;
  readonly ref?: RecordRef;
};

/** What a person earned in the bonus period (B-71); `premiumCents` of it for overtime, where that is known (B-208). */
export type EarningsShare = WorkerShare & { readonly premiumCents?: number; readonly ref?: readonly RecordRef[] };

/** How amounts by hand can fail to fit the crew and its pool (B-70). */
export type Unsettled = 'manual-sum-mismatch' | 'not-in-crew';

/** The answer to a yes/no question that must be passed (B-76). */
export type Disqualifier = { readonly id: string; readonly state: 'passed' | 'failed' | 'pending'; readonly ref?: RecordRef };

/** A penalty of the whole ProPay (B-79); `amountCents` null while an amount to be set at approval is not set. */
export type Penalty = {
  readonly id: string;
  readonly amountCents: number | null;
  readonly count?: number | null;
  readonly ref?: RecordRef;
};

/** One assigned person with the wage known for them (B-52). */
export type AssignedWorker = { readonly workerId: string; readonly wageE4: number | null; readonly wageRef?: RecordRef };

/** Which record or setting made a person lead, manager or other member; the one leaf of such a payout. */
export type PersonRef = { readonly workerId: string; readonly role: Role; readonly ref: RecordRef };

/** Everything a bonus depends on (B-9, shape of B-190) plus optional references for the trace. Options: null is the same as absent. */
export type Calculation = {
  readonly budget: Budget | null;
  readonly settingModification?: SettingModification | null;
  readonly adjustment?: Adjustment | null;
  readonly completionBp?: number | null;
  readonly entries: readonly Entry[];
  readonly assignedCrew?: readonly AssignedWorker[] | null;
  readonly crewLeadIds?: readonly string[] | null;
  readonly managerIds?: readonly string[] | null;
  readonly otherIds?: readonly string[] | null;
  readonly excludedWorkerIds?: readonly string[] | null;
  readonly leadInCrewPool?: boolean | null;
  readonly managerInCrewPool?: boolean | null;
  readonly splitEnabled?: boolean | null;
  readonly splitBp?: number | null;
  readonly pool: Pool;
  readonly distribution: Distribution;
  readonly disqualifiers?: readonly Disqualifier[] | null;
  readonly penalties?: readonly Penalty[] | null;
  readonly rollOverNegative?: boolean | null;
  readonly leadPayCents?: number | null;
  readonly leadPayRef?: RecordRef;
  /** Savings count at most as this: what a pooled group saved without its failed members (B-107). */
  readonly savingsCapCents?: number | null;
  /** The failed answers behind it. */
  readonly savingsCapRefs?: readonly RecordRef[] | null;
  readonly peopleRefs?: readonly PersonRef[] | null;
  /** What excludes each person whom something excludes (B-72). */
  readonly excludedRefs?: readonly { readonly workerId: string; readonly ref: RecordRef }[] | null;
};

/** One person's amount in one role; never zero. */
export type Payout = { readonly workerId: string; readonly role: Role; readonly cents: number };

/** The worker share by role, before empty roles fall to the company (B-57, B-58). */
export type PoolAmounts = {
  readonly crewCents: number;
  readonly crewLeadCents: number;
  readonly managerCents: number;
  readonly otherCents: number;
  readonly companyCents: number;
};

/** The answer of a calculation whose inputs are all known. Hours budgets answer in seconds, money budgets in cents. */
export type AppliedResult = {
  readonly outcome: 'applies';
  readonly budgetCents?: number;
  readonly budgetSeconds?: number;
  readonly earnedBudgetCents?: number;
  readonly earnedBudgetSeconds?: number;
  readonly actualSeconds: number;
  readonly actualCostCents: number;
  /** Shown only, rounded (R8); null when there is no time and none is needed. */
  readonly blendedWageE4: number | null;
  readonly savedSeconds?: number;
  readonly savingsCents: number;
  readonly workerShareCents: number;
  readonly penaltyCents: number;
  readonly pools: PoolAmounts;
  readonly payouts: readonly Payout[];
  readonly companyKeepsCents: number;
  readonly leadPayCents: number;
  readonly leadPayouts: readonly WorkerShare[];
  readonly approvable: boolean;
  readonly notes: readonly Note[];
};

/**
 * Why the figures look as they do: `over-budget` (B-60), `disqualified` (B-77), `disqualifier-pending` (B-78),
 * `penalty-amount-missing` (B-79: the projection leaves the penalty out), `no-actual-time` (B-52), `empty-role:<role>` (B-58);
 * `manual-sum-mismatch`, `not-in-crew` (B-70: the crew pool is not divided until amounts are entered again).
 */
export type Note =
  | 'over-budget'
  | 'disqualified'
  | 'disqualifier-pending'
  | 'penalty-amount-missing'
  | 'no-actual-time'
  | Unsettled
  | `empty-role:${Role}`;

/** The answer while something that can change money is unknown: every missing key, sorted, none twice (B-4). */
export type UndecidedResult = { readonly outcome: 'cannot-tell'; readonly missing: readonly string[] };

/** The result of a calculation. A bad input is refused by an exception instead (B-7). */
export type CalculationResult = AppliedResult | UndecidedResult;
