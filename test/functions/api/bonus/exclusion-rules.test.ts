import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putVisit, putWorker, visitId } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  await putWorker(bench, 'ann', 250_000);
});
afterEach(() => bench.stop());

interface Rule {
  readonly id: string | null;
  readonly revision: number;
  readonly code: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly effects: {
    readonly jobsMatched: number;
    readonly nearestValues: readonly string[];
    readonly activePropayIds: readonly string[];
    readonly overlapRuleIds: readonly string[];
    readonly complete: boolean;
  };
}
const post = (body: object, options = {}) => bench.api.call<Rule>('POST', '/v1/exclusion-rules', { body, ...options });
const effects = async (body: object) => (await post(body, { query: { preview: true } })).body.effects;
const listed = async () => (await bench.api.call<{ items: Rule[] }>('GET', '/v1/exclusion-rules')).body.items;
const target = (name: string) => ({ jobId: jobId(name), milestoneId: null });
const proPay = (name: string) => firstProPayId(target(name));

/** A job of 10 h budget with 5 h of Ann's time. */
async function put(name: string, fields: Parameters<typeof putJob>[2] = {}): Promise<void> {
  await putJob(bench, name, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', ...fields });
  await putBudget(bench, name, null, 10);
  await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5 });
}

const putProperty = (name: string, number: string) =>
  bench.put('client', name, {
    ...{ kind: 'property', name, number, parentId: null, line1: null, city: null, region: null },
    ...{ postalCode: null, country: null, active: true },
  });

