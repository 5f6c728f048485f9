import type { TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { Conformance, RowWork } from '../../../../shared/fake-source/conformance.ts';
import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { quickBooksTimeConnector } from '../index.ts';
import { manifest } from '../manifest.ts';
import { readQuickBooksTimeDataset, secondCompany } from './entities.ts';
import { createQuickBooksTimeFake } from './fake.ts';

/** Ids of copies: far from those of the recording. */
const FIRST_COPY = 900_000_000;
const DRIVE_CODE = '17600093';
const COMPANY = '4711';

/** Rows of a list, changed in a text that the mirror shows. */
const named = (list: string, field: string): RowWork => ({
  list,
  change: (row, n) => ({ ...row, [field]: `${row[field]} ${n}` }),
  copy: (row, n) => ({ ...row, id: FIRST_COPY + n }),
});

/** A moment of the day's first hour: no two of the suite's changes share one. */
const startOf = (row: Row, n: number): string => String(row.start).replace(/T\d\d:\d\d:\d\d/, `T00:${pad(n)}:${pad(n)}`);
const pad = (n: number): string => String(n % 60).padStart(2, '0');

/** The recorded company with an hourly wage for everybody, so that each of its people brings a wage record. */
function everybodyPaid(dataset: SourceDataset): SourceDataset {
  const users = (dataset.endpoints.users ?? []).map((row) => ({
    ...row,
    pay_interval: 'hour',
    pay_rate: row.pay_interval === 'hour' && Number(row.pay_rate) > 0 ? row.pay_rate : 45,
  }));
  return { ...dataset, endpoints: { ...dataset.endpoints, users } };
}

/** The suite on the recorded company. */
export const conformance: Conformance = {
  connector: quickBooksTimeConnector,
  at: '2026-03-20T20:00:00.000Z',
  zone: 'America/New_York',
  settings: {
    ...newSettings(manifest, '2026-03-01'),
    importWages: true,
    branchFrom: 'group',
    customFieldUses: { '650104': 'service_type', '650105': 'hours_budget' },
    budgetTimeFormat: 'decimal_hours',
    jobcodeMap: { [DRIVE_CODE]: 'drive' },
  },
  open(now) {
    const dataset = everybodyPaid(readQuickBooksTimeDataset());
    const fake = createQuickBooksTimeFake({
      dataset,
      tenants: [
        { id: 'fernhill', companyId: COMPANY },
        { id: 'other', companyId: '9', dataset: secondCompany(dataset) },
      ],
      client: { id: 'app', secret: 'app-secret' },
      now,
      seed: 7,
    });
    return {
      fake,
      credentials: (baseUrl) => ({ baseUrl, companyId: COMPANY, clientUrl: 'example-co' }),
      tokens: (_url, good): TokenSource => ({
        current: async () => (good ? fake.accessToken('fernhill', 100 * 86_400) : 'S.no.token'),
        renew: async () => {
          throw new SourceError('reauth_required', 'the grant is no longer valid');
        },
      }),
    };
  },
  rows: {
    branches: named('groups', 'name'),
    clients: named('jobcodes', 'name'),
    users: named('users', 'last_name'),
    pay_rates: { list: 'users', change: (row, n) => ({ ...row, pay_rate: 30 + n }) },
    jobs: named('jobcodes', 'name'),
    milestones: named('jobcodes', 'name'),
    timesheets: {
      list: 'timesheets',
      change: (row, n) => (row.type === 'manual' ? { ...row, duration: 3_600 + n } : { ...row, start: startOf(row, n) }),
      copy: (row, n) => ({ ...row, id: FIRST_COPY + n }),
    },
  },
  stampText: (at) => at.replace(/\.\d+Z$/, '+00:00'),
  calls: { rowsPerCall: () => 200, endsEmpty: false, login: 0 },
};
