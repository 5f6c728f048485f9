import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putTime } from '#test/support/bonus-world.ts';
import { type GroupView, groupDesk, NEXT, paid, WEEK } from '#test/support/group-desk.ts';
import { ANN, BOB, proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await startGroups(bench, ['north', 'south']);
});
afterEach(() => bench.stop());

const { key, get, tag, approve, patch, member, proPay } = groupDesk(() => bench);

const example = async () => {
  await putExample(bench, 'north');
  await bench.settle();
};

describe('reading', () => {
  it('shows the published example to the cent, with each member’s part (B-102, B-108)', async () => {
    await example();
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: WEEK,
      reference: 'PPG 1',
      status: 'Active',
      ready: true,
      propayIds: [proPayOf('under'), proPayOf('over')],
      routeId: idOf('route', 'north'),
      period: { startDate: '2026-03-02', endDate: '2026-03-08' },
      netting: 'pooled',
      conflicts: [],
      result: { savings: '160.00', budgetAmount: '960.00', actualCost: '800.00' },
      figures: {
        bonusRate: '4.00',
        jobsDone: 2,
        jobsTotal: 2,
        completedBp: 10_000,
        availableBonus: '160.00',
        approvedBonus: '0.00',
      },
    });
    expect(paid(body.result)).toEqual({ ann: '84.00', bob: '76.00' });
    const [under, over] = body.members;
    expect([under!.savings, over!.savings]).toEqual(['260.00', '-100.00']);
    expect([paid(under!), paid(over!)]).toEqual([
      { ann: '48.00', bob: '32.00' },
      { ann: '36.00', bob: '44.00' },
    ]);
    const list = await bench.api.call<{ items: GroupView[] }>('GET', '/v1/groups', { query: { status: 'Active' } as never });
    expect(list.body.items.map((one) => [one.id, one.result.savings])).toEqual([[WEEK, '160.00']]);
    expect((await proPay('under')).groupId).toBe(WEEK);
  });

  it('keeps people to what they may see', async () => {
    await example();
    const ann = await bench.api.grant('worker', { workerId: ANN });
    const { body } = await get(WEEK, { tokenId: ann });
    expect(paid(body.result)).toEqual({ ann: '84.00' });
    expect(body.members.map(paid)).toEqual([{ ann: '48.00' }, { ann: '36.00' }]);
    expect(body.result).not.toHaveProperty('actualCost');
    const stranger = await bench.api.grant('worker', { workerId: idOf('worker', 'zoe') });
    expect((await get(WEEK, { tokenId: stranger })).status).toBe(404);
    expect((await get(WEEK, { tenant: 'rival1' })).status).toBe(404);
    expect((await approve({}, { as: 'worker' })).status).toBe(403);
    const scope = { branchIds: [], divisionIds: [], routeIds: [idOf('route', 'south')] };
    expect((await get(WEEK, { tokenId: await bench.api.grant('manager', { scope }) })).status).toBe(404);
    const own = await bench.api.grant('manager', { scope: { ...scope, routeIds: [idOf('route', 'north')] } });
    expect((await get(WEEK, { tokenId: own })).status).toBe(200);
  });

  it('lets a manager of some members see the group, and act on it only where all are theirs (M-143)', async () => {
    await example();
    await putStop(bench, 'third', {
      route: 'north',
      budgetCents: 10_000,
      hours: { ann: 1 },
      job: { managerId: idOf('worker', 'meg') },
    });
    await bench.settle();
    const meg = await bench.api.grant('manager', { workerId: idOf('worker', 'meg') });
    expect((await get(WEEK, { tokenId: meg })).status).toBe(200);
    expect(await approve({}, { tokenId: meg })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const dissolved = await groupDesk(() => bench).call('POST', `/v1/groups/${WEEK}/dissolve`, { body: {}, tokenId: meg });
    expect(dissolved.status).toBe(403);
    expect((await get()).body.status).toBe('Active');
  });

  it('explains every payout by records of all members that add up to it, before and after the approval', async () => {
    await example();
    const explain = async () => {
      const { body } = await bench.api.call<{
        nodes: { rule: string }[];
        workers: { workerId: string; amount: string; leaves: { entity: string; id: string; amount: string }[] }[];
      }>('GET', `/v1/groups/${WEEK}/explain`);
      const cents = (text: string) => Number(text.replace('.', ''));
      for (const worker of body.workers)
        expect(worker.leaves.reduce((sum, leaf) => sum + cents(leaf.amount), 0)).toBe(cents(worker.amount));
      return body;
    };
    const before = await explain();
    const leavesOf = (workerId: string) =>
      before.workers
        .find((one) => one.workerId === workerId)!
        .leaves.map(({ id }) => id)
        .sort();
    expect(leavesOf(ANN)).toEqual([idOf('time', 'under-ann'), idOf('time', 'over-ann')].sort());
    expect(leavesOf(BOB)).toEqual([idOf('time', 'under-bob'), idOf('time', 'over-bob')].sort());
    expect(before.nodes.length).toBeGreaterThan(10);
    expect((await approve()).status).toBe(200);
    expect((await explain()).workers).toEqual(before.workers);
  });
});

