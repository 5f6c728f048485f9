import { afterEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import { addDays } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Connector } from '#mirror/connector.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

let desk: SourceDesk;
afterEach(() => desk.stop());

/** What a connection that nobody has set up shows of its own settings, as M-150 says. */
const OWN: readonly (readonly [Connector, Readonly<Record<string, unknown>>])[] = [
  [
    aspireConnector,
    {
      budgetSource: 'ticket_hours',
      importWages: true,
      roleMap: {},
      payCodeMap: {},
      employeeContactTypes: ['Employee'],
      recurringTypes: ['Contract'],
      trailingDays: 14,
    },
  ],
  [
    jobberConnector,
    {
      budgetSource: null,
      customFieldUses: null,
      budgetTimeFormat: null,
      driveLabels: ['Drive time'],
      payCodeMap: {},
      trailingDays: 14,
    },
  ],
  [
    quickBooksTimeConnector,
    {
      budgetSource: null,
      customFieldUses: null,
      budgetTimeFormat: 'decimal_hours',
      importWages: false,
      recurringTypes: [],
      branchFrom: 'derived',
      jobcodeLevels: 'job>milestone',
      jobcodeMap: null,
      jobcodeSettings: {},
    },
  ],
  [
    procoreConnector,
    {
      budgetSource: 'budget_line',
      projectAllowList: null,
      branchFrom: 'derived',
      divisionFrom: 'none',
      timeTypeMap: { Travel: 'drive', PTO: 'leave', Vacation: 'leave', Sick: 'leave', Holiday: 'leave' },
      customFieldUses: {},
      roleMap: {},
    },
  ],
];
const FOREIGN = {
  aspire: { driveLabels: ['Drive'] },
  jobber: { employeeContactTypes: ['Employee'] },
  procore: { trailingDays: 20 },
  'quickbooks-time': { projectAllowList: ['1'] },
} as const;

describe.each(OWN.map(([connector, own]) => [connector.manifest.provider, connector, own] as const))(
  'a new connection of %s',
  (provider, connector, own) => {
    it('starts with the settings of its own provider, and no other’s', async () => {
      desk = await startSourceDesk(provider, connector);
      const { settings, entities } = (await desk.connect({})) as { settings: Record<string, unknown>; entities: unknown };
      expect(settings).toEqual({
        cycleMinutes: 20,
        timeImportFrom: addDays(localDateOf(desk.api.now(), 'America/Denver'), -14),
        entities: connector.manifest.entities,
        ignoredStatuses: [],
        statusMap: {},
        budgetSyncEnabled: true,
        managerMap: {},
        ...own,
      });
      expect(entities).toEqual(connector.manifest.entities);
    });

    it('takes no setting that the provider does not have, and no word that it does not know', async () => {
      desk = await startSourceDesk(provider, connector);
      const before = await desk.connect();
      const foreign = FOREIGN[provider as keyof typeof FOREIGN];
      const [key] = Object.keys(foreign);
      const refused = await desk.set(foreign);
      expect(refused.body).toMatchObject({
        status: 422,
        code: 'invalid-body',
        detail: `${connector.manifest.name} has no such setting`,
        errors: [{ pointer: `/settings/${key}`, code: 'unknown' }],
      });
      const word = await desk.set({ budgetSource: 'moonlight' });
      expect(word.body).toMatchObject({ status: 422, errors: [{ pointer: '/settings/budgetSource' }] });
      expect((await desk.set({ laborShare: 3_000 })).status).toBe(422);
      const after = await desk.api.call('GET', `/v1/connections/${String(before.id)}`);
      expect(after.body.settings).toEqual(before.settings);
    });
  },
);

describe('settings that take words of a list', () => {
  it('refuse others, also inside of maps and of single jobcodes', async () => {
    desk = await startSourceDesk('quickbooks-time', quickBooksTimeConnector);
    await desk.connect();
    for (const [change, pointer] of [
      [{ branchFrom: 'weather' }, '/settings/branchFrom'],
      [{ statusMap: { Snowed: 'melting' } }, '/settings/statusMap/Snowed'],
      [{ jobcodeSettings: { '1': { budgetSource: 'ticket_hours' } } }, '/settings/jobcodeSettings/1/budgetSource'],
    ] as const)
      expect((await desk.set(change)).body).toMatchObject({ status: 422, errors: [{ pointer }] });
    expect((await desk.set({ branchFrom: 'custom_field:650101' })).status).toBe(200);
  });
});

describe('the start of an import', () => {
  it('is the day on which the connection that brought time before was disconnected, so that no hour is mirrored twice (X-28)', async () => {
    desk = await startSourceDesk('aspire', aspireConnector);
    const first = await desk.connect({});
    desk.pass(3 * 86_400);
    const path = `/v1/connections/${String(first.id)}`;
    const { headers } = await desk.api.call('GET', path);
    expect((await desk.api.call('DELETE', path, { headers: { 'if-match': headers.etag! } })).status).toBe(200);
    const day = localDateOf(desk.api.now(), 'America/Denver');
    desk.pass(5 * 86_400);
    expect((await desk.connect({})).settings).toMatchObject({ timeImportFrom: day });
  });

  it('lies at most a year before connecting, and is settled with the first run (M-78)', async () => {
    desk = await startSourceDesk('aspire', aspireConnector);
    const made = await desk.connect({});
    const today = localDateOf(desk.api.now(), 'America/Denver');
    const early = await desk.set({ timeImportFrom: addDays(today, -366) });
    expect(early.body).toMatchObject({ status: 422, errors: [{ pointer: '/settings/timeImportFrom' }] });
    expect((await desk.set({ timeImportFrom: addDays(today, -365) })).status).toBe(200);
    expect((await desk.set({ timeImportFrom: addDays(today, -5) })).status).toBe(200);
    await desk.run();
    const late = await desk.set({ timeImportFrom: addDays(today, -6) });
    expect(late.body).toMatchObject({ status: 422, detail: 'can be set before the first run only' });
    const { entities } = (await desk.api.call('GET', `/v1/connections/${String(made.id)}`)).body as { entities: string[] };
    expect(entities).toContain('time_entry');
    const days = [...(await desk.mirror()).values()]
      .filter(({ entity }) => entity === 'time_entry' || entity === 'drive_time')
      .map(({ fields }) => (fields as { workDate: string }).workDate);
    expect(days.length).toBeGreaterThan(0);
    expect(days.filter((day) => day < addDays(today, -5))).toEqual([]);
  });
});
