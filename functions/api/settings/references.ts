import { clientKey, jobKey, type Key, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { AccessScope } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { NonBillableRules, TenantContext } from '#model/settings.ts';
import type { Item, Table } from '#store/table.ts';
import { ApiProblem } from '../problem.ts';

/** The live people that a setting names when it is saved (M-151); 422 where one is not there. */
export async function requireWorkers(
  table: Table,
  scope: TenantScope,
  ids: readonly string[],
  pointer: string,
): Promise<readonly MirrorRecord<'worker'>[]> {
  const keys = ids.map((id) => workerKey(scope, id));
  const items = await requireLive(table, scope, keys, pointer, 'a person');
  return items.map((item) => decodeMirrorRecord<'worker'>(item));
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

async function requireLive(
  table: Table,
  scope: TenantScope,
  keys: readonly Key[],
  pointer: string,
  kind: string,
): Promise<readonly Item[]> {
  const found = await table.batchGet(scope, keys);
  return found.map((item, at) => {
    if (item === null || item.tb !== undefined)
      throw unknownReference(`${pointer}/${at}`, `names ${kind} that is not in the mirror`);
    return item;
  });
}

/** The places of a scope must be there when it is given; 422 otherwise. */
export function requirePlaces(
  { branchIds, divisionIds, routeIds }: AccessScope,
  { branches, divisions, routes }: Pick<TenantContext, 'branches' | 'divisions' | 'routes'>,
  pointer: string,
): void {
  const given = {
    branchIds: [branchIds, branches],
    divisionIds: [divisionIds, divisions],
    routeIds: [routeIds, routes],
  } as const;
  for (const [name, [ids, known]] of Object.entries(given)) {
    const unknown = ids.findIndex((id) => !Object.hasOwn(known, id));
    if (unknown >= 0) throw unknownReference(`${pointer}/${name}/${unknown}`, 'names a place that is not there');
  }
}

/** 422 for a setting that names something that is not there. */
export function unknownReference(pointer: string, detail: string): ApiProblem {
  return new ApiProblem('unknown-reference', {
    detail: `Field ${pointer} ${detail}.`,
    errors: [{ pointer, code: 'unknown', detail }],
  });
}
