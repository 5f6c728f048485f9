import { inParallel } from '#kernel/in-parallel.ts';
import { addDays, daysBetween } from '#kernel/instant.ts';
import { type JudgedTime, judgeTime, type TimeFinding } from '#mirror/time-quality.ts';
import { workerTimePartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { invalidParameter } from '../problem.ts';
import { readPeoplePage, type Worker } from './people-pay.ts';
import type { ReportDefinition, ReportInputs } from './report.ts';
import { mirrorSight } from './sight.ts';

/** Days that one report looks at. */
const MOST_DAYS = 31;

/** What may be wrong with recorded time, person by person (M-33, M-34, M-37, M-39, X-24). */
export const timeQuality: ReportDefinition = {
  filters: ['from', 'to', 'branchId', 'workerId'],
  paged: true,
  columns: ['workerId', 'name', 'branchId', 'workDate', 'warning', 'entryId', 'otherEntryId', 'jobId', 'seconds'],
  read: async (inputs) => {
    const { from, to } = inputs.filter;
    if (daysBetween(from, to) > MOST_DAYS) throw invalidParameter('from', `at most ${MOST_DAYS} days before to`);
    const { workers, nextCursor } = await readPeople(inputs);
    const found = new Map<string, readonly TimeFinding[]>();
    await inParallel(workers, async ({ id }) => {
      const findings = judgeTime(await readTime(inputs, id));
      found.set(
        id,
        findings.filter(({ workDate }) => workDate >= from && workDate <= to),
      );
    });
    const items = workers.flatMap(({ id, fields: { displayName: name, branchId } }) =>
      found.get(id)!.map(({ workDate, warning, entryId, otherEntryId, jobId, seconds }) => ({
        ...{ workerId: id, name, branchId, workDate, warning, entryId, otherEntryId, jobId, seconds },
      })),
    );
    return { items, ids: workers.map(({ id }) => id), nextCursor };
  },
};

/** A page of the people whose time is looked at, as far as the caller sees them. */
async function readPeople(inputs: ReportInputs) {
  const { branchId } = inputs.given;
  const { workers, nextCursor } = await readPeoplePage(inputs, branchId === undefined ? undefined : `${branchId}#`);
  const seen = await mirrorSight(inputs).sight.filter(workers as unknown as readonly MirrorRecord[]);
  return { workers: seen as unknown as readonly Worker[], nextCursor };
}

/** A worker's live time of the days, and a day more at each end: entries may lie over the border. */
async function readTime({ request, filter }: ReportInputs, workerId: string): Promise<readonly JudgedTime[]> {
  const { ports, scope } = request;
  const days = { from: addDays(filter.from, -1), to: addDays(filter.to, 2) };
  const keys = await ports.table.queryAll(scope, { index: 'by', partition: workerTimePartition(scope, workerId), ...days });
  const items = await ports.table.batchGet(scope, keys, { consistent: false });
  return items.flatMap((item) => {
    const record = item === null ? null : decodeMirrorRecord<'time_entry' | 'drive_time'>(item);
    if (record === null || record.tombstone !== null) return [];
    return [{ id: record.id, entity: record.entity, ...record.fields } as JudgedTime];
  });
}
