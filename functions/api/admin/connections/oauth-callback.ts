import * as z from 'zod/mini';
import type { Actor } from '#model/people.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { ownMember } from '#model/user.ts';
import { type Authorization, readAuthorization, useAuthorizationAction } from '#store/authorization-repository.ts';
import { readMember } from '#store/member-repository.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import { readUser } from '#store/user-repository.ts';
import { BY_ONE_TIME_SECRET, MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { openCommand } from '../../idempotency.ts';
import { actorOfMember } from '../../member-actor.ts';
import { ApiProblem } from '../../problem.ts';
import { textParameter } from '../../query.ts';
import { type AdminPorts, defineAdminRoute } from '../ports.ts';
import { CALLBACK_PATH, readState } from './authorization.ts';
import { exchangeOrRefuse } from './check.ts';
import { connected } from './connected.ts';
import { loadConnection } from './load.ts';
import { requireSameAccount } from './same-account.ts';

/**
 * Where the source sends a person back to after the approval. The `state` holds a secret that we gave out for this tenant, connection and
 * person: it is used up before anything else is done, so that a link that is opened twice, late or by somebody else does nothing.
 */
export const oauthCallback = defineAdminRoute({
  method: 'GET',
  path: CALLBACK_PATH,
  group: 'admin',
  summary: 'End of an approval at the source’s own page',
  access: BY_ONE_TIME_SECRET,
  query: {
    state: textParameter('What the authorize page was opened with'),
    code: textParameter('The approval; absent where it was not given', 4_096),
  },
  anyQuery: true,
  answer: {
    status: 200,
    description: 'What was connected',
    schema: z.strictObject({
      connectionId: z.string(),
      provider: z.string(),
      name: z.string(),
      accountName: z.nullable(z.string()),
      state: z.string(),
    }),
  },
  handler: async (request) => {
    const { ports, query, requestId, path, route } = request;
    const place = readState(query.state ?? '');
    if (place === null) throw over();
    const scope = scopeOf(place.tenantId);
    const authorization = await takeAuthorization(ports, scope, place.n, place.secretHash);
    const actor = await requireStarter(ports, scope, authorization);
    if (query.code === undefined)
      throw new ApiProblem('credentials-refused', {
        detail: 'The connection was not approved at the source.',
        data: { cause: 'approval_denied' },
      });
    const here = { ports, scope };
    const id = `${place.tenantId}.${place.n}`;
    const { connection: first } = await loadConnection(here, id);
    const { sealed } = authorization;
    const checked = await exchangeOrRefuse(here, first, { code: query.code, sealed }, await requireContext(here));
    await requireSameAccount(ports.table, scope, first, checked);
    await ports.slots.occupy(first.provider, first.settings.cycleMinutes, scope, first.n);
    const run = { runId: ports.ulid(), requestedBy: actor.id, requestedAt: ports.now() };
    const { command } = await openCommand({
      ports,
      scope,
      actor,
      requestId,
      route,
      path,
      body: null,
      key: null,
      defaultStatus: 200,
    });
    const answer = await commitFresh(command, async () => {
      const { connection, sync, actions, audit } = connected(scope, await loadConnection(here, id), checked, run);
      const { provider, name, accountName } = connection;
      return { actions, audit, answer: { body: { connectionId: id, provider, name, accountName, state: sync.state } } };
    });
    const { tenantId } = scope;
    await ports.bus.publish('Resync Requested', { tenantId, connectionId: id, provider: first.provider, kind: 'hint' });
    return answer;
  },
});

async function takeAuthorization(ports: AdminPorts, scope: TenantScope, n: number, secretHash: string): Promise<Authorization> {
  const authorization = await readAuthorization(ports.table, scope, n);
  if (authorization === null || authorization.secretHash !== secretHash || authorization.expiresAt <= ports.now()) throw over();
  const used = await ports.table.write(scope, [useAuthorizationAction(scope, n, authorization)]);
  if (!used.applied) throw over();
  return authorization;
}

/** Whoever opened the approval must still be somebody who may connect: rights act at once (M-144). */
async function requireStarter({ table }: AdminPorts, scope: TenantScope, { by }: Authorization): Promise<Actor> {
  const actor = by.kind === 'user' ? await actorOfUser(table, scope, by.id) : await actorOfToken(table, scope, by.id);
  if (actor === null || MANAGE_CONNECTIONS.matrix[actor.role] === '-')
    throw new ApiProblem('forbidden', { detail: 'Who opened this approval may no longer connect sources.' });
  return actor;
}

async function actorOfToken(table: Table, scope: TenantScope, tokenId: string): Promise<Actor | null> {
  const token = await readApiToken(table, scope, tokenId);
  if (token === null || token.revokedAt !== null || token.restricted) return null;
  const { id, role, userId, workerId } = token;
  return { kind: 'token', id, role, userId, workerId, formerWorkerIds: [], scope: token.scope };
}

async function actorOfUser(table: Table, scope: TenantScope, userId: string): Promise<Actor | null> {
  const user = await readUser(table, scope, userId);
  const member = user?.sub ? ownMember(user, await readMember(table, scope, user.sub)) : null;
  return member === null ? null : ((await actorOfMember(table, scope, member))?.actor ?? null);
}

function over(): ApiProblem {
  return new ApiProblem('authorization-over');
}
