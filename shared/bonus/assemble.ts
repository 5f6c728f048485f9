import { hashCanonical } from '#kernel/hash.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { BudgetFigures, FixedWage, ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayState, ProPayTarget } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { answersOf } from './definitions.ts';
import { isManual } from './inputs/adjustment.ts';
import { sourceBudget, unknownBudget } from './inputs/budget-source.ts';
import { type Completion, completionOf } from './inputs/completion-source.ts';
import { type CountedEntry, type CountedRecords, countRecords } from './inputs/counted-records.ts';
import { digestOfInputs, withoutReferences } from './inputs/digest.ts';
import { located } from './inputs/division-of.ts';
import { incentiveOf, incentiveRef, type Place, placeOf } from './inputs/incentives.ts';
import { billableParts } from './inputs/overhead.ts';
import { type ProPayPeople, peopleOfProPay } from './inputs/people.ts';
import { countRework, type ReworkEntry } from './inputs/rework.ts';
import { kindOfBudget } from './rules/budget-base.ts';
import { missingKeys } from './rules/outcome.ts';
import { chooseWages, type WageRow, wageAtStart, wageInForce } from './rules/wage-basis.ts';
import type { AssignedWorker, Calculation, Entry, RecordRef } from './shapes.ts';

/** The wage history of each worker asked for. */
export type WageHistories = ReadonlyMap<string, readonly WageRow[]>;

/** What is fixed by an earlier calculation (B-41): wages, and the start date they were fixed for. */
export interface FixedBefore {
  readonly startDate: LocalDate | null;
  readonly wages: Readonly<Record<string, FixedWage>>;
}

/** The inputs of a ProPay before wages: whose wages are needed is known only now. */
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
  /** Workers whose wage history has to be read: newcomers, everybody by entry date, or the assigned crew of a ProPay without time. */
  readonly wagesNeeded: readonly string[];
  readonly fixed: Readonly<Record<string, FixedWage>>;
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
  readonly wages: Readonly<Record<string, FixedWage>>;
  readonly budget: BudgetFigures | null;
  readonly place: Place;
  readonly connectionIds: readonly string[];
  /** Everybody who is on the ProPay in any capacity. */
  readonly workerIds: readonly string[];
  readonly inputsVersion: string;
  readonly contextRevision: number;
  readonly inputsSeen: string;
}

/** Whether drive time is part of a ProPay's cost (B-46): its own choice, else the tenant's. */
export function countsDriveTime(
  proPay: Pick<ProPay, 'driveTimeInCost'> | null,
  context: Pick<TenantContext, 'driveTimeInCost'>,
): boolean {
  return proPay?.driveTimeInCost ?? context.driveTimeInCost;
}

/** Whether drive time has to be read: an approval may have frozen another choice than the tenant's present one. */
export function readsDriveTime(proPay: ProPay | null, context: Pick<TenantContext, 'driveTimeInCost'>): boolean {
  return (proPay !== null && proPay.approval !== null) || countsDriveTime(proPay, context);
}

/** First half of the assembly: counted time, people, completion, and whose wages are needed (B-41: once fixed they stay). */
export function gather(
  read: ProPayState,
  proPay: ProPay,
  context: TenantContext,
  before: FixedBefore | null,
  reworkRecords: readonly ProPayRecords[] = [],
): Gathered {
  const state = located(read, context);
  const { records, target } = state;
  const isBillable = billableParts(records, context);
  const time = countRecords(withoutLeftOut(records, proPay), countsDriveTime(proPay, context), isBillable);
  const people = peopleOfProPay(records, target, proPay, context);
  const rework = countRework(reworkRecords, countsDriveTime(proPay, context), context);
  const workers = missingKeys([...time.entries, ...rework].map((entry) => entry.workerId));
  const kept = proPay.wageBasis === 'at_start' && before !== null && before.startDate === time.startDate ? before.wages : {};
  const fixed = Object.fromEntries(workers.flatMap((id) => (kept[id] === undefined ? [] : [[id, kept[id]]])));
  const projected = workers.length === 0 && kindOfBudget(proPay.budgetType) === 'hours' ? people.assignedIds : [];
  const wagesNeeded = [...workers.filter((id) => fixed[id] === undefined), ...projected];
  const completion = completionOf(records, target, context);
  return { state, proPay, context, time, rework, reworkRecords, people, completion, wagesNeeded, fixed };
}

