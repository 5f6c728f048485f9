import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { manifests } from '#functions/sync/manifests.ts';
import { SETTING_OF, type ValueKind } from '#model/source-values.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

describe('the set-up of a connection (M-58, M-77)', () => {
  let desk: SourceDesk;
  let id = '';
  const resync = () =>
    desk.api.call('POST', `/v1/connections/${id}/resyncs`, { body: {}, headers: { 'idempotency-key': `k${Math.random()}` } });
  beforeAll(async () => {
    desk = await startSourceDesk('jobber', jobberConnector);
  });
  afterAll(() => desk.stop());

  it('holds up the first run until what must be chosen is chosen, and says which steps are open', async () => {
    const made = await desk.connect({ timeImportFrom: desk.account.firstDay });
    id = String(made.id);
    expect(made).toMatchObject({
      state: 'pending',
      cause: 'setup_incomplete',
      fix: 'Finish the set-up: custom_fields, budget_source.',
      openSetupSteps: ['custom_fields', 'budget_source'],
      nextRunAt: null,
      firstSyncDone: false,
      settings: { customFieldUses: null, budgetSource: null, budgetTimeFormat: null, driveLabels: ['Drive time'] },
    });
    const asked = desk.requests();
    for (const kind of ['tick', 'hint', 'manual'] as const) expect(await desk.run(kind)).toBeNull();
    expect(desk.requests()).toBe(asked);
    expect((await desk.mirror()).size).toBe(0);
  });

  it('refuses a resync with 409 that names the steps', async () => {
    const answer = await resync();
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'connection-not-runnable',
      cause: 'setup_incomplete',
      fix: 'Finish the set-up: custom_fields, budget_source.',
    });
  });

  it('is what the diagnosis says of everything that is missing (V-13)', async () => {
    const { body } = await desk.api.call('GET', '/v1/diagnose', { query: { kind: 'job', number: '1001' } });
    expect(body).toMatchObject({
      verdict: 'V-13',
      code: 'setup_incomplete',
      evidence: { cause: 'setup_incomplete', steps: 'Finish the set-up: custom_fields, budget_source.' },
      nextAction: { code: 'finish_setup', href: `/v1/connections/${id}` },
    });
  });

  it('asks for a time format only where a custom field holds hours', async () => {
    const hours = await desk.set({ customFieldUses: { 'Budget hours': 'hours_budget' }, budgetSource: 'custom_field' });
    expect(hours.body).toMatchObject({ openSetupSteps: ['time_format'], fix: 'Finish the set-up: time_format.' });
    expect(await desk.run()).toBeNull();
    desk.api.outside.events.length = 0;
    const done = await desk.set({ budgetTimeFormat: 'decimal_hours' });
    expect(done.body).toMatchObject({ state: 'pending', cause: null, fix: null, openSetupSteps: [] });
    expect(desk.api.outside.events).toEqual([expect.objectContaining({ connectionId: id, kind: 'hint' })]);
  });

  it('is followed by the first run', async () => {
    expect(await desk.run('hint')).toMatchObject({ trigger: 'initial', mode: 'full' });
    expect((await desk.api.call('GET', `/v1/connections/${id}`)).body).toMatchObject({ firstSyncDone: true, cause: null });
    expect((await desk.mirror()).size).toBeGreaterThan(0);
    expect((await resync()).status).toBe(202);
  });
});

describe('the catalogue', () => {
  it.each(manifests.map((manifest) => [manifest.provider, manifest] as const))(
    'tells what a connection of %s needs, has and reads',
    async (provider, manifest) => {
      const desk = await catalogue();
      const one = desk.find((item) => item.provider === provider)!;
      for (const { settings } of one.setupSteps)
        for (const key of settings) expect(one.settings.map((setting) => setting.key)).toContain(key);
      expect(one.settings.map(({ key }) => key)).toEqual(expect.arrayContaining(Object.keys(manifest.settings)));
      expect(one.offers.map((kind) => SETTING_OF[kind])).toEqual(one.offers.map(() => expect.any(String)));
      for (const kind of one.offers) expect(one.settings.map(({ key }) => key)).toContain(SETTING_OF[kind]);
      expect(one.reads.map(({ entity }) => entity)).toEqual(manifest.entities);
      const touched = Object.values(manifest.settings).flatMap(({ touches }) => touches);
      expect(manifest.streams.map(({ stream }) => stream)).toEqual(expect.arrayContaining(touched));
    },
  );

  it('starts Aspire without a question, and every other source with its own', async () => {
    const required = Object.fromEntries(
      (await catalogue()).map(({ provider, setupSteps }) => [
        provider,
        setupSteps.filter((step) => step.required).map(({ step }) => step),
      ]),
    );
    expect(required).toMatchObject({
      aspire: [],
      jobber: ['custom_fields', 'budget_source', 'time_format'],
      procore: ['project_list'],
      'quickbooks-time': ['jobcode_map', 'custom_field_uses', 'budget_source'],
    });
  });

  interface Item {
    readonly provider: string;
    readonly setupSteps: readonly { readonly step: string; readonly settings: readonly string[]; readonly required: boolean }[];
    readonly settings: readonly { readonly key: string }[];
    readonly offers: readonly ValueKind[];
    readonly reads: readonly { readonly entity: string }[];
  }
  let items: readonly Item[] | null = null;
  async function catalogue(): Promise<readonly Item[]> {
    if (items === null) {
      const desk = await startSourceDesk('jobber', jobberConnector);
      items = (await desk.api.call<{ items: readonly Item[] }>('GET', '/v1/integrations')).body.items;
      await desk.stop();
    }
    return items;
  }
});
