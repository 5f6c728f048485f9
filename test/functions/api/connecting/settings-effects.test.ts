import { afterEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { Connector } from '#mirror/connector.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { SettingKey } from '#model/provider-settings.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

let desk: SourceDesk;
afterEach(() => desk.stop());

type Mirror = ReadonlyMap<string, MirrorRecord>;
const recordsOf = (mirror: Mirror, entity: EntityName) =>
  [...mirror.values()].filter((record) => record.entity === entity && record.tombstone === null);
const field = (record: MirrorRecord, name: string) => (record.fields as unknown as Readonly<Record<string, unknown>>)[name];
const valuesOf = (mirror: Mirror, entity: EntityName, name: string) =>
  [...new Set(recordsOf(mirror, entity).map((record) => field(record, name)))].sort();

/** Passes a cycle, and runs. */
async function nextRun() {
  desk.pass(20 * 60);
  const run = await desk.run();
  expect(run?.outcome).toMatch(/^succeeded/);
  return run!;
}

/** Changes settings, runs, and gives what was written by that: the entities, and the mirror afterwards. */
async function changed(settings: Readonly<Record<string, unknown>>) {
  const before = await desk.mirror();
  const states = (await desk.state()).streams;
  const answer = await desk.set(settings);
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  const run = await nextRun();
  const mirror = await desk.mirror();
  const written = [...mirror].filter(([key, { revision }]) => before.get(key)?.revision !== revision).map(([, record]) => record);
  const now = (await desk.state()).streams;
  const readWhole = Object.keys(now).filter((name) => now[name]!.mapping !== states[name]?.mapping);
  return { before, mirror, run, written, readWhole, entities: [...new Set(written.map(({ entity }) => entity))].sort() };
}

/** One setting of a provider: what it is changed to, which entities that may write, and what it must show. */
interface Case {
  readonly key: SettingKey;
  /** Settings beside those of the demo, from the start. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Rows put at the source beforehand. */
  readonly put?: Readonly<Record<string, unknown>>;
  readonly to: unknown;
  readonly writes: readonly EntityName[];
  readonly shows: (mirror: Mirror, before: Mirror) => void;
}

const count = (mirror: Mirror, entity: EntityName) => recordsOf(mirror, entity).length;

const CASES: readonly (readonly [Connector, readonly Case[]])[] = [
  [
    aspireConnector,
    [
      {
        key: 'budgetSource',
        to: 'ticket_labor',
        put: { WorkTickets: [{ WorkTicketID: 88003, HourCostEst: 512.5 }] },
        writes: ['budget_info'],
        shows: (mirror) => expect(valuesOf(mirror, 'budget_info', 'basis')).toContain('WorkTicket.HourCostEst'),
      },
      {
        key: 'importWages',
        base: { importWages: false },
        to: true,
        writes: ['wage_record'],
        shows: (mirror, before) => expect([count(before, 'wage_record'), count(mirror, 'wage_record') > 5]).toEqual([0, true]),
      },
      {
        key: 'roleMap',
        base: { roleMap: { Accounting: 'manager', Administrator: 'worker' } },
        put: { Users: [{ UserID: 31, UserRoles: [{ RoleName: 'Administrator' }, { RoleName: 'Accounting' }] }] },
        to: { Accounting: 'worker', Administrator: 'manager' },
        writes: ['worker'],
        shows: (mirror, before) =>
          expect([before, mirror].map((one) => field(one.get('worker:501')!, 'sourceRole'))).toEqual([
            'Accounting',
            'Administrator',
          ]),
      },
      {
        key: 'payCodeMap',
        to: { 'Drive Time': 'shop' },
        writes: ['drive_time', 'time_entry'],
        shows: (mirror, before) => {
          expect(valuesOf(before, 'time_entry', 'category')).not.toContain('shop');
          expect(count(mirror, 'drive_time')).toBe(0);
          expect(valuesOf(mirror, 'time_entry', 'category')).toContain('shop');
        },
      },
      {
        key: 'employeeContactTypes',
        to: ['Employee', 'Outside Office'],
        writes: ['worker'],
        shows: (mirror, before) => expect(count(mirror, 'worker')).toBe(count(before, 'worker') + 1),
      },
      {
        key: 'recurringTypes',
        to: [],
        writes: ['job'],
        shows: (mirror, before) =>
          expect([valuesOf(before, 'job', 'recurring'), valuesOf(mirror, 'job', 'recurring')]).toEqual([[false, true], [false]]),
      },
    ],
  ],
  [
    jobberConnector,
    [
      {
        key: 'driveLabels',
        to: ['Riding along'],
        writes: ['drive_time', 'time_entry'],
        shows: (mirror, before) => expect([count(before, 'drive_time') > 0, count(mirror, 'drive_time')]).toEqual([true, 0]),
      },
      {
        key: 'payCodeMap',
        base: { driveLabels: [] },
        to: { 'Drive time': 'leave' },
        writes: ['time_entry'],
        shows: (mirror) => expect(valuesOf(mirror, 'time_entry', 'category')).toContain('leave'),
      },
    ],
  ],
  [
    quickBooksTimeConnector,
    [
      {
        key: 'budgetSource',
        to: 'project_estimate',
        writes: ['budget_info'],
        shows: (mirror) => expect(valuesOf(mirror, 'budget_info', 'basis')).toEqual(['project_estimate']),
      },
      {
        key: 'customFieldUses',
        to: { '650103': 'recurring', '650104': 'exclusion' },
        writes: ['budget_info', 'job', 'milestone'],
        shows: (mirror) => {
          expect(valuesOf(mirror, 'job', 'serviceType')).toEqual([null]);
          expect(recordsOf(mirror, 'job').some((job) => '650104' in (field(job, 'customFields') as object))).toBe(true);
        },
      },
      {
        key: 'budgetTimeFormat',
        to: 'seconds',
        writes: [],
        shows: (mirror) => expect(valuesOf(mirror, 'budget_info', 'basis')).toContain('customfield:650105'),
      },
      {
        key: 'importWages',
        base: { importWages: false },
        to: true,
        writes: ['wage_record'],
        shows: (mirror) => expect(count(mirror, 'wage_record')).toBeGreaterThan(5),
      },
      {
        key: 'recurringTypes',
        to: ['One-time'],
        writes: ['job'],
        shows: (mirror) => expect(valuesOf(mirror, 'job', 'recurring')).toEqual([true]),
      },
      {
        key: 'branchFrom',
        to: 'group',
        writes: ['branch', 'job', 'worker'],
        shows: (mirror) => expect(valuesOf(mirror, 'branch', 'name')).toContain('Mow North'),
      },
      {
        key: 'jobcodeLevels',
        to: 'client>job>milestone',
        writes: ['client', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'],
        shows: (mirror, before) => expect([count(before, 'client'), count(mirror, 'client') > 0]).toEqual([0, true]),
      },
      {
        key: 'jobcodeMap',
        to: {},
        writes: ['job', 'budget_info', 'drive_time', 'time_entry'],
        shows: (mirror, before) => expect([count(before, 'drive_time') > 0, count(mirror, 'drive_time')]).toEqual([true, 0]),
      },
      {
        key: 'jobcodeSettings',
        to: { '17600118': { serviceType: 'Odd jobs' } },
        writes: ['job'],
        shows: (mirror) => expect(field(mirror.get('job:17600118')!, 'serviceType')).toBe('Odd jobs'),
      },
    ],
  ],
  [
    procoreConnector,
    [
      {
        key: 'projectAllowList',
        to: [],
        writes: ['job', 'milestone', 'budget_info', 'time_entry', 'drive_time', 'route'],
        shows: (mirror) => expect(recordsOf(mirror, 'job').map(({ outOfScope }) => outOfScope)).not.toContain(null),
      },
      {
        key: 'branchFrom',
        to: 'region',
        writes: ['branch', 'job'],
        shows: (mirror) => expect(recordsOf(mirror, 'branch').some(({ sourceId }) => sourceId.startsWith('region:'))).toBe(true),
      },
      {
        key: 'divisionFrom',
        to: 'none',
        writes: ['division', 'job'],
        shows: (mirror) => expect(valuesOf(mirror, 'job', 'divisionId')).toEqual([null]),
      },
      {
        key: 'timeTypeMap',
        to: { Travel: 'shop' },
        writes: ['drive_time', 'time_entry'],
        shows: (mirror) => {
          expect(count(mirror, 'drive_time')).toBe(0);
          expect(valuesOf(mirror, 'time_entry', 'category')).toContain('shop');
        },
      },
      {
        key: 'customFieldUses',
        to: { '7701': 'exclusion' },
        writes: ['job'],
        shows: (mirror) => expect(valuesOf(mirror, 'job', 'serviceType')).toEqual([null]),
      },
    ],
  ],
];

describe.each(CASES.map(([connector, cases]) => [connector.manifest.provider, connector, cases] as const))(
  'changing a setting of %s (M-97, M-150)',
  (provider, connector, cases) => {
    it.each(cases.map((one) => [one.key, one] as const))(
      '%s: reads the streams it touches whole, writes what differs',
      async (key, one) => {
        desk = await startSourceDesk(provider, connector);
        if (one.put !== undefined) await desk.order({ put: one.put });
        await desk.connect({ ...desk.account.settings, ...one.base });
        await desk.run();
        const { before, mirror, entities, readWhole, run } = await changed({ [key]: one.to });
        expect(one.writes).toEqual(expect.arrayContaining(entities));
        expect(readWhole.length).toBeGreaterThan(0);
        const touches = connector.manifest.settings[key]!.touches;
        expect(touches).toEqual(expect.arrayContaining(readWhole));
        expect(run.streams.filter(({ counts }) => counts.created + counts.changed > 0).length > 0).toBe(one.writes.length > 0);
        one.shows(mirror, before);
        const again = await nextRun();
        expect(again.streams.flatMap(({ counts }) => [counts.created, counts.changed, counts.restored]).some((n) => n > 0)).toBe(
          false,
        );
      },
    );
  },
);

describe.each([
  [
    aspireConnector,
    'In Process',
    {
      WorkTickets: [
        { WorkTicketID: 88003, WorkTicketStatus: 'Snowed in', WorkTicketStatusName: 'Snowed in', WorkTicketStatusID: 77 },
      ],
    },
    'milestone:88003',
  ],
  [jobberConnector, 'upcoming', null, null],
  [quickBooksTimeConnector, 'in_progress', { projects: [{ id: 527010, status: 'Snowed in' }] }, 'job:17600120'],
  [
    procoreConnector,
    'Course of Construction',
    { projects: [{ id: 562949953400002, project_stage: { id: 9999, name: 'Snowed in' } }] },
    'job:562949953400002',
  ],
] as const)('statuses of $manifest.provider', (connector, status, odd, oddKey) => {
  const { provider } = connector.manifest;
  const of = (mirror: Mirror) => recordsOf(mirror, 'job').filter(({ sourceStatus }) => sourceStatus === status);

  it('ignored later are kept and marked, and come back when they are ignored no more (M-45, M-46)', async () => {
    desk = await startSourceDesk(provider, connector);
    await desk.connect();
    await desk.run();
    const first = await desk.mirror();
    expect(of(first).length).toBeGreaterThan(0);
    const ignored = await changed({ ignoredStatuses: [status.toUpperCase()] });
    expect(of(ignored.mirror).map(({ sourceIgnored }) => sourceIgnored)).toEqual(of(first).map(() => true));
    expect(['job', 'milestone']).toEqual(expect.arrayContaining(ignored.entities));
    expect(recordsOf(ignored.mirror, 'job').filter(({ sourceIgnored }) => sourceIgnored)).toHaveLength(of(first).length);
    const back = await changed({ ignoredStatuses: [] });
    expect([...back.mirror.values()].filter(({ sourceIgnored }) => sourceIgnored)).toEqual([]);
    expect(back.written).toHaveLength(ignored.written.length);
  });

  it('ignored from the start leave a mark that says why, and are mirrored with all that belongs to them later', async () => {
    desk = await startSourceDesk(provider, connector);
    const made = await desk.connect({ ...desk.account.settings, ignoredStatuses: [status] });
    await desk.run();
    const without = await desk.mirror();
    expect(of(without)).toEqual([]);
    const all = await changed({ ignoredStatuses: [] });
    const [job] = of(all.mirror);
    expect(job).toBeDefined();
    expect(count(all.mirror, 'milestone')).toBeGreaterThan(count(without, 'milestone'));
    await changed({ ignoredStatuses: [status] });
    const { body } = await desk.api.call('GET', '/v1/diagnose', {
      query: { kind: 'job', sourceId: job!.sourceId, connectionId: String(made.id) },
    });
    expect(body.record).toMatchObject({ entity: 'job' });
    expect(all.run.streams.some(({ outcome }) => outcome === 'failed')).toBe(false);
  });

  it.runIf(odd !== null)(
    'that no map knows are put aside with their word, until somebody says what they are (M-44)',
    async () => {
      desk = await startSourceDesk(provider, connector);
      const made = await desk.connect();
      await desk.order({ put: odd });
      await desk.run();
      const listed = async () => {
        const { body } = await desk.api.call<{ items: Record<string, unknown>[] }>(
          'GET',
          `/v1/connections/${String(made.id)}/quarantine`,
        );
        return body.items.filter(({ reason }) => reason === 'status_unmapped');
      };
      expect(await listed()).toMatchObject([{ reason: 'status_unmapped', value: 'Snowed in' }]);
      expect((await desk.mirror()).get(oddKey!)).toBeUndefined();
      const { mirror } = await changed({ statusMap: { 'snowed in': 'in_progress' } });
      expect(field(mirror.get(oddKey!)!, 'status')).toBe('in_progress');
      expect(await listed()).toEqual([]);
    },
  );
});

describe('settings of every connection', () => {
  it('budgetSyncEnabled off leaves budgets as they were last read; on again they follow (M-51)', async () => {
    desk = await startSourceDesk('aspire', aspireConnector);
    await desk.connect();
    await desk.run();
    const hours = (mirror: Mirror) => field(mirror.get('budget_info:ticket:88003')!, 'budgetSeconds');
    const before = hours(await desk.mirror());
    await changed({ budgetSyncEnabled: false });
    desk.pass(60);
    await desk.order({ put: { WorkTickets: [{ WorkTicketID: 88003, HoursEst: 99, WorkTicketStatusName: 'Complete' }] } });
    await nextRun();
    expect(hours(await desk.mirror())).toBe(before);
    // Neither a full reading nor two complete ones take a frozen budget for gone.
    for (let day = 0; day < 2; day += 1) {
      desk.pass(24 * 3_600);
      await desk.run();
    }
    expect((await desk.mirror()).get('budget_info:ticket:88003')!.tombstone).toBeNull();
    const { mirror, entities } = await changed({ budgetSyncEnabled: true });
    expect([hours(mirror), entities]).toEqual([99 * 3_600, ['budget_info']]);
  });

  it('entities: what is taken in later is read whole at once', async () => {
    desk = await startSourceDesk('aspire', aspireConnector);
    const all = aspireConnector.manifest.entities;
    await desk.connect({ ...desk.account.settings, entities: all.filter((one) => one !== 'budget_info' && one !== 'route') });
    await desk.run();
    expect([count(await desk.mirror(), 'budget_info'), count(await desk.mirror(), 'route')]).toEqual([0, 0]);
    const { mirror } = await changed({ entities: all });
    expect([count(mirror, 'budget_info') > 20, count(mirror, 'route')]).toEqual([true, 3]);
  });

  it('trailingDays: lists without a stamp are looked at again so many days back (M-82)', async () => {
    desk = await startSourceDesk('aspire', aspireConnector);
    await desk.connect();
    await desk.run();
    const shifts = recordsOf(await desk.mirror(), 'time_entry').filter(({ space }) => space === 'shift');
    const old = shifts.sort((a, b) => (String(field(a, 'workDate')) < String(field(b, 'workDate')) ? -1 : 1))[0]!;
    const edit = (minute: number) =>
      desk.order({
        put: {
          ClockTimes: [{ ClockTimeID: Number(old.sourceId), ClockStart: `${String(field(old, 'workDate'))}T05:${minute}:00` }],
        },
      });
    const start = async () => field((await desk.mirror()).get(`shift:${old.sourceId}`)!, 'start');
    await desk.set({ trailingDays: 7 });
    await edit(11);
    desk.pass(3_600);
    await desk.run();
    expect(await start()).toBe(field(old, 'start'));
    await desk.set({ trailingDays: 60 });
    desk.pass(3_600);
    await desk.run();
    expect(await start()).not.toBe(field(old, 'start'));
  });
});

describe('custom fields of Jobber', () => {
  const JOB = Buffer.from('gid://Jobber/Job/401').toString('base64');
  const hoursOf = (text: string) => ({
    put: { jobs: [{ id: JOB, customFields: [{ id: 'cf1', label: 'Budget hours', valueText: text }] }] },
  });
  const budget = (mirror: Mirror) => mirror.get(`budget_info:job:${JOB}`)!;
  const ofHours = { customFieldUses: { cf1: 'hours_budget' }, budgetSource: 'custom_field', budgetTimeFormat: 'decimal_hours' };

  it('are budgets in the chosen format, and none where the budget is a share of the price (M-60)', async () => {
    desk = await startSourceDesk('jobber', jobberConnector);
    const made = await desk.connect();
    await desk.order(hoursOf('12:30'));
    await desk.run();
    expect(field(budget(await desk.mirror()), 'budgetSeconds')).toBeNull();
    await changed(ofHours);
    const { body } = await desk.api.call<{ items: Record<string, unknown>[] }>(
      'GET',
      `/v1/connections/${String(made.id)}/quarantine`,
    );
    expect(body.items).toMatchObject([{ reason: 'time_format_mismatch', value: '12:30' }]);
    const clock = await changed({ budgetTimeFormat: 'hh_mm' });
    expect([field(budget(clock.mirror), 'budgetSeconds'), clock.entities]).toEqual([45_000, ['budget_info']]);
    const price = await changed({ budgetSource: 'contract_price_percentage' });
    expect([field(budget(price.mirror), 'budgetSeconds'), price.readWhole]).toEqual([null, ['jobs']]);
  });
});
