import { afterEach, describe, expect, it } from 'vitest';
import { instantFromMs } from '#kernel/instant.ts';
import { sampleOf } from '#mirror/drift.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { readSyncState } from '#store/connection-repository.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';

const DAY = 24 * 60;
const HOUR_AGO = NOW - 60 * MINUTE;

let bench: ModelBench;
const benches: ModelBench[] = [];
afterEach(async () => {
  for (const one of benches.splice(0)) await one.stop();
});

async function start(): Promise<ModelSource> {
  const source = smallCompany(HOUR_AGO);
  bench = await startModelBench(source);
  benches.push(bench);
  await bench.runToEnd();
  return source;
}

type RecordRow = Extract<MappedRow, { kind: 'record' }>;

/** Lets the source answer for job j1 otherwise by id than in its lists, or the other way round. */
function answersDiffer(source: ModelSource, when: 'page' | 'fetch', change: (row: RecordRow) => unknown): void {
  let last = '';
  source.onCall = ({ kind }) => {
    last = kind;
  };
  const isJ1 = (row: MappedRow): row is RecordRow => row.kind === 'record' && row.record.sourceId === 'j1';
  source.lie = (_stream, rows) => (last === when ? rows.map((row) => (isJ1(row) ? (change(row) as MappedRow) : row)) : rows);
}

const record = (row: RecordRow, more: object): unknown => ({ ...row, record: { ...row.record, ...more } });
const named = (row: RecordRow, name: string, more: object = {}): unknown =>
  record(row, { fields: { ...row.record.fields, name }, ...more });

const cardOf = async () => {
  const { state, cause, drifted } = (await readSyncState(bench.table, bench.scope, 1))!;
  return [state, cause, drifted];
};

const nameOf = async (): Promise<string> => ((await bench.mirror()).get('job:j1')!.fields as { name: string }).name;

