import type { MirrorRecord } from '#model/mirror-record.ts';
import type { WorkerRole } from '#model/overrides.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { PersonRef, RecordRef } from '../shapes.ts';
import { isLive, refOfOverride, refOfRecord } from './live.ts';

/** M-47: who manages a job. */
export const managerRule = defineRule('M-47', 1, 'Manager of a job');

/** The people of a ProPay by role, with the record or setting that names each. */
export interface ProPayPeople {
  readonly crewLeadIds: readonly string[];
  readonly managerIds: readonly string[];
  readonly otherIds: readonly string[];
  /** Crew planned on the work: only a projection without time looks at them (B-52). */
  readonly assignedIds: readonly string[];
  readonly refs: readonly PersonRef[];
}

/** The context as far as people are concerned. */
export type PeopleContext = Pick<TenantContext, 'managerMap' | 'routes' | 'revision'>;

/** Who is paid on a ProPay beside the crew (B-22): leads, manager, other members; the ProPay's own lists win over source and setting. */
export function peopleOfProPay(
  records: ProPayRecords,
  target: ProPayTarget,
  proPay: Pick<ProPay, 'id' | 'revision' | 'crewLeadIds' | 'otherIds' | 'pool'>,
  context: PeopleContext,
): ProPayPeople {
  const own: RecordRef = { entity: 'propay', id: proPay.id, revision: proPay.revision };
  const leads = proPay.crewLeadIds === null ? leadsOf(records, target, context) : named(proPay.crewLeadIds, own);
  const manager = managerOf(records.job, context);
  const pool: RecordRef = { entity: 'bonus_pool', id: proPay.pool.id, revision: proPay.pool.revision };
  const others = proPay.otherIds === null ? named(proPay.pool.otherIds, pool) : named(proPay.otherIds, own);
  return {
    crewLeadIds: leads.map((one) => one.workerId),
    managerIds: manager === null ? [] : [manager.workerId],
    otherIds: others.map((one) => one.workerId),
    assignedIds: [...new Set(liveMilestones(records).flatMap((milestone) => milestone.fields.assignedIds))].sort(),
    refs: [
      ...leads.map((one) => ({ ...one, role: 'crew_lead' as const })),
      ...(manager === null ? [] : [{ ...manager, role: 'manager' as const }]),
      ...others.map((one) => ({ ...one, role: 'other' as const })),
    ],
  };
}

type Named = { readonly workerId: string; readonly ref: RecordRef };

function named(ids: readonly string[], ref: RecordRef): Named[] {
  return [...new Set(ids)].sort().map((workerId) => ({ workerId, ref }));
}

/**
 * The crew leads: of the visit, else of the job, else of the route. A job that is one ProPay over all its milestones takes the leads
 * of those where it names none itself.
 */
function leadsOf(records: ProPayRecords, target: ProPayTarget, context: PeopleContext): readonly Named[] {
  const { job } = records;
  const milestones = liveMilestones(records).filter((milestone) => milestone.fields.crewLeadId !== null);
  const ofMilestones = milestones
    .map((milestone) => ({ workerId: milestone.fields.crewLeadId!, ref: refOfRecord(milestone) }))
    .filter((one, index, all) => all.findIndex((other) => other.workerId === one.workerId) === index)
    .sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
  const ofJob =
    job === null || job.fields.crewLeadId === null ? [] : [{ workerId: job.fields.crewLeadId, ref: refOfRecord(job) }];
  const found = target.milestoneId === null ? [ofJob, ofMilestones] : [ofMilestones, ofJob];
  const first = found.find((list) => list.length > 0);
  if (first !== undefined) return first;
  const routeId = routeOf(records, target);
  const lead = routeId === null ? null : (context.routes[routeId]?.crewLeadId ?? null);
  return lead === null ? [] : [{ workerId: lead, ref: { entity: 'route', id: routeId!, revision: context.revision } }];
}

function liveMilestones(records: ProPayRecords): readonly MirrorRecord<'milestone'>[] {
  return records.milestones.filter((milestone) => isLive(milestone) && milestone.fields.status !== 'canceled');
}

/** The route of a visit, else of its job (M-57). */
export function routeOf(records: ProPayRecords, target: ProPayTarget): string | null {
  const visit = target.milestoneId === null ? null : records.milestones.find((one) => one.id === target.milestoneId);
  return visit?.fields.routeId ?? records.job?.fields.routeId ?? null;
}

/** A job as far as its manager is concerned, in the division that it effectively belongs to. */
export type ManagedJob = Pick<MirrorRecord<'job'>, 'id' | 'fields' | 'own'>;

/** The manager of a job (M-47): who was assigned here, else what the source and its map say, else nobody. */
export function managerInForce(
  job: ManagedJob,
  context: Pick<TenantContext, 'managerMap'>,
): { readonly workerId: string; readonly by: 'override' | 'map' | 'source' } | null {
  const { manager } = job.own.overrides;
  return manager === null ? managerAtSource(job, context) : { workerId: manager.value, by: 'override' };
}

/** The manager without what people assigned: the map of (branch, division), evaluated on reading, else the source's own. */
export function managerAtSource(
  { fields: { branchId, divisionId, managerId } }: Pick<ManagedJob, 'fields'>,
  { managerMap }: Pick<TenantContext, 'managerMap'>,
): { readonly workerId: string; readonly by: 'map' | 'source' } | null {
  const mapped = branchId === null ? undefined : managerMap[`${branchId}|${divisionId ?? '-'}`];
  if (mapped !== undefined) return { workerId: mapped, by: 'map' };
  return managerId === null ? null : { workerId: managerId, by: 'source' };
}

/** The manager of a job with what names them. */
export function managerOf(
  job: MirrorRecord<'job'> | null,
  context: Pick<TenantContext, 'managerMap' | 'revision'>,
): Named | null {
  const manager = job === null ? null : managerInForce(job, context);
  if (job === null || manager === null) return null;
  const refs = {
    override: () => refOfOverride(job.id, 'manager', job.own.overrides.manager!),
    map: () => ({ entity: 'setting', id: 'connection.managerMap', revision: context.revision }),
    source: () => refOfRecord(job),
  };
  return { workerId: manager.workerId, ref: refs[manager.by]() };
}

/** The role of a worker (M-48): what people chose here, else what the source says. */
export function roleOf(
  worker: Pick<MirrorRecord<'worker'>, 'connectionId' | 'fields' | 'own'>,
  context: Pick<TenantContext, 'connections'>,
): WorkerRole {
  return worker.own.overrides.role?.value ?? sourceRoleOf(worker, context);
}

/** What the connection's map makes of the source's role; unmapped is worker. */
export function sourceRoleOf(
  worker: Pick<MirrorRecord<'worker'>, 'connectionId' | 'fields'>,
  context: Pick<TenantContext, 'connections'>,
): WorkerRole {
  const { sourceRole } = worker.fields;
  const mapped = sourceRole === null ? undefined : context.connections[worker.connectionId]?.roleMap[sourceRole];
  return mapped === 'manager' || mapped === 'crew_lead' ? mapped : 'worker';
}
