import * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';

/**
 * The fields this connector relies on, per list, in the wire form of Procore's REST API. Whatever else a row holds is ignored and never
 * read, so phones, addresses and notes do not even reach the mapping (M-25). A field of another type rejects its row alone (M-98); a
 * missing one counts as null. Ids go beyond 32 bits, and version 2 writes them as text.
 */

const number = z.union([z.number(), z.instanceof(ExactNumber)]);
const decimal = z.optional(z.nullable(z.union([z.string(), number])));
const id = decimal;
const text = z.optional(z.nullable(z.string()));
const flag = z.optional(z.nullable(z.boolean()));
const ref = z.optional(z.nullable(z.object({ id, name: text })));
const refs = z.optional(z.nullable(z.array(z.object({ id, name: text }))));

export const companyRow = z.object({ id, name: text });
export const officeRow = z.object({ id, name: text, city: text, division: text });
export const regionRow = z.object({ id, name: text });
/** Some versions know no id of a department. */
export const departmentRow = z.object({ id, name: text });
export const stageRow = z.object({ id, name: text, category: text });

const member = z.optional(z.nullable(z.object({ id })));
export const crewRow = z.object({
  id,
  name: text,
  lead: member,
  lead_party: member,
  members: z.optional(z.nullable(z.array(z.object({ id })))),
});

export const userRow = z.object({
  id,
  contact_id: id,
  email_address: text,
  employee_id: text,
  job_title: text,
});
export const personRow = z.object({
  id,
  first_name: text,
  last_name: text,
  employee_id: text,
  is_employee: flag,
  user_id: id,
  contact: z.optional(z.nullable(z.object({ is_active: flag, email: text }))),
});

export const projectRow = z.object({
  id,
  name: text,
  display_name: text,
  project_number: text,
  active: flag,
  project_stage: ref,
  stage: text,
  office: ref,
  project_region: ref,
  project_region_id: id,
  departments: refs,
  company: ref,
  parent_job_id: id,
  start_date: text,
  estimated_start_date: text,
  completion_date: text,
  projected_finish_date: text,
  total_value: decimal,
  custom_fields: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  created_at: text,
  updated_at: text,
});

export const budgetLineRow = z.object({
  id,
  unit_of_measure: text,
  quantity: decimal,
  cost_code: z.optional(z.nullable(z.object({ id, name: text, code: text, full_code: text }))),
  line_item_type_id: id,
  line_item_type: ref,
});

export const timecardRow = z.object({
  id,
  date: text,
  hours: decimal,
  time_in: text,
  time_out: text,
  lunch_time: decimal,
  in_progress: flag,
  approval_status: text,
  deleted_at: text,
  party: member,
  login_information: member,
  project: member,
  cost_code: member,
  line_item_type_id: id,
  crew: member,
  timecard_time_type: z.optional(z.nullable(z.object({ id, time_type: text }))),
  created_at: text,
  updated_at: text,
});
