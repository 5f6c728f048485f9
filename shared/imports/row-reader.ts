import { toScaled } from '#kernel/decimal.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { sameName } from '#mirror/import-scope.ts';
import { inBounds, MAX_ID_BYTES } from '#mirror/read-fields.ts';
import type { BoundColumn, Layout } from './bind-header.ts';
import { ClockReader, type ClockValue } from './clock.ts';
import { numberReader, readDuration } from './numbers.ts';
import type { ImportRequest, RowCode, RowReport } from './outcome.ts';
import type { CsvRecord } from './read-csv.ts';

const MAX_TEXT_BYTES = 4096;
const MAX_SHOWN = 256;
/** How spreadsheets write what they took for a number or a text: `1.23E+05`, `="00123"`, `'00123`. */
const REFORMATTED = /^(?:'|=)|^-?\d(?:[.,]\d+)?E[+-]\d+$|^-?\d[.,]\d+E\d+$/i;

/**
 * The cells of one record by canonical columns, typed. What cannot be read is reported and comes back as null, so that one look at a row
 * tells all that is wrong with it.
 */
export class RowReader {
  readonly layout: Layout;
  readonly request: ImportRequest;
  readonly clocks: ClockReader;
  readonly #plain: (text: string) => string | null;
  readonly #trim: boolean;
  readonly #trueWords: ReadonlySet<string>;
  readonly #falseWords: ReadonlySet<string>;
  #cells: readonly string[] = [];
  #line = 0;
  #record = 0;
  reports: RowReport[] = [];
  failed = false;
  parked = false;
  /** What the row is refused for: the canonical column, if it is one, and the report. */
  firstError: { readonly name: string | null; readonly report: RowReport } | null = null;

  constructor(layout: Layout, request: ImportRequest) {
    const { locale, csv } = request.profile;
    this.layout = layout;
    this.request = request;
    this.clocks = new ClockReader(locale, request.zone);
    this.#plain = numberReader(locale);
    this.#trim = csv.trim;
    this.#trueWords = new Set(locale.trueWords.map(sameName));
    this.#falseWords = new Set(locale.falseWords.map(sameName));
  }

  begin({ line, cells }: CsvRecord, record: number): void {
    this.#cells = cells;
    this.#line = line;
    this.#record = record;
    this.reports = [];
    this.failed = false;
    this.parked = false;
    this.firstError = null;
  }

  has(name: string): boolean {
    return this.layout.columns[name] !== undefined;
  }

  /** The cell at a position as it stands, without outer blanks. */
  cell(position: number): string {
    return (this.#cells[position] ?? '').trim();
  }

  id(name: string): string | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    if (REFORMATTED.test(text)) return this.error(column, 'SPREADSHEET_ID', 'the id looks reformatted by a spreadsheet', text);
    return text.length * 3 > MAX_ID_BYTES && Buffer.byteLength(text) > MAX_ID_BYTES
      ? this.error(column, 'BAD_TEXT', `an id has at most ${MAX_ID_BYTES} bytes`, text)
      : text;
  }

  text(name: string): string | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const value = column.words.get(sameName(text)) ?? text;
    return value.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(value) > MAX_TEXT_BYTES
      ? this.error(column, 'BAD_TEXT', 'a text has at most 4 KB', text)
      : value;
  }

  /** A word by the profile's map, by `further` ones, else by itself where it is one of the meanings. */
  word<T extends string>(name: string, meanings: Readonly<Record<string, T>>, further?: ReadonlyMap<string, string>): T | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const key = sameName(text);
    const mapped = sameName(column.words.get(key) ?? further?.get(key) ?? text).replace(/[\s-]+/g, '_');
    return Object.hasOwn(meanings, mapped)
      ? meanings[mapped]!
      : this.error(column, 'UNKNOWN_WORD', 'no map knows this word', text);
  }

  /** The word of a column as it stands, for what is shown and never calculated with. */
  raw(name: string): string | null {
    const column = this.layout.columns[name];
    return column === undefined ? null : this.#value(column) || null;
  }

  flag(name: string): boolean | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const word = sameName(column.words.get(sameName(text)) ?? text);
    if (this.#trueWords.has(word)) return true;
    return this.#falseWords.has(word) ? false : this.error(column, 'UNKNOWN_WORD', 'is neither yes nor no', text);
  }

  date(name: string): LocalDate | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const date = this.clocks.date(text);
    if (date === null) return this.error(column, 'BAD_DATE', 'is no date in a form of the profile', text);
    return inBounds(date) ? date : this.error(column, 'BAD_DATE', 'lies outside 2000 to 2099', text);
  }

  clock(name: string): ClockValue | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    return this.clocks.clock(text) ?? this.error(column, 'BAD_TIME', 'is no time in a form of the profile', text);
  }

  /** A stamp or another point in time with a day of its own. */
  instant(name: string): Instant | null {
    const clock = this.clock(name);
    if (clock === null) return null;
    if (clock.instant !== null) return clock.instant;
    if (clock.date === null) return this.error(this.layout.columns[name]!, 'BAD_TIME', 'names no day', this.raw(name));
    return this.clocks.place(clock.date, clock.time)?.instant ?? null;
  }

  /** Whole seconds of a duration, never negative. */
  seconds(name: string): number | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const seconds = readDuration(text, column.unit, this.#plain);
    if (seconds === 'number') return this.error(column, 'BAD_NUMBER', 'is no number in the form of the profile', text);
    if (seconds === 'unit') return this.error(column, 'BAD_UNIT', `is not written in ${column.unit}`, text);
    return seconds < 0 ? this.error(column, 'NEGATIVE', 'is below zero', text) : seconds;
  }

  /** A decimal in units of 10^−scale; more decimals than that are refused, never rounded (M-2). */
  scaled(name: string, scale: number, largest: number): number | null {
    const column = this.layout.columns[name];
    const text = this.#text(column);
    if (column === undefined || text === null) return null;
    const plain = this.#plain(text);
    const value = plain === null ? null : toScaled(plain.replace(/^\+/, ''), scale);
    if (value === null) return this.error(column, 'BAD_NUMBER', `is no number with at most ${scale} decimals`, text);
    if (value < 0n) return this.error(column, 'NEGATIVE', 'is below zero', text);
    return value > BigInt(largest) ? this.error(column, 'OUT_OF_RANGE', 'is too large', text) : Number(value);
  }

  cents(name: string): number | null {
    return this.scaled(name, 2, MAX_CENTS);
  }

  /** 0 to 100 % in basis points. */
  basisPoints(name: string): number | null {
    return this.scaled(name, 2, 10_000);
  }

  /** Tells of every column that has to be filled and is not. A row without the worker that it belongs to waits for one. */
  checkRequired(): void {
    for (const column of Object.values(this.layout.columns)) {
      if (column?.required !== true || this.#value(column) !== '') continue;
      if (column.name === 'worker_id' && this.layout.parents.worker !== null)
        this.#report('parked', 'UNKNOWN_PARENT', column, 'names no worker', null);
      else this.#report('error', 'MISSING_VALUE', column, 'has to be filled', null);
    }
  }

  error(column: BoundColumn, code: RowCode, message: string, value: string | null): null {
    this.#report('error', code, column, message, column.hidden ? null : value);
    return null;
  }

  /** An error of a column that could be read, but not so. */
  refuse(name: string, code: RowCode, message: string): null {
    return this.error(this.layout.columns[name]!, code, message, this.raw(name));
  }

  /** Something that one of several columns would have to tell. */
  missing(name: string, message: string): void {
    this.#report('error', 'MISSING_VALUE', this.layout.columns[name] ?? { name, header: name }, message, null);
  }

  /** The instant of a wall clock; where the clocks were changed then, by the profile's choice and told. */
  place(name: string, date: LocalDate, time: string, notBefore?: Instant): Instant | null {
    const placed = this.clocks.place(date, time, notBefore);
    if (placed === null) return this.refuse(name, 'BAD_TIME', 'is no time of day');
    if (placed.change === null) return placed.instant;
    const { dstGap, dstOverlap } = this.request.profile.locale;
    const moved = placed.change === 'moved';
    const message = moved
      ? 'does not exist on the day the clocks are put forward'
      : 'exists twice on the day the clocks are put back';
    if ((moved ? dstGap : dstOverlap) === 'error') return this.refuse(name, 'DST_AMBIGUOUS', message);
    this.warn(name, 'DST_AMBIGUOUS', message);
    return placed.instant;
  }

  warn(name: string, code: RowCode, message: string): void {
    const column = this.layout.columns[name];
    const value = column === undefined || column.hidden ? null : this.raw(name);
    this.#report('warning', code, column ?? { name, header: name }, message, value);
  }

  /** What is wrong with the row as a whole. */
  rowError(code: RowCode, message: string): void {
    this.#report('error', code, { name: null, header: null }, message, null);
  }

  #report(
    severity: RowReport['severity'],
    code: RowCode,
    of: { readonly name: string | null; readonly header: string | null },
    message: string,
    value: string | null,
  ): void {
    const shown = value !== null && value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN - 1).toWellFormed()}…` : value;
    const report = { line: this.#line, record: this.#record, column: of.header, severity, code, message, value: shown };
    this.reports.push(report);
    if (severity === 'parked') this.parked = true;
    if (severity !== 'error') return;
    this.failed = true;
    this.firstError ??= { name: of.name, report };
  }

  /** The text of a column; null where it is empty. */
  #text(column: BoundColumn | undefined): string | null {
    if (column === undefined) return null;
    const text = this.#value(column);
    return text === '' ? null : text;
  }

  #value(column: BoundColumn): string {
    const { cells, kind } = column;
    if (cells.length === 1) {
      const cell = this.#cells[cells[0]!] ?? '';
      const text = cell.trim();
      if (text === '') return column.fallback;
      // Ids are kept byte for byte: blanks that quotes protect are part of them.
      return this.#trim && kind !== 'id' ? text : cell;
    }
    const parts = cells.map((position) => this.cell(position)).filter((part) => part !== '');
    return parts.join(column.join) || column.fallback;
  }
}
