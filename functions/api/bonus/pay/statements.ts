import * as z from 'zod/mini';
import { decidePayment } from '#bonus/commands/pay.ts';
import { calendarById } from '#bonus/pay/assignment.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { incompletePremiums } from '#bonus/pay-law/premium-owner.ts';
import { parseStatementId } from '#model/ids.ts';
import { listPartition, payPartition } from '#model/keys.ts';
import type { PayHead, StatementHeader } from '#model/pay.ts';
import { decodeStatement } from '#model/pay-item.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import {
  changedLineItem,
  type PayPartition,
  putPayHeadAction,
  putStatementAction,
  readPayPartition,
} from '#store/pay-repository.ts';
import { takeNumbers } from '#store/propay-repository.ts';
import { readArea } from '#store/settings-repository.ts';
import { allow } from '../../access.ts';
import { agedListOf, dateText } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { choiceParameter, dateParameter, idParameter, PAGING } from '../../query.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { acceptSchema } from '../bodies.ts';
import { type Desk, dataAsOf, openDesk, todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { seesPay } from '../sight.ts';
import { statementSchema } from './shapes.ts';
import { statementView } from './views.ts';
import { readWageFigures } from './wage-figures.ts';

const SEE_STATEMENTS = allow('A', 'A', 'S', 'O', 'O', 'R');
/** Managers only where the tenant says so. */
const PAY = allow('A', 'A', 'S', '-', '-', '-');

type PayRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** Statements with something on them, by worker, status or period. */
export const listStatements = defineRoute({
  method: 'GET',
  path: '/v1/statements',
  group: 'bonus',
  summary: 'Statements',
  access: SEE_STATEMENTS,
  query: {
    ...PAGING,
    workerId: idParameter('Only statements of this worker'),
    status: choiceParameter(['Open', 'Paid', 'Voided'], 'Only statements of this status'),
    periodStart: dateParameter('Only statements of the period that begins on this day'),
  },
  answer: { status: 200, description: 'A page of statements', schema: agedListOf(statementSchema) },
  handler: async (request) => {
    const { query, ports, scope } = request;
    const desk = await openDesk(request);
    const workerId = request.reach === 'O' ? (request.actor.workerId ?? 'nobody') : query.workerId;
    const page = await readPage(request, rangesOf(request, desk, workerId));
    const headers = page.items.map(decodeStatement).filter((header) => seesPay(request, desk, header));
    const partitions = new Map<string, PayPartition>();
    for (const id of new Set(headers.map((header) => header.workerId)))
      partitions.set(id, await readPayPartition(ports.table, scope, id));
    const items = headers.flatMap((header) => {
      const loaded = viewOf(desk, header.workerId, header.calendarId, partitions.get(header.workerId)!);
      const view = loaded.views.find((one) => one.id === header.id);
      if (view === undefined || !isShown(view)) return [];
      if (query.status !== undefined && view.status !== query.status) return [];
      if (query.periodStart !== undefined && view.period.startDate !== query.periodStart) return [];
      return [statementView(view, desk, loaded.head, null)];
    });
    return { body: { items, nextCursor: page.nextCursor, dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)) } };
  },
});

/** A statement that nothing stands on yet, or any more, is not shown in lists. */
const isShown = (view: StatementView): boolean => view.items.length > 0 || view.status !== 'Open';

function rangesOf(
  { scope, query }: Pick<ApiRequest, 'scope'> & { readonly query: { readonly periodStart?: string | undefined } },
  { context }: Desk,
  workerId: string | undefined,
): readonly Range[] {
  if (workerId !== undefined) return [{ partition: payPartition(scope, workerId), prefix: 'S#' }];
  const list: Range = { index: 'by', partition: listPartition(scope, 'ST') };
  if (query.periodStart === undefined) return [list];
  const own = Object.entries(context.branches).flatMap(([id, branch]) => (branch.payCalendar === null ? [] : [id]));
  return ['tenant', ...own]
    .sort()
    .map((calendarId) => ({ ...list, name: calendarId, prefix: `${calendarId}#${query.periodStart}#` }));
}

interface LoadedStatement {
  readonly views: readonly StatementView[];
  readonly head: PayHead | null;
  readonly ledgers: readonly WeekLedger[];
}

function viewOf(desk: Desk, workerId: string, calendarId: string, partition: PayPartition): LoadedStatement {
  const { items, headers, heads, ledgers } = partition;
  const head = heads.find((one) => one.calendarId === calendarId) ?? null;
  const branchId = items.find((item) => item.calendarId === calendarId)?.branchId ?? null;
  const calendar = calendarById(desk.context, calendarId);
  return {
    head,
    ledgers,
    views: statementsOf({ workerId, calendarId, calendar, items, headers, head }, todayIn(desk, branchId)),
  };
}

