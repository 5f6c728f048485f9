import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { calculate } from '#bonus/calculate.ts';
import { callbackDifference } from '#bonus/callback.ts';
import { calculatePooled, calculateSeparate } from '#bonus/group.ts';
import { independentPhases, reservePhases } from '#bonus/phases.ts';
import { compareWithApproved } from '#bonus/source-change.ts';
import { calculationArb } from '../arbitraries.ts';
import { callbackArb, groupArb, phasesArb, sourceChangeArb } from '../composite-arbitraries.ts';
import { oracle } from './calculation.ts';
import {
  callbackOracle,
  independentOracle,
  pooledOracle,
  reserveOracle,
  separateOracle,
  sourceChangeOracle,
} from './composites.ts';

/** One thing that the engine and the second reading both work out. `outcomes` notes which answers occurred. */
export type Comparison = {
  readonly name: string;
  readonly outcomes: ReadonlySet<unknown>;
  /** Fails at the first difference, shrunk to its smallest form. */
  check(options: { readonly numRuns: number; readonly seed: number }): void;
};

function comparison<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  ours: (value: T) => object,
  theirs: (value: T) => object,
): Comparison {
  const outcomes = new Set<unknown>();
  const property = fc.property(arbitrary, (value) => {
    const expected = theirs(value);
    const found = ours(value);
    outcomes.add('outcome' in expected && expected.outcome);
    if (!isDeepStrictEqual(found, expected))
      throw new Error(`the engine says ${JSON.stringify(found)}, the rules ${JSON.stringify(expected)}`);
  });
  return { name, outcomes, check: (options) => fc.assert(property, options) };
}

/** Everything that is compared, single ProPays first. */
export const comparisons: readonly Comparison[] = [
  comparison('ProPays (B-9)', calculationArb, (input) => calculate(input), oracle),
  comparison(
    'pooled groups (B-102, B-107)',
    groupArb,
    ({ terms, members }) => calculatePooled(terms, members),
    ({ terms, members }) => pooledOracle(terms, members),
  ),
  comparison(
    'separate groups (B-103)',
    groupArb,
    ({ terms, members }) => calculateSeparate(terms, members),
    ({ terms, members }) => separateOracle(terms, members),
  ),
  comparison(
    'independent phases (B-113)',
    phasesArb,
    ({ terms, phases }) => independentPhases(terms, phases),
    ({ terms, phases }) => independentOracle(terms, phases),
  ),
  comparison(
    'phases with a reserve (B-114)',
    phasesArb,
    ({ terms, phases }) => reservePhases(terms, phases),
    ({ terms, phases }) => reserveOracle(terms, phases),
  ),
  comparison(
    'callbacks (B-152, B-153)',
    callbackArb,
    ({ original, rework, reserve, alreadyTaken }) => callbackDifference(original, rework, reserve, alreadyTaken),
    ({ original, rework, reserve, alreadyTaken }) => callbackOracle(original, rework, reserve, alreadyTaken),
  ),
  comparison(
    'changes at the source (B-96)',
    sourceChangeArb,
    ({ approved, current }) => compareWithApproved(approved, current),
    ({ approved, current }) => sourceChangeOracle(approved, current),
  ),
];
