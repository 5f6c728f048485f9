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
  return write(value, 0);
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
  for (const { key, opening } of orderOf(Object.keys(value))) {
    const member = value[key];
    if (member === undefined) continue;
    text += text === '' ? opening + write(member, depth) : `,${opening}${write(member, depth)}`;
  }
  return `{${text}}`;
}

function writeExactNumber(value: ExactNumber): string {
  const digits = toScaled(value.text, 0);
  if (digits === null) throw notCanonical(`the number ${value.text.slice(0, 40)}`);
  return digits.toString();
}

/** A member's key, and the text it begins with. */
type Member = { readonly key: string; readonly opening: string };
/** Keys as objects of one shape list them, and the same keys sorted. */
type Order = { readonly keys: readonly string[]; readonly members: readonly Member[] };

/** Shapes remembered for each number of keys, the latest first; records of a stream share a handful. */
const MAX_ORDERS = 8;
const MAX_ORDERED_KEYS = 64;
const orders: Order[][] = [];

/** The members in code-point order of their keys. Sorting costs more than all the rest, so the order of each shape is worked out once. */
function orderOf(keys: readonly string[]): readonly Member[] {
  const count = keys.length;
  if (count > MAX_ORDERED_KEYS) return sortMembers(keys);
  orders[count] ??= [];
  const known = orders[count];
  for (const order of known) if (sameKeys(order.keys, keys)) return order.members;
  const members = sortMembers(keys);
  known.unshift({ keys, members });
  if (known.length > MAX_ORDERS) known.pop();
  return members;
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Without surrogates the built-in sort orders by code point. */
function sortMembers(keys: readonly string[]): readonly Member[] {
  const sorted = keys.some((key) => SURROGATE.test(key)) ? keys.toSorted(compareCodePoints) : keys.toSorted();
  return sorted.map((key) => ({ key, opening: `${quote(key)}:` }));
}

function notCanonical(what: string): AppError {
  return new AppError('not-canonical', { message: `canonical JSON cannot hold ${what}` });
}
