import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_SCOPE, OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, workerId } from '#test/support/bonus-world.ts';
import { exportDesk, PERIOD, STATEMENTS, seedPaidPeriod } from '#test/support/export-world.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** Who may make, see and take payroll exports (M-145, M-146), and that nobody reaches those of another tenant (fault 71). */

let bench: BonusBench;
let desk: ReturnType<typeof exportDesk>;
/** Of Ann alone, made; and of Cal in the other branch, a Draft. */
let north = '';
let south = '';
let managerOfNorth = '';
beforeAll(async () => {
  bench = await startBonusBench();
  desk = exportDesk(bench);
  await seedPaidPeriod(bench);
  await seedTenant(bench.table, bench.api.otherScope);
  north = (await desk.prepare(named(ann))).body.id;
  await desk.make(north);
  south = (await desk.prepare(named(cal))).body.id;
  managerOfNorth = await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] } });
});
afterAll(() => bench.stop());

const { ann, bob, cal } = STATEMENTS as { ann: string; bob: string; cal: string };
const named = (...statementIds: string[]) => ({ period: undefined, statementIds });
const people = (more: object) =>
  saveArea(bench, 'people', {
    ...{
      managersEditWages: false,
      managersPayStatements: false,
      managersExportPayroll: false,
      inviteExpiryDays: 7,
      wageWarnBelow: '7.25',
    },
    ...more,
  });

describe('roles', () => {
  it.each([
    ['owner', [200, 200, 200], [201, 200, 404]],
    ['admin', [200, 200, 200], [201, 200, 404]],
    // Unless the tenant says so, there is nothing for managers.
    ['manager', [200, 404, 404], [403, 404, 404]],
    ['crew_lead', [403, 403, 403], [403, 403, 403]],
    ['worker', [403, 403, 403], [403, 403, 403]],
    ['auditor', [200, 200, 200], [403, 403, 403]],
  ] as const)('%s: reads %j, writes %j', async (as, reading, writing) => {
    const list = await bench.api.call<{ items: unknown[] }>('GET', '/v1/exports', { as });
    const reads = [
      list.status,
      (await bench.api.call('GET', `/v1/exports/${north}`, { as })).status,
      (await desk.file(north, 'file', { as })).status,
    ];
    expect(reads).toEqual(reading);
    if (as === 'manager') expect(list.body.items).toEqual([]);
    const writes = [
      (await desk.prepare(named(bob), { as })).status,
      (await desk.make(south, {}, { as })).status,
      (await desk.cancel('01ARZ3NDEKTSV4RRFFQ69G5FAV', { as })).status,
    ];
    expect(writes).toEqual(writing);
    for (const { id, statementIds, status } of (await desk.list()).items) {
      if (statementIds.includes(bob) && status !== 'Canceled') await desk.cancel(id);
      if (id === south && status === 'Exported') {
        await desk.cancel(south);
        south = (await desk.prepare(named(cal))).body.id;
      }
    }
  });
});

describe('a manager, where the tenant lets managers export', () => {
  const by = () => ({ tokenId: managerOfNorth });
  beforeAll(() => people({ managersExportPayroll: true }));
  afterAll(() => people({}));

  it('sees and makes exports of the own branches alone', async () => {
    expect((await desk.list({}, by())).items.map(({ id }) => id)).toContain(north);
    expect((await desk.list({}, by())).items.map(({ id }) => id)).not.toContain(south);
    expect((await bench.api.call('GET', `/v1/exports/${north}`, by())).status).toBe(200);
    expect((await bench.api.call('GET', `/v1/exports/${south}`, by())).status).toBe(404);
    for (const action of [desk.make, desk.confirm]) expect((await action(south, {}, by())).status).toBe(404);
    expect((await desk.cancel(south, by())).status).toBe(404);
    expect((await desk.prepare(named(cal), by())).status).toBe(404);
    expect((await desk.prepare({ ...named(cal), replace: true }, by())).status).toBe(404);
    const { body } = await desk.prepare({ period: PERIOD }, by());
    expect(body.statementIds).toContain(bob);
    expect(body.statementIds).not.toContain(cal);
    expect((await desk.cancel(body.id, by())).body.status).toBe('Canceled');
  });

  it('replaces no export that holds statements of others', async () => {
    const both = (await desk.prepare({ period: PERIOD })).body;
    await desk.cancel(south);
    const mixed = (await desk.prepare({ ...named(bob, cal), replace: true })).body;
    expect((await bench.api.call('GET', `/v1/exports/${mixed.id}`, by())).status).toBe(404);
    expect((await desk.prepare({ ...named(bob), replace: true }, by())).status).toBe(403);
    expect((await desk.get(mixed.id)).status).toBe('Draft');
    await desk.cancel(mixed.id);
    await desk.cancel(both.id);
    south = (await desk.prepare(named(cal))).body.id;
  });

  it('sees none where statements are hidden from managers', async () => {
    const { body } = await bench.api.call<{ values: { visibility: Record<string, Record<string, boolean>> } }>(
      'GET',
      '/v1/settings/roles',
    );
    const { visibility } = body.values;
    await saveArea(bench, 'roles', {
      ...body.values,
      visibility: { ...visibility, manager: { ...visibility.manager, statements: false } },
    });
    expect((await desk.list({}, by())).items).toEqual([]);
    expect((await bench.api.call('GET', `/v1/exports/${north}`, by())).status).toBe(404);
    expect((await desk.prepare(named(bob), by())).status).toBe(404);
    await saveArea(bench, 'roles', body.values);
  });
});

describe('another tenant', () => {
  const theirs = { tenant: OTHER_TENANT };

  it('finds nothing under our ids, as under none', async () => {
    for (const id of [north, 'none', '01ARZ3NDEKTSV4RRFFQ69G5FAV'])
      for (const status of [
        (await bench.api.call('GET', `/v1/exports/${id}`, theirs)).status,
        (await desk.file(id, 'file', theirs)).status,
        (await desk.make(id, {}, theirs)).status,
        (await desk.confirm(id, {}, theirs)).status,
        (await desk.cancel(id, theirs)).status,
      ])
        expect([id, status]).toEqual([id, 404]);
    expect((await desk.list({}, theirs)).items).toEqual([]);
    expect((await desk.prepare(named(ann), theirs)).body.code).toBe('export-target-missing');
  });

  it('takes none of our cursors', async () => {
    const { nextCursor } = await desk.list({ limit: '1' });
    expect(nextCursor).not.toBeNull();
    const { status } = await bench.api.call('GET', '/v1/exports', { ...theirs, query: { cursor: nextCursor!, limit: 1 } });
    expect(status).toBe(400);
  });
});

describe('an answer', () => {
  it('names what the interface names, and no wage or contact', async () => {
    const one = await desk.get(north);
    for (const field of [
      'id',
      'target',
      'mode',
      'status',
      'statementIds',
      'lineCount',
      'total',
      'currency',
      'preflight',
      'templateVersion',
      'checksum',
    ])
      expect(one).toHaveProperty(field);
    expect(JSON.stringify(one)).not.toMatch(/wage|email|phone/);
    expect((await bench.api.call('GET', '/v1/audit', { query: { entityId: north } })).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ action: 'export.downloaded', entity: 'export' })]),
    });
    expect(one.statementIds[0]).toContain(workerId('ann'));
  });
});
