import { idsOfPerson, isMerged, survivorOf, survivorsOf } from '#model/merged-people.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { FixedWage, ProPay, ProPayDistribution } from '#model/propay.ts';
import type { ProPayRecords, ProPayState, TimeRecord, WorkerTimes } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { WageRow } from '../rules/wage-basis.ts';
import type { RecordRef } from '../shapes.ts';
import type { CountedRecords } from './counted-records.ts';
import type { FixedWages } from './wages.ts';

/** M-149: records of one person are one person in every calculation. */
export const mergedPeopleRule = defineRule('M-149', 1, 'Merged people');

type Named = (workerId: string) => string;

/** The links by which a worker's time counts for another record of the same person, from one to the next; none where it counts for itself. */
export function linksOf({ mergedPeople }: Pick<TenantContext, 'mergedPeople'>, workerId: string): readonly RecordRef[] {
  const refs: RecordRef[] = [];
  for (let merged = mergedPeople[workerId]; merged !== undefined; merged = mergedPeople[merged.into])
    refs.push({ entity: 'link', id: merged.linkId, revision: merged.revision });
  return refs;
}

/** Counted time that stands under another id than the one it was recorded with names the links that lead there. */
export function withLinks(time: CountedRecords, read: ProPayRecords, context: TenantContext): CountedRecords {
  if (!isMerged(context)) return time;
  const recorded = new Map([...read.entries, ...read.drives].map(({ id, fields }) => [id, fields.workerId]));
  const entries = time.entries.map((entry) => {
    const personRef = linksOf(context, recorded.get(entry.ref.id) ?? entry.workerId);
    return personRef.length === 0 ? entry : { ...entry, personRef };
  });
  return { ...time, entries };
}

/** What the source says, with everybody under the id that stands for the person. Where nobody was merged it is what was read. */
export function recordsOfPersons(records: ProPayRecords, context: TenantContext): ProPayRecords {
  if (!isMerged(context)) return records;
  const of: Named = (id) => survivorOf(context, id);
  const job = records.job;
  return {
    ...records,
    job:
      job === null
        ? null
        : withFields(job, { managerId: orNull(job.fields.managerId, of), crewLeadId: orNull(job.fields.crewLeadId, of) }),
    milestones: records.milestones.map((one) =>
      withFields(one, {
        crewLeadId: orNull(one.fields.crewLeadId, of),
        assignedIds: survivorsOf(context, one.fields.assignedIds),
      }),
    ),
    entries: records.entries.map((one) => underSurvivor(one, of)),
    drives: records.drives.map((one) => underSurvivor(one, of)),
  };
}

/** The same of a whole reading. */
export function stateOfPersons(state: ProPayState, context: TenantContext): ProPayState {
  return isMerged(context) ? { ...state, records: recordsOfPersons(state.records, context) } : state;
}

/** What a ProPay says of people. Amounts by hand for two records of one person are added up. */
export function proPayOfPersons(proPay: ProPay, context: TenantContext): ProPay {
  if (!isMerged(context)) return proPay;
  const all = (ids: readonly string[]): readonly string[] => survivorsOf(context, ids);
  const { membership, crewLeadIds, otherIds, pool } = proPay;
  return {
    ...proPay,
    excludedWorkerIds: all(proPay.excludedWorkerIds),
    includedWorkerIds: all(proPay.includedWorkerIds),
    crewLeadIds: crewLeadIds === null ? null : all(crewLeadIds),
    otherIds: otherIds === null ? null : all(otherIds),
    pool: { ...pool, otherIds: all(pool.otherIds) },
    distribution: distributionOfPersons(proPay.distribution, context),
    membership: membership === null ? null : { ...membership, leftOutWorkerIds: all(membership.leftOutWorkerIds) },
  };
}

function distributionOfPersons(distribution: ProPayDistribution, context: TenantContext): ProPayDistribution {
  if (distribution.amounts === undefined) return distribution;
  const sums = new Map<string, number>();
  for (const { workerId, cents } of distribution.amounts) {
    const id = survivorOf(context, workerId);
    sums.set(id, (sums.get(id) ?? 0) + cents);
  }
  return { ...distribution, amounts: [...sums].map(([workerId, cents]) => ({ workerId, cents })) };
}

