import { editedMember, placedByHand } from '#bonus/groups/members-edit.ts';
import { newGroup, nextRoutePeriod } from '#bonus/groups/membership.ts';
import { nextGroupResult } from '#bonus/groups/result.ts';
import { aligned, termsInForce } from '#bonus/groups/terms.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { refuse } from '#kernel/errors.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { Contribution, Group, MemberTerms } from '#model/group.ts';
import { routeGroupId } from '#model/ids.ts';
import type { ProPay } from '#model/propay.ts';
import { firstOf } from '#pay/membership.ts';
import { createGroupActions, readGroupHeader, removeContributionAction, touchGroupAction } from '#store/group-repository.ts';
import type { StagedWrite, WriteAction } from '#store/table.ts';
import type { AuditDraft } from '../../command.ts';
import { notFound } from '../../problem.ts';
import { inputsOf, type LoadedInputs } from '../propays/load.ts';
import { groupMade, makerOf } from './audit.ts';
import { changeMember } from './change.ts';
import type { EditRequest } from './edit-group.ts';
import type { LoadedGroup } from './load.ts';

type MemberWord = NonNullable<EditRequest['body']['members']>[number];

/** What an edit of a group does to its members, and the members it has afterwards. */
export interface ChangedMembers {
  readonly members: readonly Contribution[];
  readonly actions: readonly WriteAction[];
  readonly staged: readonly StagedWrite[];
  readonly audit: readonly AuditDraft[];
}

/** One member as the edit leaves it: in this group, or in the one of the next period. */
interface Edited {
  readonly loaded: LoadedInputs;
  readonly known: Contribution;
  readonly word: MemberWord | null;
  readonly aligns: boolean;
}

/**
 * Does to the members of a group what an edit says of them: align, confirm, leave people out, move to the next period. Only those that are
 * spoken of are read. Null where one of them is being changed.
 */
export async function changeMembers(request: EditRequest, loaded: LoadedGroup, next: Group): Promise<ChangedMembers | null> {
  const edited = await readEdited(request, loaded, next);
  if (edited === null) return null;
  const terms = termsInForce(next, loaded.members);
  const stays = edited.filter(({ word }) => word?.moveToNextPeriod !== true);
  const leaves = edited.filter(({ word }) => word?.moveToNextPeriod === true);
  const now = request.ports.now();
  const changed = await Promise.all(
    stays.map((one) => changeMember(request.scope, one.loaded, inGroup(one, terms), one.known, now)),
  );
  const moved = await moveOn(request, loaded, leaves);
  const fresh = new Map(changed.flatMap(({ contribution }) => (contribution ? [[contribution.proPayId, contribution]] : [])));
  const gone = new Set(leaves.map(({ known }) => known.proPayId));
  return {
    members: loaded.members.filter(({ proPayId }) => !gone.has(proPayId)).map((one) => fresh.get(one.proPayId) ?? one),
    actions: moved.actions,
    staged: [...changed.flatMap(({ staged }) => staged), ...moved.staged],
    audit: moved.audit,
  };
}

async function readEdited(request: EditRequest, loaded: LoadedGroup, next: Group): Promise<readonly Edited[] | null> {
  const { body } = request;
  const words = new Map((body.members ?? []).map((word) => [word.propayId, word]));
  if (words.size < (body.members ?? []).length) refuse('duplicate-id', { field: 'members' });
  const align = body.align === true ? conflicting(loaded, next) : (body.align ?? []);
  const known = new Map(loaded.members.map((one) => [one.proPayId, one]));
  const ids = [...new Set([...words.keys(), ...align])];
  if (ids.some((id) => !known.has(id))) throw notFound();
  const found = new Map<string, Edited>();
  await inParallel(ids, async (id) => {
    const member = await inputsOf(request, loaded.desk, id);
    if (member === null || member.proPay.groupId !== next.id) return;
    found.set(id, { loaded: member, known: known.get(id)!, word: words.get(id) ?? null, aligns: align.includes(id) });
  });
  return found.size < ids.length ? null : ids.map((id) => found.get(id)!);
}

function conflicting({ members, desk }: LoadedGroup, next: Group): readonly string[] {
  return workOutGroup(next, members, desk.context).result.conflicts.map(({ proPayId }) => proPayId);
}

function inGroup({ loaded, word, aligns }: Edited, terms: MemberTerms | null): ProPay {
  const { confirmed, excludedWorkerIds } = word ?? {};
  const edited = editedMember(loaded.proPay, {
    ...(confirmed === undefined ? {} : { confirmed }),
    ...(excludedWorkerIds === undefined ? {} : { leftOutWorkerIds: excludedWorkerIds }),
  });
  return aligns && terms !== null ? aligned(edited, terms) : edited;
}

/** Members that belong into the next period (B-105): into its group, which is made where it is not there yet. */
async function moveOn(
  request: EditRequest,
  { desk, group }: LoadedGroup,
  leaving: readonly Edited[],
): Promise<Omit<ChangedMembers, 'members'>> {
  if (leaving.length === 0) return { actions: [], staged: [], audit: [] };
  const { ports, scope } = request;
  const period = nextRoutePeriod(desk.context, group);
  const { routeId, branchId, periodKind: kind } = group;
  const id = routeGroupId(routeId, kind, period.startDate);
  const there = await readGroupHeader(ports.table, scope, id);
  if (there !== null && there.status !== 'Active')
    refuse('wrong-state', { detail: 'The group of the next period is closed.', data: { groupId: id, status: there.status } });
  const now = ports.now();
  const changed = await Promise.all(
    leaving.map(({ loaded }) => changeMember(scope, loaded, placedByHand(loaded.proPay, id, { routeId, ...period }), null, now)),
  );
  const made =
    there === null ? await firstOf(newGroup(id, { routeId, branchId, kind, ...period }, desk.context), makerOf(request)) : null;
  const members = changed.flatMap(({ contribution }) => contribution ?? []);
  const joins =
    made === null
      ? [touchGroupAction(scope, id)]
      : createGroupActions(scope, made, nextGroupResult(null, workOutGroup(made, members, desk.context).result, now));
  return {
    actions: [...leaving.map(({ known }) => removeContributionAction(scope, group.id, known.proPayId)), ...joins],
    staged: changed.flatMap(({ staged }) => staged),
    audit: groupMade(made, members),
  };
}
