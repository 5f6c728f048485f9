import { recordItems } from './record-items.ts';
import type { ReservedKey, Section, StoredItem } from './shape.ts';
import {
  authorizations,
  batches,
  connections,
  credentials,
  hooks,
  ledger,
  links,
  people,
  propays,
  runs,
  settings,
  slots,
} from './store.ts';

const tenant: readonly StoredItem[] = [
  { name: 'tenant', mark: 'tn', keys: ['tenantHeaderKey'], indexes: [], writers: [settings.createTenantActions] },
  {
    name: 'compiled context',
    mark: 'cx',
    keys: ['contextKey'],
    indexes: [],
    writers: [settings.createTenantActions, settings.saveContextAction],
  },
  {
    name: 'area of the settings, and each version of it',
    mark: 'se',
    keys: ['settingsKey', 'settingsVersionKey'],
    indexes: [],
    writers: [settings.saveAreaActions],
  },
  {
    name: 'bonus pool',
    mark: 'po',
    keys: ['poolKey'],
    indexes: [],
    writers: [settings.savePoolAction, settings.deletePoolAction],
  },
  {
    name: 'definition of a disqualifier or penalty',
    mark: 'de',
    keys: ['definitionKey'],
    indexes: [],
    writers: [settings.saveDefinitionAction, settings.deleteDefinitionAction],
  },
  {
    name: 'exclusion rule',
    mark: 'ru',
    keys: ['settingsPartition'],
    indexes: [],
    writers: [settings.saveRuleAction, settings.deleteRuleAction],
  },
  {
    name: 'API token',
    mark: 'tk',
    keys: ['apiTokenKey'],
    indexes: [],
    writers: [people.createApiTokenAction, people.revokeApiTokenAction, people.restrictApiTokenAction],
  },
  { name: 'counter', mark: 'ct', keys: ['counterKey'], indexes: [], writers: [propays.takeNumbers] },
  {
    name: 'audit entry',
    mark: 'au',
    keys: ['auditKey', 'auditEntityPartition'],
    indexes: ['by'],
    writers: [ledger.auditAction],
  },
  {
    name: 'batch',
    mark: 'bt',
    keys: ['batchKey'],
    indexes: ['by'],
    note: 'the index entry only with one that may hold records; goes a month after its end',
    writers: [batches.openBatches],
  },
  { name: 'keys of what a batch holds', mark: 'bl', keys: ['batchTargetsKey'], indexes: [], writers: [batches.openBatches] },
  {
    name: 'answer to a keyed request',
    mark: 'ik',
    keys: ['idempotencyKey'],
    indexes: [],
    note: 'goes after two days',
    writers: [ledger.claimAction, ledger.answeredAction, ledger.releaseAction],
  },
];

const sync: readonly StoredItem[] = [
  {
    name: 'connection',
    mark: 'cn',
    keys: ['connectionKey'],
    indexes: [],
    writers: [connections.createConnectionActions, connections.saveConnectionAction],
  },
  {
    name: 'sync state',
    mark: 'sy',
    keys: ['syncStateKey'],
    indexes: [],
    writers: [
      connections.createConnectionActions,
      connections.updateSyncStateAction,
      runs.take,
      runs.renew,
      runs.check,
      runs.finish,
    ],
  },
  {
    name: 'encrypted credentials',
    mark: 'cr',
    keys: ['credentialsKey'],
    indexes: [],
    writers: [
      connections.createConnectionActions,
      connections.saveCredentialsAction,
      connections.destroyCredentialsAction,
      credentials.claim,
      credentials.replace,
      credentials.release,
      credentials.refuse,
    ],
  },
  {
    name: 'approval that is waited for',
    mark: 'oa',
    keys: ['authorizationKey'],
    indexes: [],
    note: 'goes with its use, else after ten minutes',
    writers: [
      authorizations.saveAuthorizationAction,
      authorizations.useAuthorizationAction,
      authorizations.dropAuthorizationAction,
    ],
  },
  {
    name: 'event of the provider that was taken',
    mark: 'hk',
    keys: ['hookKey'],
    indexes: [],
    note: 'goes after three days',
    writers: [hooks.saveHookAction],
  },
  {
    name: 'link to a record of another connection',
    mark: 'lk',
    keys: ['linkKey'],
    indexes: [],
    writers: [links.saveLinkAction, runs.proposeLink],
  },
  {
    name: 'finished run',
    mark: 'rn',
    keys: ['runKey'],
    indexes: [],
    note: 'goes after 400 days',
    writers: [runs.finish],
  },
  {
    name: 'plan page',
    mark: 'pl',
    keys: ['planKey'],
    indexes: [],
    writers: [runs.writePlan, runs.markUnfinished, runs.dropPlans],
  },
  { name: 'fingerprint segment', mark: 'fp', keys: ['fingerprintKey'], indexes: [], writers: [runs.fold] },
  { name: 'sweep', mark: 'sw', keys: ['sweepKey'], indexes: [], writers: [runs.writeSweep] },
  { name: 'marker', mark: 'mk', keys: ['markerKey'], indexes: [], writers: [runs.putMarker, runs.removeMarker] },
  {
    name: 'quarantine entry',
    mark: 'qu',
    keys: ['quarantineKey'],
    indexes: [],
    writers: [runs.putQuarantine, runs.removeQuarantine],
  },
  {
    name: 'record that waits',
    mark: 'pk',
    keys: ['parkedKey'],
    indexes: [],
    writers: [runs.putWaiting, runs.removeWaiting],
  },
  {
    name: 'hold of deletions',
    mark: 'ho',
    keys: ['holdKey'],
    indexes: [],
    writers: [runs.putHold, runs.closeHold, connections.decideHoldAction],
  },
  {
    name: 'slot',
    mark: 'sl',
    keys: ['slotKey', 'dailySlotKey'],
    indexes: [],
    writers: [slots.occupy, slots.free],
  },
  { name: 'tick', mark: 'tk', keys: ['tickKey'], indexes: [], writers: [slots.moveTick] },
];

/** Every kind of item that the product stores. */
export const storedItems: readonly Section<StoredItem>[] = [
  ...recordItems,
  { title: 'Tenant', entries: tenant },
  { title: 'Sync', entries: sync },
];

/** Keys that have their place and no items yet. */
export const reservedKeys: readonly ReservedKey[] = [
  { key: 'memberKey', range: '`{t}#U` / `M#<subject>`', purpose: 'people who sign in themselves' },
];
