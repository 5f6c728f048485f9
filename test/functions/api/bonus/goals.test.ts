import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { BRANCH, csatTemplate, goalDesk } from '#test/support/goal-world.ts';

let bench: BonusBench;
let desk: ReturnType<typeof goalDesk>;
beforeEach(async () => {
  bench = await startBonusBench({ start: '2026-04-02T12:00:00.000Z' });
  desk = goalDesk(bench);
  await putBranch(bench);
  for (const name of ['ann', 'bob', 'max']) await putWorker(bench, name, null);
  await bench.settle();
});
afterEach(() => bench.stop());

const [ann, bob, max] = [workerId('ann'), workerId('bob'), workerId('max')];

describe('a goal from its template to paid statements', () => {
  it('pays exactly one tier to each, once (B-165, B-167)', async () => {
    const id = await desk.start(await desk.live());
    expect(await desk.goal(id)).toMatchObject({
      status: 'Active',
      ready: false,
      period: { startDate: '2026-03-01', endDate: '2026-03-31' },
      result: { outcome: 'cannot-tell', missing: [ann, bob, max].map((one) => `value:${one}`).sort(), participants: 3 },
    });
    const entered = await desk.enter(id, {
      values: [
        { workerId: ann, value: 9_200 },
        { workerId: bob, value: 9_600 },
        { workerId: max, value: 8_999 },
      ],
    });
    expect(entered.status).toBe(200);
    const of = new Map(entered.body.values.map(({ workerId: who, tierIndex, reward }) => [who, [tierIndex, reward]]));
    expect([of.get(ann), of.get(bob), of.get(max)]).toEqual([
      [0, '100.00'],
      [1, '200.00'],
      [null, '0.00'],
    ]);
    const approved = await desk.approve(id);
    expect(approved).toMatchObject({
      status: 200,
      body: { status: 'Approved', approval: { approvalDate: '2026-03-31', total: '300.00' }, result: { total: '300.00' } },
    });
    const items = approved.body.lineItems!;
    expect(items.map((item) => [item.workerId, item.amount, item.category, item.part, item.role, item.type])).toEqual(
      [
        [ann, '100.00', 'pro_goal', 'main', null, 'bonus'],
        [bob, '200.00', 'pro_goal', 'main', null, 'bonus'],
      ].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    );
    expect(items[0]).toMatchObject({
      source: { goalId: id },
      workFrom: '2026-03-01',
      workTo: '2026-03-31',
      status: 'In Process',
      approvalDate: '2026-03-31',
    });
    expect((await desk.goal(id)).lineItemIds).toEqual(items.map((item) => item.id));
    const listed = await bench.api.call<{ items: { id: string }[] }>('GET', '/v1/line-items', { query: { goalId: id } });
    expect(listed.body.items.map((item) => item.id).sort()).toEqual(items.map((item) => item.id).sort());
    const none = await bench.api.call<{ items: unknown[] }>('GET', '/v1/line-items', { query: { goalId: id, propayId: 'x' } });
    expect(none.body.items).toEqual([]);
    await bench.settle();
    const statements = await desk.get<{ items: { id: string; payable: string; workerId: string }[] }>('/v1/statements');
    expect(statements.body.items.map(({ payable }) => payable).sort()).toEqual(['100.00', '200.00']);
    bench.api.pass(30 * 86_400);
    for (const [index, { id: statementId }] of statements.body.items.entries()) {
      expect((await desk.post(`/v1/statements/${statementId}/pay`, { payDate: '2026-04-17' })).status).toBe(200);
      await bench.settle();
      const after = await desk.goal(id);
      expect(after.status).toBe(index === 0 ? 'Approved' : 'Paid');
      expect(await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'late' })).toMatchObject({
        status: 409,
        body: { code: index === 0 ? 'partly-paid' : 'paid-is-final' },
      });
    }
    const { body } = await desk.get<{ items: { action: string }[] }>('/v1/audit');
    expect(body.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['goal.started', 'goal.results_entered', 'goal.approved', 'goal.paid']),
    );
    // Reopened statements bring it back at once, whether the stream has told the goal or not.
    for (const { id: statementId } of statements.body.items)
      expect((await desk.post(`/v1/statements/${statementId}/reopen`, { reason: 'wrong day' })).status).toBe(200);
    expect((await desk.goal(id)).status).toBe('Paid');
    expect(await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'late' })).toMatchObject({ status: 200 });
    await bench.settle();
    expect((await desk.goal(id)).status).toBe('Active');
  });

  it('holds back what its template says, on the calendar of each worker’s branch (B-121, B-130, B-162)', async () => {
    await putBranch(bench, 'b2');
    await bench.settle();
    await bench.context((context) => ({
      ...context,
      branches: {
        ...context.branches,
        [BRANCH]: { ...context.branches[BRANCH]!, payCalendar: { frequency: 'monthly', startDay: 1 } },
      },
    }));
    const pool = { waitingDays: 14, retentionBp: 2_000, retentionDays: 90, warrantyBp: 1_000, warrantyDays: 365 };
    const id = await desk.start(await desk.live({ ...csatTemplate(), pool, participants: { type: 'named', workerIds: [ann] } }));
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const { body } = await desk.approve(id, { approvalDate: '2026-03-02' });
    expect(body.lineItems!.map(({ part, amount, releaseOn, status }) => [part, amount, releaseOn, status])).toEqual([
      ['main', '140.00', '2026-03-16', 'In Process'],
      ['retention', '40.00', '2026-05-31', 'Held'],
      ['warranty', '20.00', '2027-03-02', 'Held'],
    ]);
    expect(body.lineItems!.every((item) => item.id.startsWith(`${ann}.${BRANCH}.`))).toBe(true);
  });

  it('is unapproved while nothing is paid, and approved again with new items', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const first = (await desk.approve(id)).body.lineItems!;
    expect(await desk.enter(id, { values: [] })).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    expect(await desk.post(`/v1/pro-goals/${id}/cancel`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'approved-unapprove-first' },
    });
    const undone = await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'wrong survey' });
    expect(undone).toMatchObject({ status: 200, body: { status: 'Active', approval: null, lineItemIds: [], ready: true } });
    for (const { id: itemId } of first)
      expect((await desk.get(`/v1/line-items/${itemId}`)).body).toMatchObject({ status: 'Voided', statementId: null });
    await desk.enter(id, { values: [{ workerId: null, value: 9_200 }] });
    const second = (await desk.approve(id)).body;
    expect(second.lineItems!.map(({ amount }) => amount)).toEqual(['100.00', '100.00', '100.00']);
    expect(second.lineItems!.filter((item) => first.some((one) => one.id === item.id))).toEqual([]);
    await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'not held' });
    expect(await desk.post(`/v1/pro-goals/${id}/cancel`, { reason: 'not held' })).toMatchObject({
      status: 200,
      body: { status: 'Canceled', canceledReason: 'not held', result: null },
    });
    expect(await desk.approve(id, { inputsVersion: 'x' })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
  });

  it('lets exactly one of unapprove and pay succeed (fault 63)', async () => {
    const id = await desk.start(await desk.live({ ...csatTemplate(), participants: { type: 'named', workerIds: [ann] } }));
    await desk.enter(id, { values: [{ workerId: ann, value: 9_600 }] });
    await desk.approve(id);
    await bench.settle();
    bench.api.pass(30 * 86_400);
    const { body } = await desk.get<{ items: { id: string }[] }>('/v1/statements');
    const [pay, undo] = await Promise.all([
      desk.post(`/v1/statements/${body.items[0]!.id}/pay`, { payDate: '2026-04-17' }),
      desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'wrong' }),
    ]);
    expect([pay.status, undo.status].filter((status) => status === 200)).toHaveLength(1);
  });
});

