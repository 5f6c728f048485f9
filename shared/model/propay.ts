import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { BonusPool, BudgetModification, BudgetType, DefinitionCategory, Formula, PhaseMode, PhaseRule } from './settings.ts';

/** B-85. */
export type ProPayStatus = 'Active' | 'Approved' | 'Paid' | 'Canceled' | 'Deleted';
export type PayoutRole = 'crew' | 'crew_lead' | 'manager' | 'other';

export type Adjustment =
  | { readonly type: 'none' }
  | { readonly type: 'percentage_increase' | 'percentage_decrease'; readonly valueBp: number }
  | { readonly type: 'multiply'; readonly factorBp: number }
  | { readonly type: 'manual_amount'; readonly valueCents: number }
  | { readonly type: 'manual_hours'; readonly valueSeconds: number };

/** What people decide on a ProPay. Commands write it; a recalculation only reads it. */
export interface ProPay {
  readonly id: string;
  readonly reference: string;
  readonly status: ProPayStatus;
  readonly jobId: string;
  readonly milestoneId: string | null;
  readonly n: number;
  readonly title: string;
  readonly notes: string | null;
  readonly budgetType: BudgetType;
  /** A budget given at creation by hand where the source has none (M-134). */
  readonly ownBudget: OwnBudget | null;
  /** The standing change of budgets that was in force at creation (B-33), with the scope that said so (B-21). */
  readonly settingModification: SettingModification | null;
  readonly adjustment: Adjustment;
  /** The source's budget that a value by hand replaced, as it was then (B-35); null without one. */
  readonly replacedBudget: BudgetFigures | null;
  readonly pool: BonusPool;
  readonly manualPool: PoolShares | null;
  readonly distribution: ProPayDistribution;
  readonly excludedWorkerIds: readonly string[];
  /** People who share here although they are excluded everywhere else (B-72). */
  readonly includedWorkerIds: readonly string[];
  readonly crewLeadIds: readonly string[] | null;
  readonly otherIds: readonly string[] | null;
  readonly driveTimeInCost: boolean | null;
  /** This ProPay's own choices (B-44, B-45); null follows the tenant's. They stand still from the first approval on (B-48). */
  readonly burden: boolean | null;
  readonly overtimeCost: boolean | null;
  /** Both as they were in force at the first approval; null before it. */
  readonly lockedChoices: { readonly burden: boolean; readonly overtimeCost: boolean } | null;
  readonly disqualifiers: readonly ProPayDisqualifier[];
  readonly penalties: readonly ProPayPenalty[];
  readonly groupId: string | null;
  readonly membership: Membership | null;
  readonly phaseMode: PhaseMode;
  /** The rules that its phases are made by (B-111), as they were at creation. */
  readonly phaseRules: readonly PhaseRule[];
  readonly wageBasis: 'at_start' | 'by_entry_date';
  readonly leadPayCents: number;
  /** Raised by every command; a recalculation names the one it used (`cfgRev`). */
  readonly revision: number;
  readonly approvals: number;
  readonly approval: ApprovalSummary | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly canceledReason: string | null;
  /** Canceled because its work was gone at the source (M-138); `back`: the source has it again, so restoring is offered. */
  readonly sourceCancel: 'gone' | 'back' | null;
  /** Where the ProPay stands in lists: copied from the job by creation and recalculation of the header. */
  readonly branchId: string | null;
  readonly listDate: LocalDate;
}

/** A change of budgets as a setting of some place made it; `revision`: of the settings area at that moment. */
export interface SettingModification extends BudgetModification {
  readonly scope: 'route' | 'division' | 'branch' | 'tenant';
  readonly scopeId: string | null;
  readonly revision: number;
}

/** A formula with its options; `amounts` are those by hand (B-70). */
export interface ProPayDistribution {
  readonly formula: Formula;
  readonly leadWeightBp?: number;
  readonly ignoreHours?: boolean;
  readonly amounts?: readonly { readonly workerId: string; readonly cents: number }[];
}

/** A definition's question with its answer on one ProPay, group, phase or participant (B-76). `key` is the definition's id. */
export interface ProPayDisqualifier {
  readonly key: string;
  readonly name: string;
  readonly category: DefinitionCategory;
  readonly definitionRevision: number;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly note: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Instant | null;
}

