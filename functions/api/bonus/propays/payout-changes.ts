import * as z from 'zod/mini';
import type { PayoutChange } from '#bonus/what-if.ts';
import { idText, moneyOf, moneyText } from '../../edge.ts';
import { ROLE_NAMES } from './shapes.ts';

/** A person's payout in a role that is, or would be, another one. */
export const payoutChangeSchema = z.strictObject({
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  from: moneyText,
  to: moneyText,
});

export function payoutChangeView({ workerId, role, fromCents, toCents }: PayoutChange) {
  return { workerId, role, from: moneyOf(fromCents)!, to: moneyOf(toCents)! };
}
