import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** A recorded company in the wire form of __Title__. Synthetic. */
export const dataset: SourceDataset = {
  _about: { company: 'Fernhill Grounds and Site Works', snapshotAt: '2026-03-20T20:00:00Z', timeZone: 'America/New_York' },
  endpoints: {
    workers: Array.from({ length: 24 }, (_, n) => ({ id: 501 + n, name: `Worker ${n + 1}` })),
  },
  changes: [],
};

/** Another company, for a second account. */
export const otherDataset: SourceDataset = {
  ...dataset,
  _about: { ...dataset._about, company: 'Brightwater Gardens' },
  endpoints: { workers: [{ id: 901, name: 'Somebody else' }] },
};
