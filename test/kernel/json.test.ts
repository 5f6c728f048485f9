import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactNumber, parseDecimal, parseJsonExact } from '#kernel/decimal.ts';
import './fixed-seed.ts';

describe('numbers keep every digit', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992],
    ['0.1', 0.1],
    ['19.995', 19.995],
    ['0.30000000000000004', 0.30000000000000004],
    ['1.10', 1.1],
    ['1E2', 100],
    ['-12.50', -12.5],
    ['1e308', 1e308],
    ['5e-324', 5e-324],
    ['1.5e-323', 1.5e-323],
    ['10000000000000000000000', 1e22],
    ['0.00000000000000000001', 1e-20],
  ])('%s stays a number', (source, value) => {
    expect(parseJsonExact(source)).toBe(value);
    expect(parseJsonExact(`{"a":[${source}]}`)).toEqual({ a: [value] });
  });

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '0.1000000000000000055511151231257827',
    '3.14159265358979323846',
    '1e400',
    '-1e999',
    '1e-400',
    '4.9406564584124654e-324',
    '123456789012345678e-3',
  ])('%s keeps its text where a double would lose digits', (source) => {
    expect(parseJsonExact(source)).toEqual(new ExactNumber(source));
    expect(parseJsonExact(`{"a":[${source}]}`)).toEqual({ a: [new ExactNumber(source)] });
    expect(String(new ExactNumber(source))).toBe(source);
  });

  test('keeps an id above 2^53 apart from its neighbour', () => {
    const { ids } = parseJsonExact('{"ids":[9007199254740992,9007199254740993]}') as { ids: unknown[] };
    expect(ids.map(String)).toEqual(['9007199254740992', '9007199254740993']);
  });

  test('takes the last of two members with one name', () => {
    expect(parseJsonExact('{"a":12345678901234567890,"a":1}')).toEqual({ a: 1 });
    expect(parseJsonExact('{"a":1,"a":12345678901234567890}')).toEqual({ a: new ExactNumber('12345678901234567890') });
  });

  test('digits inside texts and names are no numbers', () => {
    const source = String.raw`{"12345678901234567890":"1e999 \" 12345678901234567890 \\","b":"\\\"1e999","c":0.5}`;
    expect(parseJsonExact(source)).toEqual(JSON.parse(source));
  });
});

describe('text and structure are those of JSON.parse', () => {
  test('any JSON value survives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: 'binary' }), fc.constantFrom(0, 2), (text, indent) => {
        const source = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseJsonExact(source)).toEqual(JSON.parse(source));
      }),
      { numRuns: 500 },
    );
  });

  test('any decimal, alone or beside a number that needs its text, reads back with equal value', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,24}$/);
    const source = fc
      .record({
        sign: fc.constantFrom('', '-'),
        whole: fc.oneof(fc.constant('0'), digits),
        decimals: fc.stringMatching(/^\d{0,24}$/),
      })
      .map(({ sign, whole, decimals }) => `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`);
    fc.assert(
      fc.property(source, fc.boolean(), (text, besideBig) => {
        const read = parseJsonExact(besideBig ? `[${text},98765432109876543210]` : `[${text}]`) as (number | ExactNumber)[];
        expect(parseDecimal(read[0]!)).toEqual(parseDecimal(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('prototype keys become plain own members', () => {
    for (const number of ['1', '12345678901234567890']) {
      const read = parseJsonExact(`{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"n":${number}}`) as object;
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      expect(Object.keys(read)).toEqual(['__proto__', 'constructor', 'n']);
      expect('admin' in read).toBe(false);
      expect('x' in {}).toBe(false);
    }
  });

  test('deep nesting ends in a SyntaxError, not in an exhausted stack', () => {
    const nest = (depth: number, inner: string) => '['.repeat(depth) + inner + ']'.repeat(depth);
    expect(() => parseJsonExact(nest(500, '1'))).not.toThrow();
    expect(() => parseJsonExact(nest(500, '12345678901234567890'))).not.toThrow();
    expect(() => parseJsonExact(nest(501, '1'))).toThrow(SyntaxError);
    expect(() => parseJsonExact(nest(2_000_000, '12345678901234567890'))).toThrow(SyntaxError);
    expect(() => parseJsonExact('{"a":'.repeat(100_000))).toThrow(SyntaxError);
    expect(parseJsonExact(`[${nest(400, '1')},${nest(400, '2')}]`)).toHaveLength(2);
  });

  test.each([
    '',
    '{',
    '{"a":1',
    '[1,]',
    '"open',
    '"open\\"',
    '01',
    '1.',
    '-',
    '1e',
    'NaN',
    '<html></html>',
    '{"a":12345678901234567890',
  ])('refuses %j like JSON.parse', (text) => {
    expect(() => parseJsonExact(text)).toThrow(SyntaxError);
  });
});
