import { afterEach, describe, expect, it } from 'vitest';
import { fingerprintOf, SEGMENT_ROWS, segmentName } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import { readSnapshot, writeSnapshot } from '#store/snapshot-store.ts';
import type { Item, Table, WriteAction } from '#store/table.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { ModelSource, smallCompany } from '#test/support/model-source.ts';
import type { SyncBenchOptions } from '#test/support/sync-bench.ts';

/** What an item may hold, in bytes of names and values. */
const ITEM_LIMIT = 400 * 1_024;
const AT = NOW - 60 * MINUTE;

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});
async function start(source: ModelSource, more: Partial<SyncBenchOptions> = {}): Promise<ModelBench> {
  const bench = await startModelBench(source, more);
  benches.push(bench);
  return bench;
}

/** Bytes of an item as the service counts them, a little too many. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + sizeOf(one), 3);
  if (typeof value !== 'object' || value === null) return 21;
  return Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + sizeOf(one), 3);
}

/** Lets a test see every written action; those that `swallow` names are told to be applied and go nowhere. */
const watching =
  (see: (action: WriteAction) => void, swallow: (action: WriteAction) => boolean = () => false) =>
  (table: Table): Table => ({
    ...table,
    write: async (scope, actions, token) => {
      for (const action of actions) see(action);
      const left = actions.filter((action) => !swallow(action));
      return left.length === 0 ? { applied: true } : table.write(scope, left, token);
    },
  });

const putOf = (action: WriteAction): Item | null => (action.kind === 'put' ? action.item : null);

