import * as z from 'zod/mini';
import { addDays, type Instant } from '#kernel/instant.ts';
import { auditEntityPartition, auditKey, tenantHeaderKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { sealOf } from '#store/audit-chain.ts';
import { decodeAudit } from '#store/ledger.ts';
import { SEE_AUDIT } from '../access.ts';
import { instantText, listOf } from '../edge.ts';
import { type Range, readPage } from '../pages.ts';
import { PAGING, textParameter } from '../query.ts';
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
  query: { ...PAGING, entityId: textParameter('Only what happened to this record', 200) },
  answer: { status: 200, description: 'A page of entries', schema: listOf(entryShape) },
  handler: async (request) => {
    const { scope, query } = request;
    const ranges = query.entityId === undefined ? await months(request) : [ofEntity(scope, query.entityId)];
    const page = await readPage(request, ranges);
    const items = page.items.map((item) => ({ ...decodeAudit(item), tenantId: scope.tenantId, ...(sealOf(item) ?? UNSEALED) }));
    return { body: { items, nextCursor: page.nextCursor } };
  },
});

function ofEntity(scope: TenantScope, entityId: string): Range {
  return { index: 'by', partition: auditEntityPartition(scope, entityId), descending: true };
}

/** One range a month, from this one back to the tenant's first. */
async function months({ ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>): Promise<readonly Range[]> {
  const header = await ports.table.get(scope, tenantHeaderKey(scope), { consistent: false });
  const now = ports.now();
  const first = (header?.createdAt as Instant | undefined) ?? now;
  const ranges: Range[] = [];
  for (let month = now.slice(0, 7); month >= first.slice(0, 7); month = addDays(`${month}-01`, -1).slice(0, 7))
    ranges.push({ name: month, partition: auditKey(scope, month, '').pk, descending: true });
  return ranges;
}
