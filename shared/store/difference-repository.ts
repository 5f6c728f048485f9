import { DIFFERENCE_DEFAULTS, type DifferenceDecisionRecord, type SourceDifference } from '#model/difference.ts';
import { approvalPartition, differenceDecisionKey, differenceKey, differenceSort, listPartition } from '#model/keys.ts';
import { fieldsOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** The difference of an approved ProPay, open or decided; null where its sources never moved. */
export async function readDifference(table: Table, scope: TenantScope, proPayId: string): Promise<SourceDifference | null> {
  const item = await table.get(scope, differenceKey(scope, proPayId));
  return item === null ? null : decodeDifference(item);
}

/** Reads a stored difference back. */
export function decodeDifference(item: Item): SourceDifference {
  return withDefaults(fieldsOf(item, 'df') as unknown as SourceDifference);
}

/** What was stored before it told what was booked had booked all that was decided. */
function withDefaults(stored: SourceDifference): SourceDifference {
  const full = { ...DIFFERENCE_DEFAULTS, ...stored };
  const { settled } = full;
  return {
    ...full,
    settled: { ...settled, booked: settled.booked ?? settled.byWorker },
    parts: full.parts.map(withDefaults),
  };
}

/**
 * Writes a difference in place of the one that was read, or where none was: a decision and a further change of the source meet here, and
 * only one of them goes on. An open one is listed.
 */
export function putDifferenceAction(scope: TenantScope, difference: SourceDifference): WriteAction {
  const { proPayId, branchId, state, revision } = difference;
  const listed = state === 'Open' ? { bp: listPartition(scope, 'CHANGE'), bs: differenceSort({ branchId, proPayId }) } : {};
  return {
    kind: 'put',
    item: { ...differenceKey(scope, proPayId), ...listed, et: 'df', v: 1, ...difference, revision: revision + 1 },
    condition:
      revision === 0
        ? { expression: 'attribute_not_exists(#r)', names: { '#r': 'revision' } }
        : { expression: '#r = :seen', names: { '#r': 'revision' }, values: { ':seen': revision } },
  };
}

/** Writes what was decided of a difference; refused where the same one was decided on. */
export function differenceDecisionAction(scope: TenantScope, record: DifferenceDecisionRecord): WriteAction {
  const { proPayId, approval, n } = record;
  return {
    kind: 'put',
    item: { ...differenceDecisionKey(scope, proPayId, approval, n), et: 'dd', v: 1, ...record },
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}

/** What was decided of a ProPay's differences, oldest first, of all its approvals. */
export async function listDifferenceDecisions(
  table: Table,
  scope: TenantScope,
  proPayId: string,
): Promise<readonly DifferenceDecisionRecord[]> {
  const items = await table.queryAll(scope, { partition: approvalPartition(scope, proPayId), prefix: 'D#' });
  return items.map((item) => fieldsOf(item, 'dd') as unknown as DifferenceDecisionRecord);
}
