import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorId } from '#model/ids.ts';
import { type Link, linkedId } from '#model/link.ts';
import { ROLES } from '#model/people.ts';
import { readConnection, saveConnectionAction } from '#store/connection-repository.ts';
import { readLink, saveLinkAction } from '#store/link-repository.ts';
import { OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';
import { type Seed, seedCompany, seedTenant } from '#test/support/mirror-seed.ts';

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope);
  await seedTenant(api.table, api.otherScope);
  // A second connection that supplies nothing but materials, so that it refers to the people and jobs of the first.
  await api.call('POST', '/v1/connections', {
    body: { provider: 'aspire', name: 'Second', credentials: { a: '1' }, settings: { entities: ['material_allocation'] } },
  });
});
afterAll(() => api.stop());

const CLOCK = 'acme1.2';
const body = (sourceId: string, more: object = {}) => ({
  entity: 'worker',
  connectionId: CLOCK,
  sourceId,
  targetId: seed.workers[0],
  ...more,
});
async function propose(sourceId: string): Promise<string> {
  const ownId = linkedId(CLOCK, 'worker', sourceId);
  const link: Link = {
    id: `${CLOCK}.${ownId}`,
    connectionId: CLOCK,
    n: 2,
    space: 'worker',
    sourceId,
    targetId: seed.workers[1]!,
    state: 'proposed',
    basis: 'employee_number',
    at: api.now(),
    decidedBy: null,
    decidedAt: null,
    revision: 1,
  };
  await api.table.write(api.scope, [saveLinkAction(api.scope, ownId, link, null)]);
  return link.id;
}

describe('links between connections (M-43)', () => {
  it('are made by owner and admin, confirmed at once, and nudge the connection', async () => {
    for (const as of ROLES.filter((role) => role !== 'owner' && role !== 'admin')) {
      expect((await api.call('POST', '/v1/links', { as, body: body('77') })).status).toBe(403);
      expect((await api.call('GET', '/v1/links', { as })).status).toBe(403);
    }
    const events = api.outside.events.length;
    const made = await api.call('POST', '/v1/links', { as: 'admin', body: body('77') });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      entity: 'worker',
      sourceId: '77',
      targetId: seed.workers[0],
      state: 'confirmed',
      basis: 'hand',
    });
    expect(made.headers.location).toBe(`/v1/links/${made.body.id}`);
    expect(api.outside.events.slice(events)).toEqual([expect.objectContaining({ connectionId: CLOCK, kind: 'hint' })]);
    const listed = await api.call<{ items: unknown[] }>('GET', '/v1/links', { query: { state: 'confirmed' } });
    expect(listed.body.items).toEqual([made.body]);
    expect((await api.call('POST', '/v1/links', { body: body('77') })).body.code).toBe('link-already-decided');
    const audit = await api.call<{ items: { action: string }[] }>('GET', '/v1/audit');
    expect(audit.body.items.map(({ action }) => action)).toContain('link.confirmed');
  });

  it('lead from what a connection does not supply to a live record of another', async () => {
    const own = mirrorId(CLOCK, 'worker', 'nobody');
    for (const [wrong, pointer] of [
      [body('78', { targetId: own }), '/targetId'],
      [body('78', { targetId: seed.jobs[0] }), '/targetId'],
      [body('78', { connectionId: seed.connectionId }), '/connectionId'],
      [body('78', { entity: 'time_entry' }), '/entity'],
      [body('', {}), '/sourceId'],
    ] as const)
      expect((await api.call('POST', '/v1/links', { body: wrong })).body).toMatchObject({ status: 422, errors: [{ pointer }] });
    expect((await api.call('POST', '/v1/links', { body: body('78', { connectionId: 'acme1.9' }) })).status).toBe(404);
    expect((await api.call('POST', '/v1/links', { body: body('78'), tenant: OTHER_TENANT })).status).toBe(404);
    expect(await readLink(api.table, api.scope, 2, linkedId(CLOCK, 'worker', '78'))).toBeNull();
  });

  it('proposed ones are confirmed or discarded once, whoever comes first', async () => {
    const [yes, no] = [await propose('81'), await propose('82')];
    const twins = await Promise.all([1, 2, 3].map(() => api.call('POST', `/v1/links/${yes}/confirm`)));
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await api.call('POST', `/v1/links/${no}/discard`)).body).toMatchObject({
      state: 'discarded',
      decidedBy: expect.any(String),
    });
    expect((await api.call('POST', `/v1/links/${no}/confirm`)).body.code).toBe('link-already-decided');
    // A person may still say by hand what they had discarded.
    expect((await api.call('POST', '/v1/links', { body: body('82') })).status).toBe(201);
    for (const id of [`${CLOCK}.AAAAAAAAAAAAAAAA`, 'nonsense', 'rival1.1.AAAAAAAAAAAAAAAA'])
      expect((await api.call('POST', `/v1/links/${id}/confirm`)).status).toBe(404);
    expect((await api.call('POST', `/v1/links/${yes}/confirm`, { tenant: OTHER_TENANT })).status).toBe(404);
  });

  it('of a disconnected source are not made', async () => {
    const before = (await readConnection(api.table, api.scope, 2))!;
    await api.table.write(api.scope, [
      saveConnectionAction(api.scope, { ...before, disconnectedAt: api.now() }, before.revision),
    ]);
    expect((await api.call('POST', '/v1/links', { body: body('90') })).body).toMatchObject({
      errors: [{ pointer: '/connectionId' }],
    });
  });
});
