import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContext } from '#store/settings-repository.ts';
import { OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putVisit, putWorker } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  await putBranch(bench, 'b2');
  await putWorker(bench, 'ann', 250_000);
  await bench.put('division', 'synced', {
    ...{ name: 'Maintenance', code: 'M', branchId: B1(), overhead: false, active: true, origin: 'synced' },
  });
  await bench.settle();
});
afterEach(() => bench.stop());

const B1 = () => idOf('branch', 'b1');
type Body = Record<string, unknown> & {
  readonly id: string;
  readonly code: string;
  readonly errors: readonly { code: string }[];
};
const call = <T = Body>(method: string, path: string, body?: object, options = {}) =>
  bench.api.call<T>(method, path, { ...(body === undefined ? {} : { body }), ...options });
const context = async () => (await readContext(bench.table, bench.scope))!;
const make = async (name: string, branch = 'b1') =>
  (await call('POST', '/v1/divisions', { name, branchId: idOf('branch', branch) })).body.id;
const saveRules = async (divisionRules: readonly object[], options = {}) => {
  const path = '/v1/settings/org';
  const tag = (await bench.api.call('GET', path)).headers.etag!;
  const body = { area: 'org', values: { divisionRules } };
  return call('PUT', path, body, { headers: { 'if-match': tag }, ...options });
};

