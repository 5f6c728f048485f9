import { CALLBACK_STATES, type Callback } from '#model/callback.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobPartition, listPartition } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeCallback, readCallback } from '#store/callback-repository.ts';
import { readProPay } from '#store/propay-repository.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { type Desk, dataAsOf, openDesk } from '../../bonus/desk.ts';
import { type Placed, requireOversight, seesProPay, type Viewer, viewerOf } from '../../bonus/sight.ts';
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
    const items = [];
    for (const callback of page.items.filter((item) => item.et === 'cb').map(decodeCallback)) {
      if (query.state !== undefined && callback.state !== query.state) continue;
      const viewer = await viewerOfCallback(request, desk, callback);
      if (viewer !== null) items.push(callbackView(callback, desk.context.currency, viewer));
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
    const { desk, callback, viewer } = await loadCallback(request, request.params.id);
    return { body: callbackView(callback, desk.context.currency, viewer) };
  },
});

/** A callback with how far its caller sees into it. */
interface SeenCallback {
  readonly desk: Desk;
  readonly callback: Callback;
  readonly viewer: Viewer;
}

/** A callback that the caller may see; else 404. */
export async function loadCallback(request: ReadRequest, id: string): Promise<SeenCallback> {
  const [desk, callback] = await Promise.all([openDesk(request), readCallback(request.ports.table, request.scope, id)]);
  const viewer = callback === null ? null : await viewerOfCallback(request, desk, callback);
  if (callback === null || viewer === null) throw notFound();
  return { desk, callback, viewer };
}

/** The same for somebody who decides on it: refused with 403 to whom it is only shown. */
export async function loadCallbackToChange(request: ReadRequest, id: string): Promise<SeenCallback> {
  const loaded = await loadCallback(request, id);
  if (request.reach === 'A') return loaded;
  const read = await readProPay(request.ports.table, request.scope, proPayIdOf(loaded.callback));
  if (read === null) throw notFound();
  requireOversight(request, read.result);
  return loaded;
}

/** Whoever sees the ProPay of the reworked job sees its callbacks as far as that; without one only who sees everything. */
async function viewerOfCallback(request: ReadRequest, desk: Desk, callback: Callback): Promise<Viewer | null> {
  if (request.reach === 'A' || request.reach === 'R') return viewerOf(request, desk, NOWHERE);
  const read = await readProPay(request.ports.table, request.scope, proPayIdOf(callback));
  return read !== null && seesProPay(request, desk, read.result) ? viewerOf(request, desk, read.result) : null;
}

/** Where nothing has to be asked about place and people. */
const NOWHERE: Placed = {
  place: { branchId: null, divisionId: null, routeId: null },
  people: { workerIds: [], managerIds: [], crewLeadIds: [], otherIds: [] },
};

/** The ProPay that a callback is on, or would be. */
function proPayIdOf({ proPayId, originalJobId }: Callback): string {
  return proPayId ?? firstProPayId({ jobId: originalJobId, milestoneId: null });
}
