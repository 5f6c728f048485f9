import type { LocalDate } from '#kernel/instant.ts';
import { jobKey, type Key, milestoneKey, workerKey, workerTimePartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TimeNeed } from '#model/propay.ts';
import type { TimeRecord, WorkerTime, WorkPlace, WorkPlaces } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from './table.ts';

export type { TimeRecord };

/** Which of a worker's time to read: its work dates, both included, and keys known already that the index may not hold yet. */
export interface TimeRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly also: readonly Key[];
}

/**
 * A worker's time and drive time of a range of work dates, on any job or none. The index only finds the keys; the records are read
 * strongly, and one that belongs to somebody else by now is left out.
 */
export async function readWorkerTime(
  table: Table,
  scope: TenantScope,
  workerId: string,
  { from, to, also }: TimeRange,
): Promise<readonly TimeRecord[]> {
  const keys = await table.queryAll(scope, {
    index: 'by',
    partition: workerTimePartition(scope, workerId),
    from,
    to: `${to}~`,
  });
  const wanted = [...new Map([...keys, ...also].map((key) => [`${key.pk} ${key.sk}`, { pk: key.pk, sk: key.sk }])).values()];
  const items = await table.batchGet(scope, wanted);
  return items.flatMap((item) => {
    if (item === null) return [];
    const record = decodeMirrorRecord(item) as TimeRecord;
    return record.fields.workerId === workerId ? [record] : [];
  });
}

/** The branch of each worker, read strongly; null where the worker has none or is not mirrored. */
export async function readWorkerBranches(
  table: Table,
  scope: TenantScope,
  workerIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const items = await table.batchGet(
    scope,
    workerIds.map((workerId) => workerKey(scope, workerId)),
  );
  return new Map(
    workerIds.map((workerId, index) => {
      const item = items[index];
      return [workerId, item ? decodeMirrorRecord<'worker'>(item).fields.branchId : null] as const;
    }),
  );
}

/** Workers read at the same time. */
const AT_ONCE = 8;

/** All that several people recorded over some days, with their branches: what a calculation needs beyond its own job. */
export async function readWorkerTimes(
  table: Table,
  scope: TenantScope,
  { workerIds, from, to }: TimeNeed,
): Promise<ReadonlyMap<string, WorkerTime>> {
  const times = new Map<string, WorkerTime>();
  const branches = await readWorkerBranches(table, scope, workerIds);
  for (let at = 0; at < workerIds.length; at += AT_ONCE) {
    const part = workerIds.slice(at, at + AT_ONCE);
    const records = await Promise.all(part.map((workerId) => readWorkerTime(table, scope, workerId, { from, to, also: [] })));
    for (const [index, workerId] of part.entries())
      times.set(workerId, { branchId: branches.get(workerId) ?? null, records: records[index]! });
  }
  return times;
}

/** The headers of jobs and milestones that time was recorded on, strongly; what is not mirrored is left out. */
export async function readWorkPlaces(table: Table, scope: TenantScope, places: readonly WorkPlace[]): Promise<WorkPlaces> {
  const jobIds = [...new Set(places.map((place) => place.jobId))];
  const visits = places.filter((place): place is { jobId: string; milestoneId: string } => place.milestoneId !== null);
  const items = await table.batchGet(scope, [
    ...jobIds.map((jobId) => jobKey(scope, jobId)),
    ...visits.map(({ jobId, milestoneId }) => milestoneKey(scope, jobId, milestoneId)),
  ]);
  const records = items.flatMap((item) => (item === null ? [] : [decodeMirrorRecord(item)]));
  const byId = <R extends MirrorRecord>(entity: R['entity']): ReadonlyMap<string, R> =>
    new Map(records.filter((record): record is R => record.entity === entity).map((record) => [record.id, record]));
  return { jobs: byId<MirrorRecord<'job'>>('job'), milestones: byId<MirrorRecord<'milestone'>>('milestone') };
}
