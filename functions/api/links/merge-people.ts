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
import type { ApiRequest } from '../route.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope'>;

/**
 * Merges a worker into another record of the same person (M-149): from now on both are one person in every calculation, on statements and
 * to who is signed in. Refused where the other one leads back to it. Nothing that was issued changes.
 */
export function mergeActions({ scope }: Desk, context: TenantContext, own: MirrorRecord, link: Link): readonly WriteAction[] {
  if (own.aliasOf !== null || context.mergedPeople[own.id] !== undefined)
    refuse('wrong-state', { detail: 'This record was merged into another one already.' });
  if (survivorOf(context, link.targetId) === own.id)
    refuse('wrong-state', { detail: 'The other record leads back to this one.' });
  const mergedPeople = {
    ...context.mergedPeople,
    [own.id]: { into: link.targetId, linkId: link.id, revision: link.revision },
  };
  return [aliasAction(workerKey(scope, own.id), own, link.targetId), saveContextAction(scope, { ...context, mergedPeople })];
}

/**
 * Takes a merge back: everything is as if it had not been, but for what was issued meanwhile. Refused once an item of the one was paid with
 * a statement of the other. The pay heads move on, so that a payment that has begun before begins again.
 */
export async function unmergeActions(
  { ports, scope }: Desk,
  context: TenantContext,
  own: MirrorRecord,
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
  return [
    aliasAction(workerKey(scope, own.id), own, null),
    saveContextAction(scope, { ...context, mergedPeople }),
    ...(await Promise.all(heads)),
  ];
}

/** Whose statement an item was paid with; of one that is not paid, its own worker. */
function payeeOf({ workerId, events }: LineItem): string {
  const last = events.at(-1);
  const paid = last?.type === 'paid' ? parseStatementId(last.statementId) : null;
  return paid?.workerId ?? workerId;
}
