import * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';

/**
 * The fields this connector asks for and relies on, per list, as the nodes of a GraphQL answer hold them. Phones, notes and the labour
 * rate on time are never asked for, so they do not even reach the mapping (M-25). The vendor publishes no nullability that can be relied
 * on: every field but the id may be null or missing, and a field of another type rejects its row alone (M-98).
 */

/** The plain kinds of fields: each may be null or missing. */
const num = z.optional(z.nullable(z.union([z.number(), z.instanceof(ExactNumber)])));
const text = z.optional(z.nullable(z.string()));
const flag = z.optional(z.nullable(z.boolean()));

/** A reference: the id of another record. */
const ref = z.optional(z.nullable(z.object({ id: text })));

export type Reference = z.infer<typeof ref>;

/** A custom field as far as its use needs it; which value is there depends on its kind. */
const customField = z.object({
  id: text,
  label: text,
  valueText: text,
  valueNumeric: num,
  valueDropdown: text,
  valueTrueFalse: flag,
});

export type CustomField = z.infer<typeof customField>;

/** The account stands for the one branch. */
export const accountRow = z.object({ id: text, name: text });

export const clientRow = z.object({
  id: text,
  name: text,
  firstName: text,
  lastName: text,
  companyName: text,
  isArchived: flag,
  createdAt: text,
  updatedAt: text,
});

export const propertyRow = z.object({
  id: text,
  name: text,
  client: ref,
  address: z.optional(
    z.nullable(z.object({ street: text, street1: text, city: text, province: text, postalCode: text, country: text })),
  ),
});

export const userRow = z.object({
  id: text,
  name: z.optional(z.nullable(z.object({ first: text, last: text, full: text }))),
  email: z.optional(z.nullable(z.object({ raw: text }))),
  status: text,
  createdAt: text,
});

export const jobRow = z.object({
  id: text,
  jobNumber: num,
  title: text,
  jobStatus: text,
  jobType: text,
  client: ref,
  property: ref,
  startAt: text,
  endAt: text,
  completedAt: text,
  createdAt: text,
  updatedAt: text,
  total: num,
  billingType: text,
  jobberWebUri: text,
  customFields: z.optional(z.nullable(z.array(customField))),
});

export const visitRow = z.object({
  id: text,
  title: text,
  startAt: text,
  endAt: text,
  allDay: flag,
  visitStatus: text,
  completedAt: text,
  createdAt: text,
  job: ref,
  assignedUsers: z.optional(z.nullable(z.object({ nodes: z.optional(z.nullable(z.array(z.object({ id: text })))) }))),
});

export const timeSheetEntryRow = z.object({
  id: text,
  startAt: text,
  endAt: text,
  finalDuration: num,
  ticking: flag,
  label: text,
  approved: flag,
  paidBy: ref,
  user: ref,
  job: ref,
  visit: ref,
  createdAt: text,
  updatedAt: text,
});
