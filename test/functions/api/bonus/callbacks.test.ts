import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackId } from '#model/ids.ts';
import { auditEntityPartition } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { checkLedger } from '#test/support/ledger.ts';

/** Rework of completed jobs (B-150 to B-154). */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

interface Callback {
  id: string;
  state: string;
  recognisedBy: string;
  inputsVersion: string | null;
  reworkSeconds: number | null;
  reworkCost: string | null;
  approvedSavings: string | null;
  recomputedSavings: string | null;
  difference: string | null;
  byWorker: { workerId: string; role: string; difference: string; fromReserve: string; deduction: string }[];
  missing: string[];
  lineItemIds: string[];
  lineItems: Item[];
  [field: string]: unknown;
}
interface Item {
  id: string;
  workerId: string;
  category: string;
  part: string;
  amount: string;
  status: string;
  releaseOn: string;
  replaces: string | null;
  statementId: string | null;
  source: Record<string, string>;
}

/** In the order of their ids, which decides about a cent that could be either's. */
const [ANN, BOB] = ['ann', 'bob'].sort((a, b) => (workerId(a) < workerId(b) ? -1 : 1)) as [string, string];
const [ann, bob] = [workerId(ANN), workerId(BOB)];
const id = firstProPayId({ jobId: jobId('roof'), milestoneId: null });
const path = `/v1/propays/${id}`;
const REWORK = callbackId({ originalJobId: jobId('roof'), jobId: jobId('redo') });
let keys = 0;
const key = () => ({ 'idempotency-key': `cb-${++keys}` });
const callback = async (of = REWORK, options = {}) =>
  (await bench.api.call<Callback>('GET', `/v1/callbacks/${of}`, options)).body;
const proPay = async () =>
  (await bench.api.call<Record<string, unknown> & { inputsVersion: string; result: Record<string, unknown> }>('GET', path)).body;
const items = async () =>
  (await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { query: { propayId: id, limit: '100' } as never })).body
    .items;
const decide = (verdict: 'accept' | 'dismiss', body: object = {}, of = REWORK, options = {}) =>
  bench.api.call<Callback>('POST', `/v1/callbacks/${of}/${verdict}`, { body, headers: key(), ...options });
const centsOf = (amount: string): number => Number(amount.replace('.', ''));
const owed = async (who: string) =>
  (await items())
    .filter((item) => item.workerId === who && item.status !== 'Voided')
    .reduce((sum, item) => sum + centsOf(item.amount), 0);

/** 2,000.00 for 64 h at 25.00: 400.00 saved, 200.00 shared as 125.00 and 75.00, a fifth of it held for a year against faults. */
async function roof(pool: object = { warrantyBp: 2_000, warrantyDays: 365 }): Promise<void> {
  await bench.context((context) => ({
    ...context,
    budgetType: 'labor_budget',
    pools: [{ ...POOL, crewBp: 10_000, crewLeadBp: 0, managerBp: 0, ...pool }],
  }));
  for (const name of ['ann', 'bob', 'cat']) await putWorker(bench, name, 250_000);
  await putJob(bench, 'roof', { status: 'completed', completedAt: '2026-03-04T20:00:00.000Z' });
  await putBudget(bench, 'roof', null, 0, { laborAmountCents: 200_000 });
  await putTime(bench, { id: 'a1', worker: ANN, job: 'roof', hours: 40, date: '2026-03-02' });
  await putTime(bench, { id: 'b1', worker: BOB, job: 'roof', hours: 24, date: '2026-03-02' });
  await bench.settle();
}

async function approved(pool?: object): Promise<void> {
  await roof(pool);
  await approve();
}
async function approve(): Promise<void> {
  const { inputsVersion } = await proPay();
  const { status, body } = await bench.api.call('POST', `${path}/approve`, { body: { inputsVersion }, headers: key() });
  expect([status, body]).toEqual([200, expect.anything()]);
  await bench.settle();
}

