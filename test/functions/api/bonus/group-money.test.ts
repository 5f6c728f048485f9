import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putTime, workerId } from '#test/support/bonus-world.ts';
import { groupDesk, NEXT, paid, WEEK } from '#test/support/group-desk.ts';
import { ALL_TO_CREW, ANN, BOB, proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await startGroups(bench, ['north']);
});
afterEach(() => bench.stop());

const { key, call, get, approve, unapprove, patch, proPay } = groupDesk(() => bench);
const example = async () => {
  await putExample(bench, 'north');
  await bench.settle();
};
const statements = async () =>
  (await call<{ items: { id: string; workerId: string; status: string; payable: string }[] }>('GET', '/v1/statements')).body
    .items;
const pay = (id: string) =>
  call('POST', `/v1/statements/${id}/pay`, {
    body: { payDate: '2026-03-20', accept: [{ code: 'period-open', reason: 'early' }] },
    headers: key(),
  });

describe('netted separately (B-103)', () => {
  it('pays what each member pays alone, added up by person', async () => {
    await bench.context((context) => ({ ...context, netting: 'separate' }));
    await example();
    const { body } = await get();
    expect(paid(body.result)).toEqual({ ann: '156.00', bob: '104.00' });
    expect(body.members.map(paid)).toEqual([{ ann: '156.00', bob: '104.00' }, {}]);
    const { body: done } = await approve();
    expect(done.lineItems.map(({ workerId: id, amount }) => [id, amount]).sort()).toEqual(
      [
        [ANN, '156.00'],
        [BOB, '104.00'],
      ].sort(),
    );
    expect([(await proPay('under')).approval, (await proPay('over')).approval]).toMatchObject([
      { total: '260.00' },
      { total: '0.00' },
    ]);
    const explained = await call<{
      nodes: { id: string; rule: string }[];
      workers: { leaves: { id: string; amount: string }[] }[];
    }>('GET', `/v1/groups/${WEEK}/explain`);
    expect(explained.body.nodes.filter(({ rule }) => rule === 'B-103')).toHaveLength(2);
    expect(explained.body.workers.flatMap(({ leaves }) => leaves.map(({ id }) => id)).sort()).toEqual(
      [idOf('time', 'under-ann'), idOf('time', 'under-bob')].sort(),
    );
  });

  it('bears no penalty on the group, and is another netting when somebody says so', async () => {
    await bench.context((context) => ({
      ...context,
      netting: 'separate',
      penalties: [{ id: 'late', name: 'Late', category: 'Quality', kind: 'fixed', amountCents: 1_000, revision: 1 }],
    }));
    await example();
    expect(await patch({ penalties: [{ key: 'late', count: 1 }] })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    const pooled = await patch({ netting: 'pooled', penalties: [{ key: 'late', count: 2 }] });
    expect(pooled.body.result).toMatchObject({ workerShare: '160.00', penalty: '20.00' });
    expect(await patch({ netting: 'separate' })).toMatchObject({ status: 409 });
  });
});

describe('divided by total earnings (B-71)', () => {
  const byEarnings = () =>
    bench.context((context) => ({
      ...context,
      pools: [{ ...ALL_TO_CREW, distribution: { formula: 'total_earnings' } }],
      payLaw: { ...context.payLaw, hoursSource: 'all' },
    }));

  it('what everybody earned on every job in the weeks of the route period is the weight', async () => {
    await byEarnings();
    // Ann earns 21 hours on the group and 19 elsewhere in the same week, Bob 19; hours of another week count nothing.
    await putStop(bench, 'else', { route: null, budgetCents: 1, hours: { ann: 19 }, date: '2026-03-05' });
    await putStop(bench, 'before', { route: null, budgetCents: 1, hours: { bob: 30 }, date: '2026-02-25' });
    await example();
    const { body } = await get();
    expect(body).toMatchObject({ ready: true, blockers: [] });
    // 160.00 by 800.00 and 380.00.
    expect(paid(body.result)).toEqual({ ann: '108.47', bob: '51.53' });
    // Netted separately, the member that saved 260.00 divides it by the same weights.
    await patch({ netting: 'separate' });
    const separate = (await get()).body;
    expect(paid(separate.result)).toEqual({ ann: '176.27', bob: '83.73' });
    expect(separate.members.map(paid)).toEqual([{ ann: '176.27', bob: '83.73' }, {}]);
    await patch({ netting: 'pooled' });
    const done = await approve();
    expect(done.body.lineItems.map(({ workerId: id, amount }) => [id, amount]).sort()).toEqual(
      [
        [ANN, '108.47'],
        [BOB, '51.53'],
      ].sort(),
    );
    const { nodes } = (
      await call<{ nodes: { rule: string; inputs: { recordId?: string }[] }[] }>('GET', `/v1/groups/${WEEK}/explain`)
    ).body;
    const records = nodes
      .filter(({ rule }) => rule === 'B-71')
      .flatMap(({ inputs }) => inputs.flatMap((one) => one.recordId ?? []));
    expect(records).toContain(idOf('time', 'else-ann'));
    expect(records).not.toContain(idOf('time', 'before-bob'));
  });

  it('said on the group, it is every aligned member’s, and follows what people earn elsewhere', async () => {
    await bench.context((context) => ({ ...context, payLaw: { ...context.payLaw, hoursSource: 'all' } }));
    await example();
    const unaligned = await patch({ distribution: { formula: 'total_earnings' } });
    expect(unaligned.body.blockers.map(({ code }) => code)).toEqual(['group-conflict', 'cannot-tell']);
    expect(paid((await patch({ align: true })).body.result)).toEqual({ ann: '84.00', bob: '76.00' });
    await bench.settle();
    await putStop(bench, 'else', { route: null, budgetCents: 1, hours: { ann: 19 }, date: '2026-03-05' });
    await bench.settle();
    expect(paid((await get()).body.result)).toEqual({ ann: '108.47', bob: '51.53' });
  });

  it('is unknown where a clock still runs in the week, and names the person', async () => {
    await byEarnings();
    await example();
    await putStop(bench, 'else', { route: null, budgetCents: 1, hours: {}, completed: false });
    await putTime(bench, { id: 'running', worker: 'bob', job: 'else', hours: null, date: '2026-03-05' });
    await bench.settle();
    expect((await get()).body).toMatchObject({ ready: false, result: { outcome: 'cannot-tell', missing: [`earnings:${BOB}`] } });
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'cannot-tell' } });
  });
});

