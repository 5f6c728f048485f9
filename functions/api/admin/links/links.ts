import * as z from 'zod/mini';
import { parseConnectionId } from '#model/ids.ts';
import { type Link, linkedId } from '#model/link.ts';
import { listConnections } from '#store/connection-repository.ts';
import { listLinks as listLinksOf, readLink, saveLinkAction } from '#store/link-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { idText, instantText } from '../../edge.ts';
import { findRecord } from '../../mirror/find.ts';
import { ApiProblem, invalidField, notFound } from '../../problem.ts';
import { choiceParameter } from '../../query.ts';
import { loadConnection } from '../connections/load.ts';
import { type AdminPorts, defineAdminRoute } from '../ports.ts';

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

export const listLinks = defineAdminRoute({
  method: 'GET',
  path: '/v1/links',
  group: 'admin',
  summary: 'Records of one connection that stand for records of another (M-43)',
  access: MANAGE_CONNECTIONS,
  query: { state: choiceParameter(STATES, 'Only links in this state') },
  answer: {
    status: 200,
    description: 'All links',
    schema: z.strictObject({ items: z.array(linkShape), nextCursor: z.null() }),
  },
  handler: async ({ ports, scope, query }) => {
    const connections = await listConnections(ports.table, scope);
    const links = await Promise.all(connections.map(({ n }) => listLinksOf(ports.table, scope, n)));
    const items = links.flat().filter(({ state }) => query.state === undefined || state === query.state);
    return { body: { items: items.map(linkView), nextCursor: null } };
  },
});

/** A link that a person makes is confirmed by that. It leads from a record the connection does not supply to one that another does. */
export const createLink = defineAdminRoute({
  method: 'POST',
  path: '/v1/links',
  group: 'admin',
  summary: 'Link a record that a connection refers to with the record that another supplies',
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
    if (connection.disconnectedAt !== null || connection.settings.entities.includes(body.entity))
      throw invalidField('/connectionId', 'must be a connected source that does not supply this entity itself');
    const target = await findRecord(ports.table, scope, body.entity, body.targetId);
    if (target === null || target.tombstone !== null || target.connectionId === connection.id)
      throw invalidField('/targetId', 'must be a live record of this entity that another connection supplies', 'unknown');
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
        actions: [saveLinkAction(scope, ownId, link, before)],
        audit: { action: 'link.confirmed', entity: 'link', entityId: link.id, before: auditOf(before), after: auditOf(link) },
        answer: { body: linkView(link), headers: { location: `/v1/links/${link.id}` } },
      };
    });
    await nudge(ports, scope.tenantId, connection);
    return answer;
  },
});

/** An admin's word on a proposal: confirmed, what waited for the record finds its place with the next run; discarded, it stays aside. */
export const confirmLink = decisionRoute('confirm', 'confirmed', 'The two records are the same');
export const discardLink = decisionRoute('discard', 'discarded', 'The two records are not the same');

function decisionRoute<const V extends 'confirm' | 'discard'>(verb: V, state: 'confirmed' | 'discarded', summary: string) {
  return defineAdminRoute({
    method: 'POST',
    path: `/v1/links/{id}/${verb}`,
    group: 'admin',
    summary,
    access: MANAGE_CONNECTIONS,
    idempotency: 'accepted',
    answer: { status: 200, description: 'The link', schema: linkShape },
    handler: async (request) => {
      const { ports, scope, command, actor } = request;
      const { id } = request.params as { readonly id: string };
      const cut = id.lastIndexOf('.');
      const [connectionId, ownId] = [id.slice(0, Math.max(cut, 0)), id.slice(cut + 1)];
      if (parseConnectionId(connectionId)?.tenantId !== scope.tenantId) throw notFound();
      const { connection } = await loadConnection(request, connectionId);
      const answer = await commitFresh(command, async () => {
        const before = await readLink(ports.table, scope, connection.n, ownId);
        if (before === null) throw notFound();
        if (before.state !== 'proposed')
          throw new ApiProblem('link-already-decided', { detail: `It was ${before.state} already.` });
        const link: Link = { ...before, state, decidedBy: actor.id, decidedAt: ports.now(), revision: before.revision + 1 };
        return {
          actions: [saveLinkAction(scope, ownId, link, before)],
          audit: { action: `link.${state}`, entity: 'link', entityId: id, before: auditOf(before), after: auditOf(link) },
          answer: { body: linkView(link) },
        };
      });
      if (state === 'confirmed') await nudge(ports, scope.tenantId, connection);
      return answer;
    },
  });
}

/** What waits for the linked record is looked at by the next run; one is asked for at once. */
async function nudge(
  ports: AdminPorts,
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
  return link === null ? null : { state: link.state, targetId: link.targetId, basis: link.basis };
}
