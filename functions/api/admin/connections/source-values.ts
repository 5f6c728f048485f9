import * as z from 'zod/mini';
import type { Connection } from '#model/connection.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { hasSetting } from '#model/provider-settings.ts';
import { SETTING_OF, type SourceValue, type ValueKind } from '#model/source-values.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { wholeListOf } from '../../edge.ts';
import { choiceParameter } from '../../query.ts';
import { defineAdminRoute } from '../ports.ts';
import { refusedBySource } from './check.ts';
import { loadConnection } from './load.ts';
import { requireConnected } from './resync-support.ts';
import { manifestOf } from './view.ts';

const KINDS = Object.keys(SETTING_OF) as [ValueKind, ...ValueKind[]];

/**
 * What a connection's set-up maps: custom fields, statuses, roles, jobcodes, projects and the like, as the source has them now, each with
 * what the settings make of it (M-49, M-60, M-62). Asked of the source; nothing is stored.
 */
export const listSourceValues = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/source-values',
  group: 'admin',
  summary: 'What the source has that settings of the connection can map',
  access: MANAGE_CONNECTIONS,
  query: { kind: choiceParameter(KINDS, 'Only values of this kind') },
  answer: {
    status: 200,
    description: 'All values found, and the kinds whose lists may not be read',
    schema: wholeListOf(
      z.strictObject({
        kind: z.enum(KINDS),
        id: z.string(),
        name: z.nullable(z.string()),
        parentId: z.nullable(z.string()),
        samples: z.array(z.string()),
        setting: z.string(),
        mappedTo: z.nullable(z.string()),
        proposed: z.nullable(z.string()),
        rollsUpInto: z.nullable(z.string()),
      }),
      { unreadable: z.array(z.enum(KINDS)) },
    ),
  },
  handler: async (request) => {
    const { ports, params, query } = request;
    const { connection, sync } = await loadConnection(request, params.id);
    requireConnected(connection, sync);
    const found = await ports.sync.discover(connection.provider, { type: 'discover', connectionId: connection.id });
    if (!found.ok) throw refusedBySource(found);
    const manifest = manifestOf(connection.provider);
    const isAsked = ({ kind }: SourceValue) =>
      hasSetting(manifest, SETTING_OF[kind]) && (query.kind === undefined || query.kind === kind);
    const items = found.values.filter(isAsked).map((value) => viewOf(value, connection, manifest));
    return { body: { items, unreadable: found.unreadable, nextCursor: null } };
  },
});

function viewOf(value: SourceValue, { settings }: Connection, manifest: IntegrationManifest): Record<string, unknown> {
  const setting = SETTING_OF[value.kind];
  const { rollsUpInto = null } = value;
  return { ...value, rollsUpInto, setting, mappedTo: mappedTo(value, settings), proposed: proposalFor(value, manifest) };
}

/** What the settings say of a value: the word it is mapped to, or `listed` where it stands on the setting's list. */
function mappedTo({ kind, id, name }: SourceValue, settings: Connection['settings']): string | null {
  const names = new Set([id, name].filter((one) => one !== null).map((one) => one.trim().toLowerCase()));
  const isNamed = (one: string) => names.has(one.trim().toLowerCase());
  if (kind === 'status' && settings.ignoredStatuses.some(isNamed)) return 'ignored';
  const chosen = settings[SETTING_OF[kind]];
  if (Array.isArray(chosen)) return chosen.some((one) => isNamed(String(one))) ? 'listed' : null;
  if (typeof chosen === 'string') return isNamed(chosen) ? 'listed' : null;
  const entry = Object.entries((chosen ?? {}) as Readonly<Record<string, string>>).find(([one]) => isNamed(one));
  return entry?.[1] ?? null;
}

/** Words by which a custom field says itself what it is for. */
const CLEAR: readonly (readonly [RegExp, string])[] = [
  [/\b(budget(ed)?|estimated?|est\.?) (labou?r )?(hours|hrs)\b|\b(hours|hrs) budget(ed)?\b/i, 'hours_budget'],
  [/\b(budget(ed)?|estimated?) labou?r( cost)?\b|\blabou?r budget\b/i, 'labor_budget'],
  [/\bservice type\b/i, 'service_type'],
];

/**
 * The use of a custom field whose name is clear (M-49), or that a jobcode goes with the one above it (M-62): proposed to a person, never
 * taken for what that person has said.
 */
function proposalFor({ kind, name, rollsUpInto }: SourceValue, manifest: IntegrationManifest): string | null {
  if (rollsUpInto !== undefined) return 'roll_up';
  if (kind !== 'custom_field' || name === null) return null;
  const use = CLEAR.find(([pattern]) => pattern.test(name))?.[1];
  return use !== undefined && manifest.settings.customFieldUses?.options?.includes(use) ? use : null;
}
