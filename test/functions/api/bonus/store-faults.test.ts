import { afterEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';

const benches: BonusBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});
async function start(): Promise<BonusBench> {
  const bench = await startBonusBench();
  benches.push(bench);
  return bench;
}

const DAY = 86_400;
const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const second = firstProPayId({ jobId: jobId('gate'), milestoneId: null });

interface Body {
  readonly inputsVersion: string;
  readonly status: string;
  readonly code?: string;
  readonly lineItems: readonly { readonly id: string; readonly workerId: string; readonly amount: string }[];
  readonly items: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}
const get = (bench: BonusBench, path: string, query: Record<string, string> = {}) => bench.api.call<Body>('GET', path, { query });
let keys = 0;
const post = (bench: BonusBench, path: string, body: object, key = `key-${++keys}`) =>
  bench.api.call<Body>('POST', path, { body, headers: { 'idempotency-key': key } });
const seenOf = async (bench: BonusBench, proPayId = id) => (await get(bench, `/v1/propays/${proPayId}`)).body.inputsVersion;
const approve = async (bench: BonusBench, key?: string, inputsVersion?: string) =>
  post(bench, `/v1/propays/${id}/approve`, { inputsVersion: inputsVersion ?? (await seenOf(bench)) }, key);
const statementOf = (worker: string, startDate = '2026-03-09') => `${workerId(worker)}.tenant.${startDate}`;

/** Every stored item that counts for money, with the audit entries of commands; what numbers were taken stands aside. */
async function money(bench: BonusBench): Promise<unknown> {
  const partitions = [
    ...['ann', 'bob', 'lea', 'max'].map((name) => `T#acme1#P#${workerId(name)}`),
    `T#acme1#J#${jobId('fence')}`,
    `T#acme1#A#${id}`,
    'T#acme1#AU#2026-03',
  ];
  return Promise.all(partitions.map((partition) => bench.table.queryAll(bench.scope, { partition })));
}

/** A second job beside the fence, ready to be approved. */
async function seedGate(bench: BonusBench): Promise<void> {
  const done = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
  await putJob(bench, 'gate', { ...done, crewLeadId: workerId('lea'), managerId: workerId('max') });
  await putBudget(bench, 'gate', null, 20);
  await putTime(bench, { id: 'g1', worker: 'ann', job: 'gate', hours: 8 });
}

describe('indexes that lag behind', () => {
  it('change no figure, approval, statement or payment: only lists come late (fault 46)', async () => {
    const play = async (lagMs: number) => {
      const bench = await start();
      const { faults } = bench.api.db;
      faults.indexLagMs = lagMs;
      await seedFence(bench);
      await bench.settle();
      await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
      await bench.settle();
      const { result } = (await get(bench, `/v1/propays/${id}`)).body;
      const approved = await approve(bench);
      expect(approved.status).toBe(200);
      await bench.settle();
      bench.api.pass(20 * DAY);
      const listed = async () => ({
        proPays: (await get(bench, '/v1/propays')).body.items.length,
        items: (await get(bench, '/v1/line-items', { propayId: id })).body.items.length,
        statements: (await get(bench, '/v1/statements')).body.items.length,
      });
      const paid: unknown[] = [];
      for (const worker of ['ann', 'bob', 'lea', 'max']) {
        const statement = (await get(bench, `/v1/statements/${statementOf(worker)}`)).body;
        const answer = await post(bench, `/v1/statements/${statementOf(worker)}/pay`, { payDate: '2026-03-27' });
        const { reference: _r, ...rest } = answer.body;
        paid.push([statement.payable, statement.items, answer.status, rest]);
      }
      await bench.settle();
      const again = await post(bench, `/v1/statements/${statementOf('ann')}/pay`, { payDate: '2026-03-27' });
      const late = await listed();
      faults.indexLagMs = 0;
      const { status } = (await get(bench, `/v1/propays/${id}`)).body;
      return {
        result,
        lineItems: approved.body.lineItems,
        paid,
        again: again.body.code,
        status,
        late,
        afterwards: await listed(),
      };
    };
    const [prompt, lagging] = [await play(0), await play(DAY * 1_000)];
    expect(prompt).toMatchObject({ status: 'Paid', again: 'paid-is-final', late: { proPays: 1, items: 4, statements: 4 } });
    expect(lagging.late).toEqual({ proPays: 0, items: 0, statements: 0 });
    expect({ ...lagging, late: prompt.late }).toEqual(prompt);
  });
});

