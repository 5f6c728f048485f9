import { afterEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { readProcoreDataset } from '#functions/sync/procore/fake/entities.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { Connector } from '#mirror/connector.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

let desk: SourceDesk;
afterEach(() => desk.stop());

type Order = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

/** One company whose field is given a use, and what happens to that field at the source. */
interface Case {
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly field: string;
  /** Source id of a job that has a value there. */
  readonly job: string;
  /** Before the first run. */
  readonly prepare: Order | null;
  readonly value: (mirror: ReadonlyMap<string, MirrorRecord>) => unknown;
  readonly expected: unknown;
  readonly renamed: Order;
  /** The field is gone, and so are all its values. */
  readonly gone: readonly Order[];
  /** It is there again, with another value on the job. */
  readonly back: Order;
  readonly returned: unknown;
}

const fieldOf = (mirror: ReadonlyMap<string, MirrorRecord>, key: string, name: string) =>
  (mirror.get(key)!.fields as unknown as Row)[name];

const JOBS = [401, 402].map((n) => Buffer.from(`gid://Jobber/Job/${n}`).toString('base64'));
const jobber = (values: readonly (string | null)[], label = 'Budget hours'): Order => ({
  put: {
    jobs: JOBS.map((id, at) => ({ id, customFields: values[at] === null ? [] : [{ id: 'cf1', label, valueText: values[at] }] })),
  },
});

const CODE = 17_600_102;
const CODE_FIELDS = { '650101': 'North Yard', '650103': 'Recurring', '650105': '112.50' };
const SERVICE = { id: 650_104, active: true, applies_to: 'job_code', type: 'managed-list' };
const jobcode = (customfields: Row): Row => ({ id: CODE, customfields });

const PROJECTS = readProcoreDataset().endpoints.projects!.map(({ id }) => String(id));
const projects = (custom_fields: Row): Order => ({
  put: { projects: PROJECTS.map((id) => ({ id: Number(id), custom_fields })) },
});

const CASES: Readonly<Record<string, Case>> = {
  jobber: {
    connector: jobberConnector,
    settings: { customFieldUses: { cf1: 'hours_budget' }, budgetSource: 'custom_field', budgetTimeFormat: 'decimal_hours' },
    field: 'cf1',
    job: JOBS[0]!,
    prepare: jobber(['10.5', '7']),
    value: (mirror) => fieldOf(mirror, `budget_info:job:${JOBS[0]}`, 'budgetSeconds'),
    expected: 37_800,
    renamed: jobber(['10.5', '7'], 'Hours planned'),
    gone: [jobber([null, null])],
    back: jobber(['12', '7']),
    returned: 43_200,
  },
  'quickbooks-time': {
    connector: quickBooksTimeConnector,
    settings: {},
    field: '650104',
    job: String(CODE),
    prepare: null,
    value: (mirror) => fieldOf(mirror, `job:${CODE}`, 'serviceType'),
    expected: 'Lawn Maintenance',
    renamed: { put: { customfields: [{ ...SERVICE, name: 'Kind of service' }] } },
    gone: [{ delete: { customfields: ['650104'] } }, { put: { jobcodes: [jobcode(CODE_FIELDS)] } }],
    back: {
      put: {
        customfields: [{ ...SERVICE, name: 'Kind of service' }],
        jobcodes: [jobcode({ ...CODE_FIELDS, '650104': 'Snow' })],
      },
    },
    returned: 'Snow',
  },
  procore: {
    connector: procoreConnector,
    settings: {},
    field: '7701',
    job: PROJECTS[0]!,
    prepare: null,
    value: (mirror) => fieldOf(mirror, `job:${PROJECTS[0]}`, 'serviceType'),
    expected: 'Lawn Maintenance',
    // The source tells no label: fields go by their ids alone.
    renamed: projects({ custom_field_7701: { data_type: 'lov_entry', value: { id: 1, label: 'Lawn Maintenance' } } }),
    gone: [projects({})],
    back: projects({ custom_field_7701: { data_type: 'string', value: 'Snow' } }),
    returned: 'Snow',
  },
};

const hours = (count: number) => count * 3_600;

async function runAfter(seconds: number) {
  desk.pass(seconds);
  const run = await desk.run();
  expect(run?.outcome).toMatch(/^succeeded/);
  return run!;
}

const card = async () => (await desk.api.call('GET', `/v1/connections/${desk.connectionId}`)).body;
const exceptionsOf = async (runId: string) => {
  const path = `/v1/connections/${desk.connectionId}/runs/${runId}/exceptions`;
  return (await desk.api.call<{ items: Row[] }>('GET', path)).body.items;
};

describe.each(Object.keys(CASES))('a custom field of %s (M-49, X-32)', (provider) => {
  const one = CASES[provider]!;
  const begin = async () => {
    desk = await startSourceDesk(provider, one.connector);
    if (one.prepare !== null) await desk.order(one.prepare);
    await desk.connect({ ...desk.account.settings, ...one.settings });
    await runAfter(0);
    expect(one.value(await desk.mirror())).toBe(one.expected);
  };

  it('goes by its id; one that vanishes keeps its last values, is told of, and is read again when it is back', async () => {
    await begin();
    await desk.order(one.renamed);
    await runAfter(hours(24));
    expect(one.value(await desk.mirror())).toBe(one.expected);
    expect(await card()).toMatchObject({ state: 'active', missingFields: [] });
    for (const order of one.gone) await desk.order(order);
    // The very next run already: nothing is taken away in the hours before the daily reconciliation.
    await runAfter(20 * 60);
    expect(one.value(await desk.mirror())).toBe(one.expected);
    const run = await runAfter(hours(24));
    expect(run.trigger).toBe('reconcile');
    expect(one.value(await desk.mirror())).toBe(one.expected);
    expect(await card()).toMatchObject({ state: 'degraded', cause: 'custom_field_missing', missingFields: [one.field] });
    expect(await exceptionsOf(run.id)).toContainEqual(
      expect.objectContaining({ reason: 'custom_field_missing', field: one.field, sourceId: null }),
    );
    // It goes on being kept, and nothing is written again for it.
    const revision = (await desk.mirror()).get(`job:${one.job}`)!.revision;
    await runAfter(hours(24));
    expect((await desk.mirror()).get(`job:${one.job}`)!.revision).toBe(revision);
    expect(await card()).toMatchObject({ cause: 'custom_field_missing' });

    await desk.order(one.back);
    await runAfter(hours(24));
    expect(one.value(await desk.mirror())).toBe(one.returned);
    expect(await card()).toMatchObject({ state: 'active', cause: null, missingFields: [] });
  });
});

it('a custom field that has a use no more is missed by nobody (M-49)', async () => {
  const { connector, gone } = CASES['quickbooks-time']!;
  desk = await startSourceDesk('quickbooks-time', connector);
  await desk.connect(desk.account.settings);
  await runAfter(0);
  for (const order of gone) await desk.order(order);
  await runAfter(hours(24));
  expect(await card()).toMatchObject({ cause: 'custom_field_missing' });
  await desk.set({ customFieldUses: {} });
  await runAfter(20 * 60);
  expect(await card()).toMatchObject({ state: 'active', missingFields: [] });
});

const opportunity = (fields: Row): Order => ({ put: { Opportunities: [{ OpportunityID: 9_001, ...fields }] } });

/** A status nobody has mapped, on a job that is mirrored; and the one it had. */
const STATUSES: Readonly<Record<string, { connector: Connector; job: string; odd: Order; good: Order; renamed?: Order }>> = {
  jobber: {
    connector: jobberConnector,
    job: JOBS[0]!,
    odd: { put: { jobs: [{ id: JOBS[0], title: 'Changed', jobStatus: 'hibernating' }] } },
    good: { put: { jobs: [{ id: JOBS[0], title: 'Changed', jobStatus: 'upcoming' }] } },
  },
  'quickbooks-time': {
    connector: quickBooksTimeConnector,
    job: '17600118',
    odd: { put: { projects: [{ id: 527_009, status: 'hibernating' }] } },
    good: { put: { projects: [{ id: 527_009, status: 'complete' }] } },
  },
  procore: {
    connector: procoreConnector,
    job: PROJECTS[0]!,
    odd: {
      put: { projects: [{ id: Number(PROJECTS[0]), name: 'Changed', project_stage: { id: 990_001, name: 'Hibernating' } }] },
    },
    good: { put: { projects: [{ id: Number(PROJECTS[0]), name: 'Changed', project_stage: { id: 8_403, name: 'On site' } }] } },
    renamed: { put: { project_stages: [{ id: 8_403, name: 'On site', category: 'course_of_construction' }] } },
  },
  aspire: {
    connector: aspireConnector,
    job: '9001',
    odd: opportunity({ OpportunityName: 'Changed', OpportunityStage: 'Hibernating', OpportunityStatusName: 'Hibernating' }),
    good: opportunity({ OpportunityName: 'Changed', OpportunityStage: 'Won', OpportunityStatusName: 'Sold' }),
    renamed: opportunity({ OpportunityStatusName: 'Sold' }),
  },
};

describe.each(Object.keys(STATUSES))('a status that %s did not have before (X-32)', (provider) => {
  const { connector, job, odd, good } = STATUSES[provider]!;

  it('leaves the job as it last was, is listed, and the job is read again when it is known', async () => {
    desk = await startSourceDesk(provider, connector);
    await desk.connect(desk.account.settings);
    await runAfter(0);
    const before = (await desk.mirror()).get(`job:${job}`)!;
    await desk.order(odd);
    const run = await runAfter(20 * 60);
    expect(run.outcome).toBe('succeeded-with-quarantine');
    expect((await desk.mirror()).get(`job:${job}`)!.fields).toEqual(before.fields);
    expect(await exceptionsOf(run.id)).toContainEqual(expect.objectContaining({ reason: 'status_unmapped', sourceId: job }));
    await runAfter(hours(24));
    expect((await desk.mirror()).get(`job:${job}`)!).toMatchObject({ fields: before.fields, tombstone: null });
    await desk.order(good);
    expect((await runAfter(20 * 60)).outcome).toBe('succeeded');
  });
});

it.each(Object.keys(STATUSES).filter((provider) => STATUSES[provider]!.renamed !== undefined))(
  'a status of %s has no effect where only its name is new (X-32)',
  async (provider) => {
    const { connector, job, renamed } = STATUSES[provider]!;
    desk = await startSourceDesk(provider, connector);
    await desk.connect(desk.account.settings);
    await runAfter(0);
    const before = (await desk.mirror()).get(`job:${job}`)!;
    await desk.order(renamed!);
    for (const seconds of [20 * 60, hours(24)]) {
      expect((await runAfter(seconds)).outcome).toBe('succeeded');
      expect((await desk.mirror()).get(`job:${job}`)!).toMatchObject({ fields: before.fields, revision: before.revision });
    }
  },
);
