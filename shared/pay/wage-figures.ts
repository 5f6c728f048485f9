import { figuresKey } from '#bonus/pay/statement-header.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import { wageInForce } from '#bonus/rules/wage-basis.ts';
import { type WageFigures, wageFigures } from '#bonus/rules/wage-figures.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import { readWageHistory } from '#store/propay-inputs.ts';
import type { Table } from '#store/table.ts';
import { readWorkerTime, type TimeRecord } from '#store/worker-time.ts';

/** Categories that are hours worked (M-36); drive time is a kind of its own and counts as well. */
const WORKED: ReadonlySet<string> = new Set(['work', 'shop', 'break_paid']);

/**
 * What the worker's hour was worth in the statement's period (B-140): as it was worked out when its items last changed, and frozen with the
 * payment; a changed wage alone changes nothing. Worked out now where that has not happened yet.
 */
export async function figuresOf(table: Table, scope: TenantScope, view: StatementView): Promise<WageFigures | null> {
  return hasFigures(view) ? view.header!.wageFigures : readWageFigures(table, scope, view);
}

/** Whether a statement's header holds the figures of the items that stand on it. */
export function hasFigures(view: StatementView): boolean {
  return view.status === 'Paid' || (view.header !== null && view.header.figuresFor === figuresKey(view));
}

/**
 * Works the figures out from the time of the period at the wage of each day. Null where a wage is missing, since a mean over part of the
 * time would be another figure.
 */
export async function readWageFigures(table: Table, scope: TenantScope, view: StatementView): Promise<WageFigures | null> {
  const { startDate: from, endDate: to } = view.period;
  const time = (await readWorkerTime(table, scope, view.workerId, { from, to, also: [] })).filter(isWorked);
  const rows = await readWageHistory(table, scope, view.workerId);
  const priced = time.map(({ fields }) => ({
    seconds: fields.durationSeconds,
    wageE4: wageInForce(rows, fields.workDate)?.wageE4 ?? null,
  }));
  if (priced.some((one) => one.wageE4 === null)) return null;
  return wageFigures(priced as { seconds: number; wageE4: number }[], view.totals.netBalanceCents);
}

function isWorked(record: TimeRecord): boolean {
  const { fields } = record;
  const worked = record.entity === 'drive_time' || WORKED.has((record as MirrorRecord<'time_entry'>).fields.category);
  return record.tombstone === null && worked && !fields.open && fields.durationSeconds > 0;
}
