import { itemStatus } from '#bonus/item-status.ts';
import { warrantyBalance } from '#bonus/pay/warranty-balance.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { LineItem } from '#model/pay.ts';
import { todayIn } from '../bonus/desk.ts';
import { isInCharge, seesPay } from '../bonus/sight.ts';
import { moneyOf } from '../edge.ts';
import { readPeoplesPay } from './people-pay.ts';
import type { ReportDefinition, ReportInputs } from './report.ts';

/** What is kept of people's pay against rework (B-124, B-176): by worker and ProPay what was reserved, drawn, released and is left. */
export const warrantyReserves: ReportDefinition = {
  filters: ['branchId', 'divisionId', 'propertyId', 'workerId', 'propayId'],
  paged: true,
  columns: [
    ...['workerId', 'name', 'propayId', 'groupId', 'jobId', 'branchId', 'divisionId', 'propertyId'],
    ...['reserved', 'drawn', 'released', 'voided', 'balance', 'dueDate'],
  ],
  read: async (inputs) => {
    const { given, desk } = inputs;
    const { persons, nextCursor } = await readPeoplesPay(inputs);
    const groups = persons.flatMap(({ worker, pay }) => {
      const own = pay.items.filter((item) => item.part === 'warranty' && isSeen(inputs, item) && item.workerId === worker.id);
      return [...Map.groupBy(own, sourceOf)].map(([source, items]) => ({ worker, source, items }));
    });
    const jobs = await jobsOf(
      inputs,
      groups.map(({ source }) => jobIdOf(source)),
    );
    const rows = groups.flatMap(({ worker, source, items }) => {
      const jobId = jobIdOf(source);
      const place = jobs.get(jobId ?? '') ?? null;
      const { branchId } = items[0]!;
      const divisionId = place?.divisionId ?? null;
      const propertyId = place?.propertyId ?? null;
      if (given.branchId !== undefined && branchId !== given.branchId) return [];
      if (given.divisionId !== undefined && divisionId !== given.divisionId) return [];
      if (given.propertyId !== undefined && propertyId !== given.propertyId) return [];
      if (given.propayId !== undefined && source !== given.propayId) return [];
      const statusOf = (item: LineItem) => itemStatus(item.releaseOn, item.events, todayIn(desk, item.branchId));
      const balance = warrantyBalance(items, statusOf);
      return [{ worker, source, jobId, branchId, divisionId, propertyId, balance, items }];
    });
    const total = (of: (row: (typeof rows)[number]) => number): string => moneyOf(rows.reduce((sum, row) => sum + of(row), 0))!;
    return {
      figures: {
        // Over this page of people.
        reserved: total(({ balance }) => balance.reservedCents),
        drawn: total(({ balance }) => balance.drawnCents),
        released: total(({ balance }) => balance.releasedCents),
        balance: total(({ balance }) => balance.balanceCents),
      },
      items: rows.map(({ worker, source, balance, items: _items, ...place }) => ({
        ...{ workerId: worker.id, name: worker.fields.displayName },
        ...{ propayId: parseProPayId(source) === null ? null : source, groupId: parseProPayId(source) === null ? source : null },
        ...place,
        ...{ reserved: moneyOf(balance.reservedCents), drawn: moneyOf(balance.drawnCents) },
        ...{ released: moneyOf(balance.releasedCents), voided: moneyOf(balance.voidedCents) },
        ...{ balance: moneyOf(balance.balanceCents), dueDate: balance.dueDate },
      })),
      ids: rows.flatMap(({ items }) => items.map(({ id }) => id)),
      nextCursor,
    };
  },
};

function isSeen({ request, desk }: ReportInputs, item: LineItem): boolean {
  return seesPay(request, desk, item) && (request.reach === 'R' || isInCharge(request, item));
}

/** What an item's money comes from: its ProPay, or its group. */
function sourceOf({ source }: LineItem): string {
  if ('proPayId' in source) return source.proPayId;
  return 'groupId' in source ? source.groupId : '';
}

const jobIdOf = (source: string): string | null => parseProPayId(source)?.jobId ?? null;

async function jobsOf({ request }: ReportInputs, jobIds: readonly (string | null)[]) {
  const { ports, scope } = request;
  const ids = [...new Set(jobIds.filter((id) => id !== null))];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => jobKey(scope, id)),
    { consistent: false },
  );
  return new Map(items.flatMap((item, at) => (item === null ? [] : [[ids[at]!, decodeMirrorRecord<'job'>(item).fields]])));
}