describe('answers and penalties of group and members (B-107)', () => {
  beforeEach(() =>
    bench.context((context) => ({
      ...context,
      disqualifiers: [{ id: 'safe', name: 'Worked safely', category: 'Safety', revision: 1 }],
      penalties: [
        { id: 'gate', name: 'Gate left open', category: 'Customer', kind: 'set_at_approval', amountCents: null, revision: 1 },
      ],
    })),
  );
  const answer = async (job: string, state: string) => {
    const { headers } = await call('GET', `/v1/propays/${proPayOf(job)}`);
    return call('PUT', `/v1/propays/${proPayOf(job)}/disqualifiers/safe`, {
      body: { state },
      headers: { 'if-match': headers.etag! },
    });
  };
  const penalise = async (job: string, body: object) => {
    const { headers } = await call('GET', `/v1/propays/${proPayOf(job)}`);
    return call('PUT', `/v1/propays/${proPayOf(job)}/penalties/gate`, { body, headers: { 'if-match': headers.etag! } });
  };

  it('an open question of any member blocks; an answer on the group answers it for all of them', async () => {
    await example();
    const refused = await approve();
    expect(refused).toMatchObject({ status: 409, body: { code: 'disqualifier-pending' } });
    expect(refused.body.blockers[0]!.propayIds.sort()).toEqual([proPayOf('under'), proPayOf('over')].sort());
    const answered = await patch({ disqualifiers: [{ key: 'safe', state: 'passed' }] });
    expect(answered.body).toMatchObject({ ready: true, disqualifiers: [{ key: 'safe', state: 'passed' }] });
    await patch({ disqualifiers: [{ key: 'safe', state: 'pending' }] });
    expect((await get()).body.ready).toBe(false);
    await patch({ disqualifiers: [{ key: 'safe', state: 'failed' }] });
    const { body } = await approve();
    expect(body).toMatchObject({ status: 'Approved', approval: { total: '0.00' }, settled: true, lineItems: [] });
  });

  it('a failed member never helps, and time on it earns no share', async () => {
    await example();
    expect((await answer('under', 'passed')).status).toBe(200);
    expect((await answer('over', 'failed')).status).toBe(200);
    await bench.settle();
    // Without the failed member 260.00, with it 160.00: the smaller, shared by the hours on the other one.
    expect((await get()).body.result).toMatchObject({ savings: '160.00' });
    expect(paid((await get()).body.result)).toEqual({ ann: '96.00', bob: '64.00' });
    await answer('over', 'passed');
    await answer('under', 'failed');
    expect((await get()).body.result).toMatchObject({ savings: '-100.00', payouts: [] });
  });

  it('penalties of member and group both lower the one share, and need their amounts first', async () => {
    await example();
    for (const job of ['under', 'over']) await answer(job, 'passed');
    await penalise('over', { count: 1 });
    expect(await approve()).toMatchObject({ status: 422, body: { code: 'penalty-amount-missing' } });
    await penalise('over', { count: 1, amount: '30.00' });
    await patch({ penalties: [{ key: 'gate', count: 2, amount: '15.00' }] });
    const { body } = await get();
    expect(body.result).toMatchObject({ savings: '160.00', workerShare: '160.00', penalty: '60.00' });
    expect(paid(body.result)).toEqual({ ann: '52.50', bob: '47.50' });
    expect((await approve()).body).toMatchObject({ approval: { total: '100.00' } });
  });
});

