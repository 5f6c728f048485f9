import * as z from 'zod/mini';
import type { StatementView } from '#bonus/pay/statements.ts';
import { listPartition, payPartition } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeStatement } from '#model/pay-item.ts';
import { type PersonPay, readPersonPay } from '#pay/person-pay.ts';
import { storedFigures } from '#pay/statement-figures.ts';
import { allow } from '../../access.ts';
import { LANGUAGES } from '../../documents/formats.ts';
import { statementDocument } from '../../documents/statement-document.ts';
import { agedListOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { choiceParameter, dateParameter, idParameter, PAGING } from '../../query.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { type Desk, dataAsOf, openDesk } from '../desk.ts';
import { seesPay } from '../sight.ts';
import { figuresFor, loadStatement, statementsOfWorker } from './load-statement.ts';
import { statementSchema } from './shapes.ts';
import { linesOf, statementLineSchema } from './statement-lines.ts';
import { statementView } from './views.ts';

/** See statements (M-145). */
export const SEE_STATEMENTS = allow('A', 'A', 'S', 'O', 'O', 'R');
/** Statements with something on them, by worker, status or period. */
export const listStatements = defineRoute({
  method: 'GET',
  path: '/v1/statements',
  group: 'pay',
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
    const partitions = new Map<string, PersonPay>();
    for (const id of new Set(headers.map((header) => header.workerId)))
      partitions.set(id, await readPersonPay(ports.table, scope, desk.context, id));
    const items = headers.flatMap((header) => {
      const loaded = statementsOfWorker(desk, header.workerId, header.calendarId, partitions.get(header.workerId)!);
      const view = loaded.views.find((one) => one.id === header.id);
      if (view === undefined || !isShown(view)) return [];
      if (query.status !== undefined && view.status !== query.status) return [];
      if (query.periodStart !== undefined && view.period.startDate !== query.periodStart) return [];
      return [statementView(view, desk, loaded.head, storedFigures(view))];
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
  if (workerId !== undefined)
    return [...idsOfPerson(context, workerId)]
      .sort()
      .map((id) => ({ name: id, partition: payPartition(scope, id), prefix: 'S#' }));
  const list: Range = { index: 'by', partition: listPartition(scope, 'ST') };
  if (query.periodStart === undefined) return [list];
  const own = Object.entries(context.branches).flatMap(([id, branch]) => (branch.payCalendar === null ? [] : [id]));
  return ['tenant', ...own]
    .sort()
    .map((calendarId) => ({ ...list, name: calendarId, prefix: `${calendarId}#${query.periodStart}#` }));
}

/** One statement with its items, totals and wage figures. */
export const getStatement = defineRoute({
  method: 'GET',
  path: '/v1/statements/{id}',
  group: 'pay',
  summary: 'A statement with its items',
  access: SEE_STATEMENTS,
  query: {
    format: choiceParameter(['json', 'csv', 'pdf'], 'As a table, or as a document to keep'),
    language: choiceParameter(LANGUAGES, 'Of table and document; the organisation’s where none is given'),
  },
  answer: {
    status: 200,
    description: 'The statement, and what stands behind its lines',
    schema: z.extend(statementSchema, { lines: z.array(statementLineSchema) }),
    textTypes: ['text/csv', 'application/pdf'],
  },
  handler: async (request) => {
    const loaded = await loadStatement(request, request.params.id);
    const { desk, view, head } = loaded;
    const lines = await linesOf(request, desk, view);
    const figures = await figuresFor(request, loaded);
    const body = { ...statementView(view, desk, head, figures), lines };
    const revision = view.header?.revision ?? 0;
    const { format = 'json', language } = request.query;
    if (format === 'json') return { body, revision };
    return { ...(await statementDocument(request, desk, body, { format, language })), revision };
  },
});
