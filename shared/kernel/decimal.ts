import { AppError } from './errors.ts';

/** A decimal value: digits / 10^scale, with the smallest scale that holds it (1.50 is 15 with scale 1). */
export type Decimal = { readonly digits: bigint; readonly scale: number };

/** Text of more characters, or an exponent beyond this, is no decimal of ours; the bound keeps hostile input cheap. */
const MAX_TEXT = 500;
const MAX_EXPONENT = 400;

const DECIMAL_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** A JSON number that a double cannot hold exactly, kept as its source text. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The digits as received, so that an id above 2^53 turns into text unchanged. */
  toString(): string {
    return this.text;
  }
}

/**
 * Reads decimal text or a JSON number from its digits, never through a float (M-2). Accepts a sign, a leading or trailing point and
 * an exponent; no spaces, no grouping. A number is read from its shortest round-trip text, so 0.1 is exactly one tenth.
 * Null when the value is no decimal number (also NaN and infinities) or is absurdly long.
 */
export function parseDecimal(value: string | number | ExactNumber): Decimal | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { digits: BigInt(value), scale: 0 };
  const text = typeof value === 'object' ? value.text : String(value);
  if (text.length > MAX_TEXT) return null;
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return null;
  const whole = match[2]!;
  const decimals = match[3] ?? '';
  if (whole.length + decimals.length === 0) return null;
  const exponent = match[4] === undefined ? 0 : Number(match[4]);
  if (exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT) return null;
  return normalise(match[1] === '-', whole + decimals, decimals.length - exponent);
}

/** Drops trailing zeros behind the point and resolves a negative scale, so that equal values have equal parts. */
function normalise(negative: boolean, digitText: string, scaleOfText: number): Decimal {
  let end = digitText.length;
  let scale = scaleOfText;
  while (scale > 0 && end > 0 && digitText.charCodeAt(end - 1) === 48) {
    end -= 1;
    scale -= 1;
  }
  let digits = end === 0 ? 0n : BigInt(digitText.slice(0, end));
  if (digits === 0n) return { digits, scale: 0 };
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { digits: negative ? -digits : digits, scale };
}

/**
 * The value in units of 10^−scale: toScaled('19.99', 2) = 1999n. Null when it is not a decimal, or when it has more decimals than
 * the scale holds: such a value is refused, never rounded (M-2). Zeros at the end do not count as decimals.
 */
export function toScaled(value: string | number | ExactNumber, scale: number): bigint | null {
  const decimal = parseDecimal(value);
  if (decimal === null || decimal.scale > scale) return null;
  return decimal.scale === scale ? decimal.digits : decimal.digits * 10n ** BigInt(scale - decimal.scale);
}

/**
 * Hours as decimal text or a JSON number → whole seconds: exactly × 3,600, then rounded once, halves up (M-2). Null when the value
 * is no decimal or the seconds exceed a safe integer. The sign is kept; whether negative hours are allowed is the caller's rule.
 */
export function hoursToSeconds(value: string | number | ExactNumber): number | null {
  const small = typeof value === 'object' ? null : smallHoursToSeconds(String(value));
  if (small !== null) return small;
  const decimal = parseDecimal(value);
  if (decimal === null) return null;
  const unit = 10n ** BigInt(decimal.scale);
  const doubled = decimal.digits * 7200n + unit;
  const divisor = unit * 2n;
  const quotient = doubled / divisor;
  const seconds = Number(doubled < 0n && quotient * divisor !== doubled ? quotient - 1n : quotient);
  return Number.isSafeInteger(seconds) ? seconds : null;
}

/** Hours of up to this many characters stay below 2^53 in every step, so plain integers do for what else takes big ones. */
const SMALL_HOURS = 12;

