import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import { readContext } from '#store/settings-repository.ts';
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
import { nightHandler } from '#test/support/night.ts';

const benches: BonusBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});
async function start(...options: Parameters<typeof startBonusBench>): Promise<BonusBench> {
  const bench = await startBonusBench(...options);
  benches.push(bench);
  return bench;
}

const fence: ProPayTarget = { jobId: jobId('fence'), milestoneId: null };
const visit = (name: string): ProPayTarget => ({ jobId: jobId('mow'), milestoneId: visitId(name) });
const VISITS = ['v1', 'v2', 'v3'];
const TARGETS = [fence, ...VISITS.map(visit)];

async function seedMow(bench: BonusBench): Promise<void> {
  await putJob(bench, 'mow', { recurring: true, managerId: workerId('max') });
  for (const [index, name] of VISITS.entries()) {
    await putVisit(bench, 'mow', name, { status: 'completed', crewLeadId: workerId('ann') });
    await putBudget(bench, 'mow', name, 8);
    await putTime(bench, { id: `${name}-1`, worker: 'ann', job: 'mow', visit: name, hours: 2 + index });
    await putTime(bench, { id: `${name}-2`, worker: 'bob', job: 'mow', visit: name, hours: 2 });
  }
}

/** Changes that follow each other on the same items: only their last state counts. */
async function changeMuch(bench: BonusBench): Promise<void> {
  await putTime(bench, { id: 'v1-1', worker: 'ann', job: 'mow', visit: 'v1', hours: 7 });
  await putTime(bench, { id: 'v1-1', worker: 'bob', job: 'mow', visit: 'v2', hours: 1 });
  await putBudget(bench, 'mow', 'v3', 20);
  await putBudget(bench, 'mow', 'v3', 12);
  await putWorker(bench, 'cyd', 310_000);
  await putTime(bench, { id: 'late', worker: 'cyd', job: 'fence', hours: 4, date: '2026-03-05' });
  await putBranch(bench, 'b1', 'America/Chicago');
}

/** What has come of every target: figures, status, verdict. */
const outcome = (bench: BonusBench) =>
  Promise.all(
    TARGETS.map(async (target) => {
      const { proPays, result, verdict } = await bench.state(target);
      const [proPay] = proPays;
      const counted = result && { outcome: result.outcome, missing: result.missing, figures: result.figures };
      return { proPays: proPays.length, status: proPay?.status, branchId: proPay?.branchId, verdict: verdict?.code, counted };
    }),
  );

/** The hourly tick of a whole week of the tenant's daily work. */
async function passWeek(bench: BonusBench): Promise<void> {
  const handle = nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] });
  for (let day = 10; day < 17; day++) await handle({ time: `2026-03-${day}T12:00:00.000Z` }, 'tick');
}

/** Lets the stream go by unread: what it held is lost to every function. */
const trim = async (bench: BonusBench) => void (await bench.api.db.drainStream());

describe('records that nobody could be told of', () => {
  it('stay reported while the queue for failures is out of reach, and the nightly check heals what they meant (fault 55)', async () => {
    let broken = false;
    const bench = await start({
      wrap: (table) => ({
        ...table,
        queryAll: async (scope, request) => {
          if (broken && request.partition.endsWith(fence.jobId)) throw new Error('the store is out of reach');
          return table.queryAll(scope, request);
        },
      }),
    });
    await seedFence(bench);
    await bench.settle();
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    const records = await bench.inputs();
    broken = true;
    bench.refuseQueue = true;
    // However often the stream delivers them, they are neither done nor forgotten.
    for (let attempt = 0; attempt < 3; attempt++)
      expect([...(await bench.feed(records))].sort()).toEqual(records.map((one) => one.dynamodb.SequenceNumber).sort());
    expect(bench.queue).toEqual([]);
    expect((await bench.state(fence)).result!.figures!.actualSeconds).toBe(60 * 3_600);

    // The stream gives them up, and no queue takes the note of it.
    broken = false;
    bench.api.logs.length = 0;
    await passWeek(bench);
    expect((await bench.state(fence)).result!.figures!.actualSeconds).toBe(64 * 3_600);
    expect(bench.api.logs.filter((line) => line.ResultDifferences === 1)).toHaveLength(1);
  });
});

