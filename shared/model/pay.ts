import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { PayoutRole } from './propay.ts';
import type { PremiumPolicy } from './settings.ts';

export type LineItemPart = 'main' | 'retention' | 'warranty';
export type LineItemCategory =
  | 'propay'
  | 'group_propay'
  | 'phase'
  | 'pro_goal'
  | 'lead_pay'
  | 'manual'
  | 'adjustment'
  | 'callback'
  | 'over_budget'
  | 'ot_premium';

export type ItemEvent =
  | {
      readonly type: 'hold';
      readonly on: LocalDate;
      readonly until?: LocalDate;
      readonly at: Instant;
      readonly by: string;
      readonly note?: string;
    }
  | { readonly type: 'release'; readonly on: LocalDate; readonly at: Instant; readonly by: string }
  | { readonly type: 'extend'; readonly on: LocalDate; readonly releaseOn: LocalDate; readonly at: Instant; readonly by: string }
  | {
      readonly type: 'void';
      readonly on: LocalDate;
      readonly at: Instant;
      readonly by: string;
      readonly reason: string;
      /** The smaller items that take its place (B-127). */
      readonly replacedBy?: readonly string[];
    }
  | { readonly type: 'paid'; readonly on: LocalDate; readonly at: Instant; readonly by: string; readonly statementId: string }
  /** Its statement was reopened: it is not paid any more (B-137). */
  | { readonly type: 'reopen'; readonly on: LocalDate; readonly at: Instant; readonly by: string; readonly reason: string };

/** What an item's money comes from (B-120). `approval` counts the approvals of the same thing. */
export type ItemSource =
  | { readonly kind: 'propay'; readonly proPayId: string; readonly approval: number }
  | { readonly kind: 'phase'; readonly proPayId: string; readonly phaseId: string; readonly approval: number }
  | { readonly kind: 'adjustment'; readonly proPayId: string; readonly approval: number }
  | { readonly kind: 'group-adjustment'; readonly groupId: string; readonly approval: number }
  | { readonly kind: 'callback'; readonly proPayId: string; readonly callbackId: string }
  | { readonly kind: 'group-callback'; readonly groupId: string; readonly proPayId: string; readonly callbackId: string }
  | { readonly kind: 'group'; readonly groupId: string; readonly approval: number }
  | { readonly kind: 'goal'; readonly goalId: string; readonly approval: number }
  | { readonly kind: 'manual' }
  | { readonly kind: 'premium' };

/** The worker's own counted time of one workweek behind an item: what a premium is attributed by (B-204). */
export interface EarnedWeek {
  readonly weekStart: LocalDate;
  readonly earnedSeconds: number;
  /** All hours worked in the week; given where the bonus is spread by them. */
  readonly totalSeconds?: number;
}

/**
 * How a bonus is spread over its workweeks, fixed when it is made: the policy of that day (B-201), or `embedded` for a share of total
 * earnings, which holds its premium already (B-208).
 */
export type PremiumMethod = PremiumPolicy | 'embedded';

/** Which law a premium rests on: earnings of their own in every export (B-213). */
export type LegalBasis = 'flsa_207' | 'state_only';

/** Who computes the premium of a worker-week: this product or the payroll (B-221). */
export type PremiumOwner = 'engine' | 'payroll';

/** How a premium was worked out (B-207): enough to follow it to the bonuses and hours behind it. */
export interface PremiumWorking {
  readonly weekStart: LocalDate;
  readonly legalBasis: LegalBasis;
  /** The rule that was applied: B-205, or B-212 for a production bonus or a flat sum. */
  readonly formula: 'federal' | 'california_production' | 'california_flat';
  /** The bonuses that counted, with what of each was earned in the week. */
  readonly bonuses: readonly { readonly itemId: string; readonly method: PremiumMethod; readonly attributedCents: number }[];
  /** Hours worked of the week, of a flat sum those of its pay period; overtime as the formula means it. */
  readonly totalSeconds: number;
  readonly overtimeSeconds: number;
  readonly doubleTimeSeconds: number;
  /** What was due in all at this moment, and what of it had been issued before. */
  readonly dueCents: number;
  readonly issuedBeforeCents: number;
  /** The time behind the hours, as it was read. */
  readonly hours: readonly {
    readonly entity: string;
    readonly id: string;
    readonly revision: number;
    readonly seconds: number;
  }[];
  /** Hours of the week may have been missing (B-205). */
  readonly label: 'incomplete' | null;
}

/** Grounds on which a bonus by hand may be left out of the regular rate (B-209). */
export const EXCLUSION_GROUNDS = ['discretionary', 'gift', 'referral', 'reimbursement'] as const;
export type ExclusionGround = (typeof EXCLUSION_GROUNDS)[number];

/** Why a bonus by hand does not count in the regular rate (B-209): the ground, the law it rests on, and who decided it for what reason. */
export interface RateExclusion {
  readonly ground: ExclusionGround;
  readonly legalBasis: string;
  readonly reason: string;
  readonly by: string;
}