describe('the nightly audit', () => {
  it('compares what is stored with the source by id, tells what has drifted, and puts it right', async () => {
    const source = await start();
    const before = (await bench.mirror()).get('job:j1')!;
    answersDiffer(source, 'page', (row) => named(row, 'Job j1'));
    source.put('jobs', { id: 'j1', at: HOUR_AGO, fields: { name: 'Renamed without a stamp', branchId: 'b1' } });
    const run = await bench.nextRun(DAY);
    expect([run.trigger, run.outcome]).toEqual(['reconcile', 'succeeded']);
    expect(run.exceptions).toMatchObject([{ entity: 'job', sourceId: 'j1', reason: 'drift' }]);
    const after = (await bench.mirror()).get('job:j1')!;
    expect(await nameOf()).toBe('Renamed without a stamp');
    expect(after.revision).toBe(before.revision + 1);
  });

  it('makes the connection degraded until a night finds nothing (M-111)', async () => {
    const source = await start();
    answersDiffer(source, 'fetch', (row) => named(row, 'As it is by id'));
    await bench.nextRun(DAY);
    expect(await cardOf()).toEqual(['degraded', 'drift', 1]);
    source.lie = (_stream, rows) => rows;
    await bench.nextRun();
    expect(await cardOf()).toEqual(['degraded', 'drift', 1]);
    await bench.nextRun(DAY);
    expect(await cardOf()).toEqual(['active', null, 0]);
  });

  it('compares what comes along with a row: the budget of a job', async () => {
    const source = smallCompany(HOUR_AGO);
    source.put('jobs', { id: 'j1', at: HOUR_AGO, fields: { name: 'Job j1' }, budget: { budgetSeconds: 36_000 } });
    bench = await startModelBench(source);
    benches.push(bench);
    await bench.runToEnd();
    answersDiffer(source, 'fetch', ({ also: [budget], ...row }) => ({
      ...row,
      also: [{ ...budget, fields: { ...budget!.fields, budgetSeconds: 72_000 } }],
    }));
    const run = await bench.nextRun(DAY);
    expect(run.exceptions).toMatchObject([{ entity: 'budget_info', sourceId: 'b:j1', reason: 'drift' }]);
    expect((await bench.mirror()).get('budget_info:b:j1')!.fields).toMatchObject({ budgetSeconds: 72_000 });
  });

  it('finds nothing where nothing drifted, and writes no record', async () => {
    await start();
    const before = await bench.mirror();
    const run = await bench.nextRun(DAY);
    expect([run.exceptions, run.exceptionCount]).toEqual([[], 0]);
    expect(await bench.mirror()).toEqual(before);
    expect(await cardOf()).toEqual(['active', null, 0]);
  });

  it.each<[string, (row: RecordRow) => unknown]>([
    [
      'what changed while the run was reading',
      (row) => named(row, 'Just renamed', { sourceUpdatedAt: instantFromMs(NOW + DAY * MINUTE - 1) }),
    ],
    [
      'an answer that is older than what is stored',
      (row) => named(row, 'Long ago', { sourceUpdatedAt: instantFromMs(HOUR_AGO - 1) }),
    ],
    ['a difference without a stamp, which the list did not show', (row) => named(row, 'Renamed', { sourceUpdatedAt: null })],
    [
      'a status that is ignored by now',
      (row) => named(row, 'Draft again', { skip: { kind: 'ignored', code: 'draft', rule: 'built-in' } }),
    ],
    [
      'what is out of scope by now',
      (row) => named(row, 'Elsewhere', { skip: { kind: 'out_of_scope', code: 'project_not_enabled', rule: 'list' } }),
    ],
    [
      'a row that cannot be read',
      () => ({ kind: 'rejected', rejected: { sourceId: 'j1', reason: 'type_invalid', field: null, value: null } }),
    ],
  ])('takes nothing for drift that is none: %s', async (_what, change) => {
    const source = await start();
    const before = await bench.mirror();
    answersDiffer(source, 'fetch', change);
    expect((await bench.nextRun(DAY)).exceptions).toEqual([]);
    expect(await bench.mirror()).toEqual(before);
    expect(await cardOf()).toEqual(['active', null, 0]);
  });

  it('takes nothing for deleted that the source does not give by id (M-102)', async () => {
    const source = await start();
    let last = '';
    source.onCall = ({ kind }) => {
      last = kind;
    };
    source.lie = (_stream, rows) => (last === 'fetch' ? [] : rows);
    const run = await bench.nextRun(DAY);
    expect([run.outcome, run.exceptionCount]).toEqual(['succeeded', 0]);
    expect([...(await bench.mirror()).values()].filter((one) => one.tombstone !== null)).toEqual([]);
  });

  it('finds a record without stamps that is not what list and source agree on', async () => {
    const source = await start();
    source.lie = (_stream, rows) =>
      rows.map((row) => (row.kind === 'record' ? (record(row, { sourceUpdatedAt: null }) as MappedRow) : row));
    const [item] = await bench.itemsOf('jb', 'j1');
    const broken = { expression: 'SET h = :other', values: { ':other': 'a hash of something else' } };
    await bench.table.write(bench.scope, [
      { kind: 'update', key: { pk: String(item!.pk), sk: String(item!.sk) }, update: broken },
    ]);
    const run = await bench.nextRun(DAY);
    expect(run.exceptions).toMatchObject([{ entity: 'job', sourceId: 'j1', reason: 'drift' }]);
    expect((await bench.mirror()).get('job:j1')!.contentHash).not.toBe('a hash of something else');
  });

  it('asks once for each list, at night only, and fails no run', async () => {
    const source = await start();
    const asked: string[] = [];
    source.onCall = ({ kind, stream }) => {
      if (kind !== 'fetch') return;
      asked.push(stream);
      throw new SourceError('endpoint_gone', 'no such door');
    };
    await bench.nextRun();
    expect(asked).toEqual([]);
    const night = await bench.nextRun(DAY);
    expect([night.trigger, night.outcome]).toEqual(['reconcile', 'succeeded']);
    expect([...asked].sort()).toEqual(['jobs', 'milestones', 'times', 'workers']);
    expect(await cardOf()).toEqual(['active', null, 0]);
  });

  it.each<[string, Error]>([
    ['limits us', new SourceError('rate_limited', 'too many calls', { retryAfterMs: 3_600_000 })],
    ['is down', new SourceError('source_unavailable', '503')],
    ['does not end its answer', new OutOfTime()],
  ])('asks nothing more of a source that %s, and takes it neither for drift nor for a failed run', async (_what, error) => {
    const source = await start();
    let asked = 0;
    source.onCall = ({ kind }) => {
      if (kind !== 'fetch') return;
      asked += 1;
      throw error;
    };
    const night = await bench.nextRun(DAY);
    expect([night.outcome, night.legs, asked]).toEqual(['succeeded', 1, 1]);
    expect(await cardOf()).toEqual(['active', null, 0]);
  });

  it('makes no more than its calls, and begins with another list every night', async () => {
    const source = await start();
    const first = new Set<string>();
    for (let night = 0; night < 12; night++) {
      const asked: string[] = [];
      source.onCall = ({ kind, stream }) => {
        if (kind !== 'fetch') return;
        asked.push(stream);
        // A list whose records are asked for one by one.
        source.calls += 29;
      };
      await bench.nextRun(DAY);
      expect(asked).toHaveLength(1);
      first.add(asked[0]!);
    }
    expect(first.size).toBeGreaterThan(1);
  });
});

describe('the sample of a night', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => `id${String(n).padStart(4, '0')}`);

  it('is bounded, spread over everything, and another one every night', () => {
    const first = sampleOf(ids, 20, 'run-1');
    expect([first.length, new Set(first).size]).toEqual([20, 20]);
    expect(sampleOf(ids, 20, 'run-1')).toEqual(first);
    expect(sampleOf(ids, 20, 'run-2')).not.toEqual(first);
    expect(sampleOf(ids.slice(0, 7), 20, 'run-1')).toEqual(ids.slice(0, 7));
    const seen = new Set(Array.from({ length: 400 }, (_, night) => sampleOf(ids, 20, `run-${night}`)).flat());
    expect(seen.size).toBeGreaterThan(990);
  });
});
