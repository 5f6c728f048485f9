import { isLive } from '#bonus/inputs/live.ts';
import { proPayOfPhase, stateOfPhase } from '#bonus/phased/phase-state.ts';
import type { WorkedPhase } from '#bonus/phased/work-out-phases.ts';
import { type WorkedOut, type WorkOptions, workOutProPay } from '#bonus/work-out.ts';
import { refuse } from '#kernel/errors.ts';
import { presentDifference, type SourceDifference } from '#model/difference.ts';
import type { Phase } from '#model/phase.ts';
import type { Reserve } from '#model/reserve.ts';
import { readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { type LoadedInputs, loadInputs } from '../bonus/propays/load.ts';
import { requireOversight } from '../bonus/sight.ts';
import { notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';

/** A ProPay with its phases and inputs, what is held back on it, and what the sources of approved phases say otherwise. */
export interface LoadedPhases {
  readonly loaded: LoadedInputs;
  readonly reserve: Reserve;
  readonly difference: SourceDifference | null;
}

type LoadRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/**
 * Reads a visible ProPay with everything that a command on its phases decides on. Each command raises the ProPay's revision, so that of
 * two at once the second reads everything again.
 */
export async function loadPhases(request: LoadRequest, id: string): Promise<LoadedPhases> {
  const loaded = await loadInputs(request, id);
  const { table } = request.ports;
  const { proPay } = loaded;
  const [reserve, difference] = await Promise.all([
    readReserve(table, request.scope, proPay),
    readDifference(table, request.scope, proPay.id),
  ]);
  return { loaded, reserve, difference: presentDifference(difference, proPay.approval) };
}

/** The same for a command: refuses whom the ProPay is only shown to, and where nobody may act on it any more. */
export async function loadForCommand(request: LoadRequest, id: string): Promise<LoadedPhases> {
  const read = await loadPhases(request, id);
  requireOversight(request, read.loaded.result);
  const { status } = read.loaded.proPay;
  if (status === 'Deleted') refuse('deleted');
  if (status === 'Canceled') refuse('wrong-state', { data: { status } });
  return read;
}

/** The stored phases of a ProPay. */
export function phasesIn({ state, proPay }: Pick<LoadedInputs, 'state' | 'proPay'>): readonly Phase[] {
  return state.phases.filter(({ proPayId }) => proPayId === proPay.id);
}

/** One phase as it is stored; 404 where there is none. */
export function phaseIn(loaded: Pick<LoadedInputs, 'state' | 'proPay'>, phaseId: string): Phase {
  return phasesIn(loaded).find(({ id }) => id === phaseId) ?? missing();
}

/** One phase as it has just been worked out; 404 where there is none. */
export function workedPhaseIn({ phases }: Pick<WorkedOut, 'phases'>, phaseId: string): WorkedPhase {
  return phases.find(({ next }) => next.id === phaseId) ?? missing();
}

function missing(): never {
  throw notFound();
}

/** A phase alone, as a ProPay of its own (B-113). */
export function asProPay({ state, proPay, result }: LoadedInputs, phase: Phase) {
  return { proPay: proPayOfPhase(proPay, phase), state: stateOfPhase({ ...state, result }, phase) };
}

/** Works one phase out, as its approval needs it: on its full budget. */
export function workOutPhase(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  loaded: LoadedInputs,
  phase: Phase,
  options: WorkOptions,
): Promise<WorkedOut> {
  const { proPay, state } = asProPay(loaded, phase);
  return workOutProPay(state, proPay, loaded.desk.context, inputReaders(ports.table, scope, loaded.desk.now), options);
}

/** Time on the job that no milestone has, so that it belongs to no phase. */
export function unassignedSecondsOf({ state }: LoadedInputs): number {
  const loose = state.records.entries.filter((entry) => isLive(entry) && entry.fields.milestoneId === null);
  return loose.reduce((sum, entry) => sum + entry.fields.durationSeconds, 0);
}
