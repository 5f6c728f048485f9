import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import type { DisqualifierDefinition, PenaltyDefinition } from '#model/settings.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';

const SAFE: DisqualifierDefinition = { id: 'd-safe', name: 'Was everybody safe?', category: 'Safety', revision: 1 };
const CLEAN: DisqualifierDefinition = { id: 'd-clean', name: 'Was the site left clean?', category: 'Customer', revision: 1 };
const LATE: PenaltyDefinition = {
  id: 'p-late',
  name: 'Late paperwork',
  category: 'Paperwork',
  kind: 'fixed',
  amountCents: 1_500,
  revision: 1,
};
const DAMAGE: PenaltyDefinition = {
  id: 'p-damage',
  name: 'Damage',
  category: 'Quality',
  kind: 'set_at_approval',
  amountCents: null,
  revision: 1,
};

interface View {
  readonly id: string;
  readonly status: string;
  readonly ready: boolean;
  readonly settled: boolean;
  readonly inputsVersion: string;
  readonly blockers: readonly { readonly code: string; readonly acceptable: boolean; readonly ids: readonly string[] }[];
  readonly disqualifiers: readonly Record<string, unknown>[];
  readonly penalties: readonly Record<string, unknown>[];
  readonly result: Readonly<Record<string, unknown>>;
  readonly lineItems: readonly { readonly amount: string }[];
  readonly code: string;
}

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const fence = { jobId: jobId('fence'), milestoneId: null };
const id = firstProPayId(fence);
const path = `/v1/propays/${id}`;
let keys = 0;

/** Definitions as the settings keep them for calculations. */
const define = (disqualifiers: readonly DisqualifierDefinition[], penalties: readonly PenaltyDefinition[] = []) =>
  bench.context((context) => ({ ...context, disqualifiers, penalties }));
const get = async (options = {}) => (await bench.api.call<View>('GET', path, options)).body;
const tag = async () => (await bench.api.call('GET', path)).headers.etag!;
const send = async (method: string, what: string, body?: object, options = {}) =>
  bench.api.call<View>(method, `${path}/${what}`, {
    ...(body === undefined ? {} : { body }),
    headers: { 'if-match': await tag() },
    ...options,
  });
const post = (what: string, body: object = {}) =>
  bench.api.call<View>('POST', `${path}/${what}`, { body, headers: { 'idempotency-key': `k${++keys}` } });
const approve = async () => post('approve', { inputsVersion: (await get()).inputsVersion });

/** The fence of B-9: 500.00 saved, 250.00 to the workers. */
async function start(disqualifiers: readonly DisqualifierDefinition[], penalties: readonly PenaltyDefinition[] = []) {
  await define(disqualifiers, penalties);
  await seedFence(bench);
  await bench.settle();
}

