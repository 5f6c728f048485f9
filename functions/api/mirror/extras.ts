import type { LocalDate } from '#kernel/instant.ts';
import type { EntityFields } from '#model/entities.ts';
import { jobPartition, milestonePrefix, workerPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import type { MirrorContext } from './context.ts';
import type { PropertySight } from './views.ts';

/**
 * What a row shows but what stands on records of its own: the wage in force of a worker, the budget of a job or milestone, and whether
 * work on it has begun (M-31).
 */
export interface Extras {
  readonly wages: ReadonlyMap<string, EntityFields['wage_record']>;
  readonly budgets: ReadonlyMap<string, EntityFields['budget_info']>;
  /** Ids of pending jobs and scheduled milestones that count as in progress. */
  readonly begun: ReadonlyMap<string, true>;
}
export const NO_EXTRAS: Extras = { wages: new Map(), budgets: new Map(), begun: new Map() };

const AT_ONCE = 16;
/** Wage rows looked at for the one in force: more than a handful are tombstoned only after a source was cleaned up. */
const WAGE_ROWS = 25;

/** Reads the extras of a page's records, as far as the role may see them; nothing for entities that have none. */
export async function readExtras(
  table: Table,
  scope: TenantScope,
  records: readonly MirrorRecord[],
  mirror: MirrorContext,
  sees: PropertySight,
): Promise<Extras> {
  const entity = records[0]?.entity;
  if (entity === 'worker') {
    const workers = records.filter((record) => sees.wages(record.id));
    return { ...NO_EXTRAS, wages: await readEach(workers, (worker) => readWage(table, scope, worker.id, mirror.today)) };
  }
  if (entity !== 'job' && entity !== 'milestone') return NO_EXTRAS;
  const [budgets, begun] = await Promise.all([
    readEach(sees.budgets ? records : [], (record) => readBudget(table, scope, record)),
    readEach(records.filter(mayHaveBegun), (record) => readBegun(table, scope, record)),
  ]);
  return { ...NO_EXTRAS, budgets, begun };
}

async function readEach<T>(
  records: readonly MirrorRecord[],
  read: (record: MirrorRecord) => Promise<T | null>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (let at = 0; at < records.length; at += AT_ONCE) {
    const part = records.slice(at, at + AT_ONCE);
    const values = await Promise.all(part.map(read));
    for (const [index, value] of values.entries()) if (value !== null) found.set(part[index]!.id, value);
  }
  return found;
}

/** The newest live wage row on or before the day. */
async function readWage(
  table: Table,
  scope: TenantScope,
  workerId: string,
  day: LocalDate,
): Promise<EntityFields['wage_record'] | null> {
  const page = await table.query(scope, {
    partition: workerPartition(scope, workerId),
    from: 'G#',
    to: `G#${day}~`,
    descending: true,
    limit: WAGE_ROWS,
    consistent: false,
  });
  const live = page.items.map((item) => decodeMirrorRecord<'wage_record'>(item)).find((record) => record.tombstone === null);
  return live?.fields ?? null;
}

/** The live budget that the source gives for exactly this job or milestone. */
async function readBudget(table: Table, scope: TenantScope, record: MirrorRecord): Promise<EntityFields['budget_info'] | null> {
  const jobId = record.entity === 'job' ? record.id : (record as MirrorRecord<'milestone'>).fields.jobId;
  const page = await table.query(scope, {
    partition: jobPartition(scope, jobId),
    prefix: record.entity === 'job' ? 'B#' : `${milestonePrefix(record.id)}B#`,
    consistent: false,
  });
  const live = page.items.map((item) => decodeMirrorRecord<'budget_info'>(item)).find((budget) => budget.tombstone === null);
  return live?.fields ?? null;
}

function mayHaveBegun(record: MirrorRecord): boolean {
  const { status } = record.fields as { status?: string };
  return record.tombstone === null && status === (record.entity === 'job' ? 'pending' : 'scheduled');
}

/** Entries looked at for a live one, and milestones for one past `pending`: a tombstoned entry begins nothing. */
const LOOKED_AT = 25;

/** M-31: a job with any time or any milestone past `pending`, a milestone with time. Never stored, always read. */
async function readBegun(table: Table, scope: TenantScope, record: MirrorRecord): Promise<true | null> {
  const jobId = record.entity === 'job' ? record.id : (record as MirrorRecord<'milestone'>).fields.jobId;
  const partition = jobPartition(scope, jobId);
  const live = async (prefix: string, limit: number) => {
    const page = await table.query(scope, { partition, prefix, limit, consistent: false });
    return page.items.filter((item) => item.tb === undefined);
  };
  if (record.entity === 'milestone') return (await live(`T#${record.id}#`, LOOKED_AT)).length > 0 ? true : null;
  if ((await live('T#', LOOKED_AT)).length > 0) return true;
  const milestones = (await live('M#', LOOKED_AT * 2))
    .filter((item) => item.et === 'ms')
    .map((item) => decodeMirrorRecord<'milestone'>(item));
  return milestones.some(({ fields }) => fields.status !== 'pending' && fields.status !== 'canceled') ? true : null;
}
