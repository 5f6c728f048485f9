import * as z from 'zod/mini';

/** A problem as a schema, for answers that tell several at once; further members accompany some codes. */
export const problemShape = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(
    z.strictObject({
      pointer: z.optional(z.string()),
      parameter: z.optional(z.string()),
      code: z.string(),
      detail: z.string(),
    }),
  ),
  retryAfterSeconds: z.optional(z.int()),
  nextAction: z.optional(z.unknown()),
});
