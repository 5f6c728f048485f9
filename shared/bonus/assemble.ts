import { hashCanonical } from '#kernel/hash.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { idsOfPeople } from '#model/merged-people.ts';
import type { BudgetFigures, ProPay, TimeNeed } from '#model/propay.ts';
import type { ProPayRecords, ProPayState, ProPayTarget, TimeRecord, WorkerTimes, WorkPlaces } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { isManual } from './inputs/adjustment.ts';
import { sourceBudget, unknownBudget } from './inputs/budget-source.ts';
import { type CostChoices, choicesInForce } from './inputs/choices.ts';
import { type Completion, completionOf } from './inputs/completion-source.ts';
import { type CountedEntry, type CountedRecords, countRecords } from './inputs/counted-records.ts';
import { digestOfInputs, withoutReferences } from './inputs/digest.ts';
import { located } from './inputs/division-of.ts';
import { type BonusPeriod, earningsOf } from './inputs/earnings.ts';
import { excludedFrom } from './inputs/excluded.ts';
import { incentiveOf, type Place, placeOf } from './inputs/incentives.ts';
import { billableParts } from './inputs/overhead.ts';
import { distributionRef, ownTerms } from './inputs/own-terms.ts';
import { type ProPayPeople, peopleOfProPay } from './inputs/people.ts';
import { contextOfPersons, proPayOfPersons, underSurvivors, wagesOfPersons, withLinks } from './inputs/persons.ts';
import { countRework, type ReworkEntry } from './inputs/rework.ts';
import { spreadEntries } from './inputs/spread-drives.ts';
import { assignedCrew, type FixedWages, unfixedWorkers, type WageHistories, type WageTerms, withWages } from './inputs/wages.ts';
import { type WorkerWeeks, weeksByWorker, wholeWeeksOf, withWeeks } from './inputs/worker-weeks.ts';
import { deductionsAllowed } from './pay-law/policies.ts';
import { kindOfBudget } from './rules/budget-base.ts';
import { missingKeys } from './rules/outcome.ts';
import type { Calculation } from './shapes.ts';

/** What is fixed by an earlier calculation (B-41): wages, and the start date they were fixed for. */
export interface FixedBefore {
  readonly startDate: LocalDate | null;
  readonly wages: FixedWages;
}

/** The inputs of a ProPay before what has to be read beyond its job: that is known only now. */
export interface Gathered {
  readonly state: ProPayState;
  readonly proPay: ProPay;
  readonly context: TenantContext;
  readonly time: CountedRecords;
  /** Time of rework that counts in as well (B-151). */
  readonly rework: readonly ReworkEntry[];
  readonly reworkRecords: readonly ProPayRecords[];
  readonly people: ProPayPeople;
  readonly completion: Completion;
  readonly choices: CostChoices;
  readonly wageTerms: WageTerms;
  /** Workers whose wage history has to be read: newcomers, everybody by entry date, or the assigned crew of a ProPay without time. */
  readonly wagesNeeded: readonly string[];
  /** Time of its people beyond the job that the figures depend on; null where there is none. */
  readonly timeNeed: TimeNeed | null;
}

/** What was read beyond the job, as `gather` asked for it. */
export interface FurtherInputs {
  readonly histories: WageHistories;
  readonly times: WorkerTimes;
  readonly places: WorkPlaces;
  /** The moment of the reading: workweeks that are not over at it are not complete (B-202). */
  readonly now: Instant;
}

/** Everything that decides the money of one ProPay, ready to be calculated, explained and compared. */
export interface Assembled {
  /** On the full budget: the final calculation (B-36). */
  readonly calculation: Calculation;
  readonly completion: Completion;
  /** The work's own time. */
  readonly time: CountedRecords;
  readonly rework: readonly ReworkEntry[];
  readonly people: ProPayPeople;
  readonly choices: CostChoices;
  readonly wages: FixedWages;
  readonly timeNeed: TimeNeed | null;
  readonly budget: BudgetFigures | null;
  readonly place: Place;
  readonly connectionIds: readonly string[];
  /** Everybody who is on the ProPay in any capacity, people with several ids by each of them. */
  readonly workerIds: readonly string[];
  readonly inputsVersion: string;
  readonly contextRevision: number;
  readonly inputsSeen: string;
}

