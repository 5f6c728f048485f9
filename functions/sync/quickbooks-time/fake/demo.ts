import type { LocalDate } from '#kernel/instant.ts';
import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { type DemoAccount, type DemoPlace, type DemoSource, dayBeforeFirst } from '../../../../shared/fake-source/demo.ts';
import { endedByNow } from '../../../../shared/fake-source/move-dates.ts';
import { ID_OFFSET, readQuickBooksTimeDataset, secondCompany } from './entities.ts';
import { createQuickBooksTimeFake } from './fake.ts';

const DRIVE_CODE = 17_600_093;
/** A year: a token that somebody made in the web page and gave to us. */
const TOKEN_SECONDS = 365 * 86_400;

const place = (worker: string, branches: readonly string[] = []): DemoPlace => ({ worker, branches, routes: [] });

/** The recorded company's own people: 7100132 runs the North Yard (item 3880001), 7100033 leads a crew there, 7100044 works in it. */
const PEOPLE: DemoAccount['people'] = {
  owner: place('7100011'),
  manager: place('7100132', ['3880001']),
  crewLead: place('7100033'),
  worker: place('7100044'),
};

/** QuickBooks Time in the demo: the recorded company, the first tenant's under the recorded ids. */
export const demo: DemoSource = {
  open({ tenants, startedAt, asRecorded, statePath, live }) {
    const recorded = readQuickBooksTimeDataset();
    const first = asRecorded ? recorded : endedByNow(recorded, startedAt);
    const datasets = new Map<string, SourceDataset>(tenants.map((id, at) => [id, at === 0 ? first : secondCompany(first)]));
    const fake = createQuickBooksTimeFake({
      dataset: first,
      tenants: tenants.map((id, at) => ({ id, companyId: String(4_711 + at), dataset: datasets.get(id)! })),
      client: { id: 'demo', secret: 'demo-secret' },
      now: Date.now,
      seed: 1,
      statePath,
      ...(live === undefined ? {} : { live }),
    });
    return {
      fake,
      account(tenant): DemoAccount {
        const dataset = datasets.get(tenant);
        if (dataset === undefined) throw new Error(`${tenant} has no account at the fake QuickBooks Time`);
        const firstDay = dayBeforeFirstEntry(dataset);
        const idOf = (id: number) => String(dataset === first ? id : id + ID_OFFSET);
        return {
          credentials: (baseUrl) => ({ grant: 'static_token', token: fake.accessToken(tenant, TOKEN_SECONDS), baseUrl }),
          settings: {
            timeImportFrom: firstDay,
            importWages: true,
            branchFrom: `custom_field:${idOf(650_101)}`,
            customFieldUses: { [idOf(650_103)]: 'recurring', [idOf(650_104)]: 'service_type', [idOf(650_105)]: 'hours_budget' },
            budgetSource: 'custom_field',
            recurringTypes: ['Recurring'],
            jobcodeMap: { [idOf(DRIVE_CODE)]: 'drive' },
          },
          firstDay,
          people: dataset === first ? PEOPLE : {},
        };
      },
    };
  },
};

function dayBeforeFirstEntry(dataset: SourceDataset): LocalDate {
  return dayBeforeFirst((dataset.endpoints.timesheets ?? []).map((row) => String(row.date)));
}
