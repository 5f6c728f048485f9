import * as z from 'zod/mini';
import { jobKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OwnDecision, OwnFacts } from '#model/own-facts.ts';
import { blocksAction, listActiveOfJob } from '#store/propay-repository.ts';
import { allow } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { idText } from '../../edge.ts';
import { invalidField, notFound } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { unknownReference } from '../../settings/references.ts';
import { ownFactsShape } from '../shapes.ts';
import { ownFactsView } from '../views.ts';
import { seenRecord } from './seen-record.ts';

/** Exclude or include one job by hand, and say what it is rework of (M-145). */
const DECIDE_ON_JOBS = allow('A', 'A', 'S', '-', '-', '-');

const answer = {
  status: 200,
  description: 'What people decided of the job, and its Active ProPays, which stay until somebody cancels them',
  schema: z.strictObject({ jobId: idText, ...ownFactsShape, activePropayIds: z.array(idText) }),
};
const reason = z.string().check(z.minLength(1), z.maxLength(500));

export const putExclusion = defineRoute({
  method: 'PUT',
  path: '/v1/jobs/{id}/exclusion',
  group: 'mirror',
  summary: 'Keep one job out of the program',
  access: DECIDE_ON_JOBS,
  body: z.strictObject({ reason }),
  bodyExample: { reason: 'goodwill, nothing to earn here' },
  answer,
  handler: (request) =>
    decide(request, 'job.excluded', request.body.reason, (own, excluded) => ({ ...own, excluded, included: null })),
});

export const deleteExclusion = defineRoute({
  method: 'DELETE',
  path: '/v1/jobs/{id}/exclusion',
  group: 'mirror',
  summary: 'Let a job that was excluded by hand in again',
  access: DECIDE_ON_JOBS,
  answer,
  handler: (request) => decide(request, 'job.exclusion_removed', null, (own) => ({ ...own, excluded: null })),
});

export const putCallbackOf = defineRoute({
  method: 'PUT',
  path: '/v1/jobs/{id}/callback-of',
  group: 'mirror',
  summary: 'Say which earlier job this one is rework of',
  access: DECIDE_ON_JOBS,
  body: z.strictObject({ jobId: idText, reason: z.optional(reason) }),
  bodyExample: { jobId: 'kQ3vAbCdEfGhIjKl' },
  answer,
  handler: async (request) => {
    const { jobId, reason: why } = request.body;
    await requireOriginal(request, request.params.id, jobId);
    return decide(request, 'job.callback_linked', why ?? null, (own, made) => ({ ...own, callbackOf: { jobId, ...made } }));
  },
});

export const deleteCallbackOf = defineRoute({
  method: 'DELETE',
  path: '/v1/jobs/{id}/callback-of',
  group: 'mirror',
  summary: 'A job is no rework after all',
  access: DECIDE_ON_JOBS,
  answer,
  handler: (request) => decide(request, 'job.callback_unlinked', null, (own) => ({ ...own, callbackOf: null })),
});

type EditRequest = Pick<ApiRequest<'/{id}'>, 'ports' | 'scope' | 'actor' | 'reach' | 'command' | 'params'>;

/** Writes what was decided of a visible job; what says nothing new is answered and not written. */
function decide(
  request: EditRequest,
  action: string,
  why: string | null,
  change: (own: OwnFacts, made: OwnDecision) => OwnFacts,
): Promise<ApiAnswer> {
  const { ports, scope, actor, command, params } = request;
  return commitFresh(command, async () => {
    const { id, own } = await requireJob(request, params.id);
    const next = change(own, { by: actor.id, at: ports.now(), reason: why });
    const body = { jobId: id, ...ownFactsView(next), activePropayIds: await listActiveOfJob(ports.table, scope, id) };
    if (said(own) === said(next)) return { actions: [], audit: [], answer: { body: { ...body, ...ownFactsView(own) } } };
    return {
      actions: [blocksAction(jobKey(scope, id), { own: { seen: own, next } })],
      audit: { action, entity: 'job', entityId: id, before: ownFactsView(own), after: ownFactsView(next), reason: why },
      answer: { body },
    };
  });
}

/** What the facts say, whoever said it when. */
function said({ excluded, included, callbackOf }: OwnFacts): string {
  return JSON.stringify([excluded?.reason ?? null, excluded !== null, included !== null, callbackOf?.jobId ?? null]);
}

type FindRequest = Pick<EditRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** The live job of the path, if the caller sees it; else 404. */
async function requireJob(request: FindRequest, id: string): Promise<MirrorRecord<'job'>> {
  const job = await findJob(request, id);
  if (job === null) throw notFound();
  return job;
}

async function findJob(request: FindRequest, id: string): Promise<MirrorRecord<'job'> | null> {
  return (await seenRecord(request, 'job', id))?.record ?? null;
}

/** B-154: the original is a mirrored job of its own and not itself rework. */
async function requireOriginal(request: EditRequest, jobId: string, originalId: string): Promise<void> {
  await requireJob(request, jobId);
  if (originalId === jobId) throw invalidField('/jobId', 'a job is no rework of itself');
  const original = await findJob(request, originalId);
  if (original === null) throw unknownReference('/jobId', 'names no job that you can see');
  if (original.own.callbackOf !== null) throw invalidField('/jobId', 'is rework itself; name the job that it is rework of');
}
