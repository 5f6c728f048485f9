import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putTime } from '#test/support/bonus-world.ts';
import { type GroupChanges, groupDesk, WEEK } from '#test/support/group-desk.ts';
import { ANN, BOB, proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';

/** Approved groups and the sources of their members (B-96, B-97): compared, and decided, as a group. */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await startGroups(bench, ['north']);
});
afterEach(() => bench.stop());

const { key, call, get, approve, unapprove, changes, decide, proPay } = groupDesk(() => bench);

/** Pool of 160.00 by 21 and 19 hours: 84.00 and 76.00. */
const approved = async () => {
  await putExample(bench, 'north');
  await bench.settle();
  expect((await approve()).status).toBe(200);
  await bench.settle();
};
const bobWorks = (hours: number) => putTime(bench, { id: 'over-bob', worker: 'bob', job: 'over', hours, date: '2026-03-03' });
const named = (items: readonly { workerId: string; amount: string }[]) =>
  Object.fromEntries(items.map(({ workerId, amount }) => [workerId === ANN ? 'ann' : 'bob', amount]));
const decideNow = async (verdict: 'accept' | 'dismiss', body: object = {}) =>
  decide(verdict, { inputsVersion: (await changes()).inputsVersion, ...body });
const items = async () =>
  (await call<{ items: GroupChanges['lineItems'] }>('GET', '/v1/line-items', { query: { groupId: WEEK, limit: '100' } as never }))
    .body.items;
const cents = (amount: string) => Number(amount.replace('.', ''));

interface Explained {
  nodes: { id: string; inputs: { node?: string; record?: string }[]; value: unknown }[];
  workers: { workerId: string; amount: string }[];
  adjustments: { lineItemId: string; amount: string; node: string; records: { sourceId: string }[] }[];
}
/** Every step rests on steps that are told, and each adjusting item on records. */
async function expectExplained(lineItems: GroupChanges['lineItems'], entity: string): Promise<Explained> {
  const { body } = await call<Explained>('GET', `/v1/groups/${WEEK}/explain`);
  const nodes = new Map(body.nodes.map((node) => [node.id, node]));
  expect(nodes.size).toBe(body.nodes.length);
  for (const node of body.nodes)
    for (const input of node.inputs) if (input.node !== undefined) expect(nodes.has(input.node), input.node).toBe(true);
  expect(body.adjustments.map(({ lineItemId }) => lineItemId)).toEqual(lineItems.map(({ id }) => id));
  for (const one of body.adjustments) {
    expect(nodes.get(one.node)!.value).toBe(cents(one.amount));
    const waiting = [one.node];
    const found = new Set<string>();
    for (const id of waiting)
      for (const { node, record } of nodes.get(id)!.inputs) {
        if (record !== undefined) found.add(record);
        if (node !== undefined && !waiting.includes(node)) waiting.push(node);
      }
    expect([...found]).toContain(entity);
  }
  return body;
}