async function loadStatement(request: PayRequest, id: string): Promise<LoadedStatement & { desk: Desk; view: StatementView }> {
  const ref = parseStatementId(id);
  if (ref === null) throw notFound();
  const [desk, partition] = await Promise.all([
    openDesk(request),
    readPayPartition(request.ports.table, request.scope, ref.workerId),
  ]);
  const loaded = viewOf(desk, ref.workerId, ref.calendarId, partition);
  const view = loaded.views.find((one) => one.id === id);
  const branchId = view?.header?.branchId ?? view?.items[0]?.branchId ?? view?.upcoming[0]?.branchId ?? null;
  if (view === undefined || !seesPay(request, desk, { workerId: ref.workerId, branchId })) throw notFound();
  return { ...loaded, desk, view };
}

/** One statement with its items, totals and wage figures. */
export const getStatement = defineRoute({
  method: 'GET',
  path: '/v1/statements/{id}',
  group: 'bonus',
  summary: 'A statement with its items',
  access: SEE_STATEMENTS,
  answer: { status: 200, description: 'The statement', schema: statementSchema },
  handler: async (request) => {
    const { desk, view, head } = await loadStatement(request, request.params.id);
    const figures = await readWageFigures(request.ports.table, request.scope, view);
    return { body: statementView(view, desk, head, figures), revision: view.header?.revision ?? 0 };
  },
});

/** Marks a statement paid: its items are Paid and its totals frozen (B-138). Payroll moves the money. */
export const payStatement = defineRoute({
  method: 'POST',
  path: '/v1/statements/{id}/pay',
  group: 'bonus',
  summary: 'Mark a statement paid',
  access: PAY,
  body: z.strictObject({ payDate: dateText, accept: z.optional(acceptSchema) }),
  bodyExample: { payDate: '2026-03-27' },
  idempotency: 'required',
  answer: { status: 200, description: 'The paid statement', schema: statementSchema },
  handler: (request) => withRetries(() => pay(request, request.params.id, request.body)),
});

/** Whether the tenant lets managers mark statements paid (`people.managersPayStatements`, off by default). */
async function managersPay({ ports, scope }: PayRequest): Promise<boolean> {
  const area = await readArea(ports.table, scope, 'people');
  return (area?.values as Partial<AreaValues['people']> | undefined)?.managersPayStatements ?? false;
}

/**
 * The statement with the premiums that are still due (B-206): the hours of its weeks are read once more before money is settled, in case
 * a change of them has not arrived yet.
 */
async function withPremiums(
  request: PayRequest & Pick<ApiRequest, 'requestId'>,
  found: Awaited<ReturnType<typeof loadStatement>>,
): Promise<typeof found> {
  const { view, desk } = found;
  const { ports, scope, requestId } = request;
  if (view.status !== 'Open') return found;
  const weeks = view.items.flatMap((item) => item.premium?.weekStart ?? item.weeks.map((week) => week.weekStart));
  const { workerId } = view;
  const written = await issuePremiums({ ...ports, requestId }, scope, desk.context, { workerId, weeks, also: [] });
  return written === 0 ? found : loadStatement(request, view.id);
}

async function pay(
  request: PayRequest & Pick<ApiRequest, 'command' | 'requestId'>,
  id: string,
  body: { readonly payDate: string; readonly accept?: readonly { readonly code: string; readonly reason: string }[] | undefined },
) {
  const { ports, scope, actor, command } = request;
  const found = await loadStatement(request, id);
  if (request.reach === 'S' && !(await managersPay(request)))
    throw new ApiProblem('forbidden', { detail: 'Statements are marked paid by an admin of your organisation.' });
  const { desk, view, views, head, ledgers } = await withPremiums(request, found);
  const branchId = view.header?.branchId ?? view.items[0]?.branchId ?? null;
  const decision = decidePayment(views, view, head, {
    payDate: body.payDate,
    accept: body.accept ?? [],
    incompletePremiumIds: incompletePremiums(view.items, ledgers).map((item) => item.id),
    by: actor.id,
    at: ports.now(),
    todayDate: todayIn(desk, branchId),
  });
  const header: StatementHeader = {
    ...decision.header,
    reference: view.header?.reference ?? `ST-${await takeNumbers(ports.table, scope, 'ST', 1)}`,
    workerName: view.header?.workerName ?? view.workerId,
    branchId,
    revision: (view.header?.revision ?? 0) + 1,
  };
  const paidItems = decision.items.map(({ after }) => after);
  const paidView: StatementView = { ...view, status: 'Paid', items: paidItems, header };
  const figures = await readWageFigures(ports.table, scope, view);
  const done = await command.commit({
    actions: [
      putStatementAction(scope, header, view.header?.revision ?? null),
      putPayHeadAction(scope, decision.head, head?.revision ?? null),
    ],
    staged: decision.items.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
    audit: {
      action: 'statement.paid',
      entity: 'statement',
      entityId: id,
      before: { status: view.status },
      after: { status: 'Paid', payDate: body.payDate, payableCents: view.totals.payableCents, accepted: decision.accepted },
    },
    answer: { body: statementView(paidView, desk, decision.head, figures), revision: header.revision },
  });
  return done.applied ? done.answer : null;
}
