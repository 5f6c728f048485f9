import { claimWeek, releaseWeek } from '#bonus/pay-law/premium-owner.ts';
import type { PremiumOwner } from '#model/pay.ts';
import type { ExportedStatement, PayrollExport } from '#model/payroll-export.ts';
import { blankWeekLedger, type WeekLedger } from '#model/week-ledger.ts';
import { readExportLines } from '#store/export-repository.ts';
import type { StagedWrite } from '#store/table.ts';
import { changedWeekLedger, readWeekLedgers } from '#store/week-ledger-repository.ts';
import { type ExportRequest, uniqueWeeks } from './load.ts';

/** Names who computes the premium of every worker-week that an export settles (B-221). */
export function claimedWeeks(
  { scope }: Pick<ExportRequest, 'scope'>,
  statements: readonly ExportedStatement[],
  ledgers: readonly WeekLedger[],
  claim: { readonly owner: PremiumOwner; readonly exportId: string },
): readonly StagedWrite[] {
  const known = new Map(ledgers.map((ledger) => [`${ledger.workerId} ${ledger.weekStart}`, ledger]));
  return weeksOfStatements(statements).map(({ workerId, weekStart }) => {
    const ledger = known.get(`${workerId} ${weekStart}`) ?? blankWeekLedger(workerId, weekStart);
    return changedWeekLedger(scope, claimWeek(ledger, claim.owner, claim.exportId));
  });
}

/** Takes the claims of exports off their worker-weeks, for their cancellation (B-222). */
export async function releasedWeeks(
  { ports, scope }: Pick<ExportRequest, 'ports' | 'scope'>,
  canceled: readonly PayrollExport[],
): Promise<readonly StagedWrite[]> {
  const ids = canceled.map(({ id }) => id);
  const statements: ExportedStatement[] = [];
  for (const one of canceled) if (one.made !== null) statements.push(...(await readExportLines(ports.table, scope, one)));
  const ledgers = await readWeekLedgers(ports.table, scope, weeksOfStatements(statements));
  return ledgers
    .filter(({ claimedBy }) => claimedBy.some((id) => ids.includes(id)))
    .map((ledger) => changedWeekLedger(scope, releaseWeek(ledger, ids)));
}

function weeksOfStatements(statements: readonly ExportedStatement[]) {
  return uniqueWeeks(statements.flatMap(({ workerId, weeks }) => weeks.map((weekStart) => ({ workerId, weekStart }))));
}
