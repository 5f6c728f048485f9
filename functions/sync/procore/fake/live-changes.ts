import { localDateOf } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import { timerLengthMs, wholeSecond } from '../../../../shared/fake-source/live-timers.ts';
import { type SeededRandom, seededRandom } from '../../../../shared/fake-source/random.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { projectOf } from './entities.ts';

/** Ids of timecards made here begin beyond the recorded ones. */
const FIRST_ID = 562_949_959_000_000;
/** The recorded stage of projects that are worked on. */
const UNDER_WAY = 'Course of Construction';
const SECONDS_PER_HOUR = 3_600;

/**
 * The demo's own changes: somebody of each crew is clocked in on the project that the crew worked on last. A timecard that has run its
 * length is closed, and the next one begins. Repeatable by seed.
 */
export function createLiveChanges(seed: string | number): (data: TenantData, shell: Shell) => void {
  const chances = new Map<string, SeededRandom>();
  return (data, shell) => {
    const random = chances.get(data.id) ?? seededRandom(`${seed} live ${data.id}`);
    chances.set(data.id, random);
    const times = data.entityAt('timecard_entries')!;
    closeTimecards(data, shell, times);
    for (const crew of crewsOf(data)) openTimecard(data, shell, times, crew, random);
  };
}

function closeTimecards(data: TenantData, shell: Shell, times: EntitySpec): void {
  const now = wholeSecond(shell.spec.now());
  for (const row of data.rows(times)) {
    const startMs = Date.parse(String(row.time_in));
    const lengthMs = timerLengthMs(row.id);
    if (row.in_progress !== true || startMs + lengthMs > shell.spec.now()) continue;
    const seconds = Math.floor(lengthMs / 1000);
    const hours = (seconds / SECONDS_PER_HOUR).toFixed(4);
    const time_out = wholeSecond(startMs + seconds * 1000);
    shell.put(data, times, { id: row.id, time_out, hours, in_progress: false, updated_at: now });
  }
}

function openTimecard(data: TenantData, shell: Shell, times: EntitySpec, crew: readonly Row[], random: SeededRandom): void {
  const people = new Set(crew.map(({ id }) => id));
  const own = data.rows(times).filter((row) => people.has(partyOf(row)));
  if (own.some((row) => row.in_progress === true)) return;
  const open = openProjects(data);
  const latest = own
    .filter((row) => row.deleted_at === null && isWork(row) && open.has(projectOf(row)))
    .sort((a, b) => (String(a.time_in ?? '') < String(b.time_in ?? '') ? -1 : 1))
    .at(-1);
  if (latest === undefined) return;
  const person = crew[random.between(0, crew.length - 1)]!;
  const now = wholeSecond(shell.spec.now());
  let id = FIRST_ID + data.count(times);
  while (data.row(times, id) !== null) id += 1;
  shell.put(data, times, {
    ...latest,
    id,
    party: { id: person.id, name: `${String(person.first_name)} ${String(person.last_name)}` },
    login_information: null,
    date: localDateOf(shell.instant(), data.dataset._about.timeZone),
    time_in: now,
    time_out: null,
    hours: '0.0',
    lunch_time: '0',
    in_progress: true,
    approval_status: 'pending',
    created_at: now,
    updated_at: now,
  });
}

function isWork(row: Row): boolean {
  return (row.timecard_time_type as Row | null)?.time_type !== 'Travel';
}

function partyOf(row: Row): unknown {
  return (row.party as Row | null)?.id;
}

/** Projects that are active and under construction. */
function openProjects(data: TenantData): ReadonlySet<string | null> {
  const rows = data.rows(data.entityAt('projects')!);
  const isOpen = (row: Row) => row.active === true && String((row.project_stage as Row | null)?.name).startsWith(UNDER_WAY);
  return new Set(rows.filter(isOpen).map(({ id }) => String(id)));
}

/** The members of each crew. */
function crewsOf(data: TenantData): readonly (readonly Row[])[] {
  const crews = data.rows(data.entityAt('crews')!).map(({ members }) => (members ?? []) as readonly Row[]);
  return crews.filter((members) => members.length > 0);
}
