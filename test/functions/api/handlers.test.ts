import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '#functions/api/api.ts';
import { startTestApi, TENANT, type TestApi } from '#test/support/api.ts';
import { bodyJson, httpEvent } from '#test/support/http-event.ts';
import { seedCompany } from '#test/support/mirror-seed.ts';

let api: TestApi;
const handlers: Record<string, ApiHandler> = {};
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  TABLE_NAME: 'protiv',
  EVENT_BUS_NAME: 'bus',
};
const before = { ...process.env };
beforeAll(async () => {
  api = await startTestApi();
  await seedCompany(api.table, api.scope, { jobs: 1, workers: 2 });
  Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL: api.db.endpoint });
  handlers.mirror = (await import('#functions/api/mirror/handler.ts')).handler;
  handlers.admin = (await import('#functions/api/admin/handler.ts')).handler;
  handlers.bonus = (await import('#functions/api/bonus/handler.ts')).handler;
  handlers.docs = (await import('#functions/api/docs/handler.ts')).handler;
});
afterAll(async () => {
  process.env = before;
  await api.stop();
});

const call = async (group: string, method: string, path: string) => {
  const event = httpEvent(method, path, { caller: { tenantId: TENANT, tokenId: await api.grant('owner') } });
  const response = await handlers[group]!(event, {} as Context);
  return { status: response.statusCode, body: bodyJson(response) };
};

describe('the handlers as they are deployed', () => {
  it('answer over a real client, from their environment alone', async () => {
    expect((await call('docs', 'GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await call('docs', 'GET', '/v1/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    expect((await call('docs', 'GET', '/nowhere')).status).toBe(404);
    expect((await call('mirror', 'GET', '/v1/jobs')).body.items).toHaveLength(1);
    expect((await call('mirror', 'PUT', '/v1/jobs')).status).toBe(405);
    expect((await call('admin', 'GET', '/v1/me')).body).toMatchObject({ role: 'owner' });
    expect((await call('bonus', 'GET', '/v1/propays')).status).toBe(200);
  });

  it('do not start without the name of their table (fail closed)', async () => {
    const { apiPorts } = await import('#functions/api/ports.ts');
    expect(() => apiPorts({ ...ENVIRONMENT, TABLE_NAME: '' })).toThrow('TABLE_NAME');
    const { adminPorts } = await import('#functions/api/admin/ports.ts');
    expect(() => adminPorts({ ...ENVIRONMENT, EVENT_BUS_NAME: '' })).toThrow('EVENT_BUS_NAME');
  });
});
