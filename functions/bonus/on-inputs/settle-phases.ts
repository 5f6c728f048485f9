import { asResult, proPayOfPhase, stateOfPhase } from '#bonus/phased/phase-state.ts';
import { isChanged, lostPhases } from '#bonus/phased/work-out-phases.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import { isDecided } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { deletePhaseAction, putPhaseAction } from '#store/phase-repository.ts';
import type { BonusSession } from '../ports.ts';
import { followSource } from './follow-source.ts';

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
  return true;
}

/** Keeps the difference of every approved phase (B-96): each has its own snapshot. */
export async function followPhases(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  proPay: ProPay,
): Promise<boolean> {
  for (const phase of state.phases.filter((one) => one.proPayId === proPay.id && isDecided(one))) {
    const own = stateOfPhase(state, phase);
    const result = asResult(phase.result);
    if (!(await followSource(session, scope, own, context, proPayOfPhase(proPay, phase), result))) return false;
  }
  return true;
}