describe('items near the limit of 400 KB', () => {
  it('cut a snapshot into chunks that are read back whole (fault 47)', async () => {
    const sizes: number[] = [];
    const bench = await start(smallCompany(AT), {
      wrapTable: watching((action) => void (putOf(action)?.et === 'sn' && sizes.push(sizeOf(putOf(action))))),
    });
    let seed = 1;
    // Text that does not compress: 64 different letters in no order.
    const noise = Array.from({ length: 1_200_000 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return String.fromCharCode(59 + ((seed >>> 16) & 63));
    }).join('');
    const name = await writeSnapshot(bench.table, bench.scope, 'propay', { noise, wide: 'é界🙂'.repeat(10_000) });
    expect(name.chunks).toBeGreaterThan(2);
    expect(sizes).toHaveLength(name.chunks);
    expect(Math.max(...sizes)).toBeLessThan(ITEM_LIMIT);
    expect(await readSnapshot(bench.table, bench.scope, 'propay', name)).toMatchObject({ noise });
    // A reader sees all or nothing: with a chunk missing there is no snapshot.
    await expect(readSnapshot(bench.table, bench.scope, 'propay', { ...name, chunks: name.chunks + 1 })).rejects.toThrow(
      'missing',
    );
    await expect(readSnapshot(bench.table, bench.scope, 'propay', { ...name, chunks: 1 })).rejects.toThrow();
  });

  it('list of 1,000 exceptions with long texts of many bytes what fits, and count all of them (fault 47, M-108)', async () => {
    const source = smallCompany(AT);
    source.pageSize = 2_000;
    const value = '界🙂é'.repeat(60);
    source.lie = (stream, rows) =>
      stream !== 'jobs'
        ? rows
        : [
            ...rows,
            ...Array.from({ length: 1_000 }, (_, n): MappedRow => {
              const sourceId = `bad-${n}-${'ö'.repeat(40)}`;
              return { kind: 'rejected', rejected: { sourceId, reason: 'type_invalid', field: 'name', value } };
            }),
          ];
    // Their share would be a changed shape of the source (M-99), so as many good rows stand beside them.
    for (let n = 0; n < 1_000; n++) source.put('jobs', { id: `good${n}`, at: AT, fields: { name: `Good ${n}` } });
    const runs: Item[] = [];
    let largest = 0;
    const isRecord = (action: WriteAction) => putOf(action)?.et === 'jb' || putOf(action)?.et === 'qu';
    const bench = await start(source, {
      wrapTable: watching((action) => {
        const item = putOf(action);
        if (item === null) return;
        largest = Math.max(largest, sizeOf(item));
        if (item.et === 'rn') runs.push(item);
      }, isRecord),
    });
    const { run } = await bench.runToEnd();
    expect(run).toMatchObject({ outcome: 'succeeded-with-quarantine', exceptionCount: 1_000 });
    expect(run.exceptions.length).toBeGreaterThan(100);
    expect(runs).toHaveLength(1);
    expect(sizeOf(runs[0])).toBeGreaterThan(150_000);
    expect(largest).toBeLessThan(ITEM_LIMIT);
  });

  it('name 30,000 rows of one answer in plan pages that fit (fault 47)', async () => {
    const source = smallCompany(AT);
    const rows = 30_000;
    source.pageSize = rows + 100;
    for (let n = 0; n < rows; n++) source.put('workers', { id: `w${n}`, at: AT, fields: { displayName: `Worker ${n}` } });
    const plans: Item[] = [];
    const bench = await start(source, {
      wrapTable: watching(
        (action) => {
          const item = putOf(action);
          if (item?.et === 'pl' || item?.et === 'fp') plans.push(item);
        },
        // The workers themselves are not what this is about.
        (action) => putOf(action)?.et === 'wk',
      ),
    });
    const { run } = await bench.runToEnd();
    expect(run.streams.find((one) => one.stream === 'workers')?.counts.created).toBe(rows);
    expect(Math.max(...plans.map(sizeOf))).toBeLessThan(ITEM_LIMIT);
    const segments = plans.filter((item) => item.et === 'fp' && item.sk.startsWith('FP#workers#'));
    expect(segments).toHaveLength(Math.ceil(rows / SEGMENT_ROWS));
  });

  it('forget 30,000 skipped records that left the list at once in plan pages that fit (fault 47)', async () => {
    const source = smallCompany(AT);
    const sizes: number[] = [];
    const bench = await start(source, {
      wrapTable: watching((action) => void (putOf(action)?.et === 'pl' && sizes.push(sizeOf(putOf(action))))),
    });
    await bench.runToEnd();
    const store = openRunStore({ table: bench.table, scope: bench.scope, n: 1, decrypt: async () => ({}) });
    const ids = Array.from({ length: 30_000 }, (_, n) => mirrorId(bench.connection.id, 'job', `gone${n}`)).sort();
    const pieces = Array.from({ length: Math.ceil(ids.length / SEGMENT_ROWS) }, (_, piece) => ({
      segment: `${segmentName('all', 'skipped')}.${piece}`,
      rows: ids
        .slice(piece * SEGMENT_ROWS, (piece + 1) * SEGMENT_ROWS)
        .map((id) => ({ id, fingerprint: fingerprintOf('h'.repeat(43)) })),
    }));
    const { fence } = await bench.state();
    await store.fold(fence, 'jobs', pieces, []);
    sizes.length = 0;
    expect((await bench.fullRun()).outcome).toBe('succeeded');
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(ITEM_LIMIT);
    const left = await store.readSegments('jobs', true);
    expect(left.flatMap((one) => one.rows)).toHaveLength(2);
  });
});

describe('a sweep of very many', () => {
  it('remembers as many misses as its item holds, and the others later (fault 47, M-102)', async () => {
    const source = smallCompany(AT);
    let largest = 0;
    const bench = await start(source, {
      wrapTable: watching((action) => {
        const item = putOf(action);
        if (item !== null) largest = Math.max(largest, sizeOf(item));
      }),
    });
    await bench.runToEnd();
    const store = openRunStore({ table: bench.table, scope: bench.scope, n: 1, decrypt: async () => ({}) });
    const ids = Array.from({ length: 40_000 }, (_, n) => mirrorId(bench.connection.id, 'job', `lost${n}`)).sort();
    const pieces = Array.from({ length: Math.ceil(ids.length / SEGMENT_ROWS) }, (_, piece) => ({
      segment: `all.${piece + 1}`,
      rows: ids
        .slice(piece * SEGMENT_ROWS, (piece + 1) * SEGMENT_ROWS)
        .map((id) => ({ id, fingerprint: fingerprintOf('h'.repeat(43)) })),
    }));
    await store.fold((await bench.state()).fence, 'jobs', pieces, []);
    expect((await bench.fullRun()).outcome).toBe('succeeded');
    expect((await store.readMissed('jobs')).missed.map((group) => group.ids.length)).toEqual([30_000]);
    await bench.fullRun();
    // Proven twice, far too many: held for a person, and the rest is now missed for the first time.
    expect((await store.readHolds()).reduce((sum, hold) => sum + hold.ids.length, 0)).toBe(30_000);
    expect((await store.readMissed('jobs')).missed.map((group) => group.ids.length)).toEqual([10_000]);
    expect(largest).toBeLessThan(ITEM_LIMIT);
  });
});

