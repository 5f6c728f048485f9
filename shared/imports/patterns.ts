/** What a pattern has to tell: a day, a time of day, or both. */
export type PatternUse = 'date' | 'time' | 'dateTime';

/** A pattern as a regular expression, and which part of it is which. */
export interface CompiledPattern {
  readonly expression: RegExp;
  /** Number of the group that holds each part; 0 where the pattern has no such part. */
  readonly groups: Readonly<Record<Part, number>>;
}

type Part = 'year' | 'month' | 'day' | 'hour24' | 'hour12' | 'minute' | 'second' | 'half';

/** The parts of Unicode's date patterns that say exactly one thing. Years have four digits: two of them could mean either century. */
const PARTS: Readonly<Record<string, readonly [part: Part, digits: string]>> = {
  yyyy: ['year', '\\d{4}'],
  MM: ['month', '\\d\\d'],
  M: ['month', '\\d\\d?'],
  dd: ['day', '\\d\\d'],
  d: ['day', '\\d\\d?'],
  HH: ['hour24', '\\d\\d'],
  H: ['hour24', '\\d\\d?'],
  hh: ['hour12', '\\d\\d'],
  h: ['hour12', '\\d\\d?'],
  mm: ['minute', '\\d\\d'],
  ss: ['second', '\\d\\d'],
  a: ['half', '[AaPp]\\.?[Mm]\\.?'],
};
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/gy;

/** A pattern such as `M/d/yyyy` or `h:mm a`; text in single quotes stands for itself. Null where it does not tell what it has to. */
export function compilePattern(pattern: string, use: PatternUse): CompiledPattern | null {
  const groups: Record<Part, number> = {
    year: 0,
    month: 0,
    day: 0,
    hour24: 0,
    hour12: 0,
    minute: 0,
    second: 0,
    half: 0,
  };
  let source = '';
  let count = 0;
  let end = 0;
  for (const match of pattern.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    if (match[2] === undefined) {
      source += literally(match[1] === undefined ? match[0] : match[1] === '' ? "'" : match[1].replaceAll("''", "'"));
      continue;
    }
    const known = Object.hasOwn(PARTS, match[0]) ? PARTS[match[0]]! : null;
    if (known === null || groups[known[0]] !== 0) return null;
    count += 1;
    groups[known[0]] = count;
    source += `(${known[1]})`;
  }
  if (end !== pattern.length || !tells(groups, use)) return null;
  return { expression: new RegExp(`^${source}$`), groups };
}

function tells(groups: Readonly<Record<Part, number>>, use: PatternUse): boolean {
  const has = (...parts: readonly Part[]) => parts.every((part) => groups[part] > 0);
  const hasNone = (...parts: readonly Part[]) => parts.every((part) => groups[part] === 0);
  const date = has('year', 'month', 'day');
  const time = has('minute') && (has('hour24') ? hasNone('hour12', 'half') : has('hour12', 'half'));
  switch (use) {
    case 'date':
      return date && hasNone('hour24', 'hour12', 'minute', 'second', 'half');
    case 'time':
      return time && hasNone('year', 'month', 'day');
    case 'dateTime':
      return date && time;
  }
}

/** A blank of the pattern stands for any blank: spreadsheets write narrow ones before AM and PM. */
function literally(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '\\s');
}
