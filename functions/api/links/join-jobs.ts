import { refuse } from '#kernel/errors.ts';
import { jobKey } from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { aliasAction } from '#store/alias-actions.ts';
import { oneUpdate } from '#store/one-update.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { standsForAction } from '#store/stands-for-action.ts';
import type { WriteAction } from '#store/table.ts';
import { findRecord, findRecords } from '../mirror/find.ts';
import type { ApiRequest } from '../route.ts';
import { carryFacts, dropFacts } from './carry-facts.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope'>;

/**
 * Joins a job with another one that is the same work: time of both counts, and both together have one ProPay. Refused for jobs that
 * recur, whose visits have the ProPays; where the other one leads back; and where both have an approved ProPay. What was decided of the one
 * holds for the other.
 */
export async function joinActions(
  { ports, scope }: Desk,
  own: MirrorRecord<'job'>,
  target: MirrorRecord<'job'>,
  link: Link,
): Promise<readonly WriteAction[]> {
  if (own.aliasOf !== null || target.aliasOf !== null)
    refuse('wrong-state', { detail: 'One of the jobs leads to another one already.' });
  if (own.fields.recurring || target.fields.recurring)
    refuse('wrong-state', { detail: 'The visits of a job that recurs have ProPays of their own.' });
  const states = await Promise.all(
    [own, target].map((job) => readProPayState(ports.table, scope, { jobId: job.id, milestoneId: null }, () => false)),
  );
  const decided = states.flatMap(({ proPay }) => (proPay !== null && DECIDED.has(proPay.status) ? [proPay.id] : []));
  if (decided.length > 1) refuse('wrong-state', { detail: 'Both jobs have an approved ProPay.', data: { propayIds: decided } });
  const { record, others } = await carryFacts({ ports, scope }, own, target);
  const standing = standsForAction(jobKey(scope, target.id), target, [...(target.standsFor ?? []), own.id]);
  return [
    aliasAction(jobKey(scope, own.id), own, link.targetId),
    record === null ? standing : oneUpdate(standing, record),
    ...others,
  ];
}

const DECIDED: ReadonlySet<string> = new Set(['Approved', 'Paid']);

/** Takes that back: each job stands for itself again, with the time that was recorded on it. */
export async function partActions(
  desk: Desk,
  own: MirrorRecord<'job'>,
  target: MirrorRecord<'job'> | null,
): Promise<readonly WriteAction[]> {
  const { ports, scope } = desk;
  const alone = aliasAction(jobKey(scope, own.id), own, null);
  if (target === null) return [alone];
  const left = (target.standsFor ?? []).filter((id) => id !== own.id);
  const parted = [own.id, ...(await idsLeadingTo(desk, own))];
  const { record, others } = await dropFacts({ ports, scope }, target, parted);
  const standing = standsForAction(jobKey(scope, target.id), target, left);
  // What came through this job stands with all that the target leads to in its turn.
  const further = target.aliasOf === null ? [] : await dropFurther(desk, target.aliasOf, parted);
  return [alone, record === null ? standing : oneUpdate(standing, record), ...others, ...further];
}

/** The jobs that lead to a job, from one to the next. */
async function idsLeadingTo({ ports, scope }: Desk, { standsFor = [] }: MirrorRecord<'job'>): Promise<readonly string[]> {
  if (standsFor.length === 0) return [];
  const jobs = await findRecords(ports.table, scope, 'job', standsFor);
  const further = await Promise.all(jobs.map((job) => idsLeadingTo({ ports, scope }, job as MirrorRecord<'job'>)));
  return [...standsFor, ...further.flat()];
}

async function dropFurther(desk: Desk, jobId: string, parted: readonly string[]): Promise<readonly WriteAction[]> {
  const job = (await findRecord(desk.ports.table, desk.scope, 'job', jobId)) as MirrorRecord<'job'> | null;
  if (job === null) return [];
  const { record, others } = await dropFacts(desk, job, parted);
  return [
    ...(record === null ? [] : [record]),
    ...others,
    ...(job.aliasOf === null ? [] : await dropFurther(desk, job.aliasOf, parted)),
  ];
}
