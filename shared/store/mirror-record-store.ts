import { ENTITIES, type EntityFields, type EntityName } from '#model/entities.ts';
import { parseConnectionId } from '#model/ids.ts';
import { byMirrorId, jobKey, type Key, linkKey, markerKey, milestoneKey, referencePartition } from '#model/keys.ts';
import { decodeMirrorRecord, ENTITY_MARKS, encodeMirrorRecord, isMirrorItem, mirrorKey } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { keyOfId } from '#model/record-key.ts';
import type { TenantScope } from '#model/scope.ts';
import type { RecordPlace, StoredRecord, TargetRef, TargetState, WriteResult } from '#model/sync-items.ts';
import { decodeLink } from './link-repository.ts';
import {
  asRead,
  asReadByPeople,
  listChildren,
  moveActions,
  moveChildren,
  SYNC_OWNED,
  successorAttributes,
} from './move-record.ts';
import type { Item, QueryPage, Table, WriteAction, WriteOutcome } from './table.ts';
import { setAttributes } from './update-expression.ts';

const PARALLEL_LOOKUPS = 16;
/** An id that is used again and again leads from generation to generation; a longer chain would be a loop. */
const MAX_GENERATIONS = 50;

/** Reading and writing mirror records for a run. */
export function mirrorRecordStore(options: {
  table: Table;
  scope: TenantScope;
  n: number;
  holdsFence: (fence: number) => WriteAction;
}) {
  const { table, scope, n, holdsFence } = options;
  let overheadDivisions: Promise<ReadonlySet<string>> | null = null;

  async function readRecords(places: readonly RecordPlace[]): Promise<(StoredRecord | null)[]> {
    const keys = places.map((place) =>
      mirrorKey(
        scope,
        place.entity,
        place.id,
        place.fields as EntityFields[EntityName],
        place.jobId === null ? {} : { jobId: place.jobId },
      ),
    );
    const items = await table.batchGet(scope, keys);
    return Promise.all(items.map(async (item) => (item === null ? null : toStored(await newest(item)))));
  }

  async function findRecord(entities: readonly EntityName[], id: string): Promise<StoredRecord | null> {
    const item = await findItem(entities, id);
    return item === null ? null : toStored(await newest(item));
  }

  /** By its own key where that is computed from the id, else through the index; read strongly either way. A live one is preferred. */
  async function findItem(entities: readonly EntityName[], id: string): Promise<Item | null> {
    const keys = entities.flatMap((entity) => keyOfId(scope, entity, id) ?? []);
    if (keys.length < entities.length) {
      const found = await table.query(scope, { index: 'id', partition: byMirrorId(scope, id) });
      keys.push(...found.items.map((item) => ({ pk: item.pk, sk: item.sk })));
    }
    if (keys.length === 0) return null;
    const items = (await table.batchGet(scope, keys)).filter((one) => one !== null && isMirrorItem(one) && one.id === id);
    return items.find((one) => one?.tb === undefined) ?? items[0] ?? null;
  }

  /** The newest generation of an id that is used again (M-95): only a tombstoned record leads on. */
  async function newest(item: Item): Promise<Item> {
    let current = item;
    for (let generation = 1; generation < MAX_GENERATIONS && typeof current.nx === 'string'; generation++) {
      const next = await findItem([current.en as EntityName], current.nx);
      if (next === null) break;
      current = next;
    }
    return current;
  }

  /**
   * What is known of targets: mirrored by this connection, else by another one that a confirmed link leads to (M-43), else skipped, else
   * unknown.
   */
  async function lookUp(targets: readonly TargetRef[]): Promise<Map<string, TargetState>> {
    const states = await lookUpMirrored(targets);
    const open = targets.filter((target) => !states.has(target.id));
    const asides = await table.batchGet(
      scope,
      open.flatMap((target) => [markerKey(scope, n, target.space, target.sourceId), linkKey(scope, n, target.id)]),
    );
    const linked = new Map<string, TargetRef>();
    for (const [index, target] of open.entries()) {
      const marker = asides[2 * index]?.marker as { kind: string; code: string } | undefined;
      states.set(target.id, marker && marker.kind !== 'parked' ? { kind: 'skipped', code: marker.code } : { kind: 'unknown' });
      const link = asides[2 * index + 1];
      if (link && decodeLink(link).state === 'confirmed') linked.set(target.id, { ...target, id: decodeLink(link).targetId });
    }
    const elsewhere = linked.size === 0 ? new Map<string, TargetState>() : await lookUpMirrored([...linked.values()]);
    for (const [id, { id: targetId }] of linked) {
      const state = elsewhere.get(targetId);
      if (state) states.set(id, state);
    }
    return states;
  }

  async function lookUpMirrored(targets: readonly TargetRef[]): Promise<Map<string, TargetState>> {
    const states = new Map<string, TargetState>();
    const direct = targets.filter((target) => target.space !== 'milestone');
    const items = await table.batchGet(
      scope,
      direct.map((target) => targetKey(scope, target)),
    );
    for (const [index, target] of direct.entries()) {
      const item = items[index];
      if (item && isMirrorItem(item)) states.set(target.id, await mirrored(item));
    }
    const milestones = targets.filter((target) => target.space === 'milestone');
    for (let at = 0; at < milestones.length; at += PARALLEL_LOOKUPS) {
      await Promise.all(
        milestones.slice(at, at + PARALLEL_LOOKUPS).map(async (target) => {
          const found = await findMilestone(target.id);
          if (found) states.set(target.id, { kind: 'mirrored', ...found, ...(await overheadOf(found.jobId)) });
        }),
      );
    }
    return states;
  }

  /** A milestone's job stands in its key, and its next generation in the index: the record itself need not be read. */
  async function findMilestone(id: string): Promise<{ id: string; jobId: string } | null> {
    let current: { id: string; jobId: string } | null = null;
    let next: string | undefined = id;
    for (let generation = 1; generation < MAX_GENERATIONS && next !== undefined; generation++) {
      const partition = byMirrorId(scope, next);
      const found: QueryPage = await table.query(scope, { index: 'id', partition, prefix: ENTITY_MARKS.milestone });
      const [item] = found.items;
      const jobId = item && jobIdOf(item.pk);
      if (!item || !jobId) break;
      current = { id: next, jobId };
      next = String(item.is).split('#')[1];
    }
    return current;
  }

  async function mirrored(item: Item): Promise<TargetState> {
    const record = decodeMirrorRecord(await newest(item));
    if (record.entity !== 'job') return { kind: 'mirrored', id: record.id, jobId: null };
    const overhead = await isOverhead((record.fields as EntityFields['job']).divisionId);
    return { kind: 'mirrored', id: record.id, jobId: record.id, ...(overhead ? { overhead } : {}) };
  }

  /** Only tenants with an overhead division pay for looking at a ticket's job (M-57). */
  async function overheadOf(jobId: string): Promise<{ overhead?: true }> {
    const divisions = await overheads();
    if (divisions.size === 0) return {};
    const item = await table.get(scope, jobKey(scope, jobId));
    const divisionId = item && isMirrorItem(item) ? (decodeMirrorRecord(item).fields as EntityFields['job']).divisionId : null;
    return divisionId !== null && divisions.has(divisionId) ? { overhead: true } : {};
  }

  async function isOverhead(divisionId: string | null): Promise<boolean> {
    return divisionId !== null && (await overheads()).has(divisionId);
  }

  function overheads(): Promise<ReadonlySet<string>> {
    overheadDivisions ??= table.queryAll(scope, { partition: referencePartition(scope), prefix: 'division#' }).then(
      (items) =>
        new Set(
          items
            .map((item) => decodeMirrorRecord<'division'>(item))
            .filter((one) => one.fields.overhead)
            .map((one) => one.id),
        ),
    );
    return overheadDivisions;
  }

  async function readBranchZones(): Promise<Readonly<Record<string, string | null>>> {
    const items = await table.queryAll(scope, { partition: referencePartition(scope), prefix: 'branch#', consistent: false });
    const branches = items
      .map((item) => decodeMirrorRecord<'branch'>(item))
      .filter((one) => parseConnectionId(one.connectionId)?.n === n);
    return Object.fromEntries(branches.map((one) => [one.sourceId, one.fields.zone]));
  }

  async function createRecord(
    record: MirrorRecord,
    jobId: string | null,
    predecessor: StoredRecord | null,
  ): Promise<WriteResult> {
    const item = encodeMirrorRecord(scope, record, jobId === null ? {} : { jobId }) as unknown as Item;
    const actions: WriteAction[] = [{ kind: 'put', item, condition: { expression: 'attribute_not_exists(pk)' } }];
    if (predecessor !== null) {
      const old = predecessor.raw as Item;
      const update = setAttributes(successorAttributes(scope, old, record.id));
      actions.push({ kind: 'update', key: { pk: old.pk, sk: old.sk }, update, condition: asRead(old, record.fence) });
    }
    return outcome(await table.write(scope, actions));
  }

  async function changeRecord(stored: StoredRecord, record: MirrorRecord, jobId: string | null): Promise<WriteResult> {
    const next = encodeMirrorRecord(scope, record, jobId === null ? {} : { jobId }) as unknown as Item;
    const old = stored.raw as Item;
    if (next.pk === old.pk && next.sk === old.sk)
      return outcome(await table.write(scope, [changeInPlace(old, next, record.fence)]));
    if (record.entity === 'milestone') {
      const toJobId = (record.fields as EntityFields['milestone']).jobId;
      const newer = await moveChildren(table, scope, { from: old, toJobId, milestoneId: record.id, fence: record.fence });
      if (newer) return { kind: 'lost', current: toStored(newer) };
    }
    return outcome(await table.write(scope, moveActions(old, next, record.fence)));
  }

  /** What stood in the way of a write, followed to its newest generation. */
  async function outcome(result: WriteOutcome): Promise<WriteResult> {
    if (result.applied) return { kind: 'written' };
    const current = result.failed.find((one) => one.current !== null && isMirrorItem(one.current))?.current ?? null;
    return { kind: 'lost', current: current === null ? null : toStored(await newest(current)) };
  }

  async function tombstone(fence: number, stored: StoredRecord, record: MirrorRecord): Promise<WriteResult> {
    const old = stored.raw as Item;
    const next = { ...old, ...encodedEnvelope(record), pk: old.pk, sk: old.sk } as Item;
    return outcome(await table.write(scope, [changeInPlace(old, next, record.fence), holdsFence(fence)]));
  }

  async function readChildren(jobId: string, milestoneId: string): Promise<readonly StoredRecord[]> {
    const { pk, sk } = milestoneKey(scope, jobId, milestoneId);
    return (await listChildren(table, scope, { pk, sk }, milestoneId)).map(toStored);
  }

  /** A record's envelope after a tombstone; its place stays what it was. */
  function encodedEnvelope(record: MirrorRecord): Readonly<Record<string, unknown>> {
    const jobId = record.entity === 'material_allocation' ? { jobId: '-' } : {};
    const { pk: _pk, sk: _sk, ...rest } = encodeMirrorRecord(scope, record, jobId);
    return rest as unknown as Readonly<Record<string, unknown>>;
  }

  return {
    ...{ readBranchZones, readRecords, findRecord, readChildren, lookUp, isOverhead },
    ...{ createRecord, changeRecord, tombstone },
  };
}

const jobIdOf = (pk: string): string | null => /#J#([^#]+)$/.exec(pk)?.[1] ?? null;
const toStored = (item: Item): StoredRecord => ({ record: decodeMirrorRecord(item), jobId: jobIdOf(item.pk), raw: item });

/** What the sync owns of a record, in place. A worker's list key says whether people let them be there, so it is written for that alone. */
function changeInPlace(old: Item, next: Item, fence: number): WriteAction {
  const changes = Object.fromEntries(
    SYNC_OWNED.map((name) => [name, next[name]]).filter(
      ([name, value]) => value !== undefined || old[String(name)] !== undefined,
    ),
  );
  const condition = old.et === ENTITY_MARKS.worker ? asReadByPeople(old, fence) : asRead(old, fence);
  return { kind: 'update', key: { pk: old.pk, sk: old.sk }, update: setAttributes(changes), condition };
}

function targetKey(scope: TenantScope, target: TargetRef): Key {
  const entity = target.space === 'property' ? 'client' : target.space;
  const key = (ENTITIES as readonly string[]).includes(entity) ? keyOfId(scope, entity as EntityName, target.id) : null;
  if (key === null) throw new Error(`no key for a ${target.space}`);
  return key;
}
