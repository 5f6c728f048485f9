import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import {
  dig,
  frame,
  HOUSE_PATH,
  phaseDesk,
  phaseKey,
  phasesOn,
  type ShownItem,
  seedHouse,
  trim,
} from '#test/support/phase-world.ts';

/** What the sources of approved phases say later, and what people decide of it (B-96, B-97, with the reserve first). */

let bench: BonusBench;
let desk: ReturnType<typeof phaseDesk>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = phaseDesk(bench);
});
afterEach(() => bench.stop());

interface Changes {
  state: string | null;
  inputsVersion: string;
  deltaSeconds: number;
  delta: string;
  byWorker: { workerId: string; role: string; difference: string }[];
  records: { sourceId: string }[];
  lineItems: ShownItem[];
  [field: string]: unknown;
}

const [ann, bob] = [workerId('ann'), workerId('bob')];
const changes = async (options = {}) => (await bench.api.call<Changes>('GET', `${HOUSE_PATH}/source-changes`, options)).body;
const decide = (verdict: 'accept' | 'dismiss', body: object, options = {}) =>
  bench.api.call<Changes>('POST', `${HOUSE_PATH}/source-changes/${verdict}`, {
    body: { reason: 'hours confirmed', ...body },
    headers: phaseKey(),
    ...options,
  });
const decideNow = async (verdict: 'accept' | 'dismiss' = 'accept', body: object = {}) => {
  const answer = await decide(verdict, { inputsVersion: (await changes()).inputsVersion, ...body });
  await bench.settle();
  return answer;
};
/** The hours of one phase as they are corrected at the source; 8, 23 and 12 at first, of 10, 20 and 16. */
const annWorks = async (name: 'dig' | 'frame' | 'trim', hours: number) => {
  const date = { dig: '2026-03-02', frame: '2026-03-03', trim: '2026-03-04' }[name];
  await putTime(bench, { id: name, worker: 'ann', job: 'house', visit: name, hours, date });
  await bench.settle();
};
const held = async () => (await desk.read()).reserve!.total;
const amounts = async () => (await desk.items()).map(({ category, amount }) => [category, amount]);

