import * as z from 'zod/mini';
import document from '../../../docs/generated/openapi.json' with { type: 'json' };
import { PUBLIC } from '../access.ts';
import { defineDocsRoute } from './ports.ts';

/** The generated description of the API; a test keeps it in step with the route table. */
export const getOpenApi = defineDocsRoute({
  method: 'GET',
  path: '/v1/openapi.json',
  group: 'docs',
  summary: 'This description',
  access: PUBLIC,
  answer: { status: 200, description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) },
  handler: async () => ({ body: document }),
});
