import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceNode } from '#bonus/trace.ts';
import { wageFreeNodes } from '#functions/api/bonus/propays/wage-free.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { AREA_DEFAULTS } from '#model/tenant-context.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, seedFence, workerId } from '#test/support/bonus-world.ts';

type Result = Readonly<Record<string, unknown>>;
interface View {
  readonly inputsVersion: string;
  readonly result: Result;
  readonly ifCompletedNow: Result | null;
}
interface Preview {
  readonly base: Result;
  readonly result: Result;
  readonly difference: readonly { readonly field?: string }[];
  readonly nodes: readonly TraceNode[];
}

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const WAGE_RULES = ['B-41', 'B-43', 'B-44', 'B-45', 'B-52'];
let bench: BonusBench;
let manager: string;
beforeAll(async () => {
  bench = await startBonusBench();
  await seedFence(bench);
  await bench.settle();
  manager = await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] } });
});
afterAll(() => bench.stop());

const call = <T>(method: string, path: string, options: object = {}) =>
  bench.api.call<T>(method, `/v1/propays${path}`, { tokenId: manager, ...options });
const rulesOf = (nodes: readonly TraceNode[]) => new Set(nodes.map(({ rule }) => rule));
const dangling = (nodes: readonly TraceNode[]) => {
  const ids = new Set(nodes.map((node) => node.id));
  return nodes.flatMap(({ inputs }) => inputs.filter((input) => 'node' in input && !ids.has(input.node)));
};
const expectNoWages = (answer: unknown) => {
  const text = JSON.stringify(answer);
  for (const word of ['actualCost', 'blendedWage', '1500.00', 'wageE4'])
    expect([word, text.includes(word)]).toEqual([word, false]);
};

describe('a manager who may not see wages (M-145, M-146, B-143)', () => {
  it('gets ProPays, alone, in lists and from commands, without cost and blended wage', async () => {
    const one = (await call<View>('GET', `/${id}`)).body;
    expect(one.result).toMatchObject({ savings: '500.00', budgetSeconds: 288_000, pools: { crew: '175.00' } });
    expectNoWages(one);
    const { items } = (await call<{ items: View[] }>('GET', '')).body;
    expect(items).toHaveLength(1);
    expectNoWages(items);
    const fresh = await call<View>('POST', `/${id}/recalculate`, { body: { preview: true } });
    expect(fresh.body.result).toMatchObject({ savings: '500.00' });
    expectNoWages(fresh.body);
    const headers = { 'idempotency-key': 'stale' };
    const stale = await call<View>('POST', `/${id}/approve`, { body: { inputsVersion: 'other' }, headers });
    expect([stale.status, stale.body.result.savings]).toEqual([409, '500.00']);
    expectNoWages(stale.body);
  });

  it('gets the trace without steps that tell a wage, and no reference to them', async () => {
    const { nodes } = (await call<Preview>('GET', `/${id}/explain`)).body;
    expectNoWages(nodes);
    expect([...rulesOf(nodes)]).toEqual(expect.arrayContaining(['B-26', 'B-40', 'B-51', 'B-53', 'B-57', 'B-66', 'B-59', 'B-9']));
    expect(WAGE_RULES.filter((rule) => rulesOf(nodes).has(rule))).toEqual([]);
    expect(dangling(nodes)).toEqual([]);
  });

  it('gets a preview of a ProPay without them, and of own inputs with them', async () => {
    const overlay = { distribution: { formula: 'wage_weighted' }, splitBp: 10_000 };
    const { body } = await call<Preview>('POST', '/preview', { body: { propayId: id, overlay } });
    expect(body).toMatchObject({ base: { workerShare: '250.00' }, result: { workerShare: '500.00' } });
    expectNoWages(body);
    const weighed = body.nodes.filter(({ rule }) => rule === 'B-67');
    expect(weighed.map(({ unit, residue }) => [unit, residue])).toEqual([
      ['cents', undefined],
      ['cents', undefined],
    ]);
    expect(dangling(body.nodes)).toEqual([]);
    const dearer = { entries: [{ workerId: workerId('ann'), seconds: 3_600, wage: '40.00' }] };
    const changed = await call<Preview>('POST', '/preview', { body: { propayId: id, overlay: dearer } });
    expect(changed.body.difference.map(({ field }) => field)).toContain('savings');
    expectNoWages(changed.body);
    const inputs = {
      budget: { type: 'labor_budget', budgetAmount: '100.00' },
      entries: [{ workerId: 'a', seconds: 3_600, wage: '20.00' }],
      pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
      distribution: { formula: 'per_hour' },
    };
    expect((await call<Preview>('POST', '/preview', { body: { inputs } })).body.result).toMatchObject({ actualCost: '20.00' });
  });
});

describe('who may see wages', () => {
  const expectAll = async (caller: object) => {
    expect((await call<View>('GET', `/${id}`, caller)).body.result).toMatchObject({
      actualCost: '1500.00',
      blendedWage: '25.00',
    });
    const { nodes } = (await call<Preview>('GET', `/${id}/explain`, caller)).body;
    expect(['B-41', 'B-43'].filter((rule) => !rulesOf(nodes).has(rule))).toEqual([]);
  };

  it('is owner, admin and auditor', async () => {
    for (const as of ['owner', 'admin', 'auditor']) await expectAll({ as, tokenId: undefined });
  });

  it('is a manager once the toggle is on', async () => {
    const { visibility } = AREA_DEFAULTS.roles;
    const values = { visibility: { ...visibility, manager: { ...visibility.manager, wages: true } } };
    const saved = await bench.api.call('PUT', '/v1/settings/roles', {
      body: { area: 'roles', values },
      headers: { 'if-match': '"r0"' },
    });
    expect(saved.status).toBe(200);
    await expectAll({});
    const { body } = await call<Preview>('POST', '/preview', { body: { propayId: id } });
    expect(body.result).toMatchObject({ actualCost: '1500.00' });
    expect(rulesOf(body.nodes).has('B-41')).toBe(true);
  });
});

describe('the steps free of wages', () => {
  it('leave out a rule that nobody has listed', () => {
    const node: TraceNode = {
      id: 'B-999/x/y',
      rule: 'B-999',
      version: 1,
      inputs: [],
      value: 1,
      unit: 'cents',
      outcome: 'applies',
    };
    const kept: TraceNode = { ...node, id: 'B-53/x/y', rule: 'B-53', inputs: [{ node: node.id }], residue: '1/2' };
    expect(wageFreeNodes([node, kept])).toEqual([{ ...kept, inputs: [] }]);
  });
});
