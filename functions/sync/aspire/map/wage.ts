import { toScaled } from '#kernel/decimal.ts';
import { MAX_WAGE_E4 } from '#kernel/money.ts';
import { readDate, readPercentBp, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { payRateRow } from '../wire.ts';
import type { MapContext } from './context.ts';
import { mapRow, requireId } from './read.ts';

/**
 * PayRates → wage_record: the one place wages come from, and only with `importWages` (M-25). A rate of zero or less is no hourly wage:
 * it leaves a marker and the worker without wage, never an invented one (M-21, M-39).
 */
export function mapPayRate(raw: unknown, context: MapContext): MappedRow {
  return mapRow(payRateRow, 'PayRateID', raw, (row, sourceId) => {
    const workerId = requireId(row.ContactID, 'ContactID');
    const effectiveFrom =
      readDate(row.EffectiveDate, 'EffectiveDate') ?? refuseRow('required_field_missing', 'EffectiveDate', null);
    const known = {
      entity: 'wage_record',
      space: 'wage_record',
      sourceId,
      sourceUpdatedAt: null,
      sourceCreatedAt: null,
      sourceStatus: null,
    } as const;
    const none = { workerId, effectiveFrom, rateE4: 0, currency: context.currency, burdenBp: null };
    if (!context.settings.importWages) {
      const skip = { kind: 'out_of_scope', code: 'type_not_read', rule: 'connection.importWages' } as const;
      return { kind: 'record', also: [], record: { ...known, skip, fields: none } };
    }
    const value = row.HourlyBasePay ?? refuseRow('required_field_missing', 'HourlyBasePay', null);
    const rateE4 = toScaled(value, 4) ?? refuseRow('money_invalid', 'HourlyBasePay', null);
    if (rateE4 <= 0n) {
      const skip = { kind: 'out_of_scope', code: 'type_not_read', rule: 'built-in' } as const;
      return { kind: 'record', also: [], record: { ...known, skip, fields: none, warnings: ['wage_not_positive'] } };
    }
    if (rateE4 > BigInt(MAX_WAGE_E4)) return refuseRow('value_out_of_range', 'HourlyBasePay', null);
    const burdenBp = readPercentBp(row.BurdenPercent, 'BurdenPercent');
    return {
      kind: 'record',
      also: [],
      record: { ...known, fields: { workerId, effectiveFrom, rateE4: Number(rateE4), currency: context.currency, burdenBp } },
    };
  });
}
