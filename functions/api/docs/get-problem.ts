import * as z from 'zod/mini';
import { PUBLIC } from '../access.ts';
import { notFound } from '../problem.ts';
import { PROBLEMS } from '../problems.ts';
import { defineDocsRoute } from './ports.ts';

/** The page that a problem's `type` points to. */
export const getProblem = defineDocsRoute({
  method: 'GET',
  path: '/v1/problems/{code}',
  group: 'docs',
  summary: 'What a problem code means and what to do about it',
  access: PUBLIC,
  answer: {
    status: 200,
    description: 'The problem',
    schema: z.strictObject({
      code: z.string(),
      status: z.int(),
      title: z.string(),
      who: z.enum(['customer', 'nobody', 'us']),
      action: z.string(),
    }),
    example: {
      code: 'not-found',
      status: 404,
      title: 'There is nothing here',
      who: 'customer',
      action: 'Check the id and the path.',
    },
  },
  handler: async ({ params }) => {
    const kind = PROBLEMS.get(params.code);
    if (kind === undefined) throw notFound();
    const who = { customer: 'customer', transient: 'nobody', ours: 'us' }[kind.category];
    return { body: { code: params.code, status: kind.status, title: kind.title, who, action: kind.action } };
  },
});
