import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { readJobHeader } from '#store/propay-inputs.ts';
import { type BonusMark, bonusMarkAction } from '#store/propay-repository.ts';
import type { BonusSession } from '../ports.ts';

/** A job shows its first ProPays; who wants all of them asks the list of the job's ProPays. */
const MAX_SHOWN = 20;
const TRIES = 4;

/** What the bonus layer keeps on the target's own record; null where that record is not there. */
export function markOfTarget(state: ProPayState): BonusMark | null {
  const { milestoneId } = state.target;
  const { job, milestones } = state.records;
  const record = milestoneId === null ? job : (milestones.find((one) => one.id === milestoneId) ?? null);
  return record === null ? null : record.bonus;
}

/**
 * Keeps the marks of a target's ProPay on its records: on the visit, and among the first of its job. Written after the ProPay itself and
 * made good by every later reading, so a crash in between heals. A mark that somebody else is writing is left to them.
 */
export async function markRecords(session: BonusSession, scope: TenantScope, state: ProPayState): Promise<void> {
  const { proPay, target } = state;
  if (proPay === null) return;
  const seen = markOfTarget(state);
  const wanted: BonusMark = { proPayIds: [proPay.id], verdict: null };
  if (seen !== null && (seen.verdict !== null || !seen.proPayIds.includes(proPay.id)))
    await session.ports.table.write(scope, [bonusMarkAction(scope, target, seen, wanted)]);
  if (target.milestoneId !== null && state.records.job !== null)
    await markJob(session, scope, target.jobId, proPay.id, state.records.job.bonus);
}

async function markJob(session: BonusSession, scope: TenantScope, jobId: string, id: string, first: BonusMark): Promise<void> {
  let seen: BonusMark | null = first;
  for (let attempt = 0; attempt < TRIES && seen !== null; attempt++) {
    if (seen.proPayIds.includes(id) || seen.proPayIds.length >= MAX_SHOWN) return;
    const mark: BonusMark = { proPayIds: [...seen.proPayIds, id], verdict: null };
    const outcome = await session.ports.table.write(scope, [bonusMarkAction(scope, { jobId, milestoneId: null }, seen, mark)]);
    if (outcome.applied) return;
    seen = (await readJobHeader(session.ports.table, scope, jobId))?.bonus ?? null;
  }
}
