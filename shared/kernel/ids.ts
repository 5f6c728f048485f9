const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MAX_ULID_MS = 2 ** 48 - 1;

/**
 * A ULID: 10 characters of milliseconds since 1970, then 80 random bits, in Crockford base 32; 26 characters that sort by time.
 * `randomBytes(n)` must return n bytes; two calls in one millisecond are not ordered among themselves.
 */
export function ulid(nowMs: number, randomBytes: (count: number) => Uint8Array): string {
  if (!Number.isSafeInteger(nowMs) || nowMs < 0 || nowMs > MAX_ULID_MS) throw new RangeError(`no ULID for the time ${nowMs}`);
  let time = '';
  let rest = nowMs;
  for (let position = 0; position < 10; position += 1) {
    time = CROCKFORD[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  const bytes = randomBytes(10);
  if (bytes.length < 10) throw new RangeError('the random source returned fewer than 10 bytes');
  let random = '';
  let buffered = 0;
  let bits = 0;
  for (let index = 0; index < 10; index += 1) {
    buffered = ((buffered << 8) | bytes[index]!) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      random += CROCKFORD[(buffered >>> bits) & 31];
    }
  }
  return time + random;
}

/**
 * Orders two texts by Unicode code point: negative, 0 or positive. JavaScript's own `<` compares UTF-16 units, which puts characters
 * above U+FFFF (stored as surrogates, from U+D800) before U+E000 to U+FFFF; ties of the allocator (B-3) must not depend on that.
 */
export function compareCodePoints(a: string, b: string): number {
  // Where one text has no unit from U+D800 on, both orders agree, and the built-in comparison is several times faster.
  if (!HIGH_UNIT.test(a) || !HIGH_UNIT.test(b)) {
    if (a === b) return 0;
    return a < b ? -1 : 1;
  }
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

const HIGH_UNIT = /[\ud800-\uffff]/;

/** Moves surrogates above the rest of the basic plane; order among surrogates already follows the code points they encode. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
