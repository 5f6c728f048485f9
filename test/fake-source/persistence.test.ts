import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { orderAnswer } from '../../shared/fake-source/control-door.ts';
import type { StoredLists } from '../../shared/fake-source/data-change.ts';
import type { Row, SourceDataset } from '../../shared/fake-source/dataset.ts';
import { SMALL, SMALL_OTHER, type SmallFake, smallSource } from './small-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TENANTS = [
  { id: 'a', dataset: SMALL },
  { id: 'b', dataset: SMALL_OTHER },
];

/** What a new process finds in the folder. */
function open(tenants: readonly { id: string; dataset: SourceDataset }[] = TENANTS): SmallFake {
  return smallSource(tenants, folder);
}

function order(fake: SmallFake, body: object): void {
  expect(orderAnswer(fake.shell, JSON.stringify(body))).toMatchObject({ status: 200 });
}

function stored(fake: SmallFake): StoredLists[] {
  return fake.shell.tenants().map((id) => fake.shell.data(id).stored());
}

function job(fake: SmallFake, tenant: string, id: number): Row | null {
  const data = fake.shell.data(tenant);
  return data.row(data.entity('Jobs')!, id);
}

function files(tenant = 'a'): string[] {
  return readdirSync(join(folder, `tenant-${tenant}`)).sort();
}

function journal(tenant = 'a', number = 0): string {
  return join(folder, `tenant-${tenant}`, `journal-${number}.jsonl`);
}

