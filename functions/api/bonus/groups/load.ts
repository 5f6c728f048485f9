import type { GroupMoment } from '#bonus/groups/blockers.ts';
import { contributionOf } from '#bonus/groups/contribution.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { SourceDifference } from '#model/difference.ts';
import { presentDifference } from '#model/difference.ts';
import type { Contribution } from '#model/group.ts';
import { readDifference } from '#store/difference-repository.ts';
import { readGroup, type StoredGroup } from '#store/group-repository.ts';
import { notFound } from '../../problem.ts';
import type { ApiRequest } from '../../route.ts';
import { type Desk, freshnessOf, openDesk, todayIn } from '../desk.ts';
import { inputsOf, type LoadedInputs } from '../propays/load.ts';
import { requireAllOf, seesProPay } from '../sight.ts';

export type GroupRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** A group as a command finds it: header, result and members of one strong reading. */
export interface LoadedGroup extends StoredGroup {
  readonly desk: Desk;
  readonly difference: SourceDifference | null;
}

/** A group that the caller may see; else 404. */
export async function loadGroup(request: GroupRequest, id: string): Promise<LoadedGroup> {
  const { ports, scope } = request;
  const desk = await openDesk(request);
  const stored = await readGroup(ports.table, scope, id);
  if (stored === null || !seesProPay(request, desk, stored.result)) throw notFound();
  const { approval } = stored.group;
  const difference = approval === null ? null : await readDifference(ports.table, scope, id);
  return { ...stored, desk, difference: presentDifference(difference, approval) };
}

/** The same for somebody who decides on it: refused with 403 to whom it is only shown, or who is in charge of some members only (M-143). */
export async function loadGroupToChange(request: GroupRequest, id: string): Promise<LoadedGroup> {
  const loaded = await loadGroup(request, id);
  requireAllOf(request, loaded);
  return loaded;
}

/** A member with its inputs, worked out to the end, and what it leaves in the group by them. */
export interface LoadedMember {
  readonly loaded: LoadedInputs;
  readonly worked: WorkedOut;
  readonly contribution: Contribution;
  /** What it had left there. */
  readonly stored: Contribution;
}

/** All members from their own jobs, strongly, several at a time; null where one of them is being changed, so that all is read again. */
export async function loadMembers(
  request: GroupRequest,
  { desk, group, members }: LoadedGroup,
): Promise<readonly LoadedMember[] | null> {
  const found = new Map<string, LoadedMember>();
  await inParallel(members, async (stored) => {
    const loaded = await inputsOf(request, desk, stored.proPayId);
    if (loaded === null || loaded.proPay.groupId !== group.id) return;
    const worked = await loaded.workOut(loaded.proPay, { final: true });
    const contribution = contributionOf(loaded.proPay, group.id, worked.assembled, loaded.result.calcRev);
    found.set(stored.proPayId, { loaded, worked, contribution, stored });
  });
  return found.size < members.length ? null : members.map(({ proPayId }) => found.get(proPayId)!);
}

/** The moment that a group's approval is asked about. */
export function momentOf({ desk, group }: Pick<LoadedGroup, 'desk' | 'group'>): GroupMoment {
  return { todayDate: todayIn(desk, group.branchId), freshnessOf: (connectionIds) => freshnessOf(desk, connectionIds) };
}
