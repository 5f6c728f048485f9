import { decodeBonusBlock, type StoredBonusBlock } from './bonus-block.ts';
import { lengthen, shorten } from './codec.ts';
import { ENTITIES, type EntityFields, type EntityName, type IdentitySpace } from './entities.ts';
import { parseConnectionId } from './ids.ts';
import {
  budgetKey,
  byMirrorId,
  clientKey,
  clientSort,
  driveTimeKey,
  jobKey,
  jobSort,
  type Key,
  listPartition,
  materialKey,
  milestoneKey,
  milestoneSort,
  referenceKey,
  sourceWageKey,
  timeEntryKey,
  workerKey,
  workerSort,
  workerTimePartition,
  workerTimeSort,
} from './keys.ts';
import type { MirrorRecord, Tombstone } from './mirror-record.ts';
import { type WorkerState, workerState } from './overrides.ts';
import { decodeOwnFacts, type StoredOwnFacts } from './own-facts.ts';
import { scopeOf, type TenantScope } from './scope.ts';

/** Entity type marks: the only thing stream filters look at. */
export const ENTITY_MARKS: { readonly [E in EntityName]: string } = {
  branch: 're',
  division: 're',
  route: 're',
  client: 'cl',
  worker: 'wk',
  wage_record: 'wg',
  job: 'jb',
  milestone: 'ms',
  budget_info: 'bu',
  material_allocation: 'ma',
  time_entry: 'ti',
  drive_time: 'dr',
};

/** Version of the stored form; readers accept one more and one less (fault 74). */
export const ITEM_VERSION = 1;

/** The stored form of a mirror record. Sync owns `s` and the envelope, people own `o`, the bonus layer owns `b`. */
export interface MirrorItem extends Key {
  readonly et: string;
  readonly v: number;
  readonly en: EntityName;
  readonly id: string;
  readonly sp: IdentitySpace;
  readonly c: number;
  readonly x: string;
  readonly s: Readonly<Record<string, unknown>>;
  readonly h: string;
  readonly sr: number;
  readonly fence: number;
  readonly r1: string;
  readonly r2: string;
  readonly ra: string;
  readonly mv: number;
  readonly g?: number;
  /** On a tombstoned record whose source id is used again: the mirror id of the next generation. */
  readonly nx?: string;
  readonly su?: string;
  readonly sc?: string;
  readonly ss?: string;
  readonly tb?: Tombstone;
  readonly al?: string;
  /** Ids with a space between them. */
  readonly sf?: string;
  readonly oo?: string;
  readonly ig?: true;
  readonly pr?: readonly string[];
  readonly o?: StoredOwnFacts;
  readonly or?: number;
  readonly b?: StoredBonusBlock;
  readonly ip?: string;
  readonly is?: string;
  readonly bp?: string;
  readonly bs?: string;
}

/** Where a milestone's children need their job: a material hangs on a milestone, whose job is not among its own fields. */
export interface Placement {
  readonly jobId?: string;
}

/** The key under which a record is stored. Throws where a material's job is not given, since its key cannot be built without. */
export function mirrorKey<E extends EntityName>(
  scope: TenantScope,
  entity: E,
  id: string,
  fields: EntityFields[E],
  placement: Placement = {},
): Key {
  switch (entity) {
    case 'branch':
    case 'division':
    case 'route':
      return referenceKey(scope, entity, id);
    case 'client':
      return clientKey(scope, id);
    case 'worker':
      return workerKey(scope, id);
    case 'wage_record': {
      const wage = fields as EntityFields['wage_record'];
      return sourceWageKey(scope, wage.workerId, wage.effectiveFrom, id);
    }
    case 'job':
      return jobKey(scope, id);
    case 'milestone':
      return milestoneKey(scope, (fields as EntityFields['milestone']).jobId, id);
    case 'budget_info': {
      const budget = fields as EntityFields['budget_info'];
      return budgetKey(scope, budget.jobId, budget.milestoneId, id);
    }
    case 'material_allocation': {
      if (placement.jobId === undefined) throw new Error('a material is stored under its milestone’s job');
      return materialKey(scope, placement.jobId, (fields as EntityFields['material_allocation']).milestoneId, id);
    }
    case 'time_entry': {
      const entry = fields as EntityFields['time_entry'];
      return timeEntryKey(scope, { jobId: entry.jobId, workerId: entry.workerId, milestoneId: entry.milestoneId, id });
    }
    case 'drive_time': {
      const drive = fields as EntityFields['drive_time'];
      return driveTimeKey(scope, { jobId: drive.jobId, workerId: drive.workerId, milestoneId: drive.milestoneId, id });
    }
  }
  throw new Error(`no key for ${entity satisfies never}`);
}