describe('divisions of our own (E-10, M-141)', () => {
  it('stand beside the synced ones, without a source', async () => {
    const made = await call('POST', '/v1/divisions', { name: ' Enhancements ', branchId: B1() });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Enhancements', branchId: B1(), active: true, origin: 'local', revision: 1 });
    expect((await call('GET', made.headers.location!)).body).toMatchObject({
      ...{ id: made.body.id, entity: 'division', name: 'Enhancements', origin: 'local', status: 'active' },
      ...{ sourceId: null, connectionId: null, dataAsOf: null, lastSeenRunId: null, deletedAtSource: null },
    });
    const { items } = (await call<{ items: Body[] }>('GET', '/v1/divisions')).body;
    expect(items.map(({ name, origin }) => [name, origin]).sort()).toEqual([
      ['Enhancements', 'local'],
      ['Maintenance', 'synced'],
    ]);
    await bench.settle();
    expect((await context()).divisions[made.body.id]).toEqual({ name: 'Enhancements', overhead: false, active: true });
    const closed = await call('PATCH', made.headers.location!, { active: false, name: 'Extras' });
    expect(closed.body).toMatchObject({ name: 'Extras', active: false, revision: 2 });
    await bench.settle();
    expect((await context()).divisions[made.body.id]).toMatchObject({ name: 'Extras', active: false });
    expect((await call('DELETE', made.headers.location!)).status).toBe(204);
    expect((await call('GET', made.headers.location!)).status).toBe(404);
    await bench.settle();
    expect(Object.keys((await context()).divisions)).toEqual([idOf('division', 'synced')]);
  });

  it('synced ones are changed at the source: 405 for everybody', async () => {
    const path = `/v1/divisions/${idOf('division', 'synced')}`;
    for (const as of ['owner', 'admin', 'manager', 'worker', 'auditor'] as const)
      for (const method of ['PATCH', 'DELETE', 'PUT', 'POST']) {
        const answer = await call(method, path, method === 'PATCH' ? { name: 'Mine' } : {}, { as });
        expect([as, method, answer.status, answer.body.code, answer.headers.allow]).toEqual([
          ...[as, method, 405, 'mirror-read-only', 'GET, HEAD'],
        ]);
      }
  });

  it('belong to a branch, by a name that is theirs alone there; owner and admin make and change them', async () => {
    const id = await make('Enhancements');
    const code = async (body: object, options = {}) => {
      const { status, body: told } = await call('POST', '/v1/divisions', body, options);
      return [status, told.code, told.errors?.[0]?.code];
    };
    expect(await code({ name: 'ENHANCEMENTS ', branchId: B1() })).toEqual([422, 'invalid-body', 'taken']);
    expect(await code({ name: 'maintenance', branchId: B1() })).toEqual([422, 'invalid-body', 'taken']);
    expect((await code({ name: 'Enhancements', branchId: idOf('branch', 'b2') }))[0]).toBe(201);
    expect(await code({ name: 'X', branchId: 'AAAAAAAAAAAAAAAA' })).toEqual([422, 'unknown-reference', 'unknown']);
    expect((await code({ name: '  ', branchId: B1() }))[0]).toBe(422);
    const here = await bench.api.grant('manager', { scope: { branchIds: [B1()], divisionIds: [], routeIds: [] } });
    const allowed = async (options: object) => [
      (await code({ name: 'X', branchId: B1() }, options))[0],
      (await call('PATCH', `/v1/divisions/${id}`, { name: 'X' }, options)).status,
      (await call('DELETE', `/v1/divisions/${id}`, undefined, options)).status,
    ];
    for (const options of [{ as: 'auditor' }, { tokenId: here }]) expect(await allowed(options)).toEqual([403, 403, 403]);
    for (const as of ['manager', 'crew_lead', 'worker'] as const) expect(await allowed({ as })).toEqual([403, 404, 404]);
    expect((await call('PATCH', `/v1/divisions/${id}`, { name: 'X' }, { tenant: OTHER_TENANT })).status).toBe(404);
    const both = await Promise.all(['one', 'two'].map(() => call('POST', '/v1/divisions', { name: 'Twin', branchId: B1() })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
  });

  it('cannot go or move while settings name them, but can be closed', async () => {
    const id = await make('Enhancements');
    await saveRules([{ divisionId: id, branchId: B1(), serviceType: 'Mulch' }]);
    expect((await call('DELETE', `/v1/divisions/${id}`)).body.code).toBe('division-in-use');
    expect((await call('PATCH', `/v1/divisions/${id}`, { branchId: idOf('branch', 'b2') })).body.code).toBe('division-in-use');
    expect((await call('PATCH', `/v1/divisions/${id}`, { active: false })).status).toBe(200);
    await saveRules([]);
    expect((await call('DELETE', `/v1/divisions/${id}`)).status).toBe(204);
  });
});

describe('assignment of jobs to divisions of our own', () => {
  const divisionOf = async (name: string) => (await call('GET', `/v1/jobs/${jobId(name)}`)).body.divisionId;

  it('is by branch and conditions, the first rule wins, and only where the source gives no division', async () => {
    const [one, two, far] = [await make('One'), await make('Two'), await make('Far', 'b2')];
    const rules = [
      { divisionId: one, branchId: B1(), serviceType: ' mulch ' },
      { divisionId: two, branchId: B1(), namePattern: 'elm*' },
      { divisionId: two, branchId: B1(), customField: { field: 'terms', values: ['Flat'] } },
      { divisionId: far, branchId: idOf('branch', 'b2'), clientId: idOf('client', 'c1') },
    ];
    expect((await saveRules(rules)).status).toBe(200);
    await putJob(bench, 'mulch', { serviceType: 'Mulch', name: 'Elm Street' });
    await putJob(bench, 'elm', { name: 'Elm Street' });
    await putJob(bench, 'flat', { name: 'Oak', customFields: { Terms: 'flat' } });
    await putJob(bench, 'none', { name: 'Oak' });
    await putJob(bench, 'given', { serviceType: 'Mulch', divisionId: idOf('division', 'synced') });
    await putJob(bench, 'client', { name: 'Oak', branchId: idOf('branch', 'b2'), clientId: idOf('client', 'c1') });
    await putJob(bench, 'elsewhere', { serviceType: 'Mulch', branchId: idOf('branch', 'b2') });
    const told = Object.fromEntries(
      await Promise.all(
        ['mulch', 'elm', 'flat', 'none', 'given', 'client', 'elsewhere'].map(async (name) => [name, await divisionOf(name)]),
      ),
    );
    expect(told).toEqual({
      ...{ mulch: one, elm: two, flat: two, none: null, given: idOf('division', 'synced'), client: far, elsewhere: null },
    });
    const listed = async (divisionId: string) =>
      (await call<{ items: Body[] }>('GET', '/v1/jobs', undefined, { query: { branchId: B1(), divisionId } })).body.items
        .map(({ name, number }) => number ?? name)
        .sort();
    expect(await listed(one)).toEqual(['mulch']);
    expect(await listed(two)).toEqual(['elm', 'flat']);
    expect(await listed(idOf('division', 'synced'))).toEqual(['given']);
    const manager = await bench.api.grant('manager', { scope: { branchIds: [], divisionIds: [two], routeIds: [] } });
    expect((await call('GET', `/v1/jobs/${jobId('elm')}`, undefined, { tokenId: manager })).status).toBe(200);
    expect((await call('GET', `/v1/jobs/${jobId('mulch')}`, undefined, { tokenId: manager })).status).toBe(404);
    // A closed division takes no jobs: the next rule is asked.
    await call('PATCH', `/v1/divisions/${one}`, { active: false });
    expect(await divisionOf('mulch')).toBe(two);
  });

  it('decides the pool of a new ProPay, its place and what a division’s manager sees', async () => {
    const own = await make('Enhancements');
    await saveRules([{ divisionId: own, branchId: B1(), serviceType: 'Mulch' }]);
    await bench.context((it) => ({
      ...it,
      pools: [...it.pools, { ...it.pools[0]!, id: 'pool-own', name: 'Own', default: false, splitBp: 10_000 }],
      poolAssignments: [{ id: 'a', poolId: 'pool-own', branchId: null, divisionId: own }],
    }));
    await putJob(bench, 'r', { recurring: true, serviceType: 'Mulch' });
    await putVisit(bench, 'r', 'v');
    await putJob(bench, 'm', { serviceType: 'Mulch', status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putBudget(bench, 'm', null, 10);
    await putTime(bench, { id: 't', worker: 'ann', job: 'm', hours: 5 });
    await bench.settle();
    const { proPay, result } = await bench.state({ jobId: jobId('m'), milestoneId: null });
    expect([proPay!.pool.id, result!.place.divisionId, result!.figures!.workerShareCents]).toEqual(['pool-own', own, 12_500]);
    const manager = await bench.api.grant('manager', { scope: { branchIds: [], divisionIds: [own], routeIds: [] } });
    expect((await call('GET', `/v1/propays/${proPay!.id}`, undefined, { tokenId: manager })).status).toBe(200);
    // Another rule moves the open ProPay; the pool it has copied stays (B-55).
    await saveRules([]);
    await bench.settle();
    const after = await bench.state({ jobId: jobId('m'), milestoneId: null });
    expect([after.proPay!.pool.id, after.result!.place.divisionId]).toEqual(['pool-own', null]);
    expect((await call('GET', `/v1/propays/${proPay!.id}`, undefined, { tokenId: manager })).status).toBe(404);
  });

  it('is refused where a rule names no local division of its branch, or asks for nothing', async () => {
    const own = await make('Enhancements');
    const code = async (rule: object) => (await saveRules([{ divisionId: own, branchId: B1(), ...rule }])).body.code;
    expect(await code({})).toBe('invalid-rule');
    expect(await code({ namePattern: '**' })).toBe('invalid-rule');
    expect(await code({ serviceType: 'X', branchId: idOf('branch', 'b2') })).toBe('unknown-reference');
    expect(await code({ serviceType: 'X', divisionId: idOf('division', 'synced') })).toBe('unknown-reference');
    expect(await code({ serviceType: 'X', divisionId: 'AAAAAAAAAAAAAAAA' })).toBe('unknown-reference');
    expect(await code({ routeId: 'AAAAAAAAAAAAAAAA' })).toBe('unknown-reference');
    expect((await context()).divisionRules).toEqual([]);
  });
});
