import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callbackDifference } from '#bonus/callback.ts';
import { calculatePooled, calculateSeparate } from '#bonus/group.ts';
import { independentPhases, reservePhases } from '#bonus/phases.ts';
import { compareWithApproved } from '#bonus/source-change.ts';
import { SEED } from './arbitraries.ts';
import { callbackArb, groupArb, phasesArb, sourceChangeArb } from './composite-arbitraries.ts';
import {
  callbackOracle,
  independentOracle,
  pooledOracle,
  reserveOracle,
  separateOracle,
  sourceChangeOracle,
} from './oracle/composites.ts';

/** Runs a property often enough to meet every pair of options. */
function agree<T>(arbitrary: fc.Arbitrary<T>, ours: (value: T) => object, theirs: (value: T) => object): void {
  const seen = new Set<unknown>();
  fc.assert(
    fc.property(arbitrary, (value) => {
      const expected = theirs(value);
      seen.add('outcome' in expected && expected.outcome);
      expect(ours(value)).toEqual(expected);
    }),
    { numRuns: 1500, seed: SEED },
  );
  expect([...seen].sort()).toEqual(['applies', 'cannot-tell']);
}

describe('what is built from calculations, against an independent reading of the rules', () => {
  test('pooled groups (B-102, B-107)', () => {
    agree(
      groupArb,
      ({ terms, members }) => calculatePooled(terms, members),
      ({ terms, members }) => pooledOracle(terms, members),
    );
  });

  test('separate groups (B-103)', () => {
    agree(
      groupArb,
      ({ terms, members }) => calculateSeparate(terms, members),
      ({ terms, members }) => separateOracle(terms, members),
    );
  });

  test('independent phases (B-113)', () => {
    agree(
      phasesArb,
      ({ terms, phases }) => independentPhases(terms, phases),
      ({ terms, phases }) => independentOracle(terms, phases),
    );
  });

  test('phases with a reserve (B-114)', () => {
    agree(
      phasesArb,
      ({ terms, phases }) => reservePhases(terms, phases),
      ({ terms, phases }) => reserveOracle(terms, phases),
    );
  });

  test('callbacks (B-152, B-153)', () => {
    agree(
      callbackArb,
      ({ original, rework, reserve, alreadyTaken }) => callbackDifference(original, rework, reserve, alreadyTaken),
      ({ original, rework, reserve, alreadyTaken }) => callbackOracle(original, rework, reserve, alreadyTaken),
    );
  });

  test('changes at the source (B-96)', () => {
    agree(
      sourceChangeArb,
      ({ approved, current }) => compareWithApproved(approved, current),
      ({ approved, current }) => sourceChangeOracle(approved, current),
    );
  });
});
