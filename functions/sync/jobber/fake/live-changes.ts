import { localDateOf } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import { timerLengthMs, wholeSecond } from '../../../../shared/fake-source/live-timers.ts';
import { type SeededRandom, seededRandom } from '../../../../shared/fake-source/random.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { idIn } from './select.ts';

const TIMES = 'timeSheetEntries';
/** Ids of entries made here begin beyond the recorded ones. */
const FIRST_ID = 5_000_000;

/**
 * The demo's own changes: crews, which Jobber knows by the vehicle they share, clock hours on visits of today. Each call is one round
 * for one tenant: timers that have run their length are stopped, and a crew without a running one starts the next. Repeatable by seed.
 */
export function createLiveChanges(seed: string | number): (data: TenantData, shell: Shell) => void {
  const chances = new Map<string, SeededRandom>();
  return (data, shell) => {
    const random = chances.get(data.id) ?? seededRandom(`${seed} live ${data.id}`);
    chances.set(data.id, random);
    const times = data.entityAt(TIMES)!;
    const nowMs = shell.spec.now();
    stopTimers(data, shell, times, nowMs);
    for (const crew of crewsOf(data)) {
      const rows = data.rows(times);
      if (rows.some((row) => row.ticking === true && crew.some(({ id }) => id === idIn(row.user)))) continue;
      startTimer(data, shell, times, crew, rows, random);
    }
  };
}

function stopTimers(data: TenantData, shell: Shell, times: EntitySpec, nowMs: number): void {
  for (const row of data.rows(times)) {
    const startMs = Date.parse(String(row.startAt));
    const endMs = startMs + timerLengthMs(row.id);
    if (row.ticking !== true || Number.isNaN(startMs) || endMs > nowMs) continue;
    const seconds = Math.floor((endMs - startMs) / 1000);
    const endAt = wholeSecond(startMs + seconds * 1000);
    shell.put(data, times, { id: row.id, endAt, finalDuration: seconds, ticking: false });
  }
}

function startTimer(
  data: TenantData,
  shell: Shell,
  times: EntitySpec,
  crew: readonly Row[],
  rows: readonly Row[],
  random: SeededRandom,
): void {
  const zone = data.dataset._about.timeZone;
  const visit = visitFor(data, crew, localDateOf(shell.instant(), zone), zone);
  if (visit === undefined) return;
  const worker = crew[random.between(0, crew.length - 1)]!;
  const at = wholeSecond(shell.spec.now());
  let n = FIRST_ID + rows.length;
  const idOf = (): string => Buffer.from(`gid://Jobber/TimeSheetEntry/${n}`).toString('base64');
  while (data.row(times, idOf()) !== null) n += 1;
  shell.put(data, times, {
    id: idOf(),
    startAt: at,
    endAt: null,
    finalDuration: 0,
    ticking: true,
    label: null,
    note: '',
    labourRate: null,
    approved: false,
    approvedBy: null,
    paidBy: null,
    client: visit.client,
    job: visit.job,
    visit: { id: visit.id },
    user: { id: worker.id },
    visitDurationTotal: null,
    createdAt: at,
    updatedAt: at,
  });
}

/** People who share a vehicle and work here. */
function crewsOf(data: TenantData): readonly (readonly Row[])[] {
  const crews = new Map<unknown, Row[]>();
  for (const user of data.rows(data.entityAt('users')!)) {
    const vehicle = idIn(user.assignedVehicle);
    if (vehicle === null || user.status === 'DEACTIVATED') continue;
    crews.set(vehicle, [...(crews.get(vehicle) ?? []), user]);
  }
  return [...crews.values()];
}

/** What the crew works on: its visit of today, else its next or latest one that is not done. */
function visitFor(data: TenantData, crew: readonly Row[], today: string, zone: string): Row | undefined {
  const own = data.rows(data.entityAt('visits')!).filter((visit) => {
    const people = (visit.assignedUsers as { nodes?: Row[] } | null)?.nodes ?? [];
    return visit.isComplete !== true && people.some(({ id }) => crew.some((user) => user.id === id));
  });
  const dayOf = (visit: Row): string => (visit.startAt ? localDateOf(new Date(String(visit.startAt)).toISOString(), zone) : '');
  const byDay = own.filter((visit) => visit.startAt).sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1));
  return byDay.find((visit) => dayOf(visit) >= today) ?? byDay.at(-1);
}