describe('the keys of one tenant', () => {
  it('are spread: of a first import no partition takes more than a small share of the writes (fault 48)', async () => {
    const source = new ModelSource();
    source.pageSize = 500;
    for (let n = 0; n < 5; n++) source.put('branches', { id: `b${n}`, at: AT, fields: { name: `Branch ${n}` } });
    for (let n = 0; n < 40; n++) source.put('workers', { id: `w${n}`, at: AT, fields: { branchId: `b${n % 5}` } });
    for (let n = 0; n < 200; n++) {
      source.put('jobs', { id: `j${n}`, at: AT, fields: { name: `Job ${n}`, branchId: `b${n % 5}` } });
      source.put('milestones', { id: `t${n}`, at: AT, fields: { jobId: `j${n}` }, budget: {} });
    }
    for (let n = 0; n < 900; n++)
      source.put('times', { id: `e${n}`, at: AT, fields: { workerId: `w${n % 40}`, milestoneId: `t${n % 200}` } });
    const writes = { pk: new Map<string, number>(), ip: new Map<string, number>(), bp: new Map<string, number>() };
    const bench = await start(source, {
      wrapTable: watching((action) => {
        const key: Readonly<Record<string, unknown>> = action.kind === 'put' ? action.item : { ...action.key };
        for (const [name, counted] of Object.entries(writes))
          if (typeof key[name] === 'string') counted.set(key[name], (counted.get(key[name]) ?? 0) + 1);
      }),
    });
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');
    const share = (counted: ReadonlyMap<string, number>) => {
      const all = [...counted.values()].reduce((sum, one) => sum + one, 0);
      return Math.max(...counted.values()) / all;
    };
    // The connection's own bookkeeping is the busiest partition; each job is one.
    expect(writes.pk.size).toBeGreaterThan(200);
    expect(share(writes.pk)).toBeLessThan(0.03);
    expect(share(writes.ip)).toBeLessThan(0.002);
    // A list is one partition per kind of record, written once for each; time, of which there is most, is in none of them.
    expect(writes.bp.get('T#tenant1#L#JOB')).toBe(200);
    expect(share(writes.bp)).toBeLessThan(0.15);
  });
});

describe('items with an end', () => {
  it('may go early or stay for ever: a run without its predecessors’ entries is the same run (fault 50)', async () => {
    const play = async (expiry: 'early' | 'never') => {
      const source = smallCompany(AT);
      const bench = await start(source);
      const ends: unknown[] = [];
      for (let cycle = 0; cycle < 4; cycle++) {
        const { fields } = source.rows.workers!.get('w1')!;
        source.put('workers', { id: 'w1', at: NOW + cycle * 20 * MINUTE, fields: { ...fields, displayName: `Name ${cycle}` } });
        if (cycle === 2) source.remove('milestones', 'j1t1');
        const run = cycle === 2 ? await bench.fullRun() : await bench.nextRun();
        ends.push({ outcome: run.outcome, counts: run.streams.map((one) => one.counts) });
        if (expiry === 'early') await bench.testTable.engine.expireItems(NOW + 1_000 * 86_400_000);
      }
      const { lastRunId: _id, ...state } = await bench.state();
      const kept = (await bench.bookkeeping('RUN#')).length;
      return { ends, kept, state: { ...state, streams: Object.keys(state.streams) }, mirror: [...(await bench.mirror())] };
    };
    const early = await play('early');
    const never = await play('never');
    expect([early.kept, never.kept]).toEqual([0, 4]);
    expect({ ...early, kept: 0 }).toEqual({ ...never, kept: 0 });
  });
});