describe('an approval', () => {
  it('needs a value or an exclusion for everybody, and says who lacks one (B-163)', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: ann, value: 9_600 }] });
    expect(await desk.approve(id)).toMatchObject({
      status: 409,
      body: { code: 'cannot-tell', missing: [bob, max].map((one) => `value:${one}`).sort() },
    });
    await desk.enter(id, {
      values: [
        { workerId: ann, value: 9_600 },
        { workerId: bob, excluded: 'on leave all month' },
        { workerId: max, value: 0 },
      ],
    });
    const { body } = await desk.approve(id);
    expect(body.lineItems!.map((item) => [item.workerId, item.amount])).toEqual([[ann, '200.00']]);
    const { values } = await desk.results(id);
    expect(values.find((one) => one.workerId === bob)).toMatchObject({
      value: null,
      excluded: { by: 'hand', reason: 'on leave all month' },
      reward: '0.00',
    });
  });

  it('of figures that have changed is refused with the new ones, and nothing is approved', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_200 }] });
    const { inputsVersion } = await desk.goal(id);
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const answer = await desk.post<{ inputsVersion: string }>(`/v1/pro-goals/${id}/approve`, { inputsVersion });
    expect(answer).toMatchObject({ status: 409, body: { code: 'inputs-changed', result: { total: '600.00' } } });
    const { rewards } = answer.body as unknown as { rewards: readonly { workerId: string; reward: string }[] };
    expect(rewards.map(({ reward }) => reward)).toEqual(['200.00', '200.00', '200.00']);
    const everybody = [ann, bob, max].sort().map((workerId) => ({ workerId, role: null, difference: '100.00' }));
    expect(answer.body).toMatchObject({ difference: { savings: null, total: '300.00', byWorker: everybody } });
    // Of figures that were never the goal's nothing can be said.
    const unknown = await desk.post(`/v1/pro-goals/${id}/approve`, { inputsVersion: 'of another day' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'inputs-changed', difference: null } });
    const again = await desk.post(`/v1/pro-goals/${id}/approve`, { inputsVersion: answer.body.inputsVersion });
    expect(again.status).toBe(200);
  });

  it('happens once: of two at once one wins, and a repeated key gets the same answer', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const [one, two] = await Promise.all([desk.approve(id), desk.approve(id)]);
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    const lost = one.status === 409 ? one : two;
    expect(lost.body.code).toBe('approved-unapprove-first');
    await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'again' });
    const { inputsVersion } = await desk.goal(id);
    const body = { inputsVersion };
    const first = await desk.post(`/v1/pro-goals/${id}/approve`, body, { key: 'same' });
    const repeated = await desk.post(`/v1/pro-goals/${id}/approve`, body, { key: 'same' });
    expect(repeated.body).toEqual(first.body);
    const { body: list } = await bench.api.call<{ items: unknown[] }>('GET', '/v1/line-items', {
      query: { status: 'In Process' },
    });
    expect(list.items).toHaveLength(3);
    expect(await bench.api.call('POST', `/v1/pro-goals/${id}/approve`, { body })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-required' },
    });
  });

  it('of a period that still runs has to be accepted; the date lies from its first day to today', async () => {
    const id = await desk.start(await desk.live(), '2026-04-01');
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    expect(await desk.approve(id)).toMatchObject({ status: 409, body: { code: 'period-open' } });
    const accept = [{ code: 'period-open', reason: 'the survey closed early' }];
    for (const approvalDate of ['2026-03-31', '2026-04-03'])
      expect(await desk.approve(id, { accept, approvalDate })).toMatchObject({
        status: 422,
        body: { code: 'approval-date-out-of-range' },
      });
    expect(await desk.approve(id, { accept })).toMatchObject({
      status: 200,
      body: { approval: { approvalDate: '2026-04-02', accepted: accept } },
    });
  });

  it('waits for answers and amounts; failures and penalties reach one participant alone (B-166)', async () => {
    await bench.context((context) => ({
      ...context,
      disqualifiers: [{ id: 'q1', name: 'No accident', category: 'Safety', revision: 1 }],
      penalties: [{ id: 'p1', name: 'Complaint', category: 'Customer', kind: 'set_at_approval', amountCents: null, revision: 1 }],
    }));
    const id = await desk.start(await desk.live({ ...csatTemplate(), disqualifierIds: ['q1'], penaltyIds: ['p1'] }));
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    expect(await desk.approve(id)).toMatchObject({ status: 409, body: { code: 'disqualifier-pending' } });
    const passed = [{ key: 'q1', state: 'passed' }];
    const values = (amount?: string) => [
      { workerId: null, value: 9_600, disqualifiers: passed },
      { workerId: ann, penalties: [{ key: 'p1', count: 3, ...(amount === undefined ? {} : { amount }) }] },
      { workerId: bob, disqualifiers: [{ key: 'q1', state: 'failed', note: 'ladder' }] },
    ];
    await desk.enter(id, { values: values() });
    expect(await desk.approve(id)).toMatchObject({ status: 422, body: { code: 'penalty-amount-missing' } });
    await desk.enter(id, { values: values('70.00') });
    const { values: rows } = await desk.results(id);
    expect(rows.find((one) => one.workerId === ann)).toMatchObject({ tierReward: '200.00', reward: '0.00', excluded: null });
    expect(rows.find((one) => one.workerId === bob)).toMatchObject({
      reward: '0.00',
      excluded: { by: 'disqualifier', reason: 'No accident' },
    });
    const { body } = await desk.approve(id);
    expect(body.lineItems!.map((item) => [item.workerId, item.amount])).toEqual([[max, '200.00']]);
  });

  it('of oneself is marked', async () => {
    const tokenId = await bench.api.grant('admin', { workerId: ann });
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    expect((await desk.approve(id, {}, { tokenId })).status).toBe(200);
    const { body } = await bench.api.call<{ items: { action: string; selfApproved?: boolean }[] }>('GET', '/v1/audit', {
      query: { entityId: id },
    });
    expect(body.items.find(({ action }) => action === 'goal.approved')?.selfApproved).toBe(true);
  });

  it('that dies before or after any of its writes is the same approval when it is tried again (I3)', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const body = { inputsVersion: (await desk.goal(id)).inputsVersion };
    const approve = () => desk.post<{ lineItems: unknown[] }>(`/v1/pro-goals/${id}/approve`, body, { key: 'one' });
    const { table } = bench;
    for (const at of [0, 1])
      for (const late of [false, true]) {
        let writes = 0;
        const write: typeof table.write = async (...given) => {
          const dies = writes++ === at;
          if (dies && !late) throw new Error('died before');
          const outcome = await table.write(...given);
          if (dies) throw new Error('died after');
          return outcome;
        };
        Object.assign(bench.api.ports, { table: { ...table, write } });
        expect((await approve()).status).toBe(500);
      }
    Object.assign(bench.api.ports, { table });
    expect((await approve()).body.lineItems).toHaveLength(3);
    const { body: list } = await bench.api.call<{ items: unknown[] }>('GET', '/v1/line-items', { query: { goalId: id } });
    expect(list.items).toHaveLength(3);
  });

  it('that meets a value entered after its reading answers with the new figures, and approves nothing', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const { inputsVersion } = await desk.goal(id);
    const { table } = bench;
    let met = false;
    const write: typeof table.write = async (scope, actions, token) => {
      if (!met && actions.length > 3) {
        met = true;
        await desk.enter(id, { values: [{ workerId: null, value: 9_200 }] });
      }
      return table.write(scope, actions, token);
    };
    Object.assign(bench.api.ports, { table: { ...table, write } });
    expect(await desk.post(`/v1/pro-goals/${id}/approve`, { inputsVersion })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', result: { total: '300.00' } },
    });
    expect((await desk.goal(id)).status).toBe('Active');
  });

  it('of 300 people makes 300 items or none, and voids them again', async () => {
    const names = Array.from({ length: 297 }, (_, index) => `crew${index}`);
    for (const name of names) await putWorker(bench, name, null);
    const id = await desk.start(await desk.live());
    const ids = [...names.map(workerId), ann, bob, max];
    const csv = `worker id,value\n${ids.map((one, index) => `${one},${index % 2 === 0 ? 9_600 : 9_200}`).join('\n')}\n`;
    expect((await desk.enter(id, { csv })).body.values).toHaveLength(300);
    const { inputsVersion } = await desk.goal(id);
    const body = { inputsVersion };
    const done = await desk.post<{ lineItems: { amount: string }[]; approval: { total: string } }>(
      `/v1/pro-goals/${id}/approve`,
      body,
      { key: 'many' },
    );
    expect([done.status, done.body.lineItems.length, done.body.approval.total]).toEqual([200, 300, '45000.00']);
    expect((await desk.post(`/v1/pro-goals/${id}/approve`, body, { key: 'many' })).body).toEqual(done.body);
    const total = done.body.lineItems.reduce((sum, { amount }) => sum + Number.parseInt(amount.replace('.', ''), 10), 0);
    expect(total).toBe(4_500_000);
    expect((await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'wrong list' })).status).toBe(200);
    const left = await bench.api.call<{ items: unknown[] }>('GET', '/v1/line-items', { query: { status: 'In Process' } });
    expect(left.body.items).toEqual([]);
  });
});
