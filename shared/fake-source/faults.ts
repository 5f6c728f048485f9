import { oneOf, type SwitchSpec, wholeNumber } from './switches.ts';

/** A value for `poisonRow`: how one row of a page is spoilt. */
export type PoisonKind = 'types' | 'huge' | 'emoji' | 'control' | 'prototype' | 'extreme' | 'null';

const POISON_KINDS: readonly PoisonKind[] = ['types', 'huge', 'emoji', 'control', 'prototype', 'extreme', 'null'];

/** The value of `status`: a code alone, or with a Retry-After header and a body. */
export type StatusValue = { readonly code: number; readonly retryAfter?: string; readonly body?: string };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the value of `status`; null when it is none. */
export function statusValue(value: unknown): StatusValue | null {
  const read = isRecord(value) ? value : { code: value };
  const { code, retryAfter, body } = read;
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 200 || code > 599) return null;
  return {
    code,
    ...(typeof retryAfter === 'string' || typeof retryAfter === 'number' ? { retryAfter: String(retryAfter) } : {}),
    ...(typeof body === 'string' ? { body } : {}),
  };
}

function checkPoison(value: unknown): string | null {
  if (typeof value === 'string' && POISON_KINDS.some((kind) => kind === value)) return null;
  if (isRecord(value) && typeof value.field === 'string' && 'with' in value) return null;
  return `"value" must be one of ${POISON_KINDS.join(', ')}, or {"field":NAME,"with":VALUE,"id"?:KEY}`;
}

/** The faults every fake source has (fault list B): transport faults replace the answer, row faults change a page of rows. */
export const GENERAL_SWITCHES: readonly SwitchSpec[] = [
  { name: 'emptyList', default: false, onValue: true, effect: 'a list answers with no rows although it has some' },
  { name: 'html', default: false, onValue: true, effect: '200 with an HTML login page instead of data' },
  {
    name: 'truncated',
    default: false,
    onValue: 'cut',
    check: oneOf('cut', 'empty', 'abort'),
    effect: 'the body stops in the middle: cut (well-formed HTTP), empty (no byte), abort (connection reset)',
  },
  {
    name: 'status',
    default: false,
    check: (value) =>
      statusValue(value) === null ? '"value" must be a status code from 200 to 599, or {"code","retryAfter"?,"body"?}' : null,
    effect: 'answers with this status; value: the code',
  },
  { name: 'timeout', default: false, onValue: true, effect: 'accepts the request and never answers' },
  {
    name: 'slowDrip',
    default: false,
    onValue: 1000,
    check: wholeNumber(1, 600_000),
    effect: 'sends one byte at a time; value: milliseconds between bytes, default 1000',
  },
  { name: 'loopPage', default: false, onValue: true, effect: 'every page is the first page again' },
  {
    name: 'shortPage',
    default: false,
    onValue: 0.5,
    check: checkShare,
    effect: 'a page holds fewer rows than asked for although more follow; value: rows, or a share below 1',
  },
  { name: 'duplicateRow', default: false, onValue: true, effect: 'a row stands twice in a list' },
  {
    name: 'poisonRow',
    default: false,
    onValue: 'types',
    check: checkPoison,
    effect: `one row of a page is spoilt; value: ${POISON_KINDS.join(', ')}, or {"field","with","id"?}`,
  },
  { name: 'otherAccount', default: false, onValue: true, effect: "answers with another account's data" },
];

function checkShare(value: unknown): string | null {
  const good = typeof value === 'number' && value > 0 && (value < 1 || Number.isInteger(value));
  return good ? null : '"value" must be a number of rows, or a share between 0 and 1';
}

/** Cuts a page for `shortPage`: at least one row stays, so that paging by rows received still gets on. */
export function shortenPage<T>(rows: readonly T[], value: unknown): T[] {
  const wanted = typeof value === 'number' ? (value < 1 ? Math.ceil(rows.length * value) : value) : rows.length;
  return rows.slice(0, Math.max(1, wanted));
}

/** Spoils one row of a page; the row's identity stays unless the value names a key field itself. */
export function poisonPage(rows: readonly Record<string, unknown>[], key: readonly string[], value: unknown): unknown[] {
  const target =
    isRecord(value) && value.id !== undefined
      ? rows.findIndex((row) => key.some((field) => String(row[field]) === String(value.id)))
      : 0;
  return rows.map((row, index) => (index === target ? spoil(row, key, value) : row));
}

function spoil(row: Record<string, unknown>, key: readonly string[], value: unknown): unknown {
  if (isRecord(value)) return { ...row, [String(value.field)]: value.with };
  if (value === 'null') return null;
  const spoilt: Record<string, unknown> = Object.fromEntries(
    Object.entries(row).map(([field, held]) => [field, key.includes(field) ? held : spoilField(held, value)]),
  );
  if (value === 'huge') spoilt.Padding = 'x'.repeat(10_000_000);
  // An own property of this name, as a JSON text can carry it; plain assignment would set the prototype instead.
  if (value === 'prototype') Object.defineProperty(spoilt, '__proto__', { value: { polluted: true }, enumerable: true });
  return spoilt;
}

const POISON_TEXT: Readonly<Record<string, string>> = {
  emoji: '👷🏽‍♀️🌱 \u202Eright to left',
  control: 'a\u0000b\u001f',
};

function spoilField(held: unknown, kind: unknown): unknown {
  if (kind === 'types') {
    if (typeof held === 'number') return { not: 'a number' };
    if (typeof held === 'string' && /^\d{4}-\d\d-\d\d/.test(held)) return 'not-a-date';
    return held;
  }
  if (kind === 'extreme') return typeof held === 'number' ? 1e308 : held;
  const text = POISON_TEXT[String(kind)];
  const plainText = typeof held === 'string' && !/^\d{4}-\d\d-\d\d/.test(held);
  return text !== undefined && plainText ? text : held;
}
