import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#kernel/canonical.ts';
import { ExactNumber } from '#kernel/decimal.ts';
import { hashCanonical, hashText, sha256 } from '#kernel/hash.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import './fixed-seed.ts';

const text = fc.string({ unit: 'binary', maxLength: 8 });
/** Any value canonical JSON can hold. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false, undefined),
    fc.maxSafeInteger(),
    text,
    fc.array(
      tie('value').map((item) => item ?? null),
      { maxLength: 5 },
    ),
    fc.dictionary(text, tie('value'), { maxKeys: 6 }),
  ),
}));
const anyValue = value.map((item) => item ?? null);

/** The same value with the members of every object in another order. */
function permute(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(permute);
  if (typeof item !== 'object' || item === null) return item;
  const entries = Object.entries(item).map(([key, member]) => [key, permute(member)] as const);
  return Object.fromEntries(entries.reverse());
}

/** Turns every number into a big integer, which must not show in the text. */
function asBigInts(item: unknown): unknown {
  if (typeof item === 'number') return BigInt(item);
  if (Array.isArray(item)) return item.map(asBigInts);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([key, member]) => [key, asBigInts(member)]));
}

/** The keys of each object in the order in which a JSON text names them. */
function expectSortedKeys(item: unknown): void {
  if (typeof item !== 'object' || item === null) return;
  if (!Array.isArray(item)) {
    const keys = Object.keys(item);
    const numeric = keys.some((key) => /^\d+$/.test(key));
    // The built-in parser moves integer names to the front, so only other objects tell their order.
    if (!numeric) expect(keys).toEqual([...keys].sort(compareCodePoints));
  }
  for (const member of Object.values(item)) expectSortedKeys(member);
}

describe('canonical JSON (M-92)', () => {
  test('orders keys by code point, numeric-looking ones too, and drops undefined', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], '10': 0, '9': 0, Z: undefined, é: '', ä: {} })).toBe(
      '{"10":0,"9":0,"a":[true,null,"x"],"b":1,"ä":{},"é":""}',
    );
    expect(canonicalJson({ '\u{1F600}': 1, '\uFB01': 2, z: 3 })).toBe('{"z":3,"\uFB01":2,"\u{1F600}":1}');
  });

  test('a shape keeps its order, however many others were met in between', () => {
    const names = ['ä', 'b', 'A', '10', '9', 'zz', '\u{1F600}', 'é', '\uFB01', 'y', '"', 'x'];
    const shapes = names.map((_, turn) => [...names.slice(turn), ...names.slice(0, turn)]);
    const expected = `{${[...names].sort(compareCodePoints).map((name) => `${JSON.stringify(name)}:1`)}}`;
    for (const shape of [...shapes, ...shapes.toReversed(), ...shapes]) {
      expect(canonicalJson(Object.fromEntries(shape.map((name) => [name, 1])))).toBe(expected);
    }
  });

  test('one number has one form', () => {
    expect(canonicalJson([1, 1n, new ExactNumber('1'), new ExactNumber('1.00'), -0, 0n, 1e3])).toBe('[1,1,1,1,0,0,1000]');
    expect(canonicalJson(12345678901234567890n)).toBe('12345678901234567890');
    expect(canonicalJson(new ExactNumber('12345678901234567890'))).toBe('12345678901234567890');
  });

  test('text stays unchanged: no Unicode form is turned into another', () => {
    expect(canonicalJson('e\u0301')).not.toBe(canonicalJson('\u00e9'));
    expect(canonicalJson('a"b\\c\n\u0000\ud800\u{1F600}')).toBe('"a\\"b\\\\c\\n\\u0000\\ud800\u{1F600}"');
  });

  test.each([
    ['a fraction', 0.5],
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['an integer a double cannot hold', 2 ** 53],
    ['an exact number with decimals', new ExactNumber('0.5')],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('refuses %s, at the top and inside', (_name, bad) => {
    expect(() => canonicalJson(bad)).toThrow(expect.objectContaining({ code: 'not-canonical' }));
    if (bad !== undefined)
      expect(() => canonicalJson({ b: 1, a: [bad] })).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  });

  test('refuses endless nesting by name', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => canonicalJson(loop)).toThrow(expect.objectContaining({ code: 'not-canonical' }));
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(() => canonicalJson(deep)).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  });

  test('prototype keys are ordinary members', () => {
    const item: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    expect(canonicalJson(item)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(canonicalJson(JSON.parse('{"constructor":2,"__proto__":{"a":1}}'))).toBe(canonicalJson(item));
  });

  test('is JSON of the same value with sorted keys', () => {
    fc.assert(
      fc.property(anyValue, (item) => {
        const canonical = canonicalJson(item);
        const back: unknown = JSON.parse(canonical);
        expect(back).toEqual(JSON.parse(JSON.stringify(item)));
        expectSortedKeys(back);
        expect(canonicalJson(back)).toBe(canonical);
      }),
      { numRuns: 500 },
    );
  });

  test('permuted keys and number types give the same text and hash (H5)', () => {
    fc.assert(
      fc.property(anyValue, (item) => {
        expect(canonicalJson(permute(item))).toBe(canonicalJson(item));
        expect(canonicalJson(asBigInts(item))).toBe(canonicalJson(item));
        expect(hashCanonical(permute(item))).toBe(hashCanonical(item));
      }),
      { numRuns: 500 },
    );
  });
});

describe('hashes', () => {
  test('SHA-256 of text and bytes', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc').toString('hex')).toBe(abc);
    expect(sha256(new TextEncoder().encode('abc')).toString('hex')).toBe(abc);
    expect(hashText('abc')).toBe(Buffer.from(abc, 'hex').toString('base64url'));
    expect(hashText('é')).toBe(sha256(Buffer.from('é', 'utf8')).toString('base64url'));
  });

  test('hashes of records are 43 characters of base64url over the canonical text', () => {
    expect(hashCanonical({ b: 1, a: 2 })).toMatch(/^[\w-]{43}$/);
    expect(hashCanonical({ b: 1, a: 2 })).toBe(hashText('{"a":2,"b":1}'));
  });
});
