import * as z from 'zod/mini';
import { PUBLIC } from '../access.ts';
import { defineDocsRoute } from './ports.ts';

/** Says that the API answers; looks at nothing behind it. */
export const getHealth = defineDocsRoute({
  method: 'GET',
  path: '/healthz',
  group: 'docs',
  summary: 'Whether the API answers',
  access: PUBLIC,
  answer: {
    status: 200,
    description: 'It does',
    schema: z.strictObject({ status: z.literal('ok') }),
    example: { status: 'ok' },
  },
  handler: async () => ({ body: { status: 'ok' } }),
});