/** One amount of one person (B-120). The amount never changes; status is derived from dates and events (B-125). */
export interface LineItem {
  readonly id: string;
  readonly workerId: string;
  readonly calendarId: string;
  readonly branchId: string | null;
  readonly type: 'bonus' | 'deduction' | 'premium';
  readonly category: LineItemCategory;
  readonly part: LineItemPart;
  readonly role: PayoutRole | null;
  readonly amountCents: number;
  readonly approvalDate: LocalDate;
  readonly releaseOn: LocalDate;
  /** First day of the assignment: decides the statement (B-134); moves with hold, release and extend. */
  readonly assignOn: LocalDate;
  readonly statementAssignment: 'current' | 'previous';
  /** First day of the period whose statement a person has put the item on; null: its dates decide. Until it is held or moved. */
  readonly periodStart: LocalDate | null;
  readonly includeDeductions: boolean;
  readonly carry: boolean;
  readonly source: ItemSource;
  /** The workweeks it was earned in, in order; empty where they are not known (B-204). */
  readonly weeks: readonly EarnedWeek[];
  /** Null on an item that is no bonus, and on those of before premiums were issued: they follow the policy in force. */
  readonly premiumMethod: PremiumMethod | null;
  /** The overtime premium that lies in a share of total earnings (B-208): shown and kept; null on every other item. */
  readonly embeddedPremiumCents: number | null;
  /** Why no premium is owed on a bonus by hand; null on every other item, and on one that counts (B-209). */
  readonly rateExclusion: RateExclusion | null;
  /** The working of a premium; null on every other item. */
  readonly premium: PremiumWorking | null;
  readonly purpose: string | null;
  readonly description: string | null;
  readonly workFrom: LocalDate | null;
  readonly workTo: LocalDate | null;
  readonly events: readonly ItemEvent[];
  readonly replaces: string | null;
  readonly revision: number;
}

export type StatementStatus = 'Open' | 'Paid' | 'Voided';

/** A statement's frozen part. Until it is paid its items and totals are derived (B-134); afterwards they stand here. */
export interface StatementHeader {
  readonly id: string;
  readonly reference: string;
  readonly workerId: string;
  readonly workerName: string;
  readonly calendarId: string;
  readonly branchId: string | null;
  readonly period: { readonly startDate: LocalDate; readonly endDate: LocalDate };
  readonly status: StatementStatus;
  readonly payDate: LocalDate | null;
  readonly paidAt: Instant | null;
  readonly paidBy: string | null;
  readonly totals: StatementTotals | null;
  readonly itemIds: readonly string[] | null;
  /** What the worker's hour was worth (B-140), and the digest of the items it was worked out for; frozen with the payment. */
  readonly wageFigures: StatementWageFigures | null;
  readonly figuresFor: string | null;
  /** Workweeks that end in the period and are paid below the minimum wage (B-216), worked out with the figures. */
  readonly wageFloors: readonly WageFloor[];
  /** What the worker has agreed to: the whole statement (`lineItemId` null) or single lines (B-142). */
  readonly acknowledgements: readonly Acknowledgement[];
  readonly disputes: readonly Dispute[];
  /** The export that has taken the statement up; it is free all the same where that one was canceled (B-222). */
  readonly exportId: string | null;
  readonly revision: number;
}

/** Figures that are only shown, in ten-thousandths of a dollar per hour; null where there is no time. */
export interface StatementWageFigures {
  readonly baseWageE4: number | null;
  readonly bonusRateE4: number | null;
  readonly effectiveWageE4: number | null;
}

/**
 * A workweek paid below the minimum wage (B-216), in cents: a warning, since wages stay with payroll. The amounts are null where `missing`
 * keeps anybody from telling.
 */
export interface WageFloor {
  readonly weekStart: LocalDate;
  readonly totalSeconds: number;
  readonly missing: readonly string[];
  readonly payCents: number | null;
  readonly minimumPayCents: number | null;
  /** What payroll would have to add. */
  readonly shortCents: number | null;
}

/** A worker's agreement. `seen` is the digest of what was agreed to: of something else it says nothing any more (B-142). */
export interface Acknowledgement {
  readonly lineItemId: string | null;
  readonly at: Instant;
  readonly by: string;
  readonly seen: string;
}

/** A worker's objection to a statement or one of its lines, and what a manager answered. */
export interface Dispute {
  readonly id: string;
  readonly lineItemId: string | null;
  readonly note: string;
  readonly at: Instant;
  readonly by: string;
  readonly answer: { readonly note: string; readonly at: Instant; readonly by: string } | null;
}

export interface StatementTotals {
  readonly bonusesCents: number;
  readonly deductionsCents: number;
  readonly ignoredDeductionsCents: number;
  readonly rolloverInCents: number;
  readonly netBalanceCents: number;
  readonly premiumCents: number;
  /** Premiums that payroll computes: shown, and in no sum (B-221). Absent in totals of before there were any. */
  readonly informationalCents?: number;
  readonly payableCents: number;
  readonly rolloverOutCents: number;
  readonly writtenOffCents: number;
}

/** Which periods of a worker's calendar are closed, and what rolls into the next. The condition of every payment. */
export interface PayHead {
  readonly workerId: string;
  readonly calendarId: string;
  readonly closedPeriods: readonly {
    readonly startDate: LocalDate;
    readonly status: 'Paid' | 'Voided';
    readonly rolloverOutCents: number;
  }[];
  readonly revision: number;
}
