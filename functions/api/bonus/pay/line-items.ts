import * as z from 'zod/mini';
import { actOnItem, type ItemAction } from '#bonus/commands/line-item.ts';
import { calendarById, placeItem } from '#bonus/pay/assignment.ts';
import { byItemSource, listPartition, payPartition } from '#model/keys.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { decodeLineItem, sourceIdOf } from '#model/pay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { moveLineItemActions, readLineItem, readPayHeads } from '#store/pay-repository.ts';
import { allow } from '../../access.ts';
import { agedListOf, dateText } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { type Desk, dataAsOf, openDesk, todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { seesPay } from '../sight.ts';
import { headName, headsOf } from './heads.ts';
import { ITEM_STATUSES, lineItemSchema } from './shapes.ts';
import { lineItemView } from './views.ts';

const SEE_PAY = allow('A', 'A', 'S', 'O', 'O', 'R');
const CHANGE_ITEMS = allow('A', 'A', 'S', '-', '-', '-');

/** Line items the caller may see: of a ProPay, group or Pro-Goal, of a worker, or by status. */
export const listLineItems = defineRoute({
  method: 'GET',
  path: '/v1/line-items',
  group: 'bonus',
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
    const page = await readPage(request, rangesOf(scope, own, todayIn(desk, null)));
    const items = page.items.filter((item) => item.et === 'li').map(decodeLineItem);
    const heads = await headsOf(ports.table, scope, items);
    const views = items
      .filter((item) => seesPay(request, desk, item) && fits(item, own))
      .map((item) => lineItemView(item, desk, heads.get(headName(item)) ?? null))
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
function rangesOf(scope: TenantScope, filters: Filters, todayDate: string): readonly Range[] {
  const { workerId, status } = filters;
  const [sourceId] = sourcesOf(filters);
  if (sourceId !== undefined) return [{ index: 'id', partition: byItemSource(scope, sourceId) }];
  if (workerId !== undefined) return [{ partition: payPartition(scope, workerId), prefix: 'I#' }];
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

const fits = (item: LineItem, filters: Filters): boolean =>
  (filters.workerId === undefined || item.workerId === filters.workerId) &&
  sourcesOf(filters).every((id) => sourceIdOf(item.source) === id);

/** One line item. */
export const getLineItem = defineRoute({
  method: 'GET',
  path: '/v1/line-items/{id}',
  group: 'bonus',
  summary: 'A line item',
  access: SEE_PAY,
  answer: { status: 200, description: 'The line item', schema: lineItemSchema },
  handler: async (request) => {
    const { desk, item, head } = await loadItem(request, request.params.id);
    return { body: lineItemView(item, desk, head), revision: item.revision };
  },
});

type ItemRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

async function loadItem(request: ItemRequest, id: string): Promise<{ desk: Desk; item: LineItem; head: PayHead | null }> {
  const { ports, scope } = request;
  const [desk, item] = await Promise.all([openDesk(request), readLineItem(ports.table, scope, id)]);
  if (item === null || !seesPay(request, desk, item)) throw notFound();
  const [head] = await readPayHeads(ports.table, scope, [item.workerId], item.calendarId);
  return { desk, item, head: head ?? null };
}

type ActionRequest = ItemRequest & Pick<ApiRequest, 'command'>;

/** Acts on an item and moves it to where it now belongs. */
function act(request: ActionRequest, id: string, action: ItemAction) {
  return withRetries(async () => {
    const { ports, scope, actor, command } = request;
    const { desk, item, head } = await loadItem(request, id);
    const done = actOnItem(item, action, { by: actor.id, at: ports.now(), todayDate: todayIn(desk, item.branchId) });
    const voided = action.type === 'void';
    const place = voided
      ? { assignOn: item.assignOn, freeOn: item.assignOn }
      : placeItem(done, calendarById(desk.context, item.calendarId), head);
    const after: LineItem = { ...done, assignOn: place.assignOn };
    const committed = await command.commit({
      actions: moveLineItemActions(scope, item, after, place.freeOn),
      audit: {
        action: `line_item.${action.type}`,
        entity: 'line_item',
        entityId: id,
        before: { assignOn: item.assignOn },
        after: { assignOn: after.assignOn, event: after.events.at(-1) },
        reason: action.type === 'void' ? action.reason : action.type === 'hold' ? action.note : null,
      },
      answer: { body: lineItemView(after, desk, head), revision: after.revision },
    });
    return committed.applied ? committed.answer : null;
  });
}

const answer = { status: 200, description: 'The changed line item', schema: lineItemSchema };
const common = { method: 'POST', group: 'bonus', access: CHANGE_ITEMS, idempotency: 'required', answer } as const;

/** Holds an item that is In Process, until a day or until it is released. */
export const holdLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/hold',
  summary: 'Hold a line item',
  body: z.strictObject({ until: z.optional(dateText), note: z.optional(z.string().check(z.maxLength(500))) }),
  handler: (request) =>
    act(request, request.params.id, { type: 'hold', until: request.body.until ?? null, note: request.body.note ?? null }),
});

/** Releases a held item: it is free from today. */
export const releaseLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/release',
  summary: 'Release a held line item',
  body: z.strictObject({}),
  handler: (request) => act(request, request.params.id, { type: 'release' }),
});

/** Moves the day on which a held item becomes free to a later one. */
export const extendLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/extend',
  summary: 'Extend the hold of a line item',
  body: z.strictObject({ releaseOn: dateText }),
  handler: (request) => act(request, request.params.id, { type: 'extend', releaseOn: request.body.releaseOn }),
});

/** Voids an item for good. */
export const voidLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/void',
  summary: 'Void a line item',
  body: z.strictObject({ reason: z.string().check(z.minLength(1), z.maxLength(500)) }),
  handler: (request) => {
    if (request.body.reason.trim() === '') throw new ApiProblem('invalid-body', { detail: 'A reason is required.' });
    return act(request, request.params.id, { type: 'void', reason: request.body.reason });
  },
});
