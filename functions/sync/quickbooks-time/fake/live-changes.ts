import { localDateOf } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import { localSecond, timerLengthMs, wholeSecond } from '../../../../shared/fake-source/live-timers.ts';
import { type SeededRandom, seededRandom } from '../../../../shared/fake-source/random.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';

/** Ids of timesheets made here begin beyond the recorded ones. */
const FIRST_ID = 900_000_000;

/**
 * The demo's own changes: in each group somebody is on the clock, on the jobcode that the group worked on last. A timer that has run its
 * length is stopped, and the next one begins. Repeatable by seed.
 */
export function createLiveChanges(seed: string | number): (data: TenantData, shell: Shell) => void {
  const chances = new Map<string, SeededRandom>();
  return (data, shell) => {
    const random = chances.get(data.id) ?? seededRandom(`${seed} live ${data.id}`);
    chances.set(data.id, random);
    const times = data.entityAt('timesheets')!;
    stopTimers(data, shell, times);
    for (const crew of crewsOf(data)) startTimer(data, shell, times, crew, random);
  };
}

function stopTimers(data: TenantData, shell: Shell, times: EntitySpec): void {
  for (const row of data.rows(times)) {
    const startMs = Date.parse(String(row.start));
    const endMs = startMs + timerLengthMs(row.id);
    if (row.on_the_clock !== true || endMs > shell.spec.now()) continue;
    const seconds = Math.floor((endMs - startMs) / 1000);
    const end = localSecond(startMs + seconds * 1000, data.dataset._about.timeZone).text;
    shell.put(data, times, { id: row.id, end, duration: seconds, on_the_clock: false, last_modified: stampOf(shell) });
  }
}

function startTimer(data: TenantData, shell: Shell, times: EntitySpec, crew: ReadonlySet<unknown>, random: SeededRandom): void {
  const own = data.rows(times).filter(({ user_id }) => crew.has(user_id));
  if (own.some(({ on_the_clock }) => on_the_clock === true)) return;
  const open = openTasks(data);
  const latest = own
    .filter(({ jobcode_id }) => open.has(jobcode_id))
    .sort((a, b) => (Date.parse(String(a.start)) < Date.parse(String(b.start)) ? -1 : 1))
    .at(-1);
  if (latest === undefined) return;
  const zone = data.dataset._about.timeZone;
  const start = localSecond(shell.spec.now(), zone);
  const user = [...crew][random.between(0, crew.size - 1)];
  let id = FIRST_ID + data.count(times);
  while (data.row(times, id) !== null) id += 1;
  shell.put(data, times, {
    ...latest,
    id,
    user_id: user,
    created_by_user_id: user,
    start: start.text,
    end: '',
    duration: 0,
    date: localDateOf(shell.instant(), zone),
    tz: start.offsetHours,
    on_the_clock: true,
    locked: 0,
    last_modified: stampOf(shell),
  });
}

/** Second-level jobcodes that are worked on. */
function openTasks(data: TenantData): ReadonlySet<unknown> {
  const rows = data.rows(data.entityAt('jobcodes')!);
  return new Set(rows.filter((row) => row.active === true && row.type === 'regular' && row.parent_id !== 0).map(({ id }) => id));
}

/** Active people who track time, by group. */
function crewsOf(data: TenantData): readonly ReadonlySet<unknown>[] {
  const crews = new Map<unknown, Set<unknown>>();
  for (const user of data.rows(data.entityAt('users')!)) {
    const tracks = (user.permissions as Row | undefined)?.time_tracking === true;
    if (user.active !== true || !tracks || user.group_id === 0) continue;
    crews.set(user.group_id, (crews.get(user.group_id) ?? new Set()).add(user.id));
  }
  return [...crews.values()];
}

function stampOf(shell: Shell): string {
  return wholeSecond(shell.spec.now()).replace('Z', '+00:00');
}
