import { decodeGroupResult } from '#model/group-item.ts';
import { parseProPayId } from '#model/ids.ts';
import { groupResultKey, listPartition, resultKey } from '#model/keys.ts';
import { decodeResult } from '#model/propay-item.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import { moneyOf } from '../edge.ts';
import { concerns, ofBranch } from '../mirror/alerts/inputs.ts';
import { readPage } from '../pages.ts';
import type { ReportDefinition } from './report.ts';
import { alertInputs } from './sight.ts';

/** Approved work whose sources have moved since: hours, money, the records and the run that brought it (B-96). */
export const sourceChanges: ReportDefinition = {
  filters: ['branchId', 'divisionId', 'managerId'],
  paged: true,
  columns: [
    ...['propayId', 'groupId', 'branchId', 'state', 'deltaSeconds', 'delta', 'missing', 'causes'],
    ...['records', 'recordCount', 'runId', 'seenAt'],
  ],
  read: async (inputs) => {
    const { request } = inputs;
    const { ports, scope } = request;
    const asked = alertInputs(inputs);
    const list = ofBranch(listPartition(scope, 'CHANGE'), asked.filters);
    const page = await readPage(request, [{ index: 'by', ...list }]);
    const open = page.items.map(decodeDifference).filter(({ state }) => state === 'Open');
    const refs = open.map(({ proPayId }) => parseProPayId(proPayId));
    const results = await ports.table.batchGet(
      scope,
      open.map(({ proPayId }, at) => (refs[at] ? resultKey(scope, refs[at]) : groupResultKey(scope, proPayId))),
      { consistent: false },
    );
    const items = open.flatMap((one, at) => {
      const stored = results[at] ?? null;
      const isGroup = refs[at] === null;
      if (stored === null || !concerns(asked, isGroup ? decodeGroupResult(stored) : decodeResult(stored))) return [];
      const { proPayId: id, branchId, state, deltaSeconds, deltaCents, missing, causes, records, runId, seenAt } = one;
      return [
        {
          ...{ propayId: isGroup ? null : id, groupId: isGroup ? id : null, branchId, state, deltaSeconds },
          ...{ delta: moneyOf(deltaCents), missing: missing.join(' ') || null, causes: causes.join(' ') || null },
          records: records.map(({ entity, id: record, sourceId }) => `${entity} ${sourceId ?? record}`).join('; ') || null,
          ...{ recordCount: records.length, runId, seenAt },
        },
      ];
    });
    return { items, ids: items.map(({ propayId, groupId }) => propayId ?? groupId ?? ''), nextCursor: page.nextCursor };
  },
};
