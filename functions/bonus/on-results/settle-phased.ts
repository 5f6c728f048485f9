import { statusOfPhases } from '#bonus/phased/aggregate.ts';
import { followedPhases } from '#bonus/phased/standing.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { readPhaseLedger } from '#pay/phase-ledger.ts';
import { auditAction } from '#store/ledger.ts';
import { changedPhase, listPhases } from '#store/phase-repository.ts';
import { updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';
import { writeTogether } from '../write-together.ts';

/**
 * Brings approved phases in step with their items (B-112): Paid with the last of a phase's money, through whichever items it went, and
 * Approved again where one was reopened; the ProPay follows its phases. False where somebody else was writing.
 */
export async function settlePhased(
  session: BonusSession,
  scope: TenantScope,
  before: ProPay,
  result: ProPayResult,
): Promise<boolean> {
  const { ports } = session;
  if (before.status === 'Canceled' || before.status === 'Deleted') return true;
  const phases = await listPhases(ports.table, scope, before.id);
  const ledger = await readPhaseLedger(ports.table, scope, phases, await readReserve(ports.table, scope, before));
  const changed = followedPhases(phases, ledger);
  if (changed.length === 0) return true;
  const status = statusOfPhases(phases.map((phase) => changed.find(({ id }) => id === phase.id) ?? phase));
  const next: ProPay = { ...before, status, revision: before.revision + 1 };
  const following = { ...result, calcRev: result.calcRev + 1, cfgRev: next.revision };
  const statuses = (all: typeof phases) => Object.fromEntries(all.map(({ id, status: of }) => [id, of]));
  const known = phases.filter(({ id }) => changed.some((one) => one.id === id));
  const entry = systemEntry(session, {
    action: 'propay.phases_settled',
    entity: 'propay',
    entityId: before.id,
    before: { status: before.status, phases: statuses(known) },
    after: { status, phases: statuses(changed) },
    reason: null,
  });
  const outcome = await writeTogether(
    ports,
    scope,
    [
      updateProPayAction(scope, next, before.revision),
      updateResultAction(scope, next, following, result.calcRev),
      auditAction(scope, entry),
    ],
    changed.map((phase) => changedPhase(scope, phase)),
  );
  return outcome.applied;
}
