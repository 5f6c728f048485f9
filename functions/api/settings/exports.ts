import * as z from 'zod/mini';
import { NEEDED_PAYCOM_COLUMNS, PAYCOM_COLUMNS } from '#bonus/exports/templates/paycom.ts';
import { premiumOwnerOf } from '#bonus/pay-law/export-mode.ts';
import { refuse } from '#kernel/errors.ts';
import {
  EXPORT_EARNINGS,
  EXPORT_MODES,
  EXPORT_TARGETS,
  type ExportTargets,
  type PayLaw,
  type TenantContext,
} from '#model/settings.ts';
import { dateText } from '../edge.ts';

const code = z.string().check(z.minLength(1), z.maxLength(40));
const target = z.strictObject({
  mode: z.enum(EXPORT_MODES),
  /** The earning that bonuses go to is left out of overtime there: then payroll owes no premium on them. */
  bonusOutsideOvertime: z.boolean(),
  codes: z.partialRecord(z.enum(EXPORT_EARNINGS), code),
  /** What the layout asks for beside: the company's own code (ADP, Paychex), the columns in the account's order (Paycom). */
  template: z.optional(
    z.strictObject({
      companyCode: z.optional(code),
      columns: z.optional(z.array(z.enum(PAYCOM_COLUMNS)).check(z.minLength(NEEDED_PAYCOM_COLUMNS.length))),
    }),
  ),
  /** Payroll takes nothing more for periods that end on this day or before. */
  closedThrough: z.optional(dateText),
});

/** The export targets of a tenant (B-221, B-224): one that is left out is not used. A saved list replaces the former one. */
export const exportsValues = z.strictObject({ targets: z.partialRecord(z.enum(EXPORT_TARGETS), target) });

/**
 * The targets as they would be saved: two earnings of one target never share a code (B-224), and columns named in an account's order hold
 * each column once, with those that tell whom a line pays, for what, and how much (B-231).
 */
export function checkedExports<T extends { readonly targets: ExportTargets }>(values: T): T {
  for (const [name, { codes, template }] of Object.entries(values.targets)) {
    const columns = template?.columns ?? NEEDED_PAYCOM_COLUMNS;
    if (new Set(columns).size < columns.length || !NEEDED_PAYCOM_COLUMNS.every((column) => columns.includes(column)))
      refuse('template-incomplete', {
        field: `values.targets.${name}.template.columns`,
        detail: `each once, with ${NEEDED_PAYCOM_COLUMNS.join(', ')}`,
      });
    const used = Object.entries(codes);
    const twice = used.find(([, one], at) => used.findIndex(([, other]) => other.trim() === one.trim()) < at);
    if (twice !== undefined)
      refuse('duplicate-id', { field: `values.targets.${name}.codes.${twice[0]}`, detail: 'another earning has this code' });
  }
  return values;
}

/**
 * Refuses settings under which nobody would pay the premium in the United States (B-221): a policy that is off while a target expects our
 * premiums, and a payroll that computes them on an earning outside of overtime.
 */
export function requirePremiumPayer({ country }: TenantContext, payLaw: PayLaw, targets: ExportTargets): void {
  if (country !== 'US') return;
  const off =
    payLaw.premiumPolicy === 'off' || Object.values(payLaw.branches).some(({ premiumPolicy }) => premiumPolicy === 'off');
  for (const [name, { mode, bonusOutsideOvertime }] of Object.entries(targets)) {
    const byPayroll = premiumOwnerOf(mode) === 'payroll';
    if (off && !byPayroll)
      refuse('premium-paid-by-nobody', {
        detail: `The premium policy is off, and ${name} expects our premiums.`,
        data: { target: name },
      });
    if (byPayroll && bonusOutsideOvertime)
      refuse('premium-paid-by-nobody', {
        detail: `${name} leaves the premium to payroll, whose earning for bonuses is outside of overtime.`,
        data: { target: name },
      });
  }
}
