import * as z from 'zod/mini';
import { periodOf } from '#kernel/period.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { EntityName } from '#model/entities.ts';
import { listPartition } from '#model/keys.ts';
import { decodeProPay } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { dateText, idText } from '../../edge.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';

/** ProPays that are counted and named. */
const MOST = 1_000;
/** What calculations are made of: without it an Active ProPay stands still. */
const INPUTS: readonly EntityName[] = ['worker', 'wage_record', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'];

const period = z.strictObject({ branchId: z.nullable(idText), startDate: dateText, endDate: dateText });

/**
 * What disconnecting would stop in the middle (M-112, X-27): the pay periods that run today, of the tenant and of branches with a calendar
 * of their own, and the Active ProPays, whose hours end here. Nothing is changed.
 */
export const previewDisconnect = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/disconnect-preview',
  group: 'admin',
  summary: 'What disconnecting would stop: pay periods and Active ProPays',
  access: MANAGE_CONNECTIONS,
  answer: {
    status: 200,
    description: 'The periods that are under way, and up to 1,000 ProPays',
    schema: z.strictObject({ periods: z.array(period), propayIds: z.array(z.string()), detail: z.string() }),
  },
  handler: async (request) => {
    const { ports, scope, params } = request;
    const { connection } = await loadConnection(request, params.id);
    const context = await readContext(ports.table, scope);
    if (context === null) throw new Error('a tenant without context');
    const today = localDateOf(ports.now(), context.zone);
    const own = Object.entries(context.branches).flatMap(([branchId, { payCalendar }]) =>
      payCalendar === null ? [] : [{ branchId, ...periodOf(payCalendar, today) }],
    );
    const periods = [{ branchId: null, ...periodOf(context.payCalendar, today) }, ...own];
    const feeds = connection.disconnectedAt === null && INPUTS.some((entity) => connection.settings.entities.includes(entity));
    const propayIds = feeds ? await activeProPays(ports, scope) : [];
    const { startDate, endDate } = periods[0]!;
    const detail =
      propayIds.length === 0
        ? 'No Active ProPay is concerned.'
        : `The pay period ${startDate} to ${endDate} is under way: time that is recorded after disconnecting reaches none of these ProPays, and approving them needs stale data to be accepted.`;
    return { body: { periods, propayIds, detail } };
  },
});

async function activeProPays({ table }: { readonly table: Table }, scope: TenantScope): Promise<readonly string[]> {
  const { items } = await table.query(scope, {
    index: 'by',
    partition: listPartition(scope, 'PP'),
    prefix: 'Active#',
    limit: MOST,
  });
  const found = await table.batchGet(
    scope,
    items.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: false },
  );
  return found.flatMap((item) => (item === null ? [] : [decodeProPay(item).id])).sort();
}
