import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';

/** Approved money and its sources (B-96, B-97; faults 61, 70; ). */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

interface Changes {
  state: string | null;
  inputsVersion: string;
  deltaSeconds: number | null;
  delta: string | null;
  byWorker: { workerId: string; role: string; difference: string }[];
  records: { entity: string; id: string; sourceId: string | null }[];
  causes: string[];
  runId: string | null;
  lineItems: Item[];
  code?: string;
  [field: string]: unknown;
}
interface Item {
  id: string;
  workerId: string;
  type: string;
  category: string;
  amount: string;
  status: string;
  role: string;
  statementId: string | null;
  [field: string]: unknown;
}

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const [ann, bob, lea, max] = ['ann', 'bob', 'lea', 'max'].map(workerId) as [string, string, string, string];
const path = `/v1/propays/${id}`;
let keys = 0;
const key = () => ({ 'idempotency-key': `sc-${++keys}` });
const changes = async (options = {}) => (await bench.api.call<Changes>('GET', `${path}/source-changes`, options)).body;
const decide = (verdict: 'accept' | 'dismiss', body: object = {}, options = {}) =>
  bench.api.call<Changes>('POST', `${path}/source-changes/${verdict}`, {
    body: { reason: 'hours confirmed', ...body },
    headers: key(),
    ...options,
  });
const decideNow = async (verdict: 'accept' | 'dismiss', body: object = {}) =>
  decide(verdict, { inputsVersion: (await changes()).inputsVersion, ...body });
const items = async () =>
  (await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { query: { propayId: id, limit: '100' } as never })).body
    .items;
const amounts = async (wanted: (item: Item) => boolean) =>
  (await items()).filter(wanted).map(({ workerId: who, role, amount }) => [who, role, amount]);

async function approve(): Promise<void> {
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', path)).body;
  const { status, body } = await bench.api.call('POST', `${path}/approve`, { body: { inputsVersion }, headers: key() });
  expect([status, body]).toEqual([200, expect.anything()]);
  await bench.settle();
}

/** 80 h budget, 60 h worked: 250.00 approved as 87.50, 87.50, 50.00 and 25.00. */
async function approvedFence(): Promise<void> {
  await seedFence(bench);
  await bench.settle();
  await approve();
}

const annWorks = async (hours: number) => {
  await putTime(bench, { id: 't00', worker: 'ann', job: 'fence', hours, date: '2026-03-02' }, {}, RUN);
  await bench.settle();
};
const RUN = { lastChangedRunId: 'RUN-7', lastChangedAt: '2026-03-10T11:59:00.000Z' };

