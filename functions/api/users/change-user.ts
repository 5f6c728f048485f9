import * as z from 'zod/mini';
import { PERSON_ROLES } from '#model/member.ts';
import { WORKER_STATES } from '#model/overrides.ts';
import { grantsOf, stateInForce, type UserRecords, userState } from '#model/user.ts';
import { saveMemberAction } from '#store/member-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { CLAIM_MARK, claimUserActions, readOwnership, releaseUserActions, saveUserAction } from '#store/user-repository.ts';
import { requireContext } from '../context.ts';
import { idText } from '../edge.ts';
import { waitingFor } from '../overrides/waiting.ts';
import { ApiProblem, stalePrecondition } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { requirePlaces, requireWorkers } from '../settings/references.ts';
import { nameText, phoneText } from './invite-user.ts';
import { tokensOfUser } from './own-tokens.ts';
import { INVITE_USERS, isInScope, requireNotOwner, requireRoles, requireUser } from './reach.ts';
import { auditedUser, revisionOf, scopeShape, userExample, userFields, userView } from './shapes.ts';

const body = z.strictObject({
  name: z.optional(nameText),
  phone: z.optional(z.nullable(phoneText)),
  role: z.optional(z.enum(PERSON_ROLES)),
  /** A key that is left out stays as it is. */
  scope: z.optional(z.partial(scopeShape)),
  workerId: z.optional(z.nullable(idText)),
  state: z.optional(z.enum(WORKER_STATES)),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
});
type Change = ApiRequest<string, Record<never, never>, z.infer<typeof body>>;

/**
 * Changes what a login gives; it acts with the next request, moves nobody off a ProPay and changes no calculation (M-144). Who lowers a
 * manager is told which ProPays wait for them.
 */
export const changeUser = defineRoute({
  method: 'PATCH',
  path: '/v1/users/{id}',
  group: 'users',
  summary: 'Change role, scope, worker or state of a user',
  access: INVITE_USERS,
  ifMatch: true,
  body,
  bodyExample: { role: 'crew_lead', reason: 'runs the north route' },
  answer: {
    status: 200,
    description: 'The user; `waitingPropayIds` where a manager was lowered',
    schema: z.strictObject({ ...userFields, waitingPropayIds: z.optional(z.array(idText)) }),
    example: userExample,
  },
  handler: async (request) => {
    const { scope, params, command, body, ifMatch, ports } = request;
    const records = await requireUser(request, params.id);
    if (revisionOf(records) !== ifMatch) throw stalePrecondition(revisionOf(records));
    requireRights(request, records);
    const next = await changed(request, records);
    const actions = await actionsOf(request, records, next);
    const [before, after] = [auditedUser(records), auditedUser(next)];
    const reason = body.reason ?? null;
    const saved = stored(records, next);
    const lowered = grantsOf(records).role === 'manager' && grantsOf(next).role !== 'manager' ? grantsOf(next).workerId : null;
    const view = userView(request, saved, await readOwnership(ports.table, scope));
    const done = await command.commit({
      actions,
      audit: actions.length === 0 ? [] : { action: 'user.changed', entity: 'user', entityId: params.id, before, after, reason },
      answer: {
        body: lowered === null ? view : { ...view, waitingPropayIds: await waitingFor(request, lowered) },
        revision: revisionOf(saved),
      },
    });
    if (done.applied) return done.answer;
    if (done.failed.some(({ index }) => isClaim(actions[index]))) throw taken();
    throw stalePrecondition(null);
  },
});

const isClaim = (action: WriteAction | undefined): boolean => action?.kind === 'put' && action.item.et === CLAIM_MARK;
const taken = () => new ApiProblem('already-invited', { detail: 'Another user has this worker.' });

/** What a manager may touch of whom, and what nobody may touch of the owner. */
function requireRights(request: Change, records: UserRecords): void {
  const { body, reach } = request;
  const { role } = grantsOf(records);
  requireRoles(request, [role, body.role ?? role]);
  if (reach === 'S' && [body.name, body.phone, body.workerId, body.state].some((one) => one !== undefined))
    throw new ApiProblem('forbidden', { detail: 'A manager changes role and scope alone. Ask an owner or admin.' });
  if (body.role !== undefined || (body.state !== undefined && body.state !== 'active')) requireNotOwner(records);
}

/** The records as they would be. */
async function changed(request: Change, records: UserRecords): Promise<UserRecords> {
  const { ports, scope: tenant, body, actor } = request;
  const { user, member } = records;
  const state = userState(records, ports.now());
  if (state === 'canceled' || state === 'removed')
    throw new ApiProblem('wrong-state', { detail: `The user is ${state}: invite them again.` });
  const given = grantsOf(records);
  const scope = { ...given.scope, ...body.scope };
  const workerId = body.workerId === undefined ? given.workerId : body.workerId;
  const context = await requireContext(request);
  if (body.scope !== undefined) requirePlaces(scope, context, '/scope');
  const [worker = null] = workerId === null ? [] : await requireWorkers(ports.table, tenant, [workerId], '/workerId');
  if (request.reach === 'S' && !isInScope(actor, { scope, worker }, context))
    throw new ApiProblem('forbidden', { detail: 'The scope reaches beyond your own.' });
  const person = { ...user, name: body.name ?? user.name, phone: body.phone === undefined ? user.phone : body.phone };
  if (member === null) {
    if (body.state !== undefined)
      throw new ApiProblem('wrong-state', { detail: 'Nobody has accepted yet: cancel the invitation instead.' });
    return { user: { ...person, role: body.role ?? user.role, scope, workerId }, member, worker };
  }
  const role = body.role ?? member.role;
  const next = {
    ...member,
    role,
    roleAt: body.role === undefined ? member.roleAt : ports.now(),
    scope,
    workerId,
    state: body.state ?? member.state,
  };
  // Who is shut out by the worker's record is let in there; saying so here would change nothing (M-148).
  if (body.state !== undefined && stateInForce(next, worker) !== body.state)
    throw new ApiProblem('wrong-state', {
      detail: 'The worker’s own record says otherwise: change it at /v1/workers/{id}/overrides/active.',
    });
  return { user: person, member: next, worker };
}

async function actionsOf(request: Change, records: UserRecords, next: UserRecords): Promise<readonly WriteAction[]> {
  const { scope } = request;
  const { user, member } = next;
  const [before, after] = [grantsOf(records).workerId, grantsOf(next).workerId];
  const moves = before !== after;
  const leaves = member !== null && member.state !== 'active' && records.member?.state === 'active';
  return [
    ...(same(user, records.user) ? [] : [saveUserAction(scope, user)]),
    ...(member === null || same(member, records.member) ? [] : [saveMemberAction(scope, member)]),
    ...(moves ? releaseUserActions(scope, { id: user.id, workerId: before }) : []),
    ...(moves ? claimUserActions(scope, { id: user.id, workerId: after }) : []),
    ...(leaves ? await tokensOfUser(request, user.id) : []),
  ];
}

/** The records with the revisions that the store gives them. */
function stored(records: UserRecords, { user, member, worker }: UserRecords): UserRecords {
  return {
    user: same(user, records.user) ? user : { ...user, revision: user.revision + 1 },
    member: member === null || same(member, records.member) ? member : { ...member, revision: member.revision + 1 },
    worker,
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
