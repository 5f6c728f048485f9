import * as z from 'zod/mini';
import type { ProPayDistribution } from '#model/propay.ts';
import { FORMULAS, type Formula } from '#model/settings.ts';
import { basisPoints, centsOf, idText, moneyOf, moneyText } from '../edge.ts';
import { invalidField } from '../problem.ts';

const amounts = z.optional(z.array(z.strictObject({ workerId: idText, amount: moneyText })).check(z.maxLength(500)));
const options = { leadWeightBp: z.optional(basisPoints), ignoreHours: z.optional(z.boolean()), amounts };

/** How a crew pool is divided (B-65), as it is shown; amounts by hand are text (B-70). */
export const distributionSchema = z.strictObject({ formula: z.enum(FORMULAS), ...options });

/** A distribution as it is given: which formulas there are, and what each takes, the rules say (B-69, B-70, B-74). */
export const givenDistributionSchema = z.strictObject({ formula: z.string(), ...options });

/** A given distribution with its amounts in cents; its values are checked by whoever calculates with it. */
export function distributionOf({
  amounts: given,
  formula,
  ...rest
}: z.infer<typeof givenDistributionSchema>): ProPayDistribution {
  const plain = { ...rest, formula: formula as Formula };
  if (given === undefined) return plain;
  if (formula !== 'manual') throw invalidField('/distribution/amounts', 'are given with the formula manual alone');
  const cents = given.map(({ workerId, amount }, at) => ({
    workerId,
    cents: centsOf(amount, `/distribution/amounts/${at}/amount`),
  }));
  return { ...plain, amounts: cents };
}

/** A distribution in edge names. */
export function distributionView({ amounts: stored, ...rest }: ProPayDistribution) {
  if (stored === undefined) return rest;
  return { ...rest, amounts: stored.map(({ workerId, cents }) => ({ workerId, amount: moneyOf(cents)! })) };
}
