import type { LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import {
  type DemoAccount,
  type DemoPersonKey,
  type DemoPlace,
  type DemoSource,
  dayBeforeFirst,
} from '../../../../shared/fake-source/demo.ts';
import { endedByNow } from '../../../../shared/fake-source/move-dates.ts';
import { readJobberDataset } from './entities.ts';
import { createJobberFake } from './fake.ts';
import { otherId, secondTenantDataset } from './second-tenant.ts';

/** The recorded company's own people: 12 runs the office, 3 and 4 work in the crew of Truck 1. */
const PEOPLE: Readonly<Partial<Record<DemoPersonKey, number>>> = { owner: 1, manager: 12, crewLead: 3, worker: 4 };

/** The product as the demo's Jobber knows it. */
const APP = { id: 'protiv-demo', secret: 'protiv-demo-secret' } as const;

/** Jobber in the demo: the recorded company for the first tenant, the same history under other names and ids for others. */
export const demo: DemoSource = {
  open({ tenants, startedAt, asRecorded, statePath, live }) {
    const recorded = readJobberDataset();
    const first = asRecorded ? recorded : endedByNow(recorded, startedAt);
    const datasets = new Map(tenants.map((id, at) => [id, at === 0 ? first : secondTenantDataset(first)]));
    return {
      fake: createJobberFake({
        dataset: first,
        tenants: tenants.map((id) => ({ id, dataset: datasets.get(id)! })),
        app: APP,
        now: Date.now,
        seed: 1,
        statePath,
        ...(live === undefined ? {} : { live }),
      }),
      client: APP,
      account(tenant): DemoAccount {
        const dataset = datasets.get(tenant);
        if (dataset === undefined) throw new Error(`${tenant} has no account at the fake Jobber`);
        const firstDay = dayBeforeFirstEntry(dataset);
        return {
          credentials: (baseUrl) => ({ baseUrl }),
          settings: { timeImportFrom: firstDay, budgetSource: 'contract_price_percentage', customFieldUses: {} },
          firstDay,
          // As the recording's own conventions say.
          laborBp: 3_000,
          people: placesOf(dataset !== first),
        };
      },
    };
  },
};

function placesOf(isOther: boolean): DemoAccount['people'] {
  return Object.fromEntries(
    Object.entries(PEOPLE).map(([key, n]): [string, DemoPlace] => {
      const worker = Buffer.from(`gid://Jobber/User/${n}`).toString('base64');
      return [key, { worker: isOther ? otherId(worker) : worker, branches: [], routes: [] }];
    }),
  );
}

function dayBeforeFirstEntry({ endpoints, _about: { timeZone } }: SourceDataset): LocalDate {
  const starts = (endpoints.timeSheetEntries ?? []).map(({ startAt }) => new Date(String(startAt)).toISOString());
  return dayBeforeFirst(starts.map((start) => localDateOf(start, timeZone)));
}
