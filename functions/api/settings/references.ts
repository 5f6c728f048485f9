import { clientKey, jobKey, type Key, workerKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { NonBillableRules } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem } from '../problem.ts';

/** A setting that names people must name live ones when it is saved (M-151); 422 otherwise. */
export async function requireWorkers(table: Table, scope: TenantScope, ids: readonly string[], pointer: string): Promise<void> {
  const keys = ids.map((id) => workerKey(scope, id));
  await requireLive(table, scope, keys, pointer, 'a person');
}

/** A setting that names jobs or clients must name live ones when it is saved (M-151); 422 otherwise. */
export async function requireOverhead(table: Table, scope: TenantScope, { jobIds, clientIds }: NonBillableRules): Promise<void> {
  await requireLive(
    table,
    scope,
    jobIds.map((id) => jobKey(scope, id)),
    '/values/nonBillableRules/jobIds',
    'a job',
  );
  await requireLive(
    table,
    scope,
    clientIds.map((id) => clientKey(scope, id)),
    '/values/nonBillableRules/clientIds',
    'a client',
  );
}

async function requireLive(table: Table, scope: TenantScope, keys: readonly Key[], pointer: string, kind: string): Promise<void> {
  const found = await table.batchGet(scope, keys);
  const missing = found.findIndex((item) => item === null || item.tb !== undefined);
  if (missing >= 0) throw unknownReference(`${pointer}/${missing}`, `names ${kind} that is not in the mirror`);
}

/** 422 for a setting that names something that is not there. */
export function unknownReference(pointer: string, detail: string): ApiProblem {
  return new ApiProblem('unknown-reference', {
    detail: `Field ${pointer} ${detail}.`,
    errors: [{ pointer, code: 'unknown', detail }],
  });
}
