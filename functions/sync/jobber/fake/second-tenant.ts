import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** Added to the number in every id, so that no id of one tenant is an id of the other. */
const ID_OFFSET = 100_000;

const GID = /^(gid:\/\/Jobber\/\w+\/)(\d+)$/;

/** Words of the recorded company and what stands for them in the other one. */
const WORDS: Readonly<Record<string, string>> = {
  Fernhill: 'Brightwater',
  Grounds: 'Gardens',
  Holloway: 'Ellery',
  Ashdown: 'Winter',
  Pike: 'Rowe',
  Lund: 'Hale',
  Vale: 'Crane',
  Brook: 'Larkin',
  Stone: 'Flint',
  Frost: 'Keane',
  Moss: 'Tarn',
  Marsh: 'Fenn',
  Heath: 'Moor',
  Calder: 'Ferris',
  Maple: 'Birch',
  Hillcrest: 'Valley',
  Oak: 'Elm',
  Lakeside: 'Harborview',
  Pine: 'Spruce',
  Dockside: 'Quayside',
  Larch: 'Alder',
  Cedar: 'Juniper',
  Willow: 'Poplar',
};
const WORD = new RegExp(`\\b(?:${Object.keys(WORDS).join('|')})\\b`, 'g');

/** The id with the same type and another number; anything that is no id stays as it is. */
export function otherId(text: string, offset = ID_OFFSET): string {
  const match = GID.exec(Buffer.from(text, 'base64').toString('utf8'));
  return match === null ? text : Buffer.from(`${match[1]}${Number(match[2]) + offset}`).toString('base64');
}

function otherValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherValue);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, otherValue(held)]));
  if (typeof value !== 'string') return value;
  const id = otherId(value);
  return id === value ? value.replace(WORD, (word) => WORDS[word] ?? word) : id;
}

/** Another company with the same history, for a second tenant: other ids, people and places; dates, hours and money stay. */
export function secondTenantDataset(dataset: SourceDataset): SourceDataset {
  const { notable, company } = dataset._about;
  return {
    ...dataset,
    _about: { ...dataset._about, company: String(otherValue(company)), notable: otherValue(notable) },
    endpoints: otherValue(dataset.endpoints) as Record<string, Row[]>,
    changes: otherValue(dataset.changes) as SourceDataset['changes'],
  };
}
