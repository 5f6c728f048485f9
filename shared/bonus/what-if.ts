import type { calculate } from './calculate.ts';
import { withFittingAmounts } from './fitting-amounts.ts';
import {
  type AppliedResult,
  type Calculation,
  type CalculationResult,
  type RecordRef,
  ROLES,
  type Role,
  type UndecidedResult,
} from './shapes.ts';
import type { TraceNode } from './trace.ts';
import { createTracer } from './tracer.ts';

/** A calculation as it is and as it would be, with the steps of the latter. */
export interface WhatIf {
  readonly before: CalculationResult;
  readonly after: CalculationResult;
  readonly nodes: readonly TraceNode[];
}

/**
 * What a calculation would give with some of its keys replaced (B-6): by the function that calculates for real, and nothing is stored.
 * Amounts by hand that the overlay itself gives must fit (B-70); those that only no longer fit divide nothing, as they would for real.
 */
export function whatIf(scope: string, base: Calculation, overlay: Partial<Calculation>, calculateWith: typeof calculate): WhatIf {
  const { unsettled: _unsettled, ...distribution } = base.distribution;
  const replaced = { ...base, distribution, ...named(overlay, 'overlay', base) };
  const tracer = createTracer(scope);
  const after = calculateWith(overlay.distribution === undefined ? withFittingAmounts(replaced) : replaced, tracer);
  return { before: calculateWith(base), after, nodes: tracer.nodes };
}

/**
 * Parts of a calculation that somebody gave by hand, each with a reference to where in `source` it was given: so every step leads either
 * to a record or to what was asked. People and exclusions of `base` keep the records that name them.
 */
export function named<C extends Partial<Calculation>>(given: C, source: 'inputs' | 'overlay', base?: Calculation): C {
  const at = (path: string): RecordRef => ({ entity: source, id: path, revision: 0 });
  const listed = <T extends object>(name: string, list: readonly T[] | null | undefined, member = 'ref') =>
    list ? { [name]: list.map((one, index) => ({ ...one, [member]: at(`/${name}/${index}`) })) } : {};
  const one = (name: 'budget' | 'settingModification' | 'adjustment' | 'distribution') =>
    given[name] ? { [name]: { ...given[name], ref: at(`/${name}`) } } : {};
  const { entries, assignedCrew, disqualifiers, penalties, excludedWorkerIds } = given;
  const peopleRefs = ROLES.flatMap((role) => {
    const ids = role === 'crew' ? undefined : given[LIST_OF[role]];
    return (ids ?? []).map((workerId) => ({ workerId, role, ref: at(`/${LIST_OF[role as keyof typeof LIST_OF]}`) }));
  });
  return {
    ...given,
    ...one('budget'),
    ...one('settingModification'),
    ...one('adjustment'),
    ...one('distribution'),
    ...poolOf(given, at, base),
    ...(given.leadPayCents ? { leadPayRef: at('/leadPay') } : {}),
    ...(entries ? { entries: entries.map((entry, index) => namedEntry(entry, at(`/entries/${index}`))) } : {}),
    ...listed('assignedCrew', assignedCrew, 'wageRef'),
    ...listed('disqualifiers', disqualifiers),
    ...listed('penalties', penalties),
    peopleRefs: [...(base?.peopleRefs ?? []), ...peopleRefs],
    excludedRefs: [
      ...(base?.excludedRefs ?? []),
      ...(excludedWorkerIds ?? []).map((workerId) => ({ workerId, ref: at('/excludedWorkerIds') })),
    ],
  };
}

const LIST_OF = { crew_lead: 'crewLeadIds', manager: 'managerIds', other: 'otherIds' } as const satisfies Partial<
  Record<Role, keyof Calculation>
>;

/** A pool with where it and its split were given, whichever of them was. */
function poolOf(
  given: Partial<Calculation>,
  at: (path: string) => RecordRef,
  base: Calculation | undefined,
): Partial<Calculation> {
  const pool = given.pool ?? base?.pool;
  const split = (['splitEnabled', 'splitBp'] as const).filter((name) => given[name] !== undefined && given[name] !== null);
  if (pool === undefined || (given.pool === undefined && split.length === 0)) return {};
  const own = given.pool === undefined ? [pool.ref ?? []].flat() : [at('/pool')];
  return { pool: { ...pool, ref: [...own, ...split.map((name) => at(`/${name}`))] } };
}

function namedEntry(entry: Calculation['entries'][number], ref: RecordRef): Calculation['entries'][number] {
  return { ...entry, ref, wageRef: ref, burdenRef: ref, weekRef: ref };
}

/** One line of a difference between two results: a figure, or a person's payout in a role. */
export type PayoutChange = {
  readonly workerId: string;
  readonly role: Role;
  readonly fromCents: number;
  readonly toCents: number;
};

/** Who would be paid otherwise, lead pay among it as what leads get; in the order of payouts. */
export function payoutChanges(before: Paid, after: Paid): readonly PayoutChange[] {
  const [from, to] = [paidBy(before), paidBy(after)];
  return ROLES.flatMap((role) => {
    const ids = [...new Set([...from.keys(), ...to.keys()])].filter((key) => key.startsWith(`${role} `)).sort();
    return ids.flatMap((key) => {
      const [fromCents, toCents] = [from.get(key) ?? 0, to.get(key) ?? 0];
      return fromCents === toCents ? [] : [{ workerId: key.slice(role.length + 1), role, fromCents, toCents }];
    });
  });
}

/** What a result pays; one that cannot be told pays nothing. */
type Paid = UndecidedResult | Pick<AppliedResult, 'payouts' | 'leadPayouts'>;

function paidBy(result: Paid): ReadonlyMap<string, number> {
  const paid = new Map<string, number>();
  if ('missing' in result) return paid;
  const leads = result.leadPayouts.map((lead) => ({ ...lead, role: 'crew_lead' as const }));
  for (const { workerId, role, cents } of [...result.payouts, ...leads]) {
    const key = `${role} ${workerId}`;
    paid.set(key, (paid.get(key) ?? 0) + cents);
  }
  return paid;
}
