import * as z from 'zod/mini';
import { centsOf, moneyText } from '../../edge.ts';

/** An answer to a disqualifier. */
export const disqualifierBody = z.strictObject({
  state: z.enum(['passed', 'failed', 'pending']),
  note: z.optional(z.nullable(z.string().check(z.maxLength(1_000)))),
});
/** `count` 1 where it is left out (B-79). */
export const penaltyBody = z.strictObject({ count: z.optional(z.int()), amount: z.optional(moneyText) });

/** A penalty as it is sent, in cents. */
export function penaltyOf({ count, amount }: z.infer<typeof penaltyBody>): { count: number; amountCents: number | undefined } {
  return { count: count ?? 1, amountCents: amount === undefined ? undefined : centsOf(amount, '/amount') };
}
