import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstDifference } from '#tools/vector-difference.ts';
import { main } from '#tools/vectors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vectors-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...contents: readonly string[]): { code: number; lines: string[]; complaints: string[] } {
  const files = contents.map((content, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, content);
    return file;
  });
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = main(
    files,
    (line) => lines.push(line),
    (line) => complaints.push(line),
  );
  return { code, lines, complaints };
}

const vector = (id: string, rule: string, expected: object): string =>
  JSON.stringify([{ id, rule, inputs: { leadPayCents: 100, savingsCents: -30 }, expected }]);

describe('vectors command', () => {
  test('passes only when every vector passes', () => {
    expect(run(vector('a', 'B-61', { leadPayCents: 70 }))).toEqual({
      code: 0,
      lines: ['ok a', '1 passed, 0 failed'],
      complaints: [],
    });
  });

  test('names the first field that differs and goes on', () => {
    const { code, lines } = run(vector('a', 'B-61', { leadPayCents: 71 }), vector('b', 'B-61', { leadPayCents: 70 }));
    expect([code, lines]).toEqual([1, ['FAIL a leadPayCents: expected 71 got 70', 'ok b', '1 passed, 1 failed']]);
  });

  test('says which rules are unsupported, which is not a pass', () => {
    const { code, lines } = run(vector('a', 'B-999', {}));
    expect([code, lines]).toEqual([1, ['unsupported a B-999', '0 passed, 0 failed, 1 unsupported']]);
  });

  test.each([
    ['{', 'not valid JSON'],
    ['{}', 'must hold a list of vectors'],
    ['[7]', 'vector 1: must be an object'],
    ['[{"id":"a"}]', 'needs an id and a rule'],
    ['[{"id":"a","rule":"B-3"}]', 'needs an object "expected"'],
  ])('ends with 2 and a message on a bad file: %s', (content, message) => {
    const { code, lines, complaints } = run(content);
    expect([code, lines]).toEqual([2, []]);
    expect(complaints.join()).toContain(message);
  });

  test('ends with 2 without a file or for one that is not there', () => {
    expect(run().code).toBe(2);
    const complaints: string[] = [];
    expect(
      main(
        [join(folder, 'absent.json')],
        () => {},
        (line) => complaints.push(line),
      ),
    ).toBe(2);
    expect(complaints.join()).toContain('cannot be read');
  });
});

describe('comparison of a result with its vector', () => {
  test.each([
    [{ a: [1, 2] }, { a: [1, 2], more: 1 }, 0, null],
    [{ a: [1, 2] }, { a: [2, 1] }, 0, 'a[0]'],
    [{ a: [1] }, { a: [1, 2] }, 0, 'a'],
    [{ a: { b: null } }, { a: {} }, 0, 'a.b'],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, 0, 'a.c'],
    [{ a: 5 }, { a: 6 }, 1, null],
    [{ a: 5 }, { a: '5' }, 1, 'a'],
    [{ a: 1 }, {}, 0, 'a'],
  ])('expected %o, got %o, tolerance %i: %s', (expected, actual, tolerance, field) => {
    expect(firstDifference(expected, actual, tolerance)?.field ?? null).toBe(field);
  });
});
