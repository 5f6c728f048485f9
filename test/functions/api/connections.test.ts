import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireResyncSupport } from '#functions/api/admin/connections/resync-support.ts';
import { ApiProblem } from '#functions/api/problem.ts';
import { manifests } from '#functions/sync/manifests.ts';
import type { Hold, Run, SyncState } from '#model/connection.ts';
import { NO_COUNTS } from '#model/connection.ts';
import { holdKey, parkedKey, quarantineKey, runKey, syncStateKey } from '#model/keys.ts';
import { ROLES } from '#model/people.ts';
import { encodeSyncState } from '#model/sync-item.ts';
import { readCiphertext, readSyncState } from '#store/connection-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Item } from '#store/table.ts';
import { OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';
import { seedCompany, seedConnection, seedTenant } from '#test/support/mirror-seed.ts';

let api: TestApi;
let key = 0;
const fresh = () => ({ 'idempotency-key': `key-${++key}` });
beforeAll(async () => {
  api = await startTestApi();
  await seedCompany(api.table, api.scope);
  await seedTenant(api.table, api.otherScope);
});
afterAll(() => api.stop());

async function setSync(change: Partial<SyncState>): Promise<void> {
  const now = (await readSyncState(api.table, api.scope, 1))!;
  const item = encodeSyncState(syncStateKey(api.scope, 1), { ...now, ...change });
  await api.table.write(api.scope, [{ kind: 'put', item: item as Item }]);
}
const audits = async () =>
  (await api.table.queryAll(api.scope, { partition: `T#${api.scope.tenantId}#AU#${api.now().slice(0, 7)}` })).map(
    ({ action }) => action,
  );

describe('a connection', () => {
  it('is shown with state, cycle, next run and quota; settings only to those who may set them', async () => {
    const { body, headers } = await api.call('GET', '/v1/connections/acme1.1');
    expect(body).toMatchObject({
      id: 'acme1.1',
      provider: 'aspire',
      state: 'active',
      cause: null,
      cycleMinutes: 20,
      manualResync: true,
      firstSyncDone: true,
      lastSuccessfulAt: '2026-03-10T11:40:00.000Z',
      resync: { remaining: { delta: 4, full: 2 }, retryAt: null },
      settings: { trailingDays: 14 },
    });
    expect(headers.etag).toMatch(/^"r1\./);
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
      expect((await api.call('GET', '/v1/connections/acme1.1', { as })).body).not.toHaveProperty('settings');
    expect((await api.call<{ items: unknown[] }>('GET', '/v1/connections')).body.items).toHaveLength(1);
  });

  it('of another tenant is not there', async () => {
    for (const path of [
      '',
      '/sync-status',
      '/runs',
      '/runs/x',
      '/runs/x/exceptions',
      '/quarantine',
      '/parked',
      '/held-deletes',
    ]) {
      const own = await api.call('GET', `/v1/connections/acme1.9${path}`);
      const foreign = await api.call('GET', `/v1/connections/acme1.1${path}`, { tenant: OTHER_TENANT });
      expect([path, own.status, foreign.status]).toEqual([path, 404, 404]);
      expect(foreign.body.detail).toBe(own.body.detail);
    }
  });

  it('is changed by owner and admin only, and only on the revision they saw', async () => {
    const path = '/v1/connections/acme1.1';
    const body = { settings: { cycleMinutes: 30 } };
    for (const as of ROLES.filter((role) => role !== 'owner' && role !== 'admin'))
      expect((await api.call('PATCH', path, { as, body, headers: { 'if-match': '"r1"' } })).status).toBe(403);
    expect((await api.call('PATCH', path, { body })).body.code).toBe('precondition-required');
    for (const tag of ['*', '"r7.x"', 'W/"r1"', 'r1', '"nonsense"'])
      expect((await api.call('PATCH', path, { body, headers: { 'if-match': tag } })).status).toBe(412);
    const changed = await api.call('PATCH', path, { body, headers: { 'if-match': '"r1.whatever"' } });
    expect(changed.status).toBe(200);
    expect(changed.body.cycleMinutes).toBe(30);
    expect(changed.headers.etag).toMatch(/^"r2\./);
    expect(api.outside.slots.has('aspire/30/acme1.1')).toBe(true);
    const stale = await api.call('PATCH', path, { body, headers: { 'if-match': '"r1"' } });
    expect([stale.status, stale.headers.etag]).toEqual([412, '"r2"']);
    const bad = await api.call('PATCH', path, { body: { settings: { cycleMinutes: 7 } }, headers: { 'if-match': '"r2"' } });
    expect(bad.body).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '/settings/cycleMinutes' }] });
    const unknown = await api.call('PATCH', path, { body: { settings: { state: 'active' } }, headers: { 'if-match': '"r2"' } });
    expect(unknown.body).toMatchObject({ status: 422, errors: [{ pointer: '/settings/state', code: 'unknown' }] });
    const ghost = await api.call('PATCH', path, {
      body: { settings: { managerMap: { 'b|-': 'AAAAAAAAAAAAAAAA' } } },
      headers: { 'if-match': '"r2"' },
    });
    expect(ghost.body.code).toBe('unknown-reference');
  });

  it('tells its health by entity, each time with its run', async () => {
    const { body } = await api.call<{ entities: Record<string, unknown>[] }>('GET', '/v1/connections/acme1.1/sync-status');
    expect(body).toMatchObject({ connectionId: 'acme1.1', state: 'active', currentRun: null, holds: [] });
    const worker = body.entities.find(({ entity }) => entity === 'worker');
    expect(worker).toMatchObject({ status: 'succeeded', lastSuccessfulRunId: expect.any(String), counts: NO_COUNTS });
  });
});

