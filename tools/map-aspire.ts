import { defaultSettings } from '#functions/sync/aspire/defaults.ts';
import { LISTS, type ListName } from '#functions/sync/aspire/lists.ts';
import { MAPPED_LISTS, mapRows } from '#functions/sync/aspire/offline.ts';
import { ExactNumber, parseJsonExact } from '#kernel/decimal.ts';
import { instantFromMs, parseInstant } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { MapOptions } from './map.ts';

type Lists = Partial<Record<ListName, readonly unknown[]>>;
type Payload = { readonly rows: readonly unknown[]; readonly others: Lists; readonly snapshotAt: string | null };

/** Maps a file of Aspire rows: a list answer, its bare rows, one row, or a recorded data set. Null when the list is not known. */
export async function mapAspireFile(entity: string, text: string, options: MapOptions): Promise<readonly string[] | null> {
  const wanted = entity.replace(/^\//, '').toLowerCase();
  const list = MAPPED_LISTS.find((name) => name.toLowerCase() === wanted);
  if (list === undefined) return null;
  const payload = readPayload(list, text);
  if (payload === null) return [JSON.stringify({ rejected: { sourceId: null, reason: 'row_invalid', field: null } })];
  const now = parseInstant(payload.snapshotAt ?? '') ?? instantFromMs(Date.now());
  // Without a connection there is no day of connecting, so no row is too old.
  const settings = { ...defaultSettings('2000-01-01'), importWages: options.importWages };
  const context = { settings, zone: options.zone, currency: 'USD', today: localDateOf(now, options.zone), byId: false };
  return (await mapRows(list, payload.rows, payload.others, context)).map(lineOf);
}

function readPayload(list: ListName, text: string): Payload | null {
  let payload: unknown;
  try {
    payload = parseJsonExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (Array.isArray(payload)) return { rows: payload, others: {}, snapshotAt: null };
  if (!isObject(payload)) return null;
  if (isObject(payload.endpoints)) return readDataset(list, payload, payload.endpoints);
  if (Array.isArray(payload.value)) return { rows: payload.value, others: {}, snapshotAt: null };
  return Object.hasOwn(payload, LISTS[list]) ? { rows: [payload], others: {}, snapshotAt: null } : null;
}

/** A recorded company: its other lists serve the joins; a wire row is the list's defaults overlaid with the row. */
function readDataset(list: ListName, dataset: Record<string, unknown>, endpoints: Record<string, unknown>): Payload | null {
  const defaults = isObject(dataset.defaults) ? dataset.defaults : {};
  const about = isObject(dataset._about) ? dataset._about : {};
  const others: Lists = {};
  for (const name of Object.keys(LISTS) as ListName[]) {
    const rows = endpoints[`/${name}`];
    const base = defaults[`/${name}`];
    if (Array.isArray(rows)) others[name] = rows.map((row) => (isObject(row) && isObject(base) ? { ...base, ...row } : row));
  }
  const rows = others[list];
  return rows === undefined ? null : { rows, others, snapshotAt: typeof about.snapshotAt === 'string' ? about.snapshotAt : null };
}

/** A record flat, with the fields of M-27 beside where it came from; a skipped row is told like a rejected one, with its verdict's code. */
function lineOf(row: MappedRow): string {
  if (row.kind === 'rejected') {
    const { sourceId, reason, field } = row.rejected;
    return JSON.stringify({ rejected: { sourceId, reason, field } });
  }
  const { skip, sourceId } = row.record;
  if (skip !== undefined) {
    const reason = skip.kind === 'ignored' ? 'ignored_status' : skip.code;
    return JSON.stringify({ rejected: { sourceId, reason, field: null } });
  }
  return JSON.stringify({ record: flat(row.record), also: row.also.map(flat) });
}

function flat({ fields, ...provenance }: MappedRecord): Record<string, unknown> {
  return { ...provenance, ...fields };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
