import { newSettings } from '#model/provider-settings.ts';
import type { Conformance, RowWork } from '../../../../shared/fake-source/conformance.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import { aspireConnector } from '../index.ts';
import { LISTS, type ListName } from '../lists.ts';
import { manifest } from '../manifest.ts';
import { readAspireDataset } from './entities.ts';
import { createAspireFake } from './fake.ts';
import { secondTenantDataset } from './second-tenant.ts';

const dataset = readAspireDataset();

/** Ids of copies: far from those of the recording and of its live changes. */
const FIRST_COPY = 50_000_000;

/** Rows of a list, changed in a text that the mirror shows. */
const named = (list: ListName, field: string): RowWork => ({
  list,
  change: (row, n) => ({ ...row, [field]: `${row[field]} ${n}` }),
  copy: (row, n) => ({ ...row, [LISTS[list]]: FIRST_COPY + n }),
});

const pad = (n: number): string => String(n % 60).padStart(2, '0');

/** The suite on the recorded company. */
export const conformance: Conformance = {
  connector: aspireConnector,
  at: '2026-03-20T20:00:00.000Z',
  zone: 'America/New_York',
  settings: {
    ...newSettings(manifest, '2026-03-01'),
    importWages: true,
    payCodeMap: { DRV: 'drive' },
    roleMap: { 'Operations Manager': 'manager', 'Crew Leader': 'crew_lead' },
  },
  open(now) {
    const fake = createAspireFake({
      dataset,
      tenants: [
        { id: 'fernhill', clientId: 'client', secret: 'secret' },
        { id: 'other', clientId: 'other', secret: 'other', dataset: secondTenantDataset(dataset) },
      ],
      now,
      seed: 7,
    });
    return {
      fake,
      credentials: (baseUrl, good) => ({ clientId: 'client', secret: good ? 'secret' : 'wrong', baseUrl }),
    };
  },
  rows: {
    branches: named('Branches', 'BranchName'),
    divisions: named('Divisions', 'DivisionName'),
    routes: named('Routes', 'RouteName'),
    companies: named('Companies', 'CompanyName'),
    properties: named('Properties', 'PropertyName'),
    contacts: named('Contacts', 'LastName'),
    pay_rates: {
      list: 'PayRates',
      change: (row, n) => ({ ...row, HourlyBasePay: 20 + n }),
      copy: (row, n) => ({ ...row, PayRateID: FIRST_COPY + n }),
    },
    opportunities: named('Opportunities', 'OpportunityName'),
    work_tickets: {
      list: 'WorkTickets',
      change: (row, n) => ({ ...row, Occur: 100 + n }),
      copy: (row, n) => ({ ...row, WorkTicketID: FIRST_COPY + n }),
    },
    work_ticket_items: named('WorkTicketItems', 'ItemName'),
    work_ticket_times: {
      list: 'WorkTicketTimes',
      change: (row: Row, n) => ({ ...row, StartTime: `${String(row.StartTime).slice(0, 14)}${pad(n)}:${pad(n)}` }),
      copy: (row, n) => ({ ...row, WorkTicketTimeID: FIRST_COPY + n }),
    },
    clock_times: {
      list: 'ClockTimes',
      change: (row: Row, n) => ({ ...row, ClockStart: `${String(row.ClockStart).slice(0, 14)}${pad(n)}:${pad(n)}` }),
      copy: (row, n) => ({ ...row, ClockTimeID: FIRST_COPY + n }),
    },
  },
  stampText: (at) => at,
  calls: {
    rowsPerCall: () => 500,
    endsEmpty: true,
    compared: ['OpportunityServices', 'WorkTicketVisits'],
    login: 1,
  },
};
