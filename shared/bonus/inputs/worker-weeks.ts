import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import type { TimeNeed } from '#model/propay.ts';
import type { TimeRecord, WorkerTime, WorkerTimes } from '#model/propay-state.ts';
import { type PolicyContext, termsOfWeeks } from '../pay-law/policies.ts';
import { type WeekFacts, weekFacts } from '../pay-law/week-facts.ts';
import { cutAtWeeks, workedByDay } from '../pay-law/work-hours.ts';
import { workedRecords } from '../pay-law/worked-records.ts';
import type { WorkCalendar } from '../pay-law/workweek.ts';
import type { Entry } from '../shapes.ts';
import type { CountedEntry } from './counted-records.ts';

/** A workweek that holds a work date lies within these days around it: six days of the week, and two between work date and instants. */
const WEEK_MARGIN_DAYS = 8;

/** The time that has to be read so that every workweek with some of a ProPay's time in it is known whole (B-45). */
export function wholeWeeksOf({ workerIds, from, to }: TimeNeed): TimeNeed {
  return { workerIds, from: addDays(from, -WEEK_MARGIN_DAYS), to: addDays(to, WEEK_MARGIN_DAYS) };
}

/** One worker's workweeks, by the law and the calendar of the worker's own branch. */
export interface WorkerWeeks {
  readonly calendar: WorkCalendar;
  /** Hours worked by workday. */
  readonly days: ReadonlyMap<LocalDate, number>;
  /** All that was worked in the week that begins on a day. */
  week(weekStart: LocalDate): WeekFacts;
}

/** What decides over workweeks beside the time itself: the tenant's policies, and the moment at which a week is over or is not. */
export interface WeekTerms {
  readonly context: PolicyContext;
  readonly now: Instant;
}

/**
 * The workweeks of one worker out of everything that was read of them. `own` is the worker's time on the ProPay's job: it was read
 * strongly with the ProPay, while what is elsewhere was found through an index.
 */
export function workerWeeks(time: WorkerTime | undefined, own: readonly TimeRecord[], { context, now }: WeekTerms): WorkerWeeks {
  const branchId = time?.branchId ?? null;
  const terms = termsOfWeeks(context, branchId, now);
  const { calendar } = terms;
  const records = [...new Map([...(time?.records ?? []), ...own].map((record) => [record.id, record])).values()];
  const worked = workedRecords(records);
  const known = new Map<LocalDate, WeekFacts>();
  return {
    calendar,
    days: workedByDay(worked.times, calendar),
    week: (weekStart) => {
      const facts = known.get(weekStart) ?? weekFacts(worked, weekStart, terms);
      known.set(weekStart, facts);
      return facts;
    },
  };
}

/** The workweeks of everybody whose time was read, by worker. */
export function weeksByWorker(
  times: WorkerTimes,
  own: readonly TimeRecord[],
  terms: WeekTerms,
): (workerId: string) => WorkerWeeks {
  const known = new Map<string, WorkerWeeks>();
  return (workerId) => {
    const mine = () => own.filter((record) => record.fields.workerId === workerId);
    const weeks = known.get(workerId) ?? workerWeeks(times.get(workerId), mine(), terms);
    known.set(workerId, weeks);
    return weeks;
  };
}

/**
 * Entries with the overtime of their workweeks (B-45): time over the end of a week becomes one entry for each week. A week of which hours
 * may be missing is null. The records that a week was added up from stand once, on the first entry that a trace shows of it.
 */
export function withWeeks(
  counted: readonly CountedEntry[],
  entries: readonly Entry[],
  weeksOf: (workerId: string) => WorkerWeeks,
): readonly Entry[] {
  const named = new Set<string>();
  return counted.flatMap(({ start, end, workDate, seconds }, index) => {
    const entry = entries[index]!;
    const { calendar, week } = weeksOf(entry.workerId);
    const parts = cutAtWeeks({ start, end, workDate, durationSeconds: seconds }, calendar);
    return [...parts].map(([weekStart, inWeek]) => {
      const facts = week(weekStart);
      const part = { ...entry, seconds: inWeek, week: facts.complete ? facts.state : null, weekStart };
      const { workerId, wageE4, burdenBp, wageRef } = entry;
      const name = JSON.stringify([workerId, weekStart, wageE4, burdenBp, wageRef?.id, wageRef?.revision]);
      if (named.has(name)) return part;
      named.add(name);
      return { ...part, weekRef: facts.hours.map(({ entity, id, revision }) => ({ entity, id, revision })) };
    });
  });
}
