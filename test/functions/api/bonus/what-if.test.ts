import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceNode } from '#bonus/trace.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putVisit, putWage, seedFence, visitId, workerId } from '#test/support/bonus-world.ts';
import { deskOfJob, type ProPayDesk, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
let fence: ProPayDesk;
beforeEach(async () => {
  bench = await startBonusBench();
  await seedFence(bench);
  await bench.settle();
  fence = deskOfJob(bench, 'fence');
});
afterEach(() => bench.stop());

const [ANN, BOB, LEA, MAX] = ['ann', 'bob', 'lea', 'max'].map(workerId) as [string, string, string, string];

interface Line {
  readonly field?: string;
  readonly workerId?: string;
  readonly role?: string;
  readonly from: unknown;
  readonly to: unknown;
}
interface Preview {
  readonly basis: string;
  readonly base: Record<string, unknown>;
  readonly result: Record<string, unknown> & { readonly payouts: { workerId: string; role: string; amount: string }[] };
  readonly difference: readonly Line[];
  readonly nodes: readonly TraceNode[];
  readonly code?: string;
}
const preview = (body: object) => bench.api.call<Preview>('POST', '/v1/propays/preview', { body });
const overlaid = async (overlay: object) => (await preview({ propayId: fence.id, overlay })).body;
const paid = (payouts: Preview['result']['payouts']) =>
  Object.fromEntries(payouts.map(({ role, workerId: id, amount }) => [`${role} ${id}`, amount]));

describe('what would be (B-6)', () => {
  it('without an overlay is what is', async () => {
    const { base, result, difference, basis } = (await preview({ propayId: fence.id })).body;
    expect({ base, difference, basis }).toEqual({ base: result, difference: [], basis: 'final' });
    expect(result).toMatchObject({ savings: '500.00', workerShare: '250.00' });
  });

  it.each<[string, object, readonly Line[]]>([
    [
      'another split, line by line',
      { splitBp: 6_000 },
      [
        { field: 'workerShare', from: '250.00', to: '300.00' },
        { field: 'companyKeeps', from: '250.00', to: '200.00' },
        { field: 'pools.crew', from: '175.00', to: '210.00' },
        { field: 'pools.crewLead', from: '50.00', to: '60.00' },
        { field: 'pools.manager', from: '25.00', to: '30.00' },
        { workerId: ANN, role: 'crew', from: '87.50', to: '105.00' },
        { workerId: BOB, role: 'crew', from: '87.50', to: '105.00' },
        { workerId: LEA, role: 'crew_lead', from: '50.00', to: '60.00' },
        { workerId: MAX, role: 'manager', from: '25.00', to: '30.00' },
      ].sort(byLine),
    ],
    [
      'an excluded worker',
      { excludedWorkerIds: [BOB] },
      [
        { workerId: ANN, role: 'crew', from: '87.50', to: '175.00' },
        { workerId: BOB, role: 'crew', from: '87.50', to: '0.00' },
      ].sort(byLine),
    ],
    [
      'a penalty',
      { penalties: [{ id: 'late', amount: '50.00' }] },
      [
        { field: 'penalty', from: '0.00', to: '50.00' },
        { field: 'companyKeeps', from: '250.00', to: '300.00' },
        { field: 'pools.crew', from: '175.00', to: '140.00' },
        { field: 'pools.crewLead', from: '50.00', to: '40.00' },
        { field: 'pools.manager', from: '25.00', to: '20.00' },
        { workerId: ANN, role: 'crew', from: '87.50', to: '70.00' },
        { workerId: BOB, role: 'crew', from: '87.50', to: '70.00' },
        { workerId: LEA, role: 'crew_lead', from: '50.00', to: '40.00' },
        { workerId: MAX, role: 'manager', from: '25.00', to: '20.00' },
      ].sort(byLine),
    ],
    [
      'pay for the lead, beside what leads share',
      { leadPay: '30.00' },
      [
        { field: 'leadPay', from: '0.00', to: '30.00' },
        { workerId: LEA, role: 'crew_lead', from: '50.00', to: '80.00' },
      ].sort(byLine),
    ],
  ])('%s', async (_, overlay, lines) => {
    expect([...(await overlaid(overlay)).difference].sort(byLine)).toEqual(lines);
  });

  it.each<[string, object, object]>([
    [
      'another budget',
      { budget: { type: 'labor_budget', budgetAmount: '1600.00' } },
      { savings: '100.00', budgetAmount: '1600.00' },
    ],
    [
      'a budget of tasks',
      { budget: { type: 'task_hours', tasks: [{ id: 'posts', budgetSeconds: 100 * 3_600 }] } },
      { savings: '1000.00', savedSeconds: 40 * 3_600 },
    ],
    ['another adjustment', { adjustment: { type: 'manual_hours', valueSeconds: 64 * 3_600 } }, { savings: '100.00' }],
    ['a standing change', { settingModification: { direction: 'increase', bp: 1_000 } }, { savings: '700.00' }],
    ['half of the work done', { completionBp: 5_000 }, { savings: '-500.00', notes: ['over-budget'] }],
    ['an answer that fails', { disqualifiers: [{ id: 'rework', state: 'failed' }] }, { notes: ['disqualified'], payouts: [] }],
    ['a penalty without its amount', { penalties: [{ id: 'late', amount: null }] }, { notes: ['penalty-amount-missing'] }],
    ['an unknown wage', { entries: [{ workerId: ANN, seconds: 60, wage: null }] }, { missing: [`wage:${ANN}`] }],
    ['no budget', { budget: null }, { outcome: 'cannot-tell', missing: ['budget'] }],
  ])('%s', async (_, overlay, expected) => {
    const { base, result } = await overlaid(overlay);
    expect(base).toMatchObject({ savings: '500.00' });
    expect(result).toMatchObject(expected);
  });

  it('with amounts by hand that do not fit is refused, as it would be for real (B-70)', async () => {
    const byHand = (amount: string) => ({ distribution: { formula: 'manual', amounts: [{ workerId: ANN, amount }] } });
    expect(await overlaid(byHand('174.00'))).toMatchObject({ code: 'manual-sum-mismatch', difference: '1.00' });
    expect(paid((await overlaid(byHand('175.00'))).result.payouts)).toMatchObject({ [`crew ${ANN}`]: '175.00' });
    await fence.patch(byHand('175.00'));
    const { result, difference } = await overlaid({ splitBp: 6_000 });
    expect(result.notes).toEqual(['manual-sum-mismatch']);
    expect(difference).toContainEqual({ workerId: ANN, role: 'crew', from: '175.00', to: '0.00' });
    const both = { splitBp: 6_000, ...byHand('210.00') };
    expect(paid((await overlaid(both)).result.payouts)).toMatchObject({ [`crew ${ANN}`]: '210.00' });
  });

  it('shares by the earnings of the weeks that it reads itself (B-71)', async () => {
    await putTime(bench, { id: 'elsewhere', worker: 'bob', job: null, hours: 10, date: '2026-03-05' });
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await bench.settle();
    const { result } = await overlaid({ distribution: { formula: 'total_earnings' } });
    // Ann's 30 h and bob's 40 h at 25.00.
    expect(paid(result.payouts)).toMatchObject({ [`crew ${ANN}`]: '75.00', [`crew ${BOB}`]: '100.00' });
    const own = { formula: 'total_earnings', earnings: [ANN, BOB].map((id) => ({ workerId: id, amount: '1.00' })) };
    expect(paid((await overlaid({ distribution: own })).result.payouts)).toMatchObject({ [`crew ${BOB}`]: '87.50' });
    expect(await fence.get()).toMatchObject({ distribution: { formula: 'per_hour' } });
  });

  it('of an approved one starts from what was approved', async () => {
    await fence.approve();
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await bench.settle();
    expect(await overlaid({ splitBp: 10_000 })).toMatchObject({ base: { savings: '500.00' }, result: { workerShare: '500.00' } });
  });

  it('of running work starts from the projection that is shown, else from the whole (B-36, B-37)', async () => {
    await seedFence(bench, { completed: false });
    await putJob(bench, 'mow', { recurring: true });
    await putVisit(bench, 'mow', 'v1', { status: 'in_progress', percentBp: 5_000 });
    await putBudget(bench, 'mow', 'v1', 10);
    await putTime(bench, { id: 'mown', worker: 'ann', job: 'mow', visit: 'v1', hours: 4 });
    await bench.settle();
    expect(await overlaid({})).toMatchObject({ basis: 'if_completed', base: { savings: '500.00' } });
    const propayId = firstProPayId({ jobId: jobId('mow'), milestoneId: visitId('v1') });
    const { body } = await preview({ propayId, overlay: { completionBp: null } });
    expect(body).toMatchObject({ basis: 'projection', base: { savings: '25.00' }, result: { savings: '150.00' } });
  });

  it('leads every step to a record or to what was asked', async () => {
    const { nodes } = await overlaid({ splitBp: 6_000, penalties: [{ id: 'late', amount: '1.00' }], crewLeadIds: [BOB] });
    const leaves = nodes.flatMap(({ inputs }) => inputs.flatMap((input) => ('record' in input ? [input] : [])));
    expect(leaves).toContainEqual({ record: 'overlay', recordId: '/splitBp', revision: 0 });
    expect(leaves).toContainEqual({ record: 'overlay', recordId: '/penalties/0', revision: 0 });
    expect(leaves).toContainEqual({ record: 'overlay', recordId: '/crewLeadIds', revision: 0 });
    expect(leaves.filter(({ record }) => record === 'time_entry')).toHaveLength(6);
    expect(nodes.filter(({ inputs }) => inputs.length === 0)).toEqual([]);
  });

  it('stores nothing', async () => {
    await bench.inputs();
    const before = await fence.get();
    await overlaid({ distribution: { formula: 'total_earnings' }, splitBp: 1 });
    await fence.post('recalculate', { wageBasis: 'by_entry_date', preview: true });
    // The tenant's requests are counted, and nothing else.
    const marks = (await bench.api.db.drainStream()).map(({ dynamodb }) => (dynamodb.NewImage?.et as { S?: string })?.S);
    expect(marks.filter((mark) => mark !== 'ct')).toEqual([]);
    expect(await fence.get()).toEqual(before);
  });

  it.each([
    ['an unknown key', { hourlyBonus: 1 }, 'invalid-body'],
    ['a reference, which nobody gives', { pool: { ...POOL(), ref: { entity: 'x', id: 'y', revision: 1 } } }, 'invalid-body'],
    ['shares that are not the whole', { pool: { ...POOL(), crewBp: 1 } }, 'pool-not-100'],
    ['an unknown budget type', { budget: { type: 'luck' } }, 'unknown-budget-type'],
    ['half a second', { entries: [{ workerId: ANN, seconds: 0.5, wage: '1.00' }] }, 'invalid-number'],
    ['money that is none', { leadPay: '1.005' }, 'invalid-body'],
  ])('with %s is refused', async (_, overlay, code) => {
    expect(await preview({ propayId: fence.id, overlay })).toMatchObject({ status: 422, body: { code } });
  });

  it('asks for a ProPay or inputs, not both', async () => {
    expect((await preview({})).body.code).toBe('invalid-body');
    expect((await preview({ propayId: 'AAAA.-.1' })).status).toBe(404);
  });
});

describe('given inputs', () => {
  const inputs = {
    budget: { type: 'rate', rate: '2.50', quantity: '400' },
    entries: [
      { workerId: 'a', seconds: 36_000, wage: '20.00', burdenBp: 2_000 },
      {
        workerId: 'b',
        seconds: 36_000,
        wage: '20.00',
        week: { totalSeconds: 180_000, overtimeSeconds: 36_000, doubleTimeSeconds: 0 },
      },
    ],
    pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
    distribution: { formula: 'per_head' },
  };

  it('are calculated as a ProPay is, every step leading to where they were given', async () => {
    const { body } = await preview({ inputs, overlay: { splitBp: 10_000 } });
    // 10 h at 24.00, and 10 h at 20.00 of a week of 50 h in which 10 h are overtime: 20.00 × 1.1.
    expect(body.base).toMatchObject({ budgetAmount: '1000.00', actualCost: '460.00', savings: '540.00' });
    expect(paid(body.result.payouts)).toEqual({ 'crew a': '270.00', 'crew b': '270.00' });
    expect(body.nodes.find(({ rule }) => rule === 'B-29')?.inputs).toEqual([
      { record: 'inputs', recordId: '/budget', revision: 0 },
    ]);
    expect(body.nodes.filter((node) => node.inputs.length === 0)).toEqual([]);
  });
});

describe('other wages (B-95)', () => {
  it('are previewed with whose payout would change, and by how much', async () => {
    await putWage(bench, 'ann', 300_000, '2026-03-03');
    await bench.settle();
    const { body } = await fence.post('recalculate', { wageBasis: 'by_entry_date', preview: true });
    // 20 h at 30.00 in place of 25.00, and an hour is worth 26.67 in the mean: savings of 20 h.
    expect(body.changes).toEqual([
      { workerId: BOB, role: 'crew', from: '87.50', to: '93.34' },
      { workerId: ANN, role: 'crew', from: '87.50', to: '93.33' },
      { workerId: LEA, role: 'crew_lead', from: '50.00', to: '53.33' },
      { workerId: MAX, role: 'manager', from: '25.00', to: '26.67' },
    ]);
    expect((await fence.post('recalculate', { wageBasis: 'by_entry_date' })).body).not.toHaveProperty('changes');
  });
});

function POOL() {
  return { crewBp: 7_000, crewLeadBp: 2_000, managerBp: 1_000, otherBp: 0, companyBp: 0 };
}

function byLine(a: Line, b: Line): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
