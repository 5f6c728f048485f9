import { localDateOf } from '#kernel/zone.ts';
import { isWireObject, type OfflineMapping, readOfflinePayload } from '#mirror/offline.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { JoinLoader, type RowSource } from './joins.ts';
import { LISTS, type ListName } from './lists.ts';
import { manifest } from './manifest.ts';
import type { MapContext } from './map/context.ts';
import { STREAMS } from './streams.ts';

/** The lists whose rows become records, for `mapRows`. */
export const MAPPED_LISTS: readonly ListName[] = Object.values(STREAMS).map((plan) => plan.list);

/**
 * Maps raw rows of a list without a source: rows of other lists come from `others`, as far as it has them. The same mapping and the
 * same joins as in a run, for set-up previews, tools and tests.
 */
export async function mapRows(
  list: ListName,
  rows: readonly unknown[],
  others: Readonly<Partial<Record<ListName, readonly unknown[]>>>,
  context: Omit<MapContext, 'joins'>,
): Promise<readonly MappedRow[]> {
  const plan = Object.values(STREAMS).find((known) => known.list === list);
  if (plan === undefined) throw new RangeError(`${list} is no list of records`);
  // More rows than asked for do no harm: what is joined is looked up by id.
  const give = async (name: ListName): Promise<readonly unknown[]> => (Object.hasOwn(LISTS, name) ? (others[name] ?? []) : []);
  const source: RowSource = { all: give, byKey: give };
  const loader = new JoinLoader(source);
  const whole = { ...context, joins: loader.table };
  await plan.prepare?.(loader, rows, false, whole);
  return rows.map((row) => plan.map(row, whole));
}

type Lists = Partial<Record<ListName, readonly unknown[]>>;

/** `npm run map -- aspire`: a list answer, its bare rows, one row, or a recorded company, whose other lists serve the joins. */
export const offline: OfflineMapping = {
  lists: MAPPED_LISTS,
  async map(name, text, options) {
    const list = MAPPED_LISTS.find((known) => known === name);
    const payload = readOfflinePayload(text);
    if (list === undefined || payload === null) return null;
    const others = payload.kind === 'dataset' ? recordedLists(payload.endpoints, payload.defaults) : {};
    const rows = payload.kind === 'dataset' ? others[list] : rowsOf(list, payload.body);
    if (rows === undefined) return null;
    const now = (payload.kind === 'dataset' ? payload.snapshotAt : null) ?? options.now;
    // Without a connection there is no day of connecting, so no row is too old.
    const settings = { ...newSettings(manifest, '2000-01-01'), importWages: options.importWages };
    const today = localDateOf(now, options.zone);
    return mapRows(list, rows, others, { settings, zone: options.zone, currency: 'USD', today, byId: false });
  },
};

/** The recorded lists in wire form: a row is the list's defaults overlaid with what was recorded. */
function recordedLists(endpoints: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>): Lists {
  const lists: Lists = {};
  for (const name of Object.keys(LISTS) as ListName[]) {
    const rows = endpoints[`/${name}`];
    const base = defaults[`/${name}`];
    if (Array.isArray(rows))
      lists[name] = rows.map((row) => (isWireObject(row) && isWireObject(base) ? { ...base, ...row } : row));
  }
  return lists;
}

function rowsOf(list: ListName, body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isWireObject(body)) return undefined;
  if (Array.isArray(body.value)) return body.value;
  return Object.hasOwn(body, LISTS[list]) ? [body] : undefined;
}
