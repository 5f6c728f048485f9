import type { LocalDate } from '#kernel/instant.ts';
import { changeCalendar, DEFAULT_CALENDAR, type PayCalendar } from '#kernel/period.ts';
import type { Connection } from './connection.ts';
import type {
  BonusPool,
  BudgetType,
  DisqualifierDefinition,
  DivisionRule,
  ExclusionRule,
  ExportTargets,
  IncentiveScopes,
  MaterialTracking,
  Netting,
  NonBillableRules,
  PayLaw,
  PenaltyDefinition,
  PhaseSettings,
  PoolAssignment,
  ProgramScopes,
  RouteRule,
  TenantContext,
} from './settings.ts';
import { type RoleVisibility, VISIBILITY_PRESETS } from './visibility.ts';

/** What a tenant is made with (M-139). */
export interface NewTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly country: string;
  readonly state: string | null;
  readonly zone: string;
  readonly currency: string;
}

/** The values of every settings area that exists, by the keys of M-150. Percentages are basis points. */
export interface AreaValues {
  tenant: {
    name: string;
    country: string;
    state: string | null;
    zone: string;
    currency: string;
    language: 'en' | 'es';
    timeFormat: '12h' | '24h';
    hoursDisplay: 'decimal' | 'h:mm';
  };
  /** `periodStart` holds the parameters of B-131 that belong to the frequency. */
  payroll: {
    frequency: PayCalendar['frequency'];
    periodStart: Readonly<Record<string, unknown>>;
    branches: Readonly<Record<string, { frequency: PayCalendar['frequency']; periodStart: Readonly<Record<string, unknown>> }>>;
  };
  propay: {
    launchDate: string | null;
    includeInProgressAtLaunch: boolean;
    autoCreate: boolean;
    horizonDays: number;
    programScopes: ProgramScopes;
    routeRules: Readonly<Record<string, RouteRule>>;
    driveTimeInCost: boolean;
    materialTracking: Readonly<Record<string, MaterialTracking>>;
    progressStepBp: number;
  };
  approval: { maxDataAgeMinutes: number };
  incentives: IncentiveScopes & { budgetType: BudgetType };
  org: { nonBillableRules: NonBillableRules; divisionRules: readonly DivisionRule[] };
  bonus: {
    netting: Netting;
    phases: PhaseSettings;
    burdenBudgetTypes: readonly BudgetType[];
    overtimeInCost: boolean;
    callbackMode: 'automatic' | 'review';
    callbackServiceTypes: readonly string[];
    manualDeductionsCarry: boolean;
    disputeBlocksPayment: boolean;
    excludedWorkerIds: readonly string[];
    lineItemPurposes: readonly string[];
    /** Insights efficiency in basis points that is looked for, by branch, division and service type (B-174): for reports alone. */
    benchmarks: {
      readonly branches: Readonly<Record<string, number>>;
      readonly divisions: Readonly<Record<string, number>>;
      readonly serviceTypes: Readonly<Record<string, number>>;
    };
  };
  'pay-law': PayLaw;
  exports: { targets: ExportTargets };
  people: {
    managersEditWages: boolean;
    managersPayStatements: boolean;
    managersExportPayroll: boolean;
    inviteExpiryDays: number;
    /** A wage below it is listed as suspicious (M-39), in currency per hour; null: none is. */
    wageWarnBelow: string | null;
  };
  roles: RoleVisibility;
}
export type AreaName = keyof AreaValues;

/** What a new pool holds where its maker says nothing: half of the savings to the crew, at once, per hour. */
export const POOL_DEFAULTS: Omit<BonusPool, 'id' | 'name' | 'crewBp' | 'crewLeadBp' | 'managerBp' | 'otherBp' | 'companyBp'> = {
  default: false,
  otherIds: [],
  splitEnabled: true,
  splitBp: 5_000,
  distribution: { formula: 'per_hour' },
  waitingDays: 0,
  retention: {},
  warrantyBp: 0,
  warrantyDays: 0,
  rollOverNegative: false,
  includeDeductions: true,
  statementAssignment: 'current',
  leadInCrewPool: true,
  managerInCrewPool: true,
  revision: 1,
};

