import { jobKey, type Key, milestoneKey, workerKey } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import { listOverrideActs, type OverrideAct } from '#store/override-repository.ts';
import { blocksAction } from '#store/propay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import type { MirrorContext } from '../mirror/context.ts';
import { seenRecord } from '../mirror/edits/seen-record.ts';
import { overrideViews } from '../mirror/override-views.ts';
import type { Sight } from '../mirror/sight.ts';
import { invalidParameter, notFound } from '../problem.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import { historyOf } from './history.ts';

export type OverrideEntity = 'worker' | 'job' | 'milestone';
export type SubjectRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** A record whose overrides are looked at or changed. */
export interface Subject<E extends OverrideEntity = OverrideEntity> {
  readonly record: MirrorRecord<E>;
  readonly key: Key;
  readonly mirror: MirrorContext;
  readonly sight: Sight;
  /** The revision in the ETag: of a milestone's budget it is its job's, since the job's list is where it is found. */
  readonly tag: number;
  /** Moves the tag along where it is another record's. */
  readonly moveTag: readonly WriteAction[];
}

interface Options {
  /** Records that were deleted at the source as well: they keep theirs (M-120). */
  readonly gone?: boolean;
  /** What a milestone that is not there is refused with, where it does not stand in the query. */
  readonly unknownMilestone?: () => Error;
}

/** The worker of the path, if the caller sees them; else 404. */
export async function workerSubject(request: SubjectRequest, id: string, options: Options = {}): Promise<Subject<'worker'>> {
  const seen = await seenRecord(request, 'worker', id, options);
  if (seen === null) throw notFound();
  return { ...seen, key: workerKey(request.scope, id), tag: seen.record.own.revision, moveTag: [] };
}

/** The job of the path, if the caller sees it; else 404. */
export async function jobSubject(request: SubjectRequest, id: string, options: Options = {}): Promise<Subject<'job'>> {
  const seen = await seenRecord(request, 'job', id, options);
  if (seen === null) throw notFound();
  return { ...seen, key: jobKey(request.scope, id), tag: seen.record.own.revision, moveTag: [] };
}

/** The job of the path, or one of its milestones. */
export async function workSubject(
  request: SubjectRequest,
  jobId: string,
  milestoneId: string | null | undefined,
  options: Options = {},
): Promise<Subject<'job'> | Subject<'milestone'>> {
  const job = await jobSubject(request, jobId, options);
  if (milestoneId === null || milestoneId === undefined) return job;
  const item = await request.ports.table.get(request.scope, milestoneKey(request.scope, jobId, milestoneId));
  const milestone = item === null ? null : decodeMirrorRecord<'milestone'>(item);
  if (milestone === null || (milestone.tombstone !== null && !options.gone))
    throw options.unknownMilestone?.() ?? invalidParameter('milestoneId', 'names no milestone of this job');
  const { own } = job.record;
  return {
    record: milestone,
    key: milestoneKey(request.scope, jobId, milestoneId),
    mirror: job.mirror,
    sight: job.sight,
    tag: own.revision,
    moveTag: [blocksAction(job.key, { own: { seen: own, next: own } })],
  };
}

/** The overrides of a subject with their history, as far as the caller may see the fields. */
export async function answerOf(request: SubjectRequest, subject: Subject): Promise<ApiAnswer> {
  return answerWith(subject, subject.record.own, subject.tag, await readActs(request, subject));
}

/** The history of a subject, with that of the records which lead to it: it follows a confirmed link. */
export async function readActs({ ports, scope }: SubjectRequest, { record, mirror }: Subject): Promise<readonly OverrideAct[]> {
  const former = record.entity === 'worker' ? idsOfPerson(mirror.tenant, record.id).slice(1) : (record.standsFor ?? []);
  const isSurvivor = record.aliasOf === null;
  const acts = await Promise.all(
    (isSurvivor ? former : []).map(async (id) =>
      (await listOverrideActs(ports.table, scope, id)).map((act) => ({ ...act, from: act.from ?? id })),
    ),
  );
  const own = await listOverrideActs(ports.table, scope, record.id);
  return [...acts.flat().sort((a, b) => (a.at < b.at ? -1 : 1)), ...own];
}

/** The answer as it is once the facts and the history are these. */
export function answerWith(subject: Subject, own: OwnFacts, tag: number, acts: readonly OverrideAct[]): ApiAnswer {
  const { record, mirror, sight } = subject;
  const { properties } = sight;
  const hidden = { wage: !properties.wages(record.id), budget: !properties.budgets };
  const isSeen = ({ field }: { readonly field: string }): boolean => hidden[field as 'wage' | 'budget'] !== true;
  const overrides = overrideViews({ ...record, own } as MirrorRecord, mirror, properties);
  return { body: { overrides, history: historyOf(acts).filter(isSeen) }, revision: tag };
}
