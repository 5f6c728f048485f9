import type { TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { Conformance, RowWork } from '../../../../shared/fake-source/conformance.ts';
import { jobberConnector } from '../index.ts';
import { manifest } from '../manifest.ts';
import { LISTS, type ListName } from '../queries.ts';
import { readJobberDataset } from './entities.ts';
import { createJobberFake, type JobberFake } from './fake.ts';
import { secondTenantDataset } from './second-tenant.ts';

const dataset = readJobberDataset();

/** Numbers of copies: far from those of the recording and of its live changes. */
const FIRST_COPY = 50_000_000;

const idOf = (type: string, n: number): string => Buffer.from(`gid://Jobber/${type}/${FIRST_COPY + n}`).toString('base64');
const pad = (n: number): string => String(n % 60).padStart(2, '0');

/** Rows of a list, changed in a text that the mirror shows. */
const named = (list: ListName, type: string, field: string): RowWork => ({
  list,
  change: (row, n) => ({ ...row, [field]: `${String(row[field])} ${n}` }),
  copy: (row, n) => ({ ...row, id: idOf(type, n) }),
});

/** The suite on the recorded company. */
export const conformance: Conformance = {
  connector: jobberConnector,
  at: '2026-03-20T20:00:00.000Z',
  zone: 'America/New_York',
  settings: newSettings(manifest, '2026-03-01'),
  open(now) {
    const fake = createJobberFake({
      dataset,
      tenants: [{ id: 'fernhill' }, { id: 'other', dataset: secondTenantDataset(dataset) }],
      app: { id: 'app', secret: 'app-secret' },
      now,
      seed: 7,
    });
    return {
      fake,
      credentials: (baseUrl) => ({ baseUrl }),
      tokens: (_url, good) => tokensOf(fake, good),
    };
  },
  rows: {
    branches: {
      list: 'account',
      change: (row, n) => ({ ...row, name: `Company ${n}` }),
      sourceId: ({ id }) => `account:${String(id)}`,
    },
    clients: named('clients', 'Client', 'name'),
    properties: {
      list: 'properties',
      change: (row, n) => ({ ...row, name: `Place ${n}` }),
      copy: (row, n) => ({ ...row, id: idOf('Property', n) }),
    },
    users: {
      list: 'users',
      change: (row, n) => ({ ...row, name: { first: 'Name', last: String(n), full: `Name ${n}` } }),
      copy: (row, n) => ({ ...row, id: idOf('User', n) }),
    },
    jobs: named('jobs', 'Job', 'title'),
    visits: named('visits', 'Visit', 'title'),
    time_sheet_entries: {
      list: 'timeSheetEntries',
      change: (row, n) => ({ ...row, startAt: `${String(row.startAt).slice(0, 14)}${pad(n)}:${pad(n)}Z` }),
      copy: (row, n) => ({ ...row, id: idOf('TimeSheetEntry', n) }),
    },
  },
  stampText: (at) => at,
  calls: { rowsPerCall: (list) => LISTS[list as ListName]?.first ?? 1, endsEmpty: false, login: 1 },
};

/** Tokens of the first account, or such as the fake has never issued. */
function tokensOf(fake: JobberFake, good: boolean): TokenSource {
  const give = (): string => (good ? fake.accessToken('fernhill') : 'nobody');
  return {
    current: async () => give(),
    renew: async () => {
      if (!good) throw new SourceError('reauth_required', 'the authorization is gone');
      return give();
    },
  };
}
