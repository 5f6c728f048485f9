import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { OWN_PROFILE } from '#functions/api/access.ts';
import { createApi } from '#functions/api/api.ts';
import { RATE_LIMITS } from '#functions/api/rates.ts';
import { defineRoute } from '#functions/api/route.ts';
import { OTHER_TENANT, startTestApi, TENANT, type TestApi } from '#test/support/api.ts';
import { bodyJson, type EventOptions, httpEvent } from '#test/support/http-event.ts';

let api: TestApi;
const tokens: Record<string, string> = {};
let handled = 0;
beforeAll(async () => {
  api = await startTestApi();
  for (const tenant of [TENANT, OTHER_TENANT]) tokens[tenant] = await api.grant('worker', { tenant });
});
afterAll(() => api.stop());

const common = {
  path: '/v1/test',
  group: 'admin',
  summary: 'Counts',
  access: OWN_PROFILE,
  answer: { status: 200, description: '', schema: z.unknown() },
  handler: async () => ({ body: { handled: ++handled } }),
} as const;
const still = { ...common, path: '/v1/still', handler: async () => ({ body: {} }) };
const routes = [
  defineRoute({ ...common, method: 'GET' }),
  defineRoute({ ...common, method: 'POST' }),
  defineRoute({ ...common, method: 'PUT', startsRun: true }),
  defineRoute({ ...still, method: 'GET' }),
];

/** A function of its own, in a window of its own, that lets a tenant read 50 times, write 30 times and run 25 times. */
function functionOf(limits = { read: 50, write: 30, run: 25 }) {
  const handler = createApi({ routes, ports: api.ports, limits });
  return async (
    method = 'GET',
    { tenant = TENANT, path = '/v1/test', ...event }: EventOptions & { tenant?: string; path?: string } = {},
  ) => {
    const caller = { tenantId: tenant, tokenId: tokens[tenant]! };
    const response = await handler(httpEvent(method, path, { ...event, caller }), {} as Context);
    return { status: response.statusCode, headers: response.headers, response };
  };
}
const nextWindow = () => api.pass(60);
const rest = (headers: Readonly<Record<string, string>>) => Number(/;r=(\d+);/.exec(headers.ratelimit!)![1]);

describe('the limit of a tenant', () => {
  it('is told with every answer to somebody whom we know, whatever the answer is', async () => {
    nextWindow();
    const published = createApi({ routes, ports: api.ports });
    const caller = { tenantId: TENANT, tokenId: tokens[TENANT]! };
    for (const [method, quota] of [
      ['GET', 'read'],
      ['PATCH', 'write'],
      ['PUT', 'run'],
    ] as const) {
      const { headers } = await published(httpEvent(method, '/v1/test', { caller }), {} as Context);
      expect(headers['ratelimit-policy']).toBe(`"${quota}";q=${RATE_LIMITS[quota]};w=60`);
      expect(headers.ratelimit).toBe(`"${quota}";r=${RATE_LIMITS[quota] - 1};t=60`);
    }
    const unknown = await published(httpEvent('GET', '/v1/test', { caller: { ...caller, tokenId: 'none' } }), {} as Context);
    expect([unknown.statusCode, unknown.headers.ratelimit]).toEqual([401, undefined]);
  });

  it('falls by one with every request and ends in a 429 before anything is done; the next window begins anew', async () => {
    nextWindow();
    const call = functionOf();
    for (let left = 49; left >= 0; left--) expect(rest((await call()).headers)).toBe(left);
    api.pass(13);
    const done = handled;
    const refused = await call();
    expect([refused.status, refused.headers['retry-after'], rest(refused.headers)]).toEqual([429, '47', 0]);
    expect(bodyJson(refused.response)).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 47 });
    expect(handled).toBe(done);
    api.pass(46);
    expect((await call()).status).toBe(429);
    api.pass(1);
    expect((await call()).status).toBe(200);
  });

  it('is each class for itself, and each tenant for itself', async () => {
    nextWindow();
    const call = functionOf();
    for (let n = 0; n < 50; n++) await call();
    expect((await call()).status).toBe(429);
    expect((await call('POST')).status).toBe(200);
    expect((await call('PUT')).status).toBe(200);
    expect((await call('GET', { tenant: OTHER_TENANT })).status).toBe(200);
  });

  it('is shared by all functions, however many ask at once: no request more than it allows', async () => {
    nextWindow();
    const functions = Array.from({ length: 4 }, () => functionOf({ ...RATE_LIMITS, write: 90 }));
    const answers = await Promise.all(Array.from({ length: 400 }, (_, n) => functions[n % 4]!('POST')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(90);
    expect(statuses.filter((status) => status === 429)).toHaveLength(310);
  });

  it('costs a write in twenty requests and no read', async () => {
    nextWindow();
    const call = functionOf();
    await call();
    api.db.counters.reset();
    for (let n = 1; n < 20; n++) await call();
    const writes = () => api.db.counters.total({ operation: 'PutItem' }).requests;
    expect(writes()).toBe(0);
    await call();
    expect(writes()).toBe(1);
    expect(api.db.counters.total({ operation: 'GetItem' }).requests).toBe(20);
  });

  it('is not touched by an answer of 304', async () => {
    nextWindow();
    const call = functionOf();
    const { etag } = (await call('GET', { path: '/v1/still' })).headers;
    for (let n = 0; n < 100; n++) {
      const answer = await call('GET', { path: '/v1/still', headers: { 'if-none-match': etag! } });
      expect([answer.status, rest(answer.headers)]).toEqual([304, 49]);
    }
  });
});
