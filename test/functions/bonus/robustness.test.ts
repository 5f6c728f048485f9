import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readProPay } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWorker,
  seedFence,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import type { TestStreamRecord } from '#test/support/dynamodb.ts';

let bench: BonusBench;
afterEach(() => bench.stop());
const fence: ProPayTarget = { jobId: jobId('fence'), milestoneId: null };
const visit = (name: string): ProPayTarget => ({ jobId: jobId('mow'), milestoneId: visitId(name) });
const resultOf = async (target: ProPayTarget) => (await readProPay(bench.table, bench.scope, firstProPayId(target)))!.result;

/** Counts what a function writes through its table. */
function counting(table: Table): Table & { count: number; reads: string[] } {
  const counted = {
    ...table,
    count: 0,
    reads: [] as string[],
    write: (async (scope, actions, token) => {
      counted.count += actions.length;
      return table.write(scope, actions, token);
    }) as Table['write'],
    query: (async (scope, request) => {
      counted.reads.push(`query ${request.partition} ${request.prefix ?? ''}`);
      return table.query(scope, request);
    }) as Table['query'],
    queryAll: (async (scope, request) => {
      counted.reads.push(`query ${request.partition} ${request.prefix ?? ''}`);
      return table.queryAll(scope, request);
    }) as Table['queryAll'],
    get: (async (scope, key, options) => {
      counted.reads.push(`get ${key.pk} ${key.sk}`);
      return table.get(scope, key, options);
    }) as Table['get'],
  };
  return counted;
}

const markOf = ({ dynamodb }: TestStreamRecord): string =>
  ((dynamodb.NewImage ?? dynamodb.OldImage) as { et?: { S?: string } } | undefined)?.et?.S ?? '';

async function seedMow(visits: readonly string[]): Promise<void> {
  await putBranch(bench);
  for (const [index, name] of ['ann', 'bob', 'cyd'].entries()) await putWorker(bench, name, 200_000 + index * 25_000);
  await putJob(bench, 'mow', { recurring: true, managerId: workerId('cyd') });
  for (const name of visits) {
    await putVisit(bench, 'mow', name, { status: 'completed', crewLeadId: workerId('ann') });
    await putBudget(bench, 'mow', name, 8);
    await putTime(bench, { id: `${name}-1`, worker: 'ann', job: 'mow', visit: name, hours: 3 });
    await putTime(bench, { id: `${name}-2`, worker: 'bob', job: 'mow', visit: name, hours: 2 });
  }
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return fc.sample(fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length }), { numRuns: 1, seed })[0]!;
}

describe('delivery', () => {
  it('writes nothing when a batch comes twice, or shuffled (faults 52, 53)', async () => {
    let counted: ReturnType<typeof counting> | null = null;
    bench = await startBonusBench({
      wrap: (table) => {
        counted = counting(table);
        return counted;
      },
    });
    await seedMow(['v1', 'v2']);
    const records: TestStreamRecord[] = [...(await bench.inputs())];
    expect(await bench.feed(records)).toEqual([]);
    await bench.settle();
    const before = counted!.count;
    for (const seed of [1, 2, 3]) expect(await bench.feed(shuffled(records, seed))).toEqual([]);
    await bench.settle();
    expect(counted!.count).toBe(before);
  });

  it('is not woken by its own writes: results, marks and verdicts count for nothing (fault 58)', async () => {
    bench = await startBonusBench();
    await seedMow(['v1']);
    await bench.feed(await bench.inputs());
    // The context is an input like any other, whoever wrote it.
    const own = (await bench.inputs()).filter((record) => markOf(record) !== 'cx');
    expect(own.length).toBeGreaterThan(0);
    const table = counting(bench.table);
    Object.assign(bench.ports, { table });
    await bench.feed(own);
    expect(table.count + table.reads.length).toBe(0);
  });

  it('reads a job’s ProPay with one Query, a visit’s with its three ranges', async () => {
    bench = await startBonusBench();
    await seedFence(bench);
    await seedMow(['v1']);
    await bench.settle();
    const table = counting(bench.table);
    await readProPayState(table, bench.scope, fence, () => false);
    expect(table.reads).toEqual([`query T#acme1#J#${fence.jobId} `]);
    table.reads.length = 0;
    const { milestoneId } = visit('v1');
    await readProPayState(table, bench.scope, visit('v1'), () => false);
    expect(table.reads).toEqual([
      `query T#acme1#J#${jobId('mow')} M#${milestoneId}#`,
      `query T#acme1#J#${jobId('mow')} T#${milestoneId}#`,
      `get T#acme1#J#${jobId('mow')} J`,
    ]);
  });

  it('recalculates exactly the ProPay that a change concerns', async () => {
    bench = await startBonusBench();
    await seedMow(['v1', 'v2', 'v3']);
    await bench.settle();
    const before = await Promise.all(['v1', 'v2', 'v3'].map((name) => resultOf(visit(name))));
    await putTime(bench, { id: 'v2-1', worker: 'ann', job: 'mow', visit: 'v2', hours: 4 });
    await bench.settle();
    const after = await Promise.all(['v1', 'v2', 'v3'].map((name) => resultOf(visit(name))));
    expect(after.map((result, index) => result.calcRev - before[index]!.calcRev)).toEqual([0, 1, 0]);
  });

  it('recalculates each ProPay once however many of its records are in the batch (fault 60)', async () => {
    bench = await startBonusBench();
    await seedMow(['v1', 'v2']);
    await bench.settle();
    const [one, two] = [await resultOf(visit('v1')), await resultOf(visit('v2'))];
    await putTime(bench, { id: 'v1-1', worker: 'ann', job: 'mow', visit: 'v1', hours: 5 });
    const [template] = await bench.inputs();
    await putTime(bench, { id: 'v2-1', worker: 'ann', job: 'mow', visit: 'v2', hours: 5 });
    const [other] = await bench.inputs();
    const storm = Array.from({ length: 5_000 }, (_, index) => {
      const record = structuredClone(index % 2 === 0 ? template! : other!);
      (record.dynamodb as { SequenceNumber: string }).SequenceNumber = String(1_000_000 + index);
      return record;
    });
    const started = performance.now();
    expect(await bench.feed(storm)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await resultOf(visit('v1'))).calcRev).toBe(one.calcRev + 1);
    expect((await resultOf(visit('v2'))).calcRev).toBe(two.calcRev + 1);
  });

  it('leaves one ProPay of two creations at once, and the newest figures of two recalculations (fault 59)', async () => {
    bench = await startBonusBench();
    await seedFence(bench);
    const records = await bench.inputs();
    await Promise.all([bench.feed(records), bench.feed(records)]);
    await bench.settle();
    const state = await bench.state(fence);
    expect(state.proPays).toHaveLength(1);
    await putTime(bench, { id: 'x1', worker: 'ann', job: 'fence', hours: 1 });
    const first = await bench.inputs();
    await putTime(bench, { id: 'x2', worker: 'bob', job: 'fence', hours: 2 });
    const second = await bench.inputs();
    await Promise.all([bench.feed(first), bench.feed(second), bench.feed(first)]);
    await bench.settle();
    expect((await resultOf(fence)).figures!.actualSeconds).toBe(216_000 + 3 * 3_600);
  });
});

