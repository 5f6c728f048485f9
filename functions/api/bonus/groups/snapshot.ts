import type { GroupApproval } from '#bonus/groups/approve.ts';
import { fullGroup, traceGroup } from '#bonus/groups/explain.ts';
import type { GroupSnapshot } from '#bonus/groups/replay.ts';
import type { WorkedGroup } from '#bonus/groups/work-out.ts';
import { ruleVersions } from '#bonus/rules/index.ts';
import { choicesOf, completedIdsOf, settingsOf } from '#bonus/snapshot.ts';
import { dataAsOf } from '../desk.ts';
import type { LoadedGroup, LoadedMember } from './load.ts';

/** Everything that the approval of a group was made of (B-89): one snapshot that names all members' inputs with their revisions. */
export function groupSnapshot(
  { group, desk }: LoadedGroup,
  members: readonly LoadedMember[],
  { result }: WorkedGroup,
  decision: GroupApproval,
) {
  const calculated = members.map(({ contribution, worked }) => ({ contribution, calculation: worked.assembled.calculation }));
  const nodes = traceGroup(group, fullGroup(group, calculated, decision.terms));
  const frozen: Omit<GroupSnapshot, 'members'> = { group, settings: decision.terms, result: decision.final, nodes };
  return {
    version: 1,
    ...frozen,
    members: members.map(({ loaded, worked, contribution }) => ({
      proPay: loaded.proPay,
      contribution,
      calculation: worked.assembled.calculation,
      result: worked.final,
      nodes: [],
      budget: worked.assembled.budget,
      completion: worked.assembled.completion,
      wages: worked.assembled.wages,
      openEntryIds: worked.assembled.time.openEntryIds,
      place: worked.assembled.place,
      choices: choicesOf(loaded.proPay, desk.context),
      settings: settingsOf(desk.context),
      completedIds: completedIdsOf(loaded.state),
      people: worked.result.people,
      inputsVersion: worked.assembled.inputsVersion,
      dataAsOf: dataAsOf(desk, worked.assembled.connectionIds),
    })),
    contextRevision: desk.context.revision,
    inputsVersion: result.inputsVersion,
    approvalDate: decision.approvalDate,
    accepted: decision.accepted,
    rules: ruleVersions,
    dataAsOf: dataAsOf(desk, result.connectionIds),
  };
}