describe('runs', () => {
  beforeAll(async () => {
    const run = (id: string): Run => ({
      id,
      connectionId: 'acme1.1',
      trigger: 'schedule',
      mode: 'delta',
      requestedBy: null,
      outcome: 'succeeded-with-quarantine',
      startedAt: '2026-03-10T11:40:00.000Z',
      finishedAt: '2026-03-10T11:41:00.000Z',
      legs: 1,
      dataAsOf: '2026-03-10T11:40:00.000Z',
      streams: [
        {
          stream: 'contacts',
          entity: 'worker',
          outcome: 'succeeded-with-quarantine',
          counts: NO_COUNTS,
          pages: 1,
          calls: 2,
          cursorFrom: null,
          cursorTo: null,
          error: null,
          complete: false,
        },
      ],
      exceptions: [
        { entity: 'worker', sourceId: '9', reason: 'row_invalid', field: 'Name', value: null, since: '2026-03-10T11:40:00.000Z' },
      ],
      exceptionCount: 1,
      error: null,
    });
    for (const n of [1, 2, 3]) {
      const id = `01JPRUN000000000000000000${n}`;
      await api.table.write(api.scope, [{ kind: 'put', item: { ...runKey(api.scope, 1, id), et: 'rn', v: 1, run: run(id) } }]);
    }
    const entry = { space: 'worker', entity: 'worker', sourceId: '9', reason: 'row_invalid', field: 'Name', value: null };
    await api.table.write(api.scope, [
      {
        kind: 'put',
        item: {
          ...quarantineKey(api.scope, 1, 'worker', '9'),
          et: 'qu',
          v: 1,
          entry: { ...entry, firstRunId: 'a', lastRunId: 'b', firstAt: '2026-03-10T11:40:00.000Z', attempts: 2 },
        },
      },
    ]);
    const waiting = {
      parent: { space: 'job', sourceId: '77', id: 'AAAAAAAAAAAAAAAA' },
      space: 'milestone',
      stream: 'work_tickets',
      sourceId: '78',
      since: '2026-03-10T11:40:00.000Z',
      parked: true,
      parentSkipped: false,
    };
    await api.table.write(api.scope, [
      { kind: 'put', item: { ...parkedKey(api.scope, 1, 'AAAAAAAAAAAAAAAA', 'milestone', '78'), et: 'pk', v: 1, waiting } },
    ]);
  });

  it('are listed newest first, page by page, with their exceptions', async () => {
    interface Page {
      items: { id: string }[];
      nextCursor: string | null;
    }
    const path = '/v1/connections/acme1.1/runs';
    const first = (await api.call<Page>('GET', path, { query: { limit: 2 } })).body;
    expect(first.items.map(({ id }) => id.at(-1))).toEqual(['3', '2']);
    const second = (await api.call<Page>('GET', path, { query: { limit: 2, cursor: first.nextCursor! } })).body;
    expect(second.items.map(({ id }) => id.at(-1))).toEqual(['1']);
    const runPath = `${path}/${first.items[0]!.id}`;
    expect((await api.call('GET', runPath)).body).toMatchObject({ status: 'finished', exceptionCount: 1 });
    expect((await api.call('GET', `${runPath}/exceptions`)).body).toMatchObject({ total: 1, items: [{ sourceId: '9' }] });
    expect((await api.call('GET', `${path}/unknown`)).status).toBe(404);
    expect((await api.call('GET', path, { as: 'crew_lead' })).status).toBe(403);
    expect((await api.call('GET', path, { as: 'auditor' })).status).toBe(200);
  });

  it('leave quarantine and parked records behind, which can be read', async () => {
    expect((await api.call('GET', '/v1/connections/acme1.1/quarantine')).body).toMatchObject({
      items: [{ reason: 'row_invalid', attempts: 2 }],
    });
    expect((await api.call('GET', '/v1/connections/acme1.1/parked')).body).toMatchObject({
      items: [{ sourceId: '78', parent: { sourceId: '77' } }],
    });
  });
});

