import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { PayCalendar } from '#kernel/period.ts';
import type { EntityName } from './entities.ts';
import type { LinkedDivisions } from './linked-divisions.ts';
import type { MergedPeople } from './merged-people.ts';

/** The types of B-25. */
export const BUDGET_TYPES = ['hours_budget', 'labor_budget', 'contract_price', 'rate', 'task_hours', 'task_amount'] as const;
export type BudgetType = (typeof BUDGET_TYPES)[number];
/** The pinned ids of B-65. */
export const FORMULAS = ['per_hour', 'wage_weighted', 'per_head', 'crew_lead_weighted', 'manual', 'total_earnings'] as const;
export type Formula = (typeof FORMULAS)[number];
export type PoolRole = 'crew' | 'crew_lead' | 'manager' | 'other';

/** A bonus pool (B-53 to B-60, B-121 to B-124, B-134 to B-136): copied whole into a ProPay at its creation (B-55). */
export interface BonusPool {
  readonly id: string;
  readonly name: string;
  readonly default: boolean;
  readonly crewBp: number;
  readonly crewLeadBp: number;
  readonly managerBp: number;
  readonly otherBp: number;
  readonly companyBp: number;
  readonly otherIds: readonly string[];
  readonly splitEnabled: boolean;
  readonly splitBp: number;
  readonly distribution: { readonly formula: Formula; readonly leadWeightBp?: number; readonly ignoreHours?: boolean };
  readonly waitingDays: number;
  readonly retention: Readonly<Partial<Record<PoolRole, { readonly retentionBp: number; readonly retentionDays: number }>>>;
  readonly warrantyBp: number;
  readonly warrantyDays: number;
  readonly rollOverNegative: boolean;
  readonly includeDeductions: boolean;
  readonly statementAssignment: 'current' | 'previous';
  readonly leadInCrewPool: boolean;
  readonly managerInCrewPool: boolean;
  readonly revision: number;
}

export type LaunchDate = { readonly mode: 'not_set' } | { readonly mode: 'date'; readonly date: LocalDate };

/** Exclusion rule (B-17, M-132). */
export interface ExclusionRule {
  readonly id: string;
  readonly type: 'service_type' | 'invoice_type' | 'name_pattern' | 'property' | 'custom_field';
  readonly value?: string;
  readonly field?: string;
  readonly values?: readonly string[];
  readonly revision: number;
}

/** The shared categories of disqualifiers and penalties (B-75). */
export const DEFINITION_CATEGORIES = ['Safety', 'Quality', 'Customer', 'Attendance', 'Equipment', 'Paperwork', 'Other'] as const;
export type DefinitionCategory = (typeof DEFINITION_CATEGORIES)[number];

/** A yes/no question of the tenant (B-75, B-76): copied into ProPays at their creation, later only on command (B-81). */
export interface DisqualifierDefinition {
  readonly id: string;
  readonly name: string;
  readonly category: DefinitionCategory;
  readonly revision: number;
}

/** A penalty of the tenant (B-75, B-79). `amountCents` is set for `fixed` alone. */
export interface PenaltyDefinition {
  readonly id: string;
  readonly name: string;
  readonly category: DefinitionCategory;
  readonly kind: 'fixed' | 'set_at_approval';
  readonly amountCents: number | null;
  readonly revision: number;
}

/** The pool of a branch or of a division; exactly one of both is named (B-55). */
export interface PoolAssignment {
  readonly id: string;
  readonly poolId: string;
  readonly branchId: string | null;
  readonly divisionId: string | null;
}

/** A standing change of every budget in a scope (B-33). */
export interface BudgetModification {
  readonly direction: 'increase' | 'decrease';
  readonly bp: number;
}

/** What a route, division or branch says of budgets; null leaves it to the next wider scope (B-21). */
export interface Incentive {
  readonly budgetType: BudgetType | null;
  readonly modification: BudgetModification | null;
  /** The share of labour in a contract price where the source gives none (B-28). */
  readonly laborBp: number | null;
}

/** Incentive settings beside the tenant's own budget type (B-21, B-33). */
export interface IncentiveScopes {
  readonly modification: BudgetModification | null;
  readonly laborBp: number | null;
  readonly branches: Readonly<Record<string, Incentive>>;
  readonly divisions: Readonly<Record<string, Incentive>>;
  readonly routes: Readonly<Record<string, Incentive>>;
}

/** Which work takes part in the program (B-14): all of it, or what lies in one of the places. */
export type ProgramScopes =
  | 'all'
  | { readonly branchIds: readonly string[]; readonly divisionIds: readonly string[]; readonly routeIds: readonly string[] };

/** Whether the ProPays of a route are grouped, and by which period (B-100, M-136). */
export interface RouteRule {
  readonly grouped: boolean;
  readonly period: 'week' | 'pay';
}

