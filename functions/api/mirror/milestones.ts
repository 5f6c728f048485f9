import { SEE_MIRROR } from '../access.ts';
import { agedListOf } from '../edge.ts';
import { notFound } from '../problem.ts';
import { idParameter, PAGING } from '../query.ts';
import { defineRoute } from '../route.ts';
import { mirrorList, mirrorRecord, readList } from './collection.ts';
import { readMirrorContext } from './context.ts';
import { findRecord } from './find.ts';
import { listed } from './ranges.ts';
import { readOnlyMirror } from './read-only.ts';
import { MIRROR_SHAPES } from './shapes.ts';
import { sightOf } from './sight.ts';

export const listMilestones = mirrorList({
  path: '/v1/milestones',
  entity: 'milestone',
  summary: 'Tickets, visits, tasks and cost lines of jobs',
  access: SEE_MIRROR,
  filters: { jobId: idParameter('Only milestones of this job') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'MS')] },
    { filters: ['jobId'], ranges: ({ scope, filters }) => [listed(scope, 'MS', filters.jobId!)] },
  ],
});

export const getMilestone = mirrorRecord({
  path: '/v1/milestones/{id}',
  entity: 'milestone',
  summary: 'One milestone',
  access: SEE_MIRROR,
});

export const listJobMilestones = defineRoute({
  method: 'GET',
  path: '/v1/jobs/{id}/milestones',
  group: 'mirror',
  summary: 'Milestones of one job, by date',
  access: SEE_MIRROR,
  query: PAGING,
  answer: { status: 200, description: 'A page', schema: agedListOf(MIRROR_SHAPES.milestone) },
  otherMethods: (request) => readOnlyMirror({ ...request, params: {} }, 'milestone'),
  handler: async (request) => {
    const job = await findRecord(request.ports.table, request.scope, 'job', request.params.id);
    const [seen] = job === null ? [] : await sightOf(request, await readMirrorContext(request)).filter([job]);
    if (seen === undefined) throw notFound();
    return {
      body: await readList(request as unknown as Parameters<typeof readList>[0], {
        entity: 'milestone',
        combinations: [{ filters: [], ranges: ({ scope }) => [listed(scope, 'MS', seen.id)] }],
      }),
    };
  },
});
