import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayRecords } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { foldedText } from '../rules/exclusion-rules.ts';
import { defineRule } from '../rules/rule.ts';

/** M-52: overhead by name. Its time enters no ProPay, and it gets none (B-47). */
export const overheadRule = defineRule('M-52', 1, 'Non-billable work');

/** The parts of the tenant's context that say what is overhead. */
export type OverheadContext = Pick<TenantContext, 'divisions' | 'nonBillableRules'>;

/**
 * Whether work is overhead: its division is, or a rule names its job, client or service. A milestone's own service comes before the
 * job's. Services are compared as exclusion rules compare them.
 */
export function isOverhead(
  { divisions, nonBillableRules }: OverheadContext,
  job: MirrorRecord<'job'> | null,
  milestone: MirrorRecord<'milestone'> | null,
): boolean {
  if (job === null) return false;
  const { clientId, divisionId } = job.fields;
  if (divisionId !== null && (divisions[divisionId]?.overhead ?? false)) return true;
  if (nonBillableRules.jobIds.includes(job.id)) return true;
  if (clientId !== null && nonBillableRules.clientIds.includes(clientId)) return true;
  const service = milestone?.fields.serviceType ?? job.fields.serviceType;
  return service !== null && nonBillableRules.serviceTypes.some((one) => foldedText(one) === foldedText(service));
}

/** Says of a milestone of a job, or of what stands under none (null), whether its time may enter a ProPay (B-47). */
export function billableParts(
  { job, milestones }: Pick<ProPayRecords, 'job' | 'milestones'>,
  context: OverheadContext,
): (milestoneId: string | null) => boolean {
  const parts = new Map(milestones.map((one) => [one.id, isOverhead(context, job, one)]));
  const loose = isOverhead(context, job, null);
  return (milestoneId) => !((milestoneId === null ? undefined : parts.get(milestoneId)) ?? loose);
}
