import { CALLBACK_STATES, type Callback } from '#model/callback.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobPartition, listPartition } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeCallback, readCallback } from '#store/callback-repository.ts';
import { readProPay } from '#store/propay-repository.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { type Desk, dataAsOf, openDesk } from '../../bonus/desk.ts';
import { requireOversight, seesProPay, sightOf } from '../../bonus/sight.ts';
import { agedListOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { notFound } from '../../problem.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { callbackSchema, callbackView } from './shapes.ts';

type ReadRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** Callbacks on ProPays that the caller may see, by state, original job or ProPay. */
export const listCallbacks = defineRoute({
  method: 'GET',
  path: '/v1/callbacks',
  group: 'callbacks',
  summary: 'Rework of earlier jobs',
  access: SEE_PROPAYS,
  query: {
    ...PAGING,
    state: choiceParameter(CALLBACK_STATES, 'Only callbacks of this state'),
    jobId: idParameter('Only rework of this job'),
    propayId: idParameter('Only rework of this ProPay’s job'),
  },
  answer: { status: 200, description: 'A page of callbacks', schema: agedListOf(callbackSchema) },
  handler: async (request) => {
    const { scope, query } = request;
    const [desk, page] = await Promise.all([openDesk(request), readPage(request, rangesOf(scope, query))]);
    const viewer = { ...sightOf(request, desk), workerId: request.actor.workerId };
    const items = [];
    for (const callback of page.items.filter((item) => item.et === 'cb').map(decodeCallback)) {
      const fits = query.state === undefined || callback.state === query.state;
      if (fits && (await mayRead(request, desk, callback))) items.push(callbackView(callback, desk.context.currency, viewer));
    }
    return { body: { items, nextCursor: page.nextCursor, dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)) } };
  },
});

interface Filters {
  readonly state?: Callback['state'] | undefined;
  readonly jobId?: string | undefined;
  readonly propayId?: string | undefined;
}

function rangesOf(scope: TenantScope, { state, jobId, propayId }: Filters): readonly Range[] {
  const original = jobId ?? (propayId === undefined ? undefined : (parseProPayId(propayId)?.jobId ?? 'none'));
  if (original !== undefined) return [{ partition: jobPartition(scope, original), prefix: 'C#' }];
  const list: Range = { index: 'by', partition: listPartition(scope, 'CB') };
  return [state === undefined ? list : { ...list, prefix: `${state}#` }];
}

/** One callback. */
export const getCallback = defineRoute({
  method: 'GET',
  path: '/v1/callbacks/{id}',
  group: 'callbacks',
  summary: 'Rework of an earlier job, with what it takes back',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'The callback', schema: callbackSchema },
  handler: async (request) => {
    const { desk, callback } = await loadCallback(request, request.params.id);
    const viewer = { ...sightOf(request, desk), workerId: request.actor.workerId };
    return { body: callbackView(callback, desk.context.currency, viewer) };
  },
});

/** A callback that the caller may see; else 404. */
export async function loadCallback(
  request: ReadRequest,
  id: string,
): Promise<{ readonly desk: Desk; readonly callback: Callback }> {
  const [desk, callback] = await Promise.all([openDesk(request), readCallback(request.ports.table, request.scope, id)]);
  if (callback === null || !(await mayRead(request, desk, callback))) throw notFound();
  return { desk, callback };
}

/** The same for somebody who decides on it: refused with 403 to whom it is only shown. */
export async function loadCallbackToChange(
  request: ReadRequest,
  id: string,
): Promise<{ readonly desk: Desk; readonly callback: Callback }> {
  const loaded = await loadCallback(request, id);
  if (request.reach === 'A') return loaded;
  const read = await readProPay(request.ports.table, request.scope, proPayIdOf(loaded.callback));
  if (read === null) throw notFound();
  requireOversight(request, read.result);
  return loaded;
}

/** Whoever sees the ProPay of the reworked job sees its callbacks; without one only who sees everything. */
async function mayRead(request: ReadRequest, desk: Desk, callback: Callback): Promise<boolean> {
  if (request.reach === 'A' || request.reach === 'R') return true;
  const read = await readProPay(request.ports.table, request.scope, proPayIdOf(callback));
  return read !== null && seesProPay(request, desk, read.result);
}

/** The ProPay that a callback is on, or would be. */
function proPayIdOf({ proPayId, originalJobId }: Callback): string {
  return proPayId ?? firstProPayId({ jobId: originalJobId, milestoneId: null });
}