/** A definition's penalty as it was incurred (B-79); count 0: not at all. `amountCents` null: still to be set. */
export interface ProPayPenalty {
  readonly key: string;
  readonly name: string;
  readonly category: DefinitionCategory;
  readonly definitionRevision: number;
  readonly kind: 'fixed' | 'set_at_approval';
  readonly amountCents: number | null;
  readonly count: number;
  readonly setBy: string | null;
  readonly setAt: Instant | null;
}

/** For which route period a ProPay stands in its group, or outside of any, and what was said of it there (B-100, B-105, B-106). */
export interface Membership {
  readonly routeId: string;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  /** Somebody put it there or took it out: that stands until the work moves to another route. */
  readonly byHand: boolean;
  /** Unfinished work that belongs to this period all the same (B-105). */
  readonly confirmed: boolean;
  /** People whose time on this member leaves its hours and cost (B-106 b). */
  readonly leftOutWorkerIds: readonly string[];
}

/** What a ProPay holds that was stored before these fields existed. */
export const PROPAY_DEFAULTS = {
  settingModification: null,
  replacedBudget: null,
  includedWorkerIds: [],
  burden: null,
  overtimeCost: null,
  lockedChoices: null,
  disqualifiers: [],
  penalties: [],
  sourceCancel: null,
  groupId: null,
  membership: null,
  phaseMode: 'off',
  phaseRules: [],
} as const satisfies Partial<ProPay>;

export interface PoolShares {
  readonly crewBp: number;
  readonly crewLeadBp: number;
  readonly managerBp: number;
  readonly otherBp: number;
  readonly companyBp: number;
}

export interface ApprovalSummary {
  readonly n: number;
  readonly approvedAt: Instant;
  readonly approvalDate: LocalDate;
  readonly by: string;
  readonly accepted: readonly { readonly code: string; readonly reason: string }[];
  readonly totalCents: number;
  readonly snapshotId: string;
  readonly lineItemIds: readonly string[];
  /** Rework that was counted in (B-151); absent in older ones, where there was none. */
  readonly reworkJobIds?: readonly string[];
}

/** What a calculation made of the inputs. Written only under a condition on `calcRev`; never wakes its own calculation. */
export interface ProPayResult {
  readonly calcRev: number;
  /** ProPay revision the figures belong to. */
  readonly cfgRev: number;
  /** Digest of the counted values: what an approver saw (B-87). */
  readonly inputsVersion: string;
  /** Revision of the tenant's context that was used: an older one never overwrites a newer one. */
  readonly contextRevision: number;
  /** Digest of input ids and revisions: tells a newer reading with equal figures from an older one. */
  readonly inputsSeen: string;
  readonly calculatedAt: Instant;
  readonly outcome: 'applies' | 'does-not-apply' | 'cannot-tell';
  readonly missing: readonly string[];
  /** While work runs the projection on the earned budget (B-36), once it is complete or approved the final figures. */
  readonly figures: ProPayFigures | null;
  /** The result on the full budget while work still runs: what an early approval would approve. Null when complete or unknown. */
  readonly ifCompleted: ProPayFigures | null;
  /** B-37; null while there is no signal of progress. */
  readonly completionBp: number | null;
  /** First day of counted time: the start of the ProPay (B-41, B-88). */
  readonly startDate: LocalDate | null;
  /** Wages fixed for each worker (B-41). */
  readonly wages: Readonly<Record<string, FixedWage>>;
  /** Where the work belongs: decides who may see it. Follows the job while Active, stands still from the approval on. */
  readonly place: { readonly branchId: string | null; readonly divisionId: string | null; readonly routeId: string | null };
  /** Connections whose records were used: their freshness is the ProPay's (`dataAsOf`). */
  readonly connectionIds: readonly string[];
  readonly people: {
    readonly crewLeadIds: readonly string[];
    readonly managerIds: readonly string[];
    readonly otherIds: readonly string[];
    readonly workerIds: readonly string[];
  };
  readonly openEntryIds: readonly string[];
  readonly completedAtSource: boolean;
  /** The budget before any modification, as it was used; null while none is known. */
  readonly budget: BudgetFigures | null;
  readonly progressRequest: ProgressRequest;
  /** Time elsewhere that the figures depend on; null where they depend on the ProPay's own alone. */
  readonly timeNeed: TimeNeed | null;
  /** Of a phased ProPay: its open phases that can be approved, and what is missing in any. */
  readonly ofPhases?: { readonly readyIds: readonly string[]; readonly missing: readonly string[] };
}

