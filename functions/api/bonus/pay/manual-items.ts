import * as z from 'zod/mini';
import { checkManual, type ManualTerms, manualItem, namedWeeks, requireBonus } from '#bonus/commands/manual-item.ts';
import { calendarById, calendarOfBranch, type NamedCalendar, statementIdOf } from '#bonus/pay/assignment.ts';
import { branchOf } from '#bonus/pay/statement-header.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import { deductionsAllowed, workCalendarOf } from '#bonus/pay-law/policies.ts';
import { rateExclusion } from '#bonus/pay-law/rate-exclusion.ts';
import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { periodOf } from '#kernel/period.ts';
import { parseStatementId } from '#model/ids.ts';
import { workerKey } from '#model/keys.ts';
import { survivorOf } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { EXCLUSION_GROUNDS, type LineItem, type RateExclusion } from '#model/pay.ts';
import { readNamedWeeks } from '#pay/earned.ts';
import { readPersonPay } from '#pay/person-pay.ts';
import { createLineItemAction, itemUnchanged } from '#store/pay-repository.ts';
import { centsOf, dateText, idText, moneyText } from '../../edge.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { type Desk, openDesk, todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { requireCharge, seesPay } from '../sight.ts';
import { CHANGE_ITEMS } from './act-on-items.ts';
import { headerOf, type PayRequest, statementsOfWorker } from './load-statement.ts';
import { saveHeader } from './save-statement.ts';
import { lineItemSchema } from './shapes.ts';
import { lineItemView } from './views.ts';

const fields = {
  type: z.enum(['bonus', 'deduction']),
  purpose: z.string().check(z.minLength(1), z.maxLength(60)),
  description: z.optional(z.string().check(z.maxLength(500))),
  amount: moneyText,
  /** First days of the workweeks that a bonus covers; without them the week of its entry (B-204). */
  weeks: z.optional(z.array(dateText)),
  /** Leaves a bonus out of the regular rate, on a ground of the law (B-209): by an admin alone. */
  rateExclusion: z.optional(
    z.strictObject({ ground: z.enum(EXCLUSION_GROUNDS), reason: z.string().check(z.minLength(1), z.maxLength(500)) }),
  ),
};
const underStatement = z.strictObject(fields);
const ofWorker = z.strictObject({ workerId: idText, ...fields });
type Given = z.infer<typeof underStatement>;

const example = { type: 'bonus', purpose: 'safety', description: 'a year without accident', amount: '50.00' };
const common = {
  method: 'POST',
  group: 'pay',
  access: CHANGE_ITEMS,
  idempotency: 'required',
  answer: { status: 201, description: 'The new line item', schema: lineItemSchema },
} as const;

/** A bonus or deduction by hand, on the worker's present statement, which it opens where there is none (B-139). */
export const createLineItem = defineRoute({
  ...common,
  path: '/v1/line-items',
  summary: 'Make a line item by hand',
  body: ofWorker,
  bodyExample: { workerId: 'kQ3vAbCdEfGhIjKl', ...example },
  handler: (request) => {
    const { workerId, ...given } = request.body;
    return withRetries(() => make(request, { workerId, calendarId: null, startDate: null }, given));
  },
});

/** A bonus or deduction by hand on an Open statement, whatever its period (B-139). */
export const createLineItemOfStatement = defineRoute({
  ...common,
  path: '/v1/statements/{id}/line-items',
  summary: 'Make a line item by hand on this statement',
  body: underStatement,
  bodyExample: example,
  handler: (request) => {
    const place = parseStatementId(request.params.id);
    if (place === null) throw notFound();
    return withRetries(() => make(request, place, request.body));
  },
});

/** Where the item goes: a worker, and the statement that was named, if one was. */
interface Place {
  readonly workerId: string;
  readonly calendarId: string | null;
  readonly startDate: LocalDate | null;
}

type MakeRequest = PayRequest & Pick<ApiRequest, 'command'>;

