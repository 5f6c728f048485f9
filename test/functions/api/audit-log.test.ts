import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { seedCompany } from '#test/support/mirror-seed.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
  await seedCompany(api.table, api.scope, { jobs: 1, workers: 1 });
});
afterEach(() => api.stop());

interface Entry {
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly at: string;
  readonly actor: { readonly id: string };
}

/** Everything that a filter shows, page by page. */
async function log(query: Readonly<Record<string, string | number>>): Promise<readonly Entry[]> {
  const items: Entry[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const paged: Readonly<Record<string, string | number>> = cursor === '' ? query : { ...query, cursor };
    const { status, body } = await api.call<{ items: Entry[]; nextCursor: string | null }>('GET', '/v1/audit', { query: paged });
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
}

const token = (name: string, as: 'owner' | 'admin' = 'owner') =>
  api.call<{ id: string }>('POST', '/v1/api-tokens', { body: { name, role: 'auditor' }, as });

describe('GET /v1/audit', () => {
  it('shows what filters ask for, at any size of pages (M-154)', async () => {
    expect((await token('one')).body).toMatchObject({ name: 'one' });
    const { body } = await token('two', 'admin');
    api.pass(10 * 86_400);
    await api.call('DELETE', `/v1/api-tokens/${body.id}`);
    const all = await log({ limit: 1 });
    expect(all.map(({ action }) => action)).toEqual(['api_token.revoked', 'api_token.created', 'api_token.created']);
    const [late, early] = [all[0]!, all.at(-1)!];
    expect(new Set(all.map(({ actor }) => actor.id)).size).toBe(2);
    for (const limit of [1, 2, 200]) {
      const of = async (query: Readonly<Record<string, string>>) => (await log({ ...query, limit })).map(({ action }) => action);
      expect(await of({ action: 'api_token.created' })).toHaveLength(2);
      expect(await of({ action: 'nothing.happened' })).toEqual([]);
      expect(await of({ entity: late.entity })).toHaveLength(3);
      expect(await of({ entityId: late.entityId })).toEqual(['api_token.revoked', 'api_token.created']);
      expect(await of({ entityId: late.entityId, action: 'api_token.revoked' })).toEqual(['api_token.revoked']);
      expect(await of({ from: late.at.slice(0, 10) })).toEqual(['api_token.revoked']);
      expect(await of({ to: late.at.slice(0, 10) })).toHaveLength(2);
      expect((await log({ actor: early.actor.id, limit })).every(({ actor }) => actor.id === early.actor.id)).toBe(true);
    }
  });
});
