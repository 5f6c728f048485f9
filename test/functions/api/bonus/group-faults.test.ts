import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inParallel } from '#kernel/in-parallel.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime } from '#test/support/bonus-world.ts';
import { groupDesk, paid, WEEK } from '#test/support/group-desk.ts';
import { proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
let table: Table;
beforeEach(async () => {
  bench = await startBonusBench();
  table = bench.api.ports.table;
  await startGroups(bench, ['north']);
});
afterEach(() => bench.stop());

const { key, call, get, approve, unapprove, member, proPay } = groupDesk(() => bench);
const use = (changes: Partial<Table>) => Object.assign(bench.api.ports, { table: { ...table, ...changes } });
const example = async () => {
  await putExample(bench, 'north');
  await bench.settle();
};
const statuses = async () => [
  (await get()).body.status,
  ...(await Promise.all(['under', 'over'].map(async (job) => (await proPay(job)).status))),
];
const items = async () =>
  (await call<{ items: { status: string }[] }>('GET', '/v1/line-items', { query: { groupId: WEEK } as never })).body.items;

/** Lets somebody else act right before the first write that touches what the pattern names. */
function meanwhile(pattern: RegExp, act: () => Promise<unknown>): void {
  let acted = false;
  const touches = (keys: readonly string[]) => !acted && keys.some((one) => pattern.test(one));
  use({
    write: async (scope, actions, token) => {
      if (touches(actions.map((one) => (one.kind === 'put' ? `${one.item.et} ${one.item.sk}` : one.key.sk)))) {
        acted = true;
        await act();
      }
      return table.write(scope, actions, token);
    },
  });
}

describe('everything or nothing', () => {
  it('two approvals at once: one approves, with one set of items', async () => {
    await example();
    const { inputsVersion } = (await get()).body;
    const answers = await Promise.all(
      [1, 2, 3].map(() => call('POST', `/v1/groups/${WEEK}/approve`, { body: { inputsVersion }, headers: key() })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await statuses()).toEqual(['Approved', 'Approved', 'Approved']);
    expect(await items()).toHaveLength(2);
  });

  it('time of one member that is stored and calculated after the reading: the approval answers with the new figures', async () => {
    await example();
    meanwhile(/^ap /, async () => {
      await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2 });
      await bench.settle();
    });
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'inputs-changed', result: { savings: '120.00' } } });
    use({});
    expect(await statuses()).toEqual(['Active', 'Active', 'Active']);
    expect(await items()).toEqual([]);
    expect((await approve()).body.approval).toMatchObject({ total: '120.00' });
  });

  it('time that is only stored meanwhile comes after the approval, and shows on the group', async () => {
    await example();
    meanwhile(/^ap /, () => putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2 }));
    expect((await approve()).body.approval).toMatchObject({ total: '160.00' });
    use({});
    await bench.settle();
    expect((await get()).body).toMatchObject({ sourceChange: { deltaSeconds: 7_200, delta: '-40.00' } });
  });

  it('an edit of a member in between is either seen or refused, never lost', async () => {
    await example();
    const edit = async () => {
      const { headers } = await call('GET', `/v1/propays/${proPayOf('over')}`);
      const body = { adjustment: { type: 'manual_amount', value: '500.00' } };
      return call('PATCH', `/v1/propays/${proPayOf('over')}`, { body, headers: { 'if-match': headers.etag! } });
    };
    meanwhile(/^ap /, edit);
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    use({});
    expect((await get()).body.result).toMatchObject({ savings: '360.00' });
    const [approved, late] = await Promise.all([approve(), edit()]);
    const { body } = await get();
    expect([approved.status, late.status]).toContainEqual(200);
    if (approved.status === 200) expect(body.approval).toMatchObject({ total: '360.00' });
    else expect(body.status).toBe('Active');
  });

  it('a member that comes or goes in between is seen', async () => {
    await example();
    meanwhile(/^ap /, async () => {
      await putStop(bench, 'third', { route: 'north', budgetCents: 5_000, hours: { ann: 1 } });
      await bench.settle();
    });
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    use({});
    expect((await get()).body.propayIds).toHaveLength(3);
    const { inputsVersion } = (await get()).body;
    meanwhile(/^ap /, () => member('DELETE', 'third'));
    const refused = await call('POST', `/v1/groups/${WEEK}/approve`, { body: { inputsVersion }, headers: key() });
    expect(refused).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    use({});
    expect(await proPay('third')).toMatchObject({ status: 'Active', groupId: null });
    expect((await approve()).status).toBe(200);
  });

  it('unapproving races paying: exactly one of both happens', async () => {
    await example();
    await approve();
    await bench.settle();
    const { items: statements } = (await call<{ items: { id: string }[] }>('GET', '/v1/statements')).body;
    const pay = (id: string) =>
      call('POST', `/v1/statements/${id}/pay`, {
        body: { payDate: '2026-03-20', accept: [{ code: 'period-open', reason: 'early' }] },
        headers: key(),
      });
    const [taken, ...paidOnes] = await Promise.all([unapprove(), ...statements.map(({ id }) => pay(id))]);
    await bench.settle();
    const stands = (await items()).map(({ status }) => status);
    if (taken!.status === 200) {
      expect(paidOnes.map(({ status }) => status)).toEqual([409, 409]);
      expect(stands).toEqual(['Voided', 'Voided']);
      expect(await statuses()).toEqual(['Active', 'Active', 'Active']);
    } else {
      expect(paidOnes.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
      expect(stands).not.toContain('Voided');
    }
  });

  it('an approval that dies before or after its writes is the same approval when it is tried again', async () => {
    await example();
    const { inputsVersion } = (await get()).body;
    const send = () =>
      call('POST', `/v1/groups/${WEEK}/approve`, { body: { inputsVersion }, headers: { 'idempotency-key': 'one' } });
    for (const late of [false, true]) {
      use({
        write: async (scope, actions, token) => {
          const commits = actions.some((one) => one.kind === 'put' && one.item.et === 'ap');
          if (commits && !late) throw new Error('died before');
          const outcome = await table.write(scope, actions, token);
          if (commits) throw new Error('died after');
          return outcome;
        },
      });
      expect((await send()).status).toBe(500);
    }
    use({});
    const done = await send();
    expect(done).toMatchObject({ status: 200, body: { status: 'Approved' } });
    expect(done.body.lineItems).toHaveLength(2);
    expect(await items()).toHaveLength(2);
  });
});

