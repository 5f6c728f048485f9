import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MOST_WEBHOOKS } from '#model/webhook.ts';
import { listWebhooks } from '#store/webhook-repository.ts';
import { type CallOptions, OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  for (const { id } of await listWebhooks(api.table, api.scope)) await api.call('DELETE', `/v1/webhooks/${id}`);
  api.outside.deliveries.length = 0;
});

const BODY = { url: 'https://hooks.example.com/in', events: ['propay.approved', 'statement.paid'] };
interface View {
  readonly id: string;
  readonly secret: string | null;
  readonly [field: string]: unknown;
}
const create = (options: CallOptions = {}) => api.call<View>('POST', '/v1/webhooks', { body: BODY, ...options });
const match = (tag: string | undefined) => ({ headers: { 'if-match': String(tag) } });

describe('endpoints', () => {
  it('are made with a secret that is shown once and kept sealed', async () => {
    const made = await create();
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...BODY,
      id: expect.any(String),
      enabled: true,
      disabledReason: null,
      disabledAt: null,
      failingSince: null,
      formerSecretUntil: null,
      createdAt: api.now(),
      createdBy: expect.any(String),
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const { id, secret } = made.body;
    expect(made.headers.location).toBe(`/v1/webhooks/${id}`);
    const read = await api.call<View>('GET', `/v1/webhooks/${id}`);
    expect(read.body).not.toHaveProperty('secret');
    expect(read.headers.etag).toMatch(/^"r1/);
    const [stored] = await listWebhooks(api.table, api.scope);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const place = { tenantId: api.scope.tenantId, webhookId: id };
    expect(await api.outside.vault.decrypt(place, stored!.secret)).toEqual({ secret });
    // Under another endpoint's or tenant's context it does not open.
    await expect(api.outside.vault.decrypt({ ...place, webhookId: 'other' }, stored!.secret)).rejects.toThrow();
    await expect(api.outside.vault.decrypt({ ...place, tenantId: OTHER_TENANT }, stored!.secret)).rejects.toThrow();
    const { body } = await api.call<{ items: readonly View[] }>('GET', '/v1/audit');
    const entry = body.items.find(({ action }) => action === 'webhook.created');
    expect(entry).toMatchObject({ entity: 'webhook', entityId: id });
    expect(JSON.stringify(body.items)).not.toContain('whsec_');
  });

  it('answer a repeated request without the secret, and make no second one', async () => {
    const headers = { 'idempotency-key': 'once' };
    const [first, second] = [await create({ headers }), await create({ headers })];
    expect(second.status).toBe(201);
    expect(second.body).toEqual({ ...first.body, secret: null });
    expect(await listWebhooks(api.table, api.scope)).toHaveLength(1);
  });

  it.each([
    { url: 'http://hooks.example.com/' },
    { url: 'https://127.0.0.1/' },
    { url: 'https://169.254.169.254/' },
    { url: 'https://[::ffff:10.0.0.1]/' },
    { url: 'http://127.0.0.1:9/' },
    { events: [] },
    { events: ['no.such.event'] },
    { events: ['webhook.test'] },
    { secret: 'whsec_mine' },
    { id: 'mine' },
  ])('refuse %j with 422, and nothing is stored', async (wrong) => {
    expect((await create({ body: { ...BODY, ...wrong } })).status).toBe(422);
    expect(await listWebhooks(api.table, api.scope)).toEqual([]);
  });

  it('are ten at most, also when many are made at once', async () => {
    const made = await Promise.all(Array.from({ length: MOST_WEBHOOKS + 4 }, () => create()));
    const statuses = made.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBe((await listWebhooks(api.table, api.scope)).length);
    while ((await listWebhooks(api.table, api.scope)).length < MOST_WEBHOOKS) expect((await create()).status).toBe(201);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'too-many-webhooks' } });
    expect(await listWebhooks(api.table, api.scope)).toHaveLength(MOST_WEBHOOKS);
  });

  it('are changed under If-Match, and whoever is late is told so', async () => {
    const { body, headers } = await create();
    const path = `/v1/webhooks/${body.id}`;
    expect((await api.call('PATCH', path, { body: { enabled: false } })).status).toBe(428);
    const off = await api.call('PATCH', path, { body: { enabled: false, events: ['group.paid'] }, ...match(headers.etag) });
    expect(off).toMatchObject({
      status: 200,
      body: { enabled: false, disabledReason: 'by_hand', disabledAt: api.now(), events: ['group.paid'], url: BODY.url },
    });
    expect((await api.call('PATCH', path, { body: { enabled: true }, ...match(headers.etag) })).status).toBe(412);
    const wrong = await api.call('PATCH', path, { body: { url: 'https://10.0.0.1/' }, ...match(off.headers.etag) });
    expect(wrong.status).toBe(422);
    const on = await api.call('PATCH', path, { body: { enabled: true }, ...match(off.headers.etag) });
    expect(on.body).toMatchObject({ enabled: true, disabledReason: null });
  });

  it('get a new secret while the one before lasts for a day', async () => {
    const { body } = await create();
    const path = `/v1/webhooks/${body.id}/rotate-secret`;
    const rotated = await api.call<View>('POST', path, { headers: { 'idempotency-key': 'turn' } });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(body.secret);
    expect(rotated.body.formerSecretUntil).toBe('2026-03-11T12:00:00.000Z');
    expect((await api.call<View>('POST', path, { headers: { 'idempotency-key': 'turn' } })).body.secret).toBeNull();
    const [stored] = await listWebhooks(api.table, api.scope);
    const place = { tenantId: api.scope.tenantId, webhookId: body.id };
    expect(await api.outside.vault.decrypt(place, stored!.secret)).toEqual({ secret: rotated.body.secret });
    expect(await api.outside.vault.decrypt(place, stored!.formerSecret!.secret)).toEqual({ secret: body.secret });
  });

  it('are for owner and admin alone, and nobody else’s at all', async () => {
    const { body } = await create();
    const path = `/v1/webhooks/${body.id}`;
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const) {
      expect((await api.call('GET', '/v1/webhooks', { as })).status).toBe(403);
      expect((await api.call('POST', `${path}/test`, { as })).status).toBe(403);
      expect((await create({ as })).status).toBe(403);
    }
    const theirs = { tenant: OTHER_TENANT };
    for (const [method, at] of [
      ['GET', path],
      ['DELETE', path],
      ['POST', `${path}/test`],
      ['POST', `${path}/rotate-secret`],
      ['GET', `${path}/deliveries`],
    ] as const)
      expect((await api.call(method, at, theirs)).status, `${method} ${at}`).toBe(404);
    expect((await api.call('PATCH', path, { body: { enabled: false }, ...match('"r1"'), ...theirs })).status).toBe(404);
    expect((await api.call('GET', '/v1/webhooks', { as: 'admin' })).body).toMatchObject({ items: [{ id: body.id }] });
  });
});

