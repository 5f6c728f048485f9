import type { RoleDifference, SettledDifference, SourceDifference } from '#model/difference.ts';
import type { PayoutRole } from '#model/propay.ts';
import { sumDifferences } from './source-change.ts';

/** What further differences are measured against: what was decided, and what applied callbacks could not collect. */
type Baseline = { readonly settled: Pick<SettledDifference, 'byWorker' | 'booked'> } & Pick<SourceDifference, 'uncollected'>;

/** The lowest and highest figure of one person and role, against what was approved, that asks for nothing. */
interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * How far figures leave the baseline (B-96, decision 022). Where all that was decided was also booked, the baseline is the decided figure.
 * Where less was booked, since a person's items or reserve held no more, it is a band from the decided figure to the booked one: what could
 * not be taken is not asked for again, and only what was taken is ever given back.
 */
export function beyondBaseline(figures: readonly RoleDifference[], baseline: Baseline): readonly RoleDifference[] {
  const everybody = [...figures, ...baseline.settled.byWorker, ...baseline.settled.booked, ...baseline.uncollected];
  const beyond = distinct(everybody).map(({ workerId, role }) => {
    const figure = centsOf(figures, { workerId, role });
    const { low, high } = bandOf(baseline, { workerId, role });
    return { workerId, role, differenceCents: figure > high ? figure - high : Math.min(0, figure - low) };
  });
  return sumDifferences(beyond);
}

/** The figures that were decided on last, after some more were: those of the others stay. */
export function settledFigures(baseline: Baseline, decided: readonly RoleDifference[]): readonly RoleDifference[] {
  const { byWorker } = baseline.settled;
  const others = byWorker.filter((one) => !decided.some((other) => isOf(other, one)));
  const latest = decided.map((one) => {
    const { low, high } = bandOf(baseline, one);
    return { ...one, differenceCents: one.differenceCents + (one.differenceCents > 0 ? high : low) };
  });
  return sumDifferences([...others, ...latest]);
}

function bandOf({ settled, uncollected }: Baseline, who: Named): Band {
  const decided = centsOf(settled.byWorker, who);
  const booked = centsOf(settled.booked, who) + centsOf(uncollected, who);
  return { low: Math.min(decided, booked), high: Math.max(decided, booked) };
}

type Named = { readonly workerId: string; readonly role: PayoutRole };

const isOf = (one: Named, other: Named): boolean => one.workerId === other.workerId && one.role === other.role;

function centsOf(list: readonly RoleDifference[], who: Named): number {
  return list.filter((one) => isOf(one, who)).reduce((sum, { differenceCents }) => sum + differenceCents, 0);
}

function distinct(list: readonly Named[]): readonly Named[] {
  return list.filter((one, index) => list.findIndex((other) => isOf(one, other)) === index);
}
