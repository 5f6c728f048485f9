import { add, divide, type Fraction, fraction, roundHalfAwayFromZero, sum } from '#kernel/fraction.ts';
import { safeNumber } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-37: how far along the work is. */
export const progressRule = defineRule('B-37', 1, 'Progress value');
/** B-38: when to ask for a report. */
export const progressRequestRule = defineRule('B-38', 1, 'Progress requests');

/** A tracked material; what is installed beyond the total counts as the total. */
export type TrackedMaterial = {
  readonly id: string;
  readonly totalQuantityE4: number;
  readonly installedQuantityE4: number;
  readonly unitValueCents: number;
};

/** The signals of progress. `manualBp` is the latest of report by hand and source percent (E-8). */
export type ProgressSignals = {
  readonly completedAtSource?: boolean | null;
  readonly materials?: readonly TrackedMaterial[] | null;
  readonly manualBp?: number | null;
  readonly tasks?: readonly { readonly budget: number; readonly done: boolean }[] | null;
};

/** Which signal decided. */
export type ProgressBasis = 'completed' | 'materials' | 'reported' | 'tasks';

/** The first signal that exists, as whole basis points (B-37, R9); null when there is none: hours used are no progress. */
export function progressOf(signals: ProgressSignals): { readonly completionBp: number; readonly basis: ProgressBasis } | null {
  if (signals.completedAtSource) return { completionBp: 10_000, basis: 'completed' };
  const materials = installedShare(signals.materials ?? []);
  if (materials !== null) return { completionBp: inBp(materials), basis: 'materials' };
  if (signals.manualBp !== null && signals.manualBp !== undefined) return { completionBp: signals.manualBp, basis: 'reported' };
  const tasks = doneShare(signals.tasks ?? []);
  return tasks === null ? null : { completionBp: inBp(tasks), basis: 'tasks' };
}

function inBp(share: Fraction): number {
  return safeNumber(roundHalfAwayFromZero({ n: share.n * 10_000n, d: share.d }));
}

/** Installed over total, weighted by value; without any value the plain mean over the materials. Null when nothing is to install. */
function installedShare(materials: readonly TrackedMaterial[]): Fraction | null {
  const counted = materials.filter((material) => material.totalQuantityE4 > 0);
  if (counted.length === 0) return null;
  const valued = counted.some((material) => material.unitValueCents > 0);
  if (!valued) {
    const shares = counted.map((material) => fraction(installed(material), material.totalQuantityE4));
    return divide(sum(shares), fraction(counted.length));
  }
  let done = fraction(0);
  let total = fraction(0);
  for (const material of counted) {
    done = add(done, fraction(BigInt(installed(material)) * BigInt(material.unitValueCents)));
    total = add(total, fraction(BigInt(material.totalQuantityE4) * BigInt(material.unitValueCents)));
  }
  return divide(done, total);
}

function installed(material: TrackedMaterial): number {
  return Math.min(material.installedQuantityE4, material.totalQuantityE4);
}

function doneShare(tasks: readonly { readonly budget: number; readonly done: boolean }[]): Fraction | null {
  let done = 0n;
  let total = 0n;
  for (const task of tasks) {
    total += BigInt(task.budget);
    if (task.done) done += BigInt(task.budget);
  }
  return total === 0n ? null : fraction(done, total);
}

/**
 * At which steps a report is asked for as the spent part of the budget grows (B-38): at each further step reached; a jump over
 * several asks once, at the highest. `lastAskedBp` is the last step already asked at.
 */
export function progressRequests(stepBp: number, spentBpSeries: readonly number[], lastAskedBp = 0): number[] {
  const asked: number[] = [];
  let last = lastAskedBp;
  for (const spentBp of spentBpSeries) {
    const reachedBp = spentBp - (spentBp % stepBp);
    if (reachedBp <= last) continue;
    asked.push(reachedBp);
    last = reachedBp;
  }
  return asked;
}