describe('remembered requests whose end comes early or late', () => {
  it('gone early, a repetition meets the state itself: nothing happens twice (fault 50)', async () => {
    const bench = await start();
    await seedFence(bench);
    await bench.settle();
    const seen = await seenOf(bench);
    const statement = statementOf('ann');
    const forget = () => bench.api.db.engine.expireItems(Date.parse('2027-01-01T00:00:00Z'));
    expect((await approve(bench, 'one', seen)).status).toBe(200);
    expect(await forget()).toBeGreaterThan(0);
    await bench.settle();
    const approved = await money(bench);
    expect(await approve(bench, 'one', seen)).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    expect(await money(bench)).toEqual(approved);

    bench.api.pass(20 * DAY);
    const body = { payDate: '2026-03-27' };
    expect((await post(bench, `/v1/statements/${statement}/pay`, body, 'pay')).status).toBe(200);
    await forget();
    await bench.settle();
    const paid = await money(bench);
    expect(await post(bench, `/v1/statements/${statement}/pay`, body, 'pay')).toMatchObject({ body: { code: 'paid-is-final' } });
    expect(await money(bench)).toEqual(paid);
  });

  it('kept too long, they are as good as gone after their time (fault 50)', async () => {
    const bench = await start();
    await seedFence(bench);
    await bench.settle();
    const first = await approve(bench, 'one', await seenOf(bench));
    expect((await post(bench, `/v1/propays/${id}/unapprove`, { reason: 'look again' }, 'two')).status).toBe(200);
    // Within its time the key answers what it answered, for this request only.
    expect(await post(bench, `/v1/propays/${id}/approve`, { inputsVersion: 'other' }, 'one')).toMatchObject({
      body: { code: 'idempotency-key-reused' },
    });
    bench.api.pass(3 * DAY);
    await bench.settle();
    const accept = [{ code: 'stale-data', reason: 'nothing has changed' }];
    const anew = await post(bench, `/v1/propays/${id}/approve`, { inputsVersion: await seenOf(bench), accept }, 'one');
    expect(anew.status).toBe(200);
    expect(anew.headers['idempotency-replayed']).toBeUndefined();
    expect(anew.body.lineItems.map((one) => one.amount)).toEqual(first.body.lineItems.map((one) => one.amount));
    expect(anew.body.lineItems.map((one) => one.id)).not.toEqual(first.body.lineItems.map((one) => one.id));
  });
});

describe('an approval that is sent twice', () => {
  const approvals = async (bench: BonusBench) =>
    (await bench.table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' })).filter(
      (one) => one.action === 'propay.approved',
    );

  it('at the same time under one key makes one set of items, and both get the same answer (fault 62)', async () => {
    const bench = await start();
    await seedFence(bench);
    await bench.settle();
    const seen = await seenOf(bench);
    const twins = await Promise.all([1, 2, 3].map(() => approve(bench, 'click', seen)));
    const done = twins.filter((one) => one.status === 200);
    expect(done.length).toBeGreaterThan(0);
    // A twin that came while the first was running is told so, and gets the answer when it asks again.
    for (const one of twins) if (one.status !== 200) expect(one.body.code).toBe('idempotency-in-flight');
    const replay = await approve(bench, 'click', seen);
    for (const one of [...done, replay]) expect(one.body).toEqual(done[0]!.body);
    expect((await get(bench, '/v1/line-items', { propayId: id })).body.items).toHaveLength(4);
    expect(await approvals(bench)).toHaveLength(1);
  });

  it('at the same time under two keys is approved once; the other is told that it is no longer Active (fault 62)', async () => {
    const bench = await start();
    await seedFence(bench);
    await bench.settle();
    const seen = await seenOf(bench);
    const answers = await Promise.all(['left', 'right'].map((key) => approve(bench, key, seen)));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409]);
    expect(answers.find((one) => one.status === 409)!.body.code).toBe('approved-unapprove-first');
    expect((await get(bench, '/v1/line-items', { propayId: id })).body.items).toHaveLength(4);
    expect(await approvals(bench)).toHaveLength(1);
  });

  it('in bulk, broken off in the middle and sent again, or twice at once, approves each ProPay once (fault 62)', async () => {
    for (const twice of [false, true]) {
      const bench = await start();
      await seedFence(bench);
      await seedGate(bench);
      await bench.settle();
      const items = [
        { id, inputsVersion: await seenOf(bench) },
        { id: second, inputsVersion: await seenOf(bench, second) },
      ];
      const bulk = () => post(bench, '/v1/propays/bulk-approve', { items }, 'bulk');
      if (twice) expect((await Promise.all([bulk(), bulk()])).some((one) => one.status === 200)).toBe(true);
      else {
        const broken = dyingAfter(bench.table, 3);
        Object.assign(bench.api.ports, { table: broken });
        expect((await bulk()).status).toBe(500);
        Object.assign(bench.api.ports, { table: bench.table });
        expect(await approvals(bench)).toHaveLength(1);
      }
      const done = await bulk();
      expect(done.body).toEqual({ accepted: [id, second], refused: [] });
      expect((await bulk()).body).toEqual(done.body);
      expect(await approvals(bench)).toHaveLength(2);
      const itemsOf = async (propayId: string) => (await get(bench, '/v1/line-items', { propayId })).body.items;
      expect([(await itemsOf(id)).length, (await itemsOf(second)).length]).toEqual([4, 3]);
    }
  });
});

describe('a bulk approval that a twin overtakes', () => {
  it('counts what the twin has approved as accepted, not as refused (fault 62)', async () => {
    const bench = await start();
    await seedFence(bench);
    await bench.settle();
    const seen = await seenOf(bench);
    let met = false;
    const table: Table = {
      ...bench.table,
      write: async (scope, actions, token) => {
        if (!met && actions.length > 3) {
          met = true;
          expect((await approve(bench, 'twin', seen)).status).toBe(200);
        }
        return bench.table.write(scope, actions, token);
      },
    };
    Object.assign(bench.api.ports, { table });
    const done = await post(bench, '/v1/propays/bulk-approve', { items: [{ id, inputsVersion: seen }] });
    expect(met).toBe(true);
    expect(done.body).toEqual({ accepted: [id], refused: [] });
    expect((await get(bench, '/v1/line-items', { propayId: id })).body.items).toHaveLength(4);
  });
});

/** A table that is out of reach for writes after the first so many. */
function dyingAfter(table: Table, writes: number): Table {
  let left = writes;
  return {
    ...table,
    write: async (scope, actions, token) => {
      if (left-- <= 0) throw new Error('died');
      return table.write(scope, actions, token);
    },
  };
}