/** The same for plain digits with at most one point, which nearly all hours are; null for all others. */
function smallHoursToSeconds(text: string): number | null {
  if (text.length > SMALL_HOURS || text.length === 0 || text === '.') return null;
  let digits = 0;
  let unit = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      digits = digits * 10 + code - 48;
      unit *= 10;
    } else if (code === 46 && unit === 0) unit = 1;
    else return null;
  }
  const divisor = unit === 0 ? 2 : unit * 2;
  const doubled = digits * 7200 + divisor / 2;
  return (doubled - (doubled % divisor)) / divisor;
}

/** Nesting beyond this makes a payload unreadable to us; the bound protects every recursive reader behind it. */
const MAX_JSON_DEPTH = 500;

/**
 * JSON.parse that loses no digit: a number comes back as a number when its shortest text has the same decimal value as the source
 * (every safe integer, every decimal of up to 15 digits), else as an ExactNumber with the source text. Keys like `__proto__` become
 * ordinary own members. Throws a SyntaxError for text that is no JSON and for nesting deeper than 500.
 */
export function parseJsonExact(text: string): unknown {
  // A reviver makes parsing several times slower, so one cheap scan first finds out whether any number needs it.
  return needsExactNumbers(text) ? JSON.parse(text, keepExactNumber) : JSON.parse(text);
}

/** Reviver; the runtime hands over the source text of each number in the third argument. */
function keepExactNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  // A runtime that hides the source would lose digits without a word.
  if (context?.source === undefined) throw new AppError('runtime-without-number-source');
  return survivesDouble(context.source) ? value : new ExactNumber(context.source);
}

/** Walks the text outside its strings. Ill-formed text is not its business: JSON.parse rejects that afterwards. */
function needsExactNumbers(text: string): boolean {
  let needed = false;
  let depth = 0;
  let index = 0;
  while (index < text.length) {
    const unit = text.charCodeAt(index);
    index += 1;
    if (unit === 34) {
      index = endOfString(text, index);
    } else if (unit === 91 || unit === 123) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${MAX_JSON_DEPTH}`);
    } else if (unit === 93 || unit === 125) {
      depth -= 1;
    } else if ((unit >= 48 && unit <= 57) || unit === 45) {
      const start = index - 1;
      index = endOfNumber(text, index);
      // Short numbers are only looked at again for an exponent, which may stand right behind the digits.
      const exponent = text.charCodeAt(index) | 32;
      if (exponent === 101) index = endOfExponent(text, index);
      if (exponent === 101 || index - start > SAFE_LENGTH) needed ||= !survivesDouble(text.slice(start, index));
    }
  }
  return needed;
}

/** The position behind the closing quote of the string that starts at `from`. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote > 0 && text.charCodeAt(quote - 1) === 92) {
    let first = quote - 1;
    while (first > from && text.charCodeAt(first - 1) === 92) first -= 1;
    // An even number of backslashes escapes itself and leaves the quote closing.
    if ((quote - first) % 2 === 0) break;
    quote = text.indexOf('"', quote + 1);
  }
  return quote < 0 ? text.length : quote + 1;
}

/** The position behind the digits and points that follow `from`. */
function endOfNumber(text: string, from: number): number {
  let index = from;
  while (index < text.length) {
    const unit = text.charCodeAt(index);
    if (unit < 46 || unit > 57) break;
    index += 1;
  }
  return index;
}

/** The position behind an exponent whose letter stands at `from`. */
function endOfExponent(text: string, from: number): number {
  const sign = text.charCodeAt(from + 1);
  return endOfNumber(text, sign === 43 || sign === 45 ? from + 2 : from + 1);
}

/** A number of up to this many characters without exponent has at most 15 digits, which a double always gives back. */
const SAFE_LENGTH = 15;

/** Whether the double nearest to this JSON number still prints the same decimal value. */
function survivesDouble(source: string): boolean {
  const value = Number(source);
  const shortest = String(value);
  if (shortest === source) return true;
  const exact = parseDecimal(source);
  const held = parseDecimal(value);
  return exact !== null && held !== null && exact.digits === held.digits && exact.scale === held.scale;
}
