import * as z from 'zod/mini';
import { makeToken } from '#model/api-token.ts';
import type { ApiToken } from '#model/people.ts';
import { ROLES } from '#model/people.ts';
import { grantsOf, userState } from '#model/user.ts';
import { createApiTokenAction, listApiTokens, readApiToken, revokeApiTokenAction } from '#store/people-repository.ts';
import { readUser, readUserRecords } from '#store/user-repository.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { requireContext } from '../context.ts';
import { idText, instantText, wholeListOf } from '../edge.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { requirePlaces, requireWorkers, unknownReference } from '../settings/references.ts';
import { defineAdminRoute } from './ports.ts';

const ids = z.array(idText).check(z.maxLength(200));
const scopeShape = z.strictObject({ branchIds: ids, divisionIds: ids, routeIds: ids });
const tokenFields = {
  id: idText,
  name: z.string(),
  role: z.enum(ROLES),
  workerId: z.nullable(idText),
  userId: z.nullable(idText),
  scope: scopeShape,
  createdAt: instantText,
  createdBy: z.string(),
  revokedAt: z.nullable(instantText),
  restricted: z.boolean(),
};
const tokenShape = z.strictObject(tokenFields);

export const listTokens = defineAdminRoute({
  method: 'GET',
  path: '/v1/api-tokens',
  group: 'admin',
  summary: 'API tokens, without their secrets',
  access: CHANGE_SETTINGS,
  answer: {
    status: 200,
    description: 'All tokens, revoked ones too',
    schema: wholeListOf(tokenShape),
  },
  handler: async ({ ports, scope }) => ({
    body: { items: (await listApiTokens(ports.table, scope)).map(tokenView), nextCursor: null },
  }),
});

export const createToken = defineAdminRoute({
  method: 'POST',
  path: '/v1/api-tokens',
  group: 'admin',
  summary: 'Make an API token; its text is shown this once',
  bodyExample: { name: 'Payroll export', role: 'auditor' },
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(100)),
    role: z.enum(ROLES),
    workerId: z.optional(idText),
    /** Whom it stands for: it ends with their login, and has their worker. */
    userId: z.optional(idText),
    scope: z.optional(z.partial(scopeShape)),
  }),
  answer: {
    status: 201,
    description: 'The token; a repeated request gets it without its text',
    schema: z.strictObject({ ...tokenFields, token: z.nullable(z.string()) }),
  },
  handler: async (request) => {
    const { ports, scope, body, command, actor } = request;
    if (body.role === 'owner' && actor.role !== 'owner')
      throw new ApiProblem('forbidden', { detail: 'Only the owner gives a token the owner’s rights.' });
    const workerId = await workerOf(request, body);
    const [worker] = await requireWorkers(ports.table, scope, workerId === null ? [] : [workerId], '/workerId');
    const access = { branchIds: [], divisionIds: [], routeIds: [], ...body.scope };
    const context = await requireContext(request);
    requirePlaces(access, context, '/scope');
    const id = ports.ulid();
    const { token, secretHash } = makeToken(scope.tenantId, id, ports.randomBytes);
    const record: ApiToken = {
      id,
      name: body.name,
      secretHash,
      role: body.role,
      workerId,
      userId: body.userId ?? null,
      scope: access,
      createdAt: ports.now(),
      createdBy: actor.id,
      revokedAt: null,
      restricted: body.role !== 'owner' && (worker?.own.settings?.restrictAccess ?? false),
      cursorKey: request.cursorKey,
    };
    const view = tokenView(record);
    const headers = { location: `/v1/api-tokens/${id}` };
    const done = await command.commit({
      actions: [createApiTokenAction(scope, record)],
      audit: { action: 'api_token.created', entity: 'api_token', entityId: id, before: null, after: view },
      answer: { body: { ...view, token }, headers },
      // The secret is kept nowhere, so a repetition cannot be given it again.
      replay: { body: { ...view, token: null }, headers },
    });
    if (!done.applied) throw new ApiProblem('store-conflict');
    return done.answer;
  },
});

export const revokeToken = defineAdminRoute({
  method: 'DELETE',
  path: '/v1/api-tokens/{id}',
  group: 'admin',
  summary: 'Revoke an API token: it ends with the next request',
  access: CHANGE_SETTINGS,
  answer: { status: 204, description: 'It is revoked', schema: z.undefined() },
  handler: async ({ ports, scope, params, command, actor }) => {
    const token = await readApiToken(ports.table, scope, params.id);
    if (token === null) throw notFound();
    if (token.role === 'owner' && actor.role !== 'owner')
      throw new ApiProblem('forbidden', { detail: 'Only the owner revokes a token with the owner’s rights.' });
    const done = await command.commit({
      actions: [revokeApiTokenAction(scope, token.id, ports.now())],
      audit: { action: 'api_token.revoked', entity: 'api_token', entityId: token.id, before: tokenView(token), after: null },
      answer: { body: undefined },
    });
    // It was revoked already: the same end, and nothing more to note.
    return done.applied ? done.answer : { body: undefined };
  },
});

function tokenView(token: ApiToken): Record<string, unknown> {
  const { secretHash: _hash, cursorKey: _key, ...view } = token;
  return view;
}

/** The worker of a token: the one that is named, or that of the user whom it stands for, who has to be there and let in. */
async function workerOf(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  { userId, workerId }: { readonly userId?: string | undefined; readonly workerId?: string | undefined },
): Promise<string | null> {
  if (userId === undefined) return workerId ?? null;
  const user = await readUser(ports.table, scope, userId);
  const [records] = await readUserRecords(ports.table, scope, user === null ? [] : [user]);
  if (records === undefined || userState(records, ports.now()) !== 'active')
    throw unknownReference('/userId', 'names nobody who signs in here');
  const own = grantsOf(records).workerId;
  if (workerId !== undefined && workerId !== own) throw unknownReference('/workerId', 'is not the worker of the user');
  return own;
}
