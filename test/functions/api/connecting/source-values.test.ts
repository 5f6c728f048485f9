import { afterEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { readQuickBooksTimeDataset } from '#functions/sync/quickbooks-time/fake/entities.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { Connector } from '#mirror/connector.ts';
import { ROLES } from '#model/people.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

let desk: SourceDesk;
let id = '';
afterEach(() => desk.stop());

interface Value {
  readonly kind: string;
  readonly id: string;
  readonly name: string | null;
  readonly samples: readonly string[];
  readonly setting: string;
  readonly mappedTo: string | null;
  readonly proposed: string | null;
  readonly rollsUpInto: string | null;
}
interface Preview {
  readonly stream: string;
  readonly rows: number;
  readonly changed: number;
  readonly added: number;
  readonly dropped: number;
  readonly rejected: number;
  readonly samples: readonly Readonly<Record<string, unknown>>[];
}

async function start(connector: Connector, settings?: Readonly<Record<string, unknown>>): Promise<void> {
  desk = await startSourceDesk(connector.manifest.provider, connector);
  id = String((await desk.connect(settings)).id);
}
const values = async (kind?: string) =>
  desk.api.call<{ items: Value[]; unreadable: string[] }>('GET', `/v1/connections/${id}/source-values`, {
    ...(kind === undefined ? {} : { query: { kind } }),
  });
const preview = async (settings: Readonly<Record<string, unknown>>) =>
  desk.api.call<{ items: Preview[]; code?: string }>('POST', `/v1/connections/${id}/settings-preview`, { body: { settings } });

describe('what a source has to map', () => {
  it('Aspire: roles, pay codes, contact types, statuses and types of opportunities, each with what they are mapped to', async () => {
    await start(aspireConnector);
    const { body } = await values();
    const of = (kind: string) =>
      Object.fromEntries(body.items.filter((one) => one.kind === kind).map((one) => [one.id, one.mappedTo]));
    expect(of('role')).toMatchObject({ 'Crew Leader': null, 'Operations Manager': null });
    expect(of('pay_code')).toMatchObject({ 'Drive Time': 'drive' });
    expect(of('contact_type')).toEqual({ Employee: 'listed', Customer: null, 'Outside Office': null });
    expect(of('job_type')).toMatchObject({ Contract: 'listed' });
    expect(Object.keys(of('status'))).toEqual(expect.arrayContaining(['7. Won', 'Scheduled']));
    await desk.set({ ignoredStatuses: ['scheduled'] });
    const [scheduled] = (await values('status')).body.items.filter((one) => one.id === 'Scheduled');
    expect(scheduled).toMatchObject({ mappedTo: 'ignored', setting: 'statusMap' });
  });

  it('Jobber: custom fields before the set-up is done, with values they hold and a use where the name is clear (M-49)', async () => {
    await start(jobberConnector, { timeImportFrom: '2026-11-01' });
    const job = Buffer.from('gid://Jobber/Job/401').toString('base64');
    const fields = [
      { id: 'cf1', label: 'Budget hours', valueText: '12:30' },
      { id: 'cf2', label: 'Colour', valueDropdown: 'Green' },
    ];
    await desk.order({ put: { jobs: [{ id: job, customFields: fields }] } });
    const { body } = await values('custom_field');
    expect(body.items).toEqual([
      expect.objectContaining({ id: 'cf1', name: 'Budget hours', samples: ['12:30'], mappedTo: null, proposed: 'hours_budget' }),
      expect.objectContaining({ id: 'cf2', name: 'Colour', samples: ['Green'], mappedTo: null, proposed: null }),
    ]);
    expect((await values('time_label')).body.items).toMatchObject([{ id: 'Drive time', mappedTo: 'listed' }]);
    expect((await desk.mirror()).size).toBe(0);
  });

  it('QuickBooks Time: the tree of jobcodes, custom fields, and where branches may come from', async () => {
    await start(quickBooksTimeConnector);
    const { body } = await values();
    const find = (kind: string, valueId: string) => body.items.find((one) => one.kind === kind && one.id === valueId);
    expect(find('jobcode', '17600093')).toMatchObject({ name: 'Drive Time', mappedTo: 'drive' });
    expect(body.items.filter((one) => one.kind === 'jobcode').length).toBeGreaterThan(70);
    expect(find('custom_field', '650105')).toMatchObject({
      name: 'Budget hours',
      mappedTo: 'hours_budget',
      proposed: 'hours_budget',
    });
    expect(find('custom_field', '650105')!.samples.length).toBe(5);
    expect(find('branch_list', 'custom_field:650101')).toMatchObject({ name: 'Branch', mappedTo: 'listed' });
  });

  it('QuickBooks Time: a jobcode on a level that nothing is mapped to goes with the one above it, and is listed until an admin has said so (M-62, X-9)', async () => {
    const [JOB, OTHER_JOB, TASK, DEEP] = ['17600118', '17600102', '17601082', '17601084'] as const;
    await start(quickBooksTimeConnector, undefined);
    const isTask = ({ parent_id }: Readonly<Record<string, unknown>>) => String(parent_id) === JOB;
    const tasks = readQuickBooksTimeDataset()
      .endpoints.jobcodes!.filter(isTask)
      .map(({ id }) => String(id));
    expect(tasks).toEqual(expect.arrayContaining([TASK, DEEP]));
    await desk.run();
    const jobOf = async (task: string) => {
      const mirror = await desk.mirror();
      const { jobId } = mirror.get(`milestone:${task}`)!.fields as { jobId: string };
      return [...mirror.values()].find(({ id: one }) => one === jobId)?.sourceId;
    };
    expect([await jobOf(TASK), await jobOf(DEEP)]).toEqual([JOB, JOB]);
    // One task moves to another job, one a level down.
    await desk.order({
      put: {
        jobcodes: [
          { id: Number(TASK), parent_id: Number(OTHER_JOB) },
          { id: Number(DEEP), parent_id: Number(TASK) },
        ],
      },
    });
    desk.pass(20 * 60);
    await desk.run();
    expect(await jobOf(TASK)).toBe(OTHER_JOB);
    expect((await desk.mirror()).get(`milestone:${DEEP}`)).toMatchObject({ tombstone: null });
    const listed = async () => (await values('jobcode')).body.items.filter(({ rollsUpInto }) => rollsUpInto !== null);
    expect(await listed()).toEqual([
      expect.objectContaining({ id: DEEP, rollsUpInto: TASK, proposed: 'roll_up', mappedTo: null }),
    ]);
    await desk.set({ jobcodeMap: { ...(desk.account.settings.jobcodeMap as object), [DEEP]: 'roll_up' } });
    expect(await listed()).toEqual([expect.objectContaining({ id: DEEP, mappedTo: 'roll_up' })]);
  });

  it('Procore: projects to switch on, time types, job titles, custom fields and lists of branches', async () => {
    await start(procoreConnector, { timeImportFrom: '2026-11-01' });
    const { body } = await values();
    const projects = body.items.filter((one) => one.kind === 'project');
    expect(projects.length).toBe(20);
    expect(projects.every((one) => one.mappedTo === null)).toBe(true);
    const kinds = new Set(body.items.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['branch_list', 'custom_field', 'division_list', 'project', 'role', 'status', 'time_type']);
    expect(body.items.find((one) => one.kind === 'time_type' && one.id === 'Travel')).toMatchObject({ mappedTo: 'drive' });
    await desk.set({ projectAllowList: [projects[0]!.id] });
    expect((await values('project')).body.items.filter((one) => one.mappedTo === 'listed')).toHaveLength(1);
  });

  it('is for owner and admin, never another tenant’s, and never taken for nothing where it cannot be read', async () => {
    await start(aspireConnector);
    for (const as of ROLES.filter((role) => role !== 'owner' && role !== 'admin'))
      expect((await desk.api.call('GET', `/v1/connections/${id}/source-values`, { as })).status).toBe(403);
    expect((await desk.api.call('GET', '/v1/connections/rival1.1/source-values')).status).toBe(404);
    await desk.order({ fault: 'status', on: true, entity: 'Roles', value: 403 });
    expect((await values('role')).body).toMatchObject({ items: [], unreadable: ['role'] });
    await desk.order({ fault: 'status', on: true, entity: 'PayCodes', value: 500 });
    const failed = await values();
    expect([failed.status, (failed.body as { code?: string }).code]).toEqual([502, 'source-failed']);
  });
});

describe('the preview of a change', () => {
  it('shows parsed samples and stores nothing; what it shows is what the change then does (M-60)', async () => {
    await start(jobberConnector);
    const jobs = [401, 402, 403, 404, 405, 406].map((n, at) => ({
      id: Buffer.from(`gid://Jobber/Job/${n}`).toString('base64'),
      customFields: [{ id: 'cf1', label: 'Budget hours', valueText: at === 0 ? 'a lot' : `1${at}:30` }],
    }));
    await desk.order({ put: { jobs } });
    await desk.run();
    const before = await desk.mirror();
    const change = { customFieldUses: { cf1: 'hours_budget' }, budgetSource: 'custom_field', budgetTimeFormat: 'hh_mm' };
    const { body } = await preview(change);
    expect(body.items).toHaveLength(1);
    const [shown] = body.items;
    expect(shown).toMatchObject({ stream: 'jobs', whole: true, rejected: 1, added: 0 });
    expect(shown!.samples).toHaveLength(5);
    const parsed = shown!.samples.filter(({ entity, after }) => entity === 'budget_info' && after !== null);
    expect(parsed.every(({ after }) => Number((after as { budgetSeconds: number }).budgetSeconds) % 3_600 === 1_800)).toBe(true);
    expect(await desk.mirror()).toEqual(before);
    expect((await desk.state()).openRun).toBeNull();

    await desk.set(change);
    desk.pass(1_200);
    const run = await desk.run();
    const counts = run!.streams.find(({ entity }) => entity === 'budget_info')!.counts;
    expect(counts.changed).toBe(5);
    expect(run!.exceptionCount).toBe(1);
  });

  it('tells what would come and go: an ignored status, a project, a contact type', async () => {
    const two = { projectAllowList: ['562949953400001', '562949953400002'] };
    await start(procoreConnector, { timeImportFrom: '2026-11-01', ...two });
    const { body } = await preview({ projectAllowList: ['562949953400001'] });
    const projects = body.items.find(({ stream }) => stream === 'projects')!;
    expect(projects).toMatchObject({ rows: 20, added: 0, changed: 0, dropped: 1, rejected: 0 });
    expect(projects.samples).toMatchObject([
      { entity: 'job', sourceId: '562949953400002', after: null, reason: 'project_not_enabled' },
    ]);
    await desk.stop();
    await start(aspireConnector);
    const types = (await preview({ employeeContactTypes: ['Employee', 'Outside Office'] })).body.items;
    expect(types).toMatchObject([{ stream: 'contacts', added: 1, changed: 0 }]);
    expect(types[0]!.samples).toMatchObject([{ entity: 'worker', before: null }]);
    expect((await preview({ managerMap: {} })).body.items).toEqual([]);
  });

  it('refuses what storing would refuse, and a source that cannot be asked', async () => {
    await start(aspireConnector);
    const path = `/v1/connections/${id}/settings-preview`;
    for (const as of ROLES.filter((role) => role !== 'owner' && role !== 'admin'))
      expect((await desk.api.call('POST', path, { as, body: { settings: {} } })).status).toBe(403);
    expect((await preview({ driveLabels: [] })).body).toMatchObject({ status: 422 });
    expect((await preview({ budgetSource: 'moonlight' })).body).toMatchObject({ status: 422 });
    const { headers } = await desk.api.call('GET', `/v1/connections/${id}`);
    await desk.api.call('DELETE', `/v1/connections/${id}`, { headers: { 'if-match': headers.etag! } });
    expect((await preview({ recurringTypes: [] })).body).toMatchObject({ status: 409, code: 'connection-not-runnable' });
    expect((await values()).body).toMatchObject({ status: 409, code: 'connection-not-runnable' });
  });
});