describe('accepting', () => {
  it('makes one item per person on the group, explained to the records, and the baseline moves', async () => {
    await approved();
    expect(await changes()).toMatchObject({ groupId: WEEK, state: null, deltaSeconds: 0, delta: '0.00' });
    await bobWorks(15);
    await bench.settle();
    // Four hours at 20.00: a pool of 80.00 by 21 and 23 hours is 38.18 and 41.82.
    expect(await changes()).toMatchObject({
      state: 'Open',
      deltaSeconds: 14_400,
      delta: '-80.00',
      records: [{ entity: 'time_entry', sourceId: 'over-bob' }],
    });
    const seen = (await call<{ items: { kind: string; items: object[] }[] }>('GET', '/v1/alerts')).body.items;
    expect(seen.find(({ kind }) => kind === 'source_changed')!.items).toEqual([
      { groupId: WEEK, href: `/v1/groups/${WEEK}/source-changes` },
    ]);
    const { status, body } = await decideNow('accept');
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'Accepted', deltaSeconds: 0, delta: '0.00', byWorker: [] });
    expect(named(body.lineItems)).toEqual({ ann: '-45.82', bob: '-34.18' });
    for (const item of body.lineItems)
      expect(item).toMatchObject({ category: 'adjustment', source: { groupId: WEEK }, status: 'In Process' });
    expect(await items()).toHaveLength(4);
    const explained = await expectExplained(body.lineItems, 'time_entry');
    expect(named(explained.workers)).toEqual({ ann: '84.00', bob: '76.00' });
    await bench.settle();
    expect((await get()).body).toMatchObject({ status: 'Approved', sourceChange: null });
    expect(await proPay('over')).toMatchObject({ status: 'Approved' });
    // All the way back raises what was lowered.
    await bobWorks(11);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -14_400, delta: '80.00' });
    expect(named((await decideNow('accept')).body.lineItems)).toEqual({ ann: '45.82', bob: '34.18' });
    // Taking the approval back voids all of it.
    expect((await unapprove()).status).toBe(200);
    expect(new Set((await items()).map(({ status: is }) => is))).toEqual(new Set(['Voided']));
  });

  it('gives nothing back of what it could not take: the item was voided', async () => {
    await approved();
    const own = (await items()).find((item) => item.workerId === ANN)!;
    await call('POST', `/v1/line-items/${own.id}/void`, { body: { reason: 'agreed' }, headers: key() });
    await bobWorks(15);
    await bench.settle();
    expect(named((await decideNow('accept')).body.lineItems)).toEqual({ bob: '-34.18' });
    await bobWorks(11);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -14_400, delta: '34.18' });
    expect(named((await decideNow('accept')).body.lineItems)).toEqual({ bob: '34.18' });
  });

  it('of members netted separately, one canceled', async () => {
    await bench.context((context) => ({ ...context, netting: 'separate' }));
    await approved();
    await putStop(bench, 'under', { route: 'north', budgetCents: 66_000, hours: {}, job: { status: 'canceled' } });
    await putStop(bench, 'over', { route: 'north', budgetCents: 50_000, hours: {} });
    await bench.settle();
    // What was under its budget saves nothing any more; the other one is now 100.00 under, by 9 and 11 hours.
    expect(await changes()).toMatchObject({ state: 'Open', causes: ['canceled'], deltaSeconds: 0, delta: '-160.00' });
    const { body } = await decideNow('accept');
    expect(named(body.lineItems)).toEqual({ ann: '-111.00', bob: '-49.00' });
    await expectExplained(body.lineItems, 'budget_info');
  });

  it('decides only what was seen, even where the stream has not brought it yet', async () => {
    await approved();
    await bobWorks(15);
    await bench.settle();
    const { inputsVersion } = await changes();
    await bobWorks(13);
    const refused = await decide('accept', { inputsVersion });
    expect(refused).toMatchObject({ status: 409, body: { code: 'inputs-changed', groupId: WEEK, delta: '-40.00' } });
    const fresh = refused.body.inputsVersion;
    expect((await changes()).inputsVersion).toBe(fresh);
    expect(await items()).toHaveLength(2);
    expect((await decide('accept', { inputsVersion: fresh })).status).toBe(200);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Accepted', delta: '0.00' });
  });

  it('two at once make the items once', async () => {
    await approved();
    await bobWorks(15);
    await bench.settle();
    const { inputsVersion } = await changes();
    const both = await Promise.all([decide('accept', { inputsVersion }), decide('dismiss', { inputsVersion })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const accepted = both[0]!.status === 200;
    expect(await items()).toHaveLength(accepted ? 4 : 2);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: accepted ? 'Accepted' : 'Dismissed', delta: '0.00' });
  });

  it('adjusts a paid group, which is Paid again with its last item', async () => {
    await approved();
    const payAll = async () => {
      const { body } = await call<{ items: { id: string; status: string }[] }>('GET', '/v1/statements');
      for (const { id, status } of body.items)
        if (status === 'Open')
          await call('POST', `/v1/statements/${id}/pay`, {
            body: { payDate: bench.api.now().slice(0, 10), accept: [{ code: 'period-open', reason: 'early' }] },
            headers: key(),
          });
      await bench.settle();
    };
    await payAll();
    expect((await get()).body.status).toBe('Paid');
    await bobWorks(7);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', delta: '80.00' });
    expect((await decideNow('accept')).status).toBe(200);
    await bench.settle();
    expect((await get()).body.status).toBe('Approved');
    bench.api.pass(14 * 86_400);
    await payAll();
    expect((await get()).body.status).toBe('Paid');
    expect(await proPay('over')).toMatchObject({ status: 'Paid' });
  });
});

describe('dismissing and seeing', () => {
  it('moves no money; some people first, the rest later', async () => {
    await approved();
    await bobWorks(15);
    await bench.settle();
    const first = await decideNow('accept', { workerIds: [BOB] });
    expect(named(first.body.lineItems)).toEqual({ bob: '-34.18' });
    expect(first.body).toMatchObject({ state: 'Open', delta: '-45.82' });
    expect((await decideNow('dismiss')).body).toMatchObject({ state: 'Dismissed', delta: '0.00', lineItems: [] });
    await bobWorks(16);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 3_600, delta: '-20.00' });
  });

  it('is refused where there is nothing to decide, and to who is not in charge of all members', async () => {
    await putStop(bench, 'third', {
      route: 'north',
      budgetCents: 10_000,
      hours: { ann: 1 },
      job: { managerId: idOf('worker', 'meg') },
    });
    await putExample(bench, 'north');
    await bench.settle();
    expect(await decideNow('accept')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect((await approve()).status).toBe(200);
    await bench.settle();
    expect(await decideNow('accept')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await bobWorks(15);
    await bench.settle();
    const { inputsVersion } = await changes();
    const meg = await bench.api.grant('manager', { workerId: idOf('worker', 'meg') });
    expect(await decide('accept', { inputsVersion }, { tokenId: meg })).toMatchObject({ status: 403 });
    expect(await changes({ tokenId: meg })).toMatchObject({ state: 'Open' });
    const bob = await bench.api.grant('worker', { workerId: BOB });
    const own = await changes({ tokenId: bob });
    expect(own.byWorker.map(({ workerId }) => workerId)).toEqual([BOB]);
    expect(own).not.toHaveProperty('delta');
    expect(await decide('accept', { inputsVersion }, { tenant: 'rival1' })).toMatchObject({ status: 404 });
    const single = await call('POST', `/v1/propays/${proPayOf('over')}/source-changes/accept`, {
      body: { inputsVersion, reason: 'as measured' },
      headers: key(),
    });
    expect(single).toMatchObject({ status: 409, body: { code: 'member-of-group' } });
  });
});