/** Index keys of a record: by its own id where the key cannot be computed from it, and in its list. Hidden ones have lists of their own. */
function indexKeys(
  scope: TenantScope,
  { entity, id, fields, own, tombstone }: MirrorRecord,
): { ip?: string; is?: string; bp?: string; bs?: string } {
  const hidden = tombstone !== null;
  switch (entity) {
    case 'job': {
      const job = fields as EntityFields['job'];
      return {
        ...(job.number === null ? {} : { ip: numberPartition(scope, job.number), is: `jb#${id}` }),
        bp: listPartition(scope, 'JOB', hidden),
        bs: jobSort({ ...job, id }),
      };
    }
    case 'milestone':
      return {
        ip: byMirrorId(scope, id),
        is: 'ms',
        bp: listPartition(scope, 'MS', hidden),
        bs: milestoneSort({ ...(fields as EntityFields['milestone']), id }),
      };
    case 'worker': {
      const worker = fields as EntityFields['worker'];
      return {
        ...(worker.employeeNumber === null ? {} : { ip: numberPartition(scope, worker.employeeNumber), is: `wk#${id}` }),
        bp: listPartition(scope, 'WORKER', hidden),
        bs: workerListSort({ id, fields: worker }, workerState({ own, fields: worker })),
      };
    }
    case 'client': {
      const client = fields as EntityFields['client'];
      return {
        ...(client.number === null ? {} : { ip: numberPartition(scope, client.number), is: `cl#${id}` }),
        bp: listPartition(scope, 'CLIENT', hidden),
        bs: clientSort({ ...client, id }),
      };
    }
    case 'time_entry':
    case 'drive_time': {
      const entry = fields as EntityFields['time_entry'];
      return {
        ip: byMirrorId(scope, id),
        is: ENTITY_MARKS[entity],
        ...(hidden
          ? {}
          : { bp: workerTimePartition(scope, entry.workerId), bs: workerTimeSort({ workDate: entry.workDate, id }) }),
      };
    }
    case 'wage_record':
      return {
        ip: byMirrorId(scope, id),
        is: 'wg',
        bp: listPartition(scope, 'WAGE', hidden),
        bs: `${(fields as EntityFields['wage_record']).workerId}#${id}`,
      };
    case 'budget_info':
      return {
        ip: byMirrorId(scope, id),
        is: 'bu',
        bp: listPartition(scope, 'BUDGET', hidden),
        bs: `${(fields as EntityFields['budget_info']).jobId}#${id}`,
      };
    case 'material_allocation':
      return {
        ip: byMirrorId(scope, id),
        is: 'ma',
        bp: listPartition(scope, 'MATERIAL', hidden),
        bs: `${(fields as EntityFields['material_allocation']).milestoneId}#${id}`,
      };
    default:
      return {};
  }
}

/** Where a worker stands in the list of people: the one index key that depends on what people decide, too. */
export function workerListSort(
  { id, fields }: { readonly id: string; readonly fields: EntityFields['worker'] },
  state: WorkerState,
): string {
  return workerSort({ ...fields, id, state });
}

const numberPartition = (scope: TenantScope, number: string): string => `T#${scope.tenantId}#N#${number.slice(0, 200)}`;

/** A record in its stored form, without what people and the bonus layer own. */
export function encodeMirrorRecord(scope: TenantScope, record: MirrorRecord, placement: Placement = {}): MirrorItem {
  const connection = parseConnectionId(record.connectionId);
  if (connection === null || connection.tenantId !== scope.tenantId)
    throw new Error('a mirror record belongs to a connection of its tenant');
  return {
    ...mirrorKey(scope, record.entity, record.id, record.fields, placement),
    ...indexKeys(scope, record),
    et: ENTITY_MARKS[record.entity],
    v: ITEM_VERSION,
    en: record.entity,
    id: record.id,
    sp: record.space,
    c: connection.n,
    x: record.sourceId,
    s: shorten(record.fields as unknown as Readonly<Record<string, unknown>>, FROM_KEYS[record.entity]),
    h: record.contentHash,
    sr: record.revision,
    fence: record.fence,
    r1: record.firstSeenRunId,
    r2: record.lastChangedRunId,
    ra: record.lastChangedAt,
    mv: record.mappingVersion,
    ...(record.generation > 1 ? { g: record.generation } : {}),
    ...(record.sourceUpdatedAt === null ? {} : { su: record.sourceUpdatedAt }),
    ...(record.sourceCreatedAt === null ? {} : { sc: record.sourceCreatedAt }),
    ...(record.sourceStatus === null ? {} : { ss: record.sourceStatus }),
    ...(record.tombstone === null ? {} : { tb: record.tombstone }),
    ...(record.aliasOf === null ? {} : { al: record.aliasOf }),
    ...(record.outOfScope === null ? {} : { oo: record.outOfScope }),
    ...(record.sourceIgnored ? { ig: true as const } : {}),
    ...(record.pendingRefs.length > 0 ? { pr: record.pendingRefs } : {}),
  };
}

/** Fields that stand in the record's keys already and are read back from there. */
const FROM_KEYS: { readonly [E in EntityName]?: ReadonlySet<string> } = {
  time_entry: new Set(['jobId', 'milestoneId']),
  drive_time: new Set(['jobId', 'milestoneId']),
  milestone: new Set(['jobId']),
};

