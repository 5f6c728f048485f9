import { compareCodePoints } from '#kernel/ids.ts';
import { idsOfPerson, isMerged, survivorOf, survivorsOf } from '#model/merged-people.ts';
import type { FixedWage, ProPay } from '#model/propay.ts';
import type { ProPayRecords, WorkerTimes } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import type { WageRow } from '../rules/wage-basis.ts';
import type { RecordRef } from '../shapes.ts';
import type { CountedRecords } from './counted-records.ts';
import type { FixedWages } from './wages.ts';

/** The links by which a worker's time counts for another record of the same person, from one to the next; none where it counts for itself. */
function linksOf({ mergedPeople }: Pick<TenantContext, 'mergedPeople'>, workerId: string): readonly RecordRef[] {
  const refs: RecordRef[] = [];
  for (let merged = mergedPeople[workerId]; merged !== undefined; merged = mergedPeople[merged.into])
    refs.push({ entity: 'link', id: merged.linkId, revision: merged.revision });
  return refs;
}

/** Counted time that stands under another id than the one it was recorded with names the links that lead there. */
export function withLinks(time: CountedRecords, read: ProPayRecords, context: TenantContext): CountedRecords {
  if (!isMerged(context)) return time;
  const recorded = new Map([...read.entries, ...read.drives].map(({ id, fields }) => [id, fields.workerId]));
  const entries = time.entries.map((entry) => {
    const personRef = linksOf(context, recorded.get(entry.ref.id) ?? entry.workerId);
    return personRef.length === 0 ? entry : { ...entry, personRef };
  });
  return { ...time, entries };
}

/** A reading of records or settings with everybody under the id that stands for the person. Where nobody was merged it is what was read. */
export function underSurvivors<T>(read: T, context: TenantContext): T {
  return isMerged(context) ? (renamed(read, (id) => survivorOf(context, id)) as T) : read;
}

/** Ids are no words: a text that is the id of a worker names that worker, wherever it stands. Names in a list stand once. */
function renamed(value: unknown, of: (text: string) => string): unknown {
  if (typeof value === 'string') return of(value);
  if (Array.isArray(value)) return [...new Set(value.map((one) => renamed(one, of)))];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [of(name), renamed(inner, of)]));
}

/** What a ProPay says of people. Amounts by hand for two records of one person are added up. */
export function proPayOfPersons(proPay: ProPay, context: TenantContext): ProPay {
  const { distribution, ...own } = underSurvivors(proPay, context);
  if (distribution.amounts === undefined) return { ...own, distribution };
  const sums = new Map<string, number>();
  for (const { workerId, cents } of distribution.amounts) sums.set(workerId, (sums.get(workerId) ?? 0) + cents);
  const amounts = [...sums].map(([workerId, cents]) => ({ workerId, cents }));
  return { ...own, distribution: { ...distribution, amounts } };
}

/** What the tenant's settings say of people. */
export function contextOfPersons(context: TenantContext): TenantContext {
  return { ...underSurvivors(context, context), mergedPeople: context.mergedPeople };
}

/**
 * Wages that were fixed for any record of a person hold for the person (B-41). Each says whose it was, so that undoing a merge leaves
 * everybody with the own ones.
 */
export function wagesOfPersons(wages: FixedWages, workerIds: readonly string[], context: TenantContext): FixedWages {
  const kept: Record<string, FixedWage> = {};
  for (const workerId of workerIds) {
    const ids = idsOfPerson(context, workerId);
    for (const id of ids) {
      const wage = wages[id];
      if (wage === undefined || (wage.ofWorkerId !== undefined && !ids.includes(wage.ofWorkerId))) continue;
      kept[id] = wage;
      kept[workerId] ??= { ...wage, ofWorkerId: wage.ofWorkerId ?? id };
    }
  }
  return kept;
}

/**
 * A person's wages: the own history, before its first day that of the records which were merged into it. The source's rows and those that
 * people added each have a first day of their own: what was set here of the one record goes on before the source's of the other (E-1).
 */
export function historiesOfPersons<R extends WageRow>(
  histories: ReadonlyMap<string, readonly R[]>,
  workerIds: readonly string[],
  context: Pick<TenantContext, 'mergedPeople'>,
): ReadonlyMap<string, readonly R[]> {
  if (!isMerged(context)) return histories;
  return new Map(
    workerIds.map((workerId) => {
      const own = histories.get(workerId) ?? [];
      const firstOf = (origin: WageRow['origin']): string =>
        own.flatMap((row) => (row.origin === origin ? [row.effectiveFrom] : [])).sort()[0] ?? '9999-12-31';
      const first = { source: firstOf('source'), local: firstOf('local') };
      const former = idsOfPerson(context, workerId).slice(1);
      const rows = former.flatMap((id) => (histories.get(id) ?? []).map((row) => ({ ...row, ofWorkerId: row.ofWorkerId ?? id })));
      const earlier = rows.filter(({ effectiveFrom, origin }) => effectiveFrom < first[origin]);
      return [workerId, [...earlier, ...own].sort((a, b) => compareCodePoints(a.effectiveFrom, b.effectiveFrom))] as const;
    }),
  );
}

/** What a person recorded under any of the ids; the branch is that of the record that stands for the person. */
export function timesOfPersons(times: WorkerTimes, context: TenantContext): WorkerTimes {
  if (!isMerged(context)) return times;
  return new Map(
    survivorsOf(context, [...times.keys()]).map((workerId) => {
      const read = idsOfPerson(context, workerId).flatMap((id) => times.get(id)?.records ?? []);
      return [workerId, { branchId: times.get(workerId)?.branchId ?? null, records: underSurvivors(read, context) }] as const;
    }),
  );
}
