import { presentDifference } from '#model/difference.ts';
import { parseProPayId, proPayId } from '#model/ids.ts';
import { byJobOfProPay, differenceKey, type Key, listPartition, proPayKey, resultKey, workerPartition } from '#model/keys.ts';
import type { ProPay } from '#model/propay.ts';
import { decodeProPay, decodeResult, proPayOfMark, refOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { agedListOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { ApiProblem } from '../../problem.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { dataAsOf, openDesk } from '../desk.ts';
import { seesProPay } from '../sight.ts';
import { SEE_PROPAYS } from './change.ts';
import { viewFor } from './load.ts';
import { proPaySchema, STATUSES } from './shapes.ts';
import type { ProPayParts } from './views.ts';

interface Filters {
  readonly status?: ProPay['status'] | undefined;
  readonly branchId?: string | undefined;
  readonly workerId?: string | undefined;
  readonly jobId?: string | undefined;
}

/** The tenant's ProPays that the caller may see, by status, branch, worker or job. */
export const listProPays = defineRoute({
  method: 'GET',
  path: '/v1/propays',
  group: 'bonus',
  summary: 'ProPays with their figures',
  access: SEE_PROPAYS,
  query: {
    ...PAGING,
    status: choiceParameter(STATUSES, 'Only ProPays of this status'),
    branchId: idParameter('Only ProPays of this branch; needs status'),
    workerId: idParameter('Only ProPays that this worker is on'),
    jobId: idParameter('Only ProPays of this job'),
  },
  answer: { status: 200, description: 'A page of ProPays', schema: agedListOf(proPaySchema) },
  handler: async (request) => {
    const { ports, scope, query, actor, reach } = request;
    const own = reach === 'O' ? { ...query, workerId: query.workerId ?? actor.workerId ?? 'nobody' } : query;
    const [desk, page] = await Promise.all([openDesk(request), readPage(request, rangesOf(scope, own))]);
    const rows = await partsOf(ports.table, scope, page.items);
    const seen = rows.filter(({ proPay, result }) => fits(proPay, query) && seesProPay(request, desk, result));
    return {
      body: {
        items: seen.map((parts) => viewFor(request, desk, parts)),
        nextCursor: page.nextCursor,
        dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)),
      },
    };
  },
});

function rangesOf(scope: TenantScope, { status, branchId, workerId, jobId }: Filters): readonly Range[] {
  if (workerId !== undefined) return [{ partition: workerPartition(scope, workerId), prefix: 'PP#' }];
  if (jobId !== undefined) return [{ index: 'id', partition: byJobOfProPay(scope, jobId) }];
  const partition = listPartition(scope, 'PP');
  if (branchId !== undefined) {
    if (status === undefined)
      throw new ApiProblem('invalid-parameter', {
        detail: 'branchId needs status. Combinations offered: none; status; status + branchId; workerId; jobId.',
        errors: [{ parameter: 'branchId', code: 'combination', detail: 'needs status' }],
      });
    return [{ index: 'by', partition, prefix: `${status}#${branchId}#` }];
  }
  if (status !== undefined) return [{ index: 'by', partition, prefix: `${status}#` }];
  return STATUSES.filter((one) => one !== 'Deleted').map((one, at) => ({
    name: String(at),
    index: 'by',
    partition,
    prefix: `${one}#`,
  }));
}

/** What a range by worker or job does not decide is decided on the record. */
function fits(proPay: ProPay, { status, branchId }: Filters): boolean {
  if (status === undefined && proPay.status === 'Deleted') return false;
  return (status === undefined || proPay.status === status) && (branchId === undefined || proPay.branchId === branchId);
}

/** Rows of a page, ProPays or a worker's marks, with results and differences in one more reading. */
async function partsOf(table: Table, scope: TenantScope, items: readonly Item[]): Promise<readonly ProPayParts[]> {
  const refs = items.flatMap((item) =>
    item.et === 'wp' ? (proPayOfMark(item.sk) ?? []) : item.et === 'pp' ? refOf(decodeProPay(item)) : [],
  );
  const keys = refs.flatMap((ref) => [proPayKey(scope, ref), resultKey(scope, ref), differenceKey(scope, proPayId(ref))]);
  const found = new Map(
    (await table.batchGet(scope, keys, { consistent: false })).flatMap((item) => (item === null ? [] : [[keyText(item), item]])),
  );
  return refs.flatMap((ref) => {
    const proPay = found.get(keyText(proPayKey(scope, ref)));
    const result = found.get(keyText(resultKey(scope, ref)));
    const difference = found.get(keyText(differenceKey(scope, proPayId(ref))));
    if (proPay === undefined || result === undefined) return [];
    const decoded = decodeProPay(proPay);
    const known = difference === undefined ? null : decodeDifference(difference);
    return [{ proPay: decoded, result: decodeResult(result), difference: presentDifference(known, decoded.approval) }];
  });
}

const keyText = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** True for a text in the form of a ProPay id. */
export function isProPayId(text: string): boolean {
  return parseProPayId(text) !== null;
}
