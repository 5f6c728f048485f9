import { DEFAULT_CALENDAR, type PayCalendar } from '#kernel/period.ts';
import type { Connection } from './connection.ts';
import type { BonusPool, BudgetType, ExclusionRule, TenantContext } from './settings.ts';

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
    driveTimeInCost: boolean;
  };
  approval: { maxDataAgeMinutes: number };
  incentives: { budgetType: BudgetType };
  bonus: { excludedWorkerIds: readonly string[] };
  people: {
    managersEditWages: boolean;
    managersPayStatements: boolean;
    managersExportPayroll: boolean;
    inviteExpiryDays: number;
  };
  roles: { visibility: Visibility };
}
export type AreaName = keyof AreaValues;

/** What a role sees beyond the fixed cells of M-145: the toggles of M-146. */
export interface Visibility {
  manager: { wages: boolean; budgets: boolean; bonuses: boolean; statements: boolean };
  crew_lead: { budgets: boolean; bonuses: boolean; excluded: boolean };
  worker: { budgets: boolean; excluded: boolean };
}

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
  propay: { launchDate: null, includeInProgressAtLaunch: false, autoCreate: true, horizonDays: 14, driveTimeInCost: false },
  approval: { maxDataAgeMinutes: 1_440 },
  incentives: { budgetType: 'hours_budget' },
  bonus: { excludedWorkerIds: [] },
  people: { managersEditWages: false, managersPayStatements: false, managersExportPayroll: false, inviteExpiryDays: 7 },
  roles: {
    visibility: {
      manager: { wages: false, budgets: true, bonuses: true, statements: true },
      crew_lead: { budgets: true, bonuses: true, excluded: true },
      worker: { budgets: false, excluded: true },
    },
  },
};

/** The `tenant` area as it stands right after the tenant was made. */
export function tenantArea(tenant: NewTenant): AreaValues['tenant'] {
  const { tenantId: _tenantId, ...given } = tenant;
  return { ...given, language: 'en', timeFormat: '12h', hoursDisplay: 'decimal' };
}

/** The context of a new tenant: nothing connected, no pool, ProPays not launched. */
export function newTenantContext(tenant: NewTenant): TenantContext {
  return {
    revision: 1,
    tenantId: tenant.tenantId,
    name: tenant.name,
    zone: tenant.zone,
    currency: tenant.currency,
    payCalendar: DEFAULT_CALENDAR,
    branches: {},
    divisions: {},
    routes: {},
    pools: [],
    launch: { mode: 'not_set' },
    includeInProgressAtLaunch: false,
    autoCreate: true,
    horizonDays: 14,
    budgetType: 'hours_budget',
    exclusionRules: [],
    driveTimeInCost: false,
    excludedWorkerIds: [],
    maxDataAgeMinutes: 1_440,
    managerMap: {},
    connections: {},
    epoch: 1,
  };
}

/** What a saved area changes in the compiled context. Areas that no calculation reads change nothing. */
export function applyArea<A extends AreaName>(context: TenantContext, area: A, values: AreaValues[A]): TenantContext {
  const any = values as AreaValues[AreaName];
  switch (area) {
    case 'tenant': {
      const { name, zone, currency } = any as AreaValues['tenant'];
      return { ...context, name, zone, currency };
    }
    case 'payroll': {
      const payroll = any as AreaValues['payroll'];
      const branches = Object.entries(context.branches).map(([id, branch]) => {
        const own = payroll.branches[id];
        return [id, { ...branch, payCalendar: own === undefined ? null : calendarOf(own) }] as const;
      });
      return { ...context, payCalendar: calendarOf(payroll), branches: Object.fromEntries(branches) };
    }
    case 'propay': {
      const { launchDate, ...rest } = any as AreaValues['propay'];
      return { ...context, ...rest, launch: launchDate === null ? { mode: 'not_set' } : { mode: 'date', date: launchDate } };
    }
    case 'approval':
    case 'incentives':
    case 'bonus':
      return { ...context, ...(any as AreaValues['approval'] | AreaValues['incentives'] | AreaValues['bonus']) };
    default:
      return context;
  }
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
    connections: { ...context.connections, [id]: { provider, name, roleMap: settings.roleMap } },
    managerMap: { ...managerMap, ...settings.managerMap },
  };
}

/** The context with its pools in place of the former ones; exactly one is the default. */
export function applyPools(context: TenantContext, pools: readonly BonusPool[]): TenantContext {
  return { ...context, pools };
}

/** The context with its exclusion rules in place of the former ones. */
export function applyRules(context: TenantContext, exclusionRules: readonly ExclusionRule[]): TenantContext {
  return { ...context, exclusionRules };
}
