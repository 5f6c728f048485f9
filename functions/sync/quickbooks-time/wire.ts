import * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';

/**
 * The fields this connector relies on, per list of the REST API v1. Whatever else a row holds is ignored and never read, so permissions,
 * leave balances, phones, notes and places do not even reach the mapping (M-25). The vendor's own examples disagree on numbers or texts
 * for the same field, so a scalar may be either; a field that is neither rejects its row alone (M-98), and a missing one counts as null.
 */

const scalar = z.optional(z.nullable(z.union([z.string(), z.number(), z.instanceof(ExactNumber)])));
const flag = z.optional(z.nullable(z.union([z.boolean(), z.string(), z.number()])));
/** `""` or `[]` where there is none. */
const fields = z.optional(z.nullable(z.union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())])));

export type Scalar = string | number | ExactNumber | null | undefined;
export type Flag = boolean | string | number | null | undefined;

export const userRow = z.object({
  id: scalar,
  first_name: scalar,
  last_name: scalar,
  display_name: scalar,
  group_id: scalar,
  active: flag,
  employee_number: scalar,
  payroll_id: scalar,
  email: scalar,
  hire_date: scalar,
  term_date: scalar,
  pay_rate: scalar,
  pay_interval: scalar,
  customfields: fields,
  last_modified: scalar,
  created: scalar,
});
export const groupRow = z.object({ id: scalar, name: scalar, active: flag, last_modified: scalar, created: scalar });
export const jobcodeRow = z.object({
  id: scalar,
  parent_id: scalar,
  name: scalar,
  short_code: scalar,
  type: scalar,
  active: flag,
  project_id: scalar,
  customfields: fields,
  last_modified: scalar,
  created: scalar,
});
/** What a jobcode's place in the tree depends on. */
export const nodeRow = z.object({ parent_id: scalar, type: scalar });
export const projectRow = z.object({
  id: scalar,
  jobcode_id: scalar,
  status: scalar,
  start_date: scalar,
  due_date: scalar,
  completed_date: scalar,
  active: flag,
  last_modified: scalar,
});
export const estimateRow = z.object({ id: scalar, project_id: scalar, active: flag });
export const estimateItemRow = z.object({ id: scalar, estimate_id: scalar, estimated_seconds: scalar, active: flag });
export const fieldItemRow = z.object({ id: scalar, customfield_id: scalar, name: scalar, active: flag, last_modified: scalar });
export const timesheetRow = z.object({
  id: scalar,
  user_id: scalar,
  jobcode_id: scalar,
  start: scalar,
  end: scalar,
  duration: scalar,
  date: scalar,
  type: scalar,
  on_the_clock: flag,
  locked: flag,
  last_modified: scalar,
});
export const accountRow = z.object({ client_url: scalar, company_name: scalar });
