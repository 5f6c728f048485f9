import { appliedOf } from '#bonus/commands/callback.ts';
import { nextDifference, saysSame } from '#bonus/commands/source-change.ts';
import { isGoneAtSource } from '#bonus/creation.ts';
import { readsDriveTime } from '#bonus/inputs/choices.ts';
import { isLive } from '#bonus/inputs/live.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readSources } from '#bonus/source-reading.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { BonusSession } from '../ports.ts';

/**
 * Keeps the difference between an approval and what its sources say now (B-96). Nothing approved moves. False where somebody decided on
 * it meanwhile, so that everything has to be read again.
 */
export async function followSource(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  proPay: ProPay,
  result: ProPayResult,
): Promise<boolean> {
  const { table, now } = session.ports;
  const { approval } = proPay;
  if (approval === null) return true;
  const readers = inputReaders(table, scope, now());
  const known = await readDifference(table, scope, proPay.id);
  if (known === null && appliedOf(state.callbacks, approval.n).length === 0) {
    const worked = await workOutProPay(state, proPay, context, readers, { final: true, laterWages: true });
    if (standsStill(state, result, worked)) return true;
  }
  // Read after what it replaces, so that an older reading never stands over a newer one.
  const fresh = await readProPayState(table, scope, state.target, () => readsDriveTime(proPay, context));
  const snapshot = (await readApprovalSnapshot(table, scope, proPay.id, approval.n)) as ApprovalSnapshot;
  const reading = await readSources({ ...fresh, result }, { proPay, snapshot }, context, readers);
  const measured = { proPayId: proPay.id, approval: approval.n, branchId: result.place.branchId, seenAt: now() };
  const next = nextDifference(known, reading, measured);
  if (next === null || (known !== null && saysSame(known, next))) return true;
  const outcome = await table.write(scope, [putDifferenceAction(scope, next)]);
  return outcome.applied;
}

/** It may have been complete at the approval: only the snapshot knows. */
function isUnfinished(milestone: MirrorRecord<'milestone'>): boolean {
  return isLive(milestone) && milestone.fields.status !== 'completed' && milestone.fields.status !== 'canceled';
}

/** The usual case, told without the snapshot: nothing that counts is other than it was approved. */
export function standsStill(
  state: ProPayState,
  result: ProPayResult,
  { assembled }: Awaited<ReturnType<typeof workOutProPay>>,
): boolean {
  const { branchId, divisionId, routeId } = result.place;
  const { place } = assembled;
  return (
    assembled.inputsVersion === result.inputsVersion &&
    !isGoneAtSource(state) &&
    !state.records.milestones.some(isUnfinished) &&
    place.branchId === branchId &&
    place.divisionId === divisionId &&
    place.routeId === routeId
  );
}
