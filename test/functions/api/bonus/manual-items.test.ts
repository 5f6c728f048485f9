import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { readLineItem } from '#store/pay-repository.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const fence = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const ann = statementOf('ann');
const BONUS = { type: 'bonus', purpose: 'safety', description: 'a year without accident', amount: '50.00' };
const make = (worker: string, body: object = {}, options: object = {}) =>
  calls.post('/v1/line-items', { workerId: workerId(worker), ...BONUS, ...body }, options);
const onStatement = (id: string, body: object = {}) => calls.post(`/v1/statements/${id}/line-items`, { ...BONUS, ...body });
const law = (change: object) => bench.context((context) => ({ ...context, payLaw: { ...context.payLaw, ...change } }));

async function approvedFence() {
  await seedFence(bench);
  await bench.settle();
  return calls.approve(fence);
}

describe('items by hand (B-139)', () => {
  it('open the statement of the day of their entry, with its number', async () => {
    await putWorker(bench, 'ann', 250_000);
    const made = await make('ann', {}, { key: 'one' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/v1/line-items/${made.body.id}`);
    expect(made.body).toMatchObject({
      ...BONUS,
      status: 'In Process',
      category: 'manual',
      part: 'main',
      role: null,
      approvalDate: '2026-03-10',
      releaseOn: '2026-03-10',
      statementId: ann,
      source: {},
    });
    expect((await make('ann', {}, { key: 'one' })).body).toEqual(made.body);
    expect(await calls.statement(ann)).toMatchObject({ reference: 'ST-1', status: 'Open', payable: '50.00' });
    await bench.settle();
    const list = await calls.get('/v1/statements', { workerId: workerId('ann') });
    expect(list.body.items).toHaveLength(1);
    expect(await calls.statement(ann)).toMatchObject({ reference: 'ST-1', payable: '50.00' });
    const stored = (await readLineItem(bench.table, bench.scope, made.body.id))!;
    expect(stored).toMatchObject({ weeks: [{ weekStart: '2026-03-09', earnedSeconds: 0 }], premiumMethod: 'by_earned_hours' });
  });

  it.each([
    [{ amount: '0.00' }, 'invalid-amount'],
    [{ amount: '-5.00' }, 'invalid-amount'],
    [{ amount: '10000000000.01' }, 'invalid-amount'],
    [{ amount: 'five' }, 'invalid-body'],
    [{ purpose: 'gambling' }, 'unknown-reference'],
    [{ type: 'premium' }, 'invalid-body'],
    [{ weeks: ['2026-03-10'] }, 'invalid-body'],
    [{ weeks: ['2026-03-16'] }, 'invalid-body'],
    [{ weeks: [] }, 'invalid-body'],
    [{ weeks: ['2026-03-02', '2026-03-02'] }, 'duplicate-id'],
  ])('are refused clearly: %j → %s', async (body, code) => {
    await putWorker(bench, 'ann', 250_000);
    expect(await make('ann', body)).toMatchObject({ status: 422, body: { code } });
    expect((await calls.get('/v1/line-items')).body.items).toEqual([]);
  });

  it('cover the weeks that are named, in order, spread by the policy of the day', async () => {
    await putWorker(bench, 'ann', 250_000);
    await law({ premiumPolicy: 'equal_weeks' });
    const made = await make('ann', { weeks: ['2026-03-02', '2026-02-16'] });
    expect(made.status).toBe(201);
    const stored = (await readLineItem(bench.table, bench.scope, made.body.id))!;
    expect(stored.weeks.map((week) => week.weekStart)).toEqual(['2026-02-16', '2026-03-02']);
    expect(stored.premiumMethod).toBe('equal_weeks');
  });

  it('deduct from an approved bonus on an Open statement alone, and where deductions are allowed (B-218)', async () => {
    const deduct = (body: object = {}) => make('ann', { type: 'deduction', purpose: 'correction', amount: '20.00', ...body });
    await putWorker(bench, 'ann', 250_000);
    expect((await deduct()).body.code).toBe('no-bonus-to-deduct');
    // A bonus by hand is not enough.
    await make('ann');
    expect((await deduct()).body.code).toBe('no-bonus-to-deduct');
    await approvedFence();
    expect((await deduct({ weeks: ['2026-03-02'] })).body.code).toBe('invalid-body');
    await law({ branches: { [idOf('branch', 'b1')]: blankLaw({ deductionPolicy: 'blocked' }) } });
    expect((await deduct()).body.code).toBe('deductions-blocked');
    await law({ branches: { [idOf('branch', 'b1')]: blankLaw({ stateRule: 'california' }) } });
    expect((await deduct()).body.code).toBe('deductions-blocked');
    await law({ branches: {} });
    expect((await deduct()).body).toMatchObject({ type: 'deduction', amount: '-20.00', statementId: ann });
    expect(await calls.statement(ann)).toMatchObject({
      bonuses: '137.50',
      deductions: '-20.00',
      netBalance: '117.50',
      payable: '117.50',
    });
    // Whether a loss may roll over is the tenant's choice, on the day it is made.
    expect((await readLineItem(bench.table, bench.scope, (await deduct()).body.id))!.carry).toBe(true);
    await bench.context((context) => ({ ...context, manualDeductionsCarry: false }));
    expect((await readLineItem(bench.table, bench.scope, (await deduct()).body.id))!.carry).toBe(false);
  });

  it('go on a statement of an earlier period while it is Open, and are paid with it', async () => {
    await approvedFence();
    bench.api.pass(20 * DAY);
    const made = await onStatement(ann, { amount: '12.50' });
    expect(made.body).toMatchObject({ approvalDate: '2026-03-30', status: 'In Process', statementId: ann });
    expect((await onStatement(ann, { type: 'deduction', purpose: 'correction', amount: '10.00' })).body.statementId).toBe(ann);
    expect(await calls.statement(ann)).toMatchObject({ bonuses: '100.00', deductions: '-10.00', payable: '90.00' });
    await bench.settle();
    expect((await calls.get('/v1/statements', { workerId: workerId('ann') })).body.items).toHaveLength(1);
    // Held and released it is an item of its own dates again.
    const moved = await onStatement(ann, { amount: '1.00' });
    await calls.post(`/v1/line-items/${moved.body.id}/hold`);
    await calls.post(`/v1/line-items/${moved.body.id}/release`);
    expect((await calls.item(moved.body.id)).statementId).toBe(statementOf('ann', '2026-03-23'));
    const paid = await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' });
    expect(paid.body).toMatchObject({ status: 'Paid', payable: '90.00' });
    expect(paid.body.items.map((item) => item.id)).toContain(made.body.id);
    expect((await onStatement(ann)).body.code).toBe('paid-is-final');
    expect((await onStatement(statementOf('ann', '2027-01-11'))).status).toBe(404);
  });

  it('are for workers in the own branches', async () => {
    await approvedFence();
    const manager = (branch: string, worker?: string) =>
      bench.api.grant('manager', {
        scope: { ...NO_SCOPE, branchIds: [idOf('branch', branch)] },
        ...(worker === undefined ? {} : { workerId: workerId(worker) }),
      });
    expect((await make('ann', {}, { tokenId: await manager('b2') })).status).toBe(404);
    expect((await make('ann', {}, { tokenId: await manager('b2', 'ann') })).status).toBe(403);
    expect((await make('ann', {}, { tokenId: await manager('b1') })).status).toBe(201);
    expect((await make('nobody')).status).toBe(404);
    expect((await make('ann', {}, { as: 'worker' })).status).toBe(403);
    const self = await make('ann', {}, { tokenId: await manager('b1', 'ann') });
    const audit = await bench.table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' });
    const entries = audit.filter((entry) => entry.action === 'line_item.created');
    expect(entries.map((entry) => [entry.ei === self.body.id, entry.selfApproved ?? false]).sort()).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('meet a payment of their statement as one or the other, never as both', async () => {
    await approvedFence();
    bench.api.pass(20 * DAY);
    for (let round = 0; round < 5; round++) {
      const [made, paid] = await Promise.all([
        onStatement(ann, { type: 'deduction', purpose: 'correction', amount: '1.00' }),
        calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' }),
      ]);
      expect(paid.status).toBe(200);
      const statement = await calls.statement(ann);
      if (made.status === 201) expect(statement.items.map((item) => item.id)).toContain(made.body.id);
      else expect(made.body.code).toBe('paid-is-final');
      expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'once more' })).status).toBe(200);
    }
  });
});

const blankLaw = (given: object) => ({
  premiumPolicy: null,
  workweekStart: null,
  stateRule: null,
  deductionPolicy: null,
  minimumWages: [],
  ...given,
});

describe('smaller items in the place of one (B-127)', () => {
  it('add up to it, keep its terms, and are all that is left of the approval', async () => {
    const items = await approvedFence();
    const mine = items.find((item) => item.workerId === workerId('ann'))!;
    const replace = (replacements: object[]) =>
      calls.post(`/v1/line-items/${mine.id}/void`, { reason: 'half now', replacements });
    for (const wrong of [
      [{ amount: '40.00' }, { amount: '47.49' }],
      [{ amount: '87.50' }, { amount: '0.00' }],
      [{ amount: '100.00' }, { amount: '-12.50' }],
    ])
      expect((await replace(wrong)).body.code, JSON.stringify(wrong)).toBe('invalid-amount');
    expect((await replace([{ amount: '87.50' }])).status).toBe(422);
    expect((await replace([{ amount: '40.00', releaseOn: '2026-03-09' }, { amount: '47.50' }])).body.code).toBe('invalid-body');
    expect((await calls.item(mine.id)).status).toBe('In Process');

    const done = await replace([{ amount: '40.00' }, { amount: '47.50', releaseOn: '2026-04-01' }]);
    const parts = done.body.replacedBy as (typeof mine)[];
    expect(done.body).toMatchObject({ id: mine.id, status: 'Voided' });
    expect(parts.map((part) => [part.amount, part.status, part.releaseOn, part.replaces, part.source])).toEqual([
      ['40.00', 'In Process', '2026-03-10', mine.id, { propayId: fence }],
      ['47.50', 'Held', '2026-04-01', mine.id, { propayId: fence }],
    ]);
    expect((await calls.item(mine.id)).events.at(-1)!.replacedBy).toEqual(parts.map((part) => part.id));
    expect(await calls.statement(ann)).toMatchObject({ payable: '40.00' });
    expect((await replace([{ amount: '40.00' }, { amount: '47.50' }])).body.code).toBe('wrong-state');

    // One part of a part, and then all of it back.
    const [first] = parts;
    const again = await calls.post(`/v1/line-items/${first!.id}/void`, {
      reason: 'smaller still',
      replacements: [{ amount: '39.99' }, { amount: '0.01' }],
    });
    expect(again.status).toBe(200);
    expect((await calls.post(`/v1/propays/${fence}/unapprove`, { reason: 'look again' })).status).toBe(200);
    await bench.settle();
    const all = (await calls.get('/v1/line-items', { propayId: fence })).body.items;
    expect(all).toHaveLength(8);
    expect(all.every((item) => item.status === 'Voided')).toBe(true);
  });

  it('make a ProPay Paid with the last of them, and stop its unapproval with the first', async () => {
    const items = await approvedFence();
    const mine = items.find((item) => item.workerId === workerId('ann'))!;
    const replacements = [{ amount: '40.00' }, { amount: '47.50', releaseOn: '2026-04-06' }];
    expect((await calls.post(`/v1/line-items/${mine.id}/void`, { reason: 'half now', replacements })).status).toBe(200);
    bench.api.pass(20 * DAY);
    for (const worker of ['ann', 'bob', 'lea', 'max'])
      expect((await calls.post(`/v1/statements/${statementOf(worker)}/pay`, { payDate: '2026-03-27' })).status).toBe(200);
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Approved');
    expect((await calls.post(`/v1/propays/${fence}/unapprove`, { reason: 'no' })).body.code).toBe('partly-paid');
    bench.api.pass(30 * DAY);
    const last = statementOf('ann', '2026-04-06');
    expect((await calls.post(`/v1/statements/${last}/pay`, { payDate: '2026-04-20' })).status).toBe(200);
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Paid');
  });

  it('keep an open hold, unless they are given a day of their own', async () => {
    const items = await approvedFence();
    const mine = items.find((item) => item.workerId === workerId('ann'))!;
    await calls.post(`/v1/line-items/${mine.id}/hold`, { note: 'until the gate is fixed' });
    const replacements = [{ amount: '40.00', releaseOn: '2026-03-10' }, { amount: '47.50' }];
    const done = await calls.post(`/v1/line-items/${mine.id}/void`, { reason: 'half now', replacements });
    const parts = done.body.replacedBy as (typeof mine)[];
    expect(parts.map((part) => [part.status, part.statementId])).toEqual([
      ['In Process', ann],
      ['Held', null],
    ]);
    const released = await calls.post('/v1/line-items/bulk-release', {
      items: [{ id: parts[1]!.id }, { id: parts[0]!.id }, { id: mine.id }],
    });
    expect(released.body.accepted).toEqual([parts[1]!.id]);
    expect(released.body.refused.map(({ id, problem }) => [id, problem.code])).toEqual([
      [parts[0]!.id, 'wrong-state'],
      [mine.id, 'wrong-state'],
    ]);
    expect(await calls.statement(ann)).toMatchObject({ payable: '87.50' });
  });
});

describe('people who leave (B-128)', () => {
  it('keep their items: held ones are paid on their day; voiding one is warned about (fault 69)', async () => {
    const retention = { retentionBp: 2_000, retentionDays: 30 };
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, retention: { crew: retention } }] }));
    const items = await approvedFence();
    const mine = items.filter((item) => item.workerId === workerId('ann'));
    expect(mine.map((item) => [item.amount, item.status])).toEqual([
      ['70.00', 'In Process'],
      ['17.50', 'Held'],
    ]);
    await bench.put('worker', 'ann', {
      ...BLANK_WORKER,
      displayName: 'Worker ann',
      branchId: idOf('branch', 'b2'),
      sourceActive: false,
    });
    await bench.settle();
    bench.api.pass(40 * DAY);
    // Moved to another branch and gone: the items stay where they were made.
    expect(
      (await calls.get('/v1/line-items', { propayId: fence })).body.items.filter((item) => item.status === 'In Process'),
    ).toHaveLength(6);
    expect((await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-27' })).body.payable).toBe('70.00');
    const second = statementOf('ann', '2026-04-06');
    const warned = await calls.post(`/v1/line-items/${items.find((item) => item.workerId === workerId('bob'))!.id}/void`, {
      reason: 'wrong person',
    });
    expect(warned.body.warnings).toEqual([]);
    const voided = await calls.post(`/v1/line-items/${mine[1]!.id}/void`, { reason: 'has left' });
    expect(voided.body).toMatchObject({ status: 'Voided', warnings: [{ code: 'forfeits-earned-pay' }] });
    expect((await calls.get(`/v1/statements/${second}`)).body.items).toEqual([]);
    expect((await calls.post(`/v1/line-items/${mine[0]!.id}/void`, { reason: 'has left' })).body.code).toBe('paid-is-final');
  });
});
