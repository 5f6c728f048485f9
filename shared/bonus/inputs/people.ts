import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { PersonRef, RecordRef } from '../shapes.ts';
import { isLive, refOfRecord } from './live.ts';

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

/** The manager of a job (M-47): the map of (branch, division), evaluated on reading, else the source's own manager, else nobody. */
export function managerOf(
  job: MirrorRecord<'job'> | null,
  context: Pick<TenantContext, 'managerMap' | 'revision'>,
): Named | null {
  if (job === null) return null;
  const { branchId, divisionId, managerId } = job.fields;
  const mapped = branchId === null ? undefined : context.managerMap[`${branchId}|${divisionId ?? '-'}`];
  if (mapped !== undefined)
    return { workerId: mapped, ref: { entity: 'setting', id: 'connection.managerMap', revision: context.revision } };
  return managerId === null ? null : { workerId: managerId, ref: refOfRecord(job) };
}

/** The role of a worker (M-48): what the connection's map makes of the source's role; unmapped is worker. */
export function roleOf(
  worker: Pick<MirrorRecord<'worker'>, 'connectionId' | 'fields'>,
  context: Pick<TenantContext, 'connections'>,
): 'manager' | 'crew_lead' | 'worker' {
  const { sourceRole } = worker.fields;
  const mapped = sourceRole === null ? undefined : context.connections[worker.connectionId]?.roleMap[sourceRole];
  return mapped === 'manager' || mapped === 'crew_lead' ? mapped : 'worker';
}