describe('leads and managers', () => {
  it.each(['pooled', 'separate'] as const)('what leads get beside their pool is explained, netted %s (B-61)', async (netting) => {
    await bench.context((context) => ({ ...context, netting }));
    for (const [job, budgetCents] of [
      ['under', 66_000],
      ['over', 60_000],
    ] as const)
      await putStop(bench, job, {
        ...{ route: 'north', budgetCents, hours: { ann: 9, bob: 11 } },
        job: { crewLeadId: workerId('lea') },
      });
    await bench.settle();
    for (const [job, leadPay] of [
      ['under', '10.00'],
      ['over', '5.00'],
    ] as const) {
      const path = `/v1/propays/${proPayOf(job)}`;
      const { headers } = await call('GET', path);
      expect((await call('PATCH', path, { body: { leadPay }, headers: { 'if-match': headers.etag! } })).status).toBe(200);
    }
    await bench.settle();
    const told = async () => (await call<{ leadPay: object[] }>('GET', `/v1/groups/${WEEK}/explain`)).body.leadPay;
    const lea = [{ workerId: workerId('lea'), role: 'crew_lead', amount: '15.00' }];
    expect(await told()).toMatchObject(lea);
    expect((await approve()).status).toBe(200);
    const [one] = (await told()) as { amount: string; leaves: { entity: string; id: string; amount: string }[] }[];
    expect(one!.amount).toBe('15.00');
    expect(one!.leaves.reduce((sum, { amount }) => sum + Number(amount.replace('.', '')), 0)).toBe(1_500);
    expect(one!.leaves.every(({ entity }) => entity === 'job')).toBe(true);
  });

  it('the distinct ones of all members share their pools once, whatever their own hours', async () => {
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, crewBp: 8_000, crewLeadBp: 1_000, managerBp: 1_000 })),
    }));
    const people = { crewLeadId: workerId('lea'), managerId: workerId('max') };
    await putStop(bench, 'under', { route: 'north', budgetCents: 66_000, hours: { ann: 12, bob: 8 }, job: people });
    await putStop(bench, 'over', {
      route: 'north',
      budgetCents: 30_000,
      hours: { ann: 9, bob: 11 },
      job: { ...people, crewLeadId: workerId('lou') },
    });
    await bench.settle();
    const { body } = await approve();
    const amounts = body.lineItems.map(({ workerId: id, role, amount }) => [role, id, amount]);
    expect(amounts.filter(([role]) => role !== 'crew').sort()).toEqual(
      [
        ['crew_lead', workerId('lea'), '8.00'],
        ['crew_lead', workerId('lou'), '8.00'],
        ['manager', workerId('max'), '16.00'],
      ].sort(),
    );
    expect(
      amounts
        .filter(([role]) => role === 'crew')
        .map(([, , amount]) => amount)
        .sort(),
    ).toEqual(['60.80', '67.20']);
  });

  it('a member without a manager is named, and yields to a reason', async () => {
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, crewBp: 9_000, managerBp: 1_000 })),
    }));
    await putStop(bench, 'under', {
      route: 'north',
      budgetCents: 66_000,
      hours: { ann: 12, bob: 8 },
      job: { managerId: workerId('max') },
    });
    await putStop(bench, 'over', { route: 'north', budgetCents: 30_000, hours: { ann: 9, bob: 11 } });
    await bench.settle();
    const refused = await approve();
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'manager-missing', blockers: [{ propayIds: [proPayOf('over')] }] },
    });
    const accept = [{ code: 'manager-missing', reason: 'max looks after both' }];
    expect((await approve({ accept })).status).toBe(200);
  });
});

