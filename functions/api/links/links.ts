import * as z from 'zod/mini';
import type { Connection } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import { type Link, linkedId } from '#model/link.ts';
import { listConnections } from '#store/connection-repository.ts';
import { listLinks as listLinksOf, readLink, saveLinkAction } from '#store/link-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { MANAGE_CONNECTIONS } from '../access.ts';
import { loadConnection } from '../admin/connections/load.ts';
import { commitFresh } from '../commit.ts';
import { idText, instantText, wholeListOf } from '../edge.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { choiceParameter } from '../query.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import { defineUploadRoute, type UploadPorts } from '../uploads/ports.ts';
import { decideDivision, isDivisionLink, linksOfDivisions } from './divisions.ts';
import { confirmedActions, mirroredOf, partedActions } from './effects.ts';

/** What a record of one connection may refer to in another. */
const LINKABLE = ['branch', 'division', 'route', 'client', 'worker', 'job', 'milestone'] as const;
const STATES = ['proposed', 'confirmed', 'discarded'] as const;

const linkShape = z.strictObject({
  id: idText,
  entity: z.enum(LINKABLE),
  connectionId: idText,
  sourceId: z.string(),
  targetId: idText,
  state: z.enum(STATES),
  basis: z.string(),
  at: instantText,
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(instantText),
});

const DECISION = {
  method: 'POST',
  group: 'uploads',
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  answer: { status: 200, description: 'The link', schema: linkShape },
} as const;

export const listLinks = defineUploadRoute({
  method: 'GET',
  path: '/v1/links',
  group: 'uploads',
  summary: 'Records of one connection that stand for records of another (M-43)',
  access: MANAGE_CONNECTIONS,
  query: { state: choiceParameter(STATES, 'Only links in this state') },
  answer: {
    status: 200,
    description: 'All links',
    schema: wholeListOf(linkShape),
  },
  handler: async ({ ports, scope, query }) => {
    const connections = await listConnections(ports.table, scope);
    const links = await Promise.all([
      linksOfDivisions({ ports, scope }),
      ...connections.map(({ n }) => listLinksOf(ports.table, scope, n)),
    ]);
    const items = links.flat().filter(({ state }) => query.state === undefined || state === query.state);
    return { body: { items: items.map(linkView), nextCursor: null } };
  },
});

/**
 * A link that a person makes is confirmed by that. It leads to a live record that is meant by another one: by what a connection refers to
 * and does not supply, or by a mirrored record of the same thing, which the other one then stands for (M-149, X-28).
 */
export const createLink = defineUploadRoute({
  method: 'POST',
  path: '/v1/links',
  group: 'uploads',
  summary: 'Link a record with the one that it means, in another connection or the same',
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  body: z.strictObject({
    entity: z.enum(LINKABLE),
    connectionId: idText,
    sourceId: z.string().check(z.minLength(1), z.maxLength(256)),
    targetId: idText,
  }),
  bodyExample: { entity: 'worker', connectionId: 'c000002', sourceId: '5021', targetId: 'IJYoN-iIJHfOR_HX' },
  answer: { status: 201, description: 'The link', schema: linkShape },
  handler: async (request) => {
    const { ports, scope, body, command, actor } = request;
    const { connection } = await loadConnection(request, body.connectionId);
    const ownId = linkedId(connection.id, body.entity, body.sourceId);
    const answer = await commitFresh(command, async () => {
      const before = await readLink(ports.table, scope, connection.n, ownId);
      if (before?.state === 'confirmed')
        throw new ApiProblem('link-already-decided', { detail: 'This record is linked already.', data: { linkId: before.id } });
      const now = ports.now();
      const link: Link = {
        id: `${connection.id}.${ownId}`,
        connectionId: connection.id,
        n: connection.n,
        space: body.entity,
        sourceId: body.sourceId,
        targetId: body.targetId,
        state: 'confirmed',
        basis: 'hand',
        at: now,
        decidedBy: actor.id,
        decidedAt: now,
        revision: (before?.revision ?? 0) + 1,
      };
      return {
        actions: [saveLinkAction(scope, ownId, link, before), ...(await confirmedActions(request, connection, link))],
        audit: { action: 'link.confirmed', entity: 'link', entityId: link.id, before: auditOf(before), after: auditOf(link) },
        answer: { body: linkView(link), headers: { location: `/v1/links/${link.id}` } },
      };
    });
    await nudge(ports, scope.tenantId, connection);
    return answer;
  },
});

