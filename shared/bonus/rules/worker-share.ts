import { roundedRatio } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-53: the part of the savings that goes to people. */
export const workerShareRule = defineRule('B-53', 1, 'Worker share');

/** The part used when a pool names none. */
export const DEFAULT_SPLIT_BP = 5000;

/** The split in basis points: the pool's own, 5000 by default, everything where splitting is off. */
export function splitOf(splitEnabled: boolean | null | undefined, splitBp: number | null | undefined): number {
  return (splitEnabled ?? true) ? (splitBp ?? DEFAULT_SPLIT_BP) : 10_000;
}

/** savings · split / 10000, rounded once (R5); negative savings give a negative share. */
export function workerShareOf(savingsCents: number, splitBp: number): number {
  return splitBp === 10_000 ? savingsCents : roundedRatio(savingsCents, splitBp, 10_000);
}
