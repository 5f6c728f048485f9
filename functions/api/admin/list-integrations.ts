import * as z from 'zod/mini';
import { manifests } from '#functions/sync/manifests.ts';
import { ENTITIES } from '#model/entities.ts';
import { SEE_CONNECTION_STATE } from '../access.ts';
import { defineAdminRoute } from './ports.ts';

const integrationShape = z.strictObject({
  provider: z.string(),
  name: z.string(),
  auth: z.enum(['key', 'oauth', 'file']),
  entities: z.array(z.enum(ENTITIES)),
  cycleMinutes: z.int(),
  cycles: z.array(z.int()),
  manualResync: z.boolean(),
  resyncModes: z.array(z.enum(['delta', 'full'])),
  setupSteps: z.array(z.string()),
});

/** The catalogue: what can be connected, and what each integration supplies (M-12). */
export const listIntegrations = defineAdminRoute({
  method: 'GET',
  path: '/v1/integrations',
  group: 'admin',
  summary: 'Integrations and what they can do',
  access: SEE_CONNECTION_STATE,
  answer: {
    status: 200,
    description: 'All integrations',
    schema: z.strictObject({ items: z.array(integrationShape), nextCursor: z.null() }),
  },
  handler: async () => ({
    body: {
      items: manifests.map(({ provider, name, auth, entities, cycles, manualResync, resyncModes, setupSteps }) => ({
        provider,
        name,
        auth,
        entities,
        cycleMinutes: cycles.includes(20) ? 20 : cycles[0],
        cycles,
        manualResync,
        resyncModes,
        setupSteps,
      })),
      nextCursor: null,
    },
  }),
});
