import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { scopeOf } from '#model/scope.ts';
import * as auditChain from '#store/audit-chain.ts';
import * as authorizations from '#store/authorization-repository.ts';
import * as batchHolds from '#store/batch-hold.ts';
import * as batchLists from '#store/batch-repository.ts';
import * as batches from '#store/batches.ts';
import * as callbacks from '#store/callback-repository.ts';
import * as connections from '#store/connection-repository.ts';
import { openCredentialStore } from '#store/credential-store.ts';
import * as differences from '#store/difference-repository.ts';
import * as payrollExports from '#store/export-repository.ts';
import * as feed from '#store/feed-repository.ts';
import * as goalInputs from '#store/goal-inputs.ts';
import * as goals from '#store/goal-repository.ts';
import * as groups from '#store/group-repository.ts';
import * as hooks from '#store/hook-repository.ts';
import * as ledger from '#store/ledger.ts';
import * as links from '#store/link-repository.ts';
import * as linked from '#store/linked-jobs.ts';
import * as members from '#store/member-repository.ts';
import { mirrorRecordStore } from '#store/mirror-record-store.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import * as moves from '#store/move-record.ts';
import * as openRecords from '#store/open-records.ts';
import * as overrides from '#store/override-repository.ts';
import * as pay from '#store/pay-repository.ts';
import * as people from '#store/people-repository.ts';
import * as phases from '#store/phase-repository.ts';
import * as inputs from '#store/propay-inputs.ts';
import * as propays from '#store/propay-repository.ts';
import * as rates from '#store/rate-counter.ts';
import * as reserves from '#store/reserve-repository.ts';
import * as settings from '#store/settings-repository.ts';
import { openSlots } from '#store/slots.ts';
import * as snapshots from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import * as uploads from '#store/upload-repository.ts';
import * as users from '#store/user-repository.ts';
import * as webhooks from '#store/webhook-repository.ts';
import * as weeks from '#store/week-ledger-repository.ts';
import * as time from '#store/worker-time.ts';

export {
  auditChain,
  authorizations,
  batches,
  batchHolds,
  batchLists,
  callbacks,
  connections,
  differences,
  feed,
  goalInputs,
  goals,
  groups,
  hooks,
  inputs,
  ledger,
  linked,
  links,
  members,
  moves,
  openRecords,
  overrides,
  pay,
  payrollExports,
  people,
  phases,
  propays,
  rates,
  reserves,
  settings,
  snapshots,
  time,
  uploads,
  users,
  webhooks,
  weeks,
};

/** Refuses every call: the stores below are opened for the names of their functions. */
const unreachable = new Proxy({}, { get: () => raise });

function raise(): never {
  throw new Error('these stores only lend the names of their functions');
}

const connection = { table: unreachable as Table, scope: scopeOf('names'), n: 1 };
/** What a run reads and writes. */
export const runs = openRunStore({ ...connection, decrypt: () => Promise.resolve({}) });
const recordNames = Object.keys(mirrorRecordStore({ ...connection, holdsFence: () => raise() }));
const runParts = Map.groupBy(Object.entries(runs), ([name]) => recordNames.includes(name));
/** The sealed credentials of a connection. */
export const credentials = openCredentialStore(connection.table, connection.scope, connection.n);
/** The schedule's own items. */
export const slots = openSlots({ client: unreachable as DynamoDBDocumentClient, tableName: 'names' });

/** The modules whose functions patterns and items name, by file. */
export const STORE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'audit-chain.ts': auditChain,
  'authorization-repository.ts': authorizations,
  'batch-hold.ts': batchHolds,
  'batch-repository.ts': batchLists,
  'batches.ts': batches,
  'callback-repository.ts': callbacks,
  'connection-repository.ts': connections,
  'credential-store.ts': { ...credentials },
  'difference-repository.ts': differences,
  'export-repository.ts': payrollExports,
  'feed-repository.ts': feed,
  'goal-inputs.ts': goalInputs,
  'goal-repository.ts': goals,
  'group-repository.ts': groups,
  'hook-repository.ts': hooks,
  'ledger.ts': ledger,
  'link-repository.ts': links,
  'open-records.ts': openRecords,
  'linked-jobs.ts': linked,
  'member-repository.ts': members,
  'mirror-record-store.ts': Object.fromEntries(runParts.get(true) ?? []),
  'mirror-run-store.ts': Object.fromEntries(runParts.get(false) ?? []),
  'move-record.ts': moves,
  'pay-repository.ts': pay,
  'people-repository.ts': people,
  'override-repository.ts': overrides,
  'phase-repository.ts': phases,
  'propay-inputs.ts': inputs,
  'propay-repository.ts': propays,
  'rate-counter.ts': rates,
  'reserve-repository.ts': reserves,
  'settings-repository.ts': settings,
  'slots.ts': { ...slots },
  'snapshot-store.ts': snapshots,
  'upload-repository.ts': uploads,
  'user-repository.ts': users,
  'webhook-repository.ts': webhooks,
  'week-ledger-repository.ts': weeks,
  'worker-time.ts': time,
};

/** Where a function of the store is found. Throws for one that is not there (any more). */
export function placeOf(wanted: unknown): { readonly file: string; readonly name: string } {
  for (const [file, exported] of Object.entries(STORE))
    for (const [name, value] of Object.entries(exported))
      if (value === wanted && typeof value === 'function') return { file, name };
  throw new Error(`an access pattern names a function that shared/store does not have: ${String(wanted)}`);
}