describe('of phases that are paid on their own', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
    await desk.approveAll(dig, frame, trim);
  });

  it('is told as the sum, and becomes items of each phase', async () => {
    await annWorks('trim', 13);
    await annWorks('frame', 19);
    expect(await changes()).toMatchObject({
      state: 'Open',
      deltaSeconds: -10_800,
      delta: '0.00',
      byWorker: [],
    });
    expect((await desk.phase(trim)).sourceChange).toMatchObject({ state: 'Open', delta: '-30.00' });
    expect(await desk.proPay()).toMatchObject({ sourceChange: { state: 'Open', deltaSeconds: -10_800 } });
    const { status, body } = await decideNow();
    expect([status, body.state, body.lineItems.map(({ type, amount, source }) => [type, amount, source.phaseId]).sort()]).toEqual(
      [
        200,
        'Accepted',
        [
          ['bonus', '30.00', frame],
          ['deduction', '-30.00', trim],
        ],
      ],
    );
    expect(await changes()).toMatchObject({ state: 'Accepted', delta: '0.00', deltaSeconds: 0 });
    expect((await desk.phase(trim)).stages).toMatchObject({ approved: '90.00' });
    expect((await desk.phase(frame)).stages).toMatchObject({ approved: '30.00' });
    expect(await decideNow()).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    // What comes later is measured from there.
    await annWorks('trim', 14);
    expect(await changes()).toMatchObject({ state: 'Open', delta: '-30.00' });
  });

  it('is dismissed without money, and only a further change opens it again', async () => {
    await annWorks('dig', 9);
    expect(await decideNow('dismiss')).toMatchObject({ status: 200, body: { state: 'Dismissed', lineItems: [] } });
    expect(await amounts()).toHaveLength(2);
    await annWorks('dig', 9);
    expect((await changes()).state).toBe('Dismissed');
    await annWorks('dig', 10);
    expect(await changes()).toMatchObject({ state: 'Open', delta: '-30.00' });
  });

  it('takes no more than the phase itself has given', async () => {
    const [item] = (await desk.items()).filter(({ source }) => source.phaseId === dig);
    await bench.api.call('POST', `/v1/line-items/${item!.id}/void`, { body: { reason: 'agreed' }, headers: phaseKey() });
    await annWorks('dig', 10);
    expect(await changes()).toMatchObject({ delta: '-60.00' });
    expect(await decideNow()).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
    // Nothing was taken, so nothing comes back.
    await annWorks('dig', 8);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -7_200, delta: '0.00', byWorker: [] });
    expect(await decideNow()).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
    await annWorks('dig', 7);
    expect((await decideNow()).body.lineItems.map(({ amount }) => amount)).toEqual(['30.00']);
  });

  it('is decided on as it was seen, once, by who may', async () => {
    await annWorks('dig', 9);
    const seen = (await changes()).inputsVersion;
    await annWorks('dig', 10);
    expect(await decide('accept', { inputsVersion: seen })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', delta: '-60.00' },
    });
    const { inputsVersion } = await changes();
    const stranger = { inputsVersion, workerIds: [bob] };
    expect(await decide('accept', stranger)).toMatchObject({ status: 422, body: { code: 'unknown-reference' } });
    for (const role of ['crew_lead', 'worker', 'auditor'] as const) {
      const tokenId = await bench.api.grant(role, { workerId: ann });
      expect((await decide('accept', { inputsVersion }, { tokenId })).status).toBe(403);
    }
    expect((await decide('accept', { inputsVersion }, { tenant: 'rival1' })).status).toBe(404);
    expect((await changes({ tokenId: await bench.api.grant('worker', { workerId: bob }) })).state).toBeUndefined();
    const answers = await Promise.all([1, 2, 3].map(() => decide('accept', { inputsVersion })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await amounts()).filter(([category]) => category === 'adjustment')).toEqual([['adjustment', '-60.00']]);
  });

  it('goes with the approval that it is about', async () => {
    await annWorks('dig', 9);
    expect((await desk.unapprove(dig)).status).toBe(200);
    await bench.settle();
    expect((await changes()).state).not.toBe('Open');
    expect((await desk.approve(dig)).body.lineItems.map(({ amount }) => amount)).toEqual(['30.00']);
    await bench.settle();
    expect((await changes()).state).not.toBe('Open');
  });

  it('brings a Paid phase back to Approved until its adjustment is paid', async () => {
    for (const statementId of new Set((await desk.items()).map((one) => one.statementId!)))
      expect((await desk.pay(statementId)).status).toBe(200);
    expect(await desk.statuses()).toEqual(['Paid', 'Approved', 'Paid']);
    await annWorks('dig', 9);
    expect((await decideNow()).body.lineItems.map(({ amount }) => amount)).toEqual(['-30.00']);
    expect(await desk.statuses()).toEqual(['Approved', 'Approved', 'Paid']);
    expect((await desk.proPay()).status).toBe('Approved');
  });
});

