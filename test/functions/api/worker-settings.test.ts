import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContext } from '#store/settings-repository.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putWorker, workerId } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
});
afterEach(() => bench.stop());

describe('settings of a worker (E-4, E-5, M-149)', () => {
  const path = (name: string) => `/v1/workers/${workerId(name)}/settings`;
  const put = (name: string, body: object, options: object = {}) => bench.api.call('PUT', path(name), { body, ...options });

  it('are kept beside the record, survive every sync, and leave what is not named as it is', async () => {
    await bench.put('worker', 'ann', { ...BLANK_WORKER, displayName: 'Ann', payrollId: 'P-1' });
    expect((await bench.api.call('GET', path('ann'))).body).toEqual({
      workerId: workerId('ann'),
      removeBonus: false,
      restrictAccess: false,
      payrollId: null,
      effectivePayrollId: 'P-1',
    });
    expect((await put('ann', { payrollId: 'X-9' })).body).toMatchObject({ payrollId: 'X-9', effectivePayrollId: 'X-9' });
    expect((await put('ann', { removeBonus: true })).body).toMatchObject({ removeBonus: true, payrollId: 'X-9' });
    await bench.put('worker', 'ann', { ...BLANK_WORKER, displayName: 'Ann B.', payrollId: 'P-2' });
    expect((await bench.api.call('GET', path('ann'))).body).toMatchObject({ removeBonus: true, effectivePayrollId: 'X-9' });
    expect((await bench.api.call('GET', `/v1/workers/${workerId('ann')}`)).body).toMatchObject({ payrollId: 'X-9' });
    expect((await put('ann', { payrollId: null })).body).toMatchObject({ payrollId: null, effectivePayrollId: 'P-2' });
  });

  it('are written once for the same words, with an audit entry for each change', async () => {
    await putWorker(bench, 'ann', null);
    await put('ann', { removeBonus: true });
    await put('ann', { removeBonus: true });
    const { body } = await bench.api.call<{ items: { action: string; after: object }[] }>('GET', '/v1/audit');
    const own = body.items.filter((entry) => entry.action === 'worker.settings_changed');
    expect(own).toHaveLength(1);
    expect(own[0]?.after).toMatchObject({ removeBonus: true });
    expect((await readContext(bench.table, bench.scope))?.bonusRemovedIds).toEqual([workerId('ann')]);
    await put('ann', { removeBonus: false });
    expect((await readContext(bench.table, bench.scope))?.bonusRemovedIds).toEqual([]);
  });

  it('two admins at once lose neither the one’s words nor the other’s', async () => {
    for (const name of ['ann', 'bob']) await putWorker(bench, name, null);
    const answers = await Promise.all([
      put('ann', { removeBonus: true }),
      put('bob', { removeBonus: true }),
      put('ann', { payrollId: 'X-1' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await bench.api.call('GET', path('ann'))).body).toMatchObject({ removeBonus: true, payrollId: 'X-1' });
    expect((await readContext(bench.table, bench.scope))?.bonusRemovedIds).toEqual([workerId('ann'), workerId('bob')].sort());
  });

  it('restricted access ends the person’s tokens with the next request, and those made afterwards; never the owner’s', async () => {
    await putWorker(bench, 'ann', null);
    const token = await bench.api.grant('worker', { workerId: workerId('ann') });
    const owner = await bench.api.grant('owner', { workerId: workerId('ann') });
    const me = (tokenId: string) => bench.api.call('GET', '/v1/me', { tokenId });
    expect((await me(token)).status).toBe(200);
    await put('ann', { restrictAccess: true });
    expect([(await me(token)).status, (await me(owner)).status]).toEqual([401, 200]);
    const made = await bench.api.call<{ id: string; restricted: boolean }>('POST', '/v1/api-tokens', {
      body: { name: 'new', role: 'worker', workerId: workerId('ann') },
    });
    expect(made.body.restricted).toBe(true);
    expect((await me(made.body.id)).status).toBe(401);
    await put('ann', { restrictAccess: false });
    expect([(await me(token)).status, (await me(made.body.id)).status]).toEqual([200, 200]);
  });

  it('are the owner’s and admins’ to change, of people who are there', async () => {
    await putWorker(bench, 'ann', null);
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'])
      expect((await put('ann', { removeBonus: true }, { as })).status).toBe(403);
    expect((await put('zoe', { removeBonus: true })).status).toBe(404);
    expect((await put('ann', { removeBonus: 'yes' })).status).toBe(422);
    expect((await put('ann', { bonusRate: 5 })).status).toBe(422);
  });
});

describe('pools of branches and divisions (B-55)', () => {
  const branchId = idOf('branch', 'b1');
  const newPool = async (name: string): Promise<string> => {
    const made = await bench.api.call<{ id: string }>('POST', '/v1/bonus-pools', {
      body: { name, crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
    });
    return made.body.id;
  };
  const assign = (pool: string, body: object) =>
    bench.api.call<{ id: string; code?: string }>('POST', `/v1/bonus-pools/${pool}/assignments`, { body });

  it('new ProPays of the branch take its pool; those that exist keep theirs', async () => {
    await bench.settle();
    const pool = await newPool('North');
    for (const job of ['before', 'after']) {
      await putJob(bench, job);
      await putBudget(bench, job, null, 10);
      await bench.settle();
      if (job === 'before') expect((await assign(pool, { branchId })).status).toBe(201);
    }
    const poolOf = async (job: string) => (await bench.state({ jobId: jobId(job), milestoneId: null })).proPay?.pool.id;
    expect([await poolOf('before'), await poolOf('after')]).toEqual(['pool-default', pool]);
    const list = await bench.api.call<{ items: object[] }>('GET', `/v1/bonus-pools/${pool}/assignments`);
    expect(list.body.items).toEqual([expect.objectContaining({ branchId, divisionId: null })]);
  });

  it('each has one, of a place that is there; a pool that is assigned stays', async () => {
    await bench.settle();
    const [north, south] = [await newPool('North'), await newPool('South')];
    const made = await assign(north, { branchId });
    expect((await assign(south, { branchId })).body).toMatchObject({ status: 409, code: 'already-assigned', poolId: north });
    expect((await assign(south, { branchId: 'AAAAAAAAAAAAAAAA' })).body.code).toBe('unknown-reference');
    expect((await assign(south, {})).body.code).toBe('invalid-body');
    expect((await assign(south, { branchId, divisionId: branchId })).body.code).toBe('invalid-body');
    expect((await assign('none', { branchId })).status).toBe(404);
    const tag = (await bench.api.call('GET', `/v1/bonus-pools/${north}`)).headers.etag!;
    const remove = () => bench.api.call('DELETE', `/v1/bonus-pools/${north}`, { headers: { 'if-match': tag } });
    expect((await remove()).body).toMatchObject({ status: 409, code: 'pool-in-use' });
    const path = `/v1/bonus-pools/${north}/assignments/${made.body.id}`;
    expect((await bench.api.call('DELETE', path, { as: 'manager' })).status).toBe(403);
    expect((await bench.api.call('DELETE', path)).status).toBe(204);
    expect((await bench.api.call('DELETE', path)).status).toBe(404);
    expect((await assign(south, { branchId })).status).toBe(201);
    expect((await remove()).status).toBe(204);
  });

  it('of two at once one is assigned', async () => {
    await bench.settle();
    const [north, south] = [await newPool('North'), await newPool('South')];
    const answers = await Promise.all([assign(north, { branchId }), assign(south, { branchId })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});
