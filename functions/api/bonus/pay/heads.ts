import { type Key, payHeadKey } from '#model/keys.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { decodePayHead } from '#model/pay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';

/** Which pay head an item belongs to. */
export const headName = (item: Pick<LineItem, 'workerId' | 'calendarId'>): string => `${item.workerId} ${item.calendarId}`;

/** The pay heads of the items' workers and calendars, in one reading. */
export async function headsOf(
  table: Table,
  scope: TenantScope,
  items: readonly LineItem[],
): Promise<ReadonlyMap<string, PayHead>> {
  const keys: Key[] = [
    ...new Map(items.map((item) => [headName(item), payHeadKey(scope, item.workerId, item.calendarId)])).values(),
  ];
  const found = await table.batchGet(scope, keys, { consistent: false });
  return new Map(found.flatMap((item) => (item === null ? [] : [decodePayHead(item)])).map((head) => [headName(head), head]));
}