/** Reads a stored mirror record back. The tenant comes from the key, never from the payload. */
export function decodeMirrorRecord<E extends EntityName = EntityName>(
  item: Readonly<Record<string, unknown>> & Key,
): MirrorRecord<E> {
  const stored = item as unknown as MirrorItem;
  if (Math.abs(stored.v - ITEM_VERSION) > 1)
    throw new Error(`a stored item of version ${stored.v} cannot be read by version ${ITEM_VERSION}`);
  const tenantId = /^T#([a-z0-9]+)/.exec(stored.pk)?.[1] ?? '';
  const fields = { ...lengthen(stored.s, FIELD_NAMES[stored.en]), ...fieldsFromKey(stored) };
  return {
    id: stored.id,
    entity: stored.en as E,
    space: stored.sp,
    connectionId: `${scopeOf(tenantId).tenantId}.${stored.c}`,
    sourceId: stored.x,
    generation: stored.g ?? 1,
    fields: fields as unknown as EntityFields[E],
    sourceUpdatedAt: stored.su ?? null,
    sourceCreatedAt: stored.sc ?? null,
    sourceStatus: stored.ss ?? null,
    contentHash: stored.h,
    mappingVersion: stored.mv,
    revision: stored.sr,
    fence: stored.fence,
    firstSeenRunId: stored.r1,
    lastChangedRunId: stored.r2,
    lastChangedAt: stored.ra,
    tombstone: stored.tb ?? null,
    aliasOf: stored.al ?? null,
    ...(stored.sf === undefined ? {} : { standsFor: stored.sf.split(' ') }),
    outOfScope: stored.oo ?? null,
    sourceIgnored: stored.ig ?? false,
    pendingDeletion: false,
    pendingRefs: stored.pr ?? [],
    own: decodeOwnFacts(stored.o, stored.or),
    bonus: decodeBonusBlock(stored.b),
  };
}

function fieldsFromKey(stored: MirrorItem): Record<string, unknown> {
  if (stored.en === 'milestone') return { jobId: stored.pk.slice(stored.pk.lastIndexOf('#') + 1) };
  if (stored.en !== 'time_entry' && stored.en !== 'drive_time') return {};
  const jobId = /#J#([^#]+)$/.exec(stored.pk)?.[1] ?? null;
  const milestone = stored.sk.split('#')[1] ?? '-';
  return { jobId, milestoneId: milestone === '-' ? null : milestone };
}

/** True when an item of the stream or the table is a mirror record. */
export function isMirrorItem(item: Readonly<Record<string, unknown>>): boolean {
  return typeof item.en === 'string' && (ENTITIES as readonly string[]).includes(item.en);
}

const TIME = ['workerId', 'jobId', 'milestoneId', 'attribution', 'start', 'end', 'workDate', 'zone', 'durationSeconds', 'open'];
/** Every field of every entity, so that what was null comes back as null. */
export const FIELD_NAMES: { readonly [E in EntityName]: readonly string[] } = {
  branch: ['name', 'code', 'zone', 'city', 'active', 'derived'],
  division: ['name', 'code', 'branchId', 'overhead', 'active', 'origin'],
  route: ['name', 'branchId', 'divisionId', 'crewLeadId', 'managerId', 'memberIds', 'order', 'active'],
  client: ['kind', 'name', 'number', 'parentId', 'line1', 'city', 'region', 'postalCode', 'country', 'active'],
  worker: [
    ...['displayName', 'firstName', 'lastName', 'email', 'phone', 'employeeNumber', 'payrollId', 'branchId', 'divisionId'],
    ...['sourceActive', 'sourceRole', 'hireDate', 'terminationDate', 'loginId'],
  ],
  wage_record: ['workerId', 'effectiveFrom', 'rateE4', 'currency', 'burdenBp'],
  job: [
    ...[
      'name',
      'number',
      'clientId',
      'propertyId',
      'branchId',
      'divisionId',
      'routeId',
      'managerId',
      'crewLeadId',
      'parentJobId',
      'status',
    ],
    ...['recurring', 'serviceType', 'invoiceType', 'startDate', 'endDate', 'completedAt', 'canceledAt', 'contractPriceCents'],
    ...['customFields', 'sourceUrl'],
  ],
  milestone: [
    ...[
      'jobId',
      'name',
      'number',
      'kind',
      'status',
      'review',
      'sequence',
      'scheduledDate',
      'scheduledStart',
      'scheduledEnd',
      'completedAt',
    ],
    ...['routeId', 'crewLeadId', 'assignedIds', 'serviceType', 'invoiceType', 'percentBp', 'timeAndMaterials'],
  ],
  budget_info: [
    ...[
      'jobId',
      'milestoneId',
      'budgetSeconds',
      'laborAmountCents',
      'contractPriceCents',
      'laborShareBp',
      'rateE4',
      'quantityE4',
    ],
    ...['tasks', 'basis'],
  ],
  material_allocation: ['milestoneId', 'item', 'name', 'unit', 'allocatedE4', 'installedE4', 'unitValueCents'],
  time_entry: [...TIME, 'category', 'breakSeconds', 'warranty', 'sourceOvertimeSeconds', 'approvedAtSource', 'lockedAtSource'],
  drive_time: [...TIME, 'routeId', 'basis'],
};