/** Rework by cat: 6 h at 25.00 are 150.00. */
async function redo(name = 'redo', { hours = 6, done = true, worker = 'cat' } = {}): Promise<void> {
  await putTime(bench, { id: `${name}-1`, worker, job: name, hours, date: '2026-03-08' });
  await putJob(bench, name, {
    parentJobId: jobId('roof'),
    startDate: '2026-03-08',
    status: done ? 'completed' : 'in_progress',
    completedAt: done ? '2026-03-09T20:00:00.000Z' : null,
  });
  await putBudget(bench, name, null, 0, { laborAmountCents: 90_000 });
  await bench.settle();
}

const byId = <T extends { workerId: string }>(list: T[]): T[] => [...list].sort((a, b) => (a.workerId < b.workerId ? -1 : 1));

describe('applied at once', () => {
  it('takes the reserve first and deducts the rest, to the cent of the published example', async () => {
    await approved();
    expect((await items()).map(({ workerId: who, part, amount }) => [who, part, amount]).sort()).toEqual(
      [
        [ann, 'main', '100.00'],
        [ann, 'warranty', '25.00'],
        [bob, 'main', '60.00'],
        [bob, 'warranty', '15.00'],
      ].sort(),
    );
    await redo();
    const applied = await callback();
    expect(applied).toMatchObject({
      state: 'Applied',
      recognisedBy: 'source',
      propayId: id,
      reworkSeconds: 21_600,
      reworkCost: '150.00',
      approvedSavings: '400.00',
      recomputedSavings: '250.00',
      difference: '75.00',
      decidedBy: 'system',
      byWorker: byId([
        { workerId: ann, role: 'crew', difference: '46.88', fromReserve: '25.00', deduction: '21.88' },
        { workerId: bob, role: 'crew', difference: '28.12', fromReserve: '15.00', deduction: '13.12' },
      ]),
    });
    const made = (await items()).filter((item) => item.category === 'callback');
    expect(made.map(({ workerId: who, amount, part, status, source }) => [who, amount, part, status, source]).sort()).toEqual(
      [
        [ann, '-21.88', 'main', 'In Process', { propayId: id, callbackId: REWORK }],
        [bob, '-13.12', 'main', 'In Process', { propayId: id, callbackId: REWORK }],
      ].sort(),
    );
    for (const item of made) expect(item.statementId).toContain(item.workerId);
    expect((await items()).filter((item) => item.part === 'warranty').map((item) => item.status)).toEqual(['Voided', 'Voided']);
    expect([await owed(ann), await owed(bob)]).toEqual([12_500 - 4_688, 7_500 - 2_812]);
    expect([(await checkLedger(bench, ANN)).drawn, (await checkLedger(bench, BOB)).drawn]).toEqual([2_500, 1_500]);
    // It earns no ProPay, costs the approval nothing else, and everything comes again without effect.
    const { body } = await bench.api.call<{ items: unknown[] }>('GET', '/v1/propays', {
      query: { jobId: jobId('redo') } as never,
    });
    expect(body.items).toEqual([]);
    expect(await proPay()).toMatchObject({ status: 'Approved', sourceChange: null, result: { savings: '400.00' } });
    await redo();
    expect((await items()).length).toBe(6);
    expect((await callback()).state).toBe('Applied');
  });

  it('leaves what is left of a reserve held until the same day', async () => {
    await approved();
    await redo('redo', { hours: 2 });
    expect([(await checkLedger(bench, ANN)).drawn, (await checkLedger(bench, BOB)).drawn]).toEqual([1_563, 937]);
    // 50.00 of rework: 25.00 less, 15.63 and 9.37, all out of the reserves.
    expect((await callback()).byWorker).toEqual(
      byId([
        { workerId: ann, role: 'crew', difference: '15.63', fromReserve: '15.63', deduction: '0.00' },
        { workerId: bob, role: 'crew', difference: '9.37', fromReserve: '9.37', deduction: '0.00' },
      ]),
    );
    const all = await items();
    const rest = all.filter((item) => item.part === 'warranty' && item.status === 'Held');
    expect(rest.map(({ workerId: who, amount, releaseOn }) => [who, amount, releaseOn]).sort()).toEqual(
      [
        [ann, '9.37', '2027-03-10'],
        [bob, '5.63', '2027-03-10'],
      ].sort(),
    );
    for (const item of rest) expect(all.find((one) => one.id === item.replaces)).toMatchObject({ status: 'Voided' });
    // The next one takes what is left, and counts what the first one took: 100.00 less in all.
    await redo('redo2', { hours: 6 });
    const second = await callback(callbackId({ originalJobId: jobId('roof'), jobId: jobId('redo2') }));
    expect(second).toMatchObject({ state: 'Applied', recomputedSavings: '200.00', difference: '75.00' });
    expect([await owed(ann), await owed(bob)]).toEqual([6_250, 3_750]);
  });

  it('never takes more than was approved, and draws the reserve alone where deductions are blocked (B-218)', async () => {
    await bench.context((context) => ({ ...context, state: 'CA' }));
    await approved();
    await redo('redo', { hours: 100 });
    expect(await callback()).toMatchObject({
      difference: '200.00',
      byWorker: byId([
        { workerId: ann, role: 'crew', difference: '125.00', fromReserve: '25.00', deduction: '0.00' },
        { workerId: bob, role: 'crew', difference: '75.00', fromReserve: '15.00', deduction: '0.00' },
      ]),
    });
    expect([await owed(ann), await owed(bob)]).toEqual([10_000, 6_000]);
    expect((await items()).some((item) => item.category === 'callback')).toBe(false);
  });

  it('is explained from rework and approval', async () => {
    await approved();
    await redo();
    const { body } = await bench.api.call<{
      nodes: { id: string; rule: string; value: unknown; inputs: { node?: string }[] }[];
      adjustments: { lineItemId: string; amount: string; node: string }[];
    }>('GET', `${path}/explain`);
    const nodes = new Map(body.nodes.map((node) => [node.id, node]));
    for (const node of body.nodes)
      for (const input of node.inputs) if (input.node !== undefined) expect(nodes.has(input.node), input.node).toBe(true);
    expect(body.adjustments.map((one) => one.amount).sort()).toEqual(['-13.12', '-21.88']);
    for (const one of body.adjustments) expect(nodes.get(one.node)!.value).toBe(0 - centsOf(one.amount));
    expect(body.nodes.filter((node) => node.rule === 'B-152').map((node) => node.value)).toEqual([4_688, 2_812]);
  });

  it('is applied once, however often and at the same time the stream brings it', async () => {
    await approved();
    await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 6, date: '2026-03-08' });
    await putJob(bench, 'redo', {
      ...{ parentJobId: jobId('roof'), startDate: '2026-03-08', status: 'completed', completedAt: '2026-03-09T20:00:00.000Z' },
    });
    const records = await bench.inputs();
    const failed = await Promise.all([bench.feed(records), bench.feed(records), bench.feed([...records].reverse())]);
    expect(failed.flat()).toEqual([]);
    await bench.feed(records);
    await bench.settle();
    expect([await owed(ann), await owed(bob)]).toEqual([7_812, 4_688]);
    expect((await items()).filter((item) => item.category === 'callback')).toHaveLength(2);
    const audit = await bench.table.queryAll(bench.scope, { index: 'by', partition: auditEntityPartition(bench.scope, REWORK) });
    const entries = await bench.table.batchGet(bench.scope, audit);
    expect(entries.map((entry) => entry!.action)).toEqual(['callback.opened', 'callback.applied']);
  });

  it('cannot be undone by an unapproval (B-91)', async () => {
    await approved();
    await redo();
    const refused = await bench.api.call('POST', `${path}/unapprove`, { body: { reason: 'again' }, headers: key() });
    expect(refused).toMatchObject({ status: 409, body: { code: 'callback-applied', callbackIds: [REWORK] } });
  });
});

