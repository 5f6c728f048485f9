import { allocateAmounts } from '#kernel/allocate.ts';
import { AppError } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { addProduct, type Whole } from './exact.ts';
import { formulaFor } from './rules/distribution.ts';
import type { Calculation, Entry, Formula, Payout, RecordRef } from './shapes.ts';
import { sortedEntries } from './trace-inputs.ts';
import { personRef } from './trace-payouts.ts';

/** One source record behind a payout, with its part of the amount; dates and seconds for time, absent otherwise. */
export type Leaf = {
  readonly entity: string;
  readonly id: string;
  readonly sourceId?: string;
  readonly revision: number | string;
  readonly workDate?: LocalDate;
  readonly seconds?: number;
  readonly cents: number;
};

/** A payout with the records it came from; the leaves always add up to `cents`. */
export type ExplainedPayout = Payout & { readonly leaves: readonly Leaf[] };

/**
 * Says which source records each payout of a calculation came from. A crew payout is divided by B-3 over the person's counted
 * entries, by each entry's part of the distribution's weight, or its seconds where the weight is not made of entries. A payout in
 * another role has one leaf: the record or setting that names the person. The calculation must carry references; a missing one is
 * our own defect (`missing-reference`).
 */
export function explainPayouts(input: Calculation, payouts: readonly Payout[]): ExplainedPayout[] {
  const entries = sortedEntries(input.entries);
  return payouts.map((payout) => ({
    ...payout,
    leaves:
      payout.role === 'crew' ? timeLeaves(input, entries, payout) : [{ ...leafOf(namedBy(input, payout)), cents: payout.cents }],
  }));
}

function timeLeaves(input: Calculation, entries: readonly Entry[], payout: Payout): Leaf[] {
  const own = byRecord(entries.filter((entry) => entry.workerId === payout.workerId && !entry.noWeight));
  const formula = formulaFor(payout.cents, input.distribution);
  const places = String(own.length).length;
  const amounts = allocateAmounts(
    payout.cents,
    // Entries are in the order of their record ids; padded ranks keep that order for ties.
    own.map((entry, index) => ({ id: String(index).padStart(places, '0'), weight: entryWeight(formula, entry) })),
  );
  return own.map((entry, index) => {
    const ref = entry.ref ?? missingReference('time_entry', payout.workerId);
    return { ...leafOf(ref), seconds: entry.seconds, cents: amounts[index]! };
  });
}

/** Entries with those of one record added up: time over the end of a workweek is cut into two (B-45). */
export function byRecord(entries: readonly Entry[]): readonly Entry[] {
  const merged = new Map<string, Entry>();
  for (const entry of entries) {
    const { entity, id } = entry.ref ?? missingReference('time_entry', entry.workerId);
    const known = merged.get(`${entity} ${id}`);
    merged.set(`${entity} ${id}`, known === undefined ? entry : { ...known, seconds: known.seconds + entry.seconds });
  }
  return [...merged.values()];
}

/** An entry's part of its person's weight; for one person every other formula's weight moves with the seconds or not at all. */
function entryWeight(formula: Formula, entry: Entry): Whole {
  return formula === 'wage_weighted' ? addProduct(0, entry.seconds, entry.wageE4 ?? 0) : entry.seconds;
}

function leafOf(ref: RecordRef): Omit<Leaf, 'cents'> {
  const { entity, id, revision, sourceId, workDate } = ref;
  return {
    entity,
    id,
    revision,
    ...(sourceId === undefined ? null : { sourceId }),
    ...(workDate === undefined ? null : { workDate }),
  };
}

function namedBy(input: Calculation, payout: Payout): RecordRef {
  return personRef(input, payout.role, payout.workerId) ?? missingReference(payout.role, payout.workerId);
}

function missingReference(what: string, workerId: string): never {
  throw new AppError('missing-reference', { data: { what, workerId } });
}
