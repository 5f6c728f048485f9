import type { EntityFields } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { BLANK_JOB, BLANK_MILESTONE, BLANK_WORKER, driveOf } from './blank-records.ts';
import type { BonusBench } from './bonus-bench.ts';

/** The mirror id of a test record. */
export const idOf = (space: Parameters<typeof mirrorId>[1], sourceId: string): string => mirrorId('acme1.1', space, sourceId);
export const workerId = (name: string): string => idOf('worker', name);
export const jobId = (name: string): string => idOf('job', name);
export const visitId = (name: string): string => idOf('milestone', name);

const JOB: EntityFields['job'] = { ...BLANK_JOB, name: 'Elm Street', number: '100', startDate: '2026-03-01' };

/** Puts a job; branch b1 unless said otherwise. */
export const putJob = (
  bench: BonusBench,
  name: string,
  fields: Partial<EntityFields['job']> = {},
  envelope: Partial<MirrorRecord> = {},
) => bench.put('job', name, { ...JOB, number: name, branchId: idOf('branch', 'b1'), ...fields }, envelope);

/** Puts a milestone of a job. */
export const putVisit = (
  bench: BonusBench,
  job: string,
  name: string,
  fields: Partial<EntityFields['milestone']> = {},
  envelope: Partial<MirrorRecord> = {},
) =>
  bench.put(
    'milestone',
    name,
    {
      ...BLANK_MILESTONE,
      jobId: jobId(job),
      name: `Visit ${name}`,
      scheduledDate: '2026-03-12',
      ...fields,
    },
    envelope,
  );

/** Puts an hours budget on a job or milestone. */
export const putBudget = (
  bench: BonusBench,
  job: string,
  visit: string | null,
  hours: number,
  fields: Partial<EntityFields['budget_info']> = {},
) =>
  bench.put('budget_info', `${job}/${visit ?? '-'}`, {
    jobId: jobId(job),
    milestoneId: visit === null ? null : visitId(visit),
    ...NO_BUDGET,
    budgetSeconds: hours * 3_600,
    basis: 'HoursEst',
    ...fields,
  });

/** Puts a closed piece of work time; `hours` null for a running clock. */
export const putTime = (
  bench: BonusBench,
  entry: { id: string; worker: string; job: string | null; visit?: string | null; hours: number | null; date?: string },
  fields: Partial<EntityFields['time_entry']> = {},
  envelope: Partial<MirrorRecord> = {},
) => bench.put('time_entry', entry.id, { ...timeFields(entry), ...fields }, envelope);

/** Puts drive time. */
export const putDrive = (
  bench: BonusBench,
  entry: { id: string; worker: string; job: string; visit?: string | null; hours: number; date?: string },
) => bench.put('drive_time', entry.id, { ...driveOf(timeFields(entry)), routeId: null, basis: 'flag' });

function timeFields(entry: {
  id: string;
  worker: string;
  job: string | null;
  visit?: string | null;
  hours: number | null;
  date?: string;
}) {
  const date = entry.date ?? '2026-03-02';
  return {
    workerId: workerId(entry.worker),
    jobId: entry.job === null ? null : jobId(entry.job),
    milestoneId: entry.visit ? visitId(entry.visit) : null,
    category: 'work' as const,
    attribution: entry.job === null ? ('none' as const) : ('job' as const),
    start: `${date}T14:00:00.000Z`,
    end: entry.hours === null ? null : `${date}T22:00:00.000Z`,
    workDate: date,
    zone: 'America/Denver',
    durationSeconds: Math.trunc((entry.hours ?? 0) * 3_600),
    open: entry.hours === null,
    breakSeconds: 0,
    warranty: false,
    sourceOvertimeSeconds: null,
    approvedAtSource: null,
    lockedAtSource: null,
  };
}

/** Puts a worker and, unless null, a wage from a date. */
export async function putWorker(bench: BonusBench, name: string, wageE4: number | null, from = '2026-01-01'): Promise<string> {
  await bench.put('worker', name, {
    ...BLANK_WORKER,
    displayName: `Worker ${name}`,
    branchId: idOf('branch', 'b1'),
  });
  if (wageE4 !== null) await putWage(bench, name, wageE4, from);
  return workerId(name);
}

/** Puts a wage row of a worker. */
export const putWage = (bench: BonusBench, worker: string, rateE4: number, from: string, envelope: Partial<MirrorRecord> = {}) =>
  bench.put(
    'wage_record',
    `${worker}/${from}`,
    { workerId: workerId(worker), effectiveFrom: from, rateE4, currency: 'USD', burdenBp: null },
    envelope,
  );

/** Branch b1 with the tenant's zone. */
export const putBranch = (bench: BonusBench, name = 'b1', zone: string | null = 'America/Denver') =>
  bench.put('branch', name, { name: `Branch ${name}`, code: null, zone, city: null, active: true, derived: false });

/** The published worked example of B-9: 80 h budget, two workers of 30 h at 25.00, a lead and a manager. */
export async function seedFence(bench: BonusBench, options: { completed?: boolean } = {}): Promise<ProPayTargetOf> {
  await putBranch(bench);
  for (const name of ['ann', 'bob']) await putWorker(bench, name, 250_000);
  await putWorker(bench, 'lea', null);
  await putWorker(bench, 'max', null);
  await putJob(bench, 'fence', {
    status: options.completed === false ? 'in_progress' : 'completed',
    completedAt: options.completed === false ? null : '2026-03-08T20:00:00.000Z',
    crewLeadId: workerId('lea'),
    managerId: workerId('max'),
  });
  await putBudget(bench, 'fence', null, 80);
  for (const [index, worker] of ['ann', 'bob'].entries())
    for (let day = 0; day < 3; day++)
      await putTime(bench, { id: `t${index}${day}`, worker, job: 'fence', hours: 10, date: `2026-03-0${2 + day}` });
  return { jobId: jobId('fence'), milestoneId: null };
}

type ProPayTargetOf = { readonly jobId: string; readonly milestoneId: null };
