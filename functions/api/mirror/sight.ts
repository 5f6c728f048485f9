import { divisionOf } from '#bonus/inputs/division-of.ts';
import { managerInForce } from '#bonus/inputs/people.ts';
import { jobKey, referenceKey, workerKey, workerTimePartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type AccessScope, isSelf } from '#model/people.ts';
import type { Item } from '#store/table.ts';
import type { ApiRequest } from '../route.ts';
import { clientsOfJobs } from './client-sight.ts';
import type { MirrorContext } from './context.ts';
import type { PropertySight } from './views.ts';

type SightRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** What of the mirror the caller may see: which records (M-143) and which of their properties (M-145). */
export interface Sight {
  /** Everything: no record has to be asked about. */
  readonly all: boolean;
  readonly properties: PropertySight;
  /** Those of the records that lie in the caller's scope, in their order. */
  filter(records: readonly MirrorRecord[]): Promise<readonly MirrorRecord[]>;
  /** Jobs and milestones that the caller has time on; read once per request. */
  own(): Promise<OwnWork>;
}

/** A worker's own jobs and milestones, as the keys of the time index tell them. */
export interface OwnWork {
  readonly jobIds: ReadonlySet<string>;
  readonly milestoneIds: ReadonlySet<string>;
}

/** The caller's sight of the mirror. Scoped roles are asked about every record, on the record itself. */
export function sightOf(request: SightRequest, mirror: MirrorContext): Sight {
  const properties = propertiesOf(request, mirror);
  const own = once(() => readOwnWork(request));
  if (request.reach === 'A' || request.reach === 'R') return { all: true, properties, own, filter: async (records) => records };
  return {
    all: false,
    properties,
    own,
    filter: async (records) => {
      const near = await readNear(request, mirror, records);
      const work = request.reach === 'S' ? NO_WORK : await own();
      const clients = await clientsOfJobs(request, records, work.jobIds, (job) => seesJob(request, mirror, job, work));
      const beside = { ...near, work, clients };
      return records.filter((record) => seesKind(record, properties) && sees(request, mirror, record, beside));
    },
  };
}

function propertiesOf({ actor }: SightRequest, { visibility }: MirrorContext): PropertySight {
  const self = (workerId: string) => isSelf(actor, workerId);
  switch (actor.role) {
    case 'owner':
    case 'admin':
      return { budgets: true, excluded: true, wages: () => true, contact: () => true };
    case 'auditor':
      return { budgets: true, excluded: true, wages: () => true, contact: () => false };
    case 'manager': {
      const { wages, budgets } = visibility.manager;
      return { budgets, excluded: true, wages: (id) => wages || self(id), contact: () => true };
    }
    case 'crew_lead':
      return { ...visibility.crew_lead, wages: self, contact: self };
    default:
      return { ...visibility.worker, wages: self, contact: self };
  }
}

/** Budgets and wages are records of their own as well as properties of others: the same toggles hold for both. */
function seesKind(record: MirrorRecord, properties: PropertySight): boolean {
  if (record.entity === 'budget_info') return properties.budgets;
  if (record.entity === 'wage_record') return properties.wages((record as MirrorRecord<'wage_record'>).fields.workerId);
  return true;
}

/** Records beside the ones in question that decide whether those are seen. */
interface Near {
  readonly jobs: ReadonlyMap<string, MirrorRecord<'job'>>;
  readonly workers: ReadonlyMap<string, MirrorRecord<'worker'>>;
  /** People on the routes that the caller leads: a crew lead's crew. */
  readonly crew: ReadonlySet<string>;
  readonly work: OwnWork;
  /** Those of the clients and properties in question that a visible job is done for. */
  readonly clients: ReadonlySet<string>;
}
const NO_WORK: OwnWork = { jobIds: new Set(), milestoneIds: new Set() };

