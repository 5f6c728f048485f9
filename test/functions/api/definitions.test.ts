import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFINITION_CATEGORIES } from '#model/settings.ts';
import { readContext } from '#store/settings-repository.ts';
import { OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBudget, putJob, putTime, putWorker, seedFence } from '#test/support/bonus-world.ts';
import { csatTemplate } from '#test/support/goal-world.ts';

let bench: BonusBench;
beforeAll(async () => {
  bench = await startBonusBench();
});
afterAll(() => bench.stop());

type Body = Record<string, unknown> & { readonly id: string; readonly code: string };
type Items = {
  readonly items: readonly Body[];
  readonly activePropays: { readonly counted: number; readonly complete: boolean };
};
const call = <T = Body>(method: string, path: string, body?: object, options = {}) =>
  bench.api.call<T>(method, path, { ...(body === undefined ? {} : { body }), ...options });
const match = (tag: string) => ({ headers: { 'if-match': tag } });
const context = async () => (await readContext(bench.table, bench.scope))!;

describe('disqualifiers and penalties (B-75, B-79)', () => {
  it('are made, read, changed and deleted on the revision that was seen, with audit and context', async () => {
    const made = await call('POST', '/v1/disqualifiers', { name: 'Was everybody safe?', category: 'Safety' });
    expect([made.status, made.headers.etag?.slice(0, 4)]).toEqual([201, '"r1.']);
    const path = made.headers.location!;
    expect(made.body).toEqual({ id: path.split('/').at(-1), name: 'Was everybody safe?', category: 'Safety' });
    expect((await call('GET', path)).body).toEqual(made.body);
    const changed = await call('PATCH', path, { name: 'Were all safe?' }, match('"r1"'));
    expect(changed.body).toEqual({ ...made.body, name: 'Were all safe?' });
    expect((await call('PATCH', path, { name: 'Late' }, match('"r1"'))).status).toBe(412);
    expect((await call('PATCH', path, { name: 'Late' })).status).toBe(428);
    expect((await context()).disqualifiers).toEqual([{ ...made.body, name: 'Were all safe?', revision: 2 }]);
    expect((await call('DELETE', path, undefined, match('"r1"'))).status).toBe(412);
    expect((await call('DELETE', path, undefined, match('"r2"'))).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await context()).disqualifiers).toEqual([]);
    const audit = await call<{ items: { action: string; before: unknown; after: unknown }[] }>('GET', '/v1/audit', undefined, {
      query: { entityId: made.body.id },
    });
    expect(audit.body.items.map(({ action }) => action).sort()).toEqual([
      'disqualifier.changed',
      'disqualifier.created',
      'disqualifier.deleted',
    ]);
  });

  it.each([
    ['/v1/disqualifiers', 'disqualifierIds', {}],
    ['/v1/penalties', 'penaltyIds', { kind: 'fixed', amount: '5.00' }],
  ] as const)('of %s stay while a template of goals asks for them', async (path, named, more) => {
    const { body: definition } = await call('POST', path, { name: 'Asked for', category: 'Quality', ...more });
    const template = await call('POST', '/v1/pro-goal-templates', {
      ...csatTemplate(),
      managerId: null,
      [named]: [definition.id],
    });
    const remove = () => call('DELETE', `${path}/${definition.id}`, undefined, match('"r1"'));
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'definition-in-use', templateIds: [template.body.id] } });
    expect((await call('GET', `${path}/${definition.id}`)).status).toBe(200);
    const changed = await call('PATCH', `/v1/pro-goal-templates/${template.body.id}`, { [named]: [] }, match('"r1"'));
    expect(changed.status).toBe(200);
    expect((await remove()).status).toBe(204);
  });

  it('a template that names what somebody deleted at the same moment does not go live, and begins nothing', async () => {
    const { body: definition } = await call('POST', '/v1/disqualifiers', { name: 'Racing', category: 'Quality' });
    await putWorker(bench, 'max', null);
    const template = { ...csatTemplate(), disqualifierIds: [definition.id] };
    const { body: draft } = await call('POST', '/v1/pro-goal-templates', template);
    await bench.context((before) => ({ ...before, disqualifiers: [] }));
    const approved = await call(
      'POST',
      `/v1/pro-goal-templates/${draft.id}/approve`,
      {},
      { headers: { 'idempotency-key': 'gone' } },
    );
    expect(approved).toMatchObject({
      status: 422,
      body: { code: 'template-incomplete', missing: [`disqualifier:${definition.id}`] },
    });
  });

  it('a penalty has its amount in money, or none where it is set at approval', async () => {
    const fixed = await call('POST', '/v1/penalties', { name: 'Late', category: 'Paperwork', kind: 'fixed', amount: '15.00' });
    expect(fixed.body).toMatchObject({ name: 'Late', category: 'Paperwork', kind: 'fixed', amount: '15.00' });
    const open = await call('POST', '/v1/penalties', { name: 'Damage', category: 'Quality', kind: 'set_at_approval' });
    expect(open.body).toMatchObject({ kind: 'set_at_approval', amount: null });
    const code = async (change: object) =>
      (await call('POST', '/v1/penalties', { name: 'X', category: 'Other', kind: 'fixed', ...change })).body.code;
    expect(await code({})).toBe('invalid-amount');
    expect(await code({ amount: '0.00' })).toBe('invalid-amount');
    expect(await code({ amount: '-1.00' })).toBe('invalid-amount');
    expect(await code({ amount: 'many' })).toBe('invalid-body');
    expect(await code({ kind: 'set_at_approval', amount: '1.00' })).toBe('invalid-amount');
    expect(await code({ amount: '1.00', category: 'Weather' })).toBe('invalid-body');
    const path = fixed.headers.location!;
    expect((await call('PATCH', path, { amount: null }, match('"r1"'))).body.code).toBe('invalid-amount');
    expect((await call('PATCH', path, { amount: '20.00' }, match('"r1"'))).body.amount).toBe('20.00');
    expect((await call('PATCH', path, { kind: 'set_at_approval' }, match('"r2"'))).body).toMatchObject({ amount: null });
    expect((await call('PATCH', path, { kind: 'fixed' }, match('"r3"'))).body.code).toBe('invalid-amount');
    expect((await context()).penalties.map(({ kind, amountCents }) => [kind, amountCents])).toEqual([
      ['set_at_approval', null],
      ['set_at_approval', null],
    ]);
  });

  it('take one of the seven categories', async () => {
    for (const category of DEFINITION_CATEGORIES)
      expect((await call('POST', '/v1/disqualifiers', { name: category, category })).status).toBe(201);
    expect((await call<Items>('GET', '/v1/disqualifiers')).body.items.map(({ category }) => category)).toEqual([
      ...['Safety', 'Quality', 'Customer', 'Attendance', 'Equipment', 'Paperwork', 'Other'],
    ]);
  });

  it('are read by managers and auditors, changed by owner and admin, and nobody else’s in another tenant', async () => {
    for (const list of ['/v1/disqualifiers', '/v1/penalties']) {
      const { id } = (await call<Items>('GET', list, undefined, { as: 'admin' })).body.items[0]!;
      const body =
        list === '/v1/penalties' ? { name: 'N', category: 'Other', kind: 'set_at_approval' } : { name: 'N', category: 'Other' };
      for (const as of ['manager', 'auditor'] as const) {
        expect((await call('GET', `${list}/${id}`, undefined, { as })).status).toBe(200);
        expect((await call('POST', list, body, { as })).status).toBe(403);
        expect((await call('PATCH', `${list}/${id}`, { name: 'N' }, { as, ...match('"r1"') })).status).toBe(403);
        expect((await call('DELETE', `${list}/${id}`, undefined, { as, ...match('"r1"') })).status).toBe(403);
      }
      for (const as of ['crew_lead', 'worker'] as const) expect((await call('GET', list, undefined, { as })).status).toBe(403);
      expect((await call('GET', `${list}/${id}`, undefined, { tenant: OTHER_TENANT })).status).toBe(404);
    }
  });

  it('made by two at once are both kept', async () => {
    const before = (await context()).disqualifiers.length;
    const both = await Promise.all(
      ['A', 'B'].map((name) => call('POST', '/v1/disqualifiers', { name, category: 'Other' }, { as: 'admin' })),
    );
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect((await context()).disqualifiers).toHaveLength(before + 2);
  });
});

describe('the list of definitions', () => {
  it('shows how many Active ProPays lack each, until it is pushed (A-19)', async () => {
    await seedFence(bench);
    await bench.settle();
    const late = await call('POST', '/v1/disqualifiers', { name: 'Later', category: 'Other' });
    await putJob(bench, 'next', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putBudget(bench, 'next', null, 10);
    await putTime(bench, { id: 't', worker: 'ann', job: 'next', hours: 5 });
    await bench.settle();
    const lacking = async () => {
      const { items, activePropays } = (await call<Items>('GET', '/v1/disqualifiers')).body;
      expect(activePropays).toEqual({ counted: 2, complete: true });
      return items
        .filter(({ activePropaysWithout }) => activePropaysWithout !== 0)
        .map((one) => [one.id, one.activePropaysWithout]);
    };
    expect(await lacking()).toEqual([[late.body.id, 1]]);
    await call('PATCH', late.headers.location!, { name: 'Later still' }, match('"r1"'));
    expect(await lacking()).toEqual([[late.body.id, 2]]);
    await call('POST', '/v1/propays/sync-definitions', {});
    expect(await lacking()).toEqual([]);
  });
});
