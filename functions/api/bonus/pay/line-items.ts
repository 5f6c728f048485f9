import { byItemSource, listPartition, payPartition } from '#model/keys.ts';
import { idsOfPerson, survivorOf } from '#model/merged-people.ts';
import type { LineItem } from '#model/pay.ts';
import { decodeLineItem, sourceIdOf } from '#model/pay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { allow } from '../../access.ts';
import { agedListOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { type Desk, dataAsOf, openDesk, todayIn } from '../desk.ts';
import { seesPay } from '../sight.ts';
import { headName, headsOf } from './heads.ts';
import { loadItem } from './load-item.ts';
import { ITEM_STATUSES, lineItemSchema } from './shapes.ts';
import { lineItemView } from './views.ts';

const SEE_PAY = allow('A', 'A', 'S', 'O', 'O', 'R');

/** Line items the caller may see: of a ProPay, group or Pro-Goal, of a worker, or by status. */
export const listLineItems = defineRoute({
  method: 'GET',
  path: '/v1/line-items',
  group: 'pay',
  summary: 'Line items',
  access: SEE_PAY,
  query: {
    ...PAGING,
    propayId: idParameter('Only items of this ProPay'),
    groupId: idParameter('Only items of this group ProPay'),
    goalId: idParameter('Only items of this Pro-Goal'),
    workerId: idParameter('Only items of this worker'),
    status: choiceParameter(ITEM_STATUSES, 'Only items of this status'),
  },
  answer: { status: 200, description: 'A page of line items', schema: agedListOf(lineItemSchema) },
  handler: async (request) => {
    const { scope, query, reach, actor, ports } = request;
    const desk = await openDesk(request);
    const own = reach === 'O' ? { ...query, workerId: actor.workerId ?? 'nobody' } : query;
    const page = await readPage(request, rangesOf(scope, own, desk));
    const items = page.items.filter((item) => item.et === 'li').map(decodeLineItem);
    const heads = await headsOf(ports.table, scope, desk.context, items);
    const views = items
      .filter((item) => seesPay(request, desk, item) && fits(desk, item, own))
      .map((item) => lineItemView(item, desk, heads.get(headName(desk.context, item)) ?? null))
      .filter((view) => query.status === undefined || view.status === query.status);
    return {
      body: { items: views, nextCursor: page.nextCursor, dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)) },
    };
  },
});

interface Filters {
  readonly propayId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly goalId?: string | undefined;
  readonly workerId?: string | undefined;
  readonly status?: (typeof ITEM_STATUSES)[number] | undefined;
}

/** One range for each combination; what it does not decide is decided on the row. */
function rangesOf(scope: TenantScope, filters: Filters, desk: Desk): readonly Range[] {
  const { workerId, status } = filters;
  const todayDate = todayIn(desk, null);
  const [sourceId] = sourcesOf(filters);
  if (sourceId !== undefined) return [{ index: 'id', partition: byItemSource(scope, sourceId) }];
  if (workerId !== undefined)
    return [...idsOfPerson(desk.context, workerId)]
      .sort()
      .map((id) => ({ name: id, partition: payPartition(scope, id), prefix: 'I#' }));
  const list: Omit<Range, 'prefix'> = { index: 'by', partition: listPartition(scope, 'LI') };
  switch (status) {
    case 'Paid':
      return [{ ...list, prefix: 'p#' }];
    case 'Voided':
      return [{ ...list, prefix: 'v#' }];
    // A day more at each end: the item's own branch decides what day it is there.
    case 'In Process':
      return [{ ...list, from: 'u#', to: `u#${todayDate}~` }];
    default:
      return status === undefined ? [list] : [{ ...list, from: `u#${todayDate}`, to: 'u~' }];
  }
}

const sourcesOf = ({ propayId, groupId, goalId }: Filters): readonly string[] =>
  [propayId, groupId, goalId].flatMap((id) => id ?? []);

const fits = ({ context }: Desk, item: LineItem, { workerId, ...filters }: Filters): boolean =>
  (workerId === undefined || survivorOf(context, item.workerId) === survivorOf(context, workerId)) &&
  sourcesOf(filters).every((id) => sourceIdOf(item.source) === id);

/** One line item. */
export const getLineItem = defineRoute({
  method: 'GET',
  path: '/v1/line-items/{id}',
  group: 'pay',
  summary: 'A line item',
  access: SEE_PAY,
  answer: { status: 200, description: 'The line item', schema: lineItemSchema },
  handler: async (request) => {
    const { desk, item, head } = await loadItem(request, request.params.id);
    return { body: lineItemView(item, desk, head), revision: item.revision };
  },
});