describe('a difference', () => {
  it('is told in hours, money, people, records and the run, and moves nothing by itself', async () => {
    await approvedFence();
    expect(await changes()).toMatchObject({ state: null, deltaSeconds: 0, delta: '0.00', byWorker: [], records: [] });
    // 64 h: savings 400.00, share 200.00: crew 140.00 over 34 h and 30 h, lead 40.00, manager 20.00.
    await annWorks(14);
    expect(await changes()).toMatchObject({
      state: 'Open',
      deltaSeconds: 14_400,
      delta: '-50.00',
      byWorker: [
        { workerId: ann, role: 'crew', difference: '-13.13' },
        { workerId: bob, role: 'crew', difference: '-21.87' },
        { workerId: lea, role: 'crew_lead', difference: '-10.00' },
        { workerId: max, role: 'manager', difference: '-5.00' },
      ].sort((a, b) => order(a.role) - order(b.role) || (a.workerId < b.workerId ? -1 : 1)),
      records: [{ entity: 'time_entry', sourceId: 't00' }],
      causes: [],
      runId: 'RUN-7',
    });
    expect((await items()).map((item) => item.category)).toEqual(['propay', 'propay', 'propay', 'propay']);
    // A worker sees the own part, and not the whole.
    const own = await bench.api.grant('worker', { workerId: bob });
    const seen = await changes({ tokenId: own });
    expect(seen.byWorker).toEqual([{ workerId: bob, role: 'crew', difference: '-21.87' }]);
    expect(seen).not.toHaveProperty('delta');
    expect((await bench.api.call('GET', `${path}/source-changes`, { tenant: 'rival1' })).status).toBe(404);
  });

  it('shows hours that change no money, and is settled without any item', async () => {
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'fence', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', managerId: max });
    await bench.context((context) => ({ ...context, budgetType: 'labor_budget' }));
    await putBudget(bench, 'fence', null, 0, { laborAmountCents: 100_000 });
    await putTime(bench, { id: 't1', worker: 'ann', job: 'fence', hours: 10 });
    await bench.settle();
    await approve();
    // A second more costs less than a cent at 25.00.
    await putTime(bench, { id: 't1', worker: 'ann', job: 'fence', hours: 10 }, { durationSeconds: 36_001 });
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 1, delta: '0.00', byWorker: [] });
    expect(await decideNow('accept')).toMatchObject({ status: 200, body: { state: 'Accepted', deltaSeconds: 0, lineItems: [] } });
    expect((await bench.api.call<{ sourceChange: unknown }>('GET', path)).body.sourceChange).toBeNull();
  });

  it('is cleared when the sources come back, and opens again', async () => {
    await approvedFence();
    await annWorks(14);
    await annWorks(10);
    expect(await changes()).toMatchObject({ state: 'Cleared', deltaSeconds: 0, delta: '0.00', records: [] });
    expect(await decideNow('accept')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await annWorks(12);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-25.00' });
  });

  it('compares with the approved pool and choices, whatever the tenant has changed since', async () => {
    await approvedFence();
    await bench.context((context) => ({
      ...context,
      pools: [{ ...POOL, crewBp: 10_000, crewLeadBp: 0, managerBp: 0, splitBp: 10_000, revision: 2 }],
      excludedWorkerIds: [bob],
      driveTimeInCost: true,
    }));
    await bench.settle();
    expect((await changes()).state).toBeNull();
    await annWorks(14);
    expect(await changes()).toMatchObject({ delta: '-50.00' });
  });

  it('follows hours that come, go and change hands, and the budget', async () => {
    await approvedFence();
    await putTime(bench, { id: 'late', worker: 'bob', job: 'fence', hours: 2, date: '2026-03-05' }, {}, RUN);
    await bench.settle();
    expect(await changes()).toMatchObject({ deltaSeconds: 7_200, records: [{ sourceId: 'late' }], runId: 'RUN-7' });
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 2, date: '2026-03-05' }, {}, RUN);
    await bench.settle();
    const moved = await changes();
    expect(moved.byWorker.find((one) => one.workerId === ann)!.difference).toBe('-6.21');
    expect(moved.byWorker.find((one) => one.workerId === bob)!.difference).toBe('-11.29');
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 2 }, {}, { ...RUN, tombstone: TOMBSTONE });
    await putBudget(bench, 'fence', null, 84);
    await bench.settle();
    // 4 h more budget at 25.00: 100.00, half of it.
    expect(await changes()).toMatchObject({ deltaSeconds: 0, delta: '50.00', records: [{ entity: 'budget_info' }] });
  });
});

const order = (role: string): number => ['crew', 'crew_lead', 'manager', 'other'].indexOf(role);
const TOMBSTONE = { at: '2026-03-10T11:59:00.000Z', runId: 'RUN-8', reason: 'absent' } as const;

