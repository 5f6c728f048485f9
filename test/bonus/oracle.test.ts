import { describe, expect, test } from 'vitest';
import { SEED } from './arbitraries.ts';
import { comparisons } from './oracle/comparisons.ts';

describe('the engine against an independent reading of the rules, on random inputs with every optional field', () => {
  test.each(comparisons)('$name', ({ check, outcomes }) => {
    check({ numRuns: 2500, seed: SEED });
    expect([...outcomes].sort()).toEqual(['applies', 'cannot-tell']);
  });
});
