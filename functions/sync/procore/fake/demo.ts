import { instantFromMs, type LocalDate } from '#kernel/instant.ts';
import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import {
  type DemoAccount,
  type DemoPersonKey,
  type DemoPlace,
  type DemoSource,
  dayBeforeFirst,
} from '../../../../shared/fake-source/demo.ts';
import { moveDates, weeksToThisWeek } from '../../../../shared/fake-source/move-dates.ts';
import { readProcoreDataset } from './entities.ts';
import { createProcoreFake } from './fake.ts';
import { ID_OFFSET, secondTenantDataset } from './second-tenant.ts';

/** The recorded company's own people: 62 plans the work, 53 leads Mow North on the first project, 54 works there. */
const PEOPLE: Readonly<Partial<Record<DemoPersonKey, { person: number; routes: readonly (readonly [number, number])[] }>>> = {
  owner: { person: 562949953000051, routes: [] },
  manager: { person: 562949953000062, routes: [] },
  crewLead: { person: 562949953000053, routes: [[562949953400001, 5101]] },
  worker: { person: 562949953000054, routes: [] },
};

/** Procore in the demo: the recorded company for the first tenant, the same history under other names and ids for the second. */
export const demo: DemoSource = {
  open({ tenants, startedAt, asRecorded, statePath, live }) {
    const recorded = readProcoreDataset();
    const first = asRecorded ? recorded : demoDataset(recorded, startedAt);
    const accounts = tenants.map((id, at) => ({
      id,
      clientId: `${id}-procore`,
      secret: `${id}-procore-secret`,
      dataset: at === 0 ? first : secondTenantDataset(first),
      idOffset: at === 0 ? 0 : ID_OFFSET,
    }));
    return {
      fake: createProcoreFake({
        dataset: first,
        tenants: accounts.map(({ idOffset: _offset, ...account }) => account),
        now: Date.now,
        seed: 1,
        statePath,
        ...(live === undefined ? {} : { live }),
      }),
      account(tenant): DemoAccount {
        const account = accounts.find(({ id }) => id === tenant);
        if (account === undefined) throw new Error(`${tenant} has no account at the fake Procore`);
        const { clientId, secret, dataset, idOffset } = account;
        const companyId = String(dataset.endpoints.companies?.[0]?.id);
        const projectAllowList = (dataset.endpoints.projects ?? []).map((row) => String(row.id));
        return {
          credentials: (baseUrl) => ({ clientId, secret, companyId, baseUrl }),
          settings: {
            timeImportFrom: dayBeforeFirstEntry(dataset),
            projectAllowList,
            branchFrom: 'office',
            divisionFrom: 'department',
            customFieldUses: { '7701': 'service_type' },
          },
          firstDay: dayBeforeFirstEntry(dataset),
          people: placesOf(idOffset, dataset),
        };
      },
    };
  },
};

function placesOf(idOffset: number, dataset: SourceDataset): DemoAccount['people'] {
  const offices = (dataset.endpoints.offices ?? []).map((row) => `office:${row.id}`);
  return Object.fromEntries(
    Object.entries(PEOPLE).map(([key, { person, routes }]): [string, DemoPlace] => [
      key,
      {
        worker: String(person + idOffset),
        branches: key === 'manager' ? offices.slice(0, 1) : [],
        routes: routes.map(([project, crew]) => `${project + idOffset}/${crew + idOffset}`),
      },
    ]),
  );
}

/** The recorded weeks moved so that the last is this week, as they stand now: later entries are not there yet, running ones are open. */
export function demoDataset(dataset: SourceDataset, nowMs: number): SourceDataset {
  const moved = moveDates(dataset, weeksToThisWeek(dataset, nowMs));
  const now = instantFromMs(nowMs);
  const later = (value: unknown): boolean => typeof value === 'string' && Date.parse(value) > nowMs;
  const defaults = moved.defaults?.timecard_entries ?? {};
  const entries = (moved.endpoints.timecard_entries ?? [])
    .map((row): Row => ({ ...defaults, ...row }))
    .filter((row) => !later(row.created_at) && !later(row.time_in))
    .map((row) =>
      later(row.time_out) ? { ...row, time_out: null, in_progress: true, hours: '0.0', updated_at: row.created_at } : row,
    );
  const lists = Object.entries({ ...moved.endpoints, timecard_entries: entries });
  const endpoints = Object.fromEntries(lists.map(([name, rows]) => [name, rows.map((row) => notLater(row, later, now))]));
  return { ...moved, endpoints, _about: { ...moved._about, startedAt: now } };
}

/** Stamps ahead of the clock are cut to it; plans for the future stay. */
function notLater(row: Row, later: (value: unknown) => boolean, now: string): Row {
  const stamp = `${now.slice(0, 19)}Z`;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, /_at$/.test(name) && later(value) ? stamp : value]),
  );
}

function dayBeforeFirstEntry(dataset: SourceDataset): LocalDate {
  return dayBeforeFirst((dataset.endpoints.timecard_entries ?? []).map((row) => String(row.date)));
}