describe('faults', () => {
  it('isolates a poison record: it alone is reported, everything else is done (fault 54)', async () => {
    bench = await startBonusBench();
    await seedFence(bench);
    const records = [...(await bench.inputs())];
    const poison = structuredClone(records[3]!);
    Object.assign(poison.dynamodb, { SequenceNumber: '999999999', NewImage: { pk: { X: 'broken' } } });
    expect(await bench.feed([...records.slice(0, 5), poison, ...records.slice(5)])).toEqual(['999999999']);
    expect((await resultOf(fence)).figures!.savingsCents).toBe(50_000);
  });

  it('hands a failing target to the queue, and reports its records only when that fails too', async () => {
    let broken = '';
    bench = await startBonusBench({
      wrap: (table) => ({
        ...table,
        queryAll: (scope, request) => {
          if (broken !== '' && request.partition.endsWith(broken)) throw new Error('the store is out of reach');
          return table.queryAll(scope, request);
        },
      }),
    });
    await seedFence(bench);
    await seedMow(['v1']);
    const records = await bench.inputs();
    broken = fence.jobId;
    expect(await bench.feed(records)).toEqual([]);
    expect(bench.queue).toHaveLength(1);
    bench.refuseQueue = true;
    const failed = await bench.feed(records);
    // The new tenant's context reaches every job, so its records ask for the fence as well.
    const ofFence = records
      .filter((record) => markOf(record) === 'cx' || JSON.stringify(record.dynamodb.Keys).includes(fence.jobId))
      .map((record) => record.dynamodb.SequenceNumber);
    expect([...failed].sort()).toEqual([...ofFence].sort());
    expect(await resultOf(visit('v1'))).toMatchObject({ outcome: 'applies' });
    broken = '';
    bench.refuseQueue = false;
    await bench.settle();
    expect((await resultOf(fence)).figures!.savingsCents).toBe(42_500);
  });

  it('comes to the same end whichever write it dies after', async () => {
    const plain = await endOf(Number.POSITIVE_INFINITY);
    expect(plain.attempts).toBe(1);
    for (let after = 0; after < plain.writes; after++) {
      const crashed = await endOf(after);
      expect(crashed.attempts, `dying after write ${after}`).toBeGreaterThan(1);
      expect(crashed.end, `dying after write ${after}`).toEqual(plain.end);
    }
    bench = await startBonusBench();
  });

  it('touches nothing of another tenant', async () => {
    bench = await startBonusBench();
    await seedFence(bench);
    const records = structuredClone(await bench.inputs()) as TestStreamRecord[];
    const foreign = JSON.parse(JSON.stringify(records).replaceAll('T#acme1', 'T#rival1')) as TestStreamRecord[];
    await bench.feed(foreign);
    const { items } = await bench.table.query(bench.scope, { partition: `T#acme1#J#${fence.jobId}`, prefix: '!' });
    expect(items).toEqual([]);
  });
});

/** Runs the fence to its end with a table that dies once after so many writes. */
async function endOf(after: number) {
  let written = 0;
  let armed = true;
  const local = await startBonusBench({
    wrap: (table) => ({
      ...table,
      write: async (scope, actions, token) => {
        if (armed && written >= after) {
          armed = false;
          throw new Error('died');
        }
        const outcome = await table.write(scope, actions, token);
        written += 1;
        return outcome;
      },
    }),
  });
  bench = local;
  await seedFence(local);
  const records = await local.inputs();
  local.refuseQueue = true;
  let attempts = 1;
  for (let failed = await local.feed(records); failed.length > 0; attempts++) failed = await local.feed(records);
  const writesInFirst = written;
  await local.settle();
  const { proPay, result, records: mirrored, verdict } = await local.state(fence);
  const { calculatedAt: _at, calcRev: _rev, ...figures } = result!;
  const marks = await Promise.all(
    figures.people.workerIds.map((id) => local.table.get(local.scope, { pk: `T#acme1#W#${id}`, sk: `PP#${proPay!.id}` })),
  );
  const end = {
    status: proPay!.status,
    figures: figures.figures,
    wages: figures.wages,
    bonus: mirrored.job!.bonus,
    verdict,
    marks,
  };
  await local.stop();
  return { end, attempts, writes: writesInFirst };
}