describe('recognition (B-150)', () => {
  it('by hand and by service type; a job linked while the other one is under way is a change order', async () => {
    await approved();
    await putJob(bench, 'extra', { parentJobId: jobId('roof'), startDate: '2026-03-03', status: 'in_progress' });
    await putBudget(bench, 'extra', null, 0, { laborAmountCents: 90_000 });
    await bench.settle();
    const extra = firstProPayId({ jobId: jobId('extra'), milestoneId: null });
    expect((await bench.api.call('GET', `/v1/propays/${extra}`)).status).toBe(200);
    expect((await bench.api.call<{ items: unknown[] }>('GET', '/v1/callbacks')).body.items).toEqual([]);
    await bench.context((context) => ({ ...context, callbackServiceTypes: ['Warranty'] }));
    await redo('later', { done: false });
    await putJob(bench, 'redo', { parentJobId: jobId('roof'), serviceType: 'warranty ', startDate: '2026-03-03' });
    await bench.settle();
    expect(await callback()).toMatchObject({ state: 'Open', recognisedBy: 'service_type', difference: null });
    const listed = await bench.api.call<{ items: Callback[] }>('GET', '/v1/callbacks', { query: { state: 'Open' } as never });
    expect(listed.body.items.map((one) => one.recognisedBy).sort()).toEqual(['service_type', 'source']);
    const ofJob = await bench.api.call<{ items: Callback[] }>('GET', '/v1/callbacks', { query: { propayId: id } as never });
    expect(ofJob.body.items).toHaveLength(2);
  });

  it('by hand, and no more when the link is taken away', async () => {
    await approved();
    await putJob(bench, 'redo', { startDate: '2026-03-08', status: 'in_progress' });
    await bench.settle();
    expect((await bench.api.call('GET', `/v1/callbacks/${REWORK}`)).status).toBe(404);
    const link = `/v1/jobs/${jobId('redo')}/callback-of`;
    await bench.api.call('PUT', link, { body: { jobId: jobId('roof'), reason: 'the roof leaks' } });
    await bench.settle();
    expect(await callback()).toMatchObject({
      state: 'Open',
      recognisedBy: 'hand',
      originalJobId: jobId('roof'),
      jobId: jobId('redo'),
    });
    await bench.api.call('DELETE', link);
    await bench.settle();
    expect(await callback()).toMatchObject({ state: 'Dismissed', decidedBy: 'system' });
    await bench.api.call('PUT', link, { body: { jobId: jobId('roof') } });
    await bench.settle();
    expect((await callback()).state).toBe('Open');
  });

  it('is seen by who sees the original, its money by whom it concerns', async () => {
    await approved();
    await redo();
    const as = async (who: string) => callback(REWORK, { tokenId: await bench.api.grant('worker', { workerId: workerId(who) }) });
    const seen = await as(ANN);
    expect(seen.byWorker.map((one) => one.workerId)).toEqual([ann]);
    expect(seen).not.toHaveProperty('difference');
    expect(seen).not.toHaveProperty('reworkCost');
    expect(await as('zoe')).toMatchObject({ code: 'not-found' });
    expect((await bench.api.call('GET', `/v1/callbacks/${REWORK}`, { tenant: 'rival1' })).status).toBe(404);
    expect((await decide('accept', {}, REWORK, { as: 'worker' })).status).toBe(403);
  });
});

