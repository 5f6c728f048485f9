import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { CallbackPart } from './callback.ts';
import type { ChangedRecord, SourceCause } from './difference.ts';
import type {
  ApprovalSummary,
  PoolShares,
  ProPayDisqualifier,
  ProPayDistribution,
  ProPayFigures,
  ProPayPenalty,
  ProPayResult,
} from './propay.ts';
import type { BonusPool, Netting, RouteRule } from './settings.ts';

/** B-100: statuses as of a ProPay, for the group as a whole; a dissolved one is Canceled. */
export type GroupStatus = 'Active' | 'Approved' | 'Paid' | 'Canceled';

/** A group ProPay (B-100): what people decide on it. Its members are the contributions in its partition. */
export interface Group {
  readonly id: string;
  readonly reference: string;
  readonly status: GroupStatus;
  readonly routeId: string;
  readonly branchId: string | null;
  readonly period: { readonly startDate: LocalDate; readonly endDate: LocalDate };
  readonly periodKind: RouteRule['period'];
  /** B-102, B-103: the tenant's default at creation. */
  readonly netting: Netting;
  readonly own: OwnTerms;
  /** Without a share in the group's bonus (B-106 a): their time and cost stay. */
  readonly excludedWorkerIds: readonly string[];
  /** Answers and penalties that sit on the group itself (B-107). */
  readonly disqualifiers: readonly ProPayDisqualifier[];
  readonly penalties: readonly ProPayPenalty[];
  /** Raised by every command, and by every member that comes or goes. */
  readonly revision: number;
  readonly approvals: number;
  readonly approval: ApprovalSummary | null;
  readonly canceledReason: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

/** Settings of a group's own; what is absent is that of its member with the lowest reference number (B-101). */
export interface OwnTerms {
  readonly splitEnabled?: boolean;
  readonly splitBp?: number;
  readonly shares?: PoolShares;
  readonly distribution?: ProPayDistribution;
}

/** What the members of a group have to have in common (B-101), as a member's own pool says it. */
export type MemberTerms = Pick<
  BonusPool,
  | 'splitEnabled'
  | 'splitBp'
  | 'waitingDays'
  | 'retention'
  | 'warrantyBp'
  | 'warrantyDays'
  | 'rollOverNegative'
  | 'includeDeductions'
  | 'statementAssignment'
  | 'leadInCrewPool'
  | 'managerInCrewPool'
> & {
  readonly shares: PoolShares;
  readonly distribution: ProPayDistribution;
  readonly pool: { readonly id: string; readonly revision: number };
};

/** Counted time of one worker at one wage, added up: all that costs and weights are made of. */
export interface MemberTime {
  readonly workerId: string;
  readonly seconds: number;
  readonly wageE4: number | null;
  readonly burdenBp?: number | null;
  readonly week?: { readonly totalSeconds: number; readonly overtimeSeconds: number; readonly doubleTimeSeconds: number } | null;
  readonly weekStart?: LocalDate;
  readonly noWeight?: true;
}

/** What a member's sources say: as much as the group's calculation needs, so that it never reads the members' jobs. */
export interface MemberFacts {
  readonly budgetKind: 'hours' | 'money';
  /** Budget after all modifications (B-35), in seconds or cents; null while it is unknown. */
  readonly budget: number | null;
  /** What of the budget is unknown (B-4). */
  readonly missing: readonly string[];
  readonly time: readonly MemberTime[];
  /** Crew planned on work that has no time yet (B-52). */
  readonly assignedCrew: readonly { readonly workerId: string; readonly wageE4: number | null }[];
  readonly crewLeadIds: readonly string[];
  readonly managerIds: readonly string[];
  readonly otherIds: readonly string[];
  /** Everybody on it in any capacity. */
  readonly workerIds: readonly string[];
  readonly place: ProPayResult['place'];
  readonly startDate: LocalDate | null;
  readonly lastDate: LocalDate | null;
  readonly completionBp: number | null;
  readonly completedAtSource: boolean;
  readonly openEntryIds: readonly string[];
  readonly connectionIds: readonly string[];
}

/** A member's part of its group (B-102): written with every result of the member. It is the membership. */
export interface Contribution extends MemberFacts {
  readonly groupId: string;
  readonly proPayId: string;
  readonly reference: string;
  /** The result it was written with: an older one never replaces it. */
  readonly calcRev: number;
  readonly terms: MemberTerms;
  readonly leadPayCents: number;
  /** What its people earned in the whole workweeks of the route period, where that divides the crew pool (B-71). */
  readonly earnings: readonly { readonly workerId: string; readonly cents: number; readonly premiumCents?: number }[];
  readonly disqualifiers: readonly { readonly id: string; readonly state: ProPayDisqualifier['state'] }[];
  readonly penalties: readonly { readonly id: string; readonly amountCents: number | null; readonly count: number }[];
  /** Unfinished work that belongs to this period all the same (B-105). */
  readonly confirmed: boolean;
  /** People whose time on this member leaves its hours and cost (B-106 b). */
  readonly leftOutWorkerIds: readonly string[];
  /** What the sources say since the group was approved, where that is something else (B-96). */
  readonly now: MemberNow | null;
  /** Rework that was applied to it since the group was approved (B-152). */
  readonly rework: MemberRework | null;
}

/** Applied rework of an approved member: its counted time as the sources have it now, and what it took of people. */
export interface MemberRework {
  readonly callbackIds: readonly string[];
  readonly time: readonly MemberTime[];
  /** Its seconds when it was applied. */
  readonly appliedSeconds: number;
  readonly parts: readonly CallbackPart[];
}

/** What an approved member's sources say now, with the records that are not what they were. */
export interface MemberNow extends MemberFacts {
  readonly causes: readonly SourceCause[];
  readonly records: readonly ChangedRecord[];
  readonly runId: string | null;
}

/** Settings in which a member differs from its group (B-101). */
export type ConflictField =
  | 'split'
  | 'pool'
  | 'distribution'
  | 'waiting'
  | 'retention'
  | 'warranty'
  | 'statement_options'
  | 'pay_calendar'
  | 'budget_kind';

/** A member that blocks the approval of its group until it is aligned or taken out (B-101). */
export interface GroupConflict {
  readonly proPayId: string;
  readonly fields: readonly ConflictField[];
}

/** Figures of a group: those of a ProPay, and crew pool per hour of those who share, which is shown only. */
export interface GroupFigures extends ProPayFigures {
  readonly bonusRateE4: number | null;
}

/** What a calculation made of the contributions. Written only under a condition on `calcRev`. */
export interface GroupResult
  extends Pick<
    ProPayResult,
    | 'calcRev'
    | 'inputsVersion'
    | 'inputsSeen'
    | 'calculatedAt'
    | 'outcome'
    | 'missing'
    | 'place'
    | 'connectionIds'
    | 'people'
    | 'startDate'
  > {
  /** While work runs on any member the projection (B-36), afterwards the final figures. */
  readonly figures: GroupFigures | null;
  readonly ifCompleted: GroupFigures | null;
  readonly conflicts: readonly GroupConflict[];
  /** The members, lowest reference number first. */
  readonly proPayIds: readonly string[];
  readonly lastDate: LocalDate | null;
  readonly completedCount: number;
}
