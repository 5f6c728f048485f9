import { inParallel } from '#kernel/in-parallel.ts';
import { listPartition, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type PersonPay, readPersonPay } from '#pay/person-pay.ts';
import { type Range, readPage } from '../pages.ts';
import type { ReportInputs } from './report.ts';

/** People of one page of a report that reads something of each. */
const MOST_PEOPLE = 25;

export type Worker = MirrorRecord<'worker'>;

/** A page of people, those that are gone at their source as well: their time and pay stay. Which of them are seen is asked by who reads them. */
export async function readPeoplePage(
  { request, given }: ReportInputs,
  prefix: string | undefined,
): Promise<{ readonly workers: readonly Worker[]; readonly nextCursor: string | null }> {
  const { ports, scope } = request;
  if (given.workerId !== undefined) {
    const item = await ports.table.get(scope, workerKey(scope, given.workerId));
    return { workers: item === null ? [] : [decodeMirrorRecord<'worker'>(item)], nextCursor: null };
  }
  const query = { ...request.query, limit: Math.min(request.query.limit, MOST_PEOPLE) };
  const ranges = [false, true].map((hidden): Range => {
    const partition = listPartition(scope, 'WORKER', hidden);
    return { name: hidden ? 'gone' : 'active', index: 'by', partition, ...(prefix === undefined ? {} : { prefix }) };
  });
  const page = await readPage({ ...request, query }, ranges);
  return { workers: page.items.map((item) => decodeMirrorRecord<'worker'>(item)), nextCursor: page.nextCursor };
}

/** A page of people with all of their pay, a Query for each. */
export async function readPeoplesPay(inputs: ReportInputs) {
  const { ports, scope } = inputs.request;
  const { workers, nextCursor } = await readPeoplePage(inputs, undefined);
  const pays = new Map<string, PersonPay>();
  await inParallel(workers, async ({ id }) => {
    pays.set(id, await readPersonPay(ports.table, scope, inputs.desk.context, id));
  });
  return { persons: workers.map((worker) => ({ worker, pay: pays.get(worker.id)! })), nextCursor };
}