describe('an original that is not approved yet (B-151)', () => {
  it('bears hours and cost of the rework, and shares among its own people', async () => {
    await roof();
    await redo('redo', { done: false });
    // 70 h cost 1,750.00: 250.00 saved, 125.00 shared as 40 to 24, nothing to cat.
    const { result } = await proPay();
    expect(result).toMatchObject({ actualSeconds: 252_000, actualCost: '1750.00', savings: '250.00' });
    expect(byId(result.payouts as { workerId: string }[])).toEqual(
      byId([
        { workerId: ann, role: 'crew', amount: '78.13', seconds: 144_000 },
        { workerId: bob, role: 'crew', amount: '46.87', seconds: 86_400 },
      ]),
    );
    // Somebody of the crew who does the rework gets no more weight by it.
    await putTime(bench, { id: 'redo-2', worker: BOB, job: 'redo', hours: 8, date: '2026-03-09' });
    await bench.settle();
    const payouts = (await proPay()).result.payouts as { workerId: string; amount: string; seconds: number }[];
    expect(payouts.find((one) => one.workerId === bob)).toMatchObject({ amount: '9.37', seconds: 86_400 });
    expect((await callback()).state).toBe('Open');
  });

  it('takes rework in with its approval, so that it is charged once and its later changes are source changes', async () => {
    await roof();
    await redo();
    await approve();
    expect((await items()).reduce((sum, item) => sum + centsOf(item.amount), 0)).toBe(12_500);
    expect(await callback()).toMatchObject({ state: 'Open', difference: null });
    await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 8, date: '2026-03-08' });
    await bench.settle();
    expect(await callback()).toMatchObject({ state: 'Open' });
    expect(await proPay()).toMatchObject({ sourceChange: { state: 'Open', deltaSeconds: 7_200, delta: '-25.00' } });
    // Nothing was applied, so the approval may be taken back; then the rework counts as before.
    const undone = await bench.api.call('POST', `${path}/unapprove`, { body: { reason: 'again' }, headers: key() });
    expect(undone).toMatchObject({ status: 200, body: { result: { savings: '200.00' } } });
  });

  it('waits for a wage of the rework', async () => {
    await approved();
    await putWorker(bench, 'new', null);
    await redo('redo', { worker: 'new' });
    expect(await callback()).toMatchObject({ state: 'Open', missing: [`wage:${workerId('new')}`] });
    await putWorker(bench, 'new', 250_000);
    await redo('redo', { worker: 'new' });
    expect(await callback()).toMatchObject({ state: 'Applied', difference: '75.00' });
  });
});