describe('disqualifiers (B-75 to B-78)', () => {
  it('are copied open into a new ProPay and block its approval until they are answered', async () => {
    await start([SAFE, CLEAN]);
    const before = await get();
    expect(before.disqualifiers.map(({ key, name, state, note }) => ({ key, name, state, note }))).toEqual([
      { key: 'd-safe', name: 'Was everybody safe?', state: 'pending', note: null },
      { key: 'd-clean', name: 'Was the site left clean?', state: 'pending', note: null },
    ]);
    expect(before.blockers).toEqual([{ code: 'disqualifier-pending', acceptable: false, ids: ['d-safe', 'd-clean'] }]);
    expect(before.result).toMatchObject({ workerShare: '250.00', approvable: false, notes: ['disqualifier-pending'] });
    expect((await approve()).body.code).toBe('disqualifier-pending');

    const answered = await send('PUT', 'disqualifiers/d-safe', { state: 'passed', note: 'seen on site' });
    expect(answered.status).toBe(200);
    expect(answered.body.disqualifiers[0]).toMatchObject({
      state: 'passed',
      note: 'seen on site',
      answeredAt: bench.api.now(),
      answeredBy: expect.any(String),
    });
    expect(answered.body.blockers[0]!.ids).toEqual(['d-clean']);
    const ready = await send('PUT', 'disqualifiers/d-clean', { state: 'passed' });
    expect([ready.body.ready, ready.body.result.approvable]).toEqual([true, true]);
    expect((await approve()).body.lineItems.map(({ amount }) => amount).sort()).toEqual(['25.00', '50.00', '87.50', '87.50']);
    const audit = await bench.api.call<{ items: readonly { action: string }[] }>('GET', '/v1/audit', { query: { entityId: id } });
    expect(audit.body.items.map(({ action }) => action)).toContain('propay.disqualifier_answered');
  });

  it('one failed answer pays nobody, and that can be approved: settled without an item (B-77, B-92)', async () => {
    await start([SAFE], [LATE]);
    await send('PUT', 'penalties/p-late', { count: 2 });
    const failed = (await send('PUT', 'disqualifiers/d-safe', { state: 'failed', note: 'no helmets' })).body;
    expect(failed.result).toMatchObject({
      savings: '500.00',
      workerShare: '250.00',
      penalty: '0.00',
      payouts: [],
      companyKeeps: '500.00',
      approvable: true,
      notes: ['disqualified'],
    });
    const approved = (await approve()).body;
    expect([approved.status, approved.settled, approved.lineItems]).toEqual(['Approved', true, []]);
    await bench.settle();
    expect([(await get()).status, (await get()).settled]).toEqual(['Approved', true]);
    // What was possible stays known: 250.00 (B-171).
    expect((await bench.state(fence)).result!.figures!.possibleCents).toBe(25_000);
    // Changed while Active only: the answer counts again once the approval is taken back.
    expect((await send('PUT', 'disqualifiers/d-safe', { state: 'passed' })).body.code).toBe('approved-unapprove-first');
    expect((await send('PUT', 'penalties/p-late', { count: 1 })).body.code).toBe('approved-unapprove-first');
    expect((await send('DELETE', 'penalties/p-late')).body.code).toBe('approved-unapprove-first');
    expect((await post('sync-definitions')).body.code).toBe('approved-unapprove-first');
    await post('unapprove', { reason: 'they were safe' });
    const passed = (await send('PUT', 'disqualifiers/d-safe', { state: 'passed' })).body;
    // 250.00 less 2 × 15.00.
    expect(passed.result).toMatchObject({ penalty: '30.00', pools: { crew: '154.00', crewLead: '44.00', manager: '22.00' } });
  });

  it('a failed answer leaves a loss that is rolled over as it is (B-60, B-77)', async () => {
    await bench.context((context) => ({
      ...context,
      disqualifiers: [SAFE],
      pools: context.pools.map((pool) => ({ ...pool, rollOverNegative: true })),
    }));
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'fence', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putBudget(bench, 'fence', null, 10);
    await putTime(bench, { id: 't', worker: 'ann', job: 'fence', hours: 14 });
    await bench.settle();
    const loss = { savings: '-100.00', workerShare: '-50.00', pools: { crew: '-35.00' } };
    expect((await get()).result).toMatchObject(loss);
    const failed = (await send('PUT', 'disqualifiers/d-safe', { state: 'failed' })).body;
    expect(failed.result).toMatchObject({
      ...loss,
      payouts: [{ workerId: workerId('ann'), role: 'crew', amount: '-35.00', seconds: 50_400 }],
    });
  });
});