describe('approval as a whole (B-104)', () => {
  it('makes one set of items, and group and members are Approved together, whatever is repeated', async () => {
    await example();
    const { inputsVersion } = (await get()).body;
    const send = () =>
      bench.api.call<GroupView>('POST', `/v1/groups/${WEEK}/approve`, {
        body: { inputsVersion },
        headers: { 'idempotency-key': 'once' },
      });
    const [first, twin] = await Promise.all([send(), send()]);
    const again = await send();
    expect([first!.status, twin!.status, again.status]).toEqual([200, 200, 200]);
    expect(again.body).toEqual(first!.body);
    expect(first!.body).toMatchObject({ status: 'Approved', approval: { total: '160.00', approvalDate: '2026-03-10' } });
    expect(first!.body.lineItems.map((item) => [item.workerId, item.amount, item.category, item.source]).sort()).toEqual(
      [
        [ANN, '84.00', 'group_propay', { groupId: WEEK }],
        [BOB, '76.00', 'group_propay', { groupId: WEEK }],
      ].sort(),
    );
    for (const job of ['under', 'over']) expect(await proPay(job)).toMatchObject({ status: 'Approved', groupId: WEEK });
    const fresh = await bench.api.call<{ code: string }>('POST', `/v1/groups/${WEEK}/approve`, {
      body: { inputsVersion },
      headers: key(),
    });
    expect(fresh).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    await bench.settle();
    expect(await proPay('under')).toMatchObject({ status: 'Approved' });
  });

  it('refuses a member alone, and edits of a member or of the group while it is approved', async () => {
    await example();
    const single = await bench.api.call<{ code: string }>('POST', `/v1/propays/${proPayOf('under')}/approve`, {
      body: { inputsVersion: (await proPay('under')).inputsVersion },
      headers: key(),
    });
    expect(single).toMatchObject({ status: 409, body: { code: 'member-of-group' } });
    expect((await proPay('under')).blockers[0]).toMatchObject({ code: 'member-of-group', acceptable: false });
    await approve();
    const { headers } = await bench.api.call('GET', `/v1/propays/${proPayOf('under')}`);
    const edit = await bench.api.call<{ code: string }>('PATCH', `/v1/propays/${proPayOf('under')}`, {
      body: { leadPay: '10.00' },
      headers: { 'if-match': headers.etag! },
    });
    expect(edit).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    expect(await patch({ splitBp: 5_000 })).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    expect(await member('DELETE', 'under')).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
  });

  it('one blocked member blocks the group and is named', async () => {
    await putExample(bench, 'north');
    await putStop(bench, 'idle', { route: 'north', budgetCents: 5_000, hours: {} });
    await bench.settle();
    const refused = await approve();
    expect(refused).toMatchObject({ status: 409, body: { code: 'no-actual-time' } });
    expect(refused.body.blockers).toMatchObject([{ code: 'no-actual-time', acceptable: false, propayIds: [proPayOf('idle')] }]);
    expect(await proPay('under')).toMatchObject({ status: 'Active' });
    expect((await member('DELETE', 'idle')).status).toBe(200);
    expect((await approve()).status).toBe(200);
  });

  it('approves nothing where the figures have moved since they were seen, and says by how much', async () => {
    await example();
    const { inputsVersion } = (await get()).body;
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2, date: '2026-03-04' });
    // The stream has not brought it yet: the approval finds it in the member's own job.
    const refused = await approve({ inputsVersion });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', result: { savings: '120.00' }, difference: { savings: '-40.00' } },
    });
    expect((await get()).body).toMatchObject({ status: 'Active', result: { savings: '120.00' } });
    expect((await approve()).status).toBe(200);
  });

  it('takes an early approval and unfinished members with a reason, or moves these into the next period (B-105)', async () => {
    await putExample(bench, 'north');
    await putStop(bench, 'open', { route: 'north', budgetCents: 10_000, hours: { ann: 2 }, completed: false });
    await bench.settle();
    const refused = await approve();
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-complete' } });
    expect(refused.body.blockers).toMatchObject([{ code: 'not-complete', acceptable: true, propayIds: [proPayOf('open')] }]);
    const moved = await patch({ members: [{ propayId: proPayOf('open'), moveToNextPeriod: true }] });
    expect(moved.body.propayIds).toEqual([proPayOf('under'), proPayOf('over')]);
    expect((await get(NEXT)).body).toMatchObject({
      propayIds: [proPayOf('open')],
      period: { startDate: '2026-03-09', endDate: '2026-03-15' },
    });
    // Its next recalculation leaves it where somebody has put it.
    await putTime(bench, { id: 'more', worker: 'ann', job: 'open', hours: 1, date: '2026-03-05' });
    await bench.settle();
    expect((await get(NEXT)).body.propayIds).toEqual([proPayOf('open')]);
    expect((await approve()).status).toBe(200);
    const early = await approve({}, {}, NEXT);
    expect(early).toMatchObject({ status: 409, body: { code: 'not-complete' } });
    const confirmed = await patch({ members: [{ propayId: proPayOf('open'), confirmed: true }] }, NEXT);
    expect(confirmed.body.blockers).toMatchObject([{ code: 'not-complete', propayIds: [] }]);
    const accept = [{ code: 'not-complete', reason: 'the week is over for this crew' }];
    expect(await approve({ accept }, {}, NEXT)).toMatchObject({ status: 200, body: { status: 'Approved' } });
  });
});

