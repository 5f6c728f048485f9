import type { EntityName, IdentitySpace } from '#model/entities.ts';
import { isMirrorId, mirrorId } from '#model/ids.ts';
import { byMirrorId, type Key } from '#model/keys.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { keyOfId } from '#model/record-key.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';

/** Spaces of source ids that an entity's records may come from. */
const SPACES: { readonly [E in EntityName]: readonly IdentitySpace[] } = {
  branch: ['branch'],
  division: ['division'],
  route: ['route'],
  client: ['client', 'property'],
  worker: ['worker'],
  wage_record: ['wage_record'],
  job: ['job'],
  milestone: ['milestone'],
  budget_info: ['budget_info'],
  material_allocation: ['material_allocation'],
  time_entry: ['time', 'shift'],
  drive_time: ['time'],
};

/** One record by its mirror id; null when there is none of this entity. An id of another tenant computes a key that holds nothing. */
export async function findRecord(table: Table, scope: TenantScope, entity: EntityName, id: string): Promise<MirrorRecord | null> {
  return isMirrorId(id) ? ((await findRecords(table, scope, entity, [id]))[0] ?? null) : null;
}

/** Records by mirror id, in one BatchGet; those that do not exist are left out. */
export async function findRecords(
  table: Table,
  scope: TenantScope,
  entity: EntityName,
  ids: readonly string[],
): Promise<readonly MirrorRecord[]> {
  const keys = await Promise.all(ids.map((id) => locate(table, scope, entity, id)));
  const items = await table.batchGet(scope, keys.flat());
  return items.flatMap((item) => {
    const record = item !== null && isMirrorItem(item) ? decodeMirrorRecord(item) : null;
    return record !== null && record.entity === entity ? [record] : [];
  });
}

async function locate(table: Table, scope: TenantScope, entity: EntityName, id: string): Promise<readonly Key[]> {
  const computed = keyOfId(scope, entity, id);
  if (computed !== null) return [computed];
  const page = await table.query(scope, { index: 'id', partition: byMirrorId(scope, id), limit: 1 });
  return page.items.map(({ pk, sk }) => ({ pk, sk }));
}

/** Mirror ids that a source id can have: one for each connection (or the one named) and space. Computed, never looked up. */
export function idsOfSource(
  entity: EntityName,
  sourceId: string,
  tenant: Pick<TenantContext, 'connections'>,
  connectionId: string | undefined,
): readonly string[] {
  const connections = Object.keys(tenant.connections).filter((id) => connectionId === undefined || id === connectionId);
  return connections.flatMap((connection) => SPACES[entity].map((space) => mirrorId(connection, space, sourceId)));
}

/** The spaces of an entity's source ids. */
export function spacesOf(entity: EntityName): readonly IdentitySpace[] {
  return SPACES[entity];
}
