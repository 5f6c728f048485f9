import { ENTITIES, type EntityFields, type EntityName } from '#model/entities.ts';
import { parseConnectionId } from '#model/ids.ts';
import {
  byMirrorId,
  clientKey,
  jobKey,
  type Key,
  markerKey,
  milestonePrefix,
  referenceKey,
  referencePartition,
  workerKey,
} from '#model/keys.ts';
import { decodeMirrorRecord, ENTITY_MARKS, encodeMirrorRecord, isMirrorItem, mirrorKey } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { RecordPlace, StoredRecord, TargetRef, TargetState, WriteResult } from '#model/sync-items.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';
import { setAttributes } from './update-expression.ts';

/** What the sync owns of a stored record; `o` and `or` belong to people, `b` to the bonus layer, and both survive every write here. */
const SYNC_OWNED = [
  'et',
  'v',
  'en',
  'id',
  'sp',
  'c',
  'x',
  's',
  'h',
  'sr',
  'fence',
  'r1',
  'r2',
  'ra',
  'mv',
  'g',
  'su',
  'sc',
  'ss',
  'tb',
  'al',
  'oo',
  'ig',
  'pr',
  'ip',
  'is',
  'bp',
  'bs',
];
/** A milestone's children that move with it, per transaction: a delete and a put each, within the hundred actions. */
const MOVED_TOGETHER = 49;
const PARALLEL_LOOKUPS = 16;

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
    return (await table.batchGet(scope, keys)).map((item) => (item === null ? null : toStored(item)));
  }

  /** By its own key where that is computed from the id, else through the index; read strongly either way. */
  async function findRecord(entities: readonly EntityName[], id: string): Promise<StoredRecord | null> {
    const keys = entities.flatMap((entity) => computedKey(scope, entity, id) ?? []);
    if (keys.length < entities.length) {
      const found = await table.query(scope, { index: 'id', partition: byMirrorId(scope, id) });
      keys.push(...found.items.map((item) => ({ pk: item.pk, sk: item.sk })));
    }
    if (keys.length === 0) return null;
    const item = (await table.batchGet(scope, keys)).find((one) => one !== null && isMirrorItem(one) && one.id === id);
    return item ? toStored(item) : null;
  }

  async function lookUp(targets: readonly TargetRef[]): Promise<Map<string, TargetState>> {
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
          const found = await table.query(scope, {
            index: 'id',
            partition: byMirrorId(scope, target.id),
            prefix: ENTITY_MARKS.milestone,
          });
          const jobId = found.items[0] && /#J#([^#]+)$/.exec(found.items[0].pk)?.[1];
          if (jobId) states.set(target.id, { kind: 'mirrored', jobId, ...(await overheadOf(jobId)) });
        }),
      );
    }
    const open = targets.filter((target) => !states.has(target.id));
    const markers = await table.batchGet(
      scope,
      open.map((target) => markerKey(scope, n, target.space, target.sourceId)),
    );
    for (const [index, target] of open.entries()) {
      const marker = markers[index]?.marker as { kind: string; code: string } | undefined;
      states.set(target.id, marker && marker.kind !== 'parked' ? { kind: 'skipped', code: marker.code } : { kind: 'unknown' });
    }
    return states;
  }

  async function mirrored(item: Item): Promise<TargetState> {
    const record = decodeMirrorRecord(item);
    if (record.entity !== 'job') return { kind: 'mirrored', jobId: null };
    const { divisionId } = record.fields as EntityFields['job'];
    const overhead = divisionId !== null && (await overheads()).has(divisionId);
    return { kind: 'mirrored', jobId: record.id, ...(overhead ? { overhead } : {}) };
  }

  /** Only tenants with an overhead division pay for looking at a ticket's job (M-57). */
  async function overheadOf(jobId: string): Promise<{ overhead?: true }> {
    const divisions = await overheads();
    if (divisions.size === 0) return {};
    const item = await table.get(scope, jobKey(scope, jobId));
    const divisionId = item && isMirrorItem(item) ? (decodeMirrorRecord(item).fields as EntityFields['job']).divisionId : null;
    return divisionId !== null && divisions.has(divisionId) ? { overhead: true } : {};
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

  async function createRecord(record: MirrorRecord, jobId: string | null): Promise<WriteResult> {
    const item = encodeMirrorRecord(scope, record, jobId === null ? {} : { jobId }) as unknown as Item;
    return outcome(await table.write(scope, [{ kind: 'put', item, condition: { expression: 'attribute_not_exists(pk)' } }]));
  }

  async function changeRecord(stored: StoredRecord, record: MirrorRecord, jobId: string | null): Promise<WriteResult> {
    const next = encodeMirrorRecord(scope, record, jobId === null ? {} : { jobId }) as unknown as Item;
    const old = stored.raw as Item;
    if (next.pk === old.pk && next.sk === old.sk)
      return outcome(await table.write(scope, [changeInPlace(old, next, record.fence)]));
    if (record.entity === 'milestone') await moveChildren(old, next, record.id);
    return outcome(
      await table.write(scope, [
        { kind: 'delete', key: old, condition: asRead(old, record.fence) },
        { kind: 'put', item: withForeignOwners(old, next), condition: { expression: 'attribute_not_exists(pk)' } },
      ]),
    );
  }

  /** Entries first, header last: a crash in between leaves the milestone where it was, and the move is made again (M-152, X-9). */
  async function moveChildren(old: Item, next: Item, milestoneId: string): Promise<void> {
    const children = [
      ...(await table.queryAll(scope, { partition: old.pk, prefix: milestonePrefix(milestoneId) })),
      ...(await table.queryAll(scope, { partition: old.pk, prefix: `T#${milestoneId}#` })),
      ...(await table.queryAll(scope, { partition: old.pk, prefix: `D#${milestoneId}#` })),
    ].filter((item) => item.sk !== old.sk && isMirrorItem(item));
    for (let at = 0; at < children.length; at += MOVED_TOGETHER) {
      const actions = children.slice(at, at + MOVED_TOGETHER).flatMap((item): WriteAction[] => [
        { kind: 'delete', key: item },
        { kind: 'put', item: { ...item, pk: next.pk } },
      ]);
      await table.write(scope, actions);
    }
  }

  async function tombstone(fence: number, stored: StoredRecord, record: MirrorRecord): Promise<WriteResult> {
    const old = stored.raw as Item;
    const next = { ...old, ...encodedEnvelope(record), pk: old.pk, sk: old.sk } as Item;
    return outcome(await table.write(scope, [changeInPlace(old, next, record.fence), holdsFence(fence)]));
  }

  /** A record's envelope after a tombstone; its place stays what it was. */
  function encodedEnvelope(record: MirrorRecord): Readonly<Record<string, unknown>> {
    const jobId = record.entity === 'material_allocation' ? { jobId: '-' } : {};
    const { pk: _pk, sk: _sk, ...rest } = encodeMirrorRecord(scope, record, jobId);
    return rest as unknown as Readonly<Record<string, unknown>>;
  }

  return { readBranchZones, readRecords, findRecord, lookUp, createRecord, changeRecord, tombstone };
}