describe('accepting', () => {
  it('makes one item per person and role on the next open statement, and the baseline moves', async () => {
    await approvedFence();
    await annWorks(14);
    const before = (await changes()).inputsVersion;
    const { status, body } = await decide('accept', { inputsVersion: before });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'Accepted', deltaSeconds: 0, delta: '0.00', byWorker: [] });
    expect(
      body.lineItems.map(({ workerId: who, role, amount, type, category, status: is }) => [
        who,
        role,
        amount,
        type,
        category,
        is,
      ]),
    ).toEqual(
      [
        [ann, 'crew', '-13.13'],
        [bob, 'crew', '-21.87'],
        [lea, 'crew_lead', '-10.00'],
        [max, 'manager', '-5.00'],
      ]
        .sort((a, b) => order(a[1]!) - order(b[1]!) || (a[0]! < b[0]! ? -1 : 1))
        .map((one) => [...one, 'deduction', 'adjustment', 'In Process']),
    );
    for (const item of body.lineItems) expect(item.statementId).toContain(item.workerId);
    await bench.settle();
    const statements = await bench.api.call<{ items: { workerId: string; netBalance: string }[] }>('GET', '/v1/statements');
    expect(statements.body.items.find((one) => one.workerId === ann)!.netBalance).toBe('74.37');
    // A further change is measured against what was accepted: 16 h instead of 14 h.
    await annWorks(16);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-25.00' });
    // And all the way back raises what was lowered.
    await annWorks(10);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -14_400, delta: '50.00' });
    expect((await decideNow('accept')).body.lineItems.map((item) => item.type)).toEqual(['bonus', 'bonus', 'bonus', 'bonus']);
    const all = await items();
    for (const [who, total] of [
      [ann, 8_750],
      [bob, 8_750],
      [lea, 5_000],
      [max, 2_500],
    ] as const)
      expect(all.filter((one) => one.workerId === who).reduce((sum, one) => sum + centsOf(one.amount), 0)).toBe(total);
  });

  it('takes some people first and leaves the rest open, under a new version', async () => {
    await approvedFence();
    await annWorks(14);
    const seen = await changes();
    const first = await decide('accept', { inputsVersion: seen.inputsVersion, workerIds: [bob, max] });
    expect(first.body).toMatchObject({ state: 'Open', deltaSeconds: 14_400, delta: '-23.13' });
    expect(first.body.byWorker.map((one) => one.workerId).sort()).toEqual([ann, lea].sort());
    expect(first.body.lineItems.map((item) => item.amount).sort()).toEqual(['-21.87', '-5.00']);
    // The same people cannot be decided twice, and who saw the older figures is told.
    expect(await decide('accept', { inputsVersion: seen.inputsVersion })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', inputsVersion: first.body.inputsVersion, delta: '-23.13' },
    });
    const named = { inputsVersion: first.body.inputsVersion, workerIds: [bob] };
    expect(await decide('accept', named)).toMatchObject({ status: 422, body: { code: 'unknown-reference' } });
    expect(await decide('dismiss', { inputsVersion: first.body.inputsVersion })).toMatchObject({
      status: 200,
      body: { state: 'Dismissed', deltaSeconds: 0, delta: '0.00', lineItems: [] },
    });
    await annWorks(10);
    // What was accepted of bob and max, and what was dismissed of ann and lea, is the baseline now.
    expect((await changes()).byWorker).toHaveLength(4);
    expect(await amounts((item) => item.category === 'adjustment')).toHaveLength(2);
  });

  it('never lowers a person’s items of the ProPay below zero', async () => {
    await approvedFence();
    // The budget shrinks to nothing left: everybody would lose all of it, and voided items are gone already.
    const own = (await items()).find((item) => item.workerId === max)!;
    await bench.api.call('POST', `/v1/line-items/${own.id}/void`, { body: { reason: 'wrong person' }, headers: key() });
    await putBudget(bench, 'fence', null, 60);
    await bench.settle();
    expect(await changes()).toMatchObject({ delta: '-250.00' });
    const { body } = await decideNow('accept');
    expect(body.lineItems.map(({ workerId: who, amount }) => [who, amount]).sort()).toEqual(
      [
        [ann, '-87.50'],
        [bob, '-87.50'],
        [lea, '-50.00'],
      ].sort(),
    );
    const rest = (await items()).filter((item) => item.status !== 'Voided');
    expect(rest.reduce((sum, item) => sum + centsOf(item.amount), 0)).toBe(0);
    // Back to what was approved: what was taken comes back, and nothing of what was not.
    await putBudget(bench, 'fence', null, 80);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', delta: '225.00' });
    const back = (await decideNow('accept')).body.lineItems;
    expect(back.map(({ workerId: who, amount }) => [who, amount]).sort()).toEqual(
      [
        [ann, '87.50'],
        [bob, '87.50'],
        [lea, '50.00'],
      ].sort(),
    );
  });

  it('gives nothing back for a deduction that somebody voided, nor takes back a bonus that was', async () => {
    await approvedFence();
    const total = async (who: string) =>
      (await items())
        .filter((item) => item.workerId === who && item.status !== 'Voided')
        .reduce((sum, item) => sum + centsOf(item.amount), 0);
    const voidItem = (itemId: string) =>
      bench.api.call('POST', `/v1/line-items/${itemId}/void`, { body: { reason: 'left as it was' }, headers: key() });
    for (const hours of [14, 6]) {
      await annWorks(hours);
      const made = (await decideNow('accept')).body.lineItems.find((item) => item.workerId === lea)!;
      expect(made.amount).toBe(hours === 14 ? '-10.00' : '10.00');
      expect((await voidItem(made.id)).status).toBe(200);
      expect(await total(lea)).toBe(5_000);
      await annWorks(10);
      expect((await changes()).byWorker.map(({ workerId: who }) => who).sort()).toEqual([ann, bob, max].sort());
      await decideNow('accept');
      for (const [who, cents] of [
        [ann, 8_750],
        [bob, 8_750],
        [lea, 5_000],
        [max, 2_500],
      ] as const)
        expect(await total(who)).toBe(cents);
    }
  });

  it('asks again to look where an adjustment was voided after the figures were seen', async () => {
    await approvedFence();
    await annWorks(14);
    const made = (await decideNow('accept')).body.lineItems.find((item) => item.workerId === lea)!;
    await annWorks(10);
    const seen = await changes();
    await bench.api.call('POST', `/v1/line-items/${made.id}/void`, { body: { reason: 'left as it was' }, headers: key() });
    expect(await decide('accept', { inputsVersion: seen.inputsVersion })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', delta: '40.00' },
    });
  });

  it('takes nothing of an item that somebody voids while it is being accepted', async () => {
    await approvedFence();
    await annWorks(14);
    const { inputsVersion } = await changes();
    const own = (await items()).find((item) => item.workerId === lea)!;
    const { table } = bench.api.ports;
    let voided = false;
    const write: typeof table.write = async (scope, actions, token) => {
      const decides = actions.some((one) => one.kind === 'put' && one.item.et === 'dd');
      if (decides && !voided) {
        voided = true;
        const left = { body: { reason: 'wrong person' }, headers: key() };
        expect((await bench.api.call('POST', `/v1/line-items/${own.id}/void`, left)).status).toBe(200);
      }
      return table.write(scope, actions, token);
    };
    Object.assign(bench.api.ports, { table: { ...table, write } });
    const { status, body } = await decide('accept', { inputsVersion });
    Object.assign(bench.api.ports, { table });
    expect([status, body.state]).toEqual([200, 'Accepted']);
    expect(body.lineItems.map((item) => item.workerId).sort()).toEqual([ann, bob, max].sort());
    const standing = (await items()).filter((item) => item.workerId === lea && item.status !== 'Voided');
    expect(standing).toEqual([]);
  });

  it('refuses lowerings where deductions are blocked, and takes the raises (B-218)', async () => {
    await bench.context((context) => ({ ...context, state: 'CA' }));
    await approvedFence();
    // Ann's hours go to bob: he gains, she loses.
    await putTime(bench, { id: 't00', worker: 'bob', job: 'fence', hours: 10, date: '2026-03-02' });
    await bench.settle();
    const seen = await changes();
    expect(seen).toMatchObject({ deltaSeconds: 0, delta: '0.00' });
    expect(await decideNow('accept')).toMatchObject({ status: 409, body: { code: 'deductions-blocked', workerIds: [ann] } });
    const raised = await decideNow('accept', { workerIds: [bob] });
    expect(raised.body.lineItems.map((item) => [item.workerId, item.amount])).toEqual([[bob, '29.17']]);
    expect(await decideNow('dismiss')).toMatchObject({ status: 200, body: { state: 'Dismissed' } });
  });

  it('explains every adjusting item to the records that changed', async () => {
    await approvedFence();
    await annWorks(14);
    const { body } = await decideNow('accept');
    const explained = (
      await bench.api.call<{
        nodes: { id: string; inputs: { node?: string; record?: string; recordId?: string }[]; value: unknown }[];
        adjustments: { lineItemId: string; amount: string; node: string; records: { sourceId: string }[] }[];
      }>('GET', `${path}/explain`)
    ).body;
    const nodes = new Map(explained.nodes.map((node) => [node.id, node]));
    expect(explained.adjustments.map((one) => one.lineItemId)).toEqual(body.lineItems.map((item) => item.id));
    for (const node of explained.nodes)
      for (const input of node.inputs) if (input.node !== undefined) expect(nodes.has(input.node), input.node).toBe(true);
    for (const one of explained.adjustments) {
      expect(one.records.map((record) => record.sourceId)).toEqual(['t00']);
      expect(nodes.get(one.node)!.value).toBe(centsOf(one.amount));
      expect(recordsBelow(nodes, one.node)).toContain('time_entry');
    }
  });
});

