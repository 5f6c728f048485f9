import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import { validateCalendar } from '#kernel/period.ts';
import { isZone } from '#kernel/zone.ts';
import type { BudgetType } from '#model/settings.ts';
import { AREA_DEFAULTS, type AreaName, type AreaValues, calendarOf } from '#model/tenant-context.ts';
import { currencyCode, dateText, idText } from '../../edge.ts';
import { invalidField } from '../../problem.ts';

const frequency = z.enum(['weekly', 'biweekly', 'semimonthly', 'monthly', 'quarterly']);
const calendar = { frequency, periodStart: z.record(z.string(), z.unknown()) };
const BUDGET_TYPES: readonly BudgetType[] = [
  'hours_budget',
  'labor_budget',
  'contract_price',
  'rate',
  'task_hours',
  'task_amount',
];

/** What each area holds, by the keys of M-150. An area is always given whole. */
const VALUES = {
  tenant: z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(200)),
    country: z.string().check(z.regex(/^[A-Z]{2}$/)),
    state: z.nullable(z.string().check(z.maxLength(50))),
    zone: z.string().check(z.refine(isZone, 'must be an IANA time zone')),
    currency: currencyCode,
    language: z.enum(['en', 'es']),
    timeFormat: z.enum(['12h', '24h']),
    hoursDisplay: z.enum(['decimal', 'h:mm']),
  }),
  payroll: z.strictObject({ ...calendar, branches: z._default(z.record(idText, z.strictObject(calendar)), {}) }),
  propay: z.strictObject({
    launchDate: z.nullable(dateText),
    includeInProgressAtLaunch: z.boolean(),
    autoCreate: z.boolean(),
    horizonDays: z.int().check(z.minimum(1), z.maximum(60)),
    driveTimeInCost: z.boolean(),
  }),
  approval: z.strictObject({ maxDataAgeMinutes: z.int().check(z.minimum(60), z.maximum(10_080)) }),
  incentives: z.strictObject({ budgetType: z.string() }),
  bonus: z.strictObject({ excludedWorkerIds: z.array(idText).check(z.maxLength(1_000)) }),
  people: z.strictObject({
    managersEditWages: z.boolean(),
    managersPayStatements: z.boolean(),
    managersExportPayroll: z.boolean(),
    inviteExpiryDays: z.int().check(z.minimum(1), z.maximum(30)),
  }),
  roles: z.strictObject({
    visibility: z.strictObject({
      manager: z.strictObject({ wages: z.boolean(), budgets: z.boolean(), bonuses: z.boolean(), statements: z.boolean() }),
      crew_lead: z.strictObject({ budgets: z.boolean(), bonuses: z.boolean(), excluded: z.boolean() }),
      worker: z.strictObject({ budgets: z.boolean(), excluded: z.boolean() }),
    }),
  }),
} as const satisfies { readonly [A in AreaName]: z.ZodMiniType };

export const AREAS = Object.keys(VALUES) as readonly AreaName[];

function document<const A extends AreaName>(area: A) {
  return z.strictObject({ area: z.literal(area), values: VALUES[area] });
}

/** The document of an area, as GET serves and PUT takes it. */
export const areaDocument = z.discriminatedUnion('area', [
  document('tenant'),
  document('payroll'),
  document('propay'),
  document('approval'),
  document('incentives'),
  document('bonus'),
  document('people'),
  document('roles'),
]);
export type AreaDocument = z.infer<typeof areaDocument>;

/** True when the text names an area. */
export function isArea(text: string): text is AreaName {
  return Object.hasOwn(VALUES, text);
}

/** Values of an area that nobody has saved; the `tenant` area always was, when the tenant was made. */
export function defaultsOf(area: AreaName): AreaValues[AreaName] {
  if (area === 'tenant') throw new Error('a tenant without its first area');
  return AREA_DEFAULTS[area];
}

/** Checks that a schema cannot: calendars of B-131 (filled in with their defaults) and the budget types of B-25. */
export function checkArea(document: AreaDocument): AreaValues[AreaName] {
  if (document.area === 'payroll') {
    const { branches, ...own } = document.values;
    return {
      ...withDefaults(own),
      branches: Object.fromEntries(Object.entries(branches).map(([id, values]) => [id, withDefaults(values)])),
    };
  }
  if (document.area === 'incentives') {
    const budgetType = BUDGET_TYPES.find((one) => one === document.values.budgetType);
    if (budgetType === undefined) refuse('unknown-budget-type', { field: 'values.budgetType' });
    return { budgetType };
  }
  return document.values;
}

type Calendar = Pick<AreaValues['payroll'], 'frequency' | 'periodStart'>;

function withDefaults(values: Calendar): Calendar {
  if ('frequency' in values.periodStart) throw invalidField('/values/periodStart/frequency', 'stands beside periodStart');
  const { frequency, ...periodStart } = validateCalendar(calendarOf(values));
  return { frequency, periodStart };
}
