import { isWireObject, type OfflineMapping, readOfflinePayload } from '#mirror/offline.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { ListName } from './client.ts';
import { Lookups, type RowSource } from './lookups.ts';
import { manifest } from './manifest.ts';
import { mapFieldItem, mapGroup } from './map/branch.ts';
import type { MapContext } from './map/context.ts';
import { mapJobcode, NOT_OURS } from './map/jobcode.ts';
import { mapDeletedTimesheet, mapTimesheet } from './map/time.ts';
import { mapPayRate } from './map/wage.ts';
import { mapUser } from './map/worker.ts';

type Lists = Readonly<Partial<Record<string, readonly unknown[]>>>;
type Prepared = Omit<MapContext, 'joins'>;

/** A list whose rows become records, and what one row becomes. */
const MAPPERS: Readonly<Record<string, (raw: unknown, context: MapContext) => MappedRow>> = {
  customfielditems: mapFieldItem,
  groups: mapGroup,
  jobcodes: mapJobcodeRow,
  timesheets: mapTimesheet,
  timesheets_deleted: mapDeletedTimesheet,
  users: mapUserWithWage,
};

/**
 * Maps raw rows of a list without a source: rows of other lists come from `others`, as far as it has them. The same mapping and the same
 * joins as in a run. A user brings the wage along.
 */
export async function mapRows(
  list: string,
  rows: readonly unknown[],
  others: Lists,
  context: Prepared,
): Promise<readonly MappedRow[]> {
  const map = MAPPERS[list];
  if (map === undefined) throw new RangeError(`${list} is no list of records`);
  // More rows than asked for do no harm: what is joined is looked up by id.
  const source: RowSource = { all: async (name: ListName) => others[name] ?? [] };
  const lookups = new Lookups(source, context.settings);
  if (list === 'jobcodes') await lookups.forJobcodes(rows);
  if (list === 'users') await lookups.forUsers();
  if (list.startsWith('timesheets')) await lookups.forTimesheets(rows);
  const whole = { ...context, joins: lookups.table };
  return rows.map((row) => map(row, whole));
}

/** A jobcode as whatever its place in the tree makes of it. */
function mapJobcodeRow(raw: unknown, context: MapContext): MappedRow {
  for (const stream of ['clients', 'jobs', 'milestones'] as const) {
    const mapped = mapJobcode(stream, raw, context);
    if (mapped !== NOT_OURS) return mapped;
  }
  throw new RangeError('a jobcode belongs to no stream');
}

function mapUserWithWage(raw: unknown, context: MapContext): MappedRow {
  const user = mapUser(raw, context);
  const wage = context.settings.importWages ? mapPayRate(raw, context) : user;
  if (user.kind === 'rejected' || wage === user || wage.kind === 'rejected' || wage.record.skip !== undefined) return user;
  return { ...user, also: [wage.record] };
}

/** `npm run map -- quickbooks-time`: a list answer, its rows by id, bare rows, one row, or a recorded company, whose lists serve the joins. */
export const offline: OfflineMapping = {
  lists: Object.keys(MAPPERS),
  async map(list, text, options) {
    const payload = readOfflinePayload(text);
    if (payload === null) return null;
    const others = payload.kind === 'dataset' ? listsOf(payload.endpoints) : {};
    const rows = payload.kind === 'dataset' ? others[list] : rowsOf(list, payload.body);
    if (rows === undefined) return null;
    // Without a connection there is no day of connecting, so no row is too old.
    const settings = { ...newSettings(manifest, '2000-01-01'), importWages: options.importWages };
    const { zone } = options;
    return mapRows(list, rows, others, { settings, zone, currency: 'USD', byId: false, accountBranchId: 'account:offline' });
  },
};

/** The recorded lists, by name with or without a slash; each holds its rows by id. */
function listsOf(endpoints: Readonly<Record<string, unknown>>): Lists {
  return Object.fromEntries(
    Object.entries(endpoints).flatMap(([path, held]) => {
      const rows = Array.isArray(held) ? held : isWireObject(held) ? Object.values(held) : null;
      return rows === null ? [] : [[path.replace(/^\//, ''), rows]];
    }),
  );
}

function rowsOf(list: string, body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isWireObject(body)) return undefined;
  const results = isWireObject(body.results) ? body.results : body;
  // The example of deleted timesheets and its like name the list under which the rows stand.
  const held = results[list];
  if (Array.isArray(held)) return held;
  if (isWireObject(held)) return Object.values(held);
  if (Object.hasOwn(body, 'id')) return [body];
  const values = Object.values(body);
  return values.length > 0 && values.every((one) => isWireObject(one) && Object.hasOwn(one, 'id')) ? values : undefined;
}
