import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '#test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('the chain', () => {
  it('answers a known path', async () => {
    expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await api.call('GET', '/v1/me')).status).toBe(200);
  });

  it('answers an unknown path with a problem', async () => {
    const answer = await api.call('GET', '/v1/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'not-found', instance: '/v1/nowhere', type: '/v1/problems/not-found' });
  });
});