describe('a source with a state folder', () => {
  test('is found again as it was: puts, deletes, steps and own changes, rows in the same order', () => {
    const fake = open();
    order(fake, {
      put: {
        Jobs: [
          { JobID: 9, Name: 'Zoë \u{1F331}' },
          { JobID: 1, Name: null, extra: { deep: [1.5] } },
        ],
      },
    });
    order(fake, { step: 'renamed' });
    order(fake, { step: 'gone' });
    order(fake, { delete: { Jobs: [4, 5] } });
    order(fake, { put: { Jobs: [{ JobID: 4, Name: 'Back again' }] } });
    order(fake, { put: { Jobs: [{ JobID: 902 }] }, tenant: 'b' });
    fake.tick();
    expect(stored(open())).toEqual(stored(fake));
    expect(JSON.stringify(stored(open()))).toBe(JSON.stringify(stored(fake)));
    expect(job(open(), 'a', 9)).toEqual({ JobID: 9, Name: 'Zoë \u{1F331}', Changed: '2026-03-22T12:00:00.000Z' });
  });

  test('goes on from where it was', () => {
    order(open(), { put: { Jobs: [{ JobID: 6 }] } });
    order(open(), { put: { Jobs: [{ JobID: 7 }] } });
    order(open(), { delete: { Jobs: [6] } });
    expect([6, 7].map((id) => job(open(), 'a', id) !== null)).toEqual([false, true]);
  });

  test('keeps the dataset of its first start, also for reset and steps', () => {
    const first = open();
    order(first, { put: { Jobs: [{ JobID: 1, Name: 'Edited' }] } });
    const moved: SourceDataset = { ...SMALL, endpoints: { '/Jobs': [{ JobID: 1, Name: 'Moved again' }] }, changes: [] };
    const later = open([{ id: 'a', dataset: moved }]);
    expect(later.shell.data('a').dataset).toEqual(SMALL);
    expect(job(later, 'a', 1)?.Name).toBe('Edited');
    order(later, { step: 'renamed' });
    order(later, { reset: true });
    expect(stored(later)).toEqual(stored(smallSource()));
    expect(stored(open([{ id: 'a', dataset: moved }]))).toEqual(stored(smallSource()));
  });

  test('keeps tenants apart, and takes one that comes later', () => {
    order(open([TENANTS[0]!]), { put: { Jobs: [{ JobID: 1, Name: 'Of a' }] } });
    const both = open();
    expect([job(both, 'a', 1)?.Name, job(both, 'b', 1)]).toEqual(['Of a', null]);
    order(both, { put: { Jobs: [{ JobID: 1, Name: 'Of b' }] }, tenant: 'b' });
    order(both, { reset: true, tenant: 'a' });
    expect([job(open(), 'a', 1)?.Name, job(open(), 'b', 1)?.Name]).toEqual(['Job 1', 'Of b']);
  });

  test('does not keep switches, stopped changes and the request log', () => {
    const fake = open();
    order(fake, { fault: 'emptyList', on: true });
    order(fake, { live: false });
    const later = open();
    expect(later.shell.switches('a').list('emptyList')).toEqual([]);
    expect(later.shell.isLive('a')).toBe(true);
    expect(files()).toEqual(['base.json']);
  });

  test('without a folder keeps nothing', () => {
    order(smallSource(), { put: { Jobs: [{ JobID: 9 }] } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('refuses the folder of another source', () => {
    open();
    const path = join(folder, 'tenant-a', 'base.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"source":"small"', '"source":"large"'));
    expect(() => open()).toThrow(/not the state of tenant a of small/);
  });
});

describe('the journal', () => {
  test('drops a last line cut by a kill, wherever it was cut, and goes on behind the whole ones', () => {
    order(open(), { put: { Jobs: [{ JobID: 6, Name: 'Whole' }] } });
    const whole = readFileSync(journal());
    order(open(), { put: { Jobs: [{ JobID: 7, Name: 'Zoë' }, { JobID: 8 }] } });
    const all = readFileSync(journal());
    for (let length = whole.length; length < all.length; length += 7) {
      writeFileSync(journal(), all.subarray(0, length));
      const fake = open();
      expect([6, 7, 8].map((id) => job(fake, 'a', id) !== null)).toEqual([true, false, false]);
      order(fake, { put: { Jobs: [{ JobID: 9 }] } });
      expect([6, 7, 9].map((id) => job(open(), 'a', id) !== null)).toEqual([true, false, true]);
    }
  });

  test('that cannot be read otherwise stops the start instead of losing rows', () => {
    order(open(), { put: { Jobs: [{ JobID: 6 }] } });
    appendFileSync(journal(), 'rubbish\n');
    expect(() => open()).toThrow(/journal-0\.jsonl: line 2 cannot be replayed/);
  });

  test('becomes a snapshot once it is long, and starts anew', () => {
    const fake = open();
    for (let id = 1; id <= 1_001; id += 1) order(fake, { put: { Jobs: [{ JobID: (id % 40) + 1, Name: `Edit ${id}` }] } });
    order(fake, { delete: { Jobs: [2] } });
    order(fake, { put: { Jobs: [{ JobID: 2 }] } });
    expect(JSON.stringify(stored(open()))).toBe(JSON.stringify(stored(fake)));
    expect(files()).toEqual(['base.json', 'snapshot.json']);
    order(open(), { put: { Jobs: [{ JobID: 99 }] } });
    expect(files()).toEqual(['base.json', 'journal-1.jsonl', 'snapshot.json']);
    expect(job(open(), 'a', 99)).not.toBeNull();
    expect(job(open(), 'a', 40)?.Name).toBe(job(fake, 'a', 40)?.Name);
    order(open(), { reset: true });
    expect(stored(open())).toEqual(stored(smallSource(TENANTS)));
  });

  test('a kill between the snapshot and the removal of the old journal makes no change twice', () => {
    const fake = open();
    for (let id = 1; id <= 1_001; id += 1) order(fake, { put: { Jobs: [{ JobID: 50 }] } });
    order(fake, { delete: { Jobs: [50] } });
    const old = readFileSync(journal());
    order(open(), { put: { Jobs: [{ JobID: 1, Name: 'After' }] } });
    writeFileSync(journal(), old);
    expect(job(open(), 'a', 50)).toBeNull();
    expect(job(open(), 'a', 1)?.Name).toBe('After');
    expect(files()).toEqual(['base.json', 'journal-1.jsonl', 'snapshot.json']);
  });
});

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const script = fileURLToPath(new URL('./source-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  return { child, url: String(line).trim() };
}

describe('a killed process', () => {
  test('loses no acknowledged put of either tenant, and leaves no put by halves', async () => {
    const acknowledged: number[] = [];
    let next = 1_000;
    for (let round = 0; round < 3; round += 1) {
      const { child, url } = await startProcess();
      let alive = true;
      const writer = async (): Promise<void> => {
        while (alive) {
          const id = next;
          next += 2;
          const put = { Jobs: [id, id + 1].map((JobID) => ({ JobID, Name: `Row ${JobID} ${'x'.repeat(JobID % 977)}` })) };
          const body = JSON.stringify({ put, tenant: id % 4 === 0 ? 'a' : 'b' });
          const answer = await fetch(`${url}/__control`, { method: 'POST', body }).then(
            ({ status }) => status,
            () => null,
          );
          if (answer === 200) acknowledged.push(id);
        }
      };
      const writers = Array.from({ length: 4 }, writer);
      await sleep(120 + 37 * round);
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      alive = false;
      await Promise.all(writers);
    }
    expect(acknowledged.length).toBeGreaterThan(50);
    const fake = open();
    const lost = acknowledged.filter((id) => job(fake, id % 4 === 0 ? 'a' : 'b', id) === null);
    expect(lost).toEqual([]);
    for (const tenant of ['a', 'b']) {
      const ids = new Set(
        fake.shell
          .data(tenant)
          .stored()
          ['/Jobs']!.map((row) => Number(row.JobID)),
      );
      expect([...ids].filter((id) => id >= 1_000 && !ids.has(id % 2 === 0 ? id + 1 : id - 1))).toEqual([]);
    }
  });
});
