import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { listMilestoneIds, readJobHeader, readJobLevelProPays } from '#store/propay-inputs.ts';
import type { BonusSession } from '../ports.ts';
import type { JobTouch } from './fold.ts';

/** All targets of a job: itself, and where it recurs its visits. */
export function targetsOfJob(session: BonusSession, scope: TenantScope, jobId: string): Promise<readonly ProPayTarget[]> {
  return targetsOf(session, scope, { jobId, header: true, loose: true, milestoneIds: new Set() });
}

/**
 * The targets that changes in a job concern. A change without milestone concerns the job's own ProPay or nothing, so the header need not
 * be read; otherwise the recurrence flag decides (B-15).
 */
export async function targetsOf(
  session: BonusSession,
  scope: TenantScope,
  touch: Pick<JobTouch, 'jobId' | 'header' | 'loose' | 'milestoneIds'>,
): Promise<readonly ProPayTarget[]> {
  const { table } = session.ports;
  const { jobId } = touch;
  const whole: ProPayTarget = { jobId, milestoneId: null };
  if (!touch.header && touch.milestoneIds.size === 0) return [whole];
  const job = await readJobHeader(table, scope, jobId);
  if (job === null) return [];
  if (!job.fields.recurring) return [whole];
  const ids = touch.header ? await listMilestoneIds(table, scope, jobId) : [...touch.milestoneIds];
  // The job itself shows its own budget and loose time, and a ProPay of the time when it did not recur.
  const itself = touch.loose || (touch.header && (await readJobLevelProPays(table, scope, jobId)).length > 0);
  return [...ids.map((milestoneId) => ({ jobId, milestoneId })), ...(itself ? [whole] : [])];
}
