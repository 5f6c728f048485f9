import type { DemoSource } from '../../../../shared/fake-source/demo.ts';
import { dataset, otherDataset } from './dataset.ts';
import { createFake } from './fake.ts';

/** __Title__ in the demo: the recorded company for the first tenant, another one for the second. */
export const demo: DemoSource = {
  open({ tenants, statePath, live }) {
    const accounts = tenants.map((id, at) => ({ id, key: `${id}-demo-key`, dataset: at === 0 ? dataset : otherDataset }));
    return {
      fake: createFake({ accounts, now: Date.now, statePath, ...(live === undefined ? {} : { live }) }),
      account: (tenant) => ({
        credentials: (baseUrl) => ({ key: `${tenant}-demo-key`, baseUrl }),
        settings: {},
        firstDay: '2026-03-01',
        people: {},
      }),
    };
  },
};