describe('manual resync', () => {
  const path = '/v1/connections/acme1.1/resyncs';
  beforeEach(async () => {
    api.outside.events.length = 0;
    await setSync({ pending: null, openRun: null, resyncs: [], state: 'active', cause: null, fix: null });
  });

  it('needs a key, and a role that may', async () => {
    expect((await api.call('POST', path, { body: {} })).body.code).toBe('idempotency-key-required');
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
      expect((await api.call('POST', path, { as, body: {}, headers: fresh() })).status).toBe(403);
  });

  it('is a row with audit and key, a nudge on the bus, and a run that can be read at once', async () => {
    const before = (await audits()).length;
    const answer = await api.call('POST', path, { body: {}, headers: fresh() });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ alreadyRunning: false, mode: 'delta', remaining: { delta: 3, full: 2 }, retryAt: null });
    expect(answer.headers.location).toBe(`/v1/connections/acme1.1/runs/${answer.body.runId}`);
    expect((await readSyncState(api.table, api.scope, 1))!.pending).toMatchObject({ runId: answer.body.runId, mode: 'delta' });
    expect(api.outside.events).toEqual([
      { detailType: 'Resync Requested', tenantId: 'acme1', connectionId: 'acme1.1', provider: 'aspire', kind: 'manual' },
    ]);
    expect((await audits()).length).toBe(before + 1);
    expect((await api.call('GET', answer.headers.location!)).body).toMatchObject({ status: 'queued', trigger: 'manual' });
  });

  it('gives two quick clicks one run and takes quota once', async () => {
    const clicks = await Promise.all([1, 2].map(() => api.call('POST', path, { body: {}, headers: fresh() })));
    expect(new Set(clicks.map(({ body }) => body.runId)).size).toBe(1);
    expect(clicks.map(({ body }) => body.alreadyRunning).sort()).toEqual([false, true]);
    expect((await readSyncState(api.table, api.scope, 1))!.resyncs).toHaveLength(1);
  });

  it('answers a repeated key from its record, refuses it for another body', async () => {
    const headers = fresh();
    const first = await api.call('POST', path, { body: {}, headers });
    await setSync({ pending: null });
    const events = api.outside.events.length;
    const again = await api.call('POST', path, { body: {}, headers });
    expect(again.body).toEqual(first.body);
    expect([again.status, again.headers['idempotency-replayed'], again.headers.location]).toEqual([
      202,
      'true',
      first.headers.location,
    ]);
    expect(api.outside.events).toHaveLength(events);
    const other = await api.call('POST', path, { body: { mode: 'full' }, headers });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    api.pass(49 * 3_600);
    expect((await api.call('POST', path, { body: { mode: 'full' }, headers })).status).toBe(202);
  });

  it('concurrent twins under one key have one effect and one answer', async () => {
    const headers = fresh();
    const before = (await audits()).length;
    const twins = await Promise.all(Array.from({ length: 12 }, () => api.call('POST', path, { body: {}, headers })));
    expect(new Set(twins.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(twins.every(({ status }) => status === 202)).toBe(true);
    expect((await audits()).length).toBe(before + 1);
    expect((await readSyncState(api.table, api.scope, 1))!.resyncs).toHaveLength(1);
  });

  it('ends at the quota with the time when it opens again', async () => {
    for (let i = 0; i < 4; i++) {
      expect((await api.call('POST', path, { body: {}, headers: fresh() })).status).toBe(202);
      await setSync({ pending: null });
      api.pass(60);
    }
    const over = await api.call('POST', path, { body: {}, headers: fresh() });
    expect([over.status, over.body.code]).toEqual([429, 'resync-quota-exceeded']);
    expect(Number(over.headers['retry-after'])).toBe(3_600 - 240);
    expect((await api.call('POST', path, { body: { mode: 'full' }, headers: fresh() })).status).toBe(202);
    await setSync({ pending: null });
    api.pass(3_400);
    expect((await api.call('POST', path, { body: {}, headers: fresh() })).status).toBe(202);
  });

  it('is accepted though the bus fails: the row is the truth', async () => {
    api.outside.busWorks = false;
    const answer = await api.call('POST', path, { body: {}, headers: fresh() });
    api.outside.busWorks = true;
    expect(answer.status).toBe(202);
    expect((await readSyncState(api.table, api.scope, 1))!.pending).not.toBeNull();
  });

  it('is refused while credentials are wanted, and for entities the connection does not supply', async () => {
    await setSync({ state: 'failed', cause: 'reauth_required', fix: 'Reconnect: enter the credentials again.' });
    const answer = await api.call('POST', path, { body: {}, headers: fresh() });
    expect(answer.body).toMatchObject({
      status: 409,
      code: 'connection-not-runnable',
      fix: 'Reconnect: enter the credentials again.',
    });
    await setSync({ state: 'active', cause: null });
    const foreign = await api.call('POST', path, { body: { entities: ['material_allocation'] }, headers: fresh() });
    expect(foreign.body).toMatchObject({ status: 422, code: 'resync-not-supported' });
  });
});

