import { itemStatus } from '#bonus/item-status.ts';
import { parseProPayId } from '#model/ids.ts';
import { listPartition, resultKey } from '#model/keys.ts';
import type { LineItem } from '#model/pay.ts';
import { decodeLineItem } from '#model/pay-item.ts';
import { decodeResult } from '#model/propay-item.ts';
import { todayIn } from '../../bonus/desk.ts';
import { isInCharge, seesPay } from '../../bonus/sight.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, recordsAt } from './inputs.ts';
import { alertsOfStatements } from './statements.ts';

/**
 * Items that are held, the next to be free first, and what statements ask for that hold something to pay. Both are told by the unpaid
 * items alone, which the list keeps by the day they are free.
 */
export async function alertsOfPay(inputs: AlertInputs): Promise<FoundAlerts> {
  const { request, desk } = inputs;
  const partition = listPartition(request.scope, 'LI');
  const today = todayIn(desk, null);
  // A day more at each end: the item's own branch decides what day it is there.
  const [later, free] = await Promise.all([
    boundedKeys(inputs, { partition, from: `u#${today}`, to: 'u~' }),
    boundedKeys(inputs, { partition, from: 'u#', to: `u#${today}~` }),
  ]);
  const keys = [...new Map([...later, ...free].map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  const items = await wanted(inputs, (await recordsAt(inputs, keys)).map(decodeLineItem));
  const held = items.filter((item) => statusOf(inputs, item) === 'Held').sort((a, b) => (a.releaseOn < b.releaseOn ? -1 : 1));
  return {
    held_items: held.map(({ id, workerId }) => ({ lineItemId: id, workerId, href: `/v1/line-items/${id}` })),
    ...(await alertsOfStatements(
      inputs,
      items.filter((item) => statusOf(inputs, item) === 'In Process'),
    )),
  };
}

function statusOf({ desk }: AlertInputs, item: LineItem) {
  return itemStatus(item.releaseOn, item.events, todayIn(desk, item.branchId));
}

/** The items that are the caller's to look after, or an auditor's to see, and what the filters ask for; division and manager are those of the ProPay behind an item. */
async function wanted(inputs: AlertInputs, items: readonly LineItem[]): Promise<readonly LineItem[]> {
  const { request, desk, filters } = inputs;
  const { branchId, divisionId, managerId } = filters;
  const seen = items.filter(
    (item) =>
      seesPay(request, desk, item) &&
      (request.reach === 'R' || isInCharge(request, item)) &&
      (branchId === undefined || item.branchId === branchId),
  );
  if (divisionId === undefined && managerId === undefined) return seen;
  const refs = [...new Set(seen.map(proPayOf))].flatMap((id) => (id === null ? [] : (parseProPayId(id) ?? [])));
  const results = await recordsAt(
    inputs,
    refs.map((ref) => resultKey(request.scope, ref)),
  );
  const fitting = new Set(
    results.filter((item) => concerns(inputs, decodeResult(item))).map((item) => String(item.is).slice('pp#'.length)),
  );
  return seen.filter((item) => fitting.has(proPayOf(item) ?? ''));
}

function proPayOf({ source }: LineItem): string | null {
  return 'proPayId' in source ? source.proPayId : null;
}
