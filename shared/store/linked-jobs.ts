import { compareCodePoints } from '#kernel/ids.ts';
import { factsOf } from '#model/carried-facts.ts';
import { jobPartition } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table } from './table.ts';

/** A longer chain of switches would be a circle. */
const MAX_JOBS = 20;

/** One of the linked jobs as it was read. */
export interface LinkedJob {
  readonly jobId: string;
  readonly records: ProPayRecords;
  readonly proPay: ProPay | null;
}

/** Every job that is linked with one as the same work, the one it leads to and those that lead to it, each with one Query. */
export async function readLinkedJobs(
  table: Table,
  scope: TenantScope,
  job: MirrorRecord<'job'>,
  read: (jobId: string, items: readonly Item[]) => LinkedJob,
): Promise<readonly LinkedJob[]> {
  const found: LinkedJob[] = [];
  const asked = new Set([job.id]);
  const open = [...neighboursOf(job)];
  while (open.length > 0 && asked.size < MAX_JOBS) {
    const jobId = open.shift()!;
    if (asked.has(jobId)) continue;
    asked.add(jobId);
    const one = read(jobId, await table.queryAll(scope, { partition: jobPartition(scope, jobId) }));
    if (one.records.job === null) continue;
    found.push(one);
    open.push(...neighboursOf(one.records.job));
  }
  return found;
}

const neighboursOf = ({ aliasOf, standsFor = [] }: MirrorRecord<'job'>): readonly string[] => [
  ...(aliasOf === null ? [] : [aliasOf]),
  ...standsFor,
];

/**
 * A job's reading with the same work under other jobs. Time of all of them counts, each piece where it was recorded; what the job is
 * by now is told by the one that all lead to. One ProPay at most is the work's: a standing one, the oldest of several, else the survivor's.
 */
export function withLinkedJobs(state: ProPayState, others: readonly LinkedJob[]): ProPayState {
  const { job } = state.records;
  if (job === null || others.length === 0) return state;
  const own: LinkedJob = { jobId: job.id, records: state.records, proPay: state.proPay };
  const all = [own, ...others].sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
  const survivor = all.find(({ records }) => records.job?.aliasOf === null) ?? own;
  const standing = all.filter(({ proPay }) => proPay !== null && !GIVEN_UP.has(proPay.status));
  const holder = standing.sort(byAge)[0] ?? survivor;
  const linked = {
    jobIds: others.map(({ jobId }) => jobId),
    heldBy: holder.jobId === job.id ? null : holder.jobId,
    survivorId: survivor.jobId,
  };
  if (holder.jobId !== job.id) return { ...state, linked };
  const { fields, tombstone, outOfScope, sourceIgnored, connectionId } = survivor.records.job!;
  // What was decided of the others stands with the survivor since they were linked; what is decided now is decided there.
  const facts = survivor.jobId === job.id ? job.own : { ...factsOf(survivor.records.job!), revision: job.own.revision };
  return {
    ...state,
    linked,
    records: {
      ...state.records,
      job: { ...job, fields, own: facts, tombstone, outOfScope, sourceIgnored, connectionId, aliasOf: null },
      entries: all.flatMap(({ records }) => records.entries),
      drives: all.flatMap(({ records }) => records.drives),
    },
  };
}

const GIVEN_UP: ReadonlySet<string> = new Set(['Canceled', 'Deleted']);

function byAge(a: LinkedJob, b: LinkedJob): number {
  const decided = Number(b.proPay!.approval !== null) - Number(a.proPay!.approval !== null);
  const earlier = compareCodePoints(a.proPay!.createdAt, b.proPay!.createdAt);
  return decided || earlier || Number(b.records.job?.aliasOf !== null) - Number(a.records.job?.aliasOf !== null);
}
