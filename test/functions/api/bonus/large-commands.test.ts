import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { listBatchIds } from '#store/batch-repository.ts';
import { createLineItemAction, readPayPartition } from '#store/pay-repository.ts';
import { openPlainTable } from '#store/plain-table.ts';
import { readProPay } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { dyingTable } from '#test/support/mortal-table.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
let table: Table;
let client: DynamoDBDocumentClient;
beforeEach(async () => {
  bench = await startBonusBench();
  table = bench.api.ports.table;
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(bench.api.db.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
});
afterEach(async () => {
  client.destroy();
  await bench.stop();
});

const DAY = 86_400;
const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const CREW = Array.from({ length: 33 }, (_, index) => `c${index}`);

interface Body {
  readonly inputsVersion: string;
  readonly status: string;
  readonly code?: string;
  readonly lineItems: readonly { readonly id: string; readonly amount: string }[];
  readonly items: readonly { readonly id: string; readonly status: string }[];
  readonly [field: string]: unknown;
}
const post = (path: string, body: object, key: string) =>
  bench.api.call<Body>('POST', path, { body, headers: { 'idempotency-key': key } });
const use = (other: Table) => Object.assign(bench.api.ports, { table: other });
/** The API's process dies at a call of the store; then another one takes over. */
async function dyingAt(at: number, late: boolean, act: () => Promise<unknown>): Promise<boolean> {
  const death = { calls: 0, at, late };
  use(dyingTable({ client, tableName: bench.api.db.tableName, now: bench.api.now }, death));
  await act();
  use(table);
  return death.calls >= at;
}

/** A crew of 33 whose payouts have three parts each: 33 × 3 items for the crew and one part more for the manager's three. */
async function seedCrew(): Promise<void> {
  const retention = { retentionBp: 1_000, retentionDays: 30 };
  await bench.context((context) => ({
    ...context,
    pools: [{ ...POOL, retention: { crew: retention }, warrantyBp: 1_000, warrantyDays: 60 }],
  }));
  await putJob(bench, 'fence', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', managerId: workerId('c0') });
  await putBudget(bench, 'fence', null, 800);
  for (const name of CREW) {
    await putWorker(bench, name, 250_000);
    await putTime(bench, { id: `t${name}`, worker: name, job: 'fence', hours: 1 });
  }
  await bench.settle();
}

/** What everybody sees: the ProPay's status, and how many of its items live and are voided. */
async function standing() {
  const { proPay } = (await readProPay(table, bench.scope, id))!;
  const items = (await Promise.all(CREW.map((name) => readPayPartition(table, bench.scope, workerId(name))))).flatMap(
    (partition) => partition.items,
  );
  const live = items.filter((item) => item.events.length === 0);
  return { status: proPay.status, live: live.length, cents: live.reduce((sum, item) => sum + item.amountCents, 0) };
}
/** The daily work after some time. */
async function endAll(seconds: number): Promise<void> {
  bench.api.pass(seconds);
  for (const batch of await listBatchIds(table, bench.scope)) await table.endBatch(bench.scope, batch);
}
const auditOf = async (action: string) =>
  (await table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' })).filter((one) => one.action === action).length;
const ACCEPT = [{ code: 'stale-data', reason: 'nothing has changed' }];

describe('a command beyond the hundred actions of a transaction', () => {
  it('approves and unapproves whole, wherever its process dies, and once under its key (faults 47, 62)', async () => {
    await seedCrew();
    const nothing = { status: 'Active', live: 0, cents: 0 };
    expect(await standing()).toEqual(nothing);
    let everything = nothing;
    let approvals = 0;
    let unapprovals = 0;
    const diedThen = new Set<string>();
    for (const [round, at] of [1, 11, 14, 16, 60, 115, 117, 119, 121, 180, 230].entries()) {
      const late = round % 2 === 1;
      const { inputsVersion } = (await bench.api.call<Body>('GET', `/v1/propays/${id}`)).body;
      const approve = () => post(`/v1/propays/${id}/approve`, { inputsVersion, accept: ACCEPT }, `approve-${round}`);
      const died = await dyingAt(at, late, approve);
      const left = await standing();
      if (round === 0) expect(left).toEqual(nothing);
      else expect([nothing, everything], `approve killed at ${at}`).toContainEqual(left);
      diedThen.add(`${died} ${left.status}`);
      bench.api.pass(61);
      const done = await approve();
      expect(done.status, `approve again after ${at}: ${done.body.code}`).toBe(200);
      everything = await standing();
      expect(everything).toMatchObject({ status: 'Approved', live: done.body.lineItems.length });
      expect(everything.live).toBeGreaterThan(97);
      expect((await approve()).body).toEqual(done.body);
      expect(await auditOf('propay.approved')).toBe(++approvals);

      const unapprove = () => post(`/v1/propays/${id}/unapprove`, { reason: 'look again' }, `unapprove-${round}`);
      await dyingAt(at, late, unapprove);
      expect([nothing, everything], `unapprove killed at ${at}`).toContainEqual(await standing());
      bench.api.pass(61);
      const undone = await unapprove();
      expect(undone.status, `unapprove again after ${at}: ${undone.body.code}`).toBe(200);
      expect(await standing()).toEqual(nothing);
      expect(await auditOf('propay.unapproved')).toBe(++unapprovals);
    }
    expect([...diedThen].sort()).toEqual(['false Approved', 'true Active', 'true Approved']);
    await endAll(1_000);
    expect(await listBatchIds(table, bench.scope)).toEqual([]);
  }, 120_000);

  it('is ended by the stream where its process died after deciding, and by the daily work where it died before', async () => {
    await seedCrew();
    const approve = async (key: string, at: number) => {
      const { inputsVersion } = (await bench.api.call<Body>('GET', `/v1/propays/${id}`)).body;
      await dyingAt(at, false, () => post(`/v1/propays/${id}/approve`, { inputsVersion, accept: ACCEPT }, key));
    };
    const held = async () => {
      const items = await Promise.all(CREW.map((name) => readStored(`T#acme1#P#${workerId(name)}`)));
      return items.flat().filter((item) => item.pend !== undefined).length;
    };
    const plain = openPlainTable({ client, tableName: bench.api.db.tableName, sleep: async () => {}, random: () => 0.5 });
    const readStored = (partition: string) => plain.queryAll(bench.scope, { partition });

    await approve('before', 60);
    expect(await standing()).toMatchObject({ status: 'Active', live: 0 });
    const kept = await held();
    expect(kept).toBeGreaterThan(20);
    await bench.settle();
    expect(await held()).toBe(kept);
    bench.api.pass(61);
    const tick = nightHandler({ ...bench.ports, dueToday: async () => [bench.scope.tenantId] });
    await tick({ time: bench.api.now() }, 'tick');
    expect(await held()).toBe(0);
    expect((await listBatchIds(table, bench.scope)).length).toBe(1);
    bench.api.pass(1_000);
    await tick({ time: bench.api.now() }, 'tick');
    expect(await listBatchIds(table, bench.scope)).toEqual([]);

    // Later and later, until it dies with everything decided and nothing settled.
    for (let at = 112; ; at++) {
      await approve(`after-${at}`, at);
      if ((await standing()).status === 'Approved') break;
      await endAll(61);
    }
    expect(await held()).toBeGreaterThan(97);
    expect(await standing()).toMatchObject({ status: 'Approved' });
    await bench.settle();
    expect(await held()).toBe(0);
    const listed = await bench.api.call<Body>('GET', '/v1/line-items', { query: { propayId: id, limit: '200' } });
    expect(listed.body.items).toHaveLength((await standing()).live);
  }, 60_000);

  it('lets its twin wait, and answers both the same', async () => {
    await seedCrew();
    const { inputsVersion } = (await bench.api.call<Body>('GET', `/v1/propays/${id}`)).body;
    const approve = (key: string) => post(`/v1/propays/${id}/approve`, { inputsVersion }, key);
    const [one, two] = await Promise.all([approve('same'), approve('same')]);
    const statuses = [one!.status, two!.status].sort();
    expect(statuses[0]).toBe(200);
    if (statuses[1] !== 200) expect([one!, two!].find(({ status }) => status !== 200)!.body.code).toBe('idempotency-in-flight');
    const again = await approve('same');
    expect(again.body).toEqual([one!, two!].find(({ status }) => status === 200)!.body);
    expect(await auditOf('propay.approved')).toBe(1);
    // Under another key it is a second approval, and refused.
    expect((await approve('other')).body.code).toBe('approved-unapprove-first');
  });

  it('pays 500 items at once, whole wherever its process dies (fault 47)', async () => {
    await seedFence(bench);
    await bench.settle();
    const { inputsVersion } = (await bench.api.call<Body>('GET', `/v1/propays/${id}`)).body;
    await post(`/v1/propays/${id}/approve`, { inputsVersion }, 'approve');
    bench.api.pass(20 * DAY);
    const ann = workerId('ann');
    const { items } = await readPayPartition(table, bench.scope, ann);
    const [item] = items;
    for (let n = 1; n < 500; n++) {
      const copy = { ...item!, id: [...item!.id.split('.').slice(0, 3), `copy${String(n).padStart(6, '0')}`].join('.') };
      await table.write(bench.scope, [createLineItemAction(bench.scope, copy, copy.assignOn)]);
    }
    const paid = async () => {
      const partition = await readPayPartition(table, bench.scope, ann);
      const count = partition.items.filter((one) => one.events.at(-1)?.type === 'paid').length;
      return { count, statement: partition.headers[0]?.status ?? null, closed: partition.heads[0]?.closedPeriods.length ?? 0 };
    };
    const pay = () => post(`/v1/statements/${ann}.tenant.2026-03-09/pay`, { payDate: '2026-03-27' }, 'pay');
    for (const at of [3, 9, 10, 11, 200, 511, 512]) {
      await dyingAt(at, at % 2 === 1, pay);
      expect(await paid()).toEqual({ count: 0, statement: null, closed: 0 });
      await endAll(61);
    }
    await dyingAt(700, false, pay);
    expect(await paid()).toEqual({ count: 500, statement: 'Paid', closed: 1 });
    const again = await pay();
    expect(again).toMatchObject({ status: 200, body: { status: 'Paid', payable: '43750.00' } });
    expect(again.body.items).toHaveLength(500);
    await bench.settle();
    const list = await bench.api.call<Body>('GET', '/v1/line-items', { query: { status: 'Paid', limit: '200' } });
    expect(list.body.items).toHaveLength(200);
    await endAll(1_000);
    expect(await listBatchIds(table, bench.scope)).toEqual([]);
  }, 60_000);
});