describe('deliveries', () => {
  it('of a test are stored, queued and listed, the latest first', async () => {
    const { body } = await create();
    const path = `/v1/webhooks/${body.id}`;
    const sent = [];
    for (let count = 0; count < 3; count++) {
      api.pass(1);
      sent.push((await api.call<View>('POST', `${path}/test`)).body);
    }
    expect(sent[0]).toMatchObject({ type: 'webhook.test', status: 'pending', attempts: [], attemptCount: 0 });
    expect(api.outside.deliveries.map((text) => JSON.parse(text))).toEqual(
      sent.map(({ id }) => ({ v: 1, tenantId: api.scope.tenantId, webhookId: body.id, deliveryId: id })),
    );
    const page = await api.call<{ items: View[]; nextCursor: string }>('GET', `${path}/deliveries`, { query: { limit: 2 } });
    expect(page.body.items.map(({ id }) => id)).toEqual([sent[2]!.id, sent[1]!.id]);
    const rest = await api.call<{ items: View[] }>('GET', `${path}/deliveries`, {
      query: { limit: 2, cursor: page.body.nextCursor },
    });
    expect(rest.body.items.map(({ id }) => id)).toEqual([sent[0]!.id]);
    expect(JSON.stringify(page.body)).not.toContain('body');
  });

  it('are sent again by hand; not those that are unknown, and not to an endpoint that is off', async () => {
    const { body, headers } = await create();
    const path = `/v1/webhooks/${body.id}`;
    const { id } = (await api.call<View>('POST', `${path}/test`)).body;
    const again = await api.call<View>('POST', `${path}/deliveries/${id}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { id, status: 'pending' } });
    expect(api.outside.deliveries).toHaveLength(2);
    expect((await api.call('POST', `${path}/deliveries/unknown/redeliver`)).status).toBe(404);
    await api.call('PATCH', path, { body: { enabled: false }, ...match(headers.etag) });
    expect((await api.call('POST', `${path}/deliveries/${id}/redeliver`)).status).toBe(409);
    expect((await api.call('POST', `${path}/test`)).status).toBe(409);
    expect(api.outside.deliveries).toHaveLength(2);
  });
});
