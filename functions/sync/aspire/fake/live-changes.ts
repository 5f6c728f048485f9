import { localTimeOf, localToInstant } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import { type SeededRandom, seededRandom } from '../../../../shared/fake-source/random.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { type Crew, chooseTicket, crewsOf } from './live-crews.ts';

/** Crews at work at the same time: two open entries at most, so about seven new rows an hour. */
const ACTIVE_CREWS = 2;
/** Length of one entry in minutes, drawn per entry. */
const SHORTEST = 12;
const LONGEST = 24;
/** Hours a worker may clock on one day before the next in the crew takes over. */
const DAY_HOURS = 9;
/** An entry open for longer than this was forgotten (the machine slept): it ends after its planned length. */
const FORGOTTEN_MS = 12 * 3_600_000;

/** Ids of new entries count quarter seconds from here, so that a restarted demo never gives an id a second time. */
const EPOCH_MS = Date.UTC(2026, 0, 1);
const FIRST_ID = 10_000_000;

type Running = { readonly id: number; readonly startMs: number; readonly endMs: number };
type State = { readonly random: SeededRandom; readonly running: Map<number, Running>; readonly turn: Map<number, number> };

/** Hours of a span, as Aspire shows them: four decimals. */
export function hoursOf(ms: number): number {
  return Math.round((ms / 3_600_000) * 10_000) / 10_000;
}

function add(hours: unknown, more: number): number {
  return Math.round((Number(hours ?? 0) + more) * 10_000) / 10_000;
}

/**
 * The demo's own changes: crews keep clocking hours on their current tickets. Each call is one round for one tenant: entries that
 * have run their length are closed with the hours elapsed, and the next worker of the crew opens one. Repeatable by seed.
 */
export function createLiveChanges(seed: string | number): (data: TenantData, shell: Shell) => void {
  const states = new Map<string, State>();
  return (data, shell) => {
    let state = states.get(data.id);
    if (state === undefined) {
      state = { random: seededRandom(`${seed} live ${data.id}`), running: new Map(), turn: new Map() };
      states.set(data.id, state);
    }
    round(data, shell, state);
  };
}

function round(data: TenantData, shell: Shell, state: State): void {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const now = shell.spec.now();
  for (const crew of crewsOf(data).slice(0, ACTIVE_CREWS)) {
    const held = state.running.get(crew.routeId);
    const row = held === undefined ? null : data.row(times, held.id);
    // An entry deleted, closed or taken away by somebody else is no longer ours.
    const running = held !== undefined && row !== null && (row.EndTime ?? null) === null ? held : adopt(crew, now, state);
    if (running === null) {
      open(data, shell, state, crew, now - state.random.between(6, 10) * 60_000);
    } else if (now >= running.endMs) {
      const endMs = now - running.startMs > FORGOTTEN_MS ? running.endMs : now;
      closeEntry(data, shell, crew, running, endMs);
      open(data, shell, state, crew, now);
    } else {
      state.running.set(crew.routeId, running);
    }
  }
}

/** An entry of today somebody of the crew already has open is carried on, and closed on the next round. */
function adopt(crew: Crew, now: number, state: State): Running | null {
  state.running.delete(crew.routeId);
  const today = localTimeOf(new Date(now).toISOString(), crew.zone).slice(0, 10);
  for (const row of crew.open) {
    const start = String(row.StartTime);
    const startMs = start.startsWith(today) ? Date.parse(localToInstant(start, crew.zone)) : Number.NaN;
    if (startMs <= now - 60_000)
      return { id: Number(row.WorkTicketTimeID), startMs, endMs: Math.min(now, startMs + SHORTEST * 60_000) };
  }
  return null;
}

function open(data: TenantData, shell: Shell, state: State, crew: Crew, startMs: number): void {
  const now = shell.spec.now();
  const zoneNow = localTimeOf(new Date(now).toISOString(), crew.zone);
  const worker = nextWorker(data, state, crew, zoneNow.slice(0, 10));
  const ticket = chooseTicket(data, crew, zoneNow);
  if (worker === null || ticket === null) {
    state.running.delete(crew.routeId);
    return;
  }
  // An entry begins on the day it is made, also one that is dated back a little.
  const midnight = Date.parse(localToInstant(`${zoneNow.slice(0, 10)}T00:00:00`, crew.zone));
  const from = Math.floor(Math.max(startMs, midnight) / 1000) * 1000;
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
  state.running.set(crew.routeId, { id, startMs: from, endMs: from + state.random.between(SHORTEST, LONGEST) * 60_000 });
}

function closeEntry(data: TenantData, shell: Shell, crew: Crew, running: Running, endMs: number): void {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const end = Math.floor(endMs / 1000) * 1000;
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
function nextWorker(data: TenantData, state: State, crew: Crew, today: string): Crew['workers'][number] | null {
  const rows: readonly Row[] = data.rows(data.entity('WorkTicketTimes') as EntitySpec);
  for (let tried = 0; tried < crew.workers.length; tried += 1) {
    const turn = state.turn.get(crew.routeId) ?? state.random.between(0, crew.workers.length - 1);
    state.turn.set(crew.routeId, turn + 1);
    const worker = crew.workers[turn % crew.workers.length]!;
    const own = rows.filter((row) => row.ContactID === worker.contactId);
    const busy = own.some((row) => row.EndTime === null);
    const hours = own
      .filter((row) => String(row.WorkTicketTimeDate).startsWith(today))
      .reduce((sum, row) => sum + Number(row.Hours ?? 0), 0);
    if (!busy && hours < DAY_HOURS) return worker;
  }
  return null;
}

function freeId(data: TenantData, shell: Shell, now: number): number {
  const times = data.entity('WorkTicketTimes') as EntitySpec;
  const tenant = shell.tenants().indexOf(data.id);
  let id = FIRST_ID + Math.floor((now - EPOCH_MS) / 1000) * 4 + (tenant % 4);
  while (data.row(times, id) !== null) id += 4;
  return id;
}
