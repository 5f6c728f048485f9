import { nextDifference } from '#bonus/commands/source-change.ts';
import { combinedDifference } from '#bonus/phased/difference.ts';
import { withDraws } from '#bonus/phased/draws.ts';
import { proPayOfPhase, stateOfPhase } from '#bonus/phased/phase-state.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readSources, type SourceReading } from '#bonus/source-reading.ts';
import type { SourceDifference } from '#model/difference.ts';
import { isDecided, type Phase, phaseSourceId } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { Reserve } from '#model/reserve.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';

/** An approved phase with what its sources say now; its difference is null where it says what was approved. */
export interface MeasuredPhase {
  readonly phase: Phase;
  readonly snapshot: ApprovalSnapshot;
  readonly reading: SourceReading;
  readonly difference: SourceDifference | null;
}

/** What the sources of all approved phases say now (B-96), each against its own approval. */
export interface MeasuredPhases {
  readonly phases: readonly MeasuredPhase[];
  readonly difference: SourceDifference | null;
}

/** What is measured; the reserve of a ProPay that keeps none is empty. */
export interface ToMeasure {
  readonly state: ProPayState;
  readonly proPay: ProPay;
  readonly known: SourceDifference | null;
  readonly reserve: Pick<Reserve, 'movements'>;
  readonly now: string;
}

/** Reads the sources of approved phases anew. `known` has to be read before the state, so that no older reading replaces a newer one. */
export async function measurePhases(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  { state, proPay, known, reserve, now }: ToMeasure,
): Promise<MeasuredPhases> {
  const readers = inputReaders(table, scope, now);
  const { branchId } = proPay;
  const phases: MeasuredPhase[] = [];
  for (const phase of state.phases) {
    if (phase.proPayId !== proPay.id || !isDecided(phase) || phase.approval === null) continue;
    const sourceId = phaseSourceId(phase);
    const approval = phase.approval.n;
    const snapshot = (await readApprovalSnapshot(table, scope, sourceId, approval)) as ApprovalSnapshot;
    const approved = { proPay: proPayOfPhase(proPay, phase), snapshot };
    const read = await readSources(stateOfPhase(state, phase), approved, context, readers);
    const reading = withDraws(read, { phase, snapshot, movements: reserve.movements });
    const before = known?.parts.find((part) => part.proPayId === sourceId) ?? null;
    const difference = nextDifference(before, reading, { proPayId: sourceId, approval, branchId, seenAt: now });
    phases.push({ phase, snapshot, reading, difference });
  }
  const parts = phases.flatMap(({ difference }) => difference ?? []);
  return { phases, difference: combinedDifference(known, parts, { proPayId: proPay.id, branchId, seenAt: now }) };
}
