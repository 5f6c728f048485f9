import type { Contribution } from '#model/group.ts';
import { decodeGroup } from '#model/group-item.ts';
import { listPartition } from '#model/keys.ts';
import { readGroup, type StoredGroup } from '#store/group-repository.ts';
import { todayIn } from '../../bonus/desk.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** Groups whose route period is over (B-105): with unfinished work that nobody confirmed, or ready to be approved. */
export async function alertsOfGroups(inputs: AlertInputs): Promise<FoundAlerts> {
  const { request, desk, filters } = inputs;
  const { ports, scope } = request;
  const prefix = filters.branchId === undefined ? 'Active#' : `Active#${filters.branchId}#`;
  const keys = await boundedKeys(inputs, { partition: listPartition(scope, 'GRP'), prefix });
  const over = (await recordsAt(inputs, keys))
    .map(decodeGroup)
    .filter(({ status, period, branchId }) => status === 'Active' && period.endDate < todayIn(desk, branchId));
  const stored = await Promise.all(over.map(({ id }) => readGroup(ports.table, scope, id)));
  const seen = stored.filter((one) => one !== null && concerns(inputs, one.result)) as readonly StoredGroup[];
  const unfinished = seen.filter(({ members }) => members.some(isUnfinished));
  return {
    unfinished_groups: unfinished.map((one) => ({
      ...itemOf(one),
      propayIds: one.members.filter(isUnfinished).map(({ proPayId }) => proPayId),
    })),
    ready_for_approval: seen.filter((one) => !unfinished.includes(one) && isReady(one)).map(itemOf),
  };
}

function isUnfinished({ completedAtSource, confirmed }: Contribution): boolean {
  return !completedAtSource && !confirmed;
}

function isReady({ result: { figures, conflicts }, members }: StoredGroup): boolean {
  if (figures === null || conflicts.length > 0 || members.length === 0) return false;
  return (
    figures.approvable &&
    !figures.notes.includes('penalty-amount-missing') &&
    members.every(({ openEntryIds }) => openEntryIds.length === 0)
  );
}

function itemOf({ group }: StoredGroup): AlertItem {
  return { groupId: group.id, href: `/v1/groups/${group.id}` };
}
