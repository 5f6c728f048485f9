import * as z from 'zod/mini';
import { decideReopening } from '#bonus/commands/reopen.ts';
import { decideVoiding } from '#bonus/commands/void-statement.ts';
import { isOut } from '#bonus/exports/transitions.ts';
import { UNPAID } from '#bonus/pay/statement-header.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import { refuse } from '#kernel/errors.ts';
import { storedFigures } from '#pay/statement-figures.ts';
import { putExportAction, readExport } from '#store/export-repository.ts';
import { changedLineItem } from '#store/pay-repository.ts';
import { allow } from '../../access.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { reasonBody } from '../bodies.ts';
import { todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';

import { figuresFor, headerOf, loadStatement, type PayRequest, statementsOfWorker } from './load-statement.ts';
import { saveHead, saveHeader } from './save-statement.ts';
import { statementSchema } from './shapes.ts';
import { statementView } from './views.ts';

/** Reopen and void statements (B-10). */
const REOPEN = allow('A', 'A', '-', '-', '-', '-');

type CommandRequest = PayRequest & Pick<ApiRequest, 'command'>;

/** Takes a payment back: the statement is Open and its items are In Process again (B-137). */
export const reopenStatement = defineRoute({
  method: 'POST',
  path: '/v1/statements/{id}/reopen',
  group: 'pay',
  summary: 'Reopen a paid statement',
  access: REOPEN,
  body: reasonBody,
  bodyExample: { reason: 'paid with the wrong date' },
  idempotency: 'required',
  answer: { status: 200, description: 'The statement, Open again', schema: statementSchema },
  handler: (request) => withRetries(() => reopen(request, request.params.id, request.body.reason)),
});

async function reopen(request: CommandRequest, id: string, reason: string) {
  const { ports, scope, actor, command } = request;
  const loaded = await loadStatement(request, id);
  const { desk, view, views, head, partition } = loaded;
  const todayOf = (branchId: string | null) => todayIn(desk, branchId);
  const draft = view.header?.exportId ? await readExport(ports.table, scope, view.header.exportId) : null;
  if (draft !== null && isOut(draft))
    refuse('already-exported', { data: { statementIds: [id], exportIds: [draft.id] }, detail: `It is in ${draft.reference}.` });
  const decision = decideReopening(views, view, head, { by: actor.id, at: ports.now(), reason, todayOf });
  const { action, header } = saveHeader(scope, loaded, { ...(await headerOf(request, view)), ...UNPAID });
  // What became free meanwhile and went on to a later period comes back: the statement is derived anew.
  const changed = new Map(decision.items.map(({ after }) => [after.id, after]));
  const after = statementsOfWorker(desk, view.workerId, view.calendarId, {
    ...partition,
    items: partition.items.map((item) => changed.get(item.id) ?? item),
    headers: partition.headers.map((one) => (one.id === id ? header : one)),
    heads: [...partition.heads.filter((one) => one.calendarId !== view.calendarId), decision.head],
  }).views.find((one) => one.id === id)!;
  const done = await command.commit({
    // An export under preparation is written as well, so that making its file notices.
    actions: [
      action,
      saveHead(scope, loaded, decision.head),
      ...(draft === null ? [] : [putExportAction(scope, { ...draft, revision: draft.revision + 1 })]),
    ],
    staged: decision.items.map((one) => changedLineItem(scope, one.after, one.after.assignOn, one.before.revision)),
    audit: {
      action: 'statement.reopened',
      entity: 'statement',
      entityId: id,
      before: { status: view.status, payDate: view.header?.payDate ?? null, payableCents: view.totals.payableCents },
      after: { status: 'Open' },
      reason,
    },
    answer: {
      body: statementView(after, desk, decision.head, await figuresFor(request, { ...loaded, view: after })),
      revision: header.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** Closes an Open statement on which nothing stands any more; what rolled into it passes on to the next (B-137). */
export const voidStatement = defineRoute({
  method: 'POST',
  path: '/v1/statements/{id}/void',
  group: 'pay',
  summary: 'Void an empty statement',
  bodyExample: { reason: 'The person left' },
  access: REOPEN,
  body: z.strictObject({ reason: z.optional(z.string().check(z.maxLength(500))) }),
  idempotency: 'accepted',
  answer: { status: 200, description: 'The voided statement', schema: statementSchema },
  handler: (request) => withRetries(() => close(request, request.params.id, request.body.reason ?? null)),
});

async function close(request: CommandRequest, id: string, reason: string | null) {
  const { scope, command } = request;
  const loaded = await loadStatement(request, id);
  const { desk, view, head } = loaded;
  const closed = decideVoiding(view, head);
  const { action, header } = saveHeader(scope, loaded, { ...(await headerOf(request, view)), status: 'Voided' });
  const after: StatementView = { ...view, status: 'Voided', header };
  const done = await command.commit({
    actions: [action, saveHead(scope, loaded, closed)],
    audit: {
      action: 'statement.voided',
      entity: 'statement',
      entityId: id,
      before: { status: view.status },
      after: { status: 'Voided', rolloverCents: view.totals.rolloverInCents },
      reason,
    },
    answer: { body: statementView(after, desk, closed, storedFigures(after)), revision: header.revision },
  });
  return done.applied ? done.answer : null;
}
