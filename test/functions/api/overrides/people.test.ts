import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
});
afterEach(() => bench.stop());

const desk = (name: string) => overrideDesk(bench, `/v1/workers/${workerId(name)}`);
const put = (name: string, fields: Partial<typeof BLANK_WORKER>) =>
  bench.put('worker', name, { ...BLANK_WORKER, displayName: `Worker ${name}`, branchId: idOf('branch', 'b1'), ...fields });
const stateOf = async (name: string) => (await desk(name).record<{ status: string }>()).status;
const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };
const me = (tokenId: string) => bench.api.call<{ role: string }>('GET', '/v1/me', { tokenId });

describe('a role given here (E-2, M-48)', () => {
  it('holds whatever the source says, conflicts when the source moves on, and goes with its clearing', async () => {
    await bench.context((context) => ({
      ...context,
      connections: { 'acme1.1': { ...context.connections['acme1.1']!, roleMap: { Foreman: 'crew_lead', Boss: 'manager' } } },
    }));
    await put('ann', { sourceRole: 'Foreman' });
    expect(await desk('ann').record()).toMatchObject({ role: 'crew_lead', overridden: [] });
    const set = await desk('ann').set('role', { value: 'worker', reason: 'new here' });
    expect(set.body.overrides.role).toMatchObject({
      value: 'worker',
      reason: 'new here',
      sourceValueWhenSet: 'crew_lead',
      sourceValue: 'crew_lead',
      conflict: false,
    });
    await put('ann', { sourceRole: 'Boss' });
    expect(await desk('ann').record()).toMatchObject({
      role: 'worker',
      overridden: ['role'],
      overrides: { role: { sourceValue: 'manager', conflict: true } },
    });
    bench.api.pass(1);
    expect((await desk('ann').keep('role')).body.overrides.role).toMatchObject({
      sourceValueWhenSet: 'manager',
      conflict: false,
    });
    bench.api.pass(1);
    expect((await desk('ann').clear('role')).body.overrides).toEqual({});
    expect(await desk('ann').record()).toMatchObject({ role: 'manager', overridden: [] });
    const { body } = await bench.api.call<{ items: { action: string; before: unknown; after: unknown }[] }>('GET', '/v1/audit', {
      query: { entityId: workerId('ann') },
    });
    expect(body.items.map(({ action }) => action)).toEqual(['override.cleared', 'override.kept', 'override.set']);
    expect(body.items[2]).toMatchObject({ before: null, after: { value: 'worker' }, reason: 'new here' });
  });

  it('acts on the person’s next request, and never makes or unmakes an admin (M-144, M-48)', async () => {
    await put('ann', {});
    const lead = await bench.api.grant('crew_lead', { workerId: workerId('ann') });
    const admin = await bench.api.grant('admin', { workerId: workerId('ann') });
    await desk('ann').set('role', { value: 'manager' });
    expect([(await me(lead)).body.role, (await me(admin)).body.role]).toEqual(['manager', 'admin']);
    await desk('ann').set('role', { value: 'worker' });
    expect((await me(lead)).body.role).toBe('worker');
    expect((await bench.api.call('GET', '/v1/settings/people', { tokenId: lead })).status).toBe(403);
    await desk('ann').clear('role');
    expect((await me(lead)).body.role).toBe('crew_lead');
    for (const value of ['admin', 'owner', 'auditor', 'boss', '', null])
      expect((await desk('ann').set('role', { value })).status).toBe(422);
  });

  it('is a manager’s to give in scope, between worker and crew lead alone', async () => {
    await put('ann', {});
    const manager = await bench.api.grant('manager', { scope });
    const as = { tokenId: manager };
    expect((await desk('ann').set('role', { value: 'crew_lead' }, { ...as, headers: { 'if-match': '"r0"' } })).status).toBe(200);
    expect((await desk('ann').set('role', { value: 'manager' }, { ...as, headers: { 'if-match': '"r1"' } })).status).toBe(403);
    await desk('ann').set('role', { value: 'manager' });
    for (const value of ['worker', 'crew_lead'])
      expect((await desk('ann').set('role', { value }, { ...as, headers: { 'if-match': '"r2"' } })).status).toBe(403);
    expect((await desk('ann').clear('role', {}, { ...as, headers: { 'if-match': '"r2"' } })).status).toBe(403);
    expect((await desk('ann').keep('role', as)).status).toBe(403);
    const elsewhere = await bench.api.grant('manager');
    expect(
      (await desk('ann').set('role', { value: 'worker' }, { tokenId: elsewhere, headers: { 'if-match': '"r2"' } })).status,
    ).toBe(404);
  });

  it('tells which ProPays wait for a manager who is lowered (M-144), and moves nobody off them', async () => {
    await seedFence(bench);
    await bench.settle();
    await desk('max').set('role', { value: 'manager' });
    const lowered = await desk('max').set('role', { value: 'worker' });
    expect(lowered.body.waitingPropayIds).toHaveLength(1);
    await bench.settle();
    const id = (lowered.body.waitingPropayIds as string[])[0]!;
    expect((await bench.api.call('GET', `/v1/propays/${id}`)).body).toMatchObject({
      managerIds: [workerId('max')],
      status: 'Active',
    });
  });
});

