import * as z from 'zod/mini';

const traceInput = z.union([
  z.strictObject({ node: z.string() }),
  z.strictObject({ record: z.string(), recordId: z.string(), revision: z.union([z.int(), z.string()]) }),
]);

/** One step of a calculation as it is served (B-5): `inputs` name earlier steps and the records read; a `fraction` residue is the text n/d. */
export const traceNode = z.strictObject({
  id: z.string(),
  rule: z.string(),
  version: z.int(),
  inputs: z.array(traceInput),
  value: z.nullable(z.union([z.int(), z.string()])),
  unit: z.enum(['cents', 'seconds', 'bp', 'wageE4', 'weight', 'count', 'state']),
  residue: z.optional(z.string()),
  outcome: z.enum(['applies', 'does-not-apply', 'cannot-tell']),
  reason: z.optional(z.string()),
  missing: z.optional(z.array(z.string())),
});
