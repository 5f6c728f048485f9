import * as z from 'zod/mini';
import { PERSON_ROLES } from '#model/member.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { AREA_DEFAULTS } from '#model/tenant-context.ts';
import { askedFor, NOT_INVITED, type User, type UserRecords } from '#model/user.ts';
import { readArea } from '#store/settings-repository.ts';
import { claimUserActions, createUserAction } from '#store/user-repository.ts';
import { requireContext } from '../context.ts';
import { idText } from '../edge.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { requirePlaces, requireWorkers } from '../settings/references.ts';
import { emailOf, matchWorkers } from './match-worker.ts';
import { defineUserRoute } from './ports.ts';
import { INVITE_USERS, isInScope, requireRoles } from './reach.ts';
import { auditedUser, scopeShape, userExample, userShape, userView } from './shapes.ts';

const NO_PLACES = { branchIds: [], divisionIds: [], routeIds: [] };
export const phoneText = z.string().check(z.regex(/^\+?[0-9 ().-]{5,30}$/));
export const nameText = z.string().check(z.minLength(1), z.maxLength(200));

const body = z.strictObject({
  email: z.string().check(z.maxLength(254), z.regex(/^[^\s@]{1,64}@[^\s@]{1,190}$/)),
  phone: z.optional(z.nullable(phoneText)),
  name: nameText,
  role: z.enum(PERSON_ROLES),
  scope: z.optional(z.partial(scopeShape)),
  /** The worker whose login it is; null: nobody’s. Left out, a worker that fits is shown before it is used. */
  workerId: z.optional(z.nullable(idText)),
  /** False: prepared, to be sent later. */
  send: z.optional(z.boolean()),
});

/** Invites somebody (M-147). The message goes out after the answer; where it could not be delivered the user says so. */
export const inviteUser = defineUserRoute({
  method: 'POST',
  path: '/v1/users',
  group: 'users',
  summary: 'Invite somebody with role and scope',
  access: INVITE_USERS,
  idempotency: 'accepted',
  body,
  bodyExample: { email: 'ann@example.com', name: 'Ann Field', role: 'crew_lead', workerId: null },
  answer: { status: 201, description: 'The user, invited', schema: userShape, example: userExample },
  handler: async (request) => {
    const { ports, scope, command, actor } = request;
    const records = await invited(request);
    const { user } = records;
    // An account in the pool gives no right; without one the message would lead nowhere.
    if (user.invitation.state === 'pending') await ports.pool.admit(user.email);
    const done = await command.commit({
      actions: [createUserAction(scope, user), ...claimUserActions(scope, user)],
      audit: { action: 'invitation.created', entity: 'user', entityId: user.id, before: null, after: auditedUser(records) },
      answer: {
        body: userView({ actor, ports }, records, null),
        headers: { location: `/v1/users/${user.id}` },
        revision: user.revision,
      },
    });
    if (!done.applied)
      throw new ApiProblem('already-invited', { detail: 'Somebody with this e-mail or worker is a user, or is invited.' });
    return done.answer;
  },
});

type Invite = ApiRequest<string, Record<never, never>, z.infer<typeof body>>;

async function invited(request: Invite): Promise<UserRecords> {
  const { ports, scope, body, actor } = request;
  requireRoles(request, [body.role]);
  const context = await requireContext(request);
  const given = { ...NO_PLACES, ...body.scope };
  requirePlaces(given, context, '/scope');
  const email = emailOf(body.email);
  const phone = body.phone ?? null;
  const workerId = await chosenWorker(request, email, phone);
  const [worker = null] = await requireWorkers(ports.table, scope, workerId === null ? [] : [workerId], '/workerId');
  if (request.reach === 'S' && !isInScope(actor, { scope: given, worker }, context))
    throw new ApiProblem('forbidden', { detail: 'A manager invites people of the own scope: name a worker or a place in it.' });
  const user: User = {
    id: ports.ulid(),
    email,
    phone,
    name: body.name,
    role: body.role,
    scope: given,
    workerId,
    invitation: body.send === false ? NOT_INVITED : askedFor(ports.now(), await expiryDaysOf(request)),
    sub: null,
    createdAt: ports.now(),
    createdBy: actor.id,
    cursorKey: request.cursorKey,
    revision: 1,
  };
  return { user, member: null, worker };
}

/** A worker who fits is used only by whoever has seen that (M-147). */
async function chosenWorker(request: Invite, email: string, phone: string | null): Promise<string | null> {
  if (request.body.workerId !== undefined) return request.body.workerId;
  const matches = await matchWorkers(request, { email, phone });
  if (matches.length === 0) return null;
  throw new ApiProblem('worker-matches', {
    detail: 'A worker has this e-mail or phone. Repeat the request with their workerId, or with null for a login of nobody’s.',
    data: { matches },
  });
}

/** How long an invitation holds (`people.inviteExpiryDays`). */
export async function expiryDaysOf({ ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>): Promise<number> {
  const area = await readArea(ports.table, scope, 'people');
  return { ...AREA_DEFAULTS.people, ...(area?.values as AreaValues['people'] | undefined) }.inviteExpiryDays;
}