describe('whether a person is there (E-3, M-148)', () => {
  it('is what people say here, else what the source says; the list of people follows', async () => {
    const listed = async (status: string) =>
      (await bench.api.call<{ items: { id: string }[] }>('GET', '/v1/workers', { query: { status } })).body.items.map(
        ({ id }) => id,
      );
    await put('ann', {});
    await put('bob', { sourceActive: false });
    await bench.settle();
    expect([await listed('active'), await listed('deactivated'), await listed('archived')]).toEqual([
      [workerId('ann')],
      [workerId('bob')],
      [],
    ]);
    await desk('ann').set('active', { value: 'archived', reason: 'left' });
    await desk('bob').set('active', { value: 'active' });
    expect([await listed('active'), await listed('deactivated'), await listed('archived')]).toEqual([
      [workerId('bob')],
      [],
      [workerId('ann')],
    ]);
    // A sync that renames them and says the opposite does not undo it.
    await put('ann', { displayName: 'Ann B.' });
    await put('bob', { displayName: 'Bob B.', sourceActive: false });
    expect([await stateOf('ann'), await stateOf('bob')]).toEqual(['archived', 'active']);
    expect([await listed('active'), await listed('archived')]).toEqual([[workerId('bob')], [workerId('ann')]]);
    await desk('ann').clear('active');
    await desk('bob').clear('active');
    expect([await listed('active'), await listed('deactivated')]).toEqual([[workerId('ann')], [workerId('bob')]]);
  });

  it('conflicts while the source contradicts it, until somebody has looked (M-120, X-15, A-15)', async () => {
    await put('ann', { sourceActive: false });
    const back = await desk('ann').set('active', { value: 'active' });
    expect(back.body.overrides.active).toMatchObject({ conflict: true, note: 'No new data until active at the source.' });
    expect((await desk('ann').keep('active')).body.overrides.active).toMatchObject({ conflict: false });
    await put('ann', { sourceActive: true });
    expect((await desk('ann').read()).body.overrides.active).toMatchObject({ conflict: false, note: null });
    await put('bob', { sourceActive: false });
    await desk('bob').set('active', { value: 'archived' });
    expect((await desk('bob').read()).body.overrides.active).toMatchObject({ conflict: false });
    await put('bob', { sourceActive: true });
    expect((await desk('bob').read()).body.overrides.active).toMatchObject({ conflict: true });
    expect(await stateOf('bob')).toBe('archived');
    await put('bob', { sourceActive: false });
    expect((await desk('bob').read()).body.overrides.active).toMatchObject({ conflict: false });
  });

  it('ends the sign-in of whoever is archived at once, and leaves own statements to whoever is deactivated', async () => {
    await put('ann', {});
    const worker = await bench.api.grant('worker', { workerId: workerId('ann') });
    const manager = await bench.api.grant('manager', { workerId: workerId('ann'), scope });
    const owner = await bench.api.grant('owner', { workerId: workerId('bob') });
    await put('bob', {});
    await desk('ann').set('active', { value: 'deactivated' });
    for (const tokenId of [worker, manager]) {
      expect((await me(tokenId)).body.role).toBe('worker');
      expect((await bench.api.call('GET', '/v1/statements', { tokenId })).status).toBe(200);
      expect((await bench.api.call('GET', '/v1/jobs', { tokenId })).status).toBe(403);
      expect((await bench.api.call('PUT', `/v1/workers/${workerId('ann')}`, { tokenId, body: {} })).status).toBe(403);
    }
    await desk('ann').set('active', { value: 'archived' });
    expect([(await me(worker)).status, (await me(manager)).status]).toEqual([401, 401]);
    await desk('ann').clear('active');
    expect([(await me(worker)).status, (await me(manager)).body.role]).toEqual([200, 'manager']);
    const refused = await desk('bob').set('active', { value: 'archived' });
    expect(refused.body).toMatchObject({ status: 409, code: 'owner-protected' });
    expect((await desk('bob').set('role', { value: 'worker' })).status).toBe(409);
    expect((await me(owner)).status).toBe(200);
  });

  it('is the owner’s and admins’ to say; what is none is refused', async () => {
    await put('ann', {});
    const manager = await bench.api.grant('manager', { scope });
    const headers = { 'if-match': '"r0"' };
    for (const options of [{ tokenId: manager }, { as: 'crew_lead' }, { as: 'worker' }, { as: 'auditor' }] as const)
      expect((await desk('ann').set('active', { value: 'archived' }, { ...options, headers })).status).toBe(403);
    for (const value of ['gone', true, null, 'inactive']) expect((await desk('ann').set('active', { value })).status).toBe(422);
    expect((await desk('ann').keep('active')).status).toBe(404);
    expect((await desk('ann').read()).body.history).toEqual([]);
  });

  it('is kept of a record that was deleted at the source, and applies again when it returns (M-120, X-7)', async () => {
    await put('ann', {});
    await desk('ann').set('active', { value: 'deactivated' });
    await desk('ann').set('wage', { wage: '30', effectiveFrom: '2026-03-01' });
    const fields = { ...BLANK_WORKER, displayName: 'Ann' };
    await bench.put('worker', 'ann', fields, { tombstone: { at: bench.api.now(), runId: 'R', reason: 'absent' } });
    expect((await desk('ann').read()).body.overrides).toMatchObject({
      active: { value: 'deactivated' },
      wage: { value: '30.00' },
    });
    expect((await desk('ann').set('role', { value: 'manager' })).status).toBe(404);
    await bench.put('worker', 'ann', fields);
    expect(await desk('ann').record()).toMatchObject({ status: 'deactivated', wage: '30.00' });
  });
});

