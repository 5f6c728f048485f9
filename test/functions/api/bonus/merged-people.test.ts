import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProPayResult } from '#model/propay.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { proPayOf } from '#test/support/group-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { deskOfJob } from '#test/support/propay-desk.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

/** The two records are one person: `lost` leads to `survivor`. */
const link = (lost: string, survivor: string, options: object = {}) =>
  bench.api.call<{ id: string; code?: string; state: string }>('POST', '/v1/links', {
    body: { entity: 'worker', connectionId: 'acme1.1', sourceId: lost, targetId: workerId(survivor) },
    ...options,
  });
async function merge(lost: string, survivor: string): Promise<string> {
  const made = await link(lost, survivor);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await bench.settle();
  return made.body.id;
}
async function part(linkId: string): Promise<void> {
  const answer = await calls.post(`/v1/links/${linkId}/discard`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  await bench.settle();
}
const resultOf = async (job: string): Promise<ProPayResult> =>
  (await bench.state({ jobId: jobId(job), milestoneId: null })).result!;
/** What of a result tells money, people and wages; counters and the moment apart. */
const told = ({ calcRev: _c, contextRevision: _x, calculatedAt: _a, inputsSeen: _s, ...result }: ProPayResult) => result;
const payouts = async (job: string): Promise<Record<string, number>> =>
  Object.fromEntries((await resultOf(job)).figures!.payouts.map(({ workerId: id, cents }) => [id, cents]));

async function seedTwoRecords(): Promise<void> {
  await seedFence(bench);
  await putWorker(bench, 'ann2', null);
  await putTime(bench, { id: 'again', worker: 'ann2', job: 'fence', hours: 10, date: '2026-03-06' });
  await putJob(bench, 'other', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
  await putBudget(bench, 'other', null, 10);
  await putTime(bench, { id: 'o1', worker: 'bob', job: 'other', hours: 4 });
  await bench.settle();
}

describe('people who were merged (M-149)', () => {
  it('share once, with the hours of both and the wages of either; what does not concern them is not recalculated', async () => {
    await seedTwoRecords();
    expect((await resultOf('fence')).missing).toEqual([`wage:${workerId('ann2')}`]);
    const other = await resultOf('other');
    await merge('ann', 'ann2');
    // 70 of 80 h at 25.00: 250.00 saved, half of it shared; 70 % of that by 40 h and 30 h.
    expect(await payouts('fence')).toEqual({
      [workerId('ann2')]: 5_000,
      [workerId('bob')]: 3_750,
      [workerId('lea')]: 2_500,
      [workerId('max')]: 1_250,
    });
    expect(await resultOf('other')).toEqual(other);
    const survivor = (await calls.get(`/v1/workers/${workerId('ann2')}`)).body;
    expect(survivor).not.toHaveProperty('aliasOf');
    expect(survivor).toMatchObject({ wage: '25.00' });
    expect((await calls.get(`/v1/workers/${workerId('ann')}`)).body).toMatchObject({ aliasOf: workerId('ann2') });
    expect((await calls.get('/v1/diagnose', { kind: 'worker', sourceId: 'ann' })).body).toMatchObject({ code: 'merged' });
  });

  it('are told by the steps of the calculation, which name the link', async () => {
    await seedTwoRecords();
    const linkId = await merge('ann', 'ann2');
    const { nodes } = await deskOfJob(bench, 'fence').explain();
    const named = nodes.filter(({ inputs }) => inputs.some((input) => JSON.stringify(input).includes(linkId)));
    expect(named.map(({ rule }) => rule)).toEqual(['B-40', 'B-40', 'B-40']);
  });

  it('are two again when the link is taken back, as if it had never been', async () => {
    await seedTwoRecords();
    const before = told(await resultOf('fence'));
    const linkId = await merge('ann', 'ann2');
    expect(told(await resultOf('fence'))).not.toEqual(before);
    await part(linkId);
    expect(told(await resultOf('fence'))).toEqual(before);
    expect((await calls.get(`/v1/workers/${workerId('ann')}`)).body).not.toHaveProperty('aliasOf');
    expect((await calls.post(`/v1/links/${linkId}/discard`)).body.code).toBe('link-already-decided');
    const audit = await bench.api.call<{ items: { action: string }[] }>('GET', '/v1/audit');
    expect(audit.body.items.map(({ action }) => action).filter((action) => action.startsWith('link.'))).toEqual([
      'link.discarded',
      'link.confirmed',
    ]);
    await merge('ann', 'ann2');
    expect((await resultOf('fence')).figures!.payouts).toHaveLength(4);
  });

  it('lead to no other circle, are merged once, and follow a chain to its end', async () => {
    await seedTwoRecords();
    await putWorker(bench, 'ann3', null);
    const first = await merge('ann', 'ann2');
    const second = await merge('ann2', 'ann3');
    expect((await payouts('fence'))[workerId('ann3')]).toBe(5_000);
    expect(await link('ann3', 'ann')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect((await link('ann3', 'ann3')).body).toMatchObject({ status: 422 });
    expect((await link('ann', 'bob')).body.code).toBe('link-already-decided');
    expect(await link('ann3', 'bob', { as: 'manager' })).toMatchObject({ status: 403 });
    await part(second);
    expect((await payouts('fence'))[workerId('ann2')]).toBe(5_000);
    await part(first);
    expect((await resultOf('fence')).figures).toBeNull();
  });

  it('of many who say it at once one does', async () => {
    await seedTwoRecords();
    const answers = await Promise.all([link('ann', 'ann2'), link('ann2', 'ann'), link('ann', 'bob')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('change nothing that was approved: neither the amounts nor what is offered', async () => {
    await seedFence(bench);
    await putWorker(bench, 'ann2', 300_000);
    await bench.settle();
    await calls.approve(proPayOf('fence'));
    const approved = await resultOf('fence');
    await merge('ann', 'ann2');
    expect(await resultOf('fence')).toEqual(approved);
    const changes = async () =>
      (await calls.get(`/v1/propays/${proPayOf('fence')}/source-changes`)).body as unknown as {
        state: string | null;
        byWorker: { workerId: string }[];
      };
    expect(await changes()).toMatchObject({ state: null, byWorker: [] });
    await putTime(bench, { id: 'late', worker: 'ann2', job: 'fence', hours: 1, date: '2026-03-06' });
    await bench.settle();
    // The hours of the other record are those of the person whom the approval knows.
    const { state, byWorker } = await changes();
    expect([state, byWorker.map((one) => one.workerId).sort()]).toEqual([
      'Open',
      ['ann', 'bob', 'lea', 'max'].map(workerId).sort(),
    ]);
  });
});

describe('the pay of merged people (M-149, X-17)', () => {
  const open = async (worker: string) =>
    (
      await bench.api.call<{ items: { id: string; payable: string; status: string }[] }>('GET', '/v1/statements', {
        query: { workerId: workerId(worker), status: 'Open' },
      })
    ).body.items.map(({ id, payable }) => [id, payable]);

  async function approved(): Promise<void> {
    await seedFence(bench);
    await putWorker(bench, 'ann2', null);
    await bench.settle();
    await calls.approve(proPayOf('fence'));
  }

  it('stands on one statement; items keep their worker and are paid once', async () => {
    await approved();
    await calls.post('/v1/line-items', { workerId: workerId('ann2'), type: 'bonus', purpose: 'safety', amount: '10.00' });
    await bench.settle();
    const linkId = await merge('ann', 'ann2');
    const one = statementOf('ann2');
    expect(await open('ann2')).toEqual([[one, '97.50']]);
    expect((await calls.statement(statementOf('ann'))).items).toEqual([]);
    const shown = await calls.statement(one);
    expect(shown.items.map(({ workerId: id, statementId }) => [id, statementId]).sort()).toEqual(
      [
        [workerId('ann'), one],
        [workerId('ann2'), one],
      ].sort(),
    );
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${statementOf('ann')}/pay`, { payDate: '2026-03-27' })).status).toBe(409);
    expect((await calls.post(`/v1/statements/${one}/pay`, { payDate: '2026-03-27' })).body).toMatchObject({ payable: '97.50' });
    await bench.settle();
    expect((await calls.post(`/v1/statements/${one}/pay`, { payDate: '2026-03-27' })).body.code).toBe('paid-is-final');
    expect((await calls.get(`/v1/workers/${workerId('ann2')}/bonus`)).body).toMatchObject({ inProcess: '0.00', paid: '97.50' });
    // Paid with the other's statement: the two cannot be parted any more.
    expect((await calls.post(`/v1/links/${linkId}/discard`)).body.code).toBe('paid-is-final');
  });

  it('leaves paid lines where they were paid', async () => {
    await approved();
    bench.api.pass(20 * DAY);
    await calls.post(`/v1/statements/${statementOf('ann')}/pay`, { payDate: '2026-03-27' });
    const paid = await calls.statement(statementOf('ann'));
    const linkId = await merge('ann', 'ann2');
    expect(await calls.statement(statementOf('ann'))).toMatchObject({ status: 'Paid', items: paid.items, payable: '87.50' });
    expect(await open('ann2')).toEqual([]);
    expect((await calls.get(`/v1/workers/${workerId('ann2')}/bonus`)).body).toMatchObject({ inProcess: '0.00', paid: '87.50' });
    await part(linkId);
    expect(await calls.statement(statementOf('ann'))).toMatchObject({ status: 'Paid', payable: '87.50' });
  });

  it('parts again with the link, before anything was paid', async () => {
    await approved();
    const before = await calls.statement(statementOf('ann'));
    const linkId = await merge('ann', 'ann2');
    await part(linkId);
    expect(await open('ann2')).toEqual([]);
    expect(await calls.statement(statementOf('ann'))).toEqual(before);
  });

  it('either is paid or parted where both are asked for at once', async () => {
    await approved();
    const linkId = await merge('ann', 'ann2');
    bench.api.pass(20 * DAY);
    const [paid, parted] = await Promise.all([
      calls.post(`/v1/statements/${statementOf('ann2')}/pay`, { payDate: '2026-03-27' }),
      calls.post(`/v1/links/${linkId}/discard`),
    ]);
    expect([paid.status === 200, parted.status === 200].filter(Boolean)).toHaveLength(1);
    await bench.settle();
    const item = (await calls.get('/v1/line-items', { workerId: workerId('ann') })).body as unknown as {
      items: { statementId: string }[];
    };
    expect(item.items.map(({ statementId }) => statementId)).toEqual([statementOf(paid.status === 200 ? 'ann2' : 'ann')]);
  });

  it('carries a loss of the one over to the other', async () => {
    await approved();
    await calls.post('/v1/line-items', { workerId: workerId('ann'), type: 'deduction', purpose: 'correction', amount: '100.00' });
    await bench.settle();
    bench.api.pass(20 * DAY);
    const paid = await calls.post(`/v1/statements/${statementOf('ann')}/pay`, { payDate: '2026-03-27' });
    expect(paid.body).toMatchObject({ payable: '0.00', rolloverOut: '-12.50' });
    await merge('ann', 'ann2');
    await calls.post('/v1/line-items', { workerId: workerId('ann2'), type: 'bonus', purpose: 'safety', amount: '20.00' });
    await bench.settle();
    expect((await open('ann2')).map(([, payable]) => payable)).toEqual(['7.50']);
  });

  it('is seen by whoever of the two is signed in', async () => {
    await approved();
    await merge('ann', 'ann2');
    for (const worker of ['ann', 'ann2']) {
      const tokenId = await bench.api.grant('worker', { workerId: workerId(worker), scope: NO_SCOPE });
      const { status, body } = await bench.api.call<{ payable: string }>('GET', `/v1/statements/${statementOf('ann2')}`, {
        tokenId,
      });
      expect([status, body.payable]).toEqual([200, '87.50']);
    }
  });
});
