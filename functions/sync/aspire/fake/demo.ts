import type { LocalDate } from '#kernel/instant.ts';
import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import {
  type DemoAccount,
  type DemoPersonKey,
  type DemoPlace,
  type DemoSource,
  dayBeforeFirst,
} from '../../../../shared/fake-source/demo.ts';
import { demoDataset } from './demo-dataset.ts';
import { readAspireDataset } from './entities.ts';
import { createAspireFake } from './fake.ts';
import { ID_OFFSET, secondTenantDataset } from './second-tenant.ts';

/** The recorded company's own people: 512 runs the North Yard, 503 leads Mow North, 504 works there. */
const PEOPLE: Readonly<Partial<Record<DemoPersonKey, { contact: number; branches: number[]; routes: number[] }>>> = {
  owner: { contact: 501, branches: [], routes: [] },
  manager: { contact: 512, branches: [3], routes: [] },
  crewLead: { contact: 503, branches: [], routes: [21] },
  worker: { contact: 504, branches: [], routes: [] },
};

/** Aspire in the demo: the recorded company for the first tenant, the same history under other names and ids for the second. */
export const demo: DemoSource = {
  open({ tenants, startedAt, asRecorded, statePath, live }) {
    const recorded = readAspireDataset();
    const first = asRecorded ? recorded : demoDataset(recorded, startedAt);
    const accounts = tenants.map((id, at) => ({
      id,
      clientId: `${id}-client`,
      secret: `${id}-demo-secret`,
      dataset: at === 0 ? first : secondTenantDataset(first),
      idOffset: at === 0 ? 0 : ID_OFFSET,
    }));
    return {
      fake: createAspireFake({
        dataset: first,
        tenants: accounts.map(({ idOffset: _offset, ...account }) => account),
        now: Date.now,
        seed: 1,
        statePath,
        ...(live === undefined ? {} : { live }),
      }),
      account(tenant): DemoAccount {
        const account = accounts.find(({ id }) => id === tenant);
        if (account === undefined) throw new Error(`${tenant} has no account at the fake Aspire`);
        const { clientId, secret, dataset, idOffset } = account;
        return {
          credentials: (baseUrl) => ({ clientId, secret, baseUrl }),
          settings: {
            timeImportFrom: dayBeforeFirstEntry(dataset),
            payCodeMap: { 'Drive Time': 'drive' },
          },
          firstDay: dayBeforeFirstEntry(dataset),
          people: placesOf(idOffset),
        };
      },
    };
  },
};

function placesOf(idOffset: number): DemoAccount['people'] {
  const idsOf = (ids: readonly number[]) => ids.map((id) => String(id + idOffset));
  return Object.fromEntries(
    Object.entries(PEOPLE).map(([key, { contact, branches, routes }]): [string, DemoPlace] => [
      key,
      { worker: String(contact + idOffset), branches: idsOf(branches), routes: idsOf(routes) },
    ]),
  );
}

function dayBeforeFirstEntry(dataset: SourceDataset): LocalDate {
  return dayBeforeFirst((dataset.endpoints['/WorkTicketTimes'] ?? []).map((row) => String(row.WorkTicketTimeDate).slice(0, 10)));
}