describe('what people decide', () => {
  it('a group by hand holds single ProPays of one route and period', async () => {
    await bench.context((context) => ({ ...context, routeRules: {} }));
    await putExample(bench, 'north');
    await putStop(bench, 'elsewhere', { route: 'south', budgetCents: 5_000, hours: { ann: 1 } });
    await putStop(bench, 'nowhere', { route: null, budgetCents: 5_000, hours: { ann: 1 } });
    await putStop(bench, 'later', { route: 'north', budgetCents: 5_000, hours: { ann: 1 }, date: '2026-04-20' });
    await bench.settle();
    const create = (...jobs: string[]) =>
      bench.api.call<GroupView & { code: string }>('POST', '/v1/groups', { body: { propayIds: jobs.map(proPayOf) } });
    expect(await create('under', 'elsewhere')).toMatchObject({
      status: 409,
      body: { code: 'group-conflict', propayIds: [proPayOf('elsewhere')] },
    });
    expect(await create('under', 'later')).toMatchObject({ status: 409, body: { code: 'group-conflict' } });
    expect(await create('under', 'nowhere')).toMatchObject({ status: 409, body: { code: 'not-eligible', reason: 'no_route' } });
    expect(await create('under', 'under')).toMatchObject({ status: 422, body: { code: 'duplicate-id' } });
    expect((await bench.api.call('POST', '/v1/groups', { body: { propayIds: [] } })).status).toBe(422);
    expect((await create('missing')).status).toBe(404);
    const made = await create('under', 'over');
    expect(made).toMatchObject({ status: 201, headers: { location: `/v1/groups/${made.body.id}` } });
    expect(paid(made.body.result)).toEqual({ ann: '84.00', bob: '76.00' });
    expect(await create('under')).toMatchObject({ status: 409, body: { code: 'member-of-group' } });
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 1 });
    await bench.settle();
    const { id } = made.body;
    expect((await get(id)).body).toMatchObject({ result: { savings: '140.00' } });
    expect((await member('DELETE', 'over', id)).body).toMatchObject({
      result: { savings: '260.00' },
      propayIds: [proPayOf('under')],
    });
    expect(await member('PUT', 'elsewhere', id)).toMatchObject({ status: 409, body: { code: 'group-conflict' } });
    expect((await member('PUT', 'over', id)).body).toMatchObject({ result: { savings: '140.00' } });
    expect((await approve({}, {}, id)).status).toBe(200);
  });

  it('whoever was taken out stays out, and a dissolved group’s members are single', async () => {
    await example();
    expect((await bench.api.call('DELETE', `/v1/groups/${WEEK}/members/${proPayOf('over')}`)).status).toBe(428);
    expect((await member('DELETE', 'over')).status).toBe(200);
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 1 });
    await bench.settle();
    expect((await proPay('over')).groupId).toBeNull();
    expect((await get()).body.propayIds).toEqual([proPayOf('under')]);
    const dissolved = await bench.api.call('POST', `/v1/groups/${WEEK}/dissolve`, { body: { reason: 'a single stop' } });
    expect(dissolved).toMatchObject({ status: 200, body: { status: 'Canceled', canceledReason: 'a single stop' } });
    await putTime(bench, { id: 'later', worker: 'bob', job: 'under', hours: 1 });
    await putStop(bench, 'third', { route: 'north', budgetCents: 10_000, hours: { ann: 1 } });
    await bench.settle();
    for (const job of ['under', 'third']) expect(await proPay(job)).toMatchObject({ status: 'Active', groupId: null });
    const single = await bench.api.call('POST', `/v1/propays/${proPayOf('under')}/approve`, {
      body: { inputsVersion: (await proPay('under')).inputsVersion },
      headers: key(),
    });
    expect(single.status).toBe(200);
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
  });

  it('members that differ are a conflict until they are aligned or taken out (B-101)', async () => {
    await putStop(bench, 'under', { route: 'north', budgetCents: 66_000, hours: { ann: 12, bob: 8 } });
    await bench.settle();
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, splitEnabled: true, waitingDays: 7 })),
    }));
    await putStop(bench, 'over', { route: 'north', budgetCents: 30_000, hours: { ann: 9, bob: 11 } });
    await bench.settle();
    expect((await get()).body).toMatchObject({
      ready: false,
      conflicts: [{ propayId: proPayOf('over'), fields: ['split', 'waiting'] }],
    });
    expect(await approve()).toMatchObject({
      status: 409,
      body: { code: 'group-conflict', blockers: [{ propayIds: [proPayOf('over')] }] },
    });
    const own = await patch({ splitEnabled: true, splitBp: 5_000 });
    expect(own.body.conflicts).toEqual([
      { propayId: proPayOf('under'), fields: ['split'] },
      { propayId: proPayOf('over'), fields: ['waiting'] },
    ]);
    const aligned = await patch({ align: true });
    expect(aligned.body).toMatchObject({ conflicts: [], result: { savings: '160.00' } });
    expect(paid(aligned.body.result)).toEqual({ ann: '42.00', bob: '38.00' });
    const done = await approve();
    expect(done.body.lineItems.map((item) => item.status)).toEqual(['In Process', 'In Process']);
  });

  it('hours and money are a conflict that only taking out solves', async () => {
    await putStop(bench, 'under', { route: 'north', budgetCents: 66_000, hours: { ann: 12, bob: 8 } });
    await bench.settle();
    await bench.context((context) => ({ ...context, budgetType: 'hours_budget' }));
    await putStop(bench, 'hours', { route: 'north', budgetCents: 0, hours: { ann: 2 } });
    await bench.put('budget_info', 'hours/-', {
      jobId: idOf('job', 'hours'),
      milestoneId: null,
      ...NO_BUDGET,
      budgetSeconds: 36_000,
      basis: 'HoursEst',
    });
    await bench.settle();
    expect((await get()).body).toMatchObject({
      conflicts: [{ propayId: proPayOf('hours'), fields: ['budget_kind'] }],
      result: { outcome: 'does-not-apply' },
    });
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'group-conflict' } });
    expect((await member('DELETE', 'hours')).body).toMatchObject({ conflicts: [], result: { savings: '260.00' } });
  });

  it('excludes a person from the bonus of the group, or one person’s time from one member (B-106)', async () => {
    await example();
    const excluded = await patch({ excludedWorkerIds: [BOB] });
    expect(paid(excluded.body.result)).toEqual({ ann: '160.00' });
    expect(excluded.body.result).toMatchObject({ savings: '160.00' });
    await patch({ excludedWorkerIds: [] });
    const left = await patch({ members: [{ propayId: proPayOf('over'), excludedWorkerIds: [BOB] }] });
    // 11 hours at 20.00 leave the cost: 960.00 − 580.00.
    expect(left.body.result).toMatchObject({ savings: '380.00', actualSeconds: 29 * 3_600 });
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2 });
    await bench.settle();
    expect((await get()).body.result).toMatchObject({ savings: '380.00' });
    expect((await member('DELETE', 'over')).status).toBe(200);
    const { body } = await bench.api.call<{ result: { savings: string } }>('GET', `/v1/propays/${proPayOf('over')}`);
    expect(body.result.savings).toBe('-140.00');
  });

  it('a stale tag changes nothing', async () => {
    await example();
    const headers = await tag();
    expect((await patch({ splitBp: 5_000, splitEnabled: true })).status).toBe(200);
    expect((await bench.api.call('PATCH', `/v1/groups/${WEEK}`, { body: { splitBp: 1 }, headers })).status).toBe(412);
    expect((await bench.api.call('PATCH', `/v1/groups/${WEEK}`, { body: { splitBp: 1 } })).status).toBe(428);
  });
});
