import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { FixedWage } from '#model/propay.ts';
import { chooseWages, type WageBasis, type WageRow, wageAtStart, wageChangedSince, wageInForce } from '../rules/wage-basis.ts';
import type { AssignedWorker, Entry, RecordRef } from '../shapes.ts';
import type { CountedEntry } from './counted-records.ts';
import type { ReworkEntry } from './rework.ts';

/** The wage history of each worker asked for. */
export type WageHistories = ReadonlyMap<string, readonly WageRow[]>;

/** The wages of workers as an earlier calculation has fixed them (B-41). */
export type FixedWages = Readonly<Record<string, FixedWage>>;

/** What wages are chosen by. */
export interface WageTerms {
  readonly basis: WageBasis;
  /** The start of the ProPay; null without time. */
  readonly startDate: LocalDate | null;
  readonly fixed: FixedWages;
  /** Burden is part of the cost (B-44). */
  readonly burden: boolean;
  /** Wages that have changed since take the place of fixed ones: what an approval is compared with later (M-119); null: none do. */
  readonly since: Instant | null;
}

/** Workers whose history has to be read: nothing is fixed of them yet, or no burden where one is needed. */
export function unfixedWorkers(
  workerIds: readonly string[],
  { fixed, burden, since }: Pick<WageTerms, 'fixed' | 'burden' | 'since'>,
): string[] {
  return workerIds.filter((id) => since !== null || fixed[id] === undefined || (burden && fixed[id].burden === undefined));
}

/** Counted time with its wages (B-41), and with burden where it is part of the cost (B-44); and what is fixed from now on. */
export function withWages(
  counted: readonly (CountedEntry | ReworkEntry)[],
  terms: WageTerms,
  histories: WageHistories,
): { readonly entries: readonly Entry[]; readonly wages: FixedWages } {
  if (terms.basis === 'by_entry_date') {
    const rows = chooseWages('by_entry_date', counted, histories);
    return { entries: counted.map((entry, index) => entryOf(entry, wageOf(rows[index] ?? null), terms.burden)), wages: {} };
  }
  const wages: Record<string, FixedWage> = { ...terms.fixed };
  for (const workerId of new Set(counted.map((entry) => entry.workerId))) {
    const wage = fixedFor(wages[workerId], histories.get(workerId) ?? [], terms);
    if (wage !== null) wages[workerId] = wage;
  }
  return { entries: counted.map((entry) => entryOf(entry, wages[entry.workerId] ?? null, terms.burden)), wages };
}

/** What was fixed stays; only a burden that was missing is taken from the row in force now. */
function fixedFor(known: FixedWage | undefined, rows: readonly WageRow[], { startDate, since }: WageTerms): FixedWage | null {
  const later =
    startDate === null || since === null || known === undefined ? null : wageOf(wageChangedSince(rows, startDate, since));
  if (later !== null) return { ...known, ...later };
  if (startDate === null || known?.burden !== undefined) return known ?? null;
  const row = wageAtStart(rows, startDate);
  const wage = wageOf(row);
  if (known === undefined) return wage;
  return wage?.burden === undefined ? known : { ...known, burden: wage.burden };
}

/** A row of a wage history as it is fixed; null where it holds no wage. */
function wageOf(row: WageRow | null): FixedWage | null {
  if (row?.ref === undefined || row.wageE4 === null) return null;
  const { wageE4, effectiveFrom, ref, ofWorkerId } = row;
  const record = { recordId: ref.id, revision: Number(ref.revision), sourceId: ref.sourceId ?? null };
  const bp = row.burdenBp ?? null;
  const whose = ofWorkerId === undefined ? {} : { ofWorkerId };
  return { wageE4, ...record, effectiveFrom, ...whose, ...(bp === null ? {} : { burden: { bp, ...record } }) };
}

type StoredRow = Pick<FixedWage, 'recordId' | 'revision' | 'sourceId'>;

/** A row that people added has no id at the source. */
function refOf({ recordId: id, revision, sourceId }: StoredRow): RecordRef {
  return sourceId === null ? { entity: 'override', id, revision } : { entity: 'wage_record', id, revision, sourceId };
}

function entryOf(counted: CountedEntry | ReworkEntry, wage: FixedWage | null, burden: boolean): Entry {
  const { workerId, seconds, ref, spreadRef, personRef } = counted;
  const plain = {
    workerId,
    seconds,
    wageE4: wage?.wageE4 ?? null,
    ref,
    ...('reworkJobId' in counted ? { noWeight: true } : {}),
    ...(wage === null ? {} : { wageRef: refOf(wage) }),
    ...(spreadRef === undefined ? {} : { spreadRef }),
    ...(personRef === undefined ? {} : { personRef }),
  };
  if (!burden) return plain;
  const added = wage?.burden;
  return added === undefined ? { ...plain, burdenBp: null } : { ...plain, burdenBp: added.bp, burdenRef: refOf(added) };
}

/** The crew planned on work without time, each with the latest wage known (B-52): a projection only, so nothing is fixed. */
export function assignedCrew(workerIds: readonly string[], histories: WageHistories): AssignedWorker[] {
  return workerIds.map((workerId) => {
    const row = wageInForce(histories.get(workerId) ?? [], LAST_DAY);
    return { workerId, wageE4: row?.wageE4 ?? null, ...(row?.ref === undefined ? {} : { wageRef: row.ref }) };
  });
}

const LAST_DAY = '9999-12-31';
