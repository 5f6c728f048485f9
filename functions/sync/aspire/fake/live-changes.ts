import { localTimeOf, localToInstant } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import { type SeededRandom, seededRandom } from '../../../../shared/fake-source/random.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { type Crew, chooseTicket, crewsOf } from './live-crews.ts';
import { fieldMs, firstIdAt, leftOpen, plannedMs, type Running, recordedOpen } from './live-open.ts';

/** Hours a worker may clock on one day before the next in the crew takes over. */
const DAY_HOURS = 9;
/** A crew with nobody left to clock, or nothing to work on, looks again after this. */
const IDLE_MS = 300_000;

type CrewState = { running: Running[]; turn: number; idleUntil: number };
type State = { readonly random: SeededRandom; readonly crews: Map<number, CrewState> };

/** Hours of a span, as Aspire shows them: four decimals. */
export function hoursOf(ms: number): number {
  return Math.round((ms / 3_600_000) * 10_000) / 10_000;
}

function add(hours: unknown, more: number): number {
  return Math.round((Number(hours ?? 0) + more) * 10_000) / 10_000;
}

/**
 * The demo's own changes: crews keep clocking hours on their current tickets. Each call is one round for one tenant: entries that
 * have run their length are closed at its end, however much later that is noticed, and the next worker of the crew opens one. Repeatable
 * by seed.
 */
export function createLiveChanges(seed: string | number): (data: TenantData, shell: Shell) => void {
  const states = new Map<string, State>();
  return (data, shell) => {
    let state = states.get(data.id);
    if (state === undefined) {
      state = { random: seededRandom(`${seed} live ${data.id}`), crews: new Map() };
      states.set(data.id, state);
    }
    round(data, shell, state);
  };
}

function round(data: TenantData, shell: Shell, state: State): void {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const now = shell.spec.now();
  const isOpen = ({ id }: Running): boolean => (data.row(times, id) ?? { EndTime: true }).EndTime == null;
  const busy = (own: CrewState): boolean =>
    own.running.length === 0 ? own.idleUntil > now : own.running.every((entry) => entry.endMs > now && isOpen(entry));
  // Most rounds find everybody at work; looking through all rows is left for those that change something.
  if (state.crews.size > 0 && [...state.crews.values()].every(busy)) return;
  for (const crew of crewsOf(data)) {
    let own = state.crews.get(crew.routeId);
    const started = own !== undefined;
    if (own === undefined) {
      own = { running: [], turn: state.random.between(0, crew.workers.length - 1), idleUntil: 0 };
      state.crews.set(crew.routeId, own);
    }
    // An entry deleted, closed or put back by somebody else is no longer ours.
    const ours = own.running.filter(isOpen);
    const found = [...recordedOpen(data, crew, now, state.random), ...(started ? [] : leftOpen(crew, now, state.random))];
    own.running = [...ours, ...found.filter(({ id }) => !ours.some((entry) => entry.id === id))];
    const due = own.running.filter(({ endMs }) => endMs <= now);
    own.running = own.running.filter(({ endMs }) => endMs > now);
    for (const entry of due) closeEntry(data, shell, crew, entry);
    // The very first entry of a crew is dated back a little, so that hours move soon after the start of the demo.
    const from = started ? now : now - state.random.between(14, 18) * 60_000;
    if (own.running.length === 0) openEntry(data, shell, state, crew, own, from);
    if (own.running.length === 0) own.idleUntil = now + IDLE_MS;
  }
}

function openEntry(data: TenantData, shell: Shell, state: State, crew: Crew, own: CrewState, startMs: number): void {
  const now = shell.spec.now();
  const zoneNow = localTimeOf(new Date(now).toISOString(), crew.zone);
  const worker = nextWorker(data, crew, own, zoneNow.slice(0, 10));
  const ticket = chooseTicket(data, crew, zoneNow);
  if (worker === null || ticket === null) return;
  // An entry dated back a little still begins on the day it is made, and not before the worker's last one ended.
  const midnight = Date.parse(localToInstant(`${zoneNow.slice(0, 10)}T00:00:00`, crew.zone));
  const from = Math.floor(Math.min(now, Math.max(startMs, midnight, lastEnd(data, worker.contactId, crew.zone))) / 1000) * 1000;
  const id = freeId(data, shell, now);
  const stamp = new Date(now).toISOString();
  const start = localTimeOf(new Date(from).toISOString(), crew.zone);
  shell.put(data, data.entity('WorkTicketTimes') as EntitySpec, {
    ...worker.template,
    WorkTicketTimeID: id,
    WorkTicketID: ticket.WorkTicketID,
    WorkTicketNumber: ticket.WorkTicketNumber,
    WorkTicketTimeDate: `${start.slice(0, 10)}T00:00:00`,
    StartTime: start,
    CreatedDateTime: stamp,
    LastModifiedDateTime: stamp,
  });
  own.running.push({ id, startMs: from, endMs: from + plannedMs(state.random) });
}

function closeEntry(data: TenantData, shell: Shell, crew: Crew, running: Running): void {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const end = Math.floor(running.endMs / 1000) * 1000;
  const hours = hoursOf(end - running.startMs);
  shell.put(data, times, {
    WorkTicketTimeID: running.id,
    EndTime: localTimeOf(new Date(end).toISOString(), crew.zone),
    Hours: hours,
  });
  const ticketId = data.row(times, running.id)?.WorkTicketID;
  const tickets = data.entity('WorkTickets') as EntitySpec;
  const ticket = data.row(tickets, Number(ticketId));
  if (ticket === null) return;
  // The sums a source keeps on the ticket and the job follow; whether their stamps move is the switch's matter.
  data.merge(tickets, { WorkTicketID: ticket.WorkTicketID, HoursAct: add(ticket.HoursAct, hours) });
  const jobs = data.entity('Opportunities') as EntitySpec;
  const job = data.row(jobs, Number(ticket.OpportunityID));
  if (job !== null) data.merge(jobs, { OpportunityID: job.OpportunityID, ActualLaborHours: add(job.ActualLaborHours, hours) });
}

/** Workers of a crew take turns; one with an open entry anywhere, or a full day behind, is passed over. */
function nextWorker(data: TenantData, crew: Crew, own: CrewState, today: string): Crew['workers'][number] | null {
  const rows: readonly Row[] = data.rows(data.entity('WorkTicketTimes') as EntitySpec);
  for (let tried = 0; tried < crew.workers.length; tried += 1) {
    const worker = crew.workers[own.turn % crew.workers.length]!;
    own.turn += 1;
    const clocked = rows.filter((row) => row.ContactID === worker.contactId);
    const busy = clocked.some((row) => row.EndTime === null);
    const hours = clocked
      .filter((row) => String(row.WorkTicketTimeDate).startsWith(today))
      .reduce((sum, row) => sum + Number(row.Hours ?? 0), 0);
    if (!busy && hours < DAY_HOURS) return worker;
  }
  return null;
}

function lastEnd(data: TenantData, contactId: unknown, zone: string): number {
  const rows = data.rows(data.entity('WorkTicketTimes') as EntitySpec);
  const own = rows.filter((row) => row.ContactID === contactId);
  return Math.max(0, ...own.map((row) => fieldMs(row.EndTime, zone) ?? 0));
}

function freeId(data: TenantData, shell: Shell, now: number): number {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const tenant = shell.tenants().indexOf(data.id);
  let id = firstIdAt(now) + (tenant % 4);
  while (data.row(times, id) !== null) id += 4;
  return id;
}
