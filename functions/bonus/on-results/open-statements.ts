import { calendarById } from '#bonus/pay/assignment.ts';
import { figuresKey, freshHeader, type StatementNaming, statementReference } from '#bonus/pay/statement-header.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { informationalPremiums } from '#bonus/pay-law/informational.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import { localDateOf } from '#kernel/zone.ts';
import { workerKey } from '#model/keys.ts';
import { survivorOf } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { readPersonPay } from '#pay/person-pay.ts';
import { type FigureTerms, hasFigures, readFigures } from '#pay/statement-figures.ts';
import { putStatementAction } from '#store/pay-repository.ts';
import type { BonusSession } from '../ports.ts';

/**
 * Opens the statements of a worker that have an item and no header yet (B-133), and works the figures of those whose items have
 * changed out anew (B-140, B-216). The header holds name, number and figures; members and totals stay derived until the statement is paid.
 */
export async function openStatements(session: BonusSession, scope: TenantScope, named: string): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const workerId = survivorOf(context, named);
  const { items, headers, heads, ledgers, inherited } = await readPersonPay(table, scope, context, workerId);
  const todayDate = localDateOf(now(), context.zone);
  const isInformational = informationalPremiums(context, ledgers);
  const mayDeduct = (branchId: string | null) => deductionsAllowed(context, branchId);
  for (const calendarId of new Set(items.map((item) => item.calendarId))) {
    const head = heads.find((one) => one.calendarId === calendarId) ?? null;
    const calendar = calendarById(context, calendarId);
    const policies = { isInformational, mayDeduct };
    const views = statementsOf({ workerId, calendarId, calendar, items, headers, head, inherited, ...policies }, todayDate);
    for (const view of views) {
      const empty = view.items.length + view.upcoming.length === 0;
      if (view.status === 'Open' && !hasFigures(view) && !(view.header === null && empty))
        await bringUpToDate(session, scope, view, { context, ledgers });
    }
  }
}

async function bringUpToDate(session: BonusSession, scope: TenantScope, view: StatementView, terms: FigureTerms): Promise<void> {
  const { table } = session.ports;
  const known = view.header ?? freshHeader(view, await namingOf(session, scope, view.workerId));
  const figures = await readFigures(table, scope, view, terms);
  const header = { ...known, ...figures, figuresFor: figuresKey(view), revision: known.revision + 1 };
  // Somebody else may have written it meanwhile: then it is open, and figures of other items are theirs to work out.
  await table.write(scope, [putStatementAction(scope, header, view.header?.revision ?? null)]);
}

async function namingOf(session: BonusSession, scope: TenantScope, workerId: string): Promise<StatementNaming> {
  const number = await session.nextNumber(scope, 'ST');
  return { reference: statementReference(number), workerName: await nameOf(session, scope, workerId) };
}

async function nameOf(session: BonusSession, scope: TenantScope, workerId: string): Promise<string> {
  const item = await session.ports.table.get(scope, workerKey(scope, workerId));
  return item === null ? workerId : decodeMirrorRecord<'worker'>(item).fields.displayName;
}
