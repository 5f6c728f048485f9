import { isPastPending, jobHasBegun, milestoneHasBegun, shownBudget, withProPay } from '#bonus/shown.ts';
import { type BonusBlock, NO_VERDICT, type ShownVerdict, showsSame } from '#model/bonus-block.ts';
import { jobKey, milestoneKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { bonusBlockAction } from '#store/propay-repository.ts';
import type { JobNote } from '../job-blocks.ts';
import { type BonusSession, forEachOf } from '../ports.ts';

/** Milestones of one job written at the same time. */
const AT_ONCE = 8;

/**
 * Keeps what list rows show on the records of a target: its ProPay or the verdict why there is none, budget, and whether work has begun.
 * Written after the ProPay itself and made good by every later reading, so a crash in between heals. Writes nothing where nothing
 * differs. False where somebody else was writing: what was read may be old.
 */
export function markRecords(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  verdict: ShownVerdict = NO_VERDICT,
): Promise<boolean> {
  return state.target.milestoneId === null ? markJob(session, scope, state, verdict) : markVisit(session, scope, state, verdict);
}

/** A visit's own record and its word on the job. The job first: while the visit still says it had begun, a crash in between is noticed. */
async function markVisit(session: BonusSession, scope: TenantScope, state: ProPayState, verdict: ShownVerdict): Promise<boolean> {
  const { job, milestones, budgets, entries } = state.records;
  const visit = milestones.find((one) => one.id === state.target.milestoneId);
  const begun = visit !== undefined && milestoneHasBegun(visit.id, entries);
  if (job !== null) {
    const shows = begun || (visit !== undefined && isPastPending(visit));
    // Only a pending job shows what it has begun, so only then a visit that never had time is worth looking further.
    const may = job.fields.status === 'pending' || visit?.bonus.begun === true;
    const note: JobNote = {
      ...(state.proPay === null ? {} : { proPayId: state.proPay.id }),
      ...(shows ? { begun: 'yes' } : may ? { begun: 'look' } : {}),
    };
    await session.noteOnJob(scope, job, note);
  }
  if (visit === undefined) return true;
  const next = { ...withOutcome(visit.bonus, state, verdict), budget: shownBudget(budgets, visit.id), begun };
  return put(session, scope, visit, next);
}

/** A job's own record; its milestones too, where it is one ProPay. Those of a recurring job are targets of their own. */
async function markJob(session: BonusSession, scope: TenantScope, state: ProPayState, verdict: ShownVerdict): Promise<boolean> {
  const { job, milestones, budgets, entries } = state.records;
  if (job === null) return true;
  const begun = jobHasBegun(milestones, entries);
  const budget = shownBudget(budgets, null);
  if (job.fields.recurring) {
    const proPayId = state.proPay?.id;
    const known = proPayId === undefined ? {} : { proPayId };
    await session.noteOnJob(scope, job, { ...known, ...verdict, budget, begun: begun ? 'yes' : 'look' });
    return true;
  }
  let applied = await put(session, scope, job, { ...withOutcome(job.bonus, state, verdict), budget, begun });
  const failed = await forEachOf(milestones, AT_ONCE, async (one) => {
    const next = { ...one.bonus, budget: shownBudget(budgets, one.id), begun: milestoneHasBegun(one.id, entries) };
    applied = (await put(session, scope, one, next)) && applied;
  });
  if (failed.length > 0) throw failed[0]!.error;
  return applied;
}

/** The block with the target's ProPay, or with the verdict while there is none. */
function withOutcome(block: BonusBlock, { proPay }: ProPayState, verdict: ShownVerdict): BonusBlock {
  return proPay === null ? { ...block, ...verdict } : withProPay(block, proPay);
}

async function put(
  session: BonusSession,
  scope: TenantScope,
  record: MirrorRecord<'job'> | MirrorRecord<'milestone'>,
  next: BonusBlock,
): Promise<boolean> {
  if (showsSame(record.bonus, next)) return true;
  const key = record.entity === 'job' ? jobKey(scope, record.id) : milestoneKey(scope, jobIdOf(record), record.id);
  const outcome = await session.ports.table.write(scope, [bonusBlockAction(key, record.bonus, next)]);
  // A record that is gone shows nothing.
  return outcome.applied || outcome.failed[0]?.current === null;
}

const jobIdOf = (record: MirrorRecord<'job'> | MirrorRecord<'milestone'>): string =>
  (record as MirrorRecord<'milestone'>).fields.jobId;
