import { managerInForce } from '#bonus/inputs/people.ts';
import { jobKey, listPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { decodeVerdict } from '#model/propay-item.ts';
import { readMirrorContext } from '../context.ts';
import { sightOf } from '../sight.ts';
import { type AlertInputs, boundedKeys, type FoundAlerts, recordsAt } from './inputs.ts';

/** Work that has no ProPay because its budget is unknown or zero: its verdict says so (B-12). */
export async function alertsOfBudgets(inputs: AlertInputs): Promise<FoundAlerts> {
  const { request, desk, filters } = inputs;
  const { scope } = request;
  const branches = filters.branchId === undefined ? [...Object.keys(desk.context.branches), '-'] : [filters.branchId];
  const partition = listPartition(scope, 'NOPP');
  const keys = await Promise.all(branches.map((branch) => boundedKeys(inputs, { partition, prefix: `${branch}#no_budget#` })));
  const verdicts = (await recordsAt(inputs, keys.flat())).map(decodeVerdict).filter(({ code }) => code === 'no_budget');
  const jobs = await visibleJobs(inputs, [...new Set(verdicts.map(({ jobId }) => jobId))]);
  return {
    missing_budgets: verdicts.flatMap(({ jobId, milestoneId }) => {
      if (!jobs.has(jobId)) return [];
      return milestoneId === null
        ? { jobId, href: `/v1/jobs/${jobId}` }
        : { jobId, milestoneId, href: `/v1/milestones/${milestoneId}` };
    }),
  };
}

async function visibleJobs(inputs: AlertInputs, jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { request, filters } = inputs;
  const items = await recordsAt(
    inputs,
    jobIds.map((id) => jobKey(request.scope, id)),
  );
  const mirror = await readMirrorContext(request);
  const seen = await sightOf(request, mirror).filter(items.map((item) => decodeMirrorRecord<'job'>(item)));
  const wanted = (seen as readonly MirrorRecord<'job'>[]).filter(
    (job) =>
      (filters.divisionId === undefined || job.fields.divisionId === filters.divisionId) &&
      (filters.managerId === undefined || managerInForce(job, mirror.tenant)?.workerId === filters.managerId),
  );
  return new Set(wanted.map(({ id }) => id));
}
