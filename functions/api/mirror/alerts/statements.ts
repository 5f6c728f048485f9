import { calendarById, statementIdOf } from '#bonus/pay/assignment.ts';
import { declaredPremiumOwner } from '#bonus/pay-law/informational.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { periodOf } from '#kernel/period.ts';
import { parseStatementId } from '#model/ids.ts';
import { statementKey } from '#model/keys.ts';
import type { LineItem } from '#model/pay.ts';
import { decodeStatement } from '#model/pay-item.ts';
import { todayIn } from '../../bonus/desk.ts';
import { headName, headsOf, ofPayee } from '../../bonus/pay/heads.ts';
import { type AlertInputs, type FoundAlerts, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** A statement that is not paid and holds something to pay, told by its items. */
interface OpenStatement {
  readonly statementId: string;
  readonly workerId: string;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  readonly today: LocalDate;
  /** An overtime premium stands on it: wages due. */
  readonly premium: boolean;
}

/**
 * Statements whose period is over; those past their payday that hold an overtime premium, which is due with the first payday after it is
 * known (B-210); and those of a worker who is paid below the minimum wage (B-216).
 */
export async function alertsOfStatements(inputs: AlertInputs, items: readonly LineItem[]): Promise<FoundAlerts> {
  const open = await openStatements(inputs, items);
  const { paydayDays } = inputs.desk.context.payLaw;
  return {
    statements_to_pay: open.filter(({ endDate, today }) => endDate < today).map(itemOf),
    premiums_overdue: open.filter(({ endDate, today, premium }) => premium && addDays(endDate, paydayDays) < today).map(itemOf),
    below_minimum_wage: await belowMinimumWage(inputs, open),
  };
}

async function openStatements({ request, desk }: AlertInputs, items: readonly LineItem[]): Promise<readonly OpenStatement[]> {
  const heads = await headsOf(request.ports.table, request.scope, desk.context, items);
  const ours = declaredPremiumOwner(desk.context) === 'engine';
  const statements = new Map<string, OpenStatement>();
  for (const item of items) {
    const calendar = calendarById(desk.context, item.calendarId);
    const today = todayIn(desk, item.branchId);
    const head = heads.get(headName(desk.context, item)) ?? null;
    const statementId = statementIdOf(ofPayee(desk.context, item), calendar, head, today);
    const place = statementId === null ? null : parseStatementId(statementId);
    if (statementId === null || place === null) continue;
    const { startDate, endDate } = periodOf(calendar, place.startDate);
    const premium = (item.type === 'premium' && ours) || (statements.get(statementId)?.premium ?? false);
    statements.set(statementId, { statementId, workerId: place.workerId, startDate, endDate, today, premium });
  }
  return [...statements.values()];
}

/** By what was worked out when the items last changed; a payment looks once more. */
async function belowMinimumWage(inputs: AlertInputs, open: readonly OpenStatement[]): Promise<readonly AlertItem[]> {
  const keys = open.flatMap(({ statementId }) => {
    const place = parseStatementId(statementId);
    return place === null ? [] : [statementKey(inputs.request.scope, place)];
  });
  const headers = (await recordsAt(inputs, keys)).map(decodeStatement);
  const short = new Set(
    headers.filter(({ wageFloors }) => wageFloors.some(({ shortCents }) => shortCents !== null)).map(({ id }) => id),
  );
  return open.filter(({ statementId }) => short.has(statementId)).map(itemOf);
}

function itemOf({ statementId, workerId }: OpenStatement): AlertItem {
  return { statementId, workerId, href: `/v1/statements/${statementId}` };
}