async function make(request: MakeRequest, place: Place, given: Given): Promise<ApiAnswer | null> {
  const { ports, scope, actor, command } = request;
  const desk = await openDesk(request);
  const workerId = survivorOf(desk.context, place.workerId);
  const branchId = await branchOfWorker(request, desk, workerId);
  const calendar = calendarOf(desk, branchId, place.calendarId);
  const partition = await readPersonPay(ports.table, scope, desk.context, workerId);
  const before = statementsOfWorker(desk, workerId, calendar.calendarId, partition);
  const { head } = before;
  if (place.startDate !== null) requireOpen(request, desk, before.views, place.startDate);
  const terms: ManualTerms = {
    purposes: desk.context.lineItemPurposes,
    deductionsAllowed: deductionsAllowed(desk.context, branchId),
    manualDeductionsCarry: desk.context.manualDeductionsCarry,
    ...{ workerId, branchId, calendar, head, todayDate: todayIn(desk, branchId), tail: ports.ulid() },
  };
  const wanted = {
    type: given.type,
    purpose: given.purpose,
    description: given.description?.trim() || null,
    amountCents: centsOf(given.amount, '/amount'),
    periodStart: chosenPeriod(calendar, place.startDate, terms.todayDate),
    rateExclusion: exclusionOf(request, given),
  };
  checkManual(wanted, terms);
  const { item, freeOn } = manualItem(wanted, terms, await earnedOf(request, desk, terms, given));
  const id = statementIdOf(item, calendar.calendar, head, terms.todayDate);
  const bonus = given.type === 'bonus' ? null : requireBonus(before.views.find((view) => view.id === id) ?? null);
  const after = statementsOfWorker(desk, workerId, calendar.calendarId, { ...partition, items: [...partition.items, item] });
  const view = after.views.find((one) => one.id === id)!;
  const done = await command.commit({
    actions: [
      createLineItemAction(scope, item, freeOn),
      // The header moves on: a payment that has not seen the item begins again.
      saveHeader(scope, { view }, await headerOf(request, view)).action,
      ...(bonus === null ? [] : [itemUnchanged(scope, bonus)]),
    ],
    audit: {
      action: 'line_item.created',
      entity: 'line_item',
      entityId: item.id,
      before: null,
      after: {
        ...{ workerId, type: item.type, purpose: item.purpose, amountCents: item.amountCents, statementId: id },
        ...(item.rateExclusion === null ? {} : { rateExclusion: item.rateExclusion }),
      },
      reason: item.description,
      ...(actor.workerId === workerId ? { selfApproved: true as const } : {}),
    },
    answer: {
      status: 201,
      body: lineItemView(item, desk, head),
      headers: { location: `/v1/line-items/${item.id}` },
      revision: item.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** The statement that was named: 404 where there is none to see, refused where it is closed. */
function requireOpen(request: PayRequest, desk: Desk, views: readonly StatementView[], startDate: LocalDate): void {
  const view = views.find(({ period }) => period.startDate === startDate);
  if (view === undefined || !seesPay(request, desk, { workerId: view.workerId, branchId: branchOf(view) })) throw notFound();
  if (view.status === 'Paid') refuse('paid-is-final');
  if (view.status !== 'Open') refuse('wrong-state', { data: { status: view.status } });
}

/** The branch of a worker whom the caller is in charge of; 404 for one the caller may not see. */
async function branchOfWorker(request: PayRequest, desk: Desk, workerId: string): Promise<string | null> {
  const { ports, scope } = request;
  const stored = await ports.table.get(scope, workerKey(scope, workerId));
  const worker = stored === null ? null : decodeMirrorRecord<'worker'>(stored);
  const branchId = worker?.fields.branchId ?? null;
  if (worker === null || !seesPay(request, desk, { workerId, branchId })) throw notFound();
  requireCharge(request, { branchId });
  return branchId;
}

/** The calendar of the statement that was named, else of the worker's branch (B-130). */
function calendarOf({ context }: Desk, branchId: string | null, calendarId: string | null): NamedCalendar {
  if (calendarId === null) return calendarOfBranch(context, branchId);
  return { calendarId, calendar: calendarById(context, calendarId) };
}

/** Null where the entry's own day leads to the statement that was named. */
function chosenPeriod({ calendar }: NamedCalendar, startDate: LocalDate | null, todayDate: LocalDate): LocalDate | null {
  return startDate === periodOf(calendar, todayDate).startDate ? null : startDate;
}

/** Why the bonus is left out of the regular rate (B-209): an admin decides that, with ground and reason. */
function exclusionOf({ actor, reach }: PayRequest, { type, rateExclusion: wanted }: Given): RateExclusion | null {
  if (wanted === undefined) return null;
  if (type === 'deduction') refuse('invalid-body', { field: 'rateExclusion', detail: 'a deduction never counts in it' });
  if (reach !== 'A') throw new ApiProblem('forbidden', { detail: 'An admin decides what is left out of the regular rate.' });
  return rateExclusion(wanted.ground, wanted.reason, actor.id);
}

/** What overtime premiums need to know of a bonus (B-204); of a deduction, nothing (B-217). */
async function earnedOf(
  { ports, scope }: PayRequest,
  { context }: Desk,
  { workerId, branchId, todayDate }: ManualTerms,
  { type, weeks }: Given,
): Promise<Pick<LineItem, 'weeks' | 'premiumMethod'>> {
  if (type === 'deduction') {
    if (weeks !== undefined) refuse('invalid-body', { field: 'weeks', detail: 'a deduction covers no weeks' });
    return { weeks: [], premiumMethod: null };
  }
  const weekStarts = namedWeeks(weeks ?? null, workCalendarOf(context, branchId), todayDate);
  return readNamedWeeks(ports.table, scope, context, { workerId, branchId, weekStarts });
}
