import type { SourceDifference } from '#model/difference.ts';
import { presentDifference } from '#model/difference.ts';
import type { Group, GroupResult } from '#model/group.ts';
import { decodeGroup, decodeGroupResult } from '#model/group-item.ts';
import { differenceKey, groupResultKey, listPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { listOf } from '../../edge.ts';
import { type Range, readPage } from '../../pages.ts';
import { ApiProblem } from '../../problem.ts';
import { choiceParameter, idParameter, PAGING } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { seesProPay, viewerOfGroup } from '../sight.ts';
import { GROUP_STATUSES, groupRowSchema } from './shapes.ts';
import { groupView } from './views.ts';

interface Filters {
  readonly status?: Group['status'] | undefined;
  readonly branchId?: string | undefined;
}

/** The tenant's group ProPays by status, branch and period, those that the caller may see. */
export const listGroups = defineRoute({
  method: 'GET',
  path: '/v1/groups',
  group: 'groups',
  summary: 'Group ProPays',
  access: SEE_PROPAYS,
  query: {
    ...PAGING,
    status: choiceParameter(GROUP_STATUSES, 'Only groups of this status'),
    branchId: idParameter('Only groups of this branch; needs status'),
  },
  answer: { status: 200, description: 'A page of groups', schema: listOf(groupRowSchema) },
  handler: async (request) => {
    const { ports, scope, query } = request;
    const [desk, page] = await Promise.all([openDesk(request), readPage(request, rangesOf(scope, query))]);
    const rows = await withResults(ports.table, scope, page.items);
    const seen = rows.filter(({ result }) => seesProPay(request, desk, result));
    return {
      body: {
        items: seen.map((row) => groupView(row, desk, viewerOfGroup(request, desk, { result: row.result }))),
        nextCursor: page.nextCursor,
      },
    };
  },
});

function rangesOf(scope: TenantScope, { status, branchId }: Filters): readonly Range[] {
  const partition = listPartition(scope, 'GRP');
  if (branchId !== undefined) {
    if (status === undefined)
      throw new ApiProblem('invalid-parameter', {
        detail: 'branchId needs status. Combinations offered: none; status; status + branchId.',
        errors: [{ parameter: 'branchId', code: 'combination', detail: 'needs status' }],
      });
    return [{ index: 'by', partition, prefix: `${status}#${branchId}#` }];
  }
  return status === undefined ? [{ index: 'by', partition }] : [{ index: 'by', partition, prefix: `${status}#` }];
}

interface Row {
  readonly group: Group;
  readonly result: GroupResult;
  readonly difference: SourceDifference | null;
}

/** The rows of a page with their results and differences, in one more reading. */
async function withResults(table: Table, scope: TenantScope, items: readonly Item[]): Promise<readonly Row[]> {
  const groups = items.map(decodeGroup);
  const keys = groups.flatMap(({ id }) => [groupResultKey(scope, id), differenceKey(scope, id)]);
  const found = await table.batchGet(scope, keys, { consistent: false });
  return groups.flatMap((group, at) => {
    const [result, difference] = [found[2 * at], found[2 * at + 1]];
    if (!result) return [];
    const seen = difference ? decodeDifference(difference) : null;
    return [{ group, result: decodeGroupResult(result), difference: presentDifference(seen, group.approval) }];
  });
}