/** First half of the assembly: counted time, people, completion, and what has to be read beyond the job (B-41: fixed wages stay). */
export function gather(
  read: ProPayState,
  stored: ProPay,
  tenant: TenantContext,
  before: FixedBefore | null,
  reworkRead: readonly ProPayRecords[] = [],
  wagesSince: Instant | null = null,
): Gathered {
  const context = contextOfPersons(tenant);
  const proPay = proPayOfPersons(stored, context);
  const state = located({ ...read, records: underSurvivors(read.records, context) }, context);
  const reworkRecords = underSurvivors(reworkRead, context);
  const { records, target } = state;
  const choices = choicesInForce(proPay, context);
  const isBillable = billableParts(records, context);
  const counting = countRecords(withoutLeftOut(records, proPay), choices.driveTimeInCost, isBillable);
  const time = withLinks(counting, read.records, context);
  const people = peopleOfProPay(records, target, proPay, context);
  const rework = countRework(reworkRecords, choices.driveTimeInCost, context);
  const counted = [...time.entries, ...rework];
  const workers = missingKeys(counted.map((entry) => entry.workerId));
  const { wageBasis: basis } = proPay;
  const kept = basis === 'at_start' && before !== null && before.startDate === time.startDate ? before.wages : {};
  const known = wagesOfPersons(kept, workers, context);
  const fixed = Object.fromEntries(
    idsOfPeople(context, workers).flatMap((id) => (known[id] === undefined ? [] : [[id, known[id]]])),
  );
  const projected = workers.length === 0 && kindOfBudget(proPay.budgetType) === 'hours' ? people.assignedIds : [];
  const byEarnings = proPay.distribution.formula === 'total_earnings';
  const startDate = time.startDate ?? firstOf(rework);
  const wageTerms: WageTerms = { basis, startDate, fixed, burden: choices.burden, since: wagesSince };
  return {
    state,
    proPay,
    context,
    time,
    rework,
    reworkRecords,
    people,
    completion: completionOf(records, target, context),
    choices,
    wageTerms,
    wagesNeeded: [...(byEarnings ? workers : unfixedWorkers(workers, wageTerms)), ...projected],
    timeNeed: timeNeedOf(counted, idsOfPeople(context, workers), {
      days: spreadsDrives(choices, context),
      weeks: choices.overtimeCost || byEarnings,
      period: byEarnings ? routePeriodOf(proPay) : null,
    }),
  };
}

/** Whether drive time logged on overhead is spread over the jobs worked (B-47). */
function spreadsDrives({ driveTimeInCost }: CostChoices, { nonBillableRules }: TenantContext): boolean {
  return driveTimeInCost && nonBillableRules.spreadDriveTime;
}

function timeNeedOf(
  counted: readonly CountedEntry[],
  workerIds: readonly string[],
  { days, weeks, period }: { readonly days: boolean; readonly weeks: boolean; readonly period: BonusPeriod | null },
): TimeNeed | null {
  if (counted.length === 0 || !(weeks || days)) return null;
  const dates = [
    ...counted.map((entry) => entry.workDate),
    ...(period === null ? [] : [period.startDate, period.lastDate]),
  ].sort();
  const [from, to] = [dates[0]!, dates.at(-1)!];
  const need = { workerIds, from, to };
  return weeks ? wholeWeeksOf(need) : need;
}

/** In a group, people may be left out of one member: their time there counts nothing (B-106 b). */
function leftOutOf({ groupId, membership }: ProPay): readonly string[] {
  return groupId === null ? [] : (membership?.leftOutWorkerIds ?? []);
}

/** The route period of a group's member: the bonus period that all members have in common. */
function routePeriodOf({ groupId, membership }: ProPay): BonusPeriod | null {
  return groupId === null || membership === null ? null : { startDate: membership.startDate, lastDate: membership.endDate };
}

function withoutLeftOut(records: ProPayRecords, proPay: ProPay): Pick<ProPayRecords, 'entries' | 'drives'> {
  const leftOut = new Set(leftOutOf(proPay));
  if (leftOut.size === 0) return records;
  const counts = (record: { readonly fields: { readonly workerId: string } }): boolean => !leftOut.has(record.fields.workerId);
  return { entries: records.entries.filter(counts), drives: records.drives.filter(counts) };
}