const toStored = (item: Item): StoredRecord => ({ record: decodeMirrorRecord(item), place: `${item.pk}\n${item.sk}`, raw: item });

function outcome(result: Awaited<ReturnType<Table['write']>>): WriteResult {
  if (result.applied) return { kind: 'written' };
  const current = result.failed.find((one) => one.current !== null && isMirrorItem(one.current))?.current ?? null;
  return { kind: 'lost', current: current === null ? null : toStored(current) };
}

/** Still the record that was read, and no newer run has touched it. */
function asRead(old: Item, fence: number): Condition {
  return { expression: 'sr = :sr AND h = :h AND fence <= :own', values: { ':sr': old.sr, ':h': old.h, ':own': fence } };
}

function changeInPlace(old: Item, next: Item, fence: number): WriteAction {
  const changes = Object.fromEntries(
    SYNC_OWNED.map((name) => [name, next[name]]).filter(
      ([name, value]) => value !== undefined || old[String(name)] !== undefined,
    ),
  );
  return { kind: 'update', key: { pk: old.pk, sk: old.sk }, update: setAttributes(changes), condition: asRead(old, fence) };
}

function withForeignOwners(old: Item, next: Item): Item {
  const foreign = Object.fromEntries(
    Object.entries(old).filter(([name]) => !SYNC_OWNED.includes(name) && name !== 'pk' && name !== 'sk'),
  );
  return { ...foreign, ...next };
}

function computedKey(scope: TenantScope, entity: EntityName, id: string): Key | null {
  switch (entity) {
    case 'job':
      return jobKey(scope, id);
    case 'worker':
      return workerKey(scope, id);
    case 'client':
      return clientKey(scope, id);
    case 'branch':
    case 'division':
    case 'route':
      return referenceKey(scope, entity, id);
    default:
      return null;
  }
}

function targetKey(scope: TenantScope, target: TargetRef): Key {
  const entity = target.space === 'property' ? 'client' : target.space;
  const key = (ENTITIES as readonly string[]).includes(entity) ? computedKey(scope, entity as EntityName, target.id) : null;
  if (key === null) throw new Error(`no key for a ${target.space}`);
  return key;
}
