import type { LocalDate } from '#kernel/instant.ts';
import { type Key, workerKey, workerTimePartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from './table.ts';

/** A piece of recorded time: a time entry or drive time. */
export type TimeRecord = MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>;

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
