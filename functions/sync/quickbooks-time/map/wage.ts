import { toScaled } from '#kernel/decimal.ts';
import { MAX_WAGE_E4 } from '#kernel/money.ts';
import { refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow, SkipReason } from '#model/mapped-record.ts';
import { userRow } from '../wire.ts';
import type { MapContext } from './context.ts';
import { mapRow, readName, readStampOf } from './read.ts';

/** The source keeps one rate and no date with it, so that rate counts from the first date there is. */
const ALWAYS = '2000-01-01';

/**
 * Users → wage_record, one per user: the one place wages come from, and only with `importWages` (M-25). A rate of zero is "not set", and a
 * yearly one no hourly wage: both leave a marker and the worker without wage, never an invented one (M-21, M-39).
 */
export function mapPayRate(raw: unknown, context: MapContext): MappedRow {
  return mapRow(userRow, raw, (row, sourceId) => {
    const make = (rateE4: number, skip?: SkipReason, warning?: string): MappedRow => ({
      kind: 'record',
      also: [],
      record: {
        entity: 'wage_record',
        space: 'wage_record',
        sourceId,
        sourceUpdatedAt: readStampOf(row.last_modified),
        sourceCreatedAt: null,
        sourceStatus: null,
        ...(skip === undefined ? {} : { skip }),
        ...(warning === undefined ? {} : { warnings: [warning] }),
        fields: { workerId: sourceId, effectiveFrom: ALWAYS, rateE4, currency: context.currency, burdenBp: null },
      },
    });
    const notRead = (rule: string): SkipReason => ({ kind: 'out_of_scope', code: 'type_not_read', rule });
    if (!context.settings.importWages) return make(0, notRead('connection.importWages'));
    const interval = readName(row.pay_interval, 'pay_interval') ?? 'hour';
    if (interval !== 'hour') return make(0, notRead('built-in'), 'wage_not_hourly');
    const rate = row.pay_rate === '' ? 0 : (row.pay_rate ?? 0);
    const rateE4 = toScaled(rate, 4) ?? refuseRow('money_invalid', 'pay_rate', null);
    if (rateE4 <= 0n) return make(0, notRead('built-in'), 'wage_not_positive');
    if (rateE4 > BigInt(MAX_WAGE_E4)) return refuseRow('value_out_of_range', 'pay_rate', null);
    return make(Number(rateE4));
  });
}
