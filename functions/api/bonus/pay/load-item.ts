import { survivorOf } from '#model/merged-people.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { readLineItem, readPayHeads } from '#store/pay-repository.ts';
import { notFound } from '../../problem.ts';
import { type Desk, openDesk } from '../desk.ts';
import { requireCharge, seesPay } from '../sight.ts';
import type { PayRequest } from './load-statement.ts';

/** One line item with the pay head that places it. */
export interface LoadedItem {
  readonly desk: Desk;
  readonly item: LineItem;
  readonly head: PayHead | null;
}

/** A line item that the caller may see, read strongly; else 404. */
export async function loadItem(request: PayRequest, id: string): Promise<LoadedItem> {
  const { ports, scope } = request;
  const [desk, item] = await Promise.all([openDesk(request), readLineItem(ports.table, scope, id)]);
  if (item === null || !seesPay(request, desk, item)) throw notFound();
  const [head] = await readPayHeads(ports.table, scope, [survivorOf(desk.context, item.workerId)], item.calendarId);
  return { desk, item, head: head ?? null };
}

/** A line item that the caller may change; 403 where it is only seen. */
export async function loadItemInCharge(request: PayRequest, id: string): Promise<LoadedItem> {
  const loaded = await loadItem(request, id);
  requireCharge(request, loaded.item);
  return loaded;
}
