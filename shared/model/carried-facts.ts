import type { LocalWage, Overrides } from './overrides.ts';
import { NO_FACTS, type OwnFacts } from './own-facts.ts';

/** What was decided of one record, named by its id. */
export interface FactsOf {
  readonly id: string;
  readonly own: OwnFacts;
}

type Decided = { readonly from?: string };

/**
 * The facts of a record with those of another one that leads to it from now on: what was decided of the other one holds here as well
 * (M-117, X-28), each marked with the record that it was decided of. Where both were decided on, the record's own decision stands; of wages,
 * the other one's hold before the first own. Pure; the other record keeps what it has.
 */
export function withCarried(own: OwnFacts, { id, own: theirs }: FactsOf): OwnFacts {
  const mark = <D extends Decided>(decided: D): D => ({ ...decided, from: decided.from ?? id });
  const either = <D extends Decided>(mine: D | null, other: D | null): D | null => mine ?? (other === null ? null : mark(other));
  const kept = own.excluded !== null || own.included !== null;
  const { overrides } = own;
  const first = overrides.wages[0]?.effectiveFrom;
  const earlier = theirs.overrides.wages.filter(({ effectiveFrom }) => first === undefined || effectiveFrom < first);
  return {
    ...own,
    excluded: kept ? own.excluded : either(null, theirs.excluded),
    included: kept ? own.included : either(null, theirs.included),
    callbackOf: either(own.callbackOf, theirs.callbackOf),
    settings: either(own.settings, theirs.settings),
    overrides: {
      role: either(overrides.role, theirs.overrides.role),
      active: either(overrides.active, theirs.overrides.active),
      manager: either(overrides.manager, theirs.overrides.manager),
      budget: either(overrides.budget, theirs.overrides.budget),
      wages: [...earlier.map(mark), ...overrides.wages],
    },
  };
}

/** The facts without what was decided of other records: of those, when they stand for themselves again. */
export function withoutCarried(own: OwnFacts, ids: readonly string[]): OwnFacts {
  const isOwn = ({ from }: Decided): boolean => from === undefined || !ids.includes(from);
  const kept = <D extends Decided>(decided: D | null): D | null => (decided === null || isOwn(decided) ? decided : null);
  const { role, active, manager, budget, wages } = own.overrides;
  return {
    ...own,
    excluded: kept(own.excluded),
    included: kept(own.included),
    callbackOf: kept(own.callbackOf),
    settings: kept(own.settings),
    overrides: {
      role: kept(role),
      active: kept(active),
      manager: kept(manager),
      budget: kept(budget),
      wages: wages.filter(isOwn),
    },
  };
}

/** The facts of a record as another one has them that is read in its place: each says which record it was decided of. */
export function factsOf(record: FactsOf): OwnFacts {
  return { ...withCarried(NO_FACTS, record), revision: record.own.revision };
}

/** The wages among the facts that were decided of other records. */
export function carriedWages(own: OwnFacts): readonly LocalWage[] {
  return own.overrides.wages.filter(({ from }) => from !== undefined);
}

/** Whether anything of a record is overridden. */
export function hasOverrides({ overrides: { wages, ...others } }: { readonly overrides: Overrides }): boolean {
  return wages.length > 0 || Object.values(others).some((override) => override !== null);
}
