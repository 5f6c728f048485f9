import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { EntityName } from '#model/entities.ts';
import {
  localWageKey,
  overriddenKey,
  overriddenPartition,
  overrideHistoryKey,
  overrideHistoryPartition,
  workerPartition,
} from '#model/keys.ts';
import type { LocalWage, OverrideField } from '#model/overrides.ts';
import type { TenantScope } from '#model/scope.ts';
import { IF_ABSENT } from './conditions.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** Something that somebody did with an override; never rewritten (M-116). */
export interface OverrideAct {
  readonly field: OverrideField;
  readonly act: 'set' | 'kept' | 'cleared';
  /** What was set, in the field's own units; null of a clearing. */
  readonly value: unknown;
  readonly sourceValueWhenSet: unknown;
  /** Of a wage: the day from which it holds, or is cleared. */
  readonly effectiveFrom: LocalDate | null;
  readonly burdenBp: number | null;
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | null;
  /** Read with the history of another record: the one that it was done with. */
  readonly from?: string;
}

/** Adds an act to a record's history, under the revision that its facts get with it. */
export function putOverrideActAction(scope: TenantScope, recordId: string, revision: number, act: OverrideAct): WriteAction {
  const key = overrideHistoryKey(scope, recordId, revision);
  return { kind: 'put', item: { ...key, et: 'oh', v: 1, act }, condition: IF_ABSENT };
}

/** Everything that was done with the overrides of a record, oldest first. */
export async function listOverrideActs(table: Table, scope: TenantScope, recordId: string): Promise<readonly OverrideAct[]> {
  const items = await table.queryAll(scope, { partition: overrideHistoryPartition(scope, recordId) });
  return items.map(({ act }) => act as OverrideAct);
}

/** Notes that a record has overrides, or has none any more. */
export function noteOverriddenAction(scope: TenantScope, entity: EntityName, id: string, overridden: boolean): WriteAction {
  const key = overriddenKey(scope, entity, id);
  return overridden ? { kind: 'put', item: { ...key, et: 'oq', v: 1 } } : { kind: 'delete', key };
}

/** The records that have overrides, by entity and id. */
export async function listOverridden(
  table: Table,
  scope: TenantScope,
): Promise<readonly { readonly entity: EntityName; readonly id: string }[]> {
  const items = await table.queryAll(scope, { partition: overriddenPartition(scope), consistent: false });
  return items.map(({ sk }) => {
    const [entity, id] = sk.split('#') as [EntityName, string];
    return { entity, id };
  });
}

/**
 * Adds a local row to a worker's wages, where calculations read them (E-1), in the order of the record's own decisions: `revision` is that
 * with which the row came there.
 */
export function putLocalWageAction(scope: TenantScope, workerId: string, row: LocalWage, revision = row.setAt): WriteAction {
  const key = localWageKey(scope, workerId, row.effectiveFrom, revision);
  return { kind: 'put', item: { ...key, et: 'wg', v: 1, own: row }, condition: IF_ABSENT };
}

/** The local rows of a worker's wages as they are stored, oldest first. */
export async function listLocalWages(table: Table, scope: TenantScope, workerId: string): Promise<readonly Item[]> {
  const items = await table.queryAll(scope, { partition: workerPartition(scope, workerId), prefix: 'G#' });
  return items.filter((item) => decodeLocalWage(item) !== null);
}

/** Takes away a local row that was of another record, which stands for itself again. */
export function dropLocalWageAction({ pk, sk }: Item): WriteAction {
  return { kind: 'delete', key: { pk, sk } };
}

/** A local wage row; null for a row of the source. */
export function decodeLocalWage(item: Item): LocalWage | null {
  return item.et === 'wg' && item.own !== undefined ? (item.own as LocalWage) : null;
}
