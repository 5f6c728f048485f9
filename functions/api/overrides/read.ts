import * as z from 'zod/mini';
import { SEE_MIRROR } from '../access.ts';
import { readOnlyMirror } from '../mirror/read-only.ts';
import { notFound } from '../problem.ts';
import { idParameter } from '../query.ts';
import { defineRoute } from '../route.ts';
import { overridesAnswer } from './shapes.ts';
import { answerOf, workerSubject, workSubject } from './subject.ts';

/** The overrides of a person with their history; its tag is what changes are made under, and no sync moves it. */
export const getWorkerOverrides = defineRoute({
  method: 'GET',
  path: '/v1/workers/{id}/overrides',
  group: 'overrides',
  summary: 'What is overridden of one person, and what ever was',
  access: SEE_MIRROR,
  answer: overridesAnswer,
  handler: async (request) => answerOf(request, await workerSubject(request, request.params.id, { gone: true })),
});

/** The overrides of a job, or of one of its milestones. The tag is the job's for all of them. */
export const getJobOverrides = defineRoute({
  method: 'GET',
  path: '/v1/jobs/{id}/overrides',
  group: 'overrides',
  summary: 'What is overridden of one job or milestone, and what ever was',
  access: SEE_MIRROR,
  query: { milestoneId: idParameter('Of this milestone of the job') },
  answer: overridesAnswer,
  handler: async (request) =>
    answerOf(request, await workSubject(request, request.params.id, request.query.milestoneId, { gone: true })),
});

/** Every other field belongs to the source: whoever would override it is told where to change it (M-114). */
export const otherWorkerFields = noOverride('/v1/workers/{id}/overrides/{field}', 'worker');
export const otherJobFields = noOverride('/v1/jobs/{id}/overrides/{field}', 'job');
export const milestoneFields = noOverride('/v1/milestones/{id}/overrides/{field}', 'milestone');

function noOverride<const P extends string>(path: P, entity: 'worker' | 'job' | 'milestone') {
  return defineRoute({
    method: 'GET',
    path,
    group: 'overrides',
    summary: `A field of a ${entity} that cannot be overridden here`,
    access: SEE_MIRROR,
    answer: { status: 204, description: 'Never: there is no such override', schema: z.undefined() },
    otherMethods: (request) => readOnlyMirror(request as never, entity),
    handler: async () => {
      throw notFound();
    },
  });
}