/** In a group, people may be left out of one member: their time there counts nothing (B-106 b). */
function leftOutOf({ groupId, membership }: ProPay): readonly string[] {
  return groupId === null ? [] : (membership?.leftOutWorkerIds ?? []);
}

function withoutLeftOut(records: ProPayRecords, proPay: ProPay): Pick<ProPayRecords, 'entries' | 'drives'> {
  const leftOut = new Set(leftOutOf(proPay));
  if (leftOut.size === 0) return records;
  const counts = (record: { readonly fields: { readonly workerId: string } }): boolean => !leftOut.has(record.fields.workerId);
  return { entries: records.entries.filter(counts), drives: records.drives.filter(counts) };
}

/** Second half of the assembly: with the wage histories that `gather` asked for, the calculation of B-190 with its references. */
export function assemble(gathered: Gathered, histories: WageHistories): Assembled {
  const { state, proPay, context, time, rework, people, completion } = gathered;
  const { records, target } = state;
  const { entries, wages } = withWages(gathered, histories);
  const place = placeOf(records, target);
  const { laborShare } = incentiveOf(context, place);
  const { budget, figures } = sourceBudget(proPay.budgetType, records, target, { own: proPay, laborShare });
  const crew = entries.length > 0 ? null : assignedCrew(gathered, histories);
  const calculation: Calculation = {
    // A value entered by hand makes even an unknown budget known (B-35).
    budget: budget ?? (isManual(proPay.adjustment) ? unknownBudget(proPay.budgetType) : null),
    settingModification: modificationOf(proPay),
    adjustment: adjustmentOf(proPay),
    entries,
    assignedCrew: crew,
    crewLeadIds: people.crewLeadIds,
    managerIds: people.managerIds,
    otherIds: people.otherIds,
    excludedWorkerIds: missingKeys([...proPay.excludedWorkerIds, ...context.excludedWorkerIds]),
    leadInCrewPool: proPay.pool.leadInCrewPool,
    managerInCrewPool: proPay.pool.managerInCrewPool,
    splitEnabled: proPay.pool.splitEnabled,
    splitBp: proPay.pool.splitBp,
    pool: poolOf(proPay),
    distribution: { ...proPay.distribution, ref: poolRef(proPay) },
    ...answersOf(proPay, ownRef(proPay)),
    rollOverNegative: proPay.pool.rollOverNegative,
    leadPayCents: proPay.leadPayCents,
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
    wages,
    budget: figures,
    place,
    connectionIds: connectionsOf(records, target, gathered.reworkRecords),
    workerIds: missingKeys([
      ...time.workerIds,
      ...rework.map((entry) => entry.workerId),
      ...leftOutOf(proPay),
      ...people.crewLeadIds,
      ...people.managerIds,
      ...people.otherIds,
      ...(entries.length === 0 ? people.assignedIds : []),
    ]),
    inputsVersion,
    contextRevision: context.revision,
    inputsSeen: digestOfInputs([records, ...gathered.reworkRecords], context.revision, wages, histories),
  };
}

