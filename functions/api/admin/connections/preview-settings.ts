import * as z from 'zod/mini';
import { ENTITIES } from '#model/entities.ts';
import { listConnections } from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { wholeListOf } from '../../edge.ts';
import { defineAdminRoute } from '../ports.ts';
import { refusedBySource } from './check.ts';
import { loadConnection } from './load.ts';
import { requireConnected } from './resync-support.ts';
import { changeSettings, requireManagers } from './settings.ts';
import { settingsChange } from './shapes.ts';
import { manifestOf } from './view.ts';

const fields = z.nullable(z.record(z.string(), z.unknown()));
const streamPreview = z.strictObject({
  stream: z.string(),
  entity: z.enum(ENTITIES),
  rows: z.int(),
  whole: z.boolean(),
  same: z.int(),
  changed: z.int(),
  added: z.int(),
  dropped: z.int(),
  rejected: z.int(),
  samples: z.array(
    z.strictObject({
      entity: z.string(),
      sourceId: z.nullable(z.string()),
      name: z.nullable(z.string()),
      before: fields,
      after: fields,
      reason: z.nullable(z.string()),
    }),
  ),
});

/**
 * What a change of settings would do (M-60): the source is read with the present and with the new settings, a page of each list that the
 * change touches, and the difference shown with samples. Stores nothing; refuses what PATCH would refuse.
 */
export const previewSettings = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections/{id}/settings-preview',
  group: 'admin',
  summary: 'What a change of settings would make of the records at the source',
  access: MANAGE_CONNECTIONS,
  body: z.strictObject({ settings: settingsChange }),
  bodyExample: { settings: { budgetSource: 'ticket_labor' } },
  answer: {
    status: 200,
    description: 'The lists touched, and what becomes of their records',
    schema: wholeListOf(streamPreview),
  },
  handler: async (request) => {
    const { ports, scope, params, body } = request;
    const { connection, sync } = await loadConnection(request, params.id);
    requireConnected(connection, sync);
    await requireManagers(ports.table, scope, body.settings);
    const others = (await listConnections(ports.table, scope)).filter(({ n }) => n !== connection.n);
    const settings = changeSettings(connection.settings, body.settings, manifestOf(connection.provider), others);
    const call = { type: 'preview' as const, connectionId: connection.id, settings };
    const answer = await ports.sync.preview(connection.provider, call);
    if (!answer.ok) throw refusedBySource(answer);
    return { body: { items: answer.streams, nextCursor: null } };
  },
});
