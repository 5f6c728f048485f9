import type { TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { Conformance, RowWork } from '../../../../shared/fake-source/conformance.ts';
import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { procoreConnector } from '../index.ts';
import { manifest } from '../manifest.ts';
import { crewKey } from '../map/context.ts';
import { PROJECT_FIELD, readProcoreDataset } from './entities.ts';
import { createProcoreFake } from './fake.ts';
import { secondTenantDataset } from './second-tenant.ts';

/** Ids of copies: far from those of the recording. */
const FIRST_COPY = 900_000_000;
/** People added to the recording, so that one list is of middling length. */
const MORE_PEOPLE = 12;

const dataset = withMore(readProcoreDataset());

/** The recording with some more people, and its projects in another order: the last ones of the lists belong to different projects. */
function withMore(recorded: SourceDataset): SourceDataset {
  const { people = [], projects = [] } = recorded.endpoints;
  const more = Array.from({ length: MORE_PEOPLE }, (_, n): Row => ({ ...people.at(-1)!, ...newPerson(n) }));
  const endpoints = { ...recorded.endpoints, people: [...people, ...more], projects: projects.toReversed() };
  return { ...recorded, endpoints };
}

function newPerson(n: number): Row {
  return {
    id: FIRST_COPY + 500_000 + n,
    first_name: 'Sam',
    last_name: `Field ${n}`,
    user_id: null,
    is_employee: true,
    employee_id: null,
  };
}

/** Rows of a list, changed in a text that the mirror shows. */
const named = (list: string, field = 'name'): RowWork => ({
  list,
  change: (row, n) => ({ ...row, [field]: `${row[field]} ${n}` }),
});
const copied = (work: RowWork): RowWork => ({ ...work, copy: (row, n) => ({ ...row, id: FIRST_COPY + n }) });

const projectOf = (row: Row): string => String(row[PROJECT_FIELD]);
const costCodeOf = (row: Row) => row.cost_code as { readonly id: number; readonly name: string };

/** The suite on the recorded company, every project switched on. */
export const conformance: Conformance = {
  connector: procoreConnector,
  at: '2026-03-20T20:00:00.000Z',
  zone: 'America/New_York',
  settings: {
    ...newSettings(manifest, '2026-03-01'),
    projectAllowList: (dataset.endpoints.projects ?? []).map((row) => String(row.id)),
    branchFrom: 'office',
    divisionFrom: 'department',
    customFieldUses: { '7701': 'service_type' },
  },
  open(now) {
    const fake = createProcoreFake({
      dataset,
      tenants: [
        { id: 'fernhill', clientId: 'client', secret: 'secret' },
        { id: 'other', clientId: 'other', secret: 'other', dataset: secondTenantDataset(dataset) },
      ],
      now,
      seed: 7,
    });
    const companyId = String(dataset.endpoints.companies?.[0]?.id);
    return { fake, credentials: (baseUrl) => ({ companyId, baseUrl }), tokens: (url, good) => tokensOf(url, good, now) };
  },
  rows: {
    branches: { ...copied(named('offices')), sourceId: (row) => `office:${row.id}` },
    departments: copied(named('departments')),
    crews: { ...named('crews'), sourceId: (row) => crewKey(projectOf(row), String(row.id)) },
    people: {
      list: 'people',
      poison: { field: 'first_name', with: 7 },
      change: named('people', 'last_name').change,
      copy: (row, n) => ({ ...row, id: FIRST_COPY + n, user_id: null }),
    },
    projects: named('projects'),
    budget_lines: {
      list: 'budgeted_production_quantities',
      change: (row, n) => ({ ...row, cost_code: { ...costCodeOf(row), name: `${costCodeOf(row).name} ${n}` } }),
      copy: (row, n) => ({ ...row, id: FIRST_COPY + n, cost_code: { ...costCodeOf(row), id: FIRST_COPY + n } }),
      sourceId: (row) => `${projectOf(row)}/procore:budget_line:cc:${costCodeOf(row).id}:cat:none`,
    },
    timecards: copied({
      list: 'timecard_entries',
      change: (row, n) => ({ ...row, hours: `${1 + (n % 20)}.${String(n).padStart(3, '0')}` }),
    }),
  },
  stampText: (at) => at,
  calls: {
    rowsPerCall: (list) => (list === 'projects' ? 256 : 1024),
    endsEmpty: false,
    // Changed projects and those that are switched on; live entries and deleted ones.
    compared: ['projects', 'timecard_entries'],
    perParent: { crews: 'projects', budgeted_production_quantities: 'projects' },
    // Identity is asked of the source at every login, people stand in two lists and their logins in two more, and a project that was
    // changed lately names its crew.
    cycleLists: [
      'companies',
      'people',
      'people_inactive',
      'users',
      'users_inactive',
      'project_stages',
      'projects',
      'crews',
      'budgeted_production_quantities',
      'timecard_entries',
    ],
    login: 1,
  },
};

/** A new login whenever four fifths of a token's life are over, as the engine does. */
function tokensOf(url: string, good: boolean, now: () => number): TokenSource {
  let held: { readonly token: string; readonly untilMs: number } | null = null;
  const logIn = async (): Promise<string> => {
    const form = { grant_type: 'client_credentials', client_id: 'client', client_secret: good ? 'secret' : 'wrong' };
    const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    if (!answer.ok) throw new SourceError('reauth_required', 'the login is refused');
    const { access_token: token, expires_in: seconds } = (await answer.json()) as { access_token: string; expires_in: number };
    held = { token, untilMs: now() + seconds * 800 };
    return token;
  };
  const current = async (): Promise<string> => (held !== null && now() < held.untilMs ? held.token : logIn());
  return { current, renew: (rejected) => (held?.token === rejected ? logIn() : current()) };
}
