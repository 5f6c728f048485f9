import { hashCanonical } from '#kernel/hash.ts';
import type { Contribution, Group, GroupFigures, MemberTerms } from '#model/group.ts';
import type { AppliedNow } from '../applied-callbacks.ts';
import type { calculate } from '../calculate.ts';
import { fallBy, withRework } from '../callback.ts';
import { calculationOf } from '../engines.ts';
import { type GroupMember, type GroupTerms, pooledCalculation, separateCalculation } from '../group.ts';
import type { AppliedResult, Calculation, Entry, Payout } from '../shapes.ts';
import type { TraceNode } from '../trace.ts';
import { fullGroup } from './explain.ts';
import { memberOf } from './members.ts';
import type { GroupSnapshot } from './replay.ts';
import { groupTerms } from './terms.ts';

/** What a callback is worked out from: an approved calculation, the same with the rework, and what earlier callbacks took of it (B-152). */
export interface ReworkBasis {
  /** Whose steps those of the approved calculation are. */
  readonly scopeId: string;
  readonly approved: { readonly calculation: Calculation; readonly result: AppliedResult; readonly nodes: readonly TraceNode[] };
  readonly reworked: Calculation;
  readonly taken: readonly Payout[];
}

/**
 * Rework on one member of an approved group (B-152): a pooled group is calculated again with all rework of all its members, one that nets
 * separately only for the member. `own` is all rework of the member, with what is being assessed.
 */
export function reworkInGroup(
  snapshot: GroupSnapshot,
  members: readonly Contribution[],
  proPayId: string,
  own: readonly Entry[],
): ReworkBasis {
  const { group, settings, result, nodes } = snapshot;
  const full = fullGroup(group, snapshot.members, settings);
  if (group.netting === 'pooled') {
    const known = new Map(members.map((member) => [member.proPayId, reworkOf(member)]));
    const reworked = full.members.map((member) => withTime(member, member.id === proPayId ? own : (known.get(member.id) ?? [])));
    return {
      scopeId: group.id,
      approved: { calculation: pooledCalculation(full.terms, full.members).input, result, nodes },
      reworked: pooledCalculation(perHour(full.terms), reworked).input,
      taken: members.flatMap(takenOf),
    };
  }
  const calculation = separateCalculation(full.terms, full.members.find(({ id }) => id === proPayId)!);
  const alone = calculationOf(nodes)(calculation);
  if (alone.outcome !== 'applies') throw new Error('an approved member whose figures cannot be told');
  return {
    scopeId: proPayId,
    approved: { calculation, result: alone, nodes },
    reworked: withRework(calculation, own),
    taken: members.filter((member) => member.proPayId === proPayId).flatMap(takenOf),
  };
}

/** What the rework that was applied to members of a group would take now, and what it took: all at once, or by member (B-96, B-152). */
export function appliedInGroup(
  group: Group,
  members: readonly Contribution[],
  settings: MemberTerms,
  approved: GroupFigures,
  calculateWith: typeof calculate,
): readonly AppliedNow[] {
  const reworked = members.filter(({ rework }) => rework !== null);
  if (reworked.length === 0) return [];
  const terms = groupTerms(group, members, settings);
  if (group.netting === 'separate')
    return reworked.flatMap((member) => {
      const calculation = separateCalculation(terms, memberOf(group, member));
      const alone = calculateWith(calculation);
      if (alone.outcome !== 'applies') return [];
      return [appliedNow([member], alone, withRework(calculation, reworkOf(member)), calculateWith)];
    });
  const list = members.map((member) => withTime(memberOf(group, member), reworkOf(member)));
  return [appliedNow(reworked, approved, pooledCalculation(perHour(terms), list).input, calculateWith)];
}

function appliedNow(
  members: readonly Contribution[],
  approved: Pick<AppliedResult, 'savingsCents' | 'payouts'>,
  reworked: Calculation,
  calculateWith: typeof calculate,
): AppliedNow {
  const all = members.flatMap(({ rework }) => rework ?? []);
  const seconds = all.flatMap(({ time }) => time).reduce((sum, one) => sum + one.seconds, 0);
  return {
    secondsDifference: seconds - all.reduce((sum, { appliedSeconds }) => sum + appliedSeconds, 0),
    fall: fallBy(approved, reworked, [], [], { calculateWith }),
    parts: all.flatMap(({ parts }) => parts),
    seen: hashCanonical(all.map(({ callbackIds, time }) => [callbackIds, time])),
  };
}

/** How a crew shares decides no fall of its pool; amounts by hand would not add up to the smaller one. */
function perHour(terms: GroupTerms): GroupTerms {
  return { ...terms, distribution: { formula: 'per_hour' } };
}

function withTime(member: GroupMember, rework: readonly Entry[]): GroupMember {
  return { ...member, entries: [...member.entries, ...rework] };
}

function reworkOf({ rework }: Contribution): readonly Entry[] {
  return rework?.time ?? [];
}

function takenOf({ rework }: Contribution): readonly Payout[] {
  return (rework?.parts ?? []).map(({ workerId, role, differenceCents }) => ({ workerId, role, cents: differenceCents }));
}
