import { refuse } from '#kernel/errors.ts';
import { jobKey } from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { aliasAction } from '#store/alias-actions.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { standsForAction } from '#store/stands-for-action.ts';
import type { WriteAction } from '#store/table.ts';
import type { ApiRequest } from '../route.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope'>;

/**
 * Joins a job with another one that is the same work: time of both counts, and both together have one ProPay. Refused for jobs that
 * recur, whose visits have the ProPays; where the other one leads back; and where both have an approved ProPay.
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
  return [
    aliasAction(jobKey(scope, own.id), own, link.targetId),
    standsForAction(jobKey(scope, target.id), target, [...(target.standsFor ?? []), own.id]),
  ];
}

const DECIDED: ReadonlySet<string> = new Set(['Approved', 'Paid']);

/** Takes that back: each job stands for itself again, with the time that was recorded on it. */
export function partActions(
  { scope }: Desk,
  own: MirrorRecord<'job'>,
  target: MirrorRecord<'job'> | null,
): readonly WriteAction[] {
  const others = (target?.standsFor ?? []).filter((id) => id !== own.id);
  return [
    aliasAction(jobKey(scope, own.id), own, null),
    ...(target === null ? [] : [standsForAction(jobKey(scope, target.id), target, others)]),
  ];
}