describe('held deletions', () => {
  const hold = (entity: 'job' | 'worker', stream: string): Hold => ({
    runId: 'HELD1',
    entity,
    stream,
    ids: ['AAAAAAAAAAAAAAAA'],
    part: 0,
    count: 1,
    share: 0.5,
    cause: 'bound_exceeded',
    openedAt: '2026-03-10T11:40:00.000Z',
    decision: null,
    decidedBy: null,
  });
  const put = (one: Hold) =>
    api.table.write(api.scope, [{ kind: 'put', item: { ...holdKey(api.scope, 1, one), et: 'ho', v: 1, hold: one } }]);

  it('are confirmed or discarded once, by owner and admin', async () => {
    await put(hold('job', 'opportunities'));
    await put(hold('worker', 'contacts'));
    await setSync({ pending: null, openRun: null });
    const path = '/v1/connections/acme1.1/held-deletes/HELD1';
    expect((await api.call('POST', `${path}/confirm`, { as: 'manager', body: {} })).status).toBe(403);
    const confirmed = await api.call('POST', `${path}/confirm`, { body: { entities: ['job'] } });
    expect(confirmed.status).toBe(200);
    const discarded = await api.call('POST', `${path}/discard`);
    expect((discarded.body.items as Hold[]).map(({ entity, decision }) => [entity, decision]).sort()).toEqual([
      ['job', 'confirmed'],
      ['worker', 'discarded'],
    ]);
    expect((await readSyncState(api.table, api.scope, 1))!.pending?.mode).toBe('full');
    expect((await api.call('POST', `${path}/discard`)).body.code).toBe('hold-already-decided');
    expect((await api.call('POST', '/v1/connections/acme1.1/held-deletes/none/confirm', { body: {} })).status).toBe(404);
    expect((await api.call('GET', '/v1/connections/acme1.1/held-deletes')).body.items).toHaveLength(2);
  });
});

