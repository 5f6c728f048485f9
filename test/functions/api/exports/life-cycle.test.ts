import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { workerId } from '#test/support/bonus-world.ts';
import { exportDesk, nameWorker, PERIOD, STATEMENTS, seedPaidPeriod } from '#test/support/export-world.ts';
import { payCalls } from '#test/support/pay-calls.ts';

/** What may be done with an export, and what it keeps others from (B-222, B-137). */

let bench: BonusBench;
let desk: ReturnType<typeof exportDesk>;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = exportDesk(bench);
  calls = payCalls(bench);
  await seedPaidPeriod(bench);
});
afterEach(() => bench.stop());

const { ann, bob } = STATEMENTS as { ann: string; bob: string };
const named = (...statementIds: string[]) => ({ period: undefined, statementIds });
const audited = async (id: string) =>
  (
    await bench.api.call<{ items: { action: string; reason: string | null }[] }>('GET', '/v1/audit', { query: { entityId: id } })
  ).body.items.map(({ action }) => action);

describe('an export', () => {
  it('goes from Draft over Exported to Confirmed, each step once and in the audit log', async () => {
    const { status, headers, body } = await desk.prepare();
    expect(status).toBe(201);
    expect(headers.location).toBe(`/v1/exports/${body.id}`);
    expect(body).toMatchObject({
      reference: 'EX-1',
      target: 'generic',
      mode: 'bonus_plus_premium',
      status: 'Draft',
      checksum: null,
    });
    // 25.00 + 12.34 + 87.50 + 8.75 + 67.50 + 90.00 + 4.09 + 46.54
    expect(body).toMatchObject({ lineCount: 8, total: '341.72', files: [] });
    expect([...body.statementIds].sort()).toEqual(Object.values(STATEMENTS).sort());
    expect((await desk.confirm(body.id)).body.code).toBe('wrong-state');
    expect((await desk.file(body.id)).status).toBe(409);
    const made = await desk.make(body.id);
    expect(made.body).toMatchObject({ status: 'Exported', lineCount: 8, total: '341.72' });
    expect(made.body.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect((await desk.make(body.id)).body.code).toBe('wrong-state');
    const confirmed = await desk.confirm(body.id);
    expect(confirmed.body).toMatchObject({ status: 'Confirmed', checksum: made.body.checksum });
    expect((await desk.cancel(body.id)).body.code).toBe('wrong-state');
    expect((await desk.confirm(body.id)).body.code).toBe('wrong-state');
    expect(await desk.get(body.id)).toEqual(confirmed.body);
    expect((await desk.file(body.id)).status).toBe(200);
    expect((await audited(body.id)).sort()).toEqual([
      'export.confirmed',
      'export.downloaded',
      'export.exported',
      'export.prepared',
    ]);
  });

  it('adds up to the statements it holds', async () => {
    const payable = await Promise.all(Object.values(STATEMENTS).map(async (id) => (await calls.statement(id)).payable));
    expect(payable.sort()).toEqual(['0.00', '140.63', '37.34', '67.50', '96.25']);
    const { id } = (await desk.prepare()).body;
    await desk.make(id);
    const rows = (await desk.file(id)).body.trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(8);
    const totals = new Map<string, number>();
    for (const row of rows) {
      const statement = /,(ST-\d+),/.exec(row)![1]!;
      const [, whole, rest] = /,(-?\d+)\.(\d\d),USD,EX-1$/.exec(row)!;
      totals.set(statement, (totals.get(statement) ?? 0) + Number(`${whole}${rest}`));
    }
    expect([...totals.values()].sort((a, b) => a - b)).toEqual([3_734, 6_750, 9_625, 14_063]);
  });

  it('has a file with the ETag of its bytes, again and again the same', async () => {
    const { id } = (await desk.prepare()).body;
    await desk.make(id);
    const first = await desk.file(id);
    expect(first.headers['content-type']).toBe('text/csv; charset=utf-8');
    const again = await desk.file(id, 'file', { headers: { 'if-none-match': first.headers.etag! } });
    expect([again.status, again.body]).toEqual([304, undefined]);
    await desk.targets({ generic: { mode: 'bonus_only', bonusOutsideOvertime: false, codes: { bonus: 'X' } } });
    await nameWorker(bench, 'ann', { displayName: 'Renamed', payrollId: '999' });
    expect((await desk.file(id)).body).toBe(first.body);
    expect((await desk.file(id, 'worksheet')).status).toBe(404);
    const manifest = await desk.file(id, 'manifest');
    expect(manifest.body).toMatchObject({
      reference: 'EX-1',
      mode: 'bonus_plus_premium',
      templateVersion: 1,
      total: '341.72',
      worksheet: null,
    });
    expect((await bench.api.call('GET', `/v1/exports/${id}/file`, { query: { part: 'other' } })).status).toBe(400);
  });

  it('takes no statement that is not paid, not there, named twice, or asked for in two ways', async () => {
    await calls.post('/v1/line-items', { workerId: workerId('ann'), type: 'bonus', purpose: 'safety', amount: '5.00' });
    await bench.settle();
    const open = `${workerId('ann')}.tenant.2026-03-23`;
    expect((await desk.prepare(named(open))).body).toMatchObject({ code: 'wrong-state', statementIds: [open] });
    expect((await desk.prepare(named(ann.replace('2026-03-09', '2026-02-09')))).status).toBe(404);
    expect((await desk.prepare(named('nonsense'))).status).toBe(404);
    expect((await desk.prepare(named(ann, ann))).body.code).toBe('duplicate-id');
    for (const body of [{ statementIds: [ann] }, { period: undefined }, { statementIds: [] }, { target: 'sap' }, { extra: 1 }])
      expect((await desk.prepare(body)).status).toBe(422);
    expect((await desk.prepare({ period: { startDate: '2026-03-23' } })).body).toMatchObject({
      code: 'nothing-to-export',
      statementIds: [open],
    });
    expect((await desk.prepare({ period: { startDate: '2026-03-09', endDate: '2026-03-15' } })).body.code).toBe(
      'nothing-to-export',
    );
    expect((await desk.prepare({ target: 'adp' })).body.code).toBe('export-target-missing');
    expect((await desk.list()).items).toEqual([]);
  });
});

describe('a statement in an export', () => {
  it('is in no other one, as long as that is not canceled', async () => {
    const { id } = (await desk.prepare(named(ann))).body;
    const refused = { code: 'already-exported', statementIds: [ann], exportIds: [id] };
    expect((await desk.prepare(named(ann))).body).toMatchObject(refused);
    expect((await desk.prepare(named(bob, ann))).body).toMatchObject(refused);
    await desk.make(id);
    expect((await desk.prepare(named(ann))).body).toMatchObject(refused);
    // A period takes what is left of it.
    const rest = (await desk.prepare()).body;
    expect(rest.statementIds).toHaveLength(4);
    expect(rest.statementIds).not.toContain(ann);
    expect((await desk.prepare()).body.code).toBe('already-exported');
    await desk.confirm(id);
    expect((await desk.prepare(named(ann))).body).toMatchObject(refused);
    await desk.cancel(rest.id);
    expect((await desk.prepare(named(bob))).status).toBe(201);
  });

  it('is not reopened once its file is made, unless the export is canceled first (B-137)', async () => {
    const reopen = () => calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong date' });
    const { id } = (await desk.prepare(named(ann))).body;
    await desk.make(id);
    expect((await reopen()).body).toMatchObject({ code: 'already-exported', exportIds: [id] });
    expect((await calls.statement(ann)).status).toBe('Paid');
    await desk.cancel(id);
    expect((await reopen()).body.status).toBe('Open');
    expect((await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' })).body.status).toBe('Paid');
    const second = (await desk.prepare(named(ann))).body;
    await desk.make(second.id);
    await desk.confirm(second.id);
    expect((await reopen()).body.code).toBe('already-exported');
  });

  it('that is reopened out of a Draft keeps the file from being made, and is free for the next', async () => {
    const { id } = (await desk.prepare(named(ann, bob))).body;
    expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong date' })).status).toBe(200);
    expect((await desk.make(id)).body.code).toBe('preflight-failed');
    const [found, ...others] = (await desk.get(id)).preflight.filter(({ severity }) => severity === 'error');
    expect([found!.code, found!.statementId, found!.who, others]).toEqual(['statement-changed', ann, 'admin', []]);
    await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' });
    // Paid again it is another payment: this Draft stays refused.
    expect((await desk.make(id)).body.code).toBe('preflight-failed');
    expect((await desk.prepare(named(ann))).status).toBe(201);
    expect((await desk.prepare(named(bob))).body.code).toBe('already-exported');
  });
});

describe('replacing', () => {
  it('cancels what holds the statements and frees the others of it', async () => {
    const first = (await desk.prepare(named(ann, bob))).body;
    await desk.make(first.id);
    const second = await desk.prepare({ ...named(ann), replace: true, reason: 'a wrong code' });
    expect(second.status).toBe(201);
    expect(second.body.replaces).toEqual([first.id]);
    const former = await desk.get(first.id);
    expect(former).toMatchObject({ status: 'Canceled', replacedBy: second.body.id });
    expect(former.events.at(-1)).toMatchObject({ status: 'Canceled', reason: 'a wrong code' });
    expect((await desk.file(first.id)).status).toBe(409);
    expect((await desk.prepare(named(bob))).status).toBe(201);
    expect((await desk.make(second.body.id)).body.status).toBe('Exported');
    expect(await audited(first.id)).toContain('export.canceled');
  });

  it('leaves what payroll has confirmed', async () => {
    const first = (await desk.prepare(named(ann))).body;
    await desk.make(first.id);
    await desk.confirm(first.id);
    expect((await desk.prepare({ ...named(ann), replace: true })).body.code).toBe('already-exported');
    const rest = await desk.prepare({ period: PERIOD, replace: true });
    expect(rest.body.statementIds).not.toContain(ann);
    expect(rest.body.replaces).toEqual([]);
  });

  it('of a period takes it up anew', async () => {
    const first = (await desk.prepare()).body;
    const second = (await desk.prepare({ replace: true })).body;
    expect(second.statementIds).toEqual(first.statementIds);
    expect((await desk.get(first.id)).status).toBe('Canceled');
    expect((await desk.list()).items.map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'Draft'],
      [first.id, 'Canceled'],
    ]);
  });
});

describe('the same request again', () => {
  it('gives the same answer and does nothing', async () => {
    const first = await desk.prepare({}, { key: 'one' });
    expect((await desk.prepare({}, { key: 'one' })).body).toEqual(first.body);
    const made = await desk.make(first.body.id, {}, { key: 'two' });
    expect((await desk.make(first.body.id, {}, { key: 'two' })).body).toEqual(made.body);
    expect((await desk.list()).items).toHaveLength(1);
  });
});
