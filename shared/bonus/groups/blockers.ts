import type { LocalDate } from '#kernel/instant.ts';
import type { Contribution, Group, MemberTerms } from '#model/group.ts';
import { calculate } from '../calculate.ts';
import type { Blocker } from '../commands/accept.ts';
import { blockersOf, type Freshness } from '../commands/blockers.ts';
import { blockersOfAnswers } from '../definitions.ts';
import { separateCalculation } from '../group.ts';
import type { CalculationResult } from '../shapes.ts';
import { memberOf } from './members.ts';
import { groupTerms } from './terms.ts';
import type { WorkedGroup } from './work-out.ts';

/** Something that stands in the way of approving a group, with the members it comes from (B-104), named as the interface names them. */
export interface GroupBlocker extends Blocker {
  readonly propayIds: readonly string[];
}

/** What the approval of a group is asked about beside its figures. */
export interface GroupMoment {
  readonly todayDate: LocalDate;
  /** How fresh the sources of a member are. */
  freshnessOf(connectionIds: readonly string[]): Freshness;
}

/**
 * A member calculated alone under the group's settings: what it brings, and whether it could be approved. Amounts by hand divide
 * the pool of the whole group only, and give way to the hours here.
 */
export function memberAlone(group: Group, member: Contribution, terms: MemberTerms): CalculationResult {
  const common = groupTerms(group, [member], terms);
  const alone = terms.distribution.formula === 'manual' ? { ...common, distribution: { formula: 'per_hour' as const } } : common;
  return calculate(separateCalculation(alone, memberOf(group, member)));
}

/**
 * Everything that stands in the way of approving an Active group, in a fixed order (B-101, B-104, B-105): conflicts, whatever blocks a
 * member by B-87, what is open on the group itself. Unfinished work yields to a member's confirmation or to a reason, and so does a route
 * period that has not ended yet.
 */
export function blockersOfGroup(
  group: Group,
  members: readonly Contribution[],
  worked: WorkedGroup,
  { todayDate, freshnessOf }: GroupMoment,
): readonly GroupBlocker[] {
  const { conflicts } = worked.result;
  const found: GroupBlocker[] = conflicts.map(({ proPayId }) => blocker('group-conflict', false, [], [proPayId]));
  const { terms, final } = worked;
  if (terms === null) found.push(blocker('no-actual-time', false, [], []));
  else
    for (const member of members)
      for (const one of blockersOfMember(group, member, terms, freshnessOf(member.connectionIds)))
        found.push({ ...one, propayIds: [member.proPayId] });
  for (const one of blockersOfAnswers(group)) found.push({ ...one, propayIds: [] });
  if (final.outcome === 'does-not-apply' && final.refusal !== null) found.push(blocker(final.refusal.code, false, [], []));
  if (todayDate <= group.period.endDate) found.push(blocker('not-complete', true, [], []));
  return ORDER.flatMap((code) => together(found.filter((one) => one.code === code)));
}

const ORDER = [
  'group-conflict',
  'cannot-tell',
  'no-actual-time',
  'disqualifier-pending',
  'penalty-amount-missing',
  'manual-sum-mismatch',
  'not-in-crew',
  'not-complete',
  'open-time-entry',
  'stale-data',
  'manager-missing',
];

function blockersOfMember(group: Group, member: Contribution, terms: MemberTerms, freshness: Freshness): readonly Blocker[] {
  const alone = memberAlone(group, member, terms);
  const figures = alone.outcome === 'applies' ? alone : null;
  const asked = memberOf(group, member);
  return blockersOf(
    {
      groupId: null,
      pool: terms.shares,
      manualPool: null,
      disqualifiers: (asked.disqualifiers ?? []).map(({ id, state }) => ({ key: id, state })),
      penalties: member.penalties.map(({ id, amountCents, count }) => ({ key: id, amountCents, count })),
    },
    {
      outcome: alone.outcome,
      missing: alone.outcome === 'applies' ? [] : alone.missing,
      figures,
      ifCompleted: null,
      completedAtSource: member.completedAtSource || member.confirmed,
      openEntryIds: member.openEntryIds,
      people: { managerIds: member.managerIds },
    },
    freshness,
  );
}

function blocker(code: string, acceptable: boolean, ids: readonly string[], propayIds: readonly string[]): GroupBlocker {
  return { code, acceptable, ids, propayIds };
}

/** The same obstacle of several members is one, which names all of them. */
function together(same: readonly GroupBlocker[]): readonly GroupBlocker[] {
  const [first] = same;
  if (first === undefined) return [];
  const all = (of: (one: GroupBlocker) => readonly string[]): string[] => [...new Set(same.flatMap(of))];
  return [{ ...first, ids: all((one) => one.ids), propayIds: all((one) => one.propayIds) }];
}
