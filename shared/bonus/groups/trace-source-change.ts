import type { Contribution, Group, MemberTerms } from '#model/group.ts';
import type { calculate } from '../calculate.ts';
import { calculationOf, engines } from '../engines.ts';
import { addUpPayouts, pooledCalculation, separateCalculation, separateRule } from '../group.ts';
import { leadPayRule } from '../rules/lead-pay.ts';
import type { Calculation, Payout } from '../shapes.ts';
import { payNow } from '../source-change.ts';
import type { TraceNode } from '../trace.ts';
import { changeScope, type DecidedChange, type Named, type PaySteps, payNodes, traceDecided } from '../trace-source-change.ts';
import { createTracer } from '../tracer.ts';
import { type FullGroup, fullGroup } from './explain.ts';
import { presentOf, savesNow } from './source-change.ts';

/** A member with the calculation that its figures come from. */
interface Calculated {
  readonly contribution: Contribution;
  readonly calculation: Calculation;
}

/** What an accepted difference of a group is explained from. */
export interface ExplainedGroupChange extends DecidedChange {
  readonly approval: number;
  /** The group, its settings and members as approved. */
  readonly group: Group;
  readonly settings: MemberTerms;
  readonly approved: readonly Calculated[];
  /** The steps as they were approved. */
  readonly nodes: readonly TraceNode[];
  /** The same members with what their sources say now, and the approved calculations on these sources. */
  readonly present: readonly Calculated[];
}

/** The steps from the present sources of all members to adjusting items (B-5, B-97): as of one ProPay, by the group's calculation (B-96). */
export function traceGroupChange(change: ExplainedGroupChange, list = engines): readonly TraceNode[] {
  const { group, settings } = change;
  const scope = changeScope(change);
  const before = fullGroup(group, change.approved, settings);
  const members = change.present.map(({ contribution, calculation }) => ({
    contribution: presentOf(contribution),
    calculation: { ...calculation, assignedCrew: null },
  }));
  const idle = new Set(change.present.flatMap(({ contribution }) => (savesNow(contribution) ? [] : [contribution.proPayId])));
  const now = fullGroup(group, members, settings);
  const calculateWith = calculationOf(change.nodes, list);
  const steps = group.netting === 'pooled' ? pooledSteps : separateSteps;
  const present = steps(scope, now, idle, calculateWith);
  const approved = { nodes: change.nodes, of: (one: Named) => nodesOf(group, group.id, before, one) };
  const tracer = createTracer(scope);
  traceDecided(tracer, change, { approved, present });
  return [...present.nodes, ...tracer.nodes];
}

function pooledSteps(
  scope: string,
  { terms, members }: FullGroup,
  idle: ReadonlySet<string>,
  calculateWith: typeof calculate,
): PaySteps {
  const tracer = createTracer(scope);
  const live = members.filter(({ id }) => !idle.has(id));
  const { input } = pooledCalculation(terms, live);
  payNow({ ...input, assignedCrew: null }, live.length === 0, { tracer, calculateWith });
  return { nodes: tracer.nodes, of: (one) => payNodes(scope, terms.distribution, one) };
}

function separateSteps(
  scope: string,
  { terms, members }: FullGroup,
  idle: ReadonlySet<string>,
  calculateWith: typeof calculate,
): PaySteps {
  const steps: TraceNode[] = [];
  const paid: { readonly payout: Payout; readonly nodes: readonly string[] }[] = [];
  for (const member of members) {
    const own = `${scope}:${member.id}`;
    const tracer = createTracer(own);
    const calculation = separateCalculation(terms, member);
    const now = payNow(calculation, idle.has(member.id), { tracer, calculateWith });
    steps.push(...tracer.nodes);
    if ('outcome' in now) continue;
    const ids = new Set(tracer.nodes.map(({ id }) => id));
    for (const payout of now.payouts)
      paid.push({ payout, nodes: payNodes(own, calculation.distribution, payout).filter((id) => ids.has(id)) });
  }
  const tracer = createTracer(scope);
  for (const { workerId, role, cents } of addUpPayouts(paid.map(({ payout }) => payout))) {
    const parts = paid.filter(({ payout }) => payout.workerId === workerId && payout.role === role);
    const inputs = [...new Set(parts.flatMap(({ nodes }) => nodes))].map((node) => ({ node }));
    tracer.add(separateRule, `${role}:${workerId}`, { inputs, value: cents, unit: 'cents' });
  }
  return { nodes: [...steps, ...tracer.nodes], of: ({ role, workerId }) => [`${separateRule.id}/${scope}/${role}:${workerId}`] };
}

/** The approved steps that a person's money in a role rests on. */
function nodesOf({ netting }: Group, scope: string, { terms, members }: FullGroup, one: Named): readonly string[] {
  if (netting === 'pooled') return payNodes(scope, terms.distribution, one);
  const leadPay = one.role !== 'crew_lead' ? [] : members.map(({ id }) => `${leadPayRule.id}/${id}/lead-pay:${one.workerId}`);
  return [`${separateRule.id}/${scope}/${one.role}:${one.workerId}`, ...leadPay];
}
