import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCodePoints, ulid } from '#kernel/ids.ts';
import './fixed-seed.ts';

const bytes = (fill: number) => (count: number) => new Uint8Array(count).fill(fill);

describe('ULIDs', () => {
  test('time first, then the random bits, in Crockford base 32', () => {
    expect(ulid(0, bytes(0))).toBe('00000000000000000000000000');
    expect(ulid(2 ** 48 - 1, bytes(255))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
    expect(ulid(1_469_918_176_385, bytes(0)).slice(0, 10)).toBe('01ARYZ6S41');
    expect(ulid(0, (count) => Uint8Array.from({ length: count }, (_, index) => index))).toBe('0000000000000G40R40M30E209');
  });

  test('keep every random bit and sort by time', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(time, time, random, (early, late, chosen) => {
        const id = ulid(early, () => chosen);
        expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
        const bits = [...id.slice(10)].reduce((so, letter) => so * 32n + BigInt(alphabet.indexOf(letter)), 0n);
        expect(bits.toString(16).padStart(20, '0')).toBe(Buffer.from(chosen).toString('hex'));
        fc.pre(early !== late);
        expect(id < ulid(late, () => chosen)).toBe(early < late);
      }),
    );
  });

  test('refuse a time that is none and a random source that runs dry', () => {
    for (const ms of [-1, 0.5, Number.NaN, 2 ** 48]) expect(() => ulid(ms, bytes(0))).toThrow(RangeError);
    expect(() => ulid(0, () => new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('code-point order', () => {
  test('puts supplementary characters last and prefixes first', () => {
    expect(['\u{1F600}', '\uFB01', 'b', 'a', 'ab', ''].sort(compareCodePoints)).toEqual([
      '',
      'a',
      'ab',
      'b',
      '\uFB01',
      '\u{1F600}',
    ]);
  });

  test('is the order of the code points, for any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 5 });
    fc.assert(
      fc.property(text, text, text, (prefix, a, b) => {
        const byPoints = (left: string, right: string): number => {
          const [l, r] = [left, right].map((item) => Array.from(item, (letter) => letter.codePointAt(0)!)) as [
            number[],
            number[],
          ];
          for (let index = 0; index < Math.min(l.length, r.length); index += 1)
            if (l[index] !== r[index]) return l[index]! - r[index]!;
          return l.length - r.length;
        };
        expect(Math.sign(compareCodePoints(prefix + a, prefix + b))).toBe(Math.sign(byPoints(prefix + a, prefix + b)));
        expect(compareCodePoints(a, a)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});