/** Puts so many completed stops of an hour each, 10.00 under their budgets, on the route. */
async function putStops(count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `s${at}`);
  await inParallel([...names.entries()], ([at, name]) =>
    putStop(bench, name, { route: 'north', budgetCents: 3_000, hours: { [at % 2 === 0 ? 'ann' : 'bob']: 1 } }),
  );
  await bench.settle();
}

describe('a stream that loses everything', () => {
  /** A week of nights: every job and every approved group is looked at once. */
  const week = async (from: number) => {
    const handle = nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] });
    for (let day = from; day < from + 7; day++) await handle({ time: `2026-03-${day}T12:00:00.000Z` }, 'tick');
  };

  it('leaves statements, difference and Paid to the nights, which make them good', async () => {
    await example();
    expect((await approve()).status).toBe(200);
    await putTime(bench, { id: 'over-bob', worker: 'bob', job: 'over', hours: 15, date: '2026-03-03' });
    // Even what one night writes reaches no stream here: the group finds it when its turn comes again.
    await week(11);
    await week(18);
    expect((await get()).body).toMatchObject({ status: 'Approved', sourceChange: { state: 'Open', delta: '-80.00' } });
    const { body } = await call<{ items: { id: string }[] }>('GET', '/v1/statements');
    expect(body.items).toHaveLength(2);
    for (const { id } of body.items)
      await call('POST', `/v1/statements/${id}/pay`, {
        body: { payDate: '2026-03-20', accept: [{ code: 'period-open', reason: 'early' }] },
        headers: key(),
      });
    expect(await statuses()).toEqual(['Approved', 'Approved', 'Approved']);
    await week(24);
    expect(await statuses()).toEqual(['Paid', 'Paid', 'Paid']);
  });
});

describe('more members than a transaction holds', () => {
  it('are approved and taken back as a whole, and a death in between leaves nothing behind', async () => {
    await putStops(60);
    const { inputsVersion } = (await get()).body;
    const send = () =>
      call('POST', `/v1/groups/${WEEK}/approve`, { body: { inputsVersion }, headers: { 'idempotency-key': 'one' } });
    use({
      writeBatch: async (scope, batch) => {
        await table.writeBatch(scope, {
          ...batch,
          actions: [...batch.actions, { kind: 'check', key: NOWHERE, condition: NEVER }],
        });
        throw new Error('died after its batch was refused');
      },
    });
    expect((await send()).status).toBe(500);
    use({});
    expect((await get()).body.status).toBe('Active');
    expect(await items()).toEqual([]);
    bench.api.pass(120);
    const done = await send();
    expect(done.body).toMatchObject({ status: 'Approved', approval: { total: '600.00' } });
    expect(paid({ payouts: done.body.lineItems })).toEqual({ ann: '300.00', bob: '300.00' });
    await bench.settle();
    expect(await proPay('s59')).toMatchObject({ status: 'Approved' });
    expect((await unapprove()).body).toMatchObject({ status: 'Active', result: { savings: '600.00' } });
    await bench.settle();
    expect(await proPay('s59')).toMatchObject({ status: 'Active' });
    expect((await items()).map(({ status }) => status)).toEqual(['Voided', 'Voided']);
    const dissolved = await call('POST', `/v1/groups/${WEEK}/dissolve`, { body: {} });
    expect(dissolved.body).toMatchObject({ status: 'Canceled' });
    expect(await proPay('s0')).toMatchObject({ status: 'Active', groupId: null });
  });

  it('five hundred are read by one Query, and approved with a few writes each', async () => {
    await putStops(500);
    const { counters } = bench.api.db;
    counters.reset();
    const { body } = await get();
    expect(counters.total({ operation: 'Query' })).toMatchObject({ requests: 1, itemReads: 502 });
    expect(counters.total({ operation: 'Query' }).readUnits).toBeLessThanOrEqual(125);
    expect(body.result).toMatchObject({ savings: '5000.00' });
    counters.reset();
    const done = await approve({ inputsVersion: body.inputsVersion });
    expect(done.body).toMatchObject({ status: 'Approved', approval: { total: '5000.00' } });
    // One Query for the group and one for each member's job, the wages being fixed; each ProPay and each result is held and then changed.
    expect(counters.total({ operation: 'Query' }).requests).toBeLessThanOrEqual(502);
    expect(counters.total({ operation: 'TransactWriteItems' }).requests).toBe(1);
    const writes = counters.total({ operation: 'PutItem' }).requests + counters.total({ operation: 'UpdateItem' }).requests;
    expect(writes).toBeLessThanOrEqual(4 * 500 + 20);
  }, 60_000);
});

const NOWHERE = { pk: 'T#acme1#NOWHERE', sk: '-' };
const NEVER = { expression: 'attribute_exists(pk)' };
