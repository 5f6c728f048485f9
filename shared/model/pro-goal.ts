import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import type { ApprovalSummary } from './propay.ts';
import type { DisqualifierDefinition, PenaltyDefinition } from './settings.ts';

/** B-161. A deleted template is gone: only a Draft can be deleted. */
export const TEMPLATE_STATUSES = ['Draft', 'Live', 'Archived'] as const;
export type GoalTemplateStatus = (typeof TEMPLATE_STATUSES)[number];
/** B-167. */
export const GOAL_STATUSES = ['Active', 'Approved', 'Paid', 'Canceled'] as const;
export type GoalStatus = (typeof GOAL_STATUSES)[number];

export const CADENCES = ['weekly', 'biweekly', 'monthly', 'quarterly', 'yearly'] as const;
export type Cadence = (typeof CADENCES)[number];
export const GOAL_ROLES = ['manager', 'crew_lead', 'worker'] as const;
export type GoalRole = (typeof GOAL_ROLES)[number];
export const METRIC_UNITS = ['bp', 'count', 'cents', 'seconds'] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];
/** Figures that the engine works out itself (B-163). */
export const BUILTIN_METRICS = [
  'hours_gained',
  'insights_efficiency',
  'callback_count',
  'propays_completed',
  'on_budget_rate',
] as const;
export type BuiltinMetric = (typeof BUILTIN_METRICS)[number];

/** Whose work a goal is about (B-161). */
export type GoalScope =
  | { readonly type: 'tenant' }
  | { readonly type: 'branch'; readonly branchId: string }
  | { readonly type: 'division'; readonly divisionId: string }
  | { readonly type: 'route'; readonly routeId: string };

/** When a goal runs: once, or again and again from a first day of some period, which counts both ways. */
export type GoalSchedule =
  | { readonly type: 'once'; readonly period: Period }
  | { readonly type: 'cadence'; readonly cadence: Cadence; readonly anchorDate: LocalDate };

/** Who of the people in scope takes part (B-161, B-162). */
export type GoalParticipants =
  | { readonly type: 'all' }
  | { readonly type: 'roles'; readonly roles: readonly GoalRole[] }
  | { readonly type: 'named'; readonly workerIds: readonly string[] };

/** What is measured, and in which unit its whole numbers count (B-163). */
export type GoalMetric =
  | { readonly source: 'manual' | 'import'; readonly name: string; readonly unit: MetricUnit }
  | { readonly source: 'builtin'; readonly name: BuiltinMetric; readonly unit: MetricUnit };

/** A tier; bounds are inclusive, values in the unit of the metric (B-164). */
export type GoalTier = { readonly index: number; readonly rewardCents: number } & (
  | { readonly type: 'between'; readonly min: number; readonly max: number }
  | { readonly type: 'gte'; readonly min: number }
  | { readonly type: 'lte'; readonly max: number }
);

/** When rewards become free and on which statement they stand (B-162); without any of it at once, on the current one. */
export interface GoalPool {
  readonly waitingDays: number;
  readonly retentionBp: number;
  readonly retentionDays: number;
  readonly warrantyBp: number;
  readonly warrantyDays: number;
  readonly statementAssignment: 'current' | 'previous';
}

/** What a template says; a Draft may still lack what is null or empty here. */
export interface GoalSetup {
  readonly name: string | null;
  readonly description: string | null;
  readonly scope: GoalScope;
  readonly schedule: GoalSchedule | null;
  readonly participants: GoalParticipants | null;
  readonly metric: GoalMetric | null;
  readonly tiers: readonly GoalTier[];
  /** The worker who looks after it. */
  readonly managerId: string | null;
  readonly pool: GoalPool;
  /** Definitions of the tenant that each participant has to answer for (B-166). */
  readonly disqualifierIds: readonly string[];
  readonly penaltyIds: readonly string[];
}

/** A Pro-Goal's template (B-161). Its revision is the version that instances name. */
export interface GoalTemplate extends GoalSetup {
  readonly id: string;
  readonly status: GoalTemplateStatus;
  /** Day on which it went live, in the zone of its scope: periods that begin from then on begin by themselves. */
  readonly liveOn: LocalDate | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly revision: number;
}

/** What an instance runs by: the template as it was when the instance began, definitions included. */
export interface GoalTerms {
  readonly name: string;
  readonly description: string | null;
  readonly scope: GoalScope;
  readonly participants: GoalParticipants;
  readonly metric: GoalMetric;
  readonly tiers: readonly GoalTier[];
  readonly managerId: string;
  readonly pool: GoalPool;
  readonly disqualifiers: readonly DisqualifierDefinition[];
  readonly penalties: readonly PenaltyDefinition[];
}

/** A Pro-Goal of one period (B-162, B-167). */
export interface Goal {
  readonly id: string;
  readonly templateId: string;
  /** Revision of the template it was made from. */
  readonly templateRevision: number;
  readonly period: Period;
  readonly status: GoalStatus;
  readonly terms: GoalTerms;
  /** Who was in scope on the period's last day; null until that day is over or the goal is approved (B-162). */
  readonly participantIds: readonly string[] | null;
  /** Revision of the results that belong to this goal; 0: none were given yet. */
  readonly resultsRevision: number;
  readonly approvals: number;
  /** The approval in force. Its items are named by the approval's own record. */
  readonly approval: GoalApproval | null;
  readonly canceledReason: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly revision: number;
}

export interface GoalApproval extends Omit<ApprovalSummary, 'lineItemIds'> {
  readonly inputsVersion: string;
  readonly snapshotChunks: number;
  readonly itemCount: number;
}

/** An answer to one of the goal's questions about one participant (B-166). */
export interface GoalAnswer {
  readonly key: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly note: string | null;
}

/** A penalty that one participant has incurred; count 0: not at all. `amountCents` null: that of the definition. */
export interface GoalPenalty {
  readonly key: string;
  readonly count: number;
  readonly amountCents: number | null;
}

/** What people say about one participant, or about all of them where `workerId` is null. */
export interface GoalEntry {
  readonly workerId: string | null;
  /** In the unit of the metric; null: no value is given here. */
  readonly value: number | null;
  /** Why this participant is left out; null: not left out. */
  readonly excluded: string | null;
  readonly disqualifiers: readonly GoalAnswer[];
  readonly penalties: readonly GoalPenalty[];
}

/** The results of a goal as people entered them. */
export interface GoalResults {
  readonly goalId: string;
  readonly revision: number;
  readonly entries: readonly GoalEntry[];
  /** What the goal came to just before they were entered; null where nothing could be told, or it was not kept. */
  readonly before: GoalRewards | null;
  readonly at: Instant;
  readonly by: string;
}

/** What a goal comes to for each of its people, and the figures that it follows from. */
export interface GoalRewards {
  readonly inputsVersion: string;
  readonly rewards: readonly { readonly workerId: string; readonly cents: number }[];
}
