import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';
import { foldedText } from '../rules/exclusion-rules.ts';

type Job = Pick<MirrorRecord<'job'>, 'fields' | 'own'>;

/** Whether a job is rework of an earlier one (B-150): somebody said so, or its service type is one that the tenant named for it. */
export function isCallback({ fields, own }: Job, { callbackServiceTypes }: Pick<TenantContext, 'callbackServiceTypes'>): boolean {
  if (own.callbackOf !== null) return true;
  const type = foldedText(fields.serviceType ?? '');
  return type !== '' && callbackServiceTypes.some((one) => foldedText(one) === type);
}

/** The job that a callback is rework of: the one named by hand, else the one that the source links; null while neither is known. */
export function originalOf({ fields, own }: Job): string | null {
  return own.callbackOf?.jobId ?? fields.parentJobId;
}
