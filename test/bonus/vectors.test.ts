import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { supportedRules } from '#bonus/evaluate.ts';
import { readVectors, runVector } from '#tools/vectors.ts';

const vectors = readVectors(fileURLToPath(new URL('../data/bonus-vectors.json', import.meta.url)));

describe('published calculation vectors (B-190)', () => {
  const built = vectors.filter((vector) => supportedRules.includes(vector.rule));

  test.each(built.map((vector) => [vector.id, vector] as const))('%s', (id, vector) => {
    expect(runVector(vector, { passed: 0, failed: 0, unsupported: 0 })).toBe(`ok ${id}`);
  });

  test('leaves no vector out', () => {
    expect(built.length).toBe(174);
  });
});