/** Second half of the assembly: with what `gather` asked for, the calculation of B-190 with its references. */
export function assemble(gathered: Gathered, further: FurtherInputs): Assembled {
  const { state, proPay, context, rework, people, completion, choices, timeNeed } = gathered;
  const { records, target } = state;
  const time = withSpread(gathered, further);
  const counted = [...time.entries, ...rework];
  const own = [records, ...gathered.reworkRecords].flatMap(({ entries, drives }) => [...entries, ...drives]);
  const weeksOf = weeksByWorker(further.times, own, { context, now: further.now });
  const { entries: waged, wages } = withWages(counted, gathered.wageTerms, further.histories);
  const entries = choices.overtimeCost ? withWeeks(counted, waged, weeksOf) : waged;
  const place = placeOf(records, target);
  const { laborShare } = incentiveOf(context, place);
  const excluded = excludedFrom(proPay, context);
  const { budget, figures } = sourceBudget(proPay.budgetType, records, target, { own: proPay, laborShare });
  const calculation: Calculation = {
    // A value entered by hand makes even an unknown budget known (B-35).
    budget: budget ?? (isManual(proPay.adjustment) ? unknownBudget(proPay.budgetType) : null),
    entries,
    assignedCrew: entries.length > 0 ? null : assignedCrew(people.assignedIds, further.histories),
    crewLeadIds: people.crewLeadIds,
    managerIds: people.managerIds,
    otherIds: people.otherIds,
    excludedWorkerIds: excluded.map(({ workerId }) => workerId),
    excludedRefs: excluded,
    distribution: { ...distributionOf(gathered, further, weeksOf), ref: distributionRef(proPay) },
    ...ownTerms(proPay),
    // Where deductions are blocked nobody carries a loss (B-218).
    rollOverNegative: proPay.pool.rollOverNegative && deductionsAllowed(context, place.branchId),
    peopleRefs: people.refs,
  };
  const inputsVersion = hashCanonical({
    calculation: withoutReferences(calculation),
    completionBp: completion.completionBp,
    completed: completion.completedAtSource,
  });
  return {
    calculation,
    completion,
    time,
    rework,
    people,
    choices,
    wages,
    timeNeed,
    budget: figures,
    place,
    connectionIds: connectionsOf(withoutFormer(state), target, gathered.reworkRecords),
    workerIds: missingKeys(
      idsOfPeople(context, [
        ...time.workerIds,
        ...rework.map((entry) => entry.workerId),
        ...leftOutOf(proPay),
        ...people.crewLeadIds,
        ...people.managerIds,
        ...people.otherIds,
        ...(entries.length === 0 ? people.assignedIds : []),
      ]),
    ),
    inputsVersion,
    contextRevision: context.revision,
    inputsSeen: digestOfInputs([records, ...gathered.reworkRecords], context.revision, wages, {
      ...further,
      burden: choices.burden,
    }),
  };
}

function firstOf(rework: readonly ReworkEntry[]): LocalDate | null {
  return rework.map((entry) => entry.workDate).sort()[0] ?? null;
}

/** The counted time with the drive time of overhead that falls to it (B-47). */
function withSpread({ state, time, choices, context }: Gathered, { times, places }: FurtherInputs): CountedRecords {
  if (!spreadsDrives(choices, context)) return time;
  const spread = spreadEntries({ state, counted: time.entries, times, places, context });
  const entries = [...time.entries, ...spread].sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1));
  return { ...time, entries };
}

/** How the crew pool is divided; where earnings decide, with what everybody earned in the weeks of the ProPay, or of its group (B-71). */
function distributionOf(
  { proPay, time }: Gathered,
  { histories }: FurtherInputs,
  weeksOf: (workerId: string) => WorkerWeeks,
): Calculation['distribution'] {
  const { startDate, lastDate } = time;
  if (proPay.distribution.formula !== 'total_earnings' || startDate === null || lastDate === null) return proPay.distribution;
  const workerIds = missingKeys(time.entries.map((entry) => entry.workerId));
  const period = routePeriodOf(proPay) ?? { startDate, lastDate };
  return { ...proPay.distribution, earnings: earningsOf(workerIds, period, histories, weeksOf) };
}

/** Of linked jobs the time of the one that goes on says how fresh the figures are: nothing more comes for the others. */
function withoutFormer({ records, linked }: ProPayState): ProPayRecords {
  if (linked === undefined) return records;
  const goesOn = ({ fields }: TimeRecord): boolean => fields.jobId === linked.survivorId;
  return { ...records, entries: records.entries.filter(goesOn), drives: records.drives.filter(goesOn) };
}

function connectionsOf(records: ProPayRecords, target: ProPayTarget, rework: readonly ProPayRecords[]): readonly string[] {
  const visit = records.milestones.filter((one) => one.id === target.milestoneId);
  const used = [...(records.job === null ? [] : [records.job]), ...visit, ...records.entries, ...records.drives];
  const reworked = rework.flatMap((one) => [...(one.job === null ? [] : [one.job]), ...one.entries]);
  return missingKeys([...used, ...reworked].map((record) => record.connectionId));
}
