import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDueQueue } from '#local/host/events/due-queue.ts';
import { openJournal } from '#local/host/journal.ts';

type Entry = { name: string; count?: number };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'protiv-journal-'));
  path = join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const contents = () => {
  const journal = openJournal<Entry>(path);
  const entries = Object.fromEntries(journal.entries());
  journal.close();
  return entries;
};

describe('a journal', () => {
  it('brings back what was put, changed and not removed', () => {
    const journal = openJournal<Entry>(path);
    journal.put('a', { name: 'one' });
    journal.put('b', { name: 'two' });
    journal.patch('a', { count: 3 });
    journal.patch('nobody', { count: 1 });
    journal.remove('b');
    journal.close();
    expect(contents()).toEqual({ a: { name: 'one', count: 3 } });
  });

  it('drops a last line that a crash cut short, and only that', () => {
    const journal = openJournal<Entry>(path);
    journal.put('a', { name: 'ü' });
    journal.close();
    appendFileSync(path, '{"k":"b","v":{"na');
    expect(contents()).toEqual({ a: { name: 'ü' } });
    writeFileSync(path, 'garbage\n{"k":"a","v":{"name":"x"}}\n');
    expect(contents).toThrow();
  });

  it('stays small however often its entries change', () => {
    const journal = openJournal<Entry>(path);
    for (let count = 0; count < 10_000; count += 1) {
      journal.put(`k${count % 10}`, { name: 'x', count });
      if (count % 3 === 0) journal.remove(`k${count % 10}`);
    }
    const expected = Object.fromEntries(journal.entries());
    journal.close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(4_500);
    expect(contents()).toEqual(expected);
  });
});

describe('a due queue', () => {
  it('gives keys in the order of their instants, and none before its time', () => {
    const queue = createDueQueue();
    const instants = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009);
    for (const [index, due] of instants.entries()) queue.add(String(index), due);
    const taken: number[] = [];
    for (let next = queue.take(600); next !== undefined; next = queue.take(600)) taken.push(next.dueMs);
    expect(taken).toEqual(instants.filter((due) => due <= 600).sort((a, b) => a - b));
    expect(queue.next).toBe(Math.min(...instants.filter((due) => due > 600)));
    expect(createDueQueue().next).toBe(Number.POSITIVE_INFINITY);
  });
});
