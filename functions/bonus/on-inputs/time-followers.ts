import type { LocalDate } from '#kernel/instant.ts';
import { jobPartition } from '#model/keys.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { ProPayTarget, TimeRecord } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { listProPaysByTime } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';

/** The ProPays on any job whose figures depend on a worker's time of some days, or of any (null): overtime in the cost, spread drive time, earnings. */
export async function targetsByTime(
  table: Table,
  scope: TenantScope,
  { workerId, dates }: { readonly workerId: string; readonly dates: ReadonlySet<LocalDate> | null },
): Promise<readonly ProPayTarget[]> {
  const refs = await listProPaysByTime(table, scope, workerId, dates);
  return refs.map(({ jobId, milestoneId }) => ({ jobId, milestoneId }));
}

/**
 * The ProPays on other jobs that have to be looked at when a job, or a milestone of it, may have become overhead or no overhead any more
 * (B-47): those of everybody who has time on it, on the days of that time.
 */
export async function targetsBesideJob(table: Table, scope: TenantScope, jobId: string): Promise<readonly ProPayTarget[]> {
  const partition = jobPartition(scope, jobId);
  const days = new Map<string, Set<LocalDate>>();
  for (const prefix of ['T#', 'D#'])
    for (const item of (await table.queryAll(scope, { partition, prefix })).filter(isMirrorItem)) {
      const { workerId, workDate } = (decodeMirrorRecord(item) as TimeRecord).fields;
      days.set(workerId, (days.get(workerId) ?? new Set()).add(workDate));
    }
  const found: ProPayTarget[] = [];
  for (const [workerId, dates] of days) found.push(...(await targetsByTime(table, scope, { workerId, dates })));
  return found.filter((target) => target.jobId !== jobId);
}