describe('a saved rule (B-17, B-18, M-133, M-135)', () => {
  it('tells how many jobs it matches and which Active ProPays it would have excluded, and cancels none', async () => {
    await put('a', { serviceType: 'Snow removal' });
    await put('b', { serviceType: ' snow REMOVAL ' });
    await put('c', { serviceType: 'Mulch' });
    await bench.settle();
    const body = { type: 'service_type', value: 'Snow removal' };
    expect(await effects(body)).toEqual({
      jobsMatched: 2,
      nearestValues: [],
      activePropayIds: [proPay('a'), proPay('b')].sort(),
      overlapRuleIds: [],
      complete: true,
    });
    expect(await listed()).toEqual([]);
    const saved = await post(body);
    expect([saved.status, saved.body.revision, saved.body.effects.activePropayIds.length]).toEqual([201, 1, 2]);
    await bench.settle();
    expect((await bench.state(target('a'))).proPay).toMatchObject({ status: 'Active' });
    await put('d', { serviceType: 'Snow Removal' });
    await bench.settle();
    const { proPay: none, verdict } = await bench.state(target('d'));
    expect([none, verdict?.code, verdict?.rules]).toEqual([null, 'excluded_by_rule', [{ id: saved.body.id, revision: 1 }]]);
    const told = await bench.api.call<{ evidence: object }>('GET', '/v1/diagnose', { query: { kind: 'job', sourceId: 'd' } });
    const asked = await bench.api.call<{ verdict: string; evidence: object }>('GET', '/v1/diagnose', {
      query: { kind: 'propay', sourceId: 'd' },
    });
    expect(told.status).toBe(200);
    expect([asked.body.verdict, asked.body.evidence]).toMatchObject([
      'V-24',
      { rule: saved.body.id, type: 'service_type', value: 'Snow removal', revision: 1, matchedValue: 'Snow Removal' },
    ]);
    // Removed, the job is eligible at once.
    await bench.api.call('DELETE', saved.headers.location!, { headers: { 'if-match': '"r1"' } });
    await bench.settle();
    expect((await bench.state(target('d'))).proPay).toMatchObject({ status: 'Active' });
  });

  it('that matches nothing names what comes nearest', async () => {
    for (const [name, serviceType] of Object.entries({ a: 'Mulching', b: 'Snow removal', c: 'Mulch', d: null, e: 'Mulch ' }))
      await put(name, {
        serviceType,
        name: `${name} ${serviceType ?? 'Elm'} Street`,
        customFields: { Terms: 'Flat', Crew: 'Two' },
      });
    await putProperty('park', 'P-100');
    await put('f', { propertyId: idOf('client', 'park'), invoiceType: 'Fixed price' });
    const nearest = async (body: object) => (await effects(body)).nearestValues;
    expect(await nearest({ type: 'service_type', value: 'Mulhc' })).toEqual(['Mulch', 'Mulching', 'Snow removal']);
    expect(await nearest({ type: 'invoice_type', value: 'Fixed' })).toEqual(['Fixed price']);
    expect((await nearest({ type: 'name_pattern', value: 'd Elm Str?t' }))[0]).toBe('d Elm Street');
    expect(await nearest({ type: 'property', value: 'P-10' })).toEqual(['P-100', 'park']);
    expect(await nearest({ type: 'custom_field', field: 'terms', values: ['Float'] })).toEqual(['Flat']);
    expect(await nearest({ type: 'custom_field', field: 'Term', values: ['Flat'] })).toEqual(['Terms', 'Crew']);
  });

  it('overlaps with rules that exclude the same work, or whose condition shows that they could', async () => {
    await putProperty('park', 'P-100');
    await put('a', { serviceType: 'Snow', name: 'Park snow', propertyId: idOf('client', 'park') });
    const snow = (await post({ type: 'service_type', value: 'Snow' })).body.id;
    const park = (await post({ type: 'property', value: 'p-100' })).body;
    expect(park.effects.overlapRuleIds).toEqual([snow]);
    const pattern = (await post({ type: 'name_pattern', value: 'Warranty*' })).body;
    expect(pattern.effects).toMatchObject({ jobsMatched: 0, overlapRuleIds: [] });
    expect((await effects({ type: 'name_pattern', value: 'w*' })).overlapRuleIds).toEqual([pattern.id]);
    expect((await effects({ type: 'name_pattern', value: 'Warranty visit ?' })).overlapRuleIds).toEqual([pattern.id]);
    const field = (await post({ type: 'custom_field', field: 'Terms', values: ['Flat', 'Free'] })).body.id;
    expect((await effects({ type: 'custom_field', field: ' TERMS ', values: ['free', 'other'] })).overlapRuleIds).toEqual([
      field,
    ]);
    expect((await effects({ type: 'custom_field', field: 'Crew', values: ['free'] })).overlapRuleIds).toEqual([]);
    expect((await effects({ type: 'name_pattern', value: '*snow' })).overlapRuleIds).toEqual([snow, park.id]);
  });

  it('looks at visits of recurring jobs by their own type, and leaves jobs alone that somebody included by hand', async () => {
    await putJob(bench, 'r', { recurring: true, serviceType: 'Lawn' });
    for (const [visit, serviceType] of [
      ['v1', 'Snow'],
      ['v2', null],
    ] as const) {
      await putVisit(bench, 'r', visit, { serviceType });
      await putBudget(bench, 'r', visit, 2);
    }
    await bench.settle();
    expect(await effects({ type: 'service_type', value: 'Snow' })).toMatchObject({
      jobsMatched: 1,
      activePropayIds: [firstProPayId({ jobId: jobId('r'), milestoneId: visitId('v1') })],
    });
    expect(await effects({ type: 'service_type', value: 'Lawn' })).toMatchObject({
      jobsMatched: 1,
      activePropayIds: [firstProPayId({ jobId: jobId('r'), milestoneId: visitId('v2') })],
    });
    await post({ type: 'service_type', value: 'Mulch' });
    await put('m', { serviceType: 'Mulch' });
    await bench.api.call('POST', '/v1/propays', { body: { jobId: jobId('m'), reason: 'agreed' } });
    expect(await effects({ type: 'name_pattern', value: 'Elm*' })).toMatchObject({ jobsMatched: 2 });
    expect((await effects({ type: 'name_pattern', value: 'Elm*' })).activePropayIds).not.toContain(proPay('m'));
  });

  it('changed shows the effects of what it becomes; a preview keeps the rule and its revision', async () => {
    await put('a', { serviceType: 'Snow' });
    await put('b', { serviceType: 'Mulch' });
    const made = await post({ type: 'service_type', value: 'Snow' });
    const change = (query: object) =>
      bench.api.call<Rule>('PATCH', made.headers.location!, {
        body: { type: 'service_type', value: 'Mulch' },
        headers: { 'if-match': '"r1"' },
        query: query as never,
      });
    const preview = await change({ preview: true });
    expect(preview.body).toMatchObject({ value: 'Mulch', revision: 1, effects: { jobsMatched: 1, overlapRuleIds: [] } });
    expect(await listed()).toMatchObject([{ value: 'Snow', revision: 1 }]);
    expect((await change({})).body).toMatchObject({ value: 'Mulch', revision: 2 });
    expect((await change({})).status).toBe(412);
    expect((await change({ preview: true })).status).toBe(412);
  });

  it('is refused where it asks for nothing, is there already, or somebody else’s to save', async () => {
    const code = async (body: object, options = {}) => {
      const answer = await post(body, options);
      return [answer.status, answer.body.code, answer.body.errors[0]?.pointer];
    };
    expect(await code({ type: 'name_pattern', value: ' *? ' })).toEqual([422, 'invalid-rule', '/value']);
    expect(await code({ type: 'name_pattern', value: '* ?' })).toEqual([422, 'invalid-rule', '/value']);
    expect(await code({ type: 'service_type' })).toEqual([422, 'invalid-rule', '/value']);
    expect(await code({ type: 'service_type', value: 'x', field: 'y' })).toEqual([422, 'invalid-rule', '/field']);
    expect(await code({ type: 'custom_field', field: 'x' })).toEqual([422, 'invalid-rule', '/values']);
    expect(await code({ type: 'custom_field', values: ['x'] })).toEqual([422, 'invalid-rule', '/field']);
    expect(await code({ type: 'custom_field', field: 'x', values: ['y'], value: 'z' })).toEqual([422, 'invalid-rule', '/value']);
    await post({ type: 'custom_field', field: 'x', values: ['b', 'A'] });
    expect((await code({ type: 'custom_field', field: ' X ', values: ['a', 'B', 'b'] })).slice(0, 2)).toEqual([
      422,
      'duplicate-rule',
    ]);
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
      expect((await post({ type: 'service_type', value: 'x' }, { as })).status).toBe(403);
    expect(await listed()).toHaveLength(1);
  });
});
