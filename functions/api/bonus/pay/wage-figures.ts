import type { StatementView } from '#bonus/pay/statements.ts';
import { wageInForce } from '#bonus/rules/wage-basis.ts';
import { type WageFigures, wageFigures } from '#bonus/rules/wage-figures.ts';
import { workerTimePartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import { readWageHistory } from '#store/propay-inputs.ts';
import type { Table } from '#store/table.ts';
import type { ApiRequest } from '../../route.ts';

/** Categories that are hours worked (M-36); drive time is a kind of its own and counts as well. */
const WORKED = new Set(['work', 'shop', 'break_paid']);

/** A statement's wage figures: frozen once it is paid, else worked out from the worker's time and wages (B-140). */
export async function figuresOf(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  view: StatementView,
): Promise<WageFigures | null> {
  return view.status === 'Paid' ? (view.header?.wageFigures ?? null) : readWageFigures(ports.table, scope, view);
}

/**
 * What the worker's hour was worth in the statement's period (B-140): the time of the period at the wage of each day. Null where a wage
 * is missing, since a mean over part of the time would be another figure.
 */
async function readWageFigures(table: Table, scope: TenantScope, view: StatementView): Promise<WageFigures | null> {
  const { startDate, endDate } = view.period;
  const keys = await table.queryAll(scope, {
    index: 'by',
    partition: workerTimePartition(scope, view.workerId),
    from: startDate,
    to: `${endDate}~`,
  });
  const items = await table.batchGet(scope, keys, { consistent: false });
  const time = items
    .flatMap((item) =>
      item === null ? [] : [decodeMirrorRecord(item) as MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>],
    )
    .filter(({ tombstone, entity, fields }) => {
      const worked = entity === 'drive_time' || WORKED.has((fields as MirrorRecord<'time_entry'>['fields']).category);
      return tombstone === null && worked && !fields.open && fields.durationSeconds > 0;
    });
  const rows = await readWageHistory(table, scope, view.workerId);
  const priced = time.map(({ fields }) => ({
    seconds: fields.durationSeconds,
    wageE4: wageInForce(rows, fields.workDate)?.wageE4 ?? null,
  }));
  if (priced.some((one) => one.wageE4 === null)) return null;
  return wageFigures(priced as { seconds: number; wageE4: number }[], view.totals.netBalanceCents);
}
