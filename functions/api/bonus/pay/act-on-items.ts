import * as z from 'zod/mini';
import { actOnItem, type ItemAction } from '#bonus/commands/line-item.ts';
import { calendarById, placeItem } from '#bonus/pay/assignment.ts';
import type { LineItem } from '#model/pay.ts';
import { moveLineItemActions } from '#store/pay-repository.ts';
import { allow } from '../../access.ts';
import { dateText, idText } from '../../edge.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { todayIn } from '../desk.ts';
import { bulkAnswer, eachAlone } from '../each-alone.ts';
import { withRetries } from '../propays/load.ts';
import { loadItem, loadItemInCharge } from './load-item.ts';
import type { PayRequest } from './load-statement.ts';
import { lineItemSchema } from './shapes.ts';
import { lineItemView } from './views.ts';

/** Hold, extend, release, void, and make items by hand (B-10). */
export const CHANGE_ITEMS = allow('A', 'A', 'S', '-', '-', '-');

type ActionRequest = PayRequest & Pick<ApiRequest, 'command'>;
type MovingAction = Exclude<ItemAction, { type: 'void' }>;

/** Acts on an item and moves it to where it now belongs. */
function act(request: ActionRequest, id: string, action: MovingAction): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { ports, scope, actor, command } = request;
    const { desk, item, head } = await loadItemInCharge(request, id);
    const done = actOnItem(item, action, { by: actor.id, at: ports.now(), todayDate: todayIn(desk, item.branchId) });
    const place = placeItem(done, calendarById(desk.context, item.calendarId), head);
    const after: LineItem = { ...done, assignOn: place.assignOn };
    const committed = await command.commit({
      actions: moveLineItemActions(scope, item, after, place.freeOn),
      audit: {
        action: `line_item.${action.type}`,
        entity: 'line_item',
        entityId: id,
        before: { assignOn: item.assignOn },
        after: { assignOn: after.assignOn, event: after.events.at(-1) },
        reason: action.type === 'hold' ? action.note : null,
      },
      answer: { body: lineItemView(after, desk, head), revision: after.revision },
    });
    return committed.applied ? committed.answer : null;
  });
}

const answer = { status: 200, description: 'The changed line item', schema: lineItemSchema };
const common = { method: 'POST', group: 'pay', access: CHANGE_ITEMS, idempotency: 'required', answer } as const;

/** Holds an item that is In Process, until a day or until it is released. */
export const holdLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/hold',
  summary: 'Hold a line item',
  bodyExample: { note: 'Wait for the photos' },
  body: z.strictObject({ until: z.optional(dateText), note: z.optional(z.string().check(z.maxLength(500))) }),
  handler: (request) =>
    act(request, request.params.id, { type: 'hold', until: request.body.until ?? null, note: request.body.note ?? null }),
});

/** Releases a held item: it is free from today. */
export const releaseLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/release',
  summary: 'Release a held line item',
  bodyExample: {},
  body: z.strictObject({}),
  handler: (request) => act(request, request.params.id, { type: 'release' }),
});

/** Moves the day on which a held item becomes free to a later one. */
export const extendLineItem = defineRoute({
  ...common,
  path: '/v1/line-items/{id}/extend',
  summary: 'Extend the hold of a line item',
  bodyExample: { releaseOn: '2026-05-01' },
  body: z.strictObject({ releaseOn: dateText }),
  handler: (request) => act(request, request.params.id, { type: 'extend', releaseOn: request.body.releaseOn }),
});

/** One request releases as many as a person can look at; each of them alone. */
const MOST = 100;

/** Releases several held items, each for itself (B-126). */
export const bulkRelease = defineRoute({
  ...common,
  path: '/v1/line-items/bulk-release',
  summary: 'Release several held line items, each for itself',
  bodyExample: { items: [{ id: 'kQ3vAbCdEfGhIjKl.1.main' }] },
  body: z.strictObject({ items: z.array(z.strictObject({ id: idText })).check(z.minLength(1), z.maxLength(MOST)) }),
  answer: bulkAnswer('Which were released, and why the others were not'),
  handler: (request) =>
    eachAlone(request, request.body.items, {
      path: (id) => `/v1/line-items/${id}/release`,
      act: (one, id) => act(one, id, { type: 'release' }),
      isDone: async (id) => {
        const last = (await loadItem(request, id)).item.events.at(-1);
        return last?.type === 'release' && last.by === request.actor.id;
      },
    }),
});
