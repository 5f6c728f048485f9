import type { IntegrationManifest } from '#model/manifest.ts';

/** __Title__ as data: what it supplies, how changes and deletions of each list are found, and what a connector of it may call. */
export const manifest: IntegrationManifest = {
  provider: '__provider__',
  name: '__Title__',
  auth: 'key',
  cycles: [20, 30, 60, 120],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [],
  settings: {},
  allowedHosts: [],
  requestsPerSecond: 5,
  entities: ['worker'],
  streams: [
    {
      stream: 'workers',
      entity: 'worker',
      space: 'worker',
      refresh: 'cycle',
      delta: { kind: 'whole' },
      deletes: { kind: 'sweep' },
      dependsOn: [],
    },
  ],
  auxiliary: [],
};
