import { presentDifference } from '#model/difference.ts';
import { type ProPayRef, parseProPayId, proPayId } from '#model/ids.ts';
import { byJobOfProPay, differenceKey, type Key, listPartition, proPayKey, resultKey, workerPartition } from '#model/keys.ts';
import type { ProPay } from '#model/propay.ts';
import { decodeAlerts, decodeProPay, decodeResult, proPayOfMark, refOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { agedListOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { ApiProblem } from '../../problem.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { dataAsOf, openDesk } from '../desk.ts';
import { seesProPay } from '../sight.ts';
import { proPaySchema, STATUSES } from './shapes.ts';
import type { ProPayParts } from './views.ts';
import { viewFor } from './views.ts';

interface Filters {
  readonly status?: ProPay['status'] | undefined;
  readonly branchId?: string | undefined;
  readonly workerId?: string | undefined;
  readonly jobId?: string | undefined;
  readonly ready?: 'true' | 'false' | undefined;
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
    branchId: idParameter('Only ProPays of this branch; needs status or ready'),
    workerId: idParameter('Only ProPays that this worker is on'),
    jobId: idParameter('Only ProPays of this job'),
    ready: choiceParameter(
      ['true', 'false'],
      'Only Active ProPays that are ready for approval, or that something stands in the way of',
    ),
  },
  answer: { status: 200, description: 'A page of ProPays', schema: agedListOf(proPaySchema) },
  handler: async (request) => {
    const { ports, scope, query, actor, reach } = request;
    const own = reach === 'O' ? { ...query, workerId: query.workerId ?? actor.workerId ?? 'nobody' } : query;
    const [desk, page] = await Promise.all([openDesk(request), readPage(request, rangesOf(scope, own))]);
    const rows = await partsOf(ports.table, scope, page.items);
    const seen = rows.filter(({ proPay, result }) => fits(proPay, query) && seesProPay(request, desk, result));
    const views = seen.map((parts) => viewFor(request, desk, parts));
    return {
      body: {
        items: views.filter(({ ready }) => query.ready === undefined || String(ready) === query.ready),
        nextCursor: page.nextCursor,
        dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)),
      },
    };
  },
});

function rangesOf(scope: TenantScope, { status, branchId, workerId, jobId, ready }: Filters): readonly Range[] {
  if (workerId !== undefined) return [{ partition: workerPartition(scope, workerId), prefix: 'PP#' }];
  if (jobId !== undefined) return [{ index: 'id', partition: byJobOfProPay(scope, jobId) }];
  // What is ready asks for its approval, so it stands among the alerts; what is not is found among all Active ones.
  if (ready === 'true') return [{ index: 'by', partition: listPartition(scope, 'ALERT'), ...branchPrefix('', branchId) }];
  const partition = listPartition(scope, 'PP');
  const only = status ?? (ready === undefined ? undefined : 'Active');
  if (branchId !== undefined && only === undefined)
    throw new ApiProblem('invalid-parameter', {
      detail:
        'branchId needs status or ready. Combinations offered: none; status or ready, with or without branchId; workerId; jobId.',
      errors: [{ parameter: 'branchId', code: 'combination', detail: 'needs status or ready' }],
    });
  if (only !== undefined) return [{ index: 'by', partition, prefix: `${only}#`, ...branchPrefix(`${only}#`, branchId) }];
  return STATUSES.filter((one) => one !== 'Deleted').map((one, at) => ({
    name: String(at),
    index: 'by',
    partition,
    prefix: `${one}#`,
  }));
}

function branchPrefix(before: string, branchId: string | undefined): { readonly prefix?: string } {
  return branchId === undefined ? {} : { prefix: `${before}${branchId}#` };
}

/** What a range by worker or job does not decide is decided on the record. */
function fits(proPay: ProPay, { status, branchId, ready }: Filters): boolean {
  if (status === undefined && proPay.status === 'Deleted') return false;
  if (ready !== undefined && proPay.status !== 'Active') return false;
  return (status === undefined || proPay.status === status) && (branchId === undefined || proPay.branchId === branchId);
}

/** Rows of a page, ProPays or a worker's marks, with results and differences in one more reading. */
async function partsOf(table: Table, scope: TenantScope, items: readonly Item[]): Promise<readonly ProPayParts[]> {
  const refs = items.flatMap((item) => refsOf(item));
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

/** The ProPay of a row: itself, a worker's mark of it, or its result where it asks for somebody. */
function refsOf(item: Item): readonly ProPayRef[] {
  if (item.et === 'pp') return [refOf(decodeProPay(item))];
  const ref = item.et === 'wp' ? proPayOfMark(item.sk) : item.et === 'pr' ? parseProPayId(decodeAlerts(item).proPayId) : null;
  return ref === null ? [] : [ref];
}

const keyText = ({ pk, sk }: Key): string => `${pk} ${sk}`;
