import { saysSame } from '#bonus/commands/source-change.ts';
import { isOver } from '#bonus/phased/aggregate.ts';
import { asResult, proPayOfPhase, stateOfPhase } from '#bonus/phased/phase-state.ts';
import { totalOf } from '#bonus/phased/reserve.ts';
import { isChanged, lostPhases } from '#bonus/phased/work-out-phases.ts';
import { type WorkedOut, workOutProPay } from '#bonus/work-out.ts';
import { isDecided, keepsReserve, type Phase } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { measurePhases } from '#pay/measure-phases.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { deletePhaseAction, putPhaseAction } from '#store/phase-repository.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { putReserveAction, readReserve } from '#store/reserve-repository.ts';
import type { BonusSession } from '../ports.ts';
import { standsStill } from './follow-source.ts';

/**
 * Writes the phases that are other than they were stored, each by itself: the ProPay's sums follow them, and a crash in between is made
 * good by the next reading. False where somebody else was writing.
 */
export async function writePhases(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  proPay: ProPay,
  { phases }: Pick<WorkedOut, 'phases'>,
): Promise<boolean> {
  const { table } = session.ports;
  for (const phase of phases.filter(isChanged))
    if (!(await table.write(scope, [putPhaseAction(scope, phase.next)])).applied) return false;
  for (const lost of lostPhases(state, proPay))
    if (!(await table.write(scope, [deletePhaseAction(scope, lost)])).applied) return false;
  return endReserve(
    session,
    scope,
    proPay,
    phases.map(({ next }) => next),
  );
}

/** A reserve is listed once no phase is open any more, so that what is left of it is not forgotten (B-116). */
async function endReserve(
  { ports: { table } }: BonusSession,
  scope: TenantScope,
  proPay: ProPay,
  phases: readonly Phase[],
): Promise<boolean> {
  if (!keepsReserve(proPay) || !phases.some(isDecided)) return true;
  const reserve = await readReserve(table, scope, proPay);
  const next = { ...reserve, ended: isOver(phases), branchId: proPay.branchId };
  const same = next.ended === reserve.ended && next.branchId === reserve.branchId;
  if (same || reserve.movements.length === 0) return true;
  return (await table.write(scope, [putReserveAction(scope, next, totalOf(next.movements))])).applied;
}

/** Keeps the difference between the approvals of phases and what their sources say now (B-96). False where it has to be read again. */
export async function followPhases(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  proPay: ProPay,
): Promise<boolean> {
  const { table, now } = session.ports;
  const decided = state.phases.filter((one) => one.proPayId === proPay.id && isDecided(one));
  if (decided.length === 0) return true;
  const known = await readDifference(table, scope, proPay.id);
  if (known === null && (await allStandStill(session, scope, state, context, proPay, decided))) return true;
  const fresh = await readProPayState(table, scope, state.target, () => true);
  const reserve = await readReserve(table, scope, proPay);
  const { difference: next } = await measurePhases(table, scope, context, { state: fresh, proPay, known, reserve, now: now() });
  if (next === null || (known !== null && saysSame(known, next))) return true;
  return (await table.write(scope, [putDifferenceAction(scope, next)])).applied;
}

/** The usual case, told without any snapshot. */
async function allStandStill(
  { ports: { table, now } }: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  proPay: ProPay,
  decided: readonly Phase[],
): Promise<boolean> {
  const readers = inputReaders(table, scope, now());
  for (const phase of decided) {
    const own = stateOfPhase(state, phase);
    const worked = await workOutProPay(own, proPayOfPhase(proPay, phase), context, readers, { final: true, laterWages: true });
    if (!standsStill(own, asResult(phase.result), worked)) return false;
  }
  return true;
}
