import { type AccessPattern, batchGet, EVENTUAL, getItem, query, type Section } from './shape.ts';
import { authorizations, connections, credentials, runs, slots } from './store.ts';

const sync: readonly AccessPattern[] = [
  {
    name: 'Connections of a tenant',
    keys: ['connectionsPartition', 'connectionKey'],
    range: '`{t}#C`',
    reads: [query('of the connections')],
    users: [connections.listConnections],
  },
  {
    name: 'Connection by id',
    keys: ['connectionKey'],
    range: '`{t}#C` / `<n, six digits>`',
    reads: [getItem('of the connection')],
    users: [connections.readConnection, runs.readConnection],
  },
  {
    name: 'Sync state of a connection',
    keys: ['connectionPartition', 'syncStateKey'],
    range: '`{t}#C#<n>` / `SYNC`',
    reads: [getItem('of the state')],
    users: [connections.readSyncState, runs.readState],
  },
  {
    name: 'Sync states of all connections',
    keys: ['syncStateKey'],
    range: '`{t}#C#<n>` / `SYNC`',
    reads: [batchGet('of the states')],
    users: ['functions/api/admin/connections/read-connections.ts', 'functions/api/admin/diagnosis/gather.ts'],
  },
  {
    name: 'Encrypted credentials',
    keys: ['credentialsKey'],
    range: '`{t}#C#<n>` / `CRED`',
    reads: [getItem('of the ciphertext')],
    users: [connections.readCiphertext, runs.readCredentials, credentials.read],
  },
  {
    name: 'Approval that a connection waits for',
    keys: ['authorizationKey'],
    range: '`{t}#C#<n>` / `AUTH`',
    reads: [getItem('of the approval')],
    users: [authorizations.readAuthorization],
  },
  {
    name: 'Finished runs, newest first',
    keys: ['connectionPartition', 'runKey'],
    range: '`{t}#C#<n>` / `RUN#`',
    reads: [query('of the runs')],
    users: [connections.listRuns, 'functions/api/pages.ts'],
  },
  {
    name: 'One finished run',
    keys: ['runKey'],
    range: '`{t}#C#<n>` / `RUN#<run>`',
    reads: [getItem('of the run')],
    users: [connections.readRun],
  },
  {
    name: 'Fingerprints of a stream',
    keys: ['connectionPartition', 'fingerprintKey'],
    range: '`{t}#C#<n>` / `FP#<stream>#`',
    reads: [query('of the segments', EVENTUAL)],
    note: '18 bytes a record: 14,000 are 31 ru; strongly for a minute after a run, after a leg that was cut short, and in a fold',
    users: [runs.readSegments],
  },
  {
    name: 'Plan pages since the last fold',
    keys: ['connectionPartition', 'planKey'],
    range: '`{t}#C#<n>` / `PLAN#`',
    reads: [query('of the pages', EVENTUAL)],
    note: 'strongly where segments are',
    users: [runs.readPlans],
  },
  {
    name: 'What earlier listings of a stream have missed',
    keys: ['sweepKey'],
    range: '`{t}#C#<n>` / `SWEEP#<stream>`',
    reads: [getItem('of the sweep')],
    users: [runs.readMissed],
  },
  {
    name: 'Quarantined records',
    keys: ['connectionPartition', 'quarantineKey'],
    range: '`{t}#C#<n>` / `QUAR#`',
    reads: [query('of the entries')],
    users: [connections.listQuarantine, 'functions/api/pages.ts'],
  },
  {
    name: 'Quarantine of one source id',
    keys: ['quarantineKey'],
    range: '`{t}#C#<n>` / `QUAR#<space>#<source id>`',
    reads: [getItem('of the entry')],
    users: [connections.readQuarantine, runs.putQuarantine],
  },
  {
    name: 'Markers of what was seen and not mirrored',
    keys: ['connectionPartition', 'markerKey'],
    range: '`{t}#C#<n>` / `MARK#`',
    reads: [query('of the markers')],
    users: [connections.listMarkers],
  },
  {
    name: 'Marker of one source id',
    keys: ['markerKey'],
    range: '`{t}#C#<n>` / `MARK#<space>#<source id>`',
    reads: [getItem('of the marker')],
    users: [connections.readMarker],
  },
  {
    name: 'Markers of several source ids',
    keys: ['markerKey'],
    range: '`{t}#C#<n>` / `MARK#<space>#<source id>`',
    reads: [batchGet('of the markers')],
    users: [runs.readMarkers],
  },
  {
    name: 'Records that wait for a parent',
    keys: ['connectionPartition', 'parkedKey'],
    range: '`{t}#C#<n>` / `PARK#`',
    reads: [query('of what waits')],
    users: [connections.listWaiting, runs.readWaiting, 'functions/api/admin/diagnosis/gather.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'How much is quarantined and waits, at the end of a run',
    keys: ['connectionPartition', 'quarantineKey', 'parkedKey'],
    range: '`{t}#C#<n>`: `QUAR#` and `PARK#`',
    reads: [query('of the quarantine'), query('of what waits')],
    users: [runs.countOpen],
  },
  {
    name: 'Deletions that wait for a person',
    keys: ['connectionPartition', 'holdKey'],
    range: '`{t}#C#<n>` / `HOLD#`',
    reads: [query('of the holds')],
    users: [connections.listHolds, runs.readHolds],
  },
];

const schedule: readonly AccessPattern[] = [
  {
    name: 'Connections due in a minute of a cycle',
    keys: ['slotPartition', 'slotKey'],
    range: '`DUE#<provider>#<cycle>#<minute>`',
    reads: [query('of the slots', EVENTUAL)],
    note: 'one Query for each length of cycle',
    users: [slots.due],
  },
  {
    name: 'Tenants whose daily work falls into an hour',
    keys: ['dailySlotPartition', 'dailySlotKey', 'tenantIdOfKey'],
    range: '`DUE#DAILY#<hour>`',
    reads: [query('of the slots', EVENTUAL)],
    users: [slots.dueToday],
  },
  {
    name: 'The last minute that was dispatched',
    keys: ['tickKey'],
    range: '`DUE#<provider>` / `TICK`',
    reads: [getItem('of the tick')],
    users: [slots.lastTick],
  },
];

/** The part of the page that connections, runs and the schedule make up. */
export const syncPatterns: readonly Section<AccessPattern>[] = [
  { title: 'Connections and runs', entries: sync },
  { title: 'Schedule', entries: schedule },
];
