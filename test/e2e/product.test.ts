import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '#cli/program.ts';
import type { Product } from '#local/product.ts';
import { control, type Json, ProductClient, until } from '#test/support/product-client.ts';
import { startTestProduct } from '#test/support/test-product.ts';

// Waits end with what they wait for; a busy machine only takes longer.
vi.setConfig({ testTimeout: 120_000 });

/** The whole product over HTTP, on the recorded company: what a user sees from the first sync to the payment. */
describe('the product', () => {
  const workDir = mkdtempSync(join(tmpdir(), 'protiv-'));
  let product: Product;
  let owner: ProductClient;
  let admin: ProductClient;
  let connection: string;

  beforeAll(async () => {
    product = await startTestProduct(workDir);
    const [first] = product.tenants;
    owner = new ProductClient(product.host.url, first!.tokens.owner);
    admin = new ProductClient(product.host.url, first!.tokens.admin);
    connection = `/v1/connections/${first!.connections.aspire}`;
    await until(
      () => owner.get(connection),
      ({ body }) => body.state === 'active',
      180_000,
    );
    await product.host.idle();
  }, 240_000);
  afterAll(async () => {
    await product.stop();
    rmSync(workDir, { recursive: true, force: true });
  });

  async function resync(body: unknown = {}): Promise<Json> {
    const asked = await admin.post(`${connection}/resyncs`, body);
    expect(asked.status).toBe(202);
    const runId = asked.body.runId as string;
    const run = await until(
      () => owner.get(`${connection}/runs/${runId}`),
      ({ status, body: found }) => status === 200 && found.status === 'finished',
      120_000,
    );
    return run.body;
  }

  async function cli(...args: readonly string[]): Promise<{ out: string; error: string; code: number }> {
    const said = { out: '', error: '', code: 0 };
    await runCommandLine(args, {
      environment: {},
      demoFile: join(workDir, 'demo.json'),
      out: (text) => {
        said.out += `${text}\n`;
      },
      error: (text) => {
        said.error += text;
      },
      sleep: (ms) => wait(ms / 10),
      exit: (code) => {
        said.code = code;
      },
    });
    return said;
  }

  const bySource = async (list: string, sourceId: string): Promise<Json> => {
    const [found] = await owner.list(`/v1/${list}?sourceId=${sourceId}`);
    if (!found) throw new Error(`no ${list} ${sourceId}`);
    return found;
  };

  it('mirrors the recorded company and says when it last synced', async () => {
    const { body } = await owner.get(connection);
    expect(body).toMatchObject({
      provider: 'aspire',
      state: 'active',
      firstSyncDone: true,
      lastSuccessfulAt: expect.any(String),
      dataAsOf: expect.any(String),
    });
    const counts = await Promise.all(
      ['workers', 'jobs', 'milestones', 'routes', 'branches'].map(async (list) => [
        list,
        (await owner.list(`/v1/${list}`)).length,
      ]),
    );
    expect(Object.fromEntries(counts)).toEqual({ workers: 11, jobs: 18, milestones: 59, routes: 3, branches: 2 });
    const entries = await owner.list('/v1/time-entries');
    const drives = await owner.list('/v1/drive-times');
    expect(entries.filter((entry) => entry.category !== 'shift').length + drives.length).toBe(203);
  });

  it.each([
    'workers',
    'jobs',
    'milestones',
    'routes',
    'branches',
    'clients',
    'time-entries',
    'drive-times',
    'wage-records',
    'budgets',
  ])('answers a write to %s with 405 and names Aspire (A-1)', async (list) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await owner.send(method, method === 'POST' ? `/v1/${list}` : `/v1/${list}/anything`, {});
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
      expect(answer.body).toMatchObject({
        code: 'mirror-read-only',
        integration: { provider: 'aspire', name: 'Aspire' },
        nextRunAt: expect.any(String),
      });
    }
  });

  it('takes a changed hour from the source to the ProPay within ten seconds of a resync', async () => {
    // Ticket 88012: entry 120108 is 7.0833 h of worker 504.
    const ticket = await bySource('milestones', '88012');
    const before = await owner.get(`/v1/propays/${ticket.propayId}`);
    expect(before.body).toMatchObject({ status: 'Active', result: { outcome: 'applies' } });
    await control(product.sources.aspire!, {
      put: { WorkTicketTimes: [{ WorkTicketTimeID: 120108, Hours: 6.0833, EndTime: '2026-03-11T14:00:00' }] },
    });
    const asked = Date.now();
    await resync();
    const after = await until(
      () => owner.get(`/v1/propays/${ticket.propayId}`),
      ({ body }) => body.result.actualSeconds !== before.body.result.actualSeconds,
      10_000,
    );
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect((after.body.result.actualSeconds as number) - (before.body.result.actualSeconds as number)).toBe(-3_600);
    expect(after.body.inputsVersion).not.toBe(before.body.inputsVersion);
  });

  it('explains every cent of an approval, puts it on statements, pays it once, and takes nothing back', async () => {
    const candidates = await owner.list('/v1/propays?status=Active');
    const propay = candidates.find((one) => one.ready === true && (one.result.payouts ?? []).length > 1)!;
    expect(propay).toBeDefined();
    const explained = await owner.get(`/v1/propays/${propay.id}/explain`);
    expect(explained.status).toBe(200);
    for (const worker of explained.body.workers!) {
      const cents = (worker.leaves as readonly Json[]).reduce((sum, leaf) => sum + centsOf(leaf.amount), 0);
      expect(cents).toBe(centsOf(worker.amount));
      if (worker.role === 'crew')
        for (const leaf of worker.leaves!)
          expect(leaf).toMatchObject({ entity: 'time_entry', id: expect.any(String), sourceId: expect.any(String) });
    }

    const stale = await owner.post(`/v1/propays/${propay.id}/approve`, { inputsVersion: 'not-this-one' });
    expect(stale).toMatchObject({ status: 409, body: { code: 'inputs-changed', inputsVersion: propay.inputsVersion } });
    const key = 'approve-once';
    const [first, second] = await Promise.all(
      [1, 2].map(() => owner.post(`/v1/propays/${propay.id}/approve`, { inputsVersion: propay.inputsVersion }, key)),
    );
    const approved = [first!, second!].find((answer) => answer.status === 200)!;
    expect(approved.body.status).toBe('Approved');
    const items = await owner.list(`/v1/line-items?propayId=${propay.id}`);
    expect(items.length).toBe(propay.result.payouts!.length);
    expect(items.reduce((sum, item) => sum + centsOf(item.amount), 0)).toBe(
      (propay.result.payouts as readonly Json[]).reduce((sum, one) => sum + centsOf(one.amount), 0),
    );

    const worker = items[0]!.workerId as string;
    const [statement] = await until(
      () => owner.list(`/v1/statements?workerId=${worker}`),
      (found) => found.length > 0,
    );
    const whole = await owner.get(`/v1/statements/${statement!.id}`);
    expect(whole.body).toMatchObject({ status: 'Open', workerId: worker });
    const accept = [{ code: 'period-open', reason: 'paid at the end of the demo' }];
    const paid = await owner.post(`/v1/statements/${statement!.id}/pay`, { payDate: whole.body.period.endDate, accept });
    expect(paid).toMatchObject({ status: 200, body: { status: 'Paid' } });
    const again = await owner.post(`/v1/statements/${statement!.id}/pay`, { payDate: whole.body.period.endDate, accept });
    expect(again.status).toBe(409);
    const unapproved = await owner.post(`/v1/propays/${propay.id}/unapprove`, { reason: 'too late' });
    expect(unapproved).toMatchObject({ status: 409, body: { code: 'partly-paid' } });
  });

  it('unapproves what is not paid, voids its items, and approves it anew', async () => {
    const propay = (await owner.list('/v1/propays?status=Active')).find(
      (one) => one.ready === true && (one.result.payouts ?? []).length > 0,
    )!;
    expect((await owner.post(`/v1/propays/${propay.id}/approve`, { inputsVersion: propay.inputsVersion })).status).toBe(200);
    expect((await owner.post(`/v1/propays/${propay.id}/unapprove`, { reason: 'one more look' })).body).toMatchObject({
      status: 'Active',
    });
    const voided = await owner.list(`/v1/line-items?propayId=${propay.id}`);
    expect(voided.every((item) => item.status === 'Voided')).toBe(true);
    const fresh = await owner.get(`/v1/propays/${propay.id}`);
    expect((await owner.post(`/v1/propays/${propay.id}/approve`, { inputsVersion: fresh.body.inputsVersion })).status).toBe(200);
    const items = await owner.list(`/v1/line-items?propayId=${propay.id}`);
    expect(items.filter((item) => item.status !== 'Voided').length).toBe(voided.length);
  });

  it('diagnoses what is missing', async () => {
    const diagnose = async (query: string) => (await owner.get(`/v1/diagnose?${query}`)).body;
    expect(await diagnose('kind=job&sourceId=9016')).toMatchObject({ verdict: 'V-9', code: 'ignored_status' });
    expect(await diagnose('kind=job&sourceId=9017')).toMatchObject({ verdict: 'V-9', code: 'ignored_status' });
    expect(await diagnose('kind=job&sourceId=9001')).toMatchObject({ verdict: 'V-6', code: 'present' });
    expect(await diagnose('kind=job&sourceId=424242')).toMatchObject({
      verdict: 'V-17',
      code: 'not_at_source',
      probe: { done: true, result: 'not_found' },
    });
    const bookkeeper = await diagnose('kind=worker&sourceId=502');
    expect(bookkeeper.verdict).toBe('V-10');
    expect(JSON.stringify(bookkeeper)).toContain('not_an_employee');
  });

  it('holds an empty list, deletes nothing, and lets go when the list is back', async () => {
    await control(product.sources.aspire!, { fault: 'emptyList', on: true });
    const run = await resync({ mode: 'full' });
    await control(product.sources.aspire!, { fault: 'emptyList', on: false });
    expect(run.outcome).toBe('succeeded-with-quarantine');
    expect((await owner.list('/v1/jobs')).length).toBe(18);
    const status = (await owner.get(`${connection}/sync-status`)).body;
    expect(status.holds!.length).toBeGreaterThan(3);
    expect(status).toMatchObject({ state: 'degraded', cause: 'deletions_held' });
    const held = (await owner.get(`${connection}/held-deletes`)).body.items as readonly Json[];
    expect(held.every((hold) => hold.cause === 'empty_listing')).toBe(true);
    await resync({ mode: 'full' });
    expect((await owner.get(connection)).body).toMatchObject({ state: 'active', openHolds: 0 });
  });

  it('answers two resyncs at once with one run (A-35)', async () => {
    const [a, b] = await Promise.all([admin.post(`${connection}/resyncs`), admin.post(`${connection}/resyncs`)]);
    expect([a!.status, b!.status]).toEqual([202, 202]);
    expect(a!.body.runId).toBe(b!.body.runId);
    expect([a!.body.alreadyRunning, b!.body.alreadyRunning].sort()).toEqual([false, true]);
    await until(
      () => owner.get(`${connection}/runs/${a!.body.runId}`),
      ({ status, body }) => status === 200 && body.status === 'finished',
    );
  });

  it('connects every demo tenant to all of its sources, and each first sync ends well', async () => {
    for (const tenant of product.tenants) {
      const client = new ProductClient(product.host.url, tenant.tokens.owner);
      for (const [provider, id] of Object.entries(tenant.connections)) {
        const { body } = await until(
          () => client.get(`/v1/connections/${id}`),
          (answer) => answer.body.state !== 'pending',
          120_000,
        );
        expect(body, `${tenant.id} on ${provider}`).toMatchObject({
          provider,
          state: 'active',
          firstSyncDone: true,
          cause: null,
        });
      }
    }
    expect(Object.keys(product.sources).sort()).toEqual(
      [...new Set(product.tenants.flatMap((one) => Object.keys(one.connections)))].sort(),
    );
  }, 180_000);

  it('links the sources of a tenant that has two, so that hours of the one count on jobs of the other (M-43)', async () => {
    const tenant = product.tenants.find(({ connections }) => Object.keys(connections).length > 1)!;
    const client = new ProductClient(product.host.url, tenant.tokens.owner);
    const links = await until(
      async () => (await client.get('/v1/links')).body.items as Json[],
      (found) => found.length > 0 && found.every(({ state }) => state === 'confirmed'),
      180_000,
    );
    expect(links.every(({ connectionId }) => connectionId === tenant.connections['quickbooks-time'])).toBe(true);
    const jobIds = new Set((await client.list('/v1/jobs')).map(({ id }) => id));
    const times = await until(
      () => client.list('/v1/time-entries'),
      (found) => found.filter(({ jobId }) => jobIds.has(jobId)).length > 100,
      180_000,
    );
    expect(times.length).toBeGreaterThan(100);
    const proPays = await client.list('/v1/propays');
    expect(proPays.some(({ jobId }) => jobIds.has(jobId))).toBe(true);
  });

  it('shows the second tenant none of the first one’s records (A-39)', async () => {
    const other = new ProductClient(product.host.url, product.tenants[1]!.tokens.owner);
    await until(
      () => other.get(`/v1/connections/${product.tenants[1]!.connections.aspire}`),
      ({ body }) => body.state === 'active',
      180_000,
    );
    const absent = (await other.get('/v1/jobs/AAAAAAAAAAAAAAAA')).body;
    for (const list of ['workers', 'jobs', 'milestones', 'time-entries', 'propays', 'line-items', 'statements']) {
      for (const item of (await owner.list(`/v1/${list}`)).slice(0, 5)) {
        const answer = await other.get(`/v1/${list}/${item.id}`);
        expect(answer, `${list}/${item.id}`).toMatchObject({ status: 404, body: { code: 'not-found', detail: absent.detail } });
      }
    }
    expect((await other.get(connection)).status).toBe(404);
    const ids = new Set((await owner.list('/v1/jobs')).map((job) => job.id));
    expect((await other.list('/v1/jobs')).some((job) => ids.has(job.id))).toBe(false);
  });

  it('refuses a token of the wrong role, a revoked one and none at all', async () => {
    const worker = new ProductClient(product.host.url, product.tenants[0]!.tokens.worker);
    expect((await worker.post(`${connection}/resyncs`)).status).toBe(403);
    expect((await worker.get('/v1/me')).body).toMatchObject({ role: 'worker', workerId: expect.any(String) });
    expect((await fetch(`${product.host.url}/v1/jobs`)).status).toBe(401);
    expect((await new ProductClient(product.host.url, 'fernhill.demoowner.wrong').get('/v1/jobs')).status).toBeGreaterThanOrEqual(
      401,
    );
  });

  it('answers the command line: who asks, a resync to its end, why a job is missing, why a bonus is this number', async () => {
    const id = connection.split('/').at(-1)!;
    expect((await cli('me')).out).toMatch(/, owner/);
    expect((await cli('connections')).out).toContain(id);
    const { out, code } = await cli('resync', id, '--full');
    expect([code, out]).toEqual([0, expect.stringMatching(/: full, manual, succeeded/)]);
    expect((await cli('runs', id)).out).toMatch(/manual +full +succeeded/);
    expect((await cli('diagnose', 'job', '--source-id', '9016')).out).toMatch(/^V-9 ignored_status/);
    const approved = JSON.parse((await cli('propays', '--status', 'Approved', '--json')).out) as Json[];
    const told = await cli('explain', approved[0].id);
    expect(told.out).toMatch(/from time_entry .* of 2026-/);
    expect(await cli('approve', approved[0].id)).toMatchObject({ code: 1, error: expect.stringMatching(/\(4(09|22)\): /) });
    expect((await cli('audit', '--entity', approved[0].id)).out).toContain('propay.approved');
  });

  it('serves its own description', async () => {
    const health = await fetch(`${product.host.url}/healthz`);
    expect(health.status).toBe(200);
    const document = (await (await fetch(`${product.host.url}/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/propays/{id}/approve', '/v1/diagnose', '/v1/statements/{id}/pay']),
    );
  });
});

/** A decimal string of dollars as cents; exact, since it has two places. */
function centsOf(amount: unknown): number {
  return Number(String(amount).replace('.', ''));
}
