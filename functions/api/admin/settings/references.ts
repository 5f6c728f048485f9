import { workerKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem } from '../../problem.ts';

/** A setting that names people must name live ones when it is saved (M-151); 422 otherwise. */
export async function requireWorkers(table: Table, scope: TenantScope, ids: readonly string[], pointer: string): Promise<void> {
  const found = await table.batchGet(
    scope,
    ids.map((id) => workerKey(scope, id)),
  );
  const missing = ids.findIndex((_id, at) => !found[at] || found[at].tb !== undefined);
  if (missing >= 0) throw unknownReference(`${pointer}/${missing}`, 'names a person who is not in the mirror');
}

/** 422 for a setting that names something that is not there. */
export function unknownReference(pointer: string, detail: string): ApiProblem {
  return new ApiProblem('unknown-reference', {
    detail: `Field ${pointer} ${detail}.`,
    errors: [{ pointer, code: 'unknown', detail }],
  });
}
