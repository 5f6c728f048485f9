import * as z from 'zod/mini';
import { assertSettingModification } from '#bonus/rules/budget-modification.ts';
import { refuse } from '#kernel/errors.ts';
import { parseE4 } from '#kernel/money.ts';
import { validateCalendar } from '#kernel/period.ts';
import { isZone } from '#kernel/zone.ts';
import { BUDGET_TYPES, type PayLaw, type SettingsArea } from '#model/settings.ts';
import { AREA_DEFAULTS, type AreaName, type AreaValues, calendarOf } from '#model/tenant-context.ts';
import { currencyCode, dateText, idText, rateText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { assertDivisionRule, divisionRuleShape } from './division-rules.ts';
import { checkedExports, exportsValues } from './exports.ts';
import { checkedPayLaw, type PayLawChange, payLawValues } from './pay-law.ts';
import { checkedRoles, rolesValues } from './roles.ts';

const frequency = z.enum(['weekly', 'biweekly', 'semimonthly', 'monthly', 'quarterly']);
const calendar = { frequency, periodStart: z.record(z.string(), z.unknown()) };

const budgetType = z.enum(BUDGET_TYPES);
const modification = z.nullable(z.strictObject({ direction: z.enum(['increase', 'decrease']), bp: z.int() }));
const laborBp = z.nullable(z.int().check(z.minimum(1), z.maximum(10_000)));
const incentive = z.strictObject({
  budgetType: z._default(z.nullable(budgetType), null),
  modification: z._default(modification, null),
  laborBp: z._default(laborBp, null),
});
const incentives = z.record(idText, incentive);
/** By division, or by division within one branch: `<branchId>|<divisionId>`. */
const divisionIncentives = z.record(
  z.union([idText, z.string().check(z.regex(/^[A-Za-z0-9._-]{1,120}\|[A-Za-z0-9._-]{1,120}$/))]),
  incentive,
);
const ids = z.array(idText).check(z.maxLength(1_000));
const texts = z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(100));
const phaseMode = z.enum(['off', 'independent', 'reserve']);
const optionalText = z.nullable(z.string().check(z.minLength(1), z.maxLength(100)));
/** Why the area is saved; kept in the audit entry. */
const reason = z.string().check(z.minLength(1), z.maxLength(500));
/** 20000 less cost of budget: above it nothing can be (B-172). */
const benchmarkBp = z.int().check(z.minimum(0), z.maximum(20_000));
const whole = z.int().check(z.minimum(0), z.maximum(1_000_000_000_000));

/** What each area holds, by the keys of M-150. A key that is left out stays as it is. */
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
    programScopes: z.union([z.literal('all'), z.strictObject({ branchIds: ids, divisionIds: ids, routeIds: ids })]),
    routeRules: z.record(idText, z.strictObject({ grouped: z.boolean(), period: z.enum(['week', 'pay']) })),
    driveTimeInCost: z.boolean(),
    materialTracking: z.record(
      z.string(),
      z.strictObject({
        tracked: z.boolean(),
        unit: optionalText,
        totalQuantityE4: z.nullable(whole),
        unitValueCents: z.nullable(whole),
      }),
    ),
    progressStepBp: z.int().check(z.minimum(1_000), z.maximum(5_000)),
  }),
  approval: z.strictObject({ maxDataAgeMinutes: z.int().check(z.minimum(60), z.maximum(10_080)) }),
  incentives: z.strictObject({
    budgetType: z.string(),
    modification,
    laborBp,
    branches: incentives,
    divisions: divisionIncentives,
    routes: incentives,
  }),
  org: z.strictObject({
    nonBillableRules: z.strictObject({ jobIds: ids, clientIds: ids, serviceTypes: texts, spreadDriveTime: z.boolean() }),
    divisionRules: z.array(divisionRuleShape).check(z.maxLength(200)),
  }),
  bonus: z.strictObject({
    netting: z.enum(['pooled', 'separate']),
    phases: z.strictObject({
      mode: phaseMode,
      branches: z.record(idText, phaseMode),
      rules: z
        .array(
          z.strictObject({
            id: idText,
            name: z.string().check(z.minLength(1), z.maxLength(100)),
            serviceType: optionalText,
            keyword: optionalText,
            divisionId: z.nullable(idText),
          }),
        )
        .check(z.maxLength(50)),
    }),
    burdenBudgetTypes: z.array(budgetType),
    overtimeInCost: z.boolean(),
    callbackMode: z.enum(['automatic', 'review']),
    callbackServiceTypes: texts,
    manualDeductionsCarry: z.boolean(),
    disputeBlocksPayment: z.boolean(),
    excludedWorkerIds: ids,
    lineItemPurposes: texts,
    benchmarks: z.strictObject({
      branches: z.record(idText, benchmarkBp),
      divisions: z.record(idText, benchmarkBp),
      serviceTypes: z.record(z.string().check(z.minLength(1), z.maxLength(100)), benchmarkBp),
    }),
  }),
  'pay-law': payLawValues,
  exports: exportsValues,
  people: z.strictObject({
    managersEditWages: z.boolean(),
    managersPayStatements: z.boolean(),
    managersExportPayroll: z.boolean(),
    inviteExpiryDays: z.int().check(z.minimum(1), z.maximum(30)),
    wageWarnBelow: z.nullable(rateText.check(z.refine((text) => parseE4(text)! > 0, 'must be above zero'))),
  }),
  roles: rolesValues,
} as const satisfies { readonly [A in AreaName]: z.ZodMiniType };

