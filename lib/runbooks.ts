/** The pages of `docs/runbooks`, each for one kind of alarm. A test holds the list to the folder. */
export const RUNBOOKS = [
  'api-errors',
  'api-latency',
  'archive-missed',
  'audit-faults',
  'clock-standstill',
  'dead-letters',
  'function-errors',
  'function-throttles',
  'queue-age',
  'stream-age',
  'sync-standstill',
  'table-throttles',
] as const;
export type Runbook = (typeof RUNBOOKS)[number];
