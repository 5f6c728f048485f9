import { afterApproval } from './after-approval.ts';
import { goalPatterns } from './goals.ts';
import { groupPatterns } from './groups.ts';
import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type Section } from './shape.ts';
import { batches, batchHolds, batchLists, inputs, pay, propays, snapshots, time, weeks } from './store.ts';

const calculation: readonly AccessPattern[] = [
  {
    name: 'Everything that the ProPay of a non-recurring job is calculated from',
    keys: [
      'jobPartition',
      'jobKey',
      'proPayKey',
      'resultKey',
      'verdictKey',
      'milestoneKey',
      'budgetKey',
      'materialKey',
      'timeEntryKey',
      'driveTimeKey',
      'callbackKey',
    ],
    range: '`{t}#J#<job>`, whole; `!` sorts the result before its inputs',
    reads: [query('of the partition')],
    note: 'about 14 KB: 4 ru; of a job that names a parent also a GetItem of that one’s header',
    users: [inputs.readProPayState],
  },
  {
    name: 'Everything that the ProPay of a visit of a recurring job is calculated from',
    keys: [
      'milestonePrefix',
      'milestoneKey',
      'budgetKey',
      'materialKey',
      'proPayKey',
      'resultKey',
      'verdictKey',
      'timeEntryKey',
      'driveTimeKey',
      'jobKey',
    ],
    range: '`{t}#J#<job>`: `M#<visit>#`, `T#<visit>#`, where drive time counts `D#<visit>#`, and `J`',
    reads: [query('for each of the two or three ranges'), getItem('of the header')],
    note: 'about 3 ru',
    users: [inputs.readProPayState],
  },
  {
    name: 'Job-level ProPays of a recurring job',
    keys: ['jobPartition', 'proPayKey'],
    range: '`{t}#J#<job>` / `!P#`',
    reads: [query('of the ProPays')],
    users: [inputs.readJobLevelProPays],
  },
  {
    name: 'Milestones of a job',
    keys: ['jobPartition', 'milestoneKey'],
    range: '`{t}#J#<job>` / `M#`',
    reads: [query('of the milestones and what hangs on them')],
    users: [inputs.listMilestoneIds],
  },
  {
    name: 'Materials of a milestone',
    keys: ['jobPartition', 'milestonePrefix', 'materialKey'],
    range: '`{t}#J#<job>` / `M#<visit>#I#`',
    reads: [query('of the materials')],
    note: 'only when somebody reports what is installed',
    users: [inputs.readMaterials],
  },
  {
    name: 'Whether work on a job has begun',
    keys: ['jobPartition', 'timeEntryKey', 'milestoneKey'],
    range: '`{t}#J#<job>`: `T#`, and without time `M#`',
    reads: [query('of up to 25 entries'), query('of the milestones, where there is no time')],
    note: 'only where a sign of it has gone',
    users: ['functions/bonus/job-blocks.ts'],
  },
  {
    name: 'Wage history of a worker',
    keys: ['workerPartition', 'sourceWageKey'],
    range: '`{t}#W#<worker>` / `G#`',
    reads: [query('of the wage rows')],
    note: 'once per worker that a calculation fixes a wage of',
    users: [inputs.readWageHistory, inputs.readWageHistories, 'functions/bonus/on-inputs/mark-wages.ts'],
  },
  {
    name: 'ProPays that a worker is or was on',
    keys: ['workerPartition', 'workerProPayKey'],
    range: '`{t}#W#<worker>` / `PP#`',
    reads: [query('of the marks')],
    users: [propays.listProPaysOfWorker],
  },
  {
    name: 'ProPays that a new wage of a worker may change',
    keys: ['workerPartition', 'workerProPayKey', 'proPayKey', 'resultKey'],
    range: '`{t}#W#<worker>` / `PP#`, then each ProPay and its result',
    reads: [query('of the marks'), batchGet('of two items a ProPay')],
    users: [propays.listProPaysAwaitingWage],
  },
  {
    name: 'What a change of the tenant’s context reaches',
    keys: ['listPartition', 'proPaySort', 'verdictSort', 'jobSort'],
    range: '`by`: `{t}#L#PP` / `Active#`, `{t}#L#NOPP`, of a new tenant `{t}#L#JOB`',
    reads: [queryIndex('by', 'for each list that the change reaches')],
    note: 'keys alone; 1,000 of them are about 40 ru',
    users: ['functions/bonus/on-inputs/fan-out.ts'],
  },
  {
    name: 'Visits that come within the horizon today',
    keys: ['listPartition', 'verdictSort'],
    range: '`by`: `{t}#L#NOPP` / `<branch>#awaiting_generation#` up to the day',
    reads: [queryIndex('by', 'for each branch')],
    users: ['functions/bonus/on-schedule/daily-work.ts'],
  },
  {
    name: 'A seventh of the jobs and workers, for the nightly verification',
    keys: ['listPartition', 'jobSort', 'workerSort'],
    range: '`by`: `{t}#L#JOB`, `{t}#L#WORKER`',
    reads: [queryIndex('by', 'for each of the two lists')],
    users: ['functions/bonus/on-schedule/daily-work.ts'],
  },
];

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
    users: ['functions/api/bonus/propays/list-propays.ts', 'functions/api/pages.ts'],
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
    users: ['functions/api/admin/settings/save-settings.ts'],
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
    name: 'Line items by id',
    keys: ['lineItemKey', 'movedItemKey'],
    range: '`{t}#P#<worker>`: `I#<calendar>#<assignOn>#<tail>` of its birth, and `V#<tail>` of one that has moved',
    reads: [batchGet('of two keys an item')],
    note: 'and a GetItem for each that has moved',
    users: [pay.readLineItem, pay.readLineItems],
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
      ...(['listPartition', 'alertSort', 'verdictSort', 'differenceSort', 'lineItemSort', 'groupSort'] as const),
      ...(['resultKey', 'verdictKey', 'jobKey', 'differenceKey', 'lineItemKey', 'payHeadKey', 'groupKey'] as const),
    ],
    range:
      '`by`: `{t}#L#ALERT` / `<branch>#<propay>`; `{t}#L#NOPP` / `<branch>#no_budget#`; `{t}#L#CHANGE` / `<branch>#<propay>`; `{t}#L#LI` / `u#`; `{t}#L#GRP` / `Active#`',
    reads: [
      queryIndex('by', 'of up to 1,000 keys of each list, the verdicts by branch'),
      batchGet('of the rows, and of what decides who sees them', EVENTUAL),
    ],
    note: 'the first list holds exactly the ProPays that ask for something; crew leads and workers are asked by it alone',
    users: ['functions/api/mirror/alerts/inputs.ts'],
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
  { title: 'Groups', entries: groupPatterns },
  { title: 'Pro-Goals', entries: goalPatterns },
  { title: 'Alerts', intro: 'For showing; whatever is done about one reads its record strongly.', entries: alerts },
  { title: 'Batches', entries: batched },
  { title: 'Overtime premiums', entries: premiums },
];
