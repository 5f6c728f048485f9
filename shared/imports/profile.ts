import * as z from 'zod/mini';
import { isZone } from '#kernel/zone.ts';
import { COLUMNS, FILE_ENTITIES } from './columns.ts';
import { compilePattern, type PatternUse } from './patterns.ts';
import { namedHeaders } from './profile-parts.ts';

/** The most that a profile may hold of anything: generous for people, bounded for machines. */
const MAX_LIST = 500;
const text = z.string().check(z.minLength(1), z.maxLength(200));
/** A header of the file, or in a file without headers the number of a column, from 1. */
const header = z.union([text, z.int().check(z.minimum(1), z.maximum(MAX_LIST))]);
const headers = z.array(header).check(z.maxLength(MAX_LIST));
const patterns = (use: PatternUse) =>
  z.array(text.check(z.refine((pattern) => compilePattern(pattern, use) !== null, 'is no such pattern'))).check(z.maxLength(20));

const column = z.strictObject({
  from: z.optional(z.union([header, headers.check(z.minLength(1))])),
  /** Stands between the values of several headers; empty values are left out. */
  join: z._default(z.string().check(z.maxLength(20)), ' '),
  unit: z._default(z.enum(['hours', 'minutes', 'seconds', 'hh:mm']), 'hours'),
  /** Word of the file → value; compared without outer blanks and case. */
  map: z._default(z.record(z.string().check(z.maxLength(200)), z.string().check(z.maxLength(200))), {}),
  /** Stands for an empty cell. */
  default: z.optional(z.string().check(z.maxLength(200))),
  required: z._default(z.boolean(), false),
});

const parent = z.strictObject({ by: headers.check(z.minLength(1)), create: z._default(z.boolean(), false) });

const words = z.array(text).check(z.maxLength(50));

const profileSchema = z
  .strictObject({
    profile: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is a name of small letters, digits and hyphens')),
    version: z.int().check(z.minimum(1), z.maximum(1_000_000)),
    entity: z.enum(FILE_ENTITIES),
    csv: z._default(
      z.strictObject({
        encoding: z._default(z.enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252']), 'auto'),
        delimiter: z._default(z.enum(['auto', ',', ';', '\t', '|']), 'auto'),
        quote: z._default(z.enum(['"', "'"]), '"'),
        header: z._default(z.enum(['required', 'none']), 'required'),
        skipLines: z._default(z.int().check(z.minimum(0), z.maximum(1_000)), 0),
        trim: z._default(z.boolean(), true),
      }),
      { encoding: 'auto', delimiter: 'auto', quote: '"', header: 'required', skipLines: 0, trim: true },
    ),
    locale: z._default(
      z.strictObject({
        decimal: z._default(z.enum(['.', ',']), '.'),
        thousands: z._default(z.enum(['', ',', '.', ' ', "'", '\u00a0', '\u202f']), ''),
        date: z._default(patterns('date'), ['yyyy-MM-dd']),
        time: z._default(patterns('time'), ['HH:mm', 'HH:mm:ss']),
        dateTime: z._default(patterns('dateTime'), ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd HH:mm:ss', "yyyy-MM-dd'T'HH:mm:ss"]),
        timeZone: z._default(text.check(z.refine((name) => name === 'tenant' || isZone(name), 'is no time zone')), 'tenant'),
        dstGap: z._default(z.enum(['forward', 'error']), 'forward'),
        dstOverlap: z._default(z.enum(['first', 'second', 'error']), 'first'),
        trueWords: z._default(words, ['true', 'yes', 'y', '1']),
        falseWords: z._default(words, ['false', 'no', 'n', '0']),
      }),
      {
        decimal: '.',
        thousands: '',
        date: ['yyyy-MM-dd'],
        time: ['HH:mm', 'HH:mm:ss'],
        dateTime: ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd HH:mm:ss', "yyyy-MM-dd'T'HH:mm:ss"],
        timeZone: 'tenant',
        dstGap: 'forward',
        dstOverlap: 'first',
        trueWords: ['true', 'yes', 'y', '1'],
        falseWords: ['false', 'no', 'n', '0'],
      },
    ),
    columns: z.record(text, column),
    ignore: z._default(headers, []),
    /** Never kept and never shown, not even in a report of errors. */
    drop: z._default(headers, []),
    parents: z._default(
      z.strictObject({ worker: z.optional(parent), job: z.optional(parent), milestone: z.optional(parent) }),
      {},
    ),
    /** Headers whose values tell one row from another, where the file has no column of stable ids. */
    identity: z._default(headers, []),
    duplicates: z._default(z.enum(['collapse', 'count']), 'collapse'),
    overnight: z._default(z.boolean(), false),
    /** What counts where hours and clock times differ by more than a minute. */
    duration: z._default(z.enum(['hours', 'times']), 'hours'),
    window: z.optional(z.strictObject({ column: text, mode: z.enum(['replace', 'upsert', 'full']) })),
    /** Only rows in which all of them hold are read. */
    filters: z._default(
      z.array(z.strictObject({ column: header, equals: z.string().check(z.maxLength(200)) })).check(z.maxLength(50)),
      [],
    ),
  })
  .check(
    z.superRefine((profile, context) => {
      const refuse = (path: (string | number)[], message: string) =>
        context.issues.push({ code: 'custom', message, path, input: profile });
      const known = COLUMNS[profile.entity];
      for (const [name, { from, default: value }] of Object.entries(profile.columns)) {
        if (!Object.hasOwn(known, name)) refuse(['columns', name], `${profile.entity} has no such column`);
        else if (from === undefined && value === undefined) refuse(['columns', name], 'names neither a header nor a value');
      }
      for (const [name, { required }] of Object.entries(known))
        if (required === true && !Object.hasOwn(profile.columns, name)) refuse(['columns'], `${name} has to be mapped`);
      if (profile.parents.worker?.create === true)
        refuse(['parents', 'worker'], 'a worker is never made from another record: import a file of workers');
      if (profile.locale.thousands === profile.locale.decimal) refuse(['locale', 'thousands'], 'is the decimal mark');
      const { window } = profile;
      if (window !== undefined && known[window.column]?.kind !== 'date') refuse(['window', 'column'], 'is no column of dates');
      else if (window !== undefined && profile.columns[window.column] === undefined)
        refuse(['window', 'column'], 'is not mapped');
      if (profile.csv.header === 'none' && namedHeaders(profile).some((one) => typeof one === 'string'))
        refuse(['csv', 'header'], 'without a header all columns go by their number');
    }),
  );

/** How a file of one layout is read (section 3 of the file contract): data, which people copy and change. */
export type Profile = z.infer<typeof profileSchema>;
export type WindowMode = 'replace' | 'upsert' | 'full';
export type HeaderName = string | number;

/** What is wrong with a profile: where, as a JSON pointer, and why. */
export interface ProfileProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** Reads a profile from JSON as parsed, what is left out filled with the grammar's defaults; every problem it has otherwise. */
export function readProfile(raw: unknown): { readonly profile: Profile } | { readonly problems: readonly ProfileProblem[] } {
  const parsed = profileSchema.safeParse(raw);
  if (parsed.success) return { profile: parsed.data };
  return {
    problems: parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      detail: message,
    })),
  };
}
