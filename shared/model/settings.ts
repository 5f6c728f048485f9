import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { PayCalendar } from '#kernel/period.ts';

export type BudgetType = 'hours_budget' | 'labor_budget' | 'contract_price' | 'rate' | 'task_hours' | 'task_amount';
export type Formula = 'per_hour' | 'wage_weighted' | 'per_head' | 'crew_lead_weighted' | 'manual' | 'total_earnings';
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
  readonly launch: LaunchDate;
  readonly includeInProgressAtLaunch: boolean;
  readonly autoCreate: boolean;
  readonly horizonDays: number;
  readonly budgetType: BudgetType;
  readonly exclusionRules: readonly ExclusionRule[];
  readonly driveTimeInCost: boolean;
  /** Workers whose bonus is removed for all ProPays (B-72, M-149). */
  readonly excludedWorkerIds: readonly string[];
  readonly maxDataAgeMinutes: number;
  /** connection id → `<branchId>|<divisionId or ->` → manager's worker id (M-47). */
  readonly managerMap: Readonly<Record<string, string>>;
  readonly connections: Readonly<
    Record<string, { readonly provider: string; readonly name: string; readonly roleMap: Readonly<Record<string, string>> }>
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