describe('under review', () => {
  beforeEach(async () => {
    await bench.context((context) => ({ ...context, callbackMode: 'review' }));
    await approved();
    await redo();
  });

  it('is assessed, and applied when somebody accepts it', async () => {
    const assessed = await callback();
    expect(assessed).toMatchObject({ state: 'Assessed', difference: '75.00', lineItemIds: [] });
    expect((await items()).length).toBe(4);
    const { status, body } = await decide('accept', { inputsVersion: assessed.inputsVersion, reason: 'our fault' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'Applied', reason: 'our fault' });
    expect(body.lineItems.map((item) => item.amount).sort()).toEqual(['-13.12', '-21.88']);
    expect((await decide('accept')).status).toBe(409);
    expect((await decide('dismiss', { reason: 'late' })).status).toBe(409);
    await bench.settle();
    expect((await items()).length).toBe(6);
  });

  it('moves no money when it is dismissed', async () => {
    expect((await decide('dismiss', {})).status).toBe(422);
    expect(await decide('dismiss', { reason: 'storm damage' })).toMatchObject({ status: 200, body: { state: 'Dismissed' } });
    await redo('redo', { hours: 7 });
    expect((await callback()).state).toBe('Dismissed');
    expect((await items()).length).toBe(4);
    await bench.api.call('POST', `${path}/unapprove`, { body: { reason: 'again' }, headers: key() });
    expect((await proPay()).result).toMatchObject({ savings: '400.00' });
  });

  it('is applied once by whoever asks at the same time, and not on figures that moved', async () => {
    const { inputsVersion } = await callback();
    const answers = await Promise.all([decide('accept'), decide('accept'), decide('accept', { inputsVersion })]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect([await owed(ann), await owed(bob)]).toEqual([7_812, 4_688]);
    await redo('redo2', { hours: 2 });
    const second = callbackId({ originalJobId: jobId('roof'), jobId: jobId('redo2') });
    const seen = (await callback(second)).inputsVersion;
    await putTime(bench, { id: 'redo2-1', worker: 'cat', job: 'redo2', hours: 4, date: '2026-03-08' });
    expect(await decide('accept', { inputsVersion: seen }, second)).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed' },
    });
    await bench.settle();
    expect(await decide('accept', {}, second)).toMatchObject({ status: 200, body: { difference: '50.00' } });
  });
});

