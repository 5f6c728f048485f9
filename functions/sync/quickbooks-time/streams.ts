import { AppError } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { ListName, Parameters } from './client.ts';
import type { Lookups } from './lookups.ts';
import type { MapContext } from './map/context.ts';
import { mapJobcode, NOT_OURS } from './map/jobcode.ts';
import { mapDeletedTimesheet, mapTimesheet } from './map/time.ts';
import { mapPayRate } from './map/wage.ts';
import { mapUser } from './map/worker.ts';

export interface Selection {
  readonly since: Instant | null;
  readonly window: { readonly from: LocalDate; readonly to: LocalDate } | null;
  readonly settings: Pick<ConnectionSettings, 'timeImportFrom'>;
}

/** How one stream is read: its list, which rows are asked for, what else a page needs, and its mapping. */
export interface StreamPlan {
  readonly list: ListName;
  /** Read by several streams in the same way. */
  readonly shared: boolean;
  /** Nothing to read unless the top level of the tree are clients. */
  readonly onlyWithClients?: true;
  readonly parameters: (selection: Selection) => Parameters;
  readonly prepare?: (lookups: Lookups, rows: readonly unknown[]) => Promise<void>;
  readonly map: (raw: unknown, context: MapContext) => MappedRow | typeof NOT_OURS;
  /** The list of what was deleted, read after the rows themselves. */
  readonly deletedList?: ListName;
  readonly mapDeleted?: (rows: readonly unknown[], context: MapContext) => readonly MappedRow[];
}

/** Offsets have to be said; ours is UTC. */
const stamp = (instant: Instant): string => instant.replace(/\.\d+Z$/, '+00:00');
const modified = ({ since }: Selection): Parameters => (since === null ? {} : { modified_since: stamp(since) });
/** A window that ends with the calendar is left open, so that dates beyond ours are read, and told, as well. */
const LAST_DATE = '2099-12-31';

function timesheets({ since, window, settings }: Selection): Parameters {
  if (since !== null) return { modified_since: stamp(since) };
  const { from, to } = window ?? { from: settings.timeImportFrom, to: LAST_DATE };
  return { start_date: from, ...(to === LAST_DATE ? {} : { end_date: to }) };
}

const jobcodes = {
  list: 'jobcodes',
  shared: true,
  parameters: modified,
  prepare: (lookups: Lookups, rows: readonly unknown[]) => lookups.forJobcodes(rows),
} as const;

/** By stream name of the manifest; branches, and the lists that are only compared, are read in ways of their own. */
const STREAMS: Readonly<Record<string, StreamPlan>> = {
  clients: { ...jobcodes, onlyWithClients: true, map: (raw, context) => mapJobcode('clients', raw, context) },
  jobs: { ...jobcodes, map: (raw, context) => mapJobcode('jobs', raw, context) },
  milestones: { ...jobcodes, map: (raw, context) => mapJobcode('milestones', raw, context) },
  users: {
    list: 'users',
    shared: true,
    parameters: modified,
    prepare: (lookups) => lookups.forUsers(),
    map: mapUser,
  },
  pay_rates: { list: 'users', shared: true, parameters: modified, map: mapPayRate },
  timesheets: {
    list: 'timesheets',
    shared: false,
    parameters: timesheets,
    prepare: (lookups, rows) => lookups.forTimesheets(rows),
    map: mapTimesheet,
    deletedList: 'timesheets_deleted',
    mapDeleted: (rows, context) => rows.map((row) => mapDeletedTimesheet(row, context)),
  },
};

export function planOf(stream: string): StreamPlan {
  const plan = Object.hasOwn(STREAMS, stream) ? STREAMS[stream] : undefined;
  if (plan === undefined) throw new AppError('unknown-stream', { detail: stream });
  return plan;
}

/** The rows of a page that belong to the stream. */
export function mapPage(plan: StreamPlan, rows: readonly unknown[], context: MapContext): readonly MappedRow[] {
  return rows.flatMap((row) => {
    const mapped = plan.map(row, context);
    return mapped === NOT_OURS ? [] : [mapped];
  });
}

/** Whether a row belongs to a date window; one that could not be mapped does, since nobody knows better. */
export function inWindow(row: MappedRow, window: { readonly from: LocalDate; readonly to: LocalDate }): boolean {
  if (row.kind === 'rejected' || !('workDate' in row.record.fields)) return true;
  const { workDate } = row.record.fields;
  return workDate >= window.from && workDate <= window.to;
}
