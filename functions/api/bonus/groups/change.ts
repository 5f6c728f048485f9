import { contributionOf } from '#bonus/groups/contribution.ts';
import { nextGroupResult } from '#bonus/groups/result.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { nextResult, type WorkedOut } from '#bonus/work-out.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Contribution, Group } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { changedContribution, updateGroupAction, updateGroupResultAction } from '#store/group-repository.ts';
import { changedProPay, changedResult } from '#store/propay-repository.ts';
import type { StagedWrite, WriteAction } from '#store/table.ts';
import type { AuditDraft } from '../../command.ts';
import type { ApiAnswer, ApiRequest } from '../../route.ts';
import type { LoadedInputs } from '../propays/load.ts';
import { viewOfGroup } from './get-group.ts';
import type { LoadedGroup } from './load.ts';

export type GroupCommand = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

/** A ProPay as a command on its group leaves it, with what it leaves in the group; null where it is in none any more. */
export interface ChangedMember {
  readonly staged: readonly StagedWrite[];
  readonly contribution: Contribution | null;
}

/** A ProPay after a command on a group, written with its fresh result; `known` is what it had left in the group that it is in now. */
export async function changeMember(
  scope: TenantScope,
  loaded: LoadedInputs,
  next: ProPay,
  known: Contribution | null,
  now: Instant,
): Promise<ChangedMember> {
  return changedMember(scope, loaded, next, await loaded.workOut(next), known, now);
}

/** The same with figures that are worked out already. */
export function changedMember(
  scope: TenantScope,
  { proPay, result }: Pick<LoadedInputs, 'proPay' | 'result'>,
  next: ProPay,
  worked: WorkedOut,
  known: Contribution | null,
  now: Instant,
): ChangedMember {
  const fresh = { ...nextResult(result, worked.result, now), cfgRev: next.revision };
  const { groupId, status } = next;
  const leaves = groupId !== null && status === 'Active';
  const contribution = leaves ? contributionOf(next, groupId, worked.assembled, fresh.calcRev) : null;
  return {
    contribution,
    staged: [
      changedProPay(scope, next, proPay.revision),
      changedResult(scope, next, fresh, result.calcRev),
      ...(contribution === null ? [] : [changedContribution(scope, contribution, known?.calcRev ?? null)]),
    ],
  };
}

/** A change of a group: what it becomes with which members, and how it is explained. */
export interface GroupChange {
  readonly next: Group;
  readonly members: readonly Contribution[];
  readonly actions?: readonly WriteAction[];
  readonly staged?: readonly StagedWrite[];
  readonly audit: readonly AuditDraft[];
  /** Refuses a change after which amounts by hand do not fit (B-70). */
  readonly checksAmounts?: boolean;
}

/** Writes a change of a group together with its fresh result. Null where another writer was quicker. */
export async function saveGroup(request: GroupCommand, loaded: LoadedGroup, change: GroupChange): Promise<ApiAnswer | null> {
  const { ports, scope, command } = request;
  const { next, members } = change;
  const worked = workOutGroup(next, members, loaded.desk.context);
  if (change.checksAmounts && worked.final.outcome === 'does-not-apply' && worked.final.refusal !== null)
    throw worked.final.refusal;
  const result = nextGroupResult(loaded.result, worked.result, ports.now());
  const done = await command.commit({
    actions: [
      updateGroupAction(scope, next, loaded.group.revision),
      updateGroupResultAction(scope, next.id, result, loaded.result.calcRev),
      ...(change.actions ?? []),
    ],
    staged: change.staged ?? [],
    audit: change.audit,
    answer: {
      body: viewOfGroup(request, { ...loaded, group: next, result, members, difference: null }),
      revision: next.revision,
    },
  });
  return done.applied ? done.answer : null;
}
