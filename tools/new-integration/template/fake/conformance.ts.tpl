import { newSettings } from '#model/provider-settings.ts';
import type { Conformance } from '../../../../shared/fake-source/conformance.ts';
import { __name__Connector } from '../index.ts';
import { manifest } from '../manifest.ts';
import { dataset, otherDataset } from './dataset.ts';
import { createFake, PAGE_ROWS } from './fake.ts';

/** Ids of copies: far from those of the recording. */
const FIRST_COPY = 50_000;

/** The suite on the recorded company. */
export const conformance: Conformance = {
  connector: __name__Connector,
  at: '2026-03-20T20:00:00.000Z',
  zone: 'America/New_York',
  settings: newSettings(manifest, '2026-03-01'),
  open(now) {
    const accounts = [
      { id: 'fernhill', key: 'key', dataset },
      { id: 'other', key: 'other', dataset: otherDataset },
    ];
    return {
      fake: createFake({ accounts, now }),
      credentials: (baseUrl, good) => ({ key: good ? 'key' : 'wrong', baseUrl }),
    };
  },
  rows: {
    workers: {
      list: 'workers',
      change: (row, n) => ({ ...row, name: `${row.name} ${n}` }),
      copy: (row, n) => ({ ...row, id: FIRST_COPY + n }),
      poison: { field: 'name', with: 7 },
    },
  },
  stampText: (at) => at,
  calls: { rowsPerCall: () => PAGE_ROWS, endsEmpty: false, login: 1 },
};
