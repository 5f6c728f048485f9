import { refuse } from '#kernel/errors.ts';
import { parseStatementId } from '#model/ids.ts';
import { workerKey } from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import { idsOfPerson, survivorOf } from '#model/merged-people.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { LineItem } from '#model/pay.ts';
import type { TenantContext } from '#model/settings.ts';
import { aliasAction } from '#store/alias-actions.ts';
import { putPayHeadAction, readPayHeads, readPayPartition } from '#store/pay-repository.ts';
import { saveContextAction } from '#store/settings-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { findRecord, findRecords } from '../mirror/find.ts';
import type { ApiRequest } from '../route.ts';
import { carryFacts, dropFacts } from './carry-facts.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope'>;

/**
 * Merges a worker into another record of the same person (M-149): from now on both are one person in every calculation, on statements and
 * to who is signed in, and what was decided of the one holds for the other (M-117). Refused where the other one leads back to it. Nothing
 * that was issued changes.
 */
export async function mergeActions(
  { ports, scope }: Desk,
  context: TenantContext,
  own: MirrorRecord<'worker'>,
  link: Link,
): Promise<readonly WriteAction[]> {
  if (own.aliasOf !== null || context.mergedPeople[own.id] !== undefined)
    refuse('wrong-state', { detail: 'This record was merged into another one already.' });
  if (survivorOf(context, link.targetId) === own.id)
    refuse('wrong-state', { detail: 'The other record leads back to this one.' });
  const mergedPeople = {
    ...context.mergedPeople,
    [own.id]: { into: link.targetId, linkId: link.id, revision: link.revision },
  };
  const survivor = await findRecord(ports.table, scope, 'worker', survivorOf(context, link.targetId));
  if (survivor === null) throw new Error('a record leads to one that is not there');
  const { record, others } = await carryFacts({ ports, scope }, own, survivor as MirrorRecord<'worker'>);
  return [
    aliasAction(workerKey(scope, own.id), own, link.targetId),
    saveContextAction(scope, { ...context, mergedPeople }),
    ...(record === null ? [] : [record]),
    ...others,
  ];
}

/**
 * Takes a merge back: everything is as if it had not been, but for what was issued meanwhile. Refused once an item of the one was paid with
 * a statement of the other. The pay heads move on, so that a payment that has begun before begins again.
 */
export async function unmergeActions(
  { ports, scope }: Desk,
  context: TenantContext,
  own: MirrorRecord<'worker'>,
): Promise<readonly WriteAction[]> {
  const { [own.id]: _gone, ...mergedPeople } = context.mergedPeople;
  const survivor = survivorOf(context, own.id);
  const parted = idsOfPerson({ mergedPeople }, own.id);
  const partitions = await Promise.all(parted.map((id) => readPayPartition(ports.table, scope, id)));
  const items = partitions.flatMap((one) => one.items);
  if (items.some((item) => !parted.includes(payeeOf(item))))
    refuse('paid-is-final', { detail: 'Items of the one were paid with a statement of the other.' });
  const calendarIds = [...new Set(items.map(({ calendarId }) => calendarId))];
  const heads = calendarIds.map(async (calendarId) => {
    const [head] = await readPayHeads(ports.table, scope, [survivor], calendarId);
    const next = { ...(head ?? { workerId: survivor, calendarId, closedPeriods: [] }), revision: (head?.revision ?? 0) + 1 };
    return putPayHeadAction(scope, next, head?.revision ?? null);
  });
  const removed = own.own.settings?.removeBonus && !context.bonusRemovedIds.includes(own.id);
  const bonusRemovedIds = removed ? [...context.bonusRemovedIds, own.id].sort() : context.bonusRemovedIds;
  const dropped = await dropFromAll({ ports, scope }, context, own, parted);
  return [
    aliasAction(workerKey(scope, own.id), own, null),
    saveContextAction(scope, { ...context, mergedPeople, bonusRemovedIds }),
    ...dropped,
    ...(await Promise.all(heads)),
  ];
}

/** What was decided of the parted records goes from all that they have led to. */
async function dropFromAll(
  { ports, scope }: Desk,
  { mergedPeople }: TenantContext,
  own: MirrorRecord<'worker'>,
  parted: readonly string[],
): Promise<readonly WriteAction[]> {
  const chain: string[] = [];
  for (let next = mergedPeople[own.id]; next !== undefined; next = mergedPeople[next.into]) chain.push(next.into);
  const records = await findRecords(ports.table, scope, 'worker', chain);
  const dropped = await Promise.all(
    records.map((record) => dropFacts({ ports, scope }, record as MirrorRecord<'worker'>, parted)),
  );
  return dropped.flatMap(({ record, others }) => [...(record === null ? [] : [record]), ...others]);
}

/** Whose statement an item was paid with; of one that is not paid, its own worker. */
function payeeOf({ workerId, events }: LineItem): string {
  const last = events.at(-1);
  const paid = last?.type === 'paid' ? parseStatementId(last.statementId) : null;
  return paid?.workerId ?? workerId;
}
