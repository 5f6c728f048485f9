import type { MappedRow } from '#model/mapped-record.ts';
import { JoinLoader, type RowSource } from './joins.ts';
import { LISTS, type ListName } from './lists.ts';
import type { MapContext } from './map/context.ts';
import { STREAMS } from './streams.ts';

/** The lists whose rows become records, for `mapRows`. */
export const MAPPED_LISTS: readonly ListName[] = Object.values(STREAMS).map((plan) => plan.list);

/**
 * Maps raw rows of a list without a source: rows of other lists come from `others`, as far as it has them. The same mapping and the
 * same joins as in a run, for set-up previews, tools and tests.
 */
export async function mapRows(
  list: ListName,
  rows: readonly unknown[],
  others: Readonly<Partial<Record<ListName, readonly unknown[]>>>,
  context: Omit<MapContext, 'joins'>,
): Promise<readonly MappedRow[]> {
  const plan = Object.values(STREAMS).find((known) => known.list === list);
  if (plan === undefined) throw new RangeError(`${list} is no list of records`);
  // More rows than asked for do no harm: what is joined is looked up by id.
  const give = async (name: ListName): Promise<readonly unknown[]> => (Object.hasOwn(LISTS, name) ? (others[name] ?? []) : []);
  const source: RowSource = { all: give, byKey: give };
  const loader = new JoinLoader(source);
  const whole = { ...context, joins: loader.table };
  await plan.prepare?.(loader, rows, false, whole);
  return rows.map((row) => plan.map(row, whole));
}