/** Overhead by name (B-47, M-52): its time enters no ProPay, and its drive time may be spread over the day's jobs. */
export interface NonBillableRules {
  readonly jobIds: readonly string[];
  readonly clientIds: readonly string[];
  readonly serviceTypes: readonly string[];
  readonly spreadDriveTime: boolean;
}

/** Work that belongs to a local division (M-141): jobs of the branch that the source gives no division; every condition that is named holds. */
export interface DivisionRule {
  readonly divisionId: string;
  readonly branchId: string;
  readonly serviceType: string | null;
  readonly namePattern: string | null;
  readonly customField: { readonly field: string; readonly values: readonly string[] } | null;
  readonly routeId: string | null;
  readonly clientId: string | null;
}

export type Netting = 'pooled' | 'separate';
export type PhaseMode = 'off' | 'independent' | 'reserve';

/** Milestones that make up one phase (B-111); every condition that is named has to hold. */
export interface PhaseRule {
  readonly id: string;
  readonly name: string;
  readonly serviceType: string | null;
  readonly keyword: string | null;
  readonly divisionId: string | null;
}

/** Phases of non-recurring jobs (B-110, B-111). */
export interface PhaseSettings {
  readonly mode: PhaseMode;
  readonly branches: Readonly<Record<string, PhaseMode>>;
  readonly rules: readonly PhaseRule[];
}

export type PremiumPolicy = 'off' | 'by_earned_hours' | 'equal_weeks' | 'equal_hours';
export type StateRule = 'federal' | 'california';

/** When a workweek begins (B-202): ISO weekday, 1 Monday to 7 Sunday, and a time of the day in the branch's zone. */
export interface WorkweekStart {
  readonly weekday: number;
  readonly time: string;
}

/** A branch's own answers in matters of pay law; null leaves the question to the tenant or to the default (B-232). */
export interface BranchPayLaw {
  readonly premiumPolicy: PremiumPolicy | null;
  readonly workweekStart: WorkweekStart | null;
  readonly stateRule: StateRule | null;
  readonly deductionPolicy: 'allowed' | 'blocked' | null;
  readonly minimumWages: readonly { readonly effectiveFrom: LocalDate; readonly wageE4: number }[];
}

/** A pay period of a calendar of which somebody has confirmed that the time data holds all hours worked (B-202). */
export interface ConfirmedPeriod {
  /** `tenant`, or the branch whose own calendar it is. */
  readonly calendarId: string;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly by: string;
  readonly at: Instant;
}

/** Who chose that no overtime premium is owed, and when (B-201). */
export interface SwitchedOff {
  readonly by: string;
  readonly at: Instant;
}

/** The tenant's policies in matters of pay law (B-232). */
export interface PayLaw {
  readonly premiumPolicy: PremiumPolicy;
  readonly premiumTiming: 'with_item' | 'at_approval';
  readonly workweekStart: WorkweekStart;
  readonly hoursSource: 'all' | 'jobs_only';
  readonly branches: Readonly<Record<string, BranchPayLaw>>;
  /** People to whom the overtime premium does not apply, with the ground somebody named (B-211). */
  readonly exemptions: Readonly<Record<string, { readonly ground: string; readonly by: string }>>;
  /** Pay periods with all their hours, where the source alone does not promise them; absent in what was frozen before there were any. */
  readonly confirmedHours?: readonly ConfirmedPeriod[];
  /** Where the premium policy is off: `tenant` or a branch (B-201). */
  readonly switchedOff: Readonly<Record<string, SwitchedOff>>;
  /** Days from the end of a pay period to its payday (B-210). */
  readonly paydayDays: number;
}

/** Payrolls that an export can be made for (B-225 to B-231). */
export const EXPORT_TARGETS = ['generic', 'gusto', 'adp', 'paychex', 'quickbooks', 'paycom'] as const;
export type ExportTargetName = (typeof EXPORT_TARGETS)[number];

/** Who computes the premium, and what is sent (B-221). */
export const EXPORT_MODES = ['bonus_only', 'bonus_by_workweek', 'bonus_plus_premium'] as const;
export type ExportMode = (typeof EXPORT_MODES)[number];

/** What a worker's lines are booked as (B-224). */
export const EXPORT_EARNINGS = [
  'bonus',
  'bonus_total_earnings',
  'bonus_deduction',
  'premium_flsa_207',
  'premium_state_only',
  'reimbursement',
] as const;
export type ExportEarning = (typeof EXPORT_EARNINGS)[number];

/** How a tenant's pay goes to one payroll. */
export interface ExportTarget {
  readonly mode: ExportMode;
  readonly bonusOutsideOvertime: boolean;
  readonly codes: Readonly<Partial<Record<ExportEarning, string>>>;
  /** What the layout asks for beside the codes. */
  readonly template?: ExportTemplateSettings | undefined;
  /** Payroll takes nothing more for pay periods that end on this day or before. */
  readonly closedThrough?: LocalDate | undefined;
}

