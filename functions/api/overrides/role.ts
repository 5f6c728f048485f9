import * as z from 'zod/mini';
import { roleOf, sourceRoleOf } from '#bonus/inputs/people.ts';
import { WORKER_ROLES, type WorkerRole } from '#model/overrides.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { type ChangeRequest, changeOverride, madeBy } from './change.ts';
import { CHANGE_ROLES, requireNoOwner, requireRoleEditor } from './rights.ts';
import { overridesAnswer, reason } from './shapes.ts';
import { type Subject, type SubjectRequest, workerSubject } from './subject.ts';
import { waitingFor } from './waiting.ts';

/** A role as it is given. */
export const roleBody = z.strictObject({ value: z.enum(WORKER_ROLES), reason });

/** E-2: what a person is here, whatever the source says. It moves nobody off a ProPay (M-144). */
export const putRole = defineRoute({
  method: 'PUT',
  path: '/v1/workers/{id}/overrides/role',
  group: 'overrides',
  summary: 'Make a person a worker, crew lead or manager',
  access: CHANGE_ROLES,
  ifMatch: true,
  body: roleBody,
  bodyExample: { value: 'crew_lead' },
  answer: overridesAnswer,
  handler: (request) => setRole(request, request.params.id, request.body, request.ifMatch),
});

/** Gives one person a role. */
export function setRole(request: ChangeRequest, id: string, body: z.infer<typeof roleBody>, ifMatch: number): Promise<ApiAnswer> {
  const { value } = body;
  const subject = () => requireEditable(request, id, () => value);
  const by = { subject, ifMatch, reason: body.reason, more: loweredFrom(request, () => value) };
  return changeOverride(request, by, async ({ record, mirror }) => {
    await requireNoOwner(request, record.id);
    const sourceValueWhenSet = sourceRoleOf(record, mirror.tenant);
    const role = { value, sourceValueWhenSet, kept: false, ...madeBy(request, body.reason) };
    return {
      overrides: (setAt) => ({ ...record.own.overrides, role: { ...role, setAt } }),
      act: { field: 'role', act: 'set', value, sourceValueWhenSet },
    };
  });
}

export const deleteRole = defineRoute({
  method: 'DELETE',
  path: '/v1/workers/{id}/overrides/role',
  group: 'overrides',
  summary: 'Go back to the role that the source says',
  access: CHANGE_ROLES,
  ifMatch: true,
  answer: overridesAnswer,
  handler: (request) => {
    const subject = () => requireEditable(request, request.params.id, atSource);
    return changeOverride(
      request,
      { subject, ifMatch: request.ifMatch, more: loweredFrom(request, atSource) },
      async ({ record }) =>
        record.own.overrides.role === null
          ? null
          : {
              overrides: () => ({ ...record.own.overrides, role: null }),
              act: { field: 'role', act: 'cleared', value: null, sourceValueWhenSet: null },
            },
    );
  },
});

const atSource = ({ record, mirror }: Subject<'worker'>): WorkerRole => sourceRoleOf(record, mirror.tenant);

async function requireEditable(
  request: SubjectRequest,
  id: string,
  next: (subject: Subject<'worker'>) => WorkerRole,
): Promise<Subject<'worker'>> {
  const subject = await workerSubject(request, id);
  requireRoleEditor(request, [roleOf(subject.record, subject.mirror.tenant), next(subject)]);
  return subject;
}

/** Who lowers a manager is told which ProPays wait for them (M-144). */
function loweredFrom(request: SubjectRequest, next: (subject: Subject<'worker'>) => WorkerRole) {
  return async (subject: Subject<'worker'>) => {
    const lowered = roleOf(subject.record, subject.mirror.tenant) === 'manager' && next(subject) !== 'manager';
    return lowered ? { waitingPropayIds: await waitingFor(request, subject.record.id) } : {};
  };
}