/** Jobs, workers and led routes that decide about the records, in one BatchGet. */
async function readNear(
  { ports, scope, actor, reach }: SightRequest,
  mirror: MirrorContext,
  records: readonly MirrorRecord[],
): Promise<Pick<Near, 'jobs' | 'workers' | 'crew'>> {
  const jobIds = unique(records.filter(({ entity }) => entity !== 'job').flatMap((record) => jobOfRecord(record) ?? []));
  const homeless = records.filter((record) => jobOfRecord(record) === null);
  const workerIds = unique([
    ...homeless.flatMap((record) => workerOfRecord(record) ?? []),
    ...(actor.workerId ? [actor.workerId] : []),
  ]);
  const routeIds = reach === 'C' ? Object.keys(mirror.tenant.routes).filter((id) => leads(actor, mirror, id, reach)) : [];
  const items = await ports.table.batchGet(
    scope,
    [
      ...jobIds.map((id) => jobKey(scope, id)),
      ...workerIds.map((id) => workerKey(scope, id)),
      ...routeIds.map((id) => referenceKey(scope, 'route', id)),
    ],
    { consistent: false },
  );
  const routes = byId<'route'>(items.slice(jobIds.length + workerIds.length));
  return {
    jobs: byId<'job'>(items.slice(0, jobIds.length)),
    workers: byId<'worker'>(items.slice(jobIds.length, jobIds.length + workerIds.length)),
    crew: new Set([...routes.values()].flatMap(({ fields }) => fields.memberIds)),
  };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

function byId<E extends 'job' | 'worker' | 'route'>(items: readonly (Item | null)[]): ReadonlyMap<string, MirrorRecord<E>> {
  return new Map(items.flatMap((item) => (item ? [[String(item.id), decodeMirrorRecord<E>(item)] as const] : [])));
}

function jobOfRecord(record: MirrorRecord): string | null {
  const { jobId } = record.fields as { jobId?: string | null };
  return record.entity === 'job' ? record.id : (jobId ?? null);
}

function workerOfRecord(record: MirrorRecord): string | null {
  return (record.fields as { workerId?: string }).workerId ?? null;
}

function sees(request: SightRequest, mirror: MirrorContext, record: MirrorRecord, near: Near): boolean {
  const { actor } = request;
  switch (record.entity) {
    case 'job':
      return seesJob(request, mirror, record as MirrorRecord<'job'>, near.work);
    case 'worker':
      return isSelf(actor, record.id) || seesWorker(request, record as MirrorRecord<'worker'>, near);
    case 'branch':
    case 'division':
    case 'route':
      return seesPlace(request, mirror, record, near);
    case 'client':
      return near.clients.has(record.id);
    case 'time_entry':
    case 'drive_time':
    case 'wage_record':
      if (isSelf(actor, workerOfRecord(record))) return true;
  }
  if (record.entity === 'milestone' && namesActor(request, mirror, record as MirrorRecord<'milestone'>, near)) return true;
  const jobId = jobOfRecord(record);
  if (request.reach === 'O' && (record.entity === 'time_entry' || record.entity === 'drive_time')) return false;
  if (jobId !== null) {
    const job = near.jobs.get(jobId);
    return job !== undefined && seesJob(request, mirror, job, near.work);
  }
  const worker = near.workers.get(workerOfRecord(record) ?? '');
  return worker !== undefined && seesWorker(request, worker, near);
}

function seesJob({ actor, reach }: SightRequest, mirror: MirrorContext, job: MirrorRecord<'job'>, work: OwnWork): boolean {
  const { branchId, routeId, crewLeadId } = job.fields;
  const divisionId = divisionOf(job.fields, mirror.tenant);
  const { scope } = actor;
  if (reach === 'O') return work.jobIds.has(job.id);
  if (routeId !== null && leads(actor, mirror, routeId, reach)) return true;
  if (reach === 'C') return isSelf(actor, crewLeadId) || work.jobIds.has(job.id);
  const manager = managerInForce({ ...job, fields: { ...job.fields, divisionId } }, mirror.tenant);
  return inPlace(scope, branchId, divisionId) || isSelf(actor, manager?.workerId ?? null);
}

/** A route of the scope; for a crew lead also one that names them. */
function leads(actor: SightRequest['actor'], mirror: MirrorContext, routeId: string, reach: string): boolean {
  return (
    actor.scope.routeIds.includes(routeId) || (reach === 'C' && isSelf(actor, mirror.tenant.routes[routeId]?.crewLeadId ?? null))
  );
}

function namesActor(
  { actor, reach }: SightRequest,
  mirror: MirrorContext,
  milestone: MirrorRecord<'milestone'>,
  near: Near,
): boolean {
  const { routeId, crewLeadId, assignedIds } = milestone.fields;
  if (routeId !== null && reach !== 'O' && leads(actor, mirror, routeId, reach)) return true;
  if (near.work.milestoneIds.has(milestone.id)) return true;
  return isSelf(actor, crewLeadId) || assignedIds.some((id) => isSelf(actor, id));
}

function seesWorker({ actor, reach }: SightRequest, worker: MirrorRecord<'worker'>, near: Near): boolean {
  const { branchId, divisionId } = worker.fields;
  if (reach === 'S') return inPlace(actor.scope, branchId, divisionId);
  return reach === 'C' && near.crew.has(worker.id);
}

function inPlace(scope: AccessScope, branchId: string | null, divisionId: string | null): boolean {
  return (
    (branchId !== null && scope.branchIds.includes(branchId)) || (divisionId !== null && scope.divisionIds.includes(divisionId))
  );
}

/** Branches, divisions and routes of the scope, those of the caller's own record, and the branches of led routes. */
function seesPlace({ actor, reach }: SightRequest, mirror: MirrorContext, record: MirrorRecord, near: Near): boolean {
  const { scope, workerId } = actor;
  const self = near.workers.get(workerId ?? '')?.fields;
  if (record.entity === 'route') {
    const { branchId, divisionId, memberIds } = (record as MirrorRecord<'route'>).fields;
    if (leads(actor, mirror, record.id, reach) || memberIds.some((id) => isSelf(actor, id))) return true;
    return reach === 'S' && inPlace(scope, branchId, divisionId);
  }
  if (record.entity === 'branch') {
    const routes = Object.entries(mirror.tenant.routes).filter(([, route]) => route.branchId === record.id);
    return (
      scope.branchIds.includes(record.id) ||
      self?.branchId === record.id ||
      routes.some(([id]) => leads(actor, mirror, id, reach))
    );
  }
  const { branchId } = (record as MirrorRecord<'division'>).fields;
  return (
    scope.divisionIds.includes(record.id) ||
    self?.divisionId === record.id ||
    (reach === 'S' && (branchId === null || scope.branchIds.includes(branchId)))
  );
}

/** Reads the keys of the caller's time in the index: they name job and milestone, so no entry has to be fetched. */
async function readOwnWork({ ports, scope, actor }: SightRequest): Promise<OwnWork> {
  if (actor.workerId === null) return NO_WORK;
  const read = [actor.workerId, ...actor.formerWorkerIds].map((workerId) =>
    ports.table.queryAll(scope, { index: 'by', partition: workerTimePartition(scope, workerId) }),
  );
  const keys = (await Promise.all(read)).flat();
  const jobIds = new Set<string>();
  const milestoneIds = new Set<string>();
  for (const { pk, sk } of keys) {
    const jobId = /#J#([^#]+)$/.exec(pk)?.[1];
    if (jobId === undefined) continue;
    jobIds.add(jobId);
    const milestone = sk.split('#')[1];
    if (milestone !== undefined && milestone !== '-') milestoneIds.add(milestone);
  }
  return { jobIds, milestoneIds };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | null = null;
  return () => {
    value ??= read();
    return value;
  };
}