describe('later changes of an applied callback follow B-96', () => {
  const changes = async () =>
    (
      await bench.api.call<{ state: string; inputsVersion: string; deltaSeconds: number; delta: string }>(
        'GET',
        `${path}/source-changes`,
      )
    ).body;
  const accept = async () =>
    bench.api.call<{ lineItems: Item[] }>('POST', `${path}/source-changes/accept`, {
      body: { inputsVersion: (await changes()).inputsVersion, reason: 'counted again' },
      headers: key(),
    });

  it('more rework is a difference of the approval, and so is less', async () => {
    await approved();
    await redo();
    await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 8, date: '2026-03-08' });
    await bench.settle();
    expect((await callback()).difference).toBe('75.00');
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-25.00' });
    expect((await accept()).body.lineItems.map((item) => item.amount).sort()).toEqual(['-15.62', '-9.38'].sort());
    await putTime(bench, { id: 'redo-1', worker: 'cat', job: 'redo', hours: 4, date: '2026-03-08' });
    await bench.settle();
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -14_400, delta: '50.00' });
    await accept();
    expect((await owed(ann)) + (await owed(bob))).toBe(15_000);
  });

  it('that was the company’s where deductions are blocked lowers no later raise', async () => {
    await bench.context((context) => ({ ...context, state: 'CA' }));
    await approved({});
    await redo();
    expect(await callback()).toMatchObject({ state: 'Applied', difference: '75.00' });
    expect([await owed(ann), await owed(bob)]).toEqual([12_500, 7_500]);
    // 80.00 more budget: 40.00 more to share, by 40 and 24 hours.
    await putBudget(bench, 'roof', null, 0, { laborAmountCents: 208_000 });
    await bench.settle();
    const { body } = await bench.api.call<{ inputsVersion: string; delta: string }>('GET', `${path}/source-changes`);
    expect(body.delta).toBe('40.00');
    const verdict = { inputsVersion: body.inputsVersion, reason: 'the budget' };
    expect((await bench.api.call('POST', `${path}/source-changes/accept`, { body: verdict, headers: key() })).status).toBe(200);
    expect([await owed(ann), await owed(bob)]).toEqual([15_000, 9_000]);
  });

  it('takes nothing where an accepted difference took all already, and is counted when that comes back', async () => {
    await approved();
    const decideAll = async () => {
      const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `${path}/source-changes`)).body;
      const body = { inputsVersion, reason: 'the budget' };
      const answer = await bench.api.call('POST', `${path}/source-changes/accept`, { body, headers: key() });
      expect(answer.status).toBe(200);
      await bench.settle();
    };
    await putBudget(bench, 'roof', null, 0, { laborAmountCents: 160_000 });
    await bench.settle();
    await decideAll();
    expect([await owed(ann), await owed(bob)]).toEqual([0, 0]);
    await redo();
    expect(await callback()).toMatchObject({ state: 'Applied', difference: '75.00' });
    expect((await callback()).byWorker.map(({ fromReserve, deduction }) => [fromReserve, deduction])).toEqual([
      ['0.00', '0.00'],
      ['0.00', '0.00'],
    ]);
    expect([await owed(ann), await owed(bob)]).toEqual([0, 0]);
    // 50.00 saved with the rework, not 200.00: 125.00 to share, as the published example says.
    await putBudget(bench, 'roof', null, 0, { laborAmountCents: 200_000 });
    await bench.settle();
    await decideAll();
    expect([await owed(ann), await owed(bob)]).toEqual([7_812, 4_688]);
  });

  it('a link that is taken away gives back what was taken, and no more', async () => {
    await bench.context((context) => ({ ...context, state: 'CA' }));
    await approved();
    await redo();
    expect([await owed(ann), await owed(bob)]).toEqual([10_000, 6_000]);
    await putJob(bench, 'redo', { status: 'completed', completedAt: '2026-03-09T20:00:00.000Z' });
    await bench.settle();
    expect(await callback()).toMatchObject({ state: 'Applied' });
    expect(await changes()).toMatchObject({ state: 'Open', deltaSeconds: -21_600, delta: '40.00' });
    await accept();
    expect([await owed(ann), await owed(bob)]).toEqual([12_500, 7_500]);
  });
});
