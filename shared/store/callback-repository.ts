import type { Callback } from '#model/callback.ts';
import { parseCallbackId } from '#model/ids.ts';
import { byRework, callbackKey, callbackSort, jobPartition, listPartition } from '#model/keys.ts';
import { fieldsOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** One callback by its id, read strongly; null where the id names nothing of this tenant. */
export async function readCallback(table: Table, scope: TenantScope, id: string): Promise<Callback | null> {
  const ref = parseCallbackId(id);
  if (ref === null) return null;
  const item = await table.get(scope, callbackKey(scope, ref));
  return item === null ? null : decodeCallback(item);
}

/** All rework of a job, read strongly. */
export async function listCallbacksOfJob(table: Table, scope: TenantScope, originalJobId: string): Promise<readonly Callback[]> {
  const items = await table.queryAll(scope, { partition: jobPartition(scope, originalJobId), prefix: 'C#' });
  return items.map(decodeCallback);
}

/** The jobs that a job is or was noted as rework of; by the index, which only finds where to look. */
export async function listOriginalsOf(table: Table, scope: TenantScope, jobId: string): Promise<readonly string[]> {
  const items = await table.queryAll(scope, { index: 'id', partition: byRework(scope, jobId) });
  return items.map((item) => String(item.is));
}

/** Reads a stored callback back. */
export function decodeCallback(item: Item): Callback {
  return fieldsOf(item, 'cb') as unknown as Callback;
}

/** Writes a callback in place of the one that was read; a new one where none is. Its revision is counted here. */
export function putCallbackAction(scope: TenantScope, callback: Callback): WriteAction {
  const { id, originalJobId, jobId, state, revision } = callback;
  return {
    kind: 'put',
    item: {
      ...callbackKey(scope, { originalJobId, jobId }),
      ip: byRework(scope, jobId),
      is: originalJobId,
      bp: listPartition(scope, 'CB'),
      bs: callbackSort({ state, id }),
      et: 'cb',
      v: 1,
      ...callback,
      revision: revision + 1,
    },
    condition:
      revision === 0
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: '#r = :seen', names: { '#r': 'revision' }, values: { ':seen': revision } },
  };
}