const centsOf = (amount: string): number => Number(amount.replace('.', ''));

function recordsBelow(nodes: ReadonlyMap<string, { inputs: { node?: string; record?: string }[] }>, root: string): string[] {
  const found = new Set<string>();
  const waiting = [root];
  for (const id of waiting)
    for (const input of nodes.get(id)!.inputs) {
      if (input.record !== undefined) found.add(input.record);
      if (input.node !== undefined && !waiting.includes(input.node)) waiting.push(input.node);
    }
  return [...found];
}

describe('what happens to the work itself (fault 70)', () => {
  it('a job canceled after approval keeps its money and its hours and would save nothing (X-2)', async () => {
    await approvedFence();
    await putJob(bench, 'fence', { status: 'canceled', crewLeadId: lea, managerId: max }, RUN);
    await bench.settle();
    expect((await bench.api.call<{ status: string }>('GET', path)).body.status).toBe('Approved');
    expect(await changes()).toMatchObject({
      state: 'Open',
      causes: ['canceled'],
      deltaSeconds: 0,
      delta: '-250.00',
      records: [{ entity: 'job', sourceId: 'fence' }],
      runId: 'RUN-7',
    });
    const { body } = await decideNow('accept');
    expect(body.lineItems.map((item) => item.amount).sort()).toEqual(['-25.00', '-50.00', '-87.50', '-87.50']);
    // Opened again at the source: all of it back.
    await seedFence(bench);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', causes: [], delta: '250.00' });
  });

  it('work that goes back to unfinished or to another branch is flagged, once (X-5, X-11)', async () => {
    await approvedFence();
    await putJob(bench, 'fence', { status: 'in_progress', crewLeadId: lea, managerId: max }, RUN);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', causes: ['reopened'], deltaSeconds: 0, delta: '0.00' });
    expect(await decideNow('dismiss')).toMatchObject({ body: { state: 'Dismissed' } });
    await putJob(bench, 'fence', { status: 'in_progress', branchId: workerId('b9'), crewLeadId: lea, managerId: max }, RUN);
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', causes: ['reopened', 'moved'], records: [{ entity: 'job' }] });
    expect(await decideNow('accept')).toMatchObject({ status: 200, body: { state: 'Accepted', lineItems: [] } });
    const { body } = await bench.api.call<{ branchId: string; status: string }>('GET', path);
    expect(body).toMatchObject({ status: 'Approved' });
    expect(body.branchId).not.toBe(workerId('b9'));
  });

  it('an unapproval voids adjusting items as well and clears the difference; a new approval starts afresh (B-91)', async () => {
    await approvedFence();
    await annWorks(14);
    await decideNow('accept');
    await annWorks(16);
    expect((await changes()).state).toBe('Open');
    const undone = await bench.api.call<{ status: string; sourceChange: unknown }>('POST', `${path}/unapprove`, {
      body: { reason: 'again' },
      headers: key(),
    });
    expect(undone.body).toMatchObject({ status: 'Active', sourceChange: null });
    expect((await items()).map((item) => item.status)).toEqual(Array(8).fill('Voided'));
    expect((await changes()).state).toBeNull();
    expect(await decideNow('accept')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await approve();
    expect((await changes()).state).toBeNull();
    // 66 h: savings 350.00; 80 h budget less 68 h: 300.00.
    await annWorks(18);
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-25.00' });
  });
});

describe('two at once', () => {
  it('the same difference is accepted once, whoever asks how often', async () => {
    await approvedFence();
    await annWorks(14);
    const { inputsVersion } = await changes();
    const same = key();
    const answers = await Promise.all([
      decide('accept', { inputsVersion }),
      decide('accept', { inputsVersion }),
      decide('dismiss', { inputsVersion }),
      decide('accept', { inputsVersion }, { headers: same }),
      decide('accept', { inputsVersion }, { headers: same }),
    ]);
    const applied = answers.filter(({ status }) => status === 200);
    expect(applied.length).toBeGreaterThan(0);
    expect(new Set(applied.map(({ body }) => body.state)).size).toBe(1);
    for (const { status, body } of answers) if (status !== 200) expect([409, 503]).toContain(status ?? body.code);
    const made = (await items()).filter((item) => item.category === 'adjustment');
    expect(made.reduce((sum, item) => sum + centsOf(item.amount), 0)).toBe(applied[0]!.body.state === 'Accepted' ? -5_000 : 0);
  });

  it('who decides while the sources move on decides nothing, or what was seen', async () => {
    await approvedFence();
    await annWorks(14);
    const { inputsVersion } = await changes();
    await putTime(bench, { id: 't00', worker: 'ann', job: 'fence', hours: 18, date: '2026-03-02' });
    // Nobody has followed it yet, and still it is seen.
    const refused = await decide('accept', { inputsVersion });
    expect(refused).toMatchObject({ status: 409, body: { code: 'inputs-changed', deltaSeconds: 28_800, delta: '-100.00' } });
    expect(await changes()).toMatchObject({ state: 'Open', inputsVersion: refused.body.inputsVersion });
    const [accepted] = await Promise.all([
      decide('accept', { inputsVersion: refused.body.inputsVersion }),
      annWorks(20).catch(() => {}),
    ]);
    await bench.settle();
    const total = (await items()).reduce((sum, item) => sum + centsOf(item.amount), 0);
    const left = await changes();
    expect(accepted.status === 200 ? total : total - 10_000).toBe(15_000);
    expect(centsOf(left.delta!) + total).toBe(12_500);
  });
});
