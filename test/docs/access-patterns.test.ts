import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as keys from '#model/keys.ts';
import { reservedKeys, storedItems } from '#tools/access-patterns/items.ts';
import type { AccessPattern, ReadOperation } from '#tools/access-patterns/shape.ts';
import { STORE } from '#tools/access-patterns/store.ts';
import { accessPatternsFile, accessPatternsText, patternSections } from '#tools/access-patterns.ts';
import { inProject } from '#tools/project.ts';
import { PROBES } from './probes.ts';
import { startTableWorld, type TableWorld } from './table-world.ts';

const patterns = patternSections.flatMap(({ entries }) => entries);
const items = storedItems.flatMap(({ entries }) => entries);
const exportedKeys = Object.entries(keys).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
const sources = ['shared', 'functions'].flatMap((folder) =>
  readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(inProject().length).replace(/^\//, '')),
);
const textOf = (file: string): string => readFileSync(inProject(file), 'utf8');

describe('docs/access-patterns.md', () => {
  it('is what tools/access-patterns.ts writes', () => {
    expect(readFileSync(accessPatternsFile, 'utf8')).toBe(accessPatternsText());
  });

  it('names every builder of keys, and none that is not there', () => {
    const named = new Set<string>([
      ...[...patterns, ...items].flatMap((one) => one.keys as readonly string[]),
      ...reservedKeys.map(({ key }) => key),
    ]);
    expect(exportedKeys.filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !exportedKeys.includes(name))).toEqual([]);
  });

  it('says of a key that it is in waiting only while nothing uses it', () => {
    const used = reservedKeys.filter(({ key }) =>
      sources.some((file) => file !== 'shared/model/keys.ts' && new RegExp(`\\b${key}\\b`).test(textOf(file))),
    );
    expect(used.map(({ key }) => key)).toEqual([]);
  });

  it('names every function of the store that reads, and every one that writes', () => {
    const readers = new Set<unknown>(patterns.flatMap(({ users }) => users));
    const writers = new Set<unknown>(items.flatMap((item) => item.writers));
    const missing = Object.entries(STORE).flatMap(([file, exported]) =>
      Object.entries(exported).flatMap(([name, value]) => {
        if (typeof value !== 'function') return [];
        if (/^(read|list|find|take[A-Z]|lookUp|count)/.test(name) && !readers.has(value)) return [`${file} ${name} reads`];
        if (/(Actions?|Snapshot)$|^(put|write|remove|drop|fold|finish)/.test(name) && !/^read/.test(name) && !writers.has(value))
          return [`${file} ${name} writes`];
        return [];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('knows every file of the store that builds keys', () => {
    const files = readdirSync(inProject('shared', 'store')).filter((file) => file.endsWith('.ts') && file !== 'plain-table.ts');
    const building = files.filter((file) => /\b\w+(Key|Partition)\(/.test(textOf(`shared/store/${file}`)));
    expect(building.filter((file) => STORE[file] === undefined)).toEqual([]);
  });

  it('names every file outside the store that reads the table', () => {
    const named = new Set<unknown>(patterns.flatMap(({ users }) => users));
    const reading = sources.filter(
      (file) => !file.startsWith('shared/store/') && /\btable\.(get|query|queryAll|batchGet)\(/.test(textOf(file)),
    );
    expect(reading.filter((file) => !named.has(file))).toEqual([]);
  });

  it('names files that are there and have to do with what they are named for', () => {
    const wrong = patterns.flatMap(({ name, keys: own, users }) => {
      const about = new RegExp(`\\btable\\.|\\b(${own.join('|')})\\b`);
      const files = users.filter((user) => typeof user === 'string');
      return files.filter((file) => !existsSync(inProject(file)) || !about.test(textOf(file))).map((file) => `${name}: ${file}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('against the embedded table', () => {
  let world: TableWorld;
  beforeAll(async () => {
    world = await startTableWorld();
  });
  afterAll(() => world.stop());

  it('only patterns of the page are run', () => {
    expect(Object.keys(PROBES).filter((name) => !patterns.some((pattern) => pattern.name === name))).toEqual([]);
  });

  it.each(Object.keys(PROBES))('%s: takes the requests and units it says, and reads what it returns', async (name) => {
    const pattern = patterns.find((one) => one.name === name);
    if (pattern === undefined) throw new Error(`the page has no pattern "${name}"`);
    const { counters } = world.bench.api.db;
    counters.reset();
    const probed = await PROBES[name]!(world);
    const told = Object.values(probed.items).reduce((sum, count) => sum + count, 0);
    expect(told).toBeGreaterThan(0);
    for (const operation of ['GetItem', 'BatchGetItem', 'Query'] as const) {
      const usage = counters.total({ operation });
      const steps = stepsOf(pattern, operation);
      const requests = probed.requests?.[operation] ?? steps.length;
      const read = probed.items[operation] ?? 0;
      expect([operation, usage.requests, usage.itemReads]).toEqual([operation, requests, read]);
      const unit = steps[0]?.unit ?? 0;
      // Single items round up to a unit each; a Query adds up first, and here four items at least fit a unit.
      if (operation !== 'Query') expect([operation, usage.readUnits]).toEqual([operation, read * unit]);
      expect(usage.readUnits).toBeGreaterThanOrEqual(requests * unit);
      expect(usage.readUnits).toBeLessThanOrEqual(Math.max(read, requests + read / 4) * unit);
    }
    expect(counters.total({ operation: 'Scan' }).requests).toBe(0);
  });

  it('every kind of item has the index entries that the page says, and costs what it says', async () => {
    const { client, bench } = world;
    const { counters, tableName: TableName } = bench.api.db;
    const stored = (await client.send(new ScanCommand({ TableName }))).Items ?? [];
    const marks = [...new Set(stored.map((item) => String(item.et)))].sort();
    expect(marks.filter((mark) => !items.some((item) => item.mark === mark))).toEqual([]);
    expect(marks.length).toBeGreaterThan(25);
    const units = async (item: Record<string, unknown>): Promise<number> => {
      counters.reset();
      await client.send(new PutCommand({ TableName, Item: item }));
      return counters.total({ operation: 'PutItem' }).writeUnits;
    };
    for (const mark of marks) {
      const declared = items.filter((item) => item.mark === mark);
      const item = stored.find((one) => one.et === mark)!;
      await client.send(new DeleteCommand({ TableName, Key: { pk: item.pk, sk: item.sk } }));
      const entries = [...(item.ip === undefined ? [] : ['id']), ...(item.bp === undefined ? [] : ['by'])];
      const [born, changed] = [await units(item), await units(item)];
      expect([mark, born - changed]).toEqual([mark, entries.length]);
      const fits = declared.some(({ indexes, note }) =>
        note?.includes('only with') ? entries.every((one) => indexes.includes(one as 'id')) : `${indexes}` === `${entries}`,
      );
      expect([mark, entries, fits]).toEqual([mark, entries, true]);
    }
  });
});

const stepsOf = (pattern: AccessPattern, operation: ReadOperation) =>
  pattern.reads.filter((step) => step.operation === operation);
