import * as z from 'zod/mini';

/** The fields this connector relies on, in the wire form of __Title__. Whatever else a row holds is ignored and never read (M-25). */
export const workerRow = z.object({
  id: z.union([z.number(), z.string()]),
  name: z.string(),
});