/** Whether somebody is asked how far along the work is (B-38). */
export interface ProgressRequest {
  /** The highest step of the spent budget that was asked at; 0 while nothing was asked. */
  readonly askedBp: number;
  /** When it was asked at that step. */
  readonly askedAt: Instant | null;
  /** Not answered yet, and the source does not call the work done. */
  readonly open: boolean;
}

export const NEVER_ASKED: ProgressRequest = { askedBp: 0, askedAt: null, open: false };

/** A budget's own figures by its type (B-26 to B-31), and the source field or record they came from. */
export interface BudgetFigures {
  readonly type: BudgetType;
  readonly basis: string | null;
  readonly budgetSeconds?: number | null;
  readonly budgetCents?: number | null;
  readonly contractPriceCents?: number | null;
  readonly laborBp?: number | null;
  readonly rateE4?: number | null;
  readonly quantityE4?: number | null;
  readonly tasks?: readonly {
    readonly id: string;
    readonly budgetSeconds?: number | null;
    readonly budgetCents?: number | null;
  }[];
}

/** The figures of a budget alone, as they are entered by hand. */
export type OwnBudget = Omit<BudgetFigures, 'type' | 'basis'>;

/** A wage with the row of the history that gave it: of the source, or one that people added, which has no `sourceId`. */
export interface FixedWage {
  readonly wageE4: number;
  readonly recordId: string;
  readonly revision: number;
  readonly sourceId: string | null;
  readonly effectiveFrom: LocalDate;
  /** The record of the person whose wage it is, where that is another one (M-149). */
  readonly ofWorkerId?: string;
  /** The burden on the wage (B-44) and the row that gave it; absent while no row does. */
  readonly burden?: {
    readonly bp: number;
    readonly recordId: string;
    readonly revision: number;
    readonly sourceId: string | null;
  };
}

/**
 * Recorded time beyond a ProPay's own that its figures depend on: everything that some people worked over a range of work dates, wherever
 * (B-45, B-47, B-71).
 */
export interface TimeNeed {
  readonly workerIds: readonly string[];
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export interface ProPayFigures {
  readonly budgetSeconds: number | null;
  readonly budgetCents: number | null;
  readonly actualSeconds: number;
  readonly actualCostCents: number;
  readonly blendedWageE4: number | null;
  readonly savedSeconds: number | null;
  readonly savingsCents: number;
  readonly workerShareCents: number;
  readonly penaltyCents: number;
  readonly pools: {
    readonly crewCents: number;
    readonly crewLeadCents: number;
    readonly managerCents: number;
    readonly otherCents: number;
    readonly companyCents: number;
  };
  readonly payouts: readonly Payout[];
  readonly companyKeepsCents: number;
  readonly leadPayCents: number;
  readonly leadPayouts: readonly { readonly workerId: string; readonly cents: number }[];
  /** What would be paid with every question passed and no penalty (B-171), lead pay included. */
  readonly possibleCents: number;
  readonly approvable: boolean;
  /** Why the figures look as they do: over budget, a role without anybody, no time. */
  readonly notes: readonly string[];
}

export interface Payout {
  readonly workerId: string;
  readonly role: PayoutRole;
  readonly cents: number;
  readonly seconds: number;
  /** More than the person earned straight with the same work: pointed out to the approver (B-62). */
  readonly aboveStraightPay?: true;
}

/** Why there is no ProPay (V-19 to V-28): one per job or milestone without one. */
export interface Verdict {
  readonly jobId: string;
  readonly milestoneId: string | null;
  readonly code: string;
  readonly missing: readonly string[];
  /** The exclusion rules that match, in the version that was looked at (B-18). */
  readonly rules: readonly { readonly id: string; readonly revision: number }[];
  /** Where it stands in lists. */
  readonly branchId: string | null;
  readonly date: LocalDate | null;
  readonly evaluatedAt: Instant;
}