/** What a tenant says of the layout at its payroll. */
export interface ExportTemplateSettings {
  /** The company's own code there: ADP's Co Code, Paychex's Client ID. */
  readonly companyCode?: string | undefined;
  /** The columns in the order of the account, where accounts order their own way: naming them confirms the layout (B-231). */
  readonly columns?: readonly string[] | undefined;
}
export type ExportTargets = Readonly<Partial<Record<ExportTargetName, ExportTarget>>>;

/** How a material item is tracked (B-37). */
export interface MaterialTracking {
  readonly tracked: boolean;
  readonly unit: string | null;
  readonly totalQuantityE4: number | null;
  readonly unitValueCents: number | null;
}

/**
 * The compiled context of a tenant: all that eligibility, calculation and lists need of settings and organisation, in one item, written
 * together with whatever changes it. `revision` grows with every change; a calculation names the one it used.
 */
export interface TenantContext {
  readonly revision: number;
  readonly tenantId: string;
  readonly name: string;
  readonly zone: string;
  readonly currency: string;
  readonly payCalendar: PayCalendar;
  readonly branches: Readonly<Record<string, BranchContext>>;
  readonly divisions: Readonly<Record<string, { readonly name: string; readonly overhead: boolean; readonly active: boolean }>>;
  readonly routes: Readonly<Record<string, RouteContext>>;
  readonly pools: readonly BonusPool[];
  readonly poolAssignments: readonly PoolAssignment[];
  readonly disqualifiers: readonly DisqualifierDefinition[];
  readonly penalties: readonly PenaltyDefinition[];
  readonly launch: LaunchDate;
  readonly includeInProgressAtLaunch: boolean;
  readonly autoCreate: boolean;
  readonly horizonDays: number;
  readonly programScopes: ProgramScopes;
  readonly routeRules: Readonly<Record<string, RouteRule>>;
  readonly materialTracking: Readonly<Record<string, MaterialTracking>>;
  /** Part of the labour budget after which progress is asked for, and each further one (B-38). */
  readonly progressStepBp: number;
  readonly budgetType: BudgetType;
  readonly incentives: IncentiveScopes;
  readonly nonBillableRules: NonBillableRules;
  /** In the order in which they are asked; the first that matches wins. */
  readonly divisionRules: readonly DivisionRule[];
  readonly exclusionRules: readonly ExclusionRule[];
  readonly driveTimeInCost: boolean;
  /** Workers who are excluded from all ProPays by the tenant's settings (B-72). */
  readonly excludedWorkerIds: readonly string[];
  /** Workers whose bonus an admin removed (E-4, M-149): what stands on each worker, in one place. */
  readonly bonusRemovedIds: readonly string[];
  readonly netting: Netting;
  readonly phases: PhaseSettings;
  /** Budget types whose cost includes burden (B-44). */
  readonly burdenBudgetTypes: readonly BudgetType[];
  readonly overtimeInCost: boolean;
  readonly callbackMode: 'automatic' | 'review';
  /** Service types that mark a job as rework of an earlier one (B-150). */
  readonly callbackServiceTypes: readonly string[];
  readonly manualDeductionsCarry: boolean;
  readonly disputeBlocksPayment: boolean;
  readonly lineItemPurposes: readonly string[];
  readonly payLaw: PayLaw;
  readonly exportTargets: ExportTargets;
  readonly country: string;
  readonly state: string | null;
  readonly managersPayStatements: boolean;
  readonly maxDataAgeMinutes: number;
  /** Workers that were given up for another record of the same person (M-149). */
  readonly mergedPeople: MergedPeople;
  /** Local divisions that a synced one took the place of (M-141). */
  readonly linkedDivisions: LinkedDivisions;
  /** connection id → `<branchId>|<divisionId or ->` → manager's worker id (M-47). */
  readonly managerMap: Readonly<Record<string, string>>;
  /** Revision of each settings area that somebody has saved: what traces name of a setting (B-5). */
  readonly areaRevisions: Readonly<Record<string, number>>;
  readonly connections: Readonly<
    Record<
      string,
      {
        readonly provider: string;
        readonly name: string;
        readonly roleMap: Readonly<Record<string, string>>;
        /** The types that it supplies (M-43); absent in what was stored before a type could move. */
        readonly entities?: readonly EntityName[];
      }
    >
  >;
  readonly epoch: number;
}

export interface BranchContext {
  readonly name: string;
  readonly zone: string | null;
  readonly active: boolean;
  readonly payCalendar: PayCalendar | null;
}

export interface RouteContext {
  readonly name: string;
  readonly branchId: string | null;
  readonly crewLeadId: string | null;
  readonly managerId: string | null;
  readonly active: boolean;
}

/** A versioned settings area as stored and served. */
export interface SettingsArea {
  readonly area: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly revision: number;
  readonly changedAt: Instant;
  readonly changedBy: string;
}