/** An admin's word on a proposal: confirmed, the two are one; discarded, they stay apart, and nobody proposes it again. */
export const confirmLink = defineUploadRoute({
  ...DECISION,
  path: '/v1/links/{id}/confirm',
  summary: 'The two records are the same',
  handler: async (request) => {
    if (isDivisionLink(request.params.id)) return decideDivision(request, 'confirmed', linkView);
    const { connection } = await connectionOfLink(request);
    const answer = await decide(request, connection, async (before) => {
      if (before.state !== 'proposed')
        throw new ApiProblem('link-already-decided', { detail: `It was ${before.state} already.` });
      const link = decided(request, before, 'confirmed');
      return { link, actions: await confirmedActions(request, connection, link) };
    });
    await nudge(request.ports, request.scope.tenantId, connection);
    return answer;
  },
});

/** Discards a proposal; of a confirmed link between two mirrored records it takes back what that did. */
export const discardLink = defineUploadRoute({
  ...DECISION,
  path: '/v1/links/{id}/discard',
  summary: 'The two records are not the same',
  handler: async (request) => {
    if (isDivisionLink(request.params.id)) return decideDivision(request, 'discarded', linkView);
    const { connection, ownId } = await connectionOfLink(request);
    return decide(request, connection, async (before) => {
      const own = before.state === 'confirmed' ? await mirroredOf(request, before.space, ownId) : null;
      if (before.state !== 'proposed' && own?.aliasOf !== before.targetId)
        throw new ApiProblem('link-already-decided', { detail: `It was ${before.state} already.` });
      const link = decided(request, before, 'discarded');
      return { link, actions: own === null ? [] : await partedActions(request, own, before) };
    });
  },
});

type LinkRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'command' | 'reach'> & {
  readonly params: { readonly id: string };
};

async function connectionOfLink(request: LinkRequest): Promise<{ readonly connection: Connection; readonly ownId: string }> {
  const { id } = request.params;
  const cut = id.lastIndexOf('.');
  const [connectionId, ownId] = [id.slice(0, Math.max(cut, 0)), id.slice(cut + 1)];
  if (parseConnectionId(connectionId)?.tenantId !== request.scope.tenantId) throw notFound();
  return { connection: (await loadConnection(request, connectionId)).connection, ownId };
}

/** Reads the link, decides, and commits under its revision: of twins one wins, and the others are told what it decided. */
function decide(
  { ports, scope, command, params: { id } }: LinkRequest,
  { n }: Connection,
  act: (before: Link) => Promise<{ readonly link: Link; readonly actions: readonly WriteAction[] }>,
): Promise<ApiAnswer> {
  const ownId = id.slice(id.lastIndexOf('.') + 1);
  return commitFresh(command, async () => {
    const before = await readLink(ports.table, scope, n, ownId);
    if (before === null) throw notFound();
    const { link, actions } = await act(before);
    return {
      actions: [saveLinkAction(scope, ownId, link, before), ...actions],
      audit: { action: `link.${link.state}`, entity: 'link', entityId: id, before: auditOf(before), after: auditOf(link) },
      answer: { body: linkView(link) },
    };
  });
}

function decided({ ports, actor }: LinkRequest, before: Link, state: 'confirmed' | 'discarded'): Link {
  return { ...before, state, decidedBy: actor.id, decidedAt: ports.now(), revision: before.revision + 1 };
}

/** What waits for the linked record is looked at by the next run; one is asked for at once. */
async function nudge(
  ports: UploadPorts,
  tenantId: string,
  connection: { readonly id: string; readonly provider: string },
): Promise<void> {
  const { id: connectionId, provider } = connection;
  await ports.bus.publish('Resync Requested', { tenantId, connectionId, provider, kind: 'hint' });
}

function linkView({ space, n: _n, revision: _revision, ...link }: Link): Record<string, unknown> {
  return { ...link, entity: space };
}

function auditOf(link: Link | null): Record<string, unknown> | null {
  return link === null ? null : { space: link.space, state: link.state, targetId: link.targetId, basis: link.basis };
}
