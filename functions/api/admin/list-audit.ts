import * as z from 'zod/mini';
import { addDays, type Instant } from '#kernel/instant.ts';
import { auditEntityPartition, auditKey, type Key, tenantHeaderKey } from '#model/keys.ts';
import type { AuditEntry } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import { sealOf } from '#store/audit-chain.ts';
import { decodeAudit } from '#store/ledger.ts';
import type { Item } from '#store/table.ts';
import { SEE_AUDIT } from '../access.ts';
import { instantText, listOf } from '../edge.ts';
import { type Range, readPage } from '../pages.ts';
import { dateParameter, PAGING, textParameter } from '../query.ts';
import type { ApiRequest } from '../route.ts';
import { defineAdminRoute } from './ports.ts';

const entryShape = z.strictObject({
  id: z.string(),
  at: instantText,
  tenantId: z.string(),
  actor: z.strictObject({ kind: z.enum(['token', 'user', 'system']), id: z.string() }),
  action: z.string(),
  entity: z.string(),
  entityId: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.nullable(z.string()),
  requestId: z.string(),
  source: z.string(),
  selfApproved: z.optional(z.literal(true)),
  onBehalfOf: z.optional(z.string()),
  seq: z.nullable(z.int()),
  prevHash: z.nullable(z.string()),
  hash: z.nullable(z.string()),
});
/** An entry is sealed within seconds. */
const UNSEALED = { seq: null, prevHash: null, hash: null };

/** The audit log, newest first: all of it, or what happened to one entity (M-153, M-154). */
export const listAudit = defineAdminRoute({
  method: 'GET',
  path: '/v1/audit',
  group: 'admin',
  summary: 'Who changed what, newest first',
  access: SEE_AUDIT,
  query: {
    ...PAGING,
    entityId: textParameter('Only what happened to this record', 200),
    entity: textParameter('Only what happened to records of this kind', 60),
    actor: textParameter('Only what this user, token or part of the system did: its id', 120),
    action: textParameter('Only this action', 80),
    from: dateParameter('From this day on, in UTC'),
    to: dateParameter('Before this day, in UTC'),
  },
  answer: { status: 200, description: 'A page of entries', schema: listOf(entryShape) },
  handler: async (request) => {
    const { scope, query } = request;
    const { from = '', to = '~', entityId } = query;
    const accept = (key: Key): boolean => isMeant(decodeAudit(key as Item), query);
    const ranges =
      entityId === undefined
        ? (await months(request))
            .filter(({ name }) => name >= from.slice(0, 7) && name <= to.slice(0, 7))
            .map((range) => ({ ...range, accept }))
        : [ofEntity(scope, entityId)];
    const page = await readPage(request, ranges);
    // Of one record the keys alone were read at first.
    const meant = page.items.filter((item) => isMeant(decodeAudit(item), query));
    const items = meant.map((item) => ({ ...decodeAudit(item), tenantId: scope.tenantId, ...(sealOf(item) ?? UNSEALED) }));
    return { body: { items, nextCursor: page.nextCursor } };
  },
});

type Filters = Readonly<Partial<Record<'entity' | 'actor' | 'action' | 'from' | 'to', string>>>;

function isMeant(entry: AuditEntry, { entity, actor, action, from, to }: Filters): boolean {
  return (
    (entity === undefined || entry.entity === entity) &&
    (actor === undefined || entry.actor.id === actor) &&
    (action === undefined || entry.action === action) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to)
  );
}

function ofEntity(scope: TenantScope, entityId: string): Range {
  return { index: 'by', partition: auditEntityPartition(scope, entityId), descending: true };
}

/** One range a month, from this one back to the tenant's first. */
async function months({
  ports,
  scope,
}: Pick<ApiRequest, 'ports' | 'scope'>): Promise<readonly (Range & { readonly name: string })[]> {
  const header = await ports.table.get(scope, tenantHeaderKey(scope), { consistent: false });
  const now = ports.now();
  const first = (header?.createdAt as Instant | undefined) ?? now;
  const ranges: (Range & { readonly name: string })[] = [];
  for (let month = now.slice(0, 7); month >= first.slice(0, 7); month = addDays(`${month}-01`, -1).slice(0, 7))
    ranges.push({ name: month, partition: auditKey(scope, month, '').pk, descending: true });
  return ranges;
}