describe('amounts by hand (B-70)', () => {
  it('divide the pool of the group, and have to fit it at the approval', async () => {
    await example();
    const byHand = (ann: string, bob: string) =>
      patch({
        distribution: {
          formula: 'manual',
          amounts: [
            { workerId: ANN, amount: ann },
            { workerId: BOB, amount: bob },
          ],
        },
      });
    expect(await byHand('100.00', '50.00')).toMatchObject({ status: 422, body: { code: 'manual-sum-mismatch' } });
    expect(paid((await byHand('100.00', '60.00')).body.result)).toEqual({ ann: '100.00', bob: '60.00' });
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 1 });
    await bench.settle();
    expect((await get()).body).toMatchObject({ ready: false, result: { outcome: 'does-not-apply' }, conflicts: [] });
    expect(await approve()).toMatchObject({ status: 422, body: { code: 'manual-sum-mismatch' } });
    expect(paid((await byHand('90.00', '50.00')).body.result)).toEqual({ ann: '90.00', bob: '50.00' });
    expect((await approve()).status).toBe(200);
  });
});

describe('after the approval', () => {
  it('is taken back as a whole: items voided, members Active with present figures, and approved again with new items', async () => {
    await example();
    const first = (await approve()).body.lineItems.map(({ id }) => id);
    await bench.settle();
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2 });
    await bench.settle();
    expect((await get()).body.sourceChange).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-40.00' });
    const taken = await unapprove();
    expect(taken.body).toMatchObject({ status: 'Active', sourceChange: null, result: { savings: '120.00' }, lineItemIds: [] });
    expect(await proPay('over')).toMatchObject({ status: 'Active', approval: null, result: { savings: '-140.00' } });
    const { body: items } = await call<{ items: { status: string }[] }>('GET', '/v1/line-items', {
      query: { groupId: WEEK } as never,
    });
    expect(items.items.map(({ status }) => status)).toEqual(['Voided', 'Voided']);
    const again = await approve();
    expect(again.body.approval).toMatchObject({ total: '120.00' });
    for (const { id } of again.body.lineItems) expect(first).not.toContain(id);
  });

  it('is Paid with its last item, members too, and nothing of it can be taken back then', async () => {
    await example();
    await approve();
    await bench.settle();
    const [one, two] = await statements();
    expect((await pay(one!.id)).status).toBe(200);
    await bench.settle();
    expect((await get()).body.status).toBe('Approved');
    expect(await unapprove()).toMatchObject({ status: 409, body: { code: 'partly-paid' } });
    expect((await pay(two!.id)).status).toBe(200);
    await bench.settle();
    expect((await get()).body.status).toBe('Paid');
    for (const job of ['under', 'over']) expect(await proPay(job)).toMatchObject({ status: 'Paid' });
    expect(await unapprove()).toMatchObject({ status: 409, body: { code: 'paid-is-final' } });
    const list = await call<{ items: unknown[] }>('GET', '/v1/groups', { query: { status: 'Paid' } as never });
    expect(list.body.items).toHaveLength(1);
    // Reopened statements bring all of it back at once, whether the stream has told the group or not.
    for (const { id } of [one!, two!]) {
      const reopened = await call('POST', `/v1/statements/${id}/reopen`, { body: { reason: 'wrong day' }, headers: key() });
      expect(reopened.status).toBe(200);
    }
    expect((await get()).body.status).toBe('Paid');
    expect(await unapprove()).toMatchObject({ status: 200, body: { status: 'Active', lineItemIds: [] } });
    await bench.settle();
    expect((await get()).body).toMatchObject({ status: 'Active', approval: null });
    for (const job of ['under', 'over']) expect(await proPay(job)).toMatchObject({ status: 'Active', approval: null });
  });

  it('its sources are compared as a group: amounts stand, the difference shows on the group (B-96, X-22)', async () => {
    await example();
    await approve();
    await bench.settle();
    await putTime(bench, { id: 'over-bob', worker: 'bob', job: 'over', hours: 15, date: '2026-03-03' });
    await bench.settle();
    // Four hours at 20.00: the pool of 160.00 would be 80.00, by 21 and 23 hours.
    const { body } = await get();
    expect(body).toMatchObject({ status: 'Approved', sourceChange: { state: 'Open', deltaSeconds: 14_400, delta: '-80.00' } });
    expect(paid(body.result)).toEqual({ ann: '84.00', bob: '76.00' });
    const member = await call('POST', `/v1/propays/${proPayOf('over')}/source-changes/accept`, {
      body: { inputsVersion: 'x', reason: 'as measured' },
      headers: key(),
    });
    expect(member).toMatchObject({ status: 409, body: { code: 'member-of-group', groupId: WEEK } });
    await putTime(bench, { id: 'over-bob', worker: 'bob', job: 'over', hours: 11, date: '2026-03-03' });
    await bench.settle();
    expect((await get()).body.sourceChange).toBeNull();
  });

  it('a member that the source cancels saves nothing and keeps its hours', async () => {
    await example();
    await approve();
    await bench.settle();
    await putStop(bench, 'over', { route: 'north', budgetCents: 30_000, hours: {}, job: { status: 'canceled' } });
    await bench.settle();
    expect((await get()).body.sourceChange).toMatchObject({ state: 'Open', deltaSeconds: 0, delta: '100.00' });
    expect(await proPay('over')).toMatchObject({ status: 'Approved' });
  });

  it('a member is explained from the snapshot of its group', async () => {
    await example();
    await approve();
    await putTime(bench, { id: 'late', worker: 'bob', job: 'under', hours: 2 });
    await bench.settle();
    const { status, body } = await call<{ snapshotId: string; nodes: { id: string; value: unknown }[] }>(
      'GET',
      `/v1/propays/${proPayOf('under')}/explain`,
    );
    expect(status).toBe(200);
    expect(body.snapshotId).not.toBeNull();
    expect(body.nodes.find(({ id }) => id === `B-50/${proPayOf('under')}/savings`)).toMatchObject({ value: 26_000 });
  });
});

