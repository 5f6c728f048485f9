import * as z from 'zod/mini';
import type { Connection, QuarantineEntry, Run } from '#model/connection.ts';
import { ENTITIES } from '#model/entities.ts';
import { connectionPartition } from '#model/keys.ts';
import type { Waiting } from '#model/sync-items.ts';
import { listHolds, readRun } from '#store/connection-repository.ts';
import { SEE_RUNS } from '../../access.ts';
import { idText, instantText, listOf, wholeListOf } from '../../edge.ts';
import { readPage } from '../../pages.ts';
import { notFound } from '../../problem.ts';
import { PAGING } from '../../query.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { exceptionShape, holdShape, runShape } from './shapes.ts';
import { holdView, manifestOf, openRunView, runView } from './view.ts';

export const listRuns = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/runs',
  group: 'admin',
  summary: 'Finished runs, newest first',
  access: SEE_RUNS,
  query: PAGING,
  answer: { status: 200, description: 'A page of runs', schema: listOf(runShape) },
  handler: async (request) => {
    const { connection } = await loadConnection(request, request.params.id);
    const partition = connectionPartition(request.scope, connection.n);
    const page = await readPage(request, [{ partition, prefix: 'RUN#', descending: true }]);
    return { body: { items: page.items.map((item) => runView(item.run as Run)), nextCursor: page.nextCursor } };
  },
});

export const getRun = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/runs/{runId}',
  group: 'admin',
  summary: 'One run, also while it waits or is under way',
  access: SEE_RUNS,
  answer: { status: 200, description: 'The run', schema: runShape },
  handler: async (request) => {
    const { id, runId } = request.params;
    const { connection, sync } = await loadConnection(request, id);
    const open = openRunView(connection, sync, runId);
    if (open !== null) return { body: open };
    const run = await readRun(request.ports.table, request.scope, connection.n, runId);
    if (run === null) throw notFound();
    return { body: runView(run) };
  },
});

export const listExceptions = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/runs/{runId}/exceptions',
  group: 'admin',
  summary: 'What a run left aside, and why',
  access: SEE_RUNS,
  answer: {
    status: 200,
    description: 'The exceptions, up to 1,000',
    schema: wholeListOf(exceptionShape, { total: z.int() }),
  },
  handler: async (request) => {
    const { connection, sync } = await loadConnection(request, request.params.id);
    const run = await readRun(request.ports.table, request.scope, connection.n, request.params.runId);
    if (run !== null) return { body: { items: run.exceptions, nextCursor: null, total: run.exceptionCount } };
    if (openRunView(connection, sync, request.params.runId) === null) throw notFound();
    return { body: { items: [], nextCursor: null, total: 0 } };
  },
});

export const listQuarantine = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/quarantine',
  group: 'admin',
  summary: 'Records that could not be mapped',
  access: SEE_RUNS,
  query: PAGING,
  answer: {
    status: 200,
    description: 'A page of quarantined records',
    schema: listOf(
      z.strictObject({
        ...exceptionShape.shape,
        attempts: z.int(),
        firstRunId: z.string(),
        lastRunId: z.string(),
      }),
    ),
  },
  handler: async (request) => {
    const { connection } = await loadConnection(request, request.params.id);
    const partition = connectionPartition(request.scope, connection.n);
    const page = await readPage(request, [{ partition, prefix: 'QUAR#' }]);
    const items = page.items.map((item) => {
      const { entity, sourceId, reason, field, value, firstAt, attempts, firstRunId, lastRunId } = item.entry as QuarantineEntry;
      return { entity, sourceId, reason, field, value, since: firstAt, attempts, firstRunId, lastRunId };
    });
    return { body: { items, nextCursor: page.nextCursor } };
  },
});

export const listParked = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/parked',
  group: 'admin',
  summary: 'Records that wait for their parent',
  access: SEE_RUNS,
  query: PAGING,
  answer: {
    status: 200,
    description: 'A page of parked records',
    schema: listOf(
      z.strictObject({
        space: z.string(),
        sourceId: z.string(),
        since: instantText,
        reason: z.enum(['parent_missing', 'unlinked_reference']),
        parent: z.strictObject({ space: z.string(), sourceId: z.string(), id: idText }),
      }),
    ),
  },
  handler: async (request) => {
    const { connection } = await loadConnection(request, request.params.id);
    const partition = connectionPartition(request.scope, connection.n);
    const page = await readPage(request, [{ partition, prefix: 'PARK#' }]);
    const waiting = page.items.map((item) => item.waiting as Waiting).filter((one) => one.parked);
    const items = waiting.map(({ space, sourceId, since, parent }) => ({
      space,
      sourceId,
      since,
      reason: supplied(connection, parent.space) ? 'parent_missing' : 'unlinked_reference',
      parent: { space: parent.space, sourceId: parent.sourceId, id: parent.id },
    }));
    return { body: { items, nextCursor: page.nextCursor } };
  },
});

/** Whether the connection brings records of this space itself; else only a link leads to them (M-43). */
function supplied({ provider, settings }: Connection, space: string): boolean {
  return manifestOf(provider).streams.some((stream) => stream.space === space && settings.entities.includes(stream.entity));
}

export const listHeldDeletes = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/held-deletes',
  group: 'admin',
  summary: 'Deletions that wait for a person',
  access: SEE_RUNS,
  answer: {
    status: 200,
    description: 'Open and decided holds',
    schema: wholeListOf(holdShape),
  },
  handler: async (request) => {
    const { connection } = await loadConnection(request, request.params.id);
    const holds = await listHolds(request.ports.table, request.scope, connection.n);
    return { body: { items: holds.map(holdView), nextCursor: null } };
  },
});

/** Body of confirm and discard: all holds of the run, or those of the entities named. */
export const decisionBody = z.strictObject({ entities: z.optional(z.array(z.enum(ENTITIES)).check(z.minLength(1))) });
