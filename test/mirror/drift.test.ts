import { afterEach, describe, expect, it } from 'vitest';
import { instantFromMs } from '#kernel/instant.ts';
import { sampleOf } from '#mirror/drift.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
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

/** Lets the source's lists go on telling the old name of job j1, stamped an hour ago, whatever it answers by id. */
function listsAreOld(source: ModelSource, name: string): void {
  let listing = false;
  source.onCall = ({ kind }) => {
    listing = kind === 'page';
  };
  const old = (row: MappedRow): MappedRow =>
    row.kind === 'record' && row.record.entity === 'job' && row.record.sourceId === 'j1'
      ? {
          ...row,
          record: { ...row.record, sourceUpdatedAt: instantFromMs(HOUR_AGO), fields: { ...row.record.fields, name } } as never,
        }
      : row;
  source.lie = (_stream, rows) => (listing ? rows.map(old) : rows);
}

const nameOf = async (): Promise<string> => ((await bench.mirror()).get('job:j1')!.fields as { name: string }).name;

describe('the nightly audit', () => {
  it('compares what is stored with the source by id, tells what has drifted, and puts it right', async () => {
    const source = await start();
    const before = (await bench.mirror()).get('job:j1')!;
    listsAreOld(source, await nameOf());
    source.put('jobs', { id: 'j1', at: HOUR_AGO, fields: { name: 'Renamed without a stamp' } });
    const run = await bench.nextRun(DAY);
    expect([run.trigger, run.outcome]).toEqual(['reconcile', 'succeeded']);
    expect(run.exceptions).toMatchObject([{ entity: 'job', sourceId: 'j1', reason: 'drift' }]);
    const after = (await bench.mirror()).get('job:j1')!;
    expect(await nameOf()).toBe('Renamed without a stamp');
    expect(after.revision).toBeGreaterThan(before.revision);
  });

  it('finds nothing where nothing drifted, and writes no record', async () => {
    await start();
    const before = await bench.mirror();
    const run = await bench.nextRun(DAY);
    expect([run.exceptions, run.exceptionCount]).toEqual([[], 0]);
    expect(await bench.mirror()).toEqual(before);
  });

  it('takes what changed while the run was reading for news, not for drift', async () => {
    const source = await start();
    listsAreOld(source, await nameOf());
    source.put('jobs', { id: 'j1', at: NOW + DAY * MINUTE - 1, fields: { name: 'Just renamed' } });
    expect((await bench.nextRun(DAY)).exceptions).toEqual([]);
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
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBe(new Set(asked).size);
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