describe('connecting', () => {
  const body = {
    provider: 'aspire',
    name: 'Aspire',
    credentials: { clientId: 'c', secret: 's' },
    settings: { importWages: true },
  };

  it('tries the credentials and stores them sealed; the answer and the log hold none', async () => {
    const answer = await api.call('POST', '/v1/connections', { tenant: OTHER_TENANT, body });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe('/v1/connections/rival1.1');
    expect(answer.body).toMatchObject({ id: 'rival1.1', state: 'pending', accountId: 'A-1', firstSyncDone: false });
    expect(JSON.stringify(answer.body)).not.toContain('sealed');
    expect(await readCiphertext(api.table, api.otherScope, 1)).toBe('sealed');
    expect(api.outside.slots.has('aspire/20/rival1.1')).toBe(true);
    expect((await readContext(api.table, api.otherScope))!.connections['rival1.1']).toMatchObject({ provider: 'aspire' });
    const second = await api.call('POST', '/v1/connections', { tenant: OTHER_TENANT, body });
    expect(second.body.code).toBe('entity-already-supplied');
  });

  it('is refused with what the source said', async () => {
    const passes = api.outside.check;
    api.outside.check = { ok: false, code: 'reauth_required', detail: 'The client id or secret is wrong.' };
    const narrow = { ...body, settings: { entities: ['material_allocation'] } };
    expect((await api.call('POST', '/v1/connections', { body: narrow })).status).toBe(422);
    const refused = await api.call('POST', '/v1/connections/acme1.1/reconnect', { body: { credentials: { clientId: 'x' } } });
    expect(refused.body).toMatchObject({ status: 422, code: 'credentials-refused', detail: 'The client id or secret is wrong.' });
    api.outside.check = { ok: false, code: 'source_unavailable', detail: 'Aspire did not answer.' };
    const failed = await api.call('POST', '/v1/connections/acme1.1/check');
    expect([failed.status, failed.body.code]).toEqual([502, 'source-failed']);
    api.outside.check = passes;
  });

  it('a key whose request was refused can be used for the corrected one', async () => {
    const passes = api.outside.check;
    const headers = fresh();
    api.outside.check = { ok: false, code: 'reauth_required', detail: 'No.' };
    const path = '/v1/connections/acme1.1/reconnect';
    expect((await api.call('POST', path, { body: { credentials: { a: '1' } }, headers })).status).toBe(422);
    api.outside.check = passes;
    const again = await api.call('POST', path, { body: { credentials: { a: '2' } }, headers });
    expect([again.status, again.body.state]).toEqual([200, 'pending']);
  });

  it('a twin is told to wait while the source is being asked, and gets the answer afterwards', async () => {
    const headers = fresh();
    const path = '/v1/connections/acme1.1/reconnect';
    const options = { body: { credentials: { a: '3' } }, headers };
    let letGo = () => {};
    api.outside.holdCheck = new Promise((resolve) => {
      letGo = resolve as () => void;
    });
    const asked = api.outside.calls.length;
    const first = api.call('POST', path, options);
    while (api.outside.calls.length === asked) await new Promise((resolve) => setTimeout(resolve, 5));
    const twin = await api.call('POST', path, options);
    expect([twin.status, twin.body.code]).toEqual([409, 'idempotency-in-flight']);
    expect(Number(twin.headers['retry-after'])).toBeGreaterThan(0);
    letGo();
    api.outside.holdCheck = null;
    const done = await first;
    expect(done.status).toBe(200);
    expect(api.outside.calls).toHaveLength(asked + 1);
    expect((await api.call('POST', path, options)).body).toEqual(done.body);
  });

  it('another account is refused on reconnecting, naming both', async () => {
    const passes = api.outside.check;
    api.outside.check = { ...passes, accountId: 'B-2', accountName: 'Somebody else' } as typeof passes;
    const answer = await api.call('POST', '/v1/connections/acme1.1/reconnect', { body: { credentials: { a: '1' } } });
    expect(answer.body).toMatchObject({ status: 409, code: 'account-mismatch', offered: 'Somebody else' });
    api.outside.check = passes;
  });

  it('disconnecting fences off, destroys the credentials and keeps everything readable', async () => {
    const path = '/v1/connections/rival1.1';
    const options = { tenant: OTHER_TENANT, headers: { 'if-match': '"r1"' } };
    const fence = (await readSyncState(api.table, api.otherScope, 1))!.fence;
    expect((await api.call('DELETE', path, { tenant: OTHER_TENANT })).status).toBe(428);
    const answer = await api.call('DELETE', path, options);
    expect([answer.status, answer.body.state]).toEqual([200, 'disconnected']);
    expect((await readSyncState(api.table, api.otherScope, 1))!.fence).toBe(fence + 1);
    expect(await readCiphertext(api.table, api.otherScope, 1)).toBeNull();
    expect(api.outside.slots.has('aspire/20/rival1.1')).toBe(false);
    expect((await api.call('GET', path, { tenant: OTHER_TENANT })).body).toMatchObject({
      state: 'disconnected',
      nextRunAt: null,
    });
    const resync = await api.call('POST', `${path}/resyncs`, { tenant: OTHER_TENANT, body: {}, headers: fresh() });
    expect(resync.body.code).toBe('connection-not-runnable');
  });
});

