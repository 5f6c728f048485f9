import { COLUMNS } from '#imports/columns.ts';
import type { HeaderName, Profile } from '#imports/profile.ts';
import { hoursToSeconds } from '#kernel/decimal.ts';

/** A record by canonical columns, in normal form: ISO dates, `HH:mm:ss`, decimal hours, canonical words. */
export type CanonicalRow = Readonly<Record<string, string>>;

/** What a file may do to its readers (section 8 of the file contract). */
export interface FileSwitches {
  readonly bom?: boolean;
  readonly utf16?: boolean;
  readonly cp1252?: boolean;
  readonly crlf?: boolean;
  readonly semicolonDecimalComma?: boolean;
  readonly reorderedColumns?: boolean;
  readonly extraColumn?: boolean;
  /** The header of a column that is not there. */
  readonly missingColumn?: string;
  readonly duplicateRows?: boolean;
  readonly truncatedMidRow?: boolean;
  readonly spreadsheetIds?: boolean;
  readonly emptyWindow?: boolean;
}

/** Rows as cells by header. */
export type FileRow = Readonly<Record<string, string>>;

/** Turns a profile round: canonical rows to the cells that a file of its layout would hold. */
export function turnRound(profile: Profile, rows: readonly CanonicalRow[]): readonly FileRow[] {
  return rows.map((row) => {
    const cells: Record<string, string> = {};
    for (const [name, { from, join, unit, map }] of Object.entries(profile.columns)) {
      const headers = (Array.isArray(from) ? from : from === undefined ? [] : [from]).map(String);
      const kind = COLUMNS[profile.entity][name]!.kind;
      const value = row[name] ?? '';
      const word = Object.entries(map).find(([, meaning]) => meaning === value)?.[0];
      const text = value === '' ? '' : (word ?? written(value, kind, unit, profile.locale));
      for (const [header, part] of split(text, join, headers)) cells[header] = part;
    }
    return cells;
  });
}

/** A file of rows: the profile's columns, those it ignores or drops left empty, and whatever is switched on. */
export function writeFile(profile: Profile, rows: readonly FileRow[], switches: FileSwitches = {}): Uint8Array {
  const named = [...Object.values(profile.columns).flatMap(({ from }) => from ?? []), ...profile.identity];
  const parents = Object.values(profile.parents).flatMap((one) => one?.by ?? []);
  const all = [...named, ...parents, ...profile.ignore, ...profile.drop].map((name: HeaderName) => String(name));
  const kept = [...new Set(all)].filter((name) => name !== switches.missingColumn);
  const ordered = switches.reorderedColumns ? kept.toReversed() : kept;
  const headers = switches.extraColumn ? [...ordered, 'Brand new'] : ordered;
  const ids = idHeaders(profile);
  const body = switches.emptyWindow ? [] : switches.duplicateRows ? rows.flatMap((row) => [row, row]) : rows;
  const { delimiter, decimal } = formOf(profile, switches);
  const cell = (row: FileRow, header: string): string => {
    const value = header === 'Brand new' ? 'x' : (row[header] ?? '');
    if (switches.spreadsheetIds && ids.has(header)) return reformatted(value);
    return decimal === ',' && /^\d+\.\d+$/.test(value) ? value.replace('.', ',') : value;
  };
  const table = [headers, ...body.map((row) => headers.map((header) => cell(row, header)))];
  const end = switches.crlf ? '\r\n' : '\n';
  const text = table.map((cells) => cells.map(quoted).join(delimiter) + end).join('');
  return encode(
    switches.truncatedMidRow ? text.slice(0, text.lastIndexOf('"', text.length - end.length - 2) + 1) : text,
    switches,
  );
}

function formOf({ csv, locale }: Profile, { semicolonDecimalComma }: FileSwitches): { delimiter: string; decimal: string } {
  if (semicolonDecimalComma) return { delimiter: ';', decimal: ',' };
  return { delimiter: csv.delimiter === 'auto' ? ',' : csv.delimiter, decimal: locale.decimal };
}

function idHeaders(profile: Profile): ReadonlySet<string> {
  return new Set(
    Object.entries(profile.columns).flatMap(([name, { from }]) =>
      COLUMNS[profile.entity][name]!.kind === 'id' && !Array.isArray(from) && from !== undefined ? [String(from)] : [],
    ),
  );
}

/** What a spreadsheet makes of an id that it takes for a number. */
function reformatted(id: string): string {
  return /^\d+$/.test(id) ? `${id[0]}.${id.slice(1).padEnd(2, '0')}E+${String(id.length - 1).padStart(2, '0')}` : id;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function encode(text: string, { bom, utf16, cp1252 }: FileSwitches): Uint8Array {
  if (utf16) return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (cp1252) return Buffer.from(text, 'latin1');
  return Buffer.from(bom ? `\ufeff${text}` : text);
}

/** A joined value in its parts: all but the last header get one word each. */
function split(text: string, join: string, headers: readonly string[]): readonly (readonly [string, string])[] {
  const parts = text.split(join);
  return headers.map((header, at) => [header, at < headers.length - 1 ? (parts[at] ?? '') : parts.slice(at).join(join)]);
}

function written(value: string, kind: string, unit: string, locale: Profile['locale']): string {
  switch (kind) {
    case 'date':
      return clockText(locale.date[0]!, value, '00:00:00');
    case 'time':
      return clockText(locale.time[0]!, '2000-01-01', value);
    case 'hours':
      return durationText(value, unit);
    default:
      return value;
  }
}

function durationText(hours: string, unit: string): string {
  const seconds = hoursToSeconds(hours) ?? 0;
  switch (unit) {
    case 'hh:mm':
      return `${Math.floor(seconds / 3_600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`;
    case 'minutes':
      return String(Math.floor(seconds / 60));
    case 'seconds':
      return String(seconds);
    default:
      return hours;
  }
}

/** A date and a time as a pattern writes them. */
export function clockText(pattern: string, date: string, time: string): string {
  const [year, month, day] = date.split('-') as [string, string, string];
  const [hour, minute, second] = time.split(':') as [string, string, string];
  const twelve = String(Number(hour) % 12 || 12);
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    MM: month,
    M: String(Number(month)),
    dd: day,
    d: String(Number(day)),
    HH: hour,
    H: String(Number(hour)),
    hh: twelve.padStart(2, '0'),
    h: twelve,
    mm: minute,
    ss: second,
    a: Number(hour) < 12 ? 'AM' : 'PM',
  };
  return pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (token, literal: string | undefined) => literal ?? parts[token] ?? token);
}
