import { ExactNumber, toScaled } from './decimal.ts';
import { AppError } from './errors.ts';
import { compareCodePoints } from './ids.ts';

/** Nesting beyond this is refused, so that hostile input ends in a named error and not in an exhausted stack. */
const MAX_DEPTH = 1000;

const SURROGATE = /[\ud800-\udfff]/;
/** Text that JSON prints unescaped: without quotes, backslashes, control characters and surrogates (lone ones are escaped). */
const NEEDS_NO_ESCAPE = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/**
 * The one text form of a value for hashing and comparing (M-92): no spaces, keys in code-point order, undefined members dropped,
 * numbers only as integer digits. A bigint and a number of the same value give the same digits, −0 gives 0, text stays unchanged.
 * Throws `not-canonical` for a number that is not a safe integer, for undefined inside a list, for anything JSON has no word for
 * (functions, symbols, dates, maps, other class instances), and for nesting deeper than 1,000.
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined) throw notCanonical('undefined');
  // Records mostly come with sorted keys and plain values; then the built-in writer prints the same text in half the time.
  return isPlainlySorted(value, 0) ? JSON.stringify(value) : write(value, 0);
}

/** Whether JSON.stringify prints the canonical form as it is. False also for what `write` then refuses by name. */
function isPlainlySorted(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isSafeInteger(value);
    case 'object':
      if (value === null) return true;
      if (depth >= MAX_DEPTH) return false;
      return Array.isArray(value) ? isSortedList(value, depth + 1) : isSortedObject(value, depth + 1);
    default:
      return false;
  }
}

function isSortedList(list: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < list.length; index += 1) if (!isPlainlySorted(list[index], depth)) return false;
  return true;
}

function isSortedObject(value: object, depth: number): boolean {
  if (!isPlainObject(value)) return false;
  let previous = '';
  for (const key of Object.keys(value)) {
    // With surrogates in keys the built-in order of text is not the order of code points.
    if (key < previous || SURROGATE.test(key)) return false;
    previous = key;
    const member = value[key];
    if (member !== undefined && !isPlainlySorted(member, depth)) return false;
  }
  return true;
}

function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
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

/** Text in quotes; most of it needs no escape, which spares the built-in writer's call. */
function quote(text: string): string {
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
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
  if (!isPlainObject(value)) throw notCanonical('a class instance');
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${quote(key)}:${write(member, depth)}`;
  }
  return `{${text}}`;
}

function writeExactNumber(value: ExactNumber): string {
  const digits = toScaled(value.text, 0);
  if (digits === null) throw notCanonical(`the number ${value.text.slice(0, 40)}`);
  return digits.toString();
}

/** Own enumerable keys in code-point order; without surrogates that is the order of the built-in sort. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  return keys.some((key) => SURROGATE.test(key)) ? keys.sort(compareCodePoints) : keys.sort();
}

function notCanonical(what: string): AppError {
  return new AppError('not-canonical', { message: `canonical JSON cannot hold ${what}` });
}
