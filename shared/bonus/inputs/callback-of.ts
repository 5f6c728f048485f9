import type { LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Callback, Recognition } from '#model/callback.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { foldedText } from '../rules/exclusion-rules.ts';
import { defineRule } from '../rules/rule.ts';
import { isLive } from './live.ts';

/** B-150: which job is rework of an earlier one. */
export const recognitionRule = defineRule('B-150', 1, 'Recognition of rework');

type Job = Pick<MirrorRecord<'job'>, 'fields' | 'own'>;
type Settings = Pick<TenantContext, 'callbackServiceTypes'>;

/** When the work on a job began, in the zone of its branch. */
export interface WorkBegun {
  readonly workDate: LocalDate | null;
  readonly zone: string;
}

/**
 * How a job is known to be rework (B-150): somebody said so, or its service type is one that the tenant named for it, or the source links
 * it to a job that was complete before work on this one began. A link alone is no rework: change orders are linked as well, while the work
 * they change is under way; nor is a recurring job. What was recognised by its link stays so when the earlier job is opened again. Null: it is none.
 */
export function recognisedBy(
  { records: { job }, parent, verdict }: Pick<ProPayState, 'records' | 'parent' | 'verdict'>,
  context: Settings,
  { workDate, zone }: WorkBegun,
): Recognition | null {
  if (job === null) return null;
  const told = toldBy(job, context);
  if (told !== null) return told;
  if (job.fields.recurring || job.fields.parentJobId === null || parent === null || !isLive(parent)) return null;
  if (verdict?.code === 'callback') return 'source';
  const { status, completedAt } = parent.fields;
  if (status !== 'completed' || completedAt === null || workDate === null) return null;
  return localDateOf(completedAt, zone) < workDate ? 'source' : null;
}

function toldBy({ fields, own }: Job, { callbackServiceTypes }: Settings): Recognition | null {
  if (own.callbackOf !== null) return 'hand';
  const type = foldedText(fields.serviceType ?? '');
  return type !== '' && callbackServiceTypes.some((one) => foldedText(one) === type) ? 'service_type' : null;
}

/** The job that a callback is rework of: the one named by hand, else the one that the source links; null while neither is known. */
export function originalOf({ fields, own }: Job): string | null {
  return own.callbackOf?.jobId ?? fields.parentJobId;
}

/** Whether a job may be an original (B-154): mirrored, and not itself rework, as far as it says so. */
export function mayBeReworked(job: MirrorRecord<'job'> | null, context: Settings): job is MirrorRecord<'job'> {
  return job !== null && isLive(job) && toldBy(job, context) === null && job.bonus.verdict !== 'callback';
}

/** Whether a job still is the rework that a callback says: its link names the same original, by what it was recognised by or more. */
export function isStillRework(
  job: MirrorRecord<'job'> | null,
  { originalJobId, recognisedBy: by }: Pick<Callback, 'originalJobId' | 'recognisedBy'>,
  context: Settings,
): boolean {
  if (job === null || !isLive(job) || job.fields.status === 'canceled' || originalOf(job) !== originalJobId) return false;
  return by === 'source' || toldBy(job, context) !== null;
}
