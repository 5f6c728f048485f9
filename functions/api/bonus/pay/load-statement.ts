import { calendarById } from '#bonus/pay/assignment.ts';
import { branchOf, freshHeader, statementReference } from '#bonus/pay/statement-header.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { informationalPremiums } from '#bonus/pay-law/informational.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import { parseStatementId } from '#model/ids.ts';
import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { PayHead, StatementHeader } from '#model/pay.ts';
import { type PersonPay, readPersonPay } from '#pay/person-pay.ts';
import { figuresOf, type StatementFigures } from '#pay/statement-figures.ts';
import { takeNumbers } from '#store/propay-repository.ts';
import { notFound } from '../../problem.ts';
import type { ApiRequest } from '../../route.ts';
import { type Desk, openDesk, todayIn } from '../desk.ts';
import { seesPay } from '../sight.ts';

export type PayRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** The statements of one worker in one calendar, as they stand today. */
export interface WorkerStatements {
  readonly views: readonly StatementView[];
  readonly head: PayHead | null;
}

/** Derives a worker's statements of one calendar from the pay partition. */
export function statementsOfWorker(
  desk: Desk,
  workerId: string,
  calendarId: string,
  { items, headers, heads, ledgers, inherited }: PersonPay,
): WorkerStatements {
  const head = heads.find((one) => one.calendarId === calendarId) ?? null;
  const branchId = items.find((item) => item.calendarId === calendarId)?.branchId ?? null;
  const calendar = calendarById(desk.context, calendarId);
  const isInformational = informationalPremiums(desk.context, ledgers);
  const mayDeduct = (id: string | null) => deductionsAllowed(desk.context, id);
  const inputs = { workerId, calendarId, calendar, items, headers, head, inherited, isInformational, mayDeduct };
  return { head, views: statementsOf(inputs, todayIn(desk, branchId)) };
}

/** One statement with its siblings. */
export interface LoadedStatement extends WorkerStatements {
  readonly desk: Desk;
  readonly view: StatementView;
  /** Everything it was derived from. */
  readonly partition: PersonPay;
}

/** A statement that the caller may see, read strongly; else 404. */
export async function loadStatement(request: PayRequest, id: string): Promise<LoadedStatement> {
  const ref = parseStatementId(id);
  if (ref === null) throw notFound();
  const desk = await openDesk(request);
  const partition = await readPersonPay(request.ports.table, request.scope, desk.context, ref.workerId);
  const loaded = statementsOfWorker(desk, ref.workerId, ref.calendarId, partition);
  const view = loaded.views.find((one) => one.id === id);
  if (view === undefined || !seesPay(request, desk, { workerId: ref.workerId, branchId: branchOf(view) })) throw notFound();
  return { ...loaded, desk, view, partition };
}

/** A statement's header; a fresh one, with the next number, where none is stored yet (B-133). */
export async function headerOf(
  { ports, scope }: Pick<PayRequest, 'ports' | 'scope'>,
  view: StatementView,
): Promise<StatementHeader> {
  if (view.header !== null) return view.header;
  const reference = statementReference(await takeNumbers(ports.table, scope, 'ST', 1));
  const worker = await ports.table.get(scope, workerKey(scope, view.workerId));
  const workerName = worker === null ? view.workerId : decodeMirrorRecord<'worker'>(worker).fields.displayName;
  return freshHeader(view, { reference, workerName });
}

/** What a statement tells of the worker's hours. */
export function figuresFor(
  { ports, scope }: Pick<PayRequest, 'ports' | 'scope'>,
  { desk, partition, view }: Pick<LoadedStatement, 'desk' | 'partition' | 'view'>,
): Promise<StatementFigures> {
  return figuresOf(ports.table, scope, view, { context: desk.context, ledgers: partition.ledgers });
}