describe('the catalogue', () => {
  it('says what each integration supplies', async () => {
    const { body } = await api.call<{ items: { provider: string }[] }>('GET', '/v1/integrations');
    expect(body.items[0]).toMatchObject({
      provider: 'aspire',
      name: 'Aspire',
      auth: 'key',
      cycleMinutes: 20,
      manualResync: true,
    });
  });

  it('tells of every integration its schedule and which resyncs it takes (M-11, M-14)', async () => {
    const { body } = await api.call<{ items: Record<string, unknown>[] }>('GET', '/v1/integrations');
    expect(body.items.map(({ provider }) => provider)).toEqual(manifests.map(({ provider }) => provider));
    for (const [at, { cycles, manualResync, resyncModes }] of manifests.entries()) {
      expect(body.items[at]).toMatchObject({ cycles, manualResync, resyncModes });
      expect(cycles).toContain(body.items[at]!.cycleMinutes);
    }
  });

  it.each([
    [{ name: 'LMN files', auth: 'file', manualResync: false, resyncModes: [] }, 'delta', 'Upload a file.'],
    [{ name: 'Other', auth: 'key', manualResync: false, resyncModes: [] }, 'full', 'arrives with the next scheduled run'],
    [{ name: 'Other', auth: 'key', manualResync: true, resyncModes: ['delta'] }, 'full', 'offers no full resync'],
  ] as const)('refuses a resync that %o does not offer (A-35)', (manifest, mode, text) => {
    let refused: unknown = null;
    try {
      requireResyncSupport(manifest, ['job'], mode, []);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({ code: 'resync-not-supported', detail: expect.stringContaining(text) });
  });
});

it('a second connection gets the next number', async () => {
  await seedConnection(api.table, api.otherScope, { connection: { n: 2 } });
  expect(
    (await api.call<{ items: { id: string }[] }>('GET', '/v1/connections', { tenant: OTHER_TENANT })).body.items.map(
      ({ id }) => id,
    ),
  ).toContain('rival1.2');
});
