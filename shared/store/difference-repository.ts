import type { SourceDifference } from '#model/difference.ts';
import { differenceKey } from '#model/keys.ts';
import { fieldsOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table, WriteAction } from './table.ts';

/** The difference of an approved ProPay, open or cleared; null where its sources never moved. */
export async function readDifference(table: Table, scope: TenantScope, proPayId: string): Promise<SourceDifference | null> {
  const item = await table.get(scope, differenceKey(scope, proPayId));
  return item === null ? null : (fieldsOf(item, 'df') as unknown as SourceDifference);
}

/** Writes or replaces the difference of a ProPay: it states the present, so the last reading may win. */
export function putDifferenceAction(scope: TenantScope, difference: SourceDifference): WriteAction {
  return { kind: 'put', item: { ...differenceKey(scope, difference.proPayId), et: 'df', v: 1, ...difference } };
}
