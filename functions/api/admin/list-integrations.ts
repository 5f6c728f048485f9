import * as z from 'zod/mini';
import { manifests } from '#functions/sync/manifests.ts';
import { ENTITIES } from '#model/entities.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { newSettings, type SettingKey } from '#model/provider-settings.ts';
import { SEE_CONNECTION_STATE } from '../access.ts';
import { wholeListOf } from '../edge.ts';
import { shownSettings } from './connections/settings.ts';
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
  setupSteps: z.array(
    z.strictObject({
      step: z.string(),
      settings: z.array(z.string()),
      /** Whether the first run waits for it unless its settings are given. */
      required: z.boolean(),
    }),
  ),
  settings: z.array(
    z.strictObject({
      key: z.string(),
      /** Null: has to be chosen, or is the tenant's own. */
      default: z.unknown(),
      options: z.nullable(z.array(z.string())),
    }),
  ),
  /** What is found at the source for settings to map; see `/v1/connections/{id}/source-values`. */
  offers: z.array(z.string()),
  /** What is read, and how often: with every run, hourly or daily (M-12, M-81). */
  reads: z.array(z.strictObject({ entity: z.enum(ENTITIES), refresh: z.enum(['cycle', 'hourly', 'daily']) })),
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
    schema: wholeListOf(integrationShape),
  },
  handler: async () => ({
    body: {
      items: manifests.map(integrationView),
      nextCursor: null,
    },
  }),
});

function integrationView(manifest: IntegrationManifest): Record<string, unknown> {
  const { provider, name, auth, entities, cycles, manualResync, resyncModes, setupSteps, settings, streams } = manifest;
  const { cycleMinutes } = newSettings(manifest, NO_DAY);
  const bringing = (entity: string) =>
    streams.find((stream) => stream.entity === entity || stream.also?.some((one) => one === entity));
  const hasNoDefault = (key: SettingKey) => settings[key] !== undefined && settings[key].default === undefined;
  return {
    provider,
    name,
    auth,
    entities,
    cycleMinutes,
    cycles,
    manualResync,
    resyncModes,
    setupSteps: setupSteps.map((one) => ({
      step: one.step,
      settings: one.settings,
      required: one.afterFirstRun !== true && one.settings.some(hasNoDefault),
    })),
    settings: Object.entries(shownSettings(manifest, newSettings(manifest, NO_DAY))).map(([key, value]) => ({
      key,
      default: key === 'timeImportFrom' ? null : value,
      options: settings[key as SettingKey]?.options ?? null,
    })),
    offers: manifest.offers ?? [],
    reads: entities.map((entity) => ({ entity, refresh: bringing(entity)?.refresh ?? 'cycle' })),
  };
}

/** The first day of an import belongs to a connection, not to the catalogue. */
const NO_DAY = '2000-01-01';
