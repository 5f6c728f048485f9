import type { Contribution, Group, MemberTerms } from '#model/group.ts';
import { calculate } from '../calculate.ts';
import { type ExplainedPayout, explainPayouts, type Leaf } from '../explain.ts';
import {
  addUpPayouts,
  calculatePooled,
  type GroupMember,
  type GroupTerms,
  pooledCalculation,
  separateCalculation,
  separateRule,
} from '../group.ts';
import type { Calculation, Distribution, Payout } from '../shapes.ts';
import { paidToLeads } from '../source-change.ts';
import type { TraceNode } from '../trace.ts';
import { payoutNodeId } from '../trace-payouts.ts';
import { createTracer } from '../tracer.ts';
import { fullMemberOf, fullTerms } from './members.ts';
import { groupTerms } from './terms.ts';

/** A group with every record behind its members: what a snapshot freezes and an explanation leads to. */
export interface FullGroup {
  readonly terms: GroupTerms;
  readonly members: readonly GroupMember[];
}

/** A group as one calculation over its members' own calculations. */
export function fullGroup(
  group: Group,
  members: readonly { readonly contribution: Contribution; readonly calculation: Calculation }[],
  terms: MemberTerms,
): FullGroup {
  const full = members.map(({ contribution, calculation }) => fullMemberOf(group, contribution, calculation));
  const contributions = members.map(({ contribution }) => contribution);
  const common = fullTerms(groupTerms(group, contributions, terms), full);
  return { terms: { ...common, distribution: withRecords(common.distribution, members) }, members: full };
}

/** Earnings with the time and wages that they were added up from. */
function withRecords(
  distribution: Distribution,
  members: readonly { readonly calculation: Pick<Calculation, 'distribution'> }[],
): Distribution {
  if (!distribution.earnings) return distribution;
  const known = members.flatMap(({ calculation }) => calculation.distribution.earnings ?? []);
  const byWorker = new Map(known.map((one) => [one.workerId, one]));
  return { ...distribution, earnings: distribution.earnings.map((one) => byWorker.get(one.workerId) ?? one) };
}

/** Every step of a group's calculation (B-5): one trace of a pooled group, else one of each member and the sums. */
export function traceGroup(group: Pick<Group, 'id' | 'netting'>, { terms, members }: FullGroup): readonly TraceNode[] {
  const tracer = createTracer(group.id);
  if (group.netting === 'pooled') {
    calculatePooled(terms, members, tracer);
    return tracer.nodes;
  }
  const each = members.map((member) => {
    const own = createTracer(member.id);
    const calculation = separateCalculation(terms, member);
    return { id: member.id, calculation, result: calculate(calculation, own), nodes: own.nodes };
  });
  const paid = each.flatMap(({ id, calculation, result }) =>
    result.outcome === 'applies'
      ? result.payouts.map((payout) => ({ payout, node: payoutNodeId(id, calculation.distribution, payout) }))
      : [],
  );
  for (const { workerId, role, cents } of addUpPayouts(paid.map(({ payout }) => payout))) {
    const inputs = paid.flatMap(({ payout, node }) => (payout.workerId === workerId && payout.role === role ? [{ node }] : []));
    tracer.add(separateRule, `${role}:${workerId}`, { inputs, value: cents, unit: 'cents' });
  }
  return [...each.flatMap(({ nodes }) => nodes), ...tracer.nodes];
}

/** What a group pays with the records behind it, and what its leads get beside their pool (B-61). */
export interface ExplainedGroup {
  readonly payouts: readonly ExplainedPayout[];
  readonly leadPay: readonly ExplainedPayout[];
}

/** The payouts of a group with the source records whose parts add up to each; of an approved one by the rules of its approval (B-6). */
export function explainGroup(
  group: Pick<Group, 'netting'>,
  { terms, members }: FullGroup,
  calculateWith = calculate,
): ExplainedGroup {
  if (group.netting === 'pooled') return explainCalculation(pooledCalculation(terms, members).input, calculateWith);
  const each = members.map((member) => explainCalculation(separateCalculation(terms, member), calculateWith));
  return {
    payouts: addUp(each.flatMap(({ payouts }) => payouts)),
    leadPay: addUp(each.flatMap(({ leadPay }) => leadPay)),
  };
}

function explainCalculation(input: Calculation, calculateWith: typeof calculate): ExplainedGroup {
  const result = calculateWith(input);
  if (result.outcome !== 'applies') return { payouts: [], leadPay: [] };
  return { payouts: explainPayouts(input, result.payouts), leadPay: explainPayouts(input, paidToLeads(result)) };
}

function addUp(each: readonly ExplainedPayout[]): readonly ExplainedPayout[] {
  return addUpPayouts(each).map((payout) => ({ ...payout, leaves: leavesOf(each.filter((one) => isOf(one, payout))) }));
}

function isOf(one: Payout, { workerId, role }: Payout): boolean {
  return one.workerId === workerId && one.role === role;
}

/** The same record names a person on several members: one leaf with all of it. */
function leavesOf(parts: readonly ExplainedPayout[]): readonly Leaf[] {
  const leaves = new Map<string, Leaf>();
  for (const leaf of parts.flatMap((part) => part.leaves)) {
    const key = `${leaf.entity} ${leaf.id}`;
    leaves.set(key, { ...leaf, cents: leaf.cents + (leaves.get(key)?.cents ?? 0) });
  }
  return [...leaves.values()];
}