describe('penalties (B-79, B-80)', () => {
  it('come off the worker share before the roles, capped at the share, and can be taken back', async () => {
    await start([], [LATE, DAMAGE]);
    const before = await get();
    expect(before.penalties.map(({ key, kind, amount, count }) => ({ key, kind, amount, count }))).toEqual([
      { key: 'p-late', kind: 'fixed', amount: '15.00', count: 0 },
      { key: 'p-damage', kind: 'set_at_approval', amount: null, count: 0 },
    ]);
    expect([before.ready, before.result.penalty]).toEqual([true, '0.00']);
    const late = (await send('PUT', 'penalties/p-late', { count: 3 })).body;
    // 45.00 of 250.00: 205.00 by 70/20/10.
    expect(late.result).toMatchObject({ penalty: '45.00', pools: { crew: '143.50', crewLead: '41.00', manager: '20.50' } });
    expect(late.result.payouts).toContainEqual({ workerId: workerId('ann'), role: 'crew', amount: '71.75', seconds: 108_000 });
    expect((await send('PUT', 'penalties/p-damage', { count: 1, amount: '999.99' })).body.result).toMatchObject({
      penalty: '250.00',
      payouts: [],
      companyKeeps: '500.00',
    });
    const cleared = (await send('DELETE', 'penalties/p-damage')).body;
    expect(cleared.penalties[1]).toMatchObject({ amount: null, count: 0 });
    expect(cleared.result.penalty).toBe('45.00');
  });

  it('without their amount block the approval, and the projection leaves them out', async () => {
    await start([], [DAMAGE]);
    const incurred = (await send('PUT', 'penalties/p-damage', {})).body;
    expect(incurred.blockers).toEqual([{ code: 'penalty-amount-missing', acceptable: false, ids: ['p-damage'] }]);
    expect(incurred.result).toMatchObject({ penalty: '0.00', notes: ['penalty-amount-missing'] });
    const refused = await approve();
    expect([refused.status, refused.body.code]).toEqual([422, 'penalty-amount-missing']);
    await send('PUT', 'penalties/p-damage', { count: 2, amount: '12.50' });
    expect((await approve()).body.lineItems.map(({ amount }) => amount).sort()).toEqual(['22.50', '45.00', '78.75', '78.75']);
  });

  it('are refused where they are out of range, fixed, unknown, stale, or somebody else’s to set', async () => {
    await start([SAFE], [LATE, DAMAGE]);
    const code = async (...given: Parameters<typeof send>) => {
      const { status, body } = await send(...given);
      return [status, body.code];
    };
    expect(await code('PUT', 'penalties/p-late', { count: -1 })).toEqual([422, 'invalid-number']);
    expect(await code('PUT', 'penalties/p-late', { count: 1_001 })).toEqual([422, 'invalid-number']);
    expect(await code('PUT', 'penalties/p-late', { count: 1, amount: '20.00' })).toEqual([422, 'invalid-amount']);
    expect(await code('PUT', 'penalties/p-damage', { count: 1, amount: '0.00' })).toEqual([422, 'invalid-amount']);
    expect(await code('PUT', 'penalties/p-damage', { count: 1, amount: '-5.00' })).toEqual([422, 'invalid-amount']);
    expect(await code('PUT', 'penalties/nothing', { count: 1 })).toEqual([404, 'not-found']);
    expect(await code('PUT', 'disqualifiers/p-late', { state: 'passed' })).toEqual([404, 'not-found']);
    expect(await code('PUT', 'disqualifiers/d-safe', { state: 'maybe' })).toEqual([422, 'invalid-body']);
    expect(await code('PUT', 'disqualifiers/d-safe', { state: 'passed' }, { headers: {} })).toEqual([
      428,
      'precondition-required',
    ]);
    expect(await code('PUT', 'disqualifiers/d-safe', { state: 'passed' }, { headers: { 'if-match': '"r9"' } })).toEqual([
      412,
      'precondition-failed',
    ]);
    for (const as of ['crew_lead', 'worker', 'auditor'] as const)
      expect(await code('PUT', 'disqualifiers/d-safe', { state: 'passed' }, { as, headers: { 'if-match': '"r1"' } })).toEqual([
        403,
        'forbidden',
      ]);
    const elsewhere = await bench.api.grant('manager', { scope: { branchIds: [], divisionIds: [], routeIds: [] } });
    expect(
      await code('PUT', 'disqualifiers/d-safe', { state: 'passed' }, { tokenId: elsewhere, headers: { 'if-match': '"r1"' } }),
    ).toEqual([404, 'not-found']);
    expect(
      await code('PUT', 'disqualifiers/d-safe', { state: 'passed' }, { tenant: 'rival1', headers: { 'if-match': '"r1"' } }),
    ).toEqual([404, 'not-found']);
    expect((await get()).disqualifiers[0]).toMatchObject({ state: 'pending', answeredBy: null });
  });

  it('of two answers on one revision exactly one is kept', async () => {
    await start([SAFE]);
    const headers = { 'if-match': await tag() };
    const both = await Promise.all(
      ['passed', 'failed'].map((state) => send('PUT', 'disqualifiers/d-safe', { state }, { headers })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const won = both.find(({ status }) => status === 200)!.body;
    expect((await get()).disqualifiers).toEqual(won.disqualifiers);
  });
});

describe('definitions reach open ProPays on command only (B-81, fault 68)', () => {
  it('what is unchanged keeps its answer; what changed is open again; what was removed is gone', async () => {
    await start([SAFE, CLEAN], [LATE]);
    await send('PUT', 'disqualifiers/d-safe', { state: 'passed' });
    await send('PUT', 'disqualifiers/d-clean', { state: 'passed' });
    await send('PUT', 'penalties/p-late', { count: 2 });
    await define([SAFE, { ...CLEAN, name: 'Clean and watered?', revision: 2 }], [LATE, DAMAGE]);
    await bench.settle();
    const untouched = await get();
    expect(untouched.disqualifiers.map(({ name, state }) => [name, state])).toEqual([
      ['Was everybody safe?', 'passed'],
      ['Was the site left clean?', 'passed'],
    ]);
    const pushed = (await post('sync-definitions')).body;
    expect(pushed.disqualifiers.map(({ name, state }) => [name, state])).toEqual([
      ['Was everybody safe?', 'passed'],
      ['Clean and watered?', 'pending'],
    ]);
    expect(pushed.penalties.map(({ key, count }) => [key, count])).toEqual([
      ['p-late', 2],
      ['p-damage', 0],
    ]);
    await define([SAFE], []);
    const fewer = (await post('sync-definitions')).body;
    expect([fewer.disqualifiers.map(({ state }) => state), fewer.penalties, fewer.result.penalty]).toEqual([
      ['passed'],
      [],
      '0.00',
    ]);
    const again = await post('sync-definitions');
    expect(again.headers.etag).toBe(await tag());
  });

  it('all Active ones at once, page by page; approved ones keep theirs', async () => {
    await start([]);
    for (const name of ['a', 'b']) {
      await putJob(bench, name, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
      await putBudget(bench, name, null, 10);
      await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5 });
    }
    await bench.settle();
    expect((await approve()).status).toBe(200);
    await define([SAFE]);
    const synced: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: { synced: string[]; refused: unknown[]; nextCursor: string | null } } = await bench.api.call(
        'POST',
        '/v1/propays/sync-definitions',
        { body: { limit: 1, ...(cursor === null ? {} : { cursor }) } },
      );
      expect(body.refused).toEqual([]);
      synced.push(...body.synced);
      cursor = body.nextCursor;
    } while (cursor !== null);
    const others = ['a', 'b'].map((name) => firstProPayId({ jobId: jobId(name), milestoneId: null }));
    expect(synced.sort()).toEqual(others.sort());
    expect((await get()).disqualifiers).toEqual([]);
    for (const other of others)
      expect((await bench.api.call<View>('GET', `/v1/propays/${other}`)).body.disqualifiers).toHaveLength(1);
    const repeated = await bench.api.call<{ synced: string[] }>('POST', '/v1/propays/sync-definitions', { body: {} });
    expect(repeated.body.synced).toEqual([]);
  });
});
