import { compareWithApproved } from '#bonus/source-change.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import type { BonusSession } from '../ports.ts';
import { isGoneAtSource } from './cancel-for-source.ts';

/**
 * Keeps the difference between an approval and what its sources say now (B-96): same pool, people and wages as approved, current time
 * and budget. Nothing approved moves.
 */
export async function followSource(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  proPay: ProPay,
  result: ProPayResult,
): Promise<void> {
  const { table, now } = session.ports;
  const { approval } = proPay;
  if (approval === null || result.figures === null) return;
  const worked = await workOutProPay(state, proPay, context, inputReaders(table, scope), { final: true });
  const { crewLeadIds, managerIds, otherIds } = result.people;
  const current = { ...worked.assembled.calculation, crewLeadIds, managerIds, otherIds };
  const emptied = isGoneAtSource(state) ? { ...current, entries: [] } : current;
  const compared = compareWithApproved(result.figures, emptied);
  const told = compared.outcome === 'applies';
  const moved = !told || compared.totalDifferenceCents !== 0 || compared.secondsDifference !== 0 || compared.byWorker.length > 0;
  const known = await readDifference(table, scope, proPay.id);
  if (!moved && (known === null || known.state === 'Cleared')) return;
  const difference: SourceDifference = {
    proPayId: proPay.id,
    state: moved ? 'Open' : 'Cleared',
    approval: approval.n,
    inputsVersion: worked.assembled.inputsVersion,
    deltaSeconds: told ? compared.secondsDifference : null,
    deltaCents: told ? compared.totalDifferenceCents : null,
    byWorker: told ? compared.byWorker : [],
    missing: told ? [] : compared.missing,
    seenAt: now(),
  };
  if (known !== null && factsOf(known) === factsOf(difference)) return;
  await table.write(scope, [putDifferenceAction(scope, difference)]);
}

const factsOf = ({ state, approval, inputsVersion, deltaSeconds, deltaCents, missing }: SourceDifference): string =>
  JSON.stringify([state, approval, inputsVersion, deltaSeconds, deltaCents, missing]);
