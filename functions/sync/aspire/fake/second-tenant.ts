import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** Added to every key and reference, so that no id of one tenant is an id of the other. */
export const ID_OFFSET = 100_000;
/** Added to the numbers people read on screen. */
const NUMBER_OFFSETS: Readonly<Record<string, number>> = {
  OpportunityNumber: 1000,
  RealOpportunityNumber: 1000,
  WorkTicketNumber: 10_000,
};

/** Words of the recorded company and what stands for them in the other one; upper and lower case are kept. */
const WORDS: Readonly<Record<string, string>> = {
  Fernhill: 'Brightwater',
  Grounds: 'Gardens',
  Pat: 'Quinn',
  Holloway: 'Ellery',
  Robin: 'Shay',
  Ashdown: 'Winter',
  Jordan: 'Parker',
  Pike: 'Rowe',
  Casey: 'Dana',
  Lund: 'Hale',
  Morgan: 'Emery',
  Vale: 'Crane',
  Taylor: 'Rowan',
  Brook: 'Larkin',
  Riley: 'Skyler',
  Stone: 'Flint',
  Jamie: 'Harper',
  Frost: 'Keane',
  Avery: 'Blake',
  Moss: 'Tarn',
  Zoë: 'Chloë',
  Zoe: 'Chloe',
  Marsh: 'Fenn',
  Drew: 'Sage',
  Heath: 'Moor',
  Reese: 'Logan',
  Calder: 'Ferris',
  Maple: 'Birch',
  Riverton: 'Ashford',
  Hillcrest: 'Valley',
  Oak: 'Elm',
  Lakeside: 'Harborview',
  Pine: 'Spruce',
  Dockside: 'Quayside',
  Larch: 'Alder',
  Cedar: 'Juniper',
  Willow: 'Poplar',
  Harbor: 'Meadow',
  Library: 'Museum',
  North: 'East',
  South: 'West',
  NOR: 'EAS',
  SOU: 'WES',
  County: 'Borough',
};
const WORD = new RegExp(`(?<!\\p{L})(?:${Object.keys(WORDS).join('|')})(?!\\p{L})`, 'giu');
const BY_LOWER = new Map(Object.entries(WORDS).map(([word, other]) => [word.toLowerCase(), other]));

function otherWord(word: string): string {
  const other = BY_LOWER.get(word.toLowerCase()) ?? word;
  return word === word.toLowerCase() ? other.toLowerCase() : other;
}

function otherText(text: string): string {
  // Dates, marks and status words hold none of the words; phones and employee numbers differ by their own rule.
  return text.replace(/^555-0100-/, '555-0200-').replace(WORD, otherWord);
}

function otherField(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => otherField(name, item));
  if (typeof value === 'object' && value !== null) return otherRow(value as Row);
  if (typeof value === 'number') {
    if (/I[Dd]$/.test(name)) return value + ID_OFFSET;
    return value + (NUMBER_OFFSETS[name] ?? 0);
  }
  if (typeof value !== 'string') return value;
  return name === 'EmployeeNumber' ? `2${value.slice(1)}` : otherText(value);
}

function otherRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, otherField(name, value)]));
}

/**
 * Another company with the same history, for a second tenant: every id is moved so that the two never share one, and people, places
 * and numbers have other names. Dates, hours and money stay. The result depends on the input alone.
 */
export function secondTenantDataset(dataset: SourceDataset): SourceDataset {
  const notable = dataset._about.notable;
  const otherIds = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(otherIds) : typeof value === 'number' ? value + ID_OFFSET : value;
  return {
    ...dataset,
    _about: {
      ...dataset._about,
      company: otherText(dataset._about.company),
      ...(typeof notable === 'object' && notable !== null
        ? { notable: Object.fromEntries(Object.entries(notable).map(([name, ids]) => [name, otherIds(ids)])) }
        : {}),
    },
    endpoints: Object.fromEntries(Object.entries(dataset.endpoints).map(([path, rows]) => [path, rows.map(otherRow)])),
    changes: dataset.changes.map((change) => ({
      ...change,
      key: Number(change.key) + ID_OFFSET,
      row: change.row === null ? null : otherRow(change.row),
    })),
  };
}
