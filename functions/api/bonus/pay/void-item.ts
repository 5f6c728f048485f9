import * as z from 'zod/mini';
import { actOnItem } from '#bonus/commands/line-item.ts';
import { type Replacement, replaceItem } from '#bonus/commands/replace-item.ts';
import { afterVoid, differenceOfItem } from '#bonus/commands/source-change.ts';
import { calendarById } from '#bonus/pay/assignment.ts';
import { differenceKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { workerState } from '#model/overrides.ts';
import type { LineItem } from '#model/pay.ts';
import { IF_ABSENT } from '#store/conditions.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { newLineItem, updateLineItemAction } from '#store/pay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { centsOf, dateText, moneyText } from '../../edge.ts';
import { ApiProblem } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { CHANGE_ITEMS } from './act-on-items.ts';
import { type LoadedItem, loadItemInCharge } from './load-item.ts';
import type { PayRequest } from './load-statement.ts';
import { lineItemSchema } from './shapes.ts';
import { lineItemView } from './views.ts';

const MOST_PARTS = 50;
const replacements = z
  .array(z.strictObject({ amount: moneyText, releaseOn: z.optional(dateText) }))
  .check(z.minLength(2), z.maxLength(MOST_PARTS));
const body = z.strictObject({
  reason: z.string().check(z.minLength(1), z.maxLength(500)),
  /** Smaller items in its place (B-127): two or more amounts above zero that add up to it. */
  replacements: z.optional(replacements),
});

/** Voids an item for good; to release or keep a part of it, smaller items take its place (B-126, B-127). */
export const voidLineItem = defineRoute({
  method: 'POST',
  path: '/v1/line-items/{id}/void',
  group: 'pay',
  summary: 'Void a line item, or put smaller ones in its place',
  access: CHANGE_ITEMS,
  body,
  bodyExample: {
    reason: 'half of it is paid now',
    replacements: [{ amount: '40.00', releaseOn: '2026-03-20' }, { amount: '47.50' }],
  },
  idempotency: 'required',
  answer: {
    status: 200,
    description: 'The voided line item, what took its place, and what to consider',
    schema: z.extend(lineItemSchema, {
      replacedBy: z.array(lineItemSchema),
      warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
    }),
  },
  handler: (request) => {
    if (request.body.reason.trim() === '') throw new ApiProblem('invalid-body', { detail: 'A reason is required.' });
    return withRetries(() => voidItem(request, request.params.id, request.body));
  },
});

async function voidItem(request: PayRequest & Pick<ApiRequest, 'command'>, id: string, given: z.infer<typeof body>) {
  const { scope, command } = request;
  const loaded = await loadItemInCharge(request, id);
  const { desk, item, head } = loaded;
  const { voided, parts } = decide(request, loaded, given);
  const warnings = await warningsOf(request, loaded, parts.length > 0);
  const done = await command.commit({
    actions: [
      updateLineItemAction(scope, voided, item.assignOn, item.revision),
      ...(parts.length === 0 ? await differenceActions(request, item) : []),
    ],
    staged: parts.map((part) => newLineItem(scope, part.item, part.freeOn)),
    audit: {
      action: 'line_item.void',
      entity: 'line_item',
      entityId: id,
      before: { assignOn: item.assignOn },
      after: { event: voided.events.at(-1), replacedBy: parts.map((part) => part.item.id) },
      reason: given.reason,
    },
    answer: {
      body: {
        ...lineItemView(voided, desk, head),
        replacedBy: parts.map((part) => lineItemView(part.item, desk, head)),
        warnings,
      },
      revision: voided.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/**
 * A voided item leaves less to take of a person (B-97): the difference of its approval is written, or known to be absent, in the same
 * transaction, so that a decision under way on what the items held looks again.
 */
async function differenceActions({ ports, scope }: PayRequest, item: LineItem): Promise<readonly WriteAction[]> {
  const id = differenceOfItem(item);
  if (id === null) return [];
  const known = await readDifference(ports.table, scope, id);
  return known === null
    ? [{ kind: 'check', key: differenceKey(scope, id), condition: IF_ABSENT }]
    : [putDifferenceAction(scope, afterVoid(known, item))];
}

function decide({ ports, actor }: PayRequest, { desk, item, head }: LoadedItem, given: z.infer<typeof body>): Replacement {
  const { reason } = given;
  const by = { by: actor.id, at: ports.now(), todayDate: todayIn(desk, item.branchId) };
  if (given.replacements === undefined) return { voided: actOnItem(item, { type: 'void', reason }, by), parts: [] };
  const wanted = given.replacements.map(({ amount, releaseOn = null }, index) => ({
    amountCents: centsOf(amount, `/replacements/${index}/amount`),
    releaseOn,
  }));
  return replaceItem(item, wanted, { reason, calendar: calendarById(desk.context, item.calendarId), head }, by);
}

/** Voiding what somebody has earned who has left may be forbidden by state law (B-128, B-219). */
async function warningsOf({ ports, scope }: PayRequest, { item }: LoadedItem, replaced: boolean) {
  if (replaced || item.type === 'deduction') return [];
  const stored = await ports.table.get(scope, workerKey(scope, item.workerId));
  const worker = stored === null ? null : decodeMirrorRecord<'worker'>(stored);
  if (worker !== null && worker.tombstone === null && workerState(worker) === 'active') return [];
  return [
    {
      code: 'forfeits-earned-pay',
      detail: 'The worker has left. Some states forbid taking back what was earned; have it checked before you rely on it.',
    },
  ];
}
