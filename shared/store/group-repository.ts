import type { Contribution, Group, GroupResult } from '#model/group.ts';
import {
  decodeContribution,
  decodeGroup,
  decodeGroupResult,
  encodeContribution,
  encodeGroup,
  encodeGroupResult,
} from '#model/group-item.ts';
import { groupKey, groupMemberKey, groupPartition } from '#model/keys.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import type { StagedWrite, Table, WriteAction } from './table.ts';

/** A group with everything that is decided from it, of one reading. */
export interface StoredGroup {
  readonly group: Group;
  readonly result: GroupResult;
  readonly members: readonly Contribution[];
}

/** A group with its result and all its members, strongly: one Query. Null where the id names nothing of this tenant. */
export async function readGroup(table: Table, scope: TenantScope, groupId: string): Promise<StoredGroup | null> {
  const items = await table.queryAll(scope, { partition: groupPartition(scope, groupId) });
  const group = items.find((item) => item.et === 'gr');
  const result = items.find((item) => item.et === 'gx');
  if (group === undefined || result === undefined) return null;
  const members = items.filter((item) => item.et === 'gm').map(decodeContribution);
  return { group: decodeGroup(group), result: decodeGroupResult(result), members };
}

/** What one member has left in its group, strongly; null where it is in it no more. */
export async function readContribution(
  table: Table,
  scope: TenantScope,
  groupId: string,
  proPayId: string,
): Promise<Contribution | null> {
  const item = await table.get(scope, groupMemberKey(scope, groupId, proPayId));
  return item === null ? null : decodeContribution(item);
}

/** A group's header alone, strongly; null where there is none. */
export async function readGroupHeader(table: Table, scope: TenantScope, groupId: string): Promise<Group | null> {
  const item = await table.get(scope, groupKey(scope, groupId));
  return item === null ? null : decodeGroup(item);
}

/** Writes a new group with its first result; refused where another first member was quicker. */
export function createGroupActions(scope: TenantScope, group: Group, result: GroupResult): readonly WriteAction[] {
  return [
    { kind: 'put', item: encodeGroup(scope, group), condition: IF_ABSENT },
    { kind: 'put', item: encodeGroupResult(scope, group.id, result), condition: IF_ABSENT },
  ];
}

/** Replaces a group's header, if it still has the revision that was read: nobody came or went meanwhile. */
export function updateGroupAction(scope: TenantScope, group: Group, seenRevision: number): WriteAction {
  return { kind: 'put', item: encodeGroup(scope, group), condition: ifUnchanged('revision', seenRevision) };
}

/** Replaces a group's result, if it still is the one that was read: a stale calculation never wins over a newer one (I16). */
export function updateGroupResultAction(
  scope: TenantScope,
  groupId: string,
  result: GroupResult,
  seenCalcRev: number,
): WriteAction {
  return { kind: 'put', item: encodeGroupResult(scope, groupId, result), condition: ifUnchanged('calcRev', seenCalcRev) };
}

/** What an approval that is under way has to see of a member that comes or goes: its group has changed, and is Active. */
export function touchGroupAction(scope: TenantScope, groupId: string): WriteAction {
  return {
    kind: 'update',
    key: groupKey(scope, groupId),
    update: { expression: 'SET #r = #r + :one', names: { '#r': 'revision' }, values: { ':one': 1 } },
    condition: { expression: '#s = :active', names: { '#s': 'status' }, values: { ':active': 'Active' } },
  };
}

/** Writes what a member leaves in its group: always beside the member's result, whose condition is this one's as well. */
function putContributionAction(scope: TenantScope, contribution: Contribution): WriteAction {
  return { kind: 'put', item: encodeContribution(scope, contribution), condition: { expression: 'attribute_not_exists(pend)' } };
}

/** What a member leaves in its group in place of what it left before, or for the first time (`seenCalcRev` null). */
export function changedContribution(scope: TenantScope, contribution: Contribution, seenCalcRev: number | null): StagedWrite {
  const item = encodeContribution(scope, contribution);
  return seenCalcRev === null ? { kind: 'create', item } : { kind: 'replace', item, counter: 'calcRev', seen: seenCalcRev };
}

/**
 * What a ProPay's change writes in groups, beside itself and its result: the contribution to the group it is in, and what coming and
 * going needs. `made` is the group it comes to where that is made with it.
 */
export function membershipActions(
  scope: TenantScope,
  before: Pick<ProPay, 'groupId'> | null,
  after: Pick<ProPay, 'id' | 'groupId'>,
  contribution: Contribution | null,
  made: Pick<StoredGroup, 'group' | 'result'> | null = null,
): readonly WriteAction[] {
  const [from, to] = [before?.groupId ?? null, after.groupId];
  const left =
    from === null || from === to ? [] : [touchGroupAction(scope, from), removeContributionAction(scope, from, after.id)];
  const joins = to !== null && from !== to;
  const joined = !joins ? [] : made === null ? [touchGroupAction(scope, to)] : createGroupActions(scope, made.group, made.result);
  return [...left, ...joined, ...(contribution === null ? [] : [putContributionAction(scope, contribution)])];
}

/** Takes a member’s contribution out of a group. */
export function removeContributionAction(scope: TenantScope, groupId: string, proPayId: string): WriteAction {
  return { kind: 'delete', key: groupMemberKey(scope, groupId, proPayId) };
}
