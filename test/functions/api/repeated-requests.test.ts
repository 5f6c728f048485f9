import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteDefinition } from '#functions/api/route.ts';
import { routes } from '#functions/api/routes.ts';
import { answeredAction, claimAction, idempotencyHash } from '#store/ledger.ts';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { bodyExample } from '#tools/openapi.ts';

/** What every route that takes an Idempotency-Key or an If-Match does with it, before it looks at anything else. */

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedTenant(api.table, api.scope);
});
afterAll(() => api.stop());

const nameOf = ({ method, path }: Pick<RouteDefinition<never>, 'method' | 'path'>): string => `${method} ${path}`;
const pathOf = ({ path }: Pick<RouteDefinition<never>, 'path'>): string => path.replaceAll(/\{[^}]+\}/g, 'none');
const bodyOf = (route: RouteDefinition<never>): object | undefined =>
  route.body === null ? undefined : (bodyExample(route) as object);

const keyed = (routes as readonly RouteDefinition<never>[]).filter(
  ({ access, idempotency }) => idempotency !== null && access.tenant === 'token' && access.matrix.owner !== '-',
);
const tagged = (routes as readonly RouteDefinition<never>[]).filter((route) => route.ifMatch);
const each = (list: readonly RouteDefinition<never>[]) => list.map((route) => [nameOf(route), route] as const);

let keys = 0;
/** A key that another request of the same route has used, or is using. */
async function usedKey(route: RouteDefinition<never>, answered: boolean): Promise<string> {
  const key = `used-${++keys}`;
  const hash = idempotencyHash(nameOf(route), key);
  const other = { requestHash: 'of another request', holder: 'somebody' };
  const record = answered
    ? answeredAction(api.scope, hash, { ...other, answer: { status: 200, body: '{}', headers: {} } }, api.now())
    : claimAction(api.scope, hash, { ...other, holdSeconds: 30 }, api.now());
  expect((await api.table.write(api.scope, [record])).applied).toBe(true);
  return key;
}

describe('a key that was used for something else', () => {
  it.each(each(keyed))('%s refuses it, whether that is done or under way', async (_name, route) => {
    for (const answered of [true, false]) {
      const headers = { 'idempotency-key': await usedKey(route, answered) };
      const { status, body } = await api.call(route.method, pathOf(route), { body: bodyOf(route), headers });
      expect([status, body.code, answered]).toEqual([422, 'idempotency-key-reused', answered]);
    }
  });

  it('does not matter to another route', async () => {
    const [one, other] = keyed.filter(({ path }) => path.startsWith('/v1/line-items/{id}/'));
    const headers = { 'idempotency-key': await usedKey(one!, true) };
    const { status, body } = await api.call(other!.method, pathOf(other!), { body: bodyOf(other!), headers });
    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});

describe('a key that is missing', () => {
  it.each(each(keyed.filter((route) => route.idempotency === 'required')))('is asked for by %s', async (_name, route) => {
    const { status, body } = await api.call(route.method, pathOf(route), { body: bodyOf(route) });
    expect([status, body.code]).toEqual([400, 'idempotency-key-required']);
  });
});

describe('a tag that is missing', () => {
  it.each(each(tagged))('is asked for by %s, whatever the body', async (_name, route) => {
    for (const body of [bodyOf(route), '{'].slice(0, route.body === null ? 1 : 2)) {
      const { status, body: problem } = await api.call(route.method, pathOf(route), { body });
      expect([status, problem.code]).toEqual([428, 'precondition-required']);
    }
  });
});
