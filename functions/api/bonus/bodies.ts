import * as z from 'zod/mini';
import { dateText } from '../edge.ts';

/** What an approver or payer takes on, each with a reason (B-87, B-138). */
export const acceptSchema = z.array(
  z.strictObject({
    code: z.string().check(z.minLength(1), z.maxLength(64)),
    reason: z.string().check(z.minLength(1), z.maxLength(500)),
  }),
);

/** What every approval is asked with: the figures that were seen, and what is accepted. */
export const approveBody = {
  inputsVersion: z.string().check(z.minLength(1), z.maxLength(64)),
  approvalDate: z.optional(dateText),
  accept: z.optional(acceptSchema),
  note: z.optional(z.string().check(z.maxLength(1_000))),
};

/** A step back says why. */
export const reasonBody = z.strictObject({ reason: z.string().check(z.minLength(1), z.maxLength(500)) });
