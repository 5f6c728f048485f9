import { type ExplainedPayout, explainPayouts } from '#bonus/explain.ts';
import { lotsOf } from '#bonus/phased/reserve.ts';
import { type TracedMovement, traceReserve } from '#bonus/phased/trace-reserve.ts';
import type { WorkedPhase } from '#bonus/phased/work-out-phases.ts';
import { ROLES } from '#bonus/shapes.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { counts, keepsReserve, type Phase, phaseSourceId } from '#model/phase.ts';
import type { Reserve } from '#model/reserve.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { notFound } from '../../problem.ts';
import { type ExplainedLater, explainChanges } from './explain-later.ts';
import { type Basis, explainedApproval, explainedOf, type KnownApproval, traced } from './explained.ts';
import { loadInputs } from './load.ts';

/** One phase with its calculation, its steps, the records behind its payouts and what came later. */
export interface ExplainedPhase extends KnownApproval {
  readonly phase: Phase;
  readonly payouts: readonly ExplainedPayout[];
  readonly later: ExplainedLater;
}

/** A movement of the reserve, each share with its node and, of a release, the phases its money came from. */
export interface ExplainedMovement {
  readonly movement: TracedMovement['movement'];
  readonly shares: readonly (TracedMovement['shares'][number] & {
    readonly from: readonly { readonly phaseId: string; readonly cents: number }[];
  })[];
}

/** A phased ProPay explained phase by phase, with everything that moved its reserve. */
export interface ExplainedPhases {
  readonly inputsVersion: string;
  readonly phases: readonly ExplainedPhase[];
  /** Null where the mode keeps no reserve. */
  readonly movements: readonly ExplainedMovement[] | null;
  readonly nodes: readonly TraceNode[];
}

type ExplainRequest = Parameters<typeof loadInputs>[0];

/**
 * Explains a visible phased ProPay (B-113 to B-115): approved phases from their snapshots, open ones as they are now. Of one phase where it
 * is named, and of another of its approvals than the present one where that is named too.
 */
export async function explainPhases(
  request: ExplainRequest,
  id: string,
  { phaseId, approval }: { readonly phaseId?: string | undefined; readonly approval?: number | undefined },
): Promise<ExplainedPhases> {
  const loaded = await loadInputs(request, id);
  const { inputsVersion } = loaded.result;
  const worked = await loaded.workOut(loaded.proPay);
  const wanted = worked.phases.filter(({ next }) => phaseId === undefined || next.id === phaseId);
  if (wanted.length === 0 || (approval !== undefined && phaseId === undefined)) throw notFound();
  const phases: ExplainedPhase[] = [];
  for (const one of wanted) phases.push(await explainPhase(request, one, approval ?? one.next.approval?.n));
  const nodes = phases.flatMap((one) => stepsOf(one));
  if (!keepsReserve(loaded.proPay) || phaseId !== undefined) return { inputsVersion, phases, movements: null, nodes };
  const reserve = await readReserve(request.ports.table, request.scope, loaded.proPay);
  const moved = traceReserve(
    id,
    reserve.movements,
    phases.map((one) => ({ phase: one.phase, distribution: one.calculation.distribution, nodes: stepsOf(one) })),
  );
  const movements = withOrigins(reserve, moved.movements);
  return { inputsVersion, phases, movements, nodes: [...nodes, ...moved.nodes] };
}

const stepsOf = ({ nodes, later }: ExplainedPhase): readonly TraceNode[] => [...nodes, ...later.nodes];

async function explainPhase(
  { ports: { table }, scope }: ExplainRequest,
  { next: phase, worked }: WorkedPhase,
  n: number | undefined,
): Promise<ExplainedPhase> {
  const sourceId = phaseSourceId(phase);
  if (n === undefined) {
    const now = traced(sourceId, explainedOf(worked));
    const pays = now.result.outcome === 'applies' && counts(phase);
    const payouts = pays ? explainPayouts(now.calculation, now.result.payouts) : [];
    return { ...now, phase, payouts, later: { nodes: [], adjustments: [] } };
  }
  const approved = await explainedApproval(table, scope, sourceId, n);
  const { result, calculation } = approved;
  const payouts = result.outcome === 'applies' ? explainPayouts(calculation, result.payouts) : [];
  return { ...approved, phase, payouts, later: await explainChanges(table, scope, sourceId, n) };
}

/** What was released came from what phases had put in. */
function withOrigins({ movements }: Reserve, traced: readonly TracedMovement[]): readonly ExplainedMovement[] {
  const lots = lotsOf(movements);
  return traced.map(({ movement, shares }) => ({
    movement,
    shares: shares.map((share) => ({
      ...share,
      from: lots.flatMap(({ phaseId, workerId, role, released }) => {
        const cents = movement.kind === 'release' ? (released.get(movement.n) ?? 0) : 0;
        return cents > 0 && workerId === share.workerId && role === share.role ? [{ phaseId, cents }] : [];
      }),
    })),
  }));
}

/** What all phases pay together, by person and role, each with the records of all of them. */
export function payoutsOfPhases(phases: readonly ExplainedPhase[]): readonly ExplainedPayout[] {
  const all = phases.flatMap(({ payouts }) => payouts);
  const merged = Map.groupBy(all, ({ role, workerId }) => `${ROLES.indexOf(role)} ${workerId}`);
  return [...merged]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([, same]) => ({
      ...same[0]!,
      cents: same.reduce((sum, { cents }) => sum + cents, 0),
      leaves: same.flatMap(({ leaves }) => leaves),
    }));
}

/** Everything is final, or how the least certain of the phases is told. */
export function basisOfPhases(phases: readonly ExplainedPhase[]): Basis {
  const all = new Set(phases.filter(({ phase }) => counts(phase)).map(({ basis }) => basis));
  return (['if_completed', 'projection'] as const).find((basis) => all.has(basis)) ?? 'final';
}

/** Whether all approvals, calculated again, give what was stored; null without any. */
export function replayOfPhases(phases: readonly ExplainedPhase[]): boolean | null {
  const told = phases.flatMap(({ sameAsStored }) => sameAsStored ?? []);
  return told.length === 0 ? null : told.every(Boolean);
}
