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

describe('a synced division of the same name (M-141)', () => {
  type Shown = { id: string; entity: string; sourceId: string; targetId: string; state: string; basis: string };
  const links = async () => (await call<{ items: Shown[] }>('GET', '/v1/links')).body.items;
  const arrive = async (name: string, branch = 'b1', source = 'new') => {
    const fields = {
      name,
      code: null,
      branchId: idOf('branch', branch),
      overhead: false,
      active: true,
      origin: 'synced' as const,
    };
    await bench.put('division', source, fields);
    await bench.settle();
    return idOf('division', source);
  };
  const area = async <T>(name: string) => (await call<{ values: T }>('GET', `/v1/settings/${name}`)).body.values;
  const save = async (name: string, values: object) => {
    const tag = (await bench.api.call('GET', `/v1/settings/${name}`)).headers.etag!;
    const answer = await call('PUT', `/v1/settings/${name}`, { area: name, values }, { headers: { 'if-match': tag } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };

  it('is proposed where it comes into the branch of a local one, and nowhere else', async () => {
    const own = await make('Enhancements');
    await make('Snow', 'b2');
    await arrive('Snow');
    expect(await links()).toEqual([]);
    const synced = await arrive(' ENHANCEMENTS', 'b1', 'enh');
    expect(await links()).toEqual([
      expect.objectContaining({ entity: 'division', sourceId: own, targetId: synced, state: 'proposed', basis: 'name' }),
    ]);
    for (const as of ['manager', 'auditor'] as const)
      expect((await call('POST', `/v1/links/acme1.0.${own}/confirm`, {}, { as })).status).toBe(403);
    expect((await call('POST', `/v1/links/acme1.0.${own}/confirm`, {}, { tenant: OTHER_TENANT })).status).toBe(404);
  });

  it('confirmed, takes every setting that names the local one, which is closed; jobs keep their division', async () => {
    const own = await make('Enhancements');
    await saveRules([{ divisionId: own, branchId: B1(), serviceType: 'Mulch' }]);
    await save('incentives', {
      ...(await area<object>('incentives')),
      divisions: { [own]: { budgetType: 'labor_budget', modification: null, laborBp: null } },
    });
    await save('propay', {
      ...(await area<object>('propay')),
      programScopes: { branchIds: [], divisionIds: [own], routeIds: [] },
    });
    await bench.context((it) => ({
      ...it,
      pools: [...it.pools, { ...it.pools[0]!, id: 'pool-own', name: 'Own', default: false, splitBp: 10_000 }],
      poolAssignments: [{ id: 'a', poolId: 'pool-own', branchId: null, divisionId: own }],
      managerMap: { ...it.managerMap, [`${B1()}|${own}`]: idOf('worker', 'ann') },
    }));
    await putJob(bench, 'mulch', { serviceType: 'Mulch' });
    const manager = await bench.api.grant('manager', { scope: { branchIds: [], divisionIds: [own], routeIds: [] } });
    const synced = await arrive('Enhancements');
    await putJob(bench, 'given', { divisionId: synced });
    await bench.settle();
    const sees = async (name: string) => (await call('GET', `/v1/jobs/${jobId(name)}`, undefined, { tokenId: manager })).status;
    expect([await sees('mulch'), await sees('given')]).toEqual([200, 404]);

    const twins = await Promise.all([1, 2].map(() => call('POST', `/v1/links/acme1.0.${own}/confirm`, {})));
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 409]);
    await bench.settle();
    const after = await context();
    expect(after.divisions).toMatchObject({ [own]: { active: false }, [synced]: { active: true } });
    expect(after.divisionRules).toEqual([expect.objectContaining({ divisionId: synced, serviceType: 'Mulch' })]);
    expect(after.poolAssignments).toEqual([{ id: 'a', poolId: 'pool-own', branchId: null, divisionId: synced }]);
    expect(after.incentives.divisions).toEqual({ [synced]: expect.objectContaining({ budgetType: 'labor_budget' }) });
    expect(after.programScopes).toEqual({ branchIds: [], divisionIds: [synced], routeIds: [] });
    expect(after.managerMap).toEqual({ [`${B1()}|${synced}`]: idOf('worker', 'ann') });
    // The saved areas say what the compiled context says.
    expect(await area('org')).toMatchObject({ divisionRules: [{ divisionId: synced }] });
    expect(await area('incentives')).toMatchObject({ divisions: { [synced]: { budgetType: 'labor_budget' } } });
    expect(await area('propay')).toMatchObject({ programScopes: { divisionIds: [synced] } });
    expect((await call('GET', `/v1/divisions/${own}`)).body).toMatchObject({ status: 'inactive', origin: 'local' });
    expect((await call('GET', `/v1/jobs/${jobId('mulch')}`)).body.divisionId).toBe(synced);
    const listed = (
      await call<{ items: Body[] }>('GET', '/v1/jobs', undefined, { query: { branchId: B1(), divisionId: synced } })
    ).body;
    expect(listed.items.map(({ id }) => id).sort()).toEqual([jobId('mulch'), jobId('given')].sort());
    expect([await sees('mulch'), await sees('given')]).toEqual([200, 200]);
    // Its rules may be saved again, and changed.
    expect((await saveRules([{ divisionId: synced, branchId: B1(), serviceType: 'Bark' }])).status).toBe(200);
    const audit = await call<{ items: { action: string }[] }>('GET', '/v1/audit', undefined, { query: { entityId: own } });
    expect(audit.body.items.map(({ action }) => action)).toContain('division.changed');
  });

  it('keeps what it has of its own', async () => {
    const own = await make('Enhancements');
    const synced = await arrive('Enhancements');
    await bench.context((it) => ({
      ...it,
      pools: [...it.pools, { ...it.pools[0]!, id: 'one', default: false }, { ...it.pools[0]!, id: 'two', default: false }],
      poolAssignments: [
        { id: 'a', poolId: 'one', branchId: null, divisionId: own },
        { id: 'b', poolId: 'two', branchId: null, divisionId: synced },
      ],
    }));
    expect((await call('POST', `/v1/links/acme1.0.${own}/confirm`, {})).status).toBe(200);
    expect((await context()).poolAssignments).toEqual([{ id: 'b', poolId: 'two', branchId: null, divisionId: synced }]);
  });

  it('discarded, changes nothing and is not proposed again', async () => {
    const own = await make('Enhancements');
    await saveRules([{ divisionId: own, branchId: B1(), serviceType: 'Mulch' }]);
    await arrive('Enhancements');
    const before = await context();
    expect((await call('POST', `/v1/links/acme1.0.${own}/discard`, {})).body).toMatchObject({ state: 'discarded' });
    await bench.settle();
    expect(await context()).toEqual(before);
    expect((await links()).map(({ state }) => state)).toEqual(['discarded']);
    expect((await call('POST', `/v1/links/acme1.0.${own}/confirm`, {})).body.code).toBe('link-already-decided');
    expect((await call('POST', '/v1/links/acme1.0.AAAAAAAAAAAAAAAA/confirm', {})).status).toBe(404);
  });
});
