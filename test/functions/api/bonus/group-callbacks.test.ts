import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackId } from '#model/ids.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putJob, putTime, putWorker } from '#test/support/bonus-world.ts';
import { type GroupView, groupDesk, paid, WEEK } from '#test/support/group-desk.ts';
import { ALL_TO_CREW, ANN, BOB, proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';

/** Rework of jobs whose ProPays are approved as a group (B-151 to B-153): a pooled group is calculated again as a whole. */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await startGroups(bench, ['north']);
  await bench.context((context) => ({ ...context, pools: [{ ...ALL_TO_CREW, warrantyBp: 2_000, warrantyDays: 365 }] }));
  await putWorker(bench, 'cat', 200_000);
});
afterEach(() => bench.stop());

const { key, call, get, approve, unapprove, changes, decide, proPay } = groupDesk(() => bench);

/** Pool of 160.00 by 21 and 19 hours: 84.00 and 76.00, a fifth of it held. */
const approved = async () => {
  await putExample(bench, 'north');
  await bench.settle();
  expect((await approve()).status).toBe(200);
  await bench.settle();
};
/** Rework by cat at 20.00 an hour. */
const redo = async (name: string, of: string, hours: number) => {
  await putTime(bench, { id: `${name}-1`, worker: 'cat', job: name, hours, date: '2026-03-08' });
  await putJob(bench, name, {
    parentJobId: jobId(of),
    startDate: '2026-03-08',
    status: 'completed',
    completedAt: '2026-03-09T20:00:00.000Z',
  });
  await bench.settle();
};
interface Callback {
  readonly state: string;
  readonly inputsVersion: string;
  readonly difference: string;
  readonly recomputedSavings: string;
  readonly byWorker: { workerId: string; difference: string; fromReserve: string; deduction: string }[];
  readonly lineItems: GroupView['lineItems'];
  readonly code: string;
}
const idOfRework = (name: string, of: string) => callbackId({ originalJobId: jobId(of), jobId: jobId(name) });
const callback = async (name: string, of: string) => (await call<Callback>('GET', `/v1/callbacks/${idOfRework(name, of)}`)).body;
const taken = ({ byWorker }: Callback) =>
  Object.fromEntries(
    byWorker.map(({ workerId, difference, fromReserve, deduction }) => [
      workerId === ANN ? 'ann' : 'bob',
      [difference, fromReserve, deduction],
    ]),
  );
const items = async () =>
  (
    await call<{ items: (GroupView['lineItems'][number] & { part: string })[] }>('GET', '/v1/line-items', {
      query: { groupId: WEEK, limit: '100' } as never,
    })
  ).body.items;
const cents = (amount: string) => Number(amount.replace('.', ''));
const owed = async (workerId: string) =>
  (await items())
    .filter((item) => item.workerId === workerId && item.status !== 'Voided')
    .reduce((sum, { amount }) => sum + cents(amount), 0);

