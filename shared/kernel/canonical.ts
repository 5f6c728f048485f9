import { ExactNumber, toScaled } from './decimal.ts';
import { AppError } from './errors.ts';
import { compareCodePoints } from './ids.ts';

/** Nesting beyond this is refused, so that hostile input ends in a named error and not in an exhausted stack. */
const MAX_DEPTH = 1000;

const SURROGATE = /[\ud800-\udfff]/;

/**
 * The one text form of a value for hashing and comparing (M-92): no spaces, keys in code-point order, undefined members dropped,
 * numbers only as integer digits. A bigint and a number of the same value give the same digits, −0 gives 0, text stays unchanged.
 * Throws `not-canonical` for a number that is not a safe integer, for undefined inside a list, for anything JSON has no word for
 * (functions, symbols, dates, maps, other class instances), and for nesting deeper than 1,000.
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined) throw notCanonical('undefined');
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isSafeInteger(value)) throw notCanonical(`the number ${value}`);
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) throw notCanonical(`nesting deeper than ${MAX_DEPTH}`);
      return Array.isArray(value) ? writeList(value, depth + 1) : writeObject(value, depth + 1);
    default:
      throw notCanonical(`a value of type ${typeof value}`);
  }
}

function writeList(list: readonly unknown[], depth: number): string {
  let text = '[';
  for (let index = 0; index < list.length; index += 1) {
    if (index > 0) text += ',';
    text += write(list[index], depth);
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number): string {
  if (value instanceof ExactNumber) return writeExactNumber(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notCanonical('a class instance');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of sortedKeys(members)) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${write(member, depth)}`;
  }
  return `{${text}}`;
}

function writeExactNumber(value: ExactNumber): string {
  const digits = toScaled(value.text, 0);
  if (digits === null) throw notCanonical(`the number ${value.text.slice(0, 40)}`);
  return digits.toString();
}

/** Own enumerable keys in code-point order. Records arrive mostly sorted already, so the sort is skipped when it would do nothing. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  let sorted = true;
  let plain = true;
  for (let index = 0; index < keys.length; index += 1) {
    if (SURROGATE.test(keys[index]!)) plain = false;
    if (index > 0 && keys[index - 1]! > keys[index]!) sorted = false;
  }
  if (!plain) return keys.sort(compareCodePoints);
  // Without surrogates the order of UTF-16 units is the order of code points.
  return sorted ? keys : keys.sort();
}

function notCanonical(what: string): AppError {
  return new AppError('not-canonical', { message: `canonical JSON cannot hold ${what}` });
}
