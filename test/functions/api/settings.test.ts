import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BonusPool } from '#model/settings.ts';
import { listApiTokens } from '#store/people-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import { OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';
import { type Seed, seedCompany, seedTenant } from '#test/support/mirror-seed.ts';

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope, { jobs: 1, workers: 3 });
  await seedTenant(api.table, api.otherScope);
});
afterAll(() => api.stop());

interface Items {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}
const match = (tag: string) => ({ headers: { 'if-match': tag } });
const context = async () => (await readContext(api.table, api.scope))!;
const put = (area: string, values: unknown, tag = '"r0"') =>
  api.call('PUT', `/v1/settings/${area}`, { body: { area, values }, ...match(tag) });

describe('settings', () => {
  it('are read with their defaults until somebody saves them', async () => {
    const { body, headers } = await api.call('GET', '/v1/settings/approval');
    expect(body).toEqual({ area: 'approval', values: { maxDataAgeMinutes: 1_440 } });
    expect(headers.etag).toMatch(/^"r0\./);
    expect((await api.call<Items>('GET', '/v1/settings')).body.items).toHaveLength(11);
    expect((await api.call<Items>('GET', '/v1/settings', { as: 'manager' })).body.items).toHaveLength(9);
    expect((await api.call('GET', '/v1/settings/roles', { as: 'manager' })).status).toBe(404);
    expect((await api.call('GET', '/v1/settings/unknown')).status).toBe(404);
    expect((await api.call('GET', '/v1/settings/approval', { as: 'worker' })).status).toBe(403);
  });

  it('refuse rules of phases that share an id or take a reserved one (B-111)', async () => {
    const rule = (id: string) => ({ id, name: id, serviceType: null, keyword: id, divisionId: null });
    const phases = (...ids: string[]) => ({ phases: { mode: 'independent', branches: {}, rules: ids.map(rule) } });
    expect(await put('bonus', phases('dig', 'dig'))).toMatchObject({
      status: 422,
      body: { code: 'duplicate-rule', errors: [{ pointer: '/values/phases/rules/1/id' }] },
    });
    for (const id of ['other', 'reserve'])
      expect(await put('bonus', phases(id))).toMatchObject({ status: 422, body: { code: 'invalid-rule' } });
    expect((await api.call<{ values: { phases: object } }>('GET', '/v1/settings/bonus')).body.values.phases).toMatchObject({
      rules: [],
    });
  });

  it('are saved on the revision that was seen, with their version, the compiled context and audit', async () => {
    const body = {
      area: 'propay',
      values: {
        launchDate: '2026-02-01',
        includeInProgressAtLaunch: true,
        autoCreate: true,
        horizonDays: 21,
        driveTimeInCost: true,
      },
    };
    expect((await api.call('PUT', '/v1/settings/propay', { body })).status).toBe(428);
    expect((await api.call('PUT', '/v1/settings/propay', { body, as: 'manager', ...match('"r0"') })).status).toBe(403);
    const preview = await api.call('PUT', '/v1/settings/propay', { body, query: { preview: true }, ...match('"r0"') });
    expect(preview.body.effect).toMatchObject({ changes: expect.arrayContaining([{ key: 'horizonDays', from: 14, to: 21 }]) });
    expect((await context()).horizonDays).toBe(14);
    const revision = (await context()).revision;
    const saved = await api.call('PUT', '/v1/settings/propay', { body, ...match('"r0"') });
    expect([saved.status, saved.headers.etag?.slice(0, 4)]).toEqual([200, '"r1.']);
    expect(await context()).toMatchObject({
      revision: revision + 1,
      horizonDays: 21,
      driveTimeInCost: true,
      launch: { mode: 'date', date: '2026-02-01' },
    });
    const stale = await api.call('PUT', '/v1/settings/propay', { body, ...match('"r0"') });
    expect([stale.status, stale.headers.etag]).toEqual([412, '"r1"']);
    const audit = (await api.call<Items>('GET', '/v1/audit', { query: { entityId: 'propay' } })).body.items;
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      action: 'settings.changed',
      entity: 'settings',
      tenantId: 'acme1',
      source: 'API',
      before: { horizonDays: 14 },
    });
  });

  it('of two savers on one revision exactly one wins', async () => {
    const values = (minutes: number) => ({ area: 'approval', values: { maxDataAgeMinutes: minutes } });
    const both = await Promise.all(
      [100, 200].map((minutes) => api.call('PUT', '/v1/settings/approval', { body: values(minutes), ...match('"r0"') })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('refuse what is out of range, unknown, of another area, or names nobody', async () => {
    expect((await put('approval', { maxDataAgeMinutes: 5 }, '"r1"')).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/values/maxDataAgeMinutes' }],
    });
    expect((await put('approval', { maxDataAgeMinutes: 100, tenantId: 'rival1' }, '"r1"')).body).toMatchObject({
      status: 422,
      errors: [{ code: 'unknown' }],
    });
    expect((await put('incentives', { budgetType: 'magic' })).body.code).toBe('unknown-budget-type');
    expect((await put('payroll', { frequency: 'monthly', periodStart: { startDay: 31 } })).body.code).toBe('invalid-calendar');
    expect((await put('bonus', { excludedWorkerIds: ['AAAAAAAAAAAAAAAA'] })).body.code).toBe('unknown-reference');
    const pair = { 'AAAAAAAAAAAAAAAA|BBBBBBBBBBBBBBBB': { laborBp: 3_000 } };
    expect((await put('incentives', { divisions: pair })).body.code).toBe('unknown-reference');
    const wrongArea = await api.call('PUT', '/v1/settings/people', {
      body: { area: 'approval', values: { maxDataAgeMinutes: 100 } },
      ...match('"r0"'),
    });
    expect(wrongArea.body).toMatchObject({ status: 422, errors: [{ pointer: '/area' }] });
    const tenant = (await api.call<{ values: Record<string, unknown> }>('GET', '/v1/settings/tenant')).body.values;
    expect((await put('tenant', { ...tenant, zone: 'Mars/Base' }, '"r1"')).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/values/zone' }],
    });
    const moved = await put('tenant', { ...tenant, zone: 'America/Chicago', name: 'Acme Two' }, '"r1"');
    expect(moved.status).toBe(200);
    expect(await context()).toMatchObject({ zone: 'America/Chicago', name: 'Acme Two' });
    expect((await put('payroll', { frequency: 'monthly', periodStart: {} })).body.values).toMatchObject({
      periodStart: { startDay: 1 },
    });
    expect((await context()).payCalendar).toEqual({ frequency: 'monthly', startDay: 1 });
  });

  it('change the pay calendar at once while nothing is earned, afterwards from the next period on (B-132)', async () => {
    await put('payroll', { frequency: 'weekly', periodStart: { startWeekday: 1 } }, '"r1"');
    expect((await context()).payCalendar).toEqual({ frequency: 'weekly', startWeekday: 1 });
    const item = { pk: 'T#acme1#P#w', sk: 'I#tenant#2026-03-10#x', et: 'li', bp: 'T#acme1#L#LI', bs: 'u#2026-03-10#x' };
    await api.table.write(api.scope, [{ kind: 'put', item }]);
    await put('payroll', { frequency: 'monthly', periodStart: { startDay: 1 } }, '"r2"');
    expect((await context()).payCalendar).toEqual({
      frequency: 'monthly',
      startDay: 1,
      changed: { from: '2026-03-16', before: { frequency: 'weekly', startWeekday: 1 } },
    });
  });
});

describe('bonus pools', () => {
  const shares = { crewBp: 7_000, crewLeadBp: 2_000, managerBp: 1_000, otherBp: 0, companyBp: 0 };

  it('the first is the default; another becomes it in its place; the default cannot go', async () => {
    const first = await api.call('POST', '/v1/bonus-pools', { body: { name: 'Standard', ...shares } });
    expect(first.body).toMatchObject({ default: true, splitBp: 5_000, distribution: { formula: 'per_hour' } });
    api.pass(1);
    const second = await api.call('POST', '/v1/bonus-pools', {
      body: { name: 'Crew only', ...shares, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 },
    });
    expect([second.status, second.body.default]).toEqual([201, false]);
    const path = second.headers.location!;
    const promoted = await api.call('PATCH', path, { body: { default: true }, ...match('"r1"') });
    expect(promoted.body.default).toBe(true);
    expect((await context()).pools.map((pool: BonusPool) => [pool.name, pool.default])).toEqual([
      ['Standard', false],
      ['Crew only', true],
    ]);
    expect((await api.call('DELETE', path, match('"r2"'))).body.code).toBe('pool-in-use');
    expect((await api.call('PATCH', path, { body: { default: false }, ...match('"r2"') })).body.code).toBe('pool-in-use');
    expect((await api.call('DELETE', first.headers.location!, match('"r1"'))).status).toBe(412);
    const gone = await api.call('DELETE', first.headers.location!, match('"r2"'));
    expect([gone.status, gone.response.body]).toEqual([204, '']);
    expect((await api.call<Items>('GET', '/v1/bonus-pools')).body.items).toHaveLength(1);
    expect((await api.call('GET', path, { tenant: OTHER_TENANT })).status).toBe(404);
  });

  it('are refused with the codes of the bonus rules', async () => {
    const code = async (change: object) =>
      (await api.call('POST', '/v1/bonus-pools', { body: { name: 'X', ...shares, ...change } })).body.code;
    expect(await code({ crewBp: 6_999 })).toBe('pool-not-100');
    expect(await code({ crewBp: 6_000, otherBp: 1_000 })).toBe('other-members-missing');
    expect(
      await code({ warrantyBp: 6_000, warrantyDays: 10, retention: { crew: { retentionBp: 5_000, retentionDays: 10 } } }),
    ).toBe('holdback-over-100');
    expect(await code({ waitingDays: 20, warrantyBp: 100, warrantyDays: 10 })).toBe('days-before-waiting');
    expect(await code({ distribution: { formula: 'by_mood' } })).toBe('unknown-formula');
    for (const leadWeightBp of [0, 9_999, 50_001])
      expect(await code({ distribution: { formula: 'crew_lead_weighted', leadWeightBp } })).toBe('invalid-weight');
    expect(await code({ tenantId: 'rival1' })).toBe('invalid-body');
    expect(await code({ crewBp: 6_000, otherBp: 1_000, otherIds: ['AAAAAAAAAAAAAAAA'] })).toBe('unknown-reference');
    expect(await code({ crewBp: 6_000, otherBp: 1_000, otherIds: [seed.workers[0]] })).toBeUndefined();
  });
});

describe('exclusion rules', () => {
  it('stand in the context, and cannot match everything or exist twice', async () => {
    const made = await api.call('POST', '/v1/exclusion-rules', { body: { type: 'service_type', value: ' Snow ' } });
    expect(made.body).toMatchObject({ type: 'service_type', value: 'Snow', revision: 1 });
    expect((await api.call('POST', '/v1/exclusion-rules', { body: { type: 'service_type', value: 'SNOW' } })).body.code).toBe(
      'duplicate-rule',
    );
    for (const body of [
      { type: 'name_pattern', value: '*?' },
      { type: 'property', value: '  ' },
      { type: 'custom_field', field: 'x', values: [] },
    ])
      expect((await api.call('POST', '/v1/exclusion-rules', { body })).body.code).toBe('invalid-rule');
    const changed = await api.call('PATCH', made.headers.location!, {
      body: { type: 'name_pattern', value: 'Snow*' },
      ...match('"r1"'),
    });
    expect(changed.body.revision).toBe(2);
    expect((await context()).exclusionRules).toMatchObject([{ type: 'name_pattern', value: 'Snow*' }]);
    expect((await api.call('DELETE', made.headers.location!, match('"r2"'))).status).toBe(204);
    expect((await context()).exclusionRules).toEqual([]);
  });
});

describe('API tokens', () => {
  it('are shown once, listed without secrets, and end with the next request', async () => {
    const body = { name: 'Payroll', role: 'manager', scope: { branchIds: [seed.branches[0]] } };
    const headers = { 'idempotency-key': 'token-1' };
    const made = await api.call<Record<string, string>>('POST', '/v1/api-tokens', { body, headers });
    expect(made.body.token).toMatch(/^acme1\.[A-Z0-9]{26}\.[A-Za-z0-9_-]{43}$/);
    const again = await api.call('POST', '/v1/api-tokens', { body, headers });
    expect([again.body.id, again.body.token]).toEqual([made.body.id, null]);
    expect(JSON.stringify((await api.call('GET', '/v1/api-tokens')).body)).not.toMatch(/secretHash|cursorKey/);
    const stored = (await listApiTokens(api.table, api.scope)).find(({ id }) => id === made.body.id)!;
    expect(JSON.stringify(stored)).not.toContain(made.body.token!.split('.')[2]!);
    const me = await api.call('GET', '/v1/me', { tokenId: made.body.id! });
    expect(me.body).toMatchObject({
      role: 'manager',
      tenant: { id: 'acme1', currency: 'USD' },
      scope: { branchIds: [seed.branches[0]] },
    });
    expect((await api.call('DELETE', `/v1/api-tokens/${made.body.id}`)).status).toBe(204);
    expect((await api.call('GET', '/v1/me', { tokenId: made.body.id! })).status).toBe(401);
    expect((await api.call('DELETE', `/v1/api-tokens/${made.body.id}`, { tenant: OTHER_TENANT })).status).toBe(404);
  });

  it('cannot be given more rights than their maker has', async () => {
    const answer = await api.call('POST', '/v1/api-tokens', { as: 'admin', body: { name: 'X', role: 'owner' } });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await api.call('POST', '/v1/api-tokens', { body: { name: 'X', role: 'worker', secretHash: 'x' } })).status).toBe(422);
    expect(
      (await api.call('POST', '/v1/api-tokens', { body: { name: 'X', role: 'manager', scope: { branchIds: ['nowhere'] } } })).body
        .code,
    ).toBe('unknown-reference');
  });
});

describe('audit', () => {
  it('lists every change newest first, page by page', async () => {
    const all: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    do {
      const page: Items = (await api.call<Items>('GET', '/v1/audit', { query: { limit: 3, ...(cursor ? { cursor } : {}) } }))
        .body;
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const ids = all.map(({ id }) => String(id));
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await api.call('GET', '/v1/audit', { as: 'manager' })).status).toBe(403);
    expect((await api.call('GET', '/v1/audit', { as: 'auditor' })).status).toBe(200);
  });
});
