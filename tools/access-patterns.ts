import { pathToFileURL } from 'node:url';
import { bonusPatterns } from './access-patterns/bonus.ts';
import { eventPatterns } from './access-patterns/events.ts';
import { reservedKeys, storedItems } from './access-patterns/items.ts';
import { mirrorPatterns } from './access-patterns/mirror.ts';
import type { AccessPattern, Section, Step, StoredItem, User } from './access-patterns/shape.ts';
import { placeOf } from './access-patterns/store.ts';
import { syncPatterns } from './access-patterns/sync.ts';
import { tenantPatterns } from './access-patterns/tenant.ts';
import { inProject, writeWhole } from './project.ts';

/** Where the page is kept: committed, and compared by a test. */
export const accessPatternsFile = inProject('docs', 'access-patterns.md');

/** Every way in which the product reads its table. */
export const patternSections: readonly Section<AccessPattern>[] = [
  ...mirrorPatterns,
  ...bonusPatterns,
  ...tenantPatterns,
  ...syncPatterns,
  { title: 'Webhooks', entries: eventPatterns },
];

const INTRO = `# Access patterns of the table

Generated from \`tools/access-patterns/\` by \`node tools/run.mjs tools/access-patterns.ts\`; a test compares it with the code, runs what can be run
cheaply against the embedded table, and counts.

One table, two sparse indexes that hold keys alone: \`id\` (\`ip\`, \`is\`) finds a record, \`by\` (\`bp\`, \`bs\`) lists. \`{t}\` is \`T#<tenant>\` and begins every
partition key, of the table and of both indexes; only the schedule's \`DUE#…\` does not. Keys are built in \`shared/model/keys.ts\` and nowhere else. There
is no Scan.

Costs are in read units (ru) and write units (wu): a strong read costs 1 ru per started 4 KB, an eventual one half of it; a Query adds up what it
reads before it rounds, GetItem and BatchGetItem round item by item. A write costs 1 wu per started KB, twice that in a transaction, and 1 wu for each
index entry it makes or takes away.`;

const READS = ['Pattern', 'Key and range', 'Cost', 'Used by'];
const ITEMS = ['Item (`et`)', 'Keys', 'Index entries', 'wu of a new one', 'wu of a change', 'Written by'];

/** The page as it is committed. */
export function accessPatternsText(): string {
  return `${[
    INTRO,
    '## Reads',
    ...patternSections.flatMap(({ title, intro, entries }) => [
      `### ${title}`,
      ...(intro === undefined ? [] : [intro]),
      table(READS, entries.map(readRow)),
    ]),
    '## Writes',
    'A change costs what the larger of both images costs; one that changes an index key 2 wu more for each such entry.',
    ...storedItems.flatMap(({ title, entries }) => [`### ${title}`, table(ITEMS, entries.map(itemRow))]),
    ...(reservedKeys.length === 0 ? [] : waitingSection()),
  ].join('\n\n')}\n`;
}

function waitingSection(): readonly string[] {
  return [
    '## Keys in waiting',
    'Built in `shared/model/keys.ts` so that their place is taken; nothing is stored there yet.',
    table(
      ['Key', 'Range', 'For'],
      reservedKeys.map(({ key, range, purpose }) => [`\`${key}\``, range, purpose]),
    ),
  ];
}

function readRow({ name, range, keys, reads, note, users }: AccessPattern): readonly string[] {
  const cost = reads.map(stepText).join('; ') || 'nothing is read';
  return [name, `${range} (${keys.map(code).join(', ')})`, note === undefined ? cost : `${cost} — ${note}`, usersText(users)];
}

function stepText({ operation, index, unit, of }: Step): string {
  const units = unit === 1 ? '1 ru' : '½ ru';
  if (operation === 'GetItem') return `GetItem ${of}: ${units}`;
  if (operation === 'BatchGetItem') return `BatchGetItem ${of}: ${units} each`;
  return `Query ${index === null ? '' : `of \`${index}\` `}${of}: ${units} per 4 KB`;
}

function itemRow({ name, mark, keys, indexes, note, writers }: StoredItem): readonly string[] {
  const entries = indexes.map(code).join(', ') || 'none';
  const born = indexes.length === 0 ? '1 per KB' : `1 per KB + ${indexes.length}`;
  return [
    `${name} (\`${mark}\`)`,
    keys.map(code).join(', '),
    note === undefined ? entries : `${entries}; ${note}`,
    born,
    '1 per KB',
    usersText(writers),
  ];
}

/** Functions of the store under their file, then the files that go to the table themselves. */
function usersText(users: readonly User[]): string {
  const byFile = new Map<string, string[]>();
  for (const user of users) {
    if (typeof user === 'string') byFile.set(user, []);
    else {
      const { file, name } = placeOf(user);
      byFile.set(file, [...(byFile.get(file) ?? []), name]);
    }
  }
  return [...byFile].map(([file, names]) => [code(file), ...names].join(' ')).join('; ');
}

const code = (text: string): string => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeWhole(accessPatternsFile, accessPatternsText());
  process.stdout.write(`${accessPatternsFile}\n`);
}
