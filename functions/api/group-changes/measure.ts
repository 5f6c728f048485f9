import { nextDifference, saysSame } from '#bonus/commands/source-change.ts';
import { calculationOf } from '#bonus/engines.ts';
import { readMemberSources } from '#bonus/groups/member-sources.ts';
import { type FrozenGroup, frozenMember } from '#bonus/groups/snapshot.ts';
import { readGroupSources } from '#bonus/groups/source-change.ts';
import type { SourceReading } from '#bonus/source-reading.ts';
import { refuse } from '#kernel/errors.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { Contribution } from '#model/group.ts';
import type { ApprovalSummary } from '#model/propay.ts';
import { actionOf } from '#store/conditions.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { changedContribution } from '#store/group-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { type LoadedGroup, loadGroupToChange } from '../bonus/groups/load.ts';
import { inputsOf } from '../bonus/propays/load.ts';
import type { DecideRequest } from '../changes/source-changes/verdict.ts';

/** A member with what its sources say at this moment. */
export interface MeasuredMember {
  readonly contribution: Contribution;
  readonly reading: SourceReading;
}

/** An approved group with the sources of all its members as they are at this moment. */
export interface MeasuredGroup {
  readonly loaded: LoadedGroup;
  readonly approval: ApprovalSummary;
  readonly snapshot: FrozenGroup;
  readonly members: readonly MeasuredMember[];
  readonly difference: SourceDifference;
}

/**
 * Reads all members anew from their own jobs, so that what is decided is what the sources say now. What the stream has not brought yet is
 * kept at once: who is refused finds the present figures. Null where somebody else writes the same.
 */
export async function measureGroup(request: DecideRequest, id: string): Promise<MeasuredGroup | null> {
  const { scope, ports } = request;
  const { table } = ports;
  // Before the sources, so that an older reading of them never stands over a newer one.
  const known = await readDifference(table, scope, id);
  const loaded = await loadGroupToChange(request, id);
  const { group, result } = loaded;
  const { approval } = group;
  if (approval === null || result.figures === null) return refuse('wrong-state', { data: { status: group.status } });
  const snapshot = (await readApprovalSnapshot(table, scope, id, approval.n)) as FrozenGroup;
  const members = await measureMembers(request, loaded, snapshot);
  if (members === null) return null;
  const contributions = members.map(({ contribution }) => contribution);
  const reading = readGroupSources(group, contributions, result.figures, calculationOf(snapshot.nodes));
  const of = { proPayId: id, approval: approval.n, branchId: group.branchId, seenAt: ports.now() };
  const difference = nextDifference(known, reading, of);
  if (difference === null) return refuse('wrong-state', { detail: 'The sources say what was approved.' });
  const measured = { loaded, approval, snapshot, members };
  if (known !== null && saysSame(known, difference)) return { ...measured, difference: known };
  const outcome = await table.write(scope, [putDifferenceAction(scope, difference)]);
  return outcome.applied ? { ...measured, difference: { ...difference, revision: difference.revision + 1 } } : null;
}

async function measureMembers(
  request: DecideRequest,
  { group, members, desk }: LoadedGroup,
  snapshot: FrozenGroup,
): Promise<readonly MeasuredMember[] | null> {
  const { scope, ports } = request;
  const { table } = ports;
  const readers = inputReaders(table, scope, ports.now());
  const found = new Map<string, MeasuredMember>();
  await inParallel(members, async (stored) => {
    const loaded = await inputsOf(request, desk, stored.proPayId);
    if (loaded === null || loaded.proPay.groupId !== group.id) return;
    const member = { ...loaded, snapshot: frozenMember(snapshot, stored.proPayId) };
    const { reading, contribution, changed } = await readMemberSources(member, stored, desk.context, readers);
    if (changed) {
      const fresh = { ...contribution, calcRev: stored.calcRev + 1 };
      const outcome = await table.write(scope, [actionOf(changedContribution(scope, fresh, stored.calcRev))]);
      if (!outcome.applied) return;
    }
    found.set(stored.proPayId, { contribution, reading });
  });
  return found.size < members.length ? null : members.map(({ proPayId }) => found.get(proPayId)!);
}
