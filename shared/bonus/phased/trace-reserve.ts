import { type Phase, phaseSourceId } from '#model/phase.ts';
import type { ReserveMovement, ReserveShare } from '#model/reserve.ts';
import { releaseRule, reservePhasesRule } from '../phases.ts';
import { workerShareRule } from '../rules/worker-share.ts';
import type { Distribution } from '../shapes.ts';
import { sourceChangeRule } from '../source-change.ts';
import type { TraceNode, Tracer } from '../trace.ts';
import { payoutNodeId } from '../trace-payouts.ts';
import { changeScope } from '../trace-source-change.ts';
import { createTracer } from '../tracer.ts';
import { standing } from './reserve.ts';

/** An approved phase with the steps of its approval and of the changes that were accepted since. */
export interface TracedPhase {
  readonly phase: Phase;
  readonly distribution: Distribution;
  readonly nodes: readonly TraceNode[];
}

/** A movement that still stands, with the node of each of its shares. */
export interface TracedMovement {
  readonly movement: ReserveMovement;
  readonly shares: readonly (ReserveShare & { readonly node: string })[];
}

/**
 * The steps of everything that moved a reserve and still stands (B-5, B-114, B-115): what went in rests on the payout of its phase, what was
 * drawn on the loss and on all that was held, what was released or lowered on what was held for the person. So each release leads to records.
 */
export function traceReserve(
  proPayId: string,
  movements: readonly ReserveMovement[],
  phases: readonly TracedPhase[],
): { readonly nodes: readonly TraceNode[]; readonly movements: readonly TracedMovement[] } {
  const tracer = createTracer(proPayId);
  const held = new Map<string, Held>();
  const stand = new Set(standing(movements));
  const traced = movements.flatMap((movement, at) => {
    if (!stand.has(movement)) return [];
    const of = phases.find(({ phase }) => phase.id === movement.phaseId);
    const causes = causesOf(tracer, movement, of, [...held.values()], at);
    const rule = movement.kind === 'release' ? releaseRule : reservePhasesRule;
    const shares = movement.shares.map((share) => {
      const own = share.cents > 0 ? [] : [...held.values()].filter(({ workerId }) => workerId === share.workerId);
      const inputs = [...causes(share), ...own.map(({ node }) => ({ node }))];
      return {
        ...share,
        ...tracer.add(rule, `${at}:${share.role}:${share.workerId}`, { inputs, value: share.cents, unit: 'cents' }),
      };
    });
    for (const share of shares) {
      const name = `${share.role} ${share.workerId}`;
      held.set(name, heldAfter(tracer, held.get(name), share, at));
    }
    return [{ movement, shares }];
  });
  return { nodes: tracer.nodes, movements: traced };
}

interface NodeRef {
  readonly node: string;
}

/** What is held for a person in a role, and the node that says so. */
interface Held extends NodeRef {
  readonly workerId: string;
  readonly cents: number;
}

function heldAfter(tracer: Tracer, before: Held | undefined, moved: ReserveShare & NodeRef, at: number): Held {
  const { workerId, role, node } = moved;
  if (before === undefined) return { workerId, node, cents: moved.cents };
  const cents = before.cents + moved.cents;
  const inputs = [{ node: before.node }, { node }];
  return {
    workerId,
    cents,
    ...tracer.add(reservePhasesRule, `${at}:held:${role}:${workerId}`, { inputs, value: cents, unit: 'cents' }),
  };
}

/** What a share of a movement rests on beside what was held. */
function causesOf(
  tracer: Tracer,
  { kind, phaseId, n, change, shares }: ReserveMovement,
  of: TracedPhase | undefined,
  held: readonly Held[],
  at: number,
): (share: ReserveShare) => readonly NodeRef[] {
  if (of === undefined || phaseId === null) return () => [];
  const known = new Set(of.nodes.map(({ id }) => id));
  const sourceId = phaseSourceId(of.phase);
  const existing = (ids: readonly string[]): readonly NodeRef[] => ids.filter((id) => known.has(id)).map((node) => ({ node }));
  if (kind === 'change') {
    const scope = changeScope({ proPayId: sourceId, approval: n, n: change ?? 0 });
    const about = (workerId: string): readonly string[] =>
      of.nodes
        .map(({ id }) => id)
        .filter((id) => id.startsWith(`${sourceChangeRule.id}/${scope}/`) && id.endsWith(`:${workerId}`));
    return ({ workerId }) => existing(about(workerId));
  }
  if (shares.some(({ cents }) => cents < 0)) {
    const loss = existing([`${workerShareRule.id}/${sourceId}/worker-share`]);
    const value = shares.reduce((sum, { cents }) => sum + cents, 0);
    const drawn = tracer.add(reservePhasesRule, `${at}:drawn`, {
      inputs: [...loss, ...held.map(({ node }) => ({ node }))],
      value,
      unit: 'cents',
    });
    return () => [drawn];
  }
  return ({ workerId, role, cents }) => existing([payoutNodeId(sourceId, of.distribution, { workerId, role, cents })]);
}