describe('a split of the stream', () => {
  it('comes to the same figures in every order that keeps each item’s own: parent before children, children side by side (fault 56)', async () => {
    const plain = await start();
    await seedFence(plain);
    await seedMow(plain);
    await plain.settle();
    await changeMuch(plain);
    await plain.settle();
    const expected = await outcome(plain);
    expect(expected.map((one) => one.status)).toEqual(Array(TARGETS.length).fill('Active'));

    for (const seed of [1, 2, 3, 4]) {
      const bench = await start();
      await seedFence(bench);
      await seedMow(bench);
      await changeMuch(bench);
      const records = await bench.inputs();
      // The shard closes in the middle; its children share the keys that follow, each read at its own pace.
      const middle = Math.floor((records.length * seed) / 6);
      const [parent, rest] = [records.slice(0, middle), records.slice(middle)];
      const children = [0, 1].map((child) => rest.filter((record) => childOf(record) === child));
      expect(children.every((child) => child.length > 0)).toBe(true);
      for (const batch of batchesOf(parent, seed)) expect(await bench.feed(batch)).toEqual([]);
      for (const batch of interleaved(
        children.map((child) => batchesOf(child, seed)),
        seed,
      ))
        expect(await bench.feed(batch)).toEqual([]);
      await bench.settle();
      expect(await outcome(bench), `seed ${seed}`).toEqual(expected);
    }
  });
});

describe('a stream that was trimmed', () => {
  it('before anything was read of it is made up for by a week of daily work (fault 57)', async () => {
    const read = await start();
    const lost = await start();
    for (const bench of [read, lost]) {
      await seedFence(bench);
      await seedMow(bench);
    }
    await read.settle();
    await trim(lost);
    await passWeek(lost);
    expect(await outcome(lost)).toEqual(await outcome(read));

    await changeMuch(read);
    await read.settle();
    await changeMuch(lost);
    await trim(lost);
    await passWeek(lost);
    expect(await outcome(lost)).toEqual(await outcome(read));
    const [one, other] = [await readContext(lost.table, lost.scope), await readContext(read.table, read.scope)];
    expect(one!.branches).toEqual(other!.branches);
    // A second week finds nothing left to do.
    lost.api.logs.length = 0;
    await trim(lost);
    await passWeek(lost);
    expect(lost.api.logs.filter((line) => line.level === 'error')).toEqual([]);
    expect(await lost.inputs()).toEqual([]);
  });

  it('after approvals and payments still opens statements and makes the ProPay Paid (fault 57)', async () => {
    const bench = await start();
    const id = firstProPayId(fence);
    let keys = 0;
    const post = (path: string, body: object) =>
      bench.api.call<{ lineItems: { statementId: string }[] }>('POST', path, {
        body,
        headers: { 'idempotency-key': `key-${++keys}` },
      });
    const statements = async () =>
      (await bench.api.call<{ items: { id: string; status: string }[] }>('GET', '/v1/statements')).body.items;
    await seedFence(bench);
    await bench.settle();
    const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${id}`)).body;
    expect((await post(`/v1/propays/${id}/approve`, { inputsVersion })).status).toBe(200);
    await trim(bench);
    expect(await statements()).toEqual([]);
    await passWeek(bench);
    const open = await statements();
    expect(open.map((one) => one.status)).toEqual(Array(4).fill('Open'));

    bench.api.pass(20 * 86_400);
    for (const one of open) expect((await post(`/v1/statements/${one.id}/pay`, { payDate: '2026-03-27' })).status).toBe(200);
    await trim(bench);
    expect((await bench.state(fence)).proPay!.status).toBe('Approved');
    await passWeek(bench);
    expect((await bench.state(fence)).proPay!.status).toBe('Paid');
  });
});

/** The child shard of a record: all records of an item stand in the same one. */
function childOf({ dynamodb }: TestStreamRecord): number {
  const { pk } = dynamodb.Keys as { pk: { S: string } };
  return [...pk.S].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2;
}

/** Batches of a shard, in any order across items and in order within each. */
function batchesOf(records: readonly TestStreamRecord[], seed: number): TestStreamRecord[][] {
  const byItem = new Map<string, TestStreamRecord[]>();
  for (const record of records) {
    const key = JSON.stringify(record.dynamodb.Keys);
    byItem.set(key, [...(byItem.get(key) ?? []), record]);
  }
  const groups = [...byItem.values()];
  const slots = shuffled(
    groups.flatMap((group, at) => group.map(() => at)),
    seed,
  );
  const inOrder = slots.map((at) => groups[at]!.shift()!);
  const size = 5 + seed * 3;
  return Array.from({ length: Math.ceil(inOrder.length / size) }, (_, at) => inOrder.slice(at * size, (at + 1) * size));
}

/** Batches of several shards, each shard's in its own order. */
function interleaved<T>(shards: readonly T[][], seed: number): T[] {
  const left = shards.map((shard) => [...shard]);
  const turns = shuffled(
    shards.flatMap((shard, at) => shard.map(() => at)),
    seed,
  );
  return turns.map((at) => left[at]!.shift()!);
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return fc.sample(fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length }), { numRuns: 1, seed })[0]!;
}