/** What the tenant's settings say of people. */
export function contextOfPersons(context: TenantContext): TenantContext {
  if (!isMerged(context)) return context;
  const of: Named = (id) => survivorOf(context, id);
  const managers = Object.entries(context.managerMap).map(([pair, id]) => [pair, of(id)] as const);
  const routes = Object.entries(context.routes).map(
    ([id, route]) =>
      [id, { ...route, crewLeadId: orNull(route.crewLeadId, of), managerId: orNull(route.managerId, of) }] as const,
  );
  return {
    ...context,
    excludedWorkerIds: survivorsOf(context, context.excludedWorkerIds),
    bonusRemovedIds: survivorsOf(context, context.bonusRemovedIds),
    managerMap: Object.fromEntries(managers),
    routes: Object.fromEntries(routes),
  };
}

/**
 * Wages that were fixed for any record of a person hold for the person (B-41). Each says whose it was, so that undoing a merge leaves
 * everybody with the own ones.
 */
export function wagesOfPersons(wages: FixedWages, workerIds: readonly string[], context: TenantContext): FixedWages {
  const kept: Record<string, FixedWage> = {};
  for (const workerId of workerIds) {
    const ids = idsOfPerson(context, workerId);
    for (const id of ids) {
      const wage = wages[id];
      if (wage === undefined || (wage.ofWorkerId !== undefined && !ids.includes(wage.ofWorkerId))) continue;
      kept[id] = wage;
      kept[workerId] ??= { ...wage, ofWorkerId: wage.ofWorkerId ?? id };
    }
  }
  return kept;
}

/** A person's wages: the own history, before its first day that of the records which were merged into it. */
export function historiesOfPersons<R extends WageRow>(
  histories: ReadonlyMap<string, readonly R[]>,
  workerIds: readonly string[],
  context: Pick<TenantContext, 'mergedPeople'>,
): ReadonlyMap<string, readonly R[]> {
  if (!isMerged(context)) return histories;
  return new Map(
    workerIds.map((workerId) => {
      const own = histories.get(workerId) ?? [];
      const first = own.map(({ effectiveFrom }) => effectiveFrom).sort()[0] ?? '9999-12-31';
      const former = idsOfPerson(context, workerId).slice(1);
      const earlier = former.flatMap((id) => (histories.get(id) ?? []).map((row) => ({ ...row, ofWorkerId: id })));
      return [
        workerId,
        [...earlier.filter(({ effectiveFrom }) => effectiveFrom < first), ...own].sort((a, b) =>
          a.effectiveFrom < b.effectiveFrom ? -1 : 1,
        ),
      ] as const;
    }),
  );
}

/** What a person recorded under any of the ids; the branch is that of the record that stands for the person. */
export function timesOfPersons(times: WorkerTimes, context: TenantContext): WorkerTimes {
  if (!isMerged(context)) return times;
  const of: Named = (id) => survivorOf(context, id);
  const persons = survivorsOf(context, [...times.keys()]);
  return new Map(
    persons.map((workerId) => {
      const records = idsOfPerson(context, workerId).flatMap((id) => times.get(id)?.records ?? []);
      const branchId = times.get(workerId)?.branchId ?? null;
      return [workerId, { branchId, records: records.map((one) => underSurvivor(one, of)) }] as const;
    }),
  );
}

function underSurvivor<R extends TimeRecord>(record: R, of: Named): R {
  const workerId = of(record.fields.workerId);
  return workerId === record.fields.workerId ? record : { ...record, fields: { ...record.fields, workerId } };
}

function withFields<R extends MirrorRecord>(record: R, fields: Partial<R['fields']>): R {
  return { ...record, fields: { ...record.fields, ...fields } };
}

function orNull(workerId: string | null, of: Named): string | null {
  return workerId === null ? null : of(workerId);
}