describe('wages and roles of several people (M-118)', () => {
  it('are given each for itself, with a result for each', async () => {
    for (const name of ['ann', 'bob', 'cid']) await putWorker(bench, name, null);
    const wage = { wage: '21', effectiveFrom: '2026-03-01' };
    const items = [
      { id: workerId('ann'), ifMatch: '"r0"', wage },
      { id: workerId('bob'), ifMatch: '"r0"', role: { value: 'crew_lead' } },
      { id: workerId('cid'), ifMatch: '"r7"', wage },
      { id: workerId('zoe'), ifMatch: '"r0"', wage },
      { id: workerId('ann'), ifMatch: '"r1"', wage: { ...wage, wage: '-1' } },
    ];
    const send = (body: object, options = {}) =>
      bench.api.call<{ accepted: string[]; refused: { id: string; problem: { status: number } }[]; code?: string }>(
        'POST',
        '/v1/workers/bulk-overrides',
        { body, ...options },
      );
    const { body } = await send({ items });
    expect(body.accepted).toEqual([workerId('ann'), workerId('bob')]);
    expect(body.refused.map(({ id, problem }) => [id, problem.status])).toEqual([
      [workerId('cid'), 412],
      [workerId('zoe'), 404],
      [workerId('ann'), 422],
    ]);
    expect(await desk('ann').record()).toMatchObject({ wage: '21.00' });
    expect(await desk('bob').record()).toMatchObject({ role: 'crew_lead' });
    expect((await desk('cid').read()).body.history).toEqual([]);
    for (const bad of [
      { items: [] },
      { items: [{ id: workerId('ann'), ifMatch: '"r1"' }] },
      { items: [{ ...items[0], role: { value: 'worker' } }] },
    ])
      expect((await send(bad)).status).toBe(422);
    expect((await send({ items }, { as: 'worker' })).status).toBe(403);
  });
});

describe('every other field (M-114)', () => {
  it('is refused with 405 that names the integration and what may be overridden', async () => {
    await putWorker(bench, 'ann', null);
    for (const [method, field] of [
      ['PUT', 'phone'],
      ['DELETE', 'displayName'],
      ['PATCH', 'bonusRate'],
    ] as const) {
      const { status, headers, body } = await bench.api.call(method, `/v1/workers/${workerId('ann')}/overrides/${field}`, {
        body: {},
      });
      expect([status, body.code, headers.allow]).toEqual([405, 'mirror-read-only', 'GET, HEAD']);
      expect(body.permitted).toContainEqual({ method: 'PUT', href: `/v1/workers/${workerId('ann')}/overrides/wage` });
    }
    expect((await bench.api.call('GET', `/v1/workers/${workerId('ann')}/overrides/phone`)).status).toBe(404);
  });
});
