import type { FileEntity } from '#imports/columns.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { BusyBusyEntry } from './busybusy.ts';
import type { CanonicalRow } from './write-file.ts';

/** Two weeks of a small contractor, Monday to Friday. */
const FIRST_DAY: LocalDate = '2026-03-02';
const WORKERS = 12;
const JOBS = 6;
const DAYS = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11];

const list = (count: number, make: (n: number) => CanonicalRow): CanonicalRow[] =>
  Array.from({ length: count }, (_, at) => make(at + 1));
const id = (prefix: string, n: number): string => `${prefix}${String(n).padStart(3, '0')}`;
const jobOf = (worker: number, day: number): number => ((worker + day) % JOBS) + 1;

/** The contractor's records in files with canonical columns, as a system without an interface would export them. */
export const COMPANY: Readonly<Partial<Record<FileEntity, readonly CanonicalRow[]>>> = {
  branches: [
    { id: 'north', name: 'North Yard', time_zone: 'America/New_York', active: 'true' },
    { id: 'south', name: 'South Yard', time_zone: 'America/New_York', active: 'true' },
  ],
  workers: list(WORKERS, (n) => ({
    id: id('00', n),
    first_name: 'Worker',
    last_name: `Example ${n}`,
    employee_number: id('E', n),
    role: n === 1 ? 'Foreman' : 'Crew',
    branch_id: n % 2 === 1 ? 'north' : 'south',
    active: 'true',
  })),
  wages: list(WORKERS, (n) => ({ worker_id: id('00', n), effective_date: '2026-01-01', hourly_wage: `${20 + n}.5` })),
  clients: list(3, (n) => ({ id: id('C', n), name: `Client Example ${n}`, kind: 'client', active: 'true' })),
  jobs: list(JOBS, (n) => ({
    id: id('J', n),
    name: `Garden ${n}, Example Street`,
    number: String(100 + n),
    client_id: id('C', ((n - 1) % 3) + 1),
    branch_id: n % 2 === 1 ? 'north' : 'south',
    status: n === JOBS ? 'completed' : 'in_progress',
    budget_hours: String(80 + n * 10),
    revenue: `${n * 2_500}.00`,
  })),
  milestones: list(JOBS * 2, (n) => ({
    id: id('M', n),
    job_id: id('J', Math.ceil(n / 2)),
    name: n % 2 === 1 ? 'Beds' : 'Lawn',
    status: 'in_progress',
    sequence: String(n),
  })),
  time_entries: DAYS.flatMap((day) =>
    list(WORKERS, (n) => ({
      id: id('T', day * 100 + n),
      worker_id: id('00', n),
      job_id: id('J', jobOf(n, day)),
      date: addDays(FIRST_DAY, day),
      start: '07:00:00',
      end: '15:30:00',
      hours: '8',
      break_hours: '0.5',
      kind: n % 6 === 0 ? 'drive' : 'work',
    })),
  ),
};

/** The same weeks as BusyBusy holds them; the first of the people works some nights, and overtime on Fridays. */
export const BUSYBUSY_ENTRIES: readonly BusyBusyEntry[] = DAYS.flatMap((day) =>
  Array.from({ length: WORKERS }, (_, at) => {
    const job = jobOf(at + 1, day);
    const night = at === 0 && day % 7 === 2;
    return {
      employeeId: String(900 + at),
      date: addDays(FIRST_DAY, day),
      start: night ? '20:00' : '07:00',
      end: night ? '04:30' : day % 7 === 4 ? '17:30' : '15:30',
      breakMinutes: 30,
      overtimeHours: day % 7 === 4 && !night ? 2 : 0,
      project: [String(100 + job), `Garden ${job}`] as const,
      subProject: ['1', 'Beds'] as const,
      costCode: '02-900',
      description: 'call Ann at 555-0100',
    };
  }),
);
