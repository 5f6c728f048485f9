import { isWireObject, type OfflineMapping, readOfflinePayload } from '#mirror/offline.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { manifest } from './manifest.ts';
import type { MapContext } from './map/context.ts';
import { mapAccount } from './map/organisation.ts';
import { STREAMS } from './streams.ts';

type Mapper = (raw: unknown, context: MapContext) => MappedRow;

/** By the name of the list at the source. */
const MAPPERS: Readonly<Record<string, Mapper>> = {
  account: mapAccount,
  ...Object.fromEntries(Object.values(STREAMS).map(({ list, map }) => [list, map])),
};

/** `npm run map -- jobber`: an answer of the API, its bare nodes, one node, or a recorded company. */
export const offline: OfflineMapping = {
  lists: Object.keys(MAPPERS),
  async map(list, text, options) {
    const map = Object.hasOwn(MAPPERS, list) ? MAPPERS[list] : undefined;
    const payload = readOfflinePayload(text);
    if (map === undefined || payload === null) return null;
    const rows = payload.kind === 'dataset' ? payload.endpoints[list] : rowsOf(list, payload.body);
    if (!Array.isArray(rows)) return null;
    const accountId =
      payload.kind === 'dataset' ? accountIn(payload.endpoints.account) : accountIn([dataOf(payload.body).account]);
    // Without a connection there is no day of connecting, so no row is too old.
    const settings = { ...newSettings(manifest, '2000-01-01'), importWages: options.importWages };
    return rows.map((row) => map(row, { settings, zone: options.zone, accountId, byId: false }));
  },
};

/** The nodes of an answer, or what was given in their place. */
function rowsOf(list: string, body: unknown): unknown {
  if (Array.isArray(body) || !isWireObject(body)) return body;
  const found = dataOf(body)[list] ?? body[list] ?? body;
  if (!isWireObject(found)) return undefined;
  if (Array.isArray(found.nodes)) return found.nodes;
  return typeof found.id === 'string' ? [found] : undefined;
}

function dataOf(body: unknown): Readonly<Record<string, unknown>> {
  return isWireObject(body) && isWireObject(body.data) ? body.data : {};
}

/** Whose account the rows are from; records of an unknown one hang on a branch that says so. */
function accountIn(accounts: unknown): string {
  const account: unknown = Array.isArray(accounts) ? accounts[0] : null;
  return isWireObject(account) && typeof account.id === 'string' ? account.id : 'unknown';
}