describe('on a pooled group', () => {
  it('takes from everybody who earned the bonus, the reserve first, and counts all rework of all members', async () => {
    await approved();
    await redo('redo', 'under', 2);
    // 40.00 of rework: a pool of 120.00 instead of 160.00.
    const first = await callback('redo', 'under');
    expect(first).toMatchObject({ state: 'Applied', difference: '40.00', recomputedSavings: '120.00' });
    expect(taken(first)).toEqual({ ann: ['21.00', '16.80', '4.20'], bob: ['19.00', '15.20', '3.80'] });
    expect([await owed(ANN), await owed(BOB)]).toEqual([6_300, 5_700]);
    const made = (await items()).filter(({ category }) => category === 'callback');
    expect(made.map(({ amount, source }) => [amount, source]).sort()).toEqual([
      ['-3.80', { groupId: WEEK, propayId: proPayOf('under'), callbackId: idOfRework('redo', 'under') }],
      ['-4.20', { groupId: WEEK, propayId: proPayOf('under'), callbackId: idOfRework('redo', 'under') }],
    ]);
    // 20.00 on the other job: 100.00 in all, less what the first one took.
    await redo('again', 'over', 1);
    const second = await callback('again', 'over');
    expect(second).toMatchObject({ state: 'Applied', recomputedSavings: '100.00' });
    expect(taken(second)).toEqual({ ann: ['10.50', '0.00', '10.50'], bob: ['9.50', '0.00', '9.50'] });
    expect([await owed(ANN), await owed(BOB)]).toEqual([5_250, 4_750]);
    expect((await get()).body).toMatchObject({ status: 'Approved', sourceChange: null });
    expect(await unapprove()).toMatchObject({ status: 409, body: { code: 'callback-applied' } });
    await redo('redo', 'under', 2);
    expect(await items()).toHaveLength(8);
  });

  it('is explained from the approval of the group and the rework', async () => {
    await approved();
    await redo('redo', 'under', 2);
    const { body } = await call<{
      nodes: { id: string; rule: string; value: unknown; inputs: { node?: string }[] }[];
      adjustments: { amount: string; node: string }[];
    }>('GET', `/v1/groups/${WEEK}/explain`);
    const nodes = new Map(body.nodes.map((node) => [node.id, node]));
    for (const node of body.nodes)
      for (const input of node.inputs) if (input.node !== undefined) expect(nodes.has(input.node), input.node).toBe(true);
    expect(body.adjustments.map(({ amount }) => amount).sort()).toEqual(['-3.80', '-4.20']);
    for (const one of body.adjustments) expect(nodes.get(one.node)!.value).toBe(0 - cents(one.amount));
    const rests = body.nodes.filter(({ rule }) => rule === 'B-152').map(({ inputs }) => inputs.flatMap(({ node }) => node ?? []));
    expect(rests).toHaveLength(2);
    for (const inputs of rests) expect(inputs.some((node) => node.includes(`/${WEEK}/`))).toBe(true);
  });

  it('later changes of applied rework are changes of the group’s sources (B-154)', async () => {
    await approved();
    await redo('redo', 'under', 2);
    await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 3, date: '2026-03-08' });
    await bench.settle();
    const seen = await changes();
    expect(seen).toMatchObject({ state: 'Open', deltaSeconds: 3_600, delta: '-20.00' });
    const { body } = await decide('accept', { inputsVersion: seen.inputsVersion });
    expect(body.lineItems.map(({ amount }) => amount).sort()).toEqual(['-10.50', '-9.50']);
    await bench.settle();
    expect((await get()).body.sourceChange).toBeNull();
    // Rework that is none any more gives back what was taken for it.
    await putJob(bench, 'redo', { parentJobId: null, startDate: '2026-03-08', status: 'canceled' });
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', delta: '60.00' });
  });

  it('waits for somebody where the tenant reviews, who is in charge of all members', async () => {
    await bench.context((context) => ({ ...context, callbackMode: 'review' }));
    await putStop(bench, 'third', {
      route: 'north',
      budgetCents: 2_000,
      hours: { ann: 1 },
      job: { managerId: idOf('worker', 'meg') },
    });
    await approved();
    await redo('redo', 'third', 2);
    const assessed = await callback('redo', 'third');
    expect(assessed).toMatchObject({ state: 'Assessed', difference: '40.00' });
    const accept = (inputsVersion: string, options = {}) =>
      call<Callback>('POST', `/v1/callbacks/${idOfRework('redo', 'third')}/accept`, {
        body: { inputsVersion },
        headers: key(),
        ...options,
      });
    const meg = await bench.api.grant('manager', { workerId: idOf('worker', 'meg') });
    expect(await accept(assessed.inputsVersion, { tokenId: meg })).toMatchObject({ status: 403 });
    expect(await accept('stale')).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    const twins = await Promise.all([accept(assessed.inputsVersion), accept(assessed.inputsVersion)]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 409]);
    const left = (await owed(ANN)) + (await owed(BOB));
    expect(left).toBe(12_000);
  });
});

it('on a group netted separately it is the member’s own', async () => {
  await bench.context((context) => ({ ...context, netting: 'separate' }));
  await approved();
  await redo('redo', 'under', 2);
  // The member saved 260.00, divided by 12 and 8 hours.
  expect(taken(await callback('redo', 'under'))).toEqual({ ann: ['24.00', '24.00', '0.00'], bob: ['16.00', '16.00', '0.00'] });
  expect([await owed(ANN), await owed(BOB)]).toEqual([13_200, 8_800]);
  await redo('again', 'over', 2);
  // This one was over its budget and paid nobody anything.
  expect(await callback('again', 'over')).toMatchObject({ state: 'Applied', difference: '0.00', byWorker: [] });
  await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 1, date: '2026-03-08' });
  await bench.settle();
  expect(await changes()).toMatchObject({ state: 'Open', delta: '20.00' });
});

it('rework before the approval costs the group, and is no callback of it afterwards (B-151)', async () => {
  await putExample(bench, 'north');
  await bench.settle();
  await redo('redo', 'under', 2);
  expect(paid((await get()).body.result)).toEqual({ ann: '63.00', bob: '57.00' });
  expect((await approve()).body.approval).toMatchObject({ total: '120.00' });
  await bench.settle();
  expect((await get()).body.sourceChange).toBeNull();
  expect(await callback('redo', 'under')).toMatchObject({ state: 'Open', byWorker: [] });
  await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 3, date: '2026-03-08' });
  await bench.settle();
  expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 3_600, delta: '-20.00' });
  expect(await items()).toHaveLength(4);
  expect((await unapprove()).status).toBe(200);
  expect(await proPay('under')).toMatchObject({ status: 'Active' });
});
