import { calendarById } from '#bonus/pay/assignment.ts';
import { freshHeader, statementReference } from '#bonus/pay/statement-header.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { localDateOf } from '#kernel/zone.ts';
import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { putStatementAction, readPayPartition } from '#store/pay-repository.ts';
import type { BonusSession } from '../ports.ts';

/**
 * Opens the statements of a worker that have an item and no header yet (B-133). The header holds name and number for lists; members and
 * totals stay derived until the statement is paid.
 */
export async function openStatements(session: BonusSession, scope: TenantScope, workerId: string): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const { items, headers, heads } = await readPayPartition(table, scope, workerId);
  const todayDate = localDateOf(now(), context.zone);
  for (const calendarId of new Set(items.map((item) => item.calendarId))) {
    const head = heads.find((one) => one.calendarId === calendarId) ?? null;
    const calendar = calendarById(context, calendarId);
    const views = statementsOf({ workerId, calendarId, calendar, items, headers, head }, todayDate);
    for (const view of views)
      if (view.header === null && view.status === 'Open' && view.items.length + view.upcoming.length > 0)
        await open(session, scope, view);
  }
}

async function open(session: BonusSession, scope: TenantScope, view: StatementView): Promise<void> {
  const { table } = session.ports;
  const number = await session.nextNumber(scope, 'ST');
  const naming = { reference: statementReference(number), workerName: await nameOf(session, scope, view.workerId) };
  const header = { ...freshHeader(view, naming), revision: 1 };
  // Somebody else may have opened it meanwhile: then it is open, which is all that was wanted.
  await table.write(scope, [putStatementAction(scope, header, null)]);
}

async function nameOf(session: BonusSession, scope: TenantScope, workerId: string): Promise<string> {
  const item = await session.ports.table.get(scope, workerKey(scope, workerId));
  return item === null ? workerId : decodeMirrorRecord<'worker'>(item).fields.displayName;
}
