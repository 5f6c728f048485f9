import { afterApproval } from './after-approval.ts';
import { calculation } from './calculation.ts';
import { exportPatterns } from './exports.ts';
import { goalPatterns } from './goals.ts';
import { groupPatterns } from './groups.ts';
import { reportPatterns } from './reports.ts';
import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type Section } from './shape.ts';
import { batches, batchHolds, batchLists, pay, propays, snapshots, time, weeks } from './store.ts';

const proPays: readonly AccessPattern[] = [
  {
    name: 'ProPay by id, with its result',
    keys: ['proPayKey', 'resultKey'],
    range: '`{t}#J#<job>`: `!P#<n>` and `!R#<n>`, of a visit behind `M#<visit>#`; the id names all of it',
    reads: [batchGet('of the two')],
    users: [propays.readProPay],
  },
  {
    name: 'ProPays by status and branch',
    keys: ['listPartition', 'proPaySort', 'proPayKey', 'resultKey', 'differenceKey'],
    range: '`by`: `{t}#L#PP` / `<status>#<branch>#<date>#<propay>`',
    reads: [
      queryIndex('by', 'of the keys'),
      batchGet('of the rows', EVENTUAL),
      batchGet('of each row’s ProPay, result and difference', EVENTUAL),
    ],
    users: [
      'functions/api/bonus/propays/list-propays.ts',
      'functions/api/pages.ts',
      'functions/api/admin/connections/preview-disconnect.ts',
    ],
  },
  {
    name: 'ProPays that are ready for approval',
    keys: ['listPartition', 'alertSort', 'proPayKey', 'resultKey', 'differenceKey'],
    range: '`by`: `{t}#L#ALERT` / `<branch>#<propay>`, those that ask for anything',
    reads: [
      queryIndex('by', 'of the keys'),
      batchGet('of the results', EVENTUAL),
      batchGet('of each row’s ProPay, result and difference', EVENTUAL),
    ],
    note: 'blocked ones are found among all Active ones',
    users: ['functions/api/bonus/propays/list-propays.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'ProPays that wait for the approval of a manager',
    keys: ['listPartition', 'alertSort', 'resultKey'],
    range: '`by`: `{t}#L#ALERT`, the first 1,000',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the results', EVENTUAL)],
    note: 'when a manager is lowered, deactivated or archived',
    users: ['functions/api/overrides/waiting.ts'],
  },
  {
    name: 'ProPays of a job',
    keys: ['byJobOfProPay', 'proPayKey', 'resultKey', 'differenceKey'],
    range: '`id`: `{t}#JP#<job>`',
    reads: [
      queryIndex('id', 'of the keys'),
      batchGet('of the rows', EVENTUAL),
      batchGet('of each row’s ProPay, result and difference', EVENTUAL),
    ],
    users: ['functions/api/bonus/propays/list-propays.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Active ProPays of a job',
    keys: ['byJobOfProPay', 'proPayKey'],
    range: '`id`: `{t}#JP#<job>`, the first 500',
    reads: [queryIndex('id', 'of the keys'), batchGet('of the ProPays')],
    users: [propays.listActiveOfJob],
  },
  {
    name: 'Whether the tenant has any ProPay',
    keys: ['listPartition'],
    range: '`by`: `{t}#L#PP`, one key',
    reads: [queryIndex('by', 'of one key')],
    users: ['functions/api/settings/save-settings.ts'],
  },
  {
    name: 'The record of an approval',
    keys: ['approvalPartition', 'approvalKey'],
    range: '`{t}#A#<propay>` / `A#<n>`',
    reads: [getItem('of the approval')],
    users: [propays.readApproval],
  },
  {
    name: 'The snapshot that an approval froze',
    keys: ['approvalPartition', 'snapshotKey'],
    range: '`{t}#A#<propay>` / `S#<digest>#<part>`',
    reads: [batchGet('of the parts')],
    note: 'compressed; parts of at most 350 KB',
    users: [snapshots.readSnapshot],
  },
];

const premiums: readonly AccessPattern[] = [
  {
    name: 'All hours of a worker in a week',
    keys: ['workerTimePartition', 'workerTimeSort', 'timeEntryKey', 'driveTimeKey'],
    range: '`by`: `{t}#W#<worker>` / `<workDate>#<id>` of the week and two days around it',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the entries')],
    note: 'the index only finds the keys; the change that woke the reader brings its own along',
    users: [time.readWorkerTime],
  },
  {
    name: 'Branches of workers',
    keys: ['workerKey'],
    range: '`{t}#W#<worker>` / `W`',
    reads: [batchGet('of the workers')],
    users: [time.readWorkerBranches],
  },
  {
    name: 'Weeks of a worker in which bonuses count',
    keys: ['payPartition', 'weekLedgerKey'],
    range: '`{t}#P#<worker>` / `K#<weekStart>`, those around the changed time',
    reads: [query('of the weeks')],
    note: 'once per worker and batch of changed time; mostly nothing is there',
    users: [weeks.listWeekLedgers],
  },
  {
    name: 'People with unpaid items that became free in the last days',
    keys: ['listPartition', 'lineItemSort'],
    range: '`by`: `{t}#L#LI` / `u#<day>` of eight days',
    reads: [queryIndex('by', 'of the keys')],
    note: 'keys alone, once a day',
    users: ['functions/bonus/on-schedule/due-premiums.ts'],
  },
];

const statements: readonly AccessPattern[] = [
  {
    name: 'What a worker has coming',
    keys: ['workerKey', 'proPayKey', 'resultKey', 'groupResultKey'],
    range:
      'the worker; beside the pay partition, each ProPay that the worker is or was on with its result; results of their groups',
    reads: [getItem('of the worker'), batchGet('of two items a ProPay and one a group', EVENTUAL)],
    note: 'eventually, but for the pay partition: the answer is for showing; the goals beside it as of "Goals of a status"',
    users: ['functions/api/bonus/pay/worker-bonus.ts', 'functions/api/bonus/pay/projections.ts'],
  },
  {
    name: 'Line items by id',
    keys: ['lineItemKey', 'movedItemKey'],
    range: '`{t}#P#<worker>`: `I#<calendar>#<assignOn>#<tail>` of its birth, and `V#<tail>` of one that has moved',
    reads: [batchGet('of two keys an item')],
    note: 'and a GetItem for each that has moved',
    users: [pay.readLineItem, pay.readLineItems, pay.readItemsOfApproval],
  },
  {
    name: 'Line items of a ProPay or Pro-Goal',
    keys: ['byItemSource', 'lineItemKey', 'payHeadKey'],
    range: '`id`: `{t}#IT#<propay or goal>`',
    reads: [queryIndex('id', 'of the keys'), batchGet('of the rows', EVENTUAL), batchGet('of their pay heads', EVENTUAL)],
    users: ['functions/api/bonus/pay/heads.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Keys of the line items of a ProPay',
    keys: ['byItemSource'],
    range: '`id`: `{t}#IT#<propay>`',
    reads: [queryIndex('id', 'of the keys')],
    users: [pay.listItemIdsOfSource],
  },
  {
    name: 'Line items by standing and the day they are free',
    keys: ['listPartition', 'lineItemSort', 'payHeadKey'],
    range: '`by`: `{t}#L#LI` / `<u, p or v>#<day>#<item>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL), batchGet('of their pay heads', EVENTUAL)],
    users: ['functions/api/bonus/pay/heads.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Line items of a worker',
    keys: ['payPartition', 'lineItemKey', 'payHeadKey'],
    range: '`{t}#P#<worker>` / `I#`',
    reads: [query('of the items'), batchGet('of their pay heads', EVENTUAL)],
    users: ['functions/api/bonus/pay/heads.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Everything of a worker’s pay: items, statements, pay heads, worker-weeks',
    keys: ['payPartition', 'lineItemKey', 'statementKey', 'payHeadKey', 'weekLedgerKey'],
    range: '`{t}#P#<worker>`, whole',
    reads: [query('of the partition')],
    users: [pay.readPayPartition],
  },
  {
    name: 'Pay heads of workers in one calendar',
    keys: ['payHeadKey'],
    range: '`{t}#P#<worker>` / `Z#<calendar>`',
    reads: [batchGet('of the heads')],
    users: [pay.readPayHeads, pay.readHeadsOfWorkers],
  },
  {
    name: 'Header of a statement by id',
    keys: ['statementKey'],
    range: '`{t}#P#<worker>` / `S#<calendar>#<start>`',
    reads: [getItem('of the header')],
    users: [pay.readStatementHeader],
  },
  {
    name: 'Statements by calendar and period',
    keys: ['listPartition', 'statementSort', 'payPartition'],
    range: '`by`: `{t}#L#ST` / `<calendar>#<start>#<status>#<name>#<worker>`',
    reads: [
      queryIndex('by', 'of the keys'),
      batchGet('of the headers', EVENTUAL),
      query('for each worker of the page, whose pay is worked out'),
    ],
    note: 'of one worker without the index: a Query of `{t}#P#<worker>` / `S#`',
    users: ['functions/api/bonus/pay/statements.ts', 'functions/api/pages.ts'],
  },
];

const alerts: readonly AccessPattern[] = [
  {
    name: 'What asks for somebody',
    keys: [
      ...(['listPartition', 'alertSort', 'verdictSort', 'differenceSort', 'lineItemSort', 'groupSort', 'reserveSort'] as const),
      ...(['resultKey', 'verdictKey', 'jobKey', 'differenceKey', 'lineItemKey', 'payHeadKey'] as const),
      ...(['groupKey', 'groupResultKey', 'reserveKey'] as const),
    ],
    range:
      '`by`: `{t}#L#ALERT` / `<branch>#<propay>`; `{t}#L#NOPP` / `<branch>#no_budget#`; `{t}#L#CHANGE` / `<branch>#<propay>`; `{t}#L#LI` / `u#`; `{t}#L#GRP` / `Active#`; `{t}#L#RESERVE` / `<branch>#<propay>`',
    reads: [
      queryIndex('by', 'of up to 1,000 keys of each list, the verdicts by branch'),
      batchGet('of the rows, and of what decides who sees them', EVENTUAL),
    ],
    note: 'the first list holds exactly the ProPays that ask for something; crew leads and workers are asked by it alone',
    users: [
      'functions/api/mirror/alerts/inputs.ts',
      'functions/api/mirror/alerts/broken-settings.ts',
      'functions/api/mirror/alerts/people-left.ts',
      'functions/api/mirror/alerts/differences.ts',
    ],
  },
];

const batched: readonly AccessPattern[] = [
  {
    name: 'Batch that holds a record',
    keys: ['batchKey'],
    range: '`{t}#B#<batch>` / `B`',
    reads: [getItem('of the batch')],
    note: 'only where a record is held: once for each batch that a reading meets',
    users: [batchHolds.readBatch, batchHolds.resolveHolds],
  },
  {
    name: 'Records that a batch holds, when it ends',
    keys: ['batchTargetsKey'],
    range: '`{t}#B#<batch>` / `T`, then every record of its list',
    reads: [getItem('of the list'), batchGet('of the records')],
    users: [batches.openBatches],
  },
  {
    name: 'Batches that may hold records',
    keys: ['listPartition'],
    range: '`by`: `{t}#L#BATCH`',
    reads: [queryIndex('by', 'of the keys')],
    note: 'once a day; empty unless a process has died',
    users: [batchLists.listBatchIds],
  },
];

/** The bonus layer’s part of the page. */
export const bonusPatterns: readonly Section<AccessPattern>[] = [
  {
    title: 'Calculation',
    intro: 'Read strongly, to the last page: money is never decided from an index, which here only finds what to look at.',
    entries: calculation,
  },
  { title: 'ProPays and approvals', entries: proPays },
  { title: 'After an approval: changed sources, rework', entries: afterApproval },
  { title: 'Line items and statements', entries: statements },
  { title: 'Payroll exports', entries: exportPatterns },
  { title: 'Groups', entries: groupPatterns },
  { title: 'Pro-Goals', entries: goalPatterns },
  {
    title: 'Reports',
    intro:
      'For showing. A report that comes page by page reads its page as any list does; this is what is read beside it, and what is read by those that come whole.',
    entries: reportPatterns,
  },
  { title: 'Alerts', intro: 'For showing; whatever is done about one reads its record strongly.', entries: alerts },
  { title: 'Batches', entries: batched },
  { title: 'Overtime premiums', entries: premiums },
];