/** Values of an area that nobody has set; `tenant` and `payroll` begin with what the tenant was made with. */
export const AREA_DEFAULTS: { readonly [A in Exclude<AreaName, 'tenant'>]: AreaValues[A] } = {
  payroll: { frequency: 'biweekly', periodStart: { anchorDate: '2024-01-01' }, branches: {} },
  propay: {
    launchDate: null,
    includeInProgressAtLaunch: false,
    autoCreate: true,
    horizonDays: 14,
    programScopes: 'all',
    routeRules: {},
    driveTimeInCost: false,
    materialTracking: {},
    progressStepBp: 2_000,
  },
  approval: { maxDataAgeMinutes: 1_440 },
  incentives: { budgetType: 'hours_budget', modification: null, laborBp: null, branches: {}, divisions: {}, routes: {} },
  org: { nonBillableRules: { jobIds: [], clientIds: [], serviceTypes: [], spreadDriveTime: false }, divisionRules: [] },
  bonus: {
    netting: 'pooled',
    phases: { mode: 'off', branches: {}, rules: [] },
    burdenBudgetTypes: [],
    overtimeInCost: false,
    callbackMode: 'automatic',
    callbackServiceTypes: [],
    manualDeductionsCarry: true,
    disputeBlocksPayment: false,
    excludedWorkerIds: [],
    lineItemPurposes: ['referral', 'safety', 'tenure', 'retention', 'training', 'quality', 'social', 'correction', 'other'],
    benchmarks: { branches: {}, divisions: {}, serviceTypes: {} },
  },
  'pay-law': {
    premiumPolicy: 'by_earned_hours',
    premiumTiming: 'with_item',
    workweekStart: { weekday: 1, time: '00:00' },
    hoursSource: 'jobs_only',
    branches: {},
    exemptions: {},
    confirmedHours: [],
    switchedOff: {},
    paydayDays: 7,
  },
  exports: { targets: {} },
  people: {
    managersEditWages: false,
    managersPayStatements: false,
    managersExportPayroll: false,
    inviteExpiryDays: 7,
    wageWarnBelow: '7.25',
  },
  roles: { preset: 'standard', visibility: VISIBILITY_PRESETS.standard, persons: {} },
};

/** The `tenant` area as it stands right after the tenant was made. */
export function tenantArea(tenant: NewTenant): AreaValues['tenant'] {
  const { tenantId: _tenantId, ...given } = tenant;
  return { ...given, language: 'en', timeFormat: '12h', hoursDisplay: 'decimal' };
}

const { budgetType, ...INCENTIVE_SCOPES } = AREA_DEFAULTS.incentives;
const { launchDate: _launchDate, ...PROPAY_SETTINGS } = AREA_DEFAULTS.propay;

/** What a context holds where nobody has set anything; also what an older stored context lacks. */
export const CONTEXT_DEFAULTS: Omit<TenantContext, 'tenantId' | 'name' | 'zone' | 'currency'> = {
  revision: 1,
  country: 'US',
  state: null,
  payCalendar: DEFAULT_CALENDAR,
  branches: {},
  divisions: {},
  routes: {},
  pools: [],
  poolAssignments: [],
  disqualifiers: [],
  penalties: [],
  launch: { mode: 'not_set' },
  ...PROPAY_SETTINGS,
  ...AREA_DEFAULTS.bonus,
  budgetType,
  incentives: INCENTIVE_SCOPES,
  ...AREA_DEFAULTS.org,
  payLaw: AREA_DEFAULTS['pay-law'],
  exportTargets: {},
  exclusionRules: [],
  managersPayStatements: false,
  maxDataAgeMinutes: AREA_DEFAULTS.approval.maxDataAgeMinutes,
  bonusRemovedIds: [],
  mergedPeople: {},
  linkedDivisions: {},
  managerMap: {},
  areaRevisions: {},
  connections: {},
  epoch: 1,
};

/** The context of a new tenant: nothing connected, no pool, ProPays not launched. */
export function newTenantContext({ tenantId, name, country, state, zone, currency }: NewTenant): TenantContext {
  return { ...CONTEXT_DEFAULTS, tenantId, name, country, state, zone, currency };
}

/**
 * What a saved area changes in the compiled context. Areas that no calculation reads change nothing. `todayDate`: the day from which a
 * change of the pay calendar is counted (B-132); null while nothing has been earned yet, so that the calendar is only being set up.
 */