function withWages(gathered: Gathered, histories: WageHistories): { entries: Entry[]; wages: Record<string, FixedWage> } {
  const { proPay, time, rework, fixed } = gathered;
  const counted = [...time.entries, ...rework];
  const startDate = time.startDate ?? firstOf(rework);
  if (proPay.wageBasis === 'by_entry_date') {
    const rows = chooseWages('by_entry_date', counted, histories);
    return {
      entries: counted.map((entry, index) => entryOf(entry, rows[index]?.wageE4 ?? null, rows[index]?.ref)),
      wages: {},
    };
  }
  const wages: Record<string, FixedWage> = { ...fixed };
  for (const workerId of new Set(counted.map((entry) => entry.workerId))) {
    if (wages[workerId] !== undefined || startDate === null) continue;
    const row = wageAtStart(histories.get(workerId) ?? [], startDate);
    if (row !== null && row.ref !== undefined && row.wageE4 !== null) wages[workerId] = fixedWage(row, row.wageE4, row.ref);
  }
  return {
    entries: counted.map((entry) => {
      const wage = wages[entry.workerId];
      return entryOf(entry, wage?.wageE4 ?? null, wage && wageRefOf(wage));
    }),
    wages,
  };
}

function fixedWage(row: WageRow, wageE4: number, ref: RecordRef): FixedWage {
  return {
    wageE4,
    recordId: ref.id,
    revision: Number(ref.revision),
    sourceId: ref.sourceId ?? '',
    effectiveFrom: row.effectiveFrom,
  };
}

function wageRefOf(wage: FixedWage): RecordRef {
  return { entity: 'wage_record', id: wage.recordId, revision: wage.revision, sourceId: wage.sourceId };
}

function firstOf(rework: readonly ReworkEntry[]): LocalDate | null {
  return rework.map((entry) => entry.workDate).sort()[0] ?? null;
}

function entryOf(entry: CountedEntry | ReworkEntry, wageE4: number | null, wageRef: RecordRef | undefined): Entry {
  const { workerId, seconds, ref } = entry;
  const noWeight = 'reworkJobId' in entry ? { noWeight: true } : {};
  return { workerId, seconds, wageE4, ref, ...noWeight, ...(wageRef === undefined ? {} : { wageRef }) };
}

/** The crew planned on work without time, each with the latest wage known (B-52): a projection only, so nothing is fixed. */
function assignedCrew({ people }: Gathered, histories: WageHistories): AssignedWorker[] {
  return people.assignedIds.map((workerId) => {
    const row = wageInForce(histories.get(workerId) ?? [], LAST_DAY);
    return { workerId, wageE4: row?.wageE4 ?? null, ...(row?.ref === undefined ? {} : { wageRef: row.ref }) };
  });
}

const LAST_DAY = '9999-12-31';

function modificationOf({ settingModification }: ProPay): Calculation['settingModification'] {
  if (settingModification === null) return null;
  const { direction, bp, revision } = settingModification;
  return { direction, bp, ref: incentiveRef(settingModification, revision) };
}

function adjustmentOf(proPay: ProPay): Calculation['adjustment'] {
  return proPay.adjustment.type === 'none' ? null : { ...proPay.adjustment, ref: ownRef(proPay) };
}

function poolOf(proPay: ProPay): Calculation['pool'] {
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = proPay.manualPool ?? proPay.pool;
  return {
    crewBp,
    crewLeadBp,
    managerBp,
    otherBp,
    companyBp,
    ref: proPay.manualPool === null ? poolRef(proPay) : ownRef(proPay),
  };
}

function poolRef(proPay: ProPay): RecordRef {
  return { entity: 'bonus_pool', id: proPay.pool.id, revision: proPay.pool.revision };
}

function ownRef(proPay: ProPay): RecordRef {
  return { entity: 'propay', id: proPay.id, revision: proPay.revision };
}

function connectionsOf(records: ProPayRecords, target: ProPayTarget, rework: readonly ProPayRecords[]): readonly string[] {
  const visit = records.milestones.filter((one) => one.id === target.milestoneId);
  const used = [...(records.job === null ? [] : [records.job]), ...visit, ...records.entries, ...records.drives];
  const reworked = rework.flatMap((one) => [...(one.job === null ? [] : [one.job]), ...one.entries]);
  return missingKeys([...used, ...reworked].map((record) => record.connectionId));
}
