import * as z from 'zod/mini';
import { divisionOf } from '#bonus/inputs/division-of.ts';
import { managerAtSource } from '#bonus/inputs/people.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import { idText } from '../edge.ts';
import { findRecord } from '../mirror/find.ts';
import { defineRoute } from '../route.ts';
import { unknownReference } from '../settings/references.ts';
import { changeOverride, madeBy } from './change.ts';
import { EDIT_JOBS } from './rights.ts';
import { overridesAnswer, reason } from './shapes.ts';
import { jobSubject, type Subject, type SubjectRequest } from './subject.ts';

/** E-6: who manages a job, in place of the map and the source (M-47). Active ProPays follow; approved ones do not. */
export const putManager = defineRoute({
  method: 'PUT',
  path: '/v1/jobs/{id}/overrides/manager',
  group: 'overrides',
  summary: 'Assign the manager of a job',
  access: EDIT_JOBS,
  ifMatch: true,
  body: z.strictObject({ value: idText, reason }),
  bodyExample: { value: 'kQ3vAbCdEfGhIjKl' },
  answer: overridesAnswer,
  handler: (request) => {
    const { body, params, ifMatch } = request;
    const { value } = body;
    return changeOverride(
      request,
      { subject: () => jobSubject(request, params.id), ifMatch, reason: body.reason },
      async (subject) => {
        await requireAssignable(request, value);
        const { record } = subject;
        const sourceValueWhenSet = managerWithout(subject);
        const manager = { value, sourceValueWhenSet, kept: false, ...madeBy(request, body.reason) };
        return {
          overrides: (setAt) => ({ ...record.own.overrides, manager: { ...manager, setAt } }),
          act: { field: 'manager', act: 'set', value, sourceValueWhenSet },
        };
      },
    );
  },
});

export const deleteManager = defineRoute({
  method: 'DELETE',
  path: '/v1/jobs/{id}/overrides/manager',
  group: 'overrides',
  summary: 'Go back to the manager of the map or the source',
  access: EDIT_JOBS,
  ifMatch: true,
  answer: overridesAnswer,
  handler: (request) =>
    changeOverride(
      request,
      { subject: () => jobSubject(request, request.params.id), ifMatch: request.ifMatch },
      async ({ record }) =>
        record.own.overrides.manager === null
          ? null
          : {
              overrides: () => ({ ...record.own.overrides, manager: null }),
              act: { field: 'manager', act: 'cleared', value: null, sourceValueWhenSet: null },
            },
    ),
});

/** The manager that a job has without anybody's assignment. */
export function managerWithout({ record, mirror }: Subject<'job'>): string | null {
  const divisionId = divisionOf(record.fields, mirror.tenant);
  return managerAtSource({ fields: { ...record.fields, divisionId } }, mirror.tenant)?.workerId ?? null;
}

/** A person of the mirror who has not left. */
async function requireAssignable({ ports, scope }: SubjectRequest, id: string): Promise<void> {
  const worker = (await findRecord(ports.table, scope, 'worker', id)) as MirrorRecord<'worker'> | null;
  if (worker === null || worker.tombstone !== null) throw unknownReference('/value', 'names nobody who is in the mirror');
  if (workerState(worker) === 'archived') throw unknownReference('/value', 'names somebody who has left');
}