export function applyArea<A extends AreaName>(
  context: TenantContext,
  area: A,
  values: AreaValues[A],
  todayDate: LocalDate | null,
): TenantContext {
  const any = values as AreaValues[AreaName];
  switch (area) {
    case 'tenant': {
      const { name, country, state, zone, currency } = any as AreaValues['tenant'];
      return { ...context, name, country, state, zone, currency };
    }
    case 'payroll':
      return applyPayroll(context, any as AreaValues['payroll'], todayDate);
    case 'propay': {
      const { launchDate, ...rest } = any as AreaValues['propay'];
      return { ...context, ...rest, launch: launchDate === null ? { mode: 'not_set' } : { mode: 'date', date: launchDate } };
    }
    case 'incentives': {
      const { budgetType, ...incentives } = any as AreaValues['incentives'];
      return { ...context, budgetType, incentives };
    }
    case 'approval':
    case 'org':
    case 'bonus':
      return { ...context, ...(any as AreaValues['approval'] | AreaValues['org'] | AreaValues['bonus']) };
    case 'pay-law':
      return { ...context, payLaw: any as AreaValues['pay-law'] };
    case 'exports':
      return { ...context, exportTargets: (any as AreaValues['exports']).targets };
    case 'people':
      return { ...context, managersPayStatements: (any as AreaValues['people']).managersPayStatements };
    default:
      return context;
  }
}

/**
 * A branch that loses its own calendar follows the tenant's from its next period on, under its own name, so that its open statements
 * stay what they are.
 */
function applyPayroll(context: TenantContext, payroll: AreaValues['payroll'], todayDate: LocalDate | null): TenantContext {
  const change = (current: PayCalendar, next: PayCalendar): PayCalendar =>
    todayDate === null ? next : changeCalendar(current, next, todayDate);
  const payCalendar = change(context.payCalendar, calendarOf(payroll));
  const branches = Object.entries(context.branches).map(([id, branch]) => {
    const own = payroll.branches[id];
    if (own === undefined && (branch.payCalendar === null || todayDate === null))
      return [id, { ...branch, payCalendar: null }] as const;
    const next = calendarOf(own ?? payroll);
    return [id, { ...branch, payCalendar: change(branch.payCalendar ?? context.payCalendar, next) }] as const;
  });
  return { ...context, payCalendar, branches: Object.fromEntries(branches) };
}

/** Frequency and its parameters as one calendar; the caller has validated them (B-131). */
export function calendarOf(values: {
  frequency: PayCalendar['frequency'];
  periodStart: Readonly<Record<string, unknown>>;
}): PayCalendar {
  return { ...values.periodStart, frequency: values.frequency } as PayCalendar;
}

/**
 * The context with a connection as it is now: its name and the maps that eligibility reads (M-47, M-48). `before` is the connection as
 * it was, so that pairs taken off its manager map go. A disconnected one stays named.
 */
export function applyConnection(context: TenantContext, connection: Connection, before?: Connection): TenantContext {
  const { id, provider, name, settings } = connection;
  const managerMap = Object.fromEntries(
    Object.entries(context.managerMap).filter(([pair, workerId]) => before?.settings.managerMap[pair] !== workerId),
  );
  return {
    ...context,
    connections: { ...context.connections, [id]: { provider, name, roleMap: settings.roleMap, entities: settings.entities } },
    managerMap: { ...managerMap, ...settings.managerMap },
  };
}

/** The context with its pools in place of the former ones; exactly one is the default. */
export function applyPools(context: TenantContext, pools: readonly BonusPool[]): TenantContext {
  return { ...context, pools };
}

/** The context with its pool assignments in place of the former ones (B-55). */
export function applyAssignments(context: TenantContext, poolAssignments: readonly PoolAssignment[]): TenantContext {
  return { ...context, poolAssignments };
}

/** The context with its definitions in place of the former ones (B-75). */
export function applyDefinitions(
  context: TenantContext,
  definitions: { readonly disqualifiers?: readonly DisqualifierDefinition[]; readonly penalties?: readonly PenaltyDefinition[] },
): TenantContext {
  return { ...context, ...definitions };
}

/** The context with its exclusion rules in place of the former ones. */
export function applyRules(context: TenantContext, exclusionRules: readonly ExclusionRule[]): TenantContext {
  return { ...context, exclusionRules };
}
