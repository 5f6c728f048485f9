import { contributionOf } from '#bonus/groups/contribution.ts';
import { type Placed, placeProPay } from '#bonus/groups/membership.ts';
import { blankGroupResult } from '#bonus/groups/result.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Group } from '#model/group.ts';
import { groupReference } from '#model/group-item.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { membershipActions, readGroupHeader, type StoredGroup } from '#store/group-repository.ts';
import type { Table, WriteAction } from '#store/table.ts';

/** An Active ProPay in the group that its work belongs to now (B-100, X-11), or outside of any. */
export function placeInGroup(
  table: Table,
  scope: TenantScope,
  proPay: ProPay,
  state: ProPayState,
  context: TenantContext,
): Promise<Placed> {
  return placeProPay(proPay, state, context, (groupId) => readGroupHeader(table, scope, groupId));
}

/** Who makes a group, when, and under which number. */
export interface Maker {
  readonly by: string;
  readonly now: Instant;
  /** The next reference number of a kind of record. */
  nextNumber(name: string): Promise<number>;
}

/** What a change of a ProPay writes in groups, and the group that is made with it. */
export interface GroupWrites {
  readonly actions: readonly WriteAction[];
  readonly made: Group | null;
}

/**
 * What a change of a ProPay writes in groups beside itself and its result (B-102): its contribution, its coming and going, and the group
 * it is the first member of.
 */
export async function writeMembership(
  scope: TenantScope,
  change: {
    readonly before: Pick<ProPay, 'groupId'> | null;
    readonly placed: Placed;
    readonly worked: WorkedOut;
    readonly calcRev: number;
  },
  maker: Maker,
): Promise<GroupWrites> {
  const { before, placed, worked, calcRev } = change;
  const { proPay, makes } = placed;
  if (proPay.groupId === null) return { actions: membershipActions(scope, before, proPay, null), made: null };
  const contribution = contributionOf(proPay, proPay.groupId, worked.assembled, calcRev);
  const made = makes === null ? null : await firstOf(makes, maker);
  const stored: Pick<StoredGroup, 'group' | 'result'> | null =
    made === null ? null : { group: made, result: blankGroupResult(made, [contribution], maker.now) };
  return { actions: membershipActions(scope, before, proPay, contribution, stored), made };
}

/** A group with its number, author and moment. */
export async function firstOf(makes: NonNullable<Placed['makes']>, { by, now, nextNumber }: Maker): Promise<Group> {
  return { ...makes, reference: groupReference(await nextNumber('PPG')), createdAt: now, createdBy: by };
}