describe('of phases that keep a reserve', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'reserve');
    await seedHouse(bench);
  });

  it('meets what is held first: lowered and raised without any item', async () => {
    await desk.approveAll(dig);
    await annWorks('dig', 9);
    expect(await decideNow()).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
    expect(await held()).toBe('30.00');
    await annWorks('dig', 7);
    expect(await changes()).toMatchObject({ state: 'Open', delta: '60.00' });
    expect(await decideNow()).toMatchObject({ status: 200, body: { lineItems: [] } });
    expect(await held()).toBe('90.00');
    expect((await desk.read()).reserve!.movements.map(({ kind, byWorker }) => [kind, byWorker[0]!.amount])).toEqual([
      ['approval', '60.00'],
      ['change', '-30.00'],
      ['change', '60.00'],
    ]);
    expect((await desk.phase(dig)).stages).toMatchObject({ reserve: '90.00', approved: '0.00' });
    // All of it goes with the approval.
    expect((await desk.unapprove(dig)).status).toBe(200);
    expect(await held()).toBe('0.00');
  });

  it('takes from items only what the reserve cannot meet, and no more than was released', async () => {
    await desk.approveAll(dig);
    await desk.release({ releaseBp: 5_000 });
    await bench.settle();
    await annWorks('dig', 11);
    // Beyond its own 60.00 it would have drawn on a reserve that held nothing.
    expect(await changes()).toMatchObject({ delta: '-60.00' });
    expect((await decideNow()).body.lineItems.map(({ amount, source }) => [amount, source.phaseId])).toEqual([['-30.00', dig]]);
    expect(await held()).toBe('0.00');
    expect(await desk.unapprove(dig)).toMatchObject({ status: 409, body: { code: 'partly-paid' } });
    await annWorks('dig', 8);
    expect(await changes()).toMatchObject({ delta: '60.00' });
    expect((await decideNow()).body.lineItems).toEqual([]);
    expect(await held()).toBe('60.00');
  });

  it('gives nothing back of what it could not take: another phase had drawn it', async () => {
    await desk.approveAll(dig, frame);
    expect(await held()).toBe('0.00');
    await annWorks('dig', 10);
    expect(await changes()).toMatchObject({ delta: '-60.00' });
    expect(await decideNow()).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
    await annWorks('dig', 8);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -7_200, delta: '0.00' });
    await decideNow();
    expect(await held()).toBe('0.00');
    await annWorks('dig', 7);
    expect(await changes()).toMatchObject({ delta: '30.00' });
    await decideNow();
    expect(await held()).toBe('30.00');
  });

  it('gives nothing back for a deduction that somebody voided', async () => {
    await desk.approveAll(dig);
    await desk.release({ releaseBp: 10_000 });
    await bench.settle();
    await annWorks('dig', 9);
    const [made] = (await decideNow()).body.lineItems;
    expect(made!.amount).toBe('-30.00');
    await bench.api.call('POST', `/v1/line-items/${made!.id}/void`, { body: { reason: 'left' }, headers: phaseKey() });
    await annWorks('dig', 8);
    expect(await changes()).toMatchObject({ state: 'Open', delta: '0.00' });
    await decideNow();
    expect(await held()).toBe('0.00');
  });

  it('gives back what a loss drew too much, and draws on when it grew', async () => {
    await desk.approveAll(dig, frame);
    expect(await held()).toBe('0.00');
    await annWorks('frame', 21);
    expect(await changes()).toMatchObject({ delta: '30.00', byWorker: [{ workerId: ann, role: 'crew', difference: '30.00' }] });
    await decideNow();
    expect(await held()).toBe('30.00');
    await annWorks('frame', 22);
    expect(await changes()).toMatchObject({ delta: '-30.00' });
    await decideNow();
    expect(await held()).toBe('0.00');
    expect(await amounts()).toEqual([]);
  });

  it('draws a gain that became a loss from what was there at its approval, never from items', async () => {
    await desk.approveAll(trim, dig);
    await annWorks('dig', 13);
    // 60.00 that it put in, and the 90.00 that it would have drawn of trim's 120.00.
    expect(await changes()).toMatchObject({ delta: '-150.00' });
    await decideNow();
    expect(await held()).toBe('30.00');
    await desk.release({ releaseBp: 10_000 });
    await annWorks('dig', 14);
    expect(await changes()).toMatchObject({ delta: '-30.00' });
    expect(await decideNow()).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
  });

  it('leaves the reserve as it is where hours went from one phase to another', async () => {
    await desk.approveAll(dig, trim);
    await annWorks('dig', 9);
    await annWorks('trim', 11);
    expect(await changes()).toMatchObject({ delta: '0.00', byWorker: [] });
    await decideNow();
    expect(await held()).toBe('180.00');
    expect((await desk.phase(dig)).stages.reserve).toBe('30.00');
    expect((await desk.phase(trim)).stages.reserve).toBe('150.00');
  });

  it('is accepted person by person', async () => {
    await putWorker(bench, 'bob', 300_000);
    await putTime(bench, { id: 'bobs', worker: 'bob', job: 'house', visit: 'trim', hours: 2, date: '2026-03-04' });
    await bench.settle();
    // 14 of 16 h: 60.00 over 12 h and 2 h.
    await desk.approveAll(trim);
    await annWorks('trim', 13);
    const { byWorker } = await changes();
    expect(byWorker).toEqual(
      [
        { workerId: ann, role: 'crew', difference: '-25.43' },
        { workerId: bob, role: 'crew', difference: '-4.57' },
      ].sort((a, b) => (a.workerId < b.workerId ? -1 : 1)),
    );
    expect(await decideNow('accept', { workerIds: [ann] })).toMatchObject({ body: { state: 'Open', delta: '-4.57' } });
    expect(await decideNow('dismiss', { workerIds: [bob] })).toMatchObject({ body: { delta: '0.00', deltaSeconds: 0 } });
    expect(await held()).toBe('34.57');
  });
});