describe('members that change their state', () => {
  const act = (job: string, what: string, body: object) => call('POST', `/v1/propays/${proPayOf(job)}/${what}`, { body });

  it('a canceled one leaves its group, a restored one comes back, a deleted one is gone', async () => {
    await example();
    expect((await act('over', 'cancel', { reason: 'entered twice' })).status).toBe(200);
    await bench.settle();
    expect((await get()).body).toMatchObject({ propayIds: [proPayOf('under')], result: { savings: '260.00' } });
    expect((await act('over', 'restore', {})).body).toMatchObject({ status: 'Active', groupId: WEEK });
    await bench.settle();
    expect((await get()).body.result).toMatchObject({ savings: '160.00' });
    const { headers } = await call('GET', `/v1/propays/${proPayOf('over')}`);
    await call('DELETE', `/v1/propays/${proPayOf('over')}`, { headers: { 'if-match': headers.etag! } });
    expect((await get()).body).toMatchObject({ propayIds: [proPayOf('under')], result: { savings: '260.00' } });
  });

  it('one made by hand joins the group of its route period, and every edit of a member is seen at once', async () => {
    await bench.context((context) => ({ ...context, autoCreate: false }));
    await putExample(bench, 'north');
    await bench.settle();
    for (const job of ['under', 'over'])
      expect(await call('POST', '/v1/propays', { body: { jobId: idOf('job', job) } })).toMatchObject({
        status: 201,
        body: { groupId: WEEK },
      });
    expect((await get()).body.result).toMatchObject({ savings: '160.00' });
    const { headers } = await call('GET', `/v1/propays/${proPayOf('over')}`);
    const body = { adjustment: { type: 'manual_amount', value: '500.00' } };
    await call('PATCH', `/v1/propays/${proPayOf('over')}`, { body, headers: { 'if-match': headers.etag! } });
    expect((await get()).body.result).toMatchObject({ savings: '360.00' });
  });

  it('several groups are approved at once, each for itself', async () => {
    await example();
    await putStop(bench, 'next', { route: 'north', budgetCents: 5_000, hours: { ann: 1 }, date: '2026-03-09' });
    await bench.settle();
    const items = await Promise.all([WEEK, NEXT].map(async (id) => ({ id, inputsVersion: (await get(id)).body.inputsVersion })));
    const { body } = await call<{ accepted: string[]; refused: { id: string; problem: { code: string } }[] }>(
      'POST',
      '/v1/groups/bulk-approve',
      { body: { items }, headers: key() },
    );
    expect(body).toMatchObject({ accepted: [WEEK], refused: [{ id: NEXT, problem: { code: 'not-complete' } }] });
  });
});
