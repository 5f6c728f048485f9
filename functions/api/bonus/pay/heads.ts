import { type Key, payHeadKey } from '#model/keys.ts';
import { type PeopleContext, survivorOf } from '#model/merged-people.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { decodePayHead } from '#model/pay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';

/** An item as one of the record that stands for its person, on whose statements it is until it is paid (M-149). */
export const ofPayee = (context: PeopleContext, item: LineItem): LineItem => ({
  ...item,
  workerId: survivorOf(context, item.workerId),
});

/** Which pay head an item belongs to: that of the record which stands for the person (M-149). */
export const headName = (context: PeopleContext, item: Pick<LineItem, 'workerId' | 'calendarId'>): string =>
  nameOf({ workerId: survivorOf(context, item.workerId), calendarId: item.calendarId });

const nameOf = ({ workerId, calendarId }: Pick<PayHead, 'workerId' | 'calendarId'>): string => `${workerId} ${calendarId}`;

/** The pay heads of the items' workers and calendars, in one reading. */
export async function headsOf(
  table: Table,
  scope: TenantScope,
  context: PeopleContext,
  items: readonly LineItem[],
): Promise<ReadonlyMap<string, PayHead>> {
  const keys: Key[] = [
    ...new Map(
      items.map((item) => [headName(context, item), payHeadKey(scope, survivorOf(context, item.workerId), item.calendarId)]),
    ).values(),
  ];
  const found = await table.batchGet(scope, keys, { consistent: false });
  return new Map(found.flatMap((item) => (item === null ? [] : [decodePayHead(item)])).map((head) => [nameOf(head), head]));
}