export const AREAS = Object.keys(VALUES) as readonly AreaName[];

function document<const A extends AreaName>(area: A) {
  return z.strictObject({ area: z.literal(area), values: z.partial(VALUES[area]), reason: z.optional(reason) });
}

/** The document of an area, as GET serves and PUT takes it. */
export const areaDocument = z.discriminatedUnion('area', [
  document('tenant'),
  document('payroll'),
  document('propay'),
  document('approval'),
  document('incentives'),
  document('org'),
  document('bonus'),
  document('pay-law'),
  document('exports'),
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

/** An area as it stands: what was saved, and the defaults for keys that nobody has set or that are newer than the saving. */
export function valuesOf<A extends AreaName>(area: A, saved: Pick<SettingsArea, 'values'> | null): AreaValues[A] {
  const defaults = area === 'tenant' && saved !== null ? {} : defaultsOf(area);
  return { ...defaults, ...saved?.values } as AreaValues[A];
}

/** Who saves an area, when, and what the tenant is at that moment. */
export type AreaAuthor = Omit<PayLawChange, 'reason'>;

/**
 * An area as it would be saved: the given keys in place of the present ones, with the checks that a schema cannot make: calendars of
 * B-131 (filled in with their defaults), the budget types of B-25, modifications of B-33, policies of B-232. The author saves it, in the tenant's present context.
 */
export function checkArea(document: AreaDocument, before: AreaValues[AreaName], author: AreaAuthor): AreaValues[AreaName] {
  const values = { ...before, ...document.values } as AreaValues[AreaName];
  switch (document.area) {
    case 'org':
      return checkedOrg(values as AreaValues['org']);
    case 'payroll':
      return checkedPayroll(values as AreaValues['payroll']);
    case 'incentives':
      return checkedIncentives(values as AreaValues['incentives']);
    case 'pay-law':
      return checkedPayLaw(values as PayLaw, before as PayLaw, { ...author, reason: document.reason?.trim() || null });
    case 'roles':
      return checkedRoles(values as AreaValues['roles'], before as AreaValues['roles']);
    case 'exports':
      return checkedExports(values as AreaValues['exports']);
    default:
      return values;
  }
}

function checkedOrg(values: AreaValues['org']): AreaValues['org'] {
  values.divisionRules.forEach(assertDivisionRule);
  return values;
}

function checkedPayroll({ branches, ...own }: AreaValues['payroll']): AreaValues['payroll'] {
  const each = Object.entries(branches).map(([id, values]) => [id, withDefaults(values)] as const);
  return { ...withDefaults(own), branches: Object.fromEntries(each) };
}

function checkedIncentives(values: AreaValues['incentives']): AreaValues['incentives'] {
  if (!BUDGET_TYPES.some((type) => type === values.budgetType)) refuse('unknown-budget-type', { field: 'values.budgetType' });
  const { modification, branches, divisions, routes } = values;
  if (modification !== null) assertSettingModification(modification, 'values.modification');
  for (const [name, scopes] of Object.entries({ branches, divisions, routes }))
    for (const [id, own] of Object.entries(scopes))
      if (own.modification !== null) assertSettingModification(own.modification, `values.${name}.${id}.modification`);
  return values;
}

type Calendar = Pick<AreaValues['payroll'], 'frequency' | 'periodStart'>;

function withDefaults(values: Calendar): Calendar {
  if ('frequency' in values.periodStart) throw invalidField('/values/periodStart/frequency', 'stands beside periodStart');
  const { frequency, ...periodStart } = validateCalendar(calendarOf(values));
  return { frequency, periodStart };
}
