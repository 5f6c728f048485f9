import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '#kernel/edit-distance.ts';

describe('edit distance', () => {
  it('counts characters put in, taken out and replaced', () => {
    expect([
      editDistance('', ''),
      editDistance('mulch', ''),
      editDistance('kitten', 'sitting'),
      editDistance('snow', 'Snow'),
      editDistance('a🙂c', 'abc'),
    ]).toEqual([0, 5, 3, 1, 1]);
  });

  it('is 0 for equal texts alone, the same both ways, and never longer than a way round', () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
