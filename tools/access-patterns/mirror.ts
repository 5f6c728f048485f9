import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type Section } from './shape.ts';
import { inputs, moves, overrides, runs } from './store.ts';

/** Records of the mirror, one by one. */
const records: readonly AccessPattern[] = [
  {
    name: 'Job, worker, client, branch, division or route by id',
    keys: ['jobKey', 'workerKey', 'clientKey', 'referenceKey'],
    range: '`{t}#J#<job>` / `J`; `{t}#W#<worker>` / `W`; `{t}#CL#<client>` / `CL`; `{t}#REF` / `<kind>#<id>`',
    reads: [batchGet('of the record')],
    note: 'the id is computed from the source id, so `sourceId=` costs the same',
    users: [
      runs.readRecords,
      runs.findRecord,
      'functions/api/mirror/find.ts',
      'functions/api/settings/references.ts',
      'functions/api/settings/division-rules.ts',
      'functions/api/admin/connections/settings.ts',
      'functions/api/bonus/propays/edit-propay.ts',
      'functions/api/bonus/pay/load-statement.ts',
      'functions/api/bonus/pay/statement-lines.ts',
      'functions/api/bonus/pay/manual-items.ts',
      'functions/api/bonus/pay/void-item.ts',
    ],
  },
  {
    name: 'One header within a calculation',
    keys: ['jobKey', 'workerKey', 'clientKey'],
    range: 'as above',
    reads: [getItem('of the record')],
    users: [
      inputs.readJobHeader,
      inputs.readPropertyNames,
      'functions/bonus/on-inputs/mark-wages.ts',
      'functions/bonus/on-results/open-statements.ts',
    ],
  },
  {
    name: 'Milestone whose overrides are looked at',
    keys: ['milestoneKey'],
    range: '`{t}#J#<job>` / `M#<milestone>#$`',
    reads: [getItem('of the milestone')],
    users: ['functions/api/overrides/subject.ts'],
  },
  {
    name: 'What was ever overridden of a record',
    keys: ['overrideHistoryPartition', 'overrideHistoryKey'],
    range: '`{t}#H#<record>`',
    reads: [query('of the acts')],
    users: [overrides.listOverrideActs],
  },
  {
    name: 'Records that have overrides',
    keys: ['overriddenPartition', 'overriddenKey'],
    range: '`{t}#Q#OVERRIDE`',
    reads: [query('of the marks', EVENTUAL)],
    note: 'once in a reading of alerts, which then reads each of the records',
    users: [overrides.listOverridden],
  },
  {
    name: 'Milestone, time entry, drive time, wage, budget or material by id or `sourceId=`',
    keys: [
      'byMirrorId',
      'milestoneKey',
      'timePartition',
      'timeEntryKey',
      'driveTimeKey',
      'sourceWageKey',
      'budgetKey',
      'materialKey',
    ],
    range: '`id`: `{t}#I#<id>`, which names the key; time without a job lies in `{t}#O#<worker>`',
    reads: [queryIndex('id', 'of its key'), batchGet('of the record')],
    users: [runs.findRecord, 'functions/api/mirror/find.ts'],
  },
  {
    name: 'Job or worker by its number, ProPay or statement by its reference',
    keys: ['byNumber'],
    range: '`id`: `{t}#N#<number>`',
    reads: [queryIndex('id', 'of the keys'), batchGet('of the records')],
    users: ['functions/api/diagnosis/find-by-text.ts'],
  },
  {
    name: 'Record by name',
    keys: ['listPartition', 'markerKey'],
    range: '`by`: `{t}#L#JOB`, `{t}#L#MS`, `{t}#L#WORKER`; then the markers of each connection',
    reads: [
      queryIndex('by', 'for each 200 rows'),
      batchGet('of the rows', EVENTUAL),
      query('of the markers, for each 200 of them'),
    ],
    note: 'names stand in no key; at most 5,000 rows and 5,000 markers',
    users: ['functions/api/diagnosis/find-by-text.ts'],
  },
  {
    name: 'What a record points to, during a run',
    keys: ['jobKey', 'workerKey', 'clientKey', 'referenceKey', 'byMirrorId', 'markerKey', 'linkKey'],
    range:
      'keys computed from source ids; of a milestone `id`: `{t}#I#<milestone>` from `ms` on; where there is no record, its marker and its link',
    reads: [
      batchGet('of the targets'),
      queryIndex('id', 'for each milestone'),
      batchGet('of the markers and links of those not found'),
    ],
    note: 'each target once per leg; a tenant with overhead divisions also pays a GetItem for the job of each milestone',
    users: [runs.lookUp],
  },
  {
    name: 'Children of a milestone that moves to another job',
    keys: ['milestonePrefix', 'budgetKey', 'materialKey', 'timeEntryKey', 'driveTimeKey'],
    range: '`{t}#J#<job>`: `M#<milestone>#`, `T#<milestone>#`, `D#<milestone>#`',
    reads: [query('for each of the three ranges')],
    note: '49 children move in one transaction: 4 wu and their index entries each',
    users: [moves.moveChildren, moves.listChildren, runs.readChildren],
  },
];

/** Lists: a Query of index keys and one BatchGetItem of the page. */
const lists: readonly AccessPattern[] = [
  {
    name: 'Jobs by branch, division and status',
    keys: ['listPartition', 'jobSort'],
    range: '`by`: `{t}#L#JOB` / `<branch>#<division>#<status>#<start>#<job>`, cut to a prefix',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    note: 'a status without branch or division: a range for each pair of them',
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Milestones, all or of a job',
    keys: ['listPartition', 'milestoneSort'],
    range: '`by`: `{t}#L#MS` / `<job>#<date>#<milestone>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Workers by branch and state',
    keys: ['listPartition', 'workerSort'],
    range: '`by`: `{t}#L#WORKER` / `<branch>#<state>#<name>#<worker>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    note: 'a state without branch: a range for each branch',
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Clients by kind',
    keys: ['listPartition', 'clientSort'],
    range: '`by`: `{t}#L#CLIENT` / `<kind>#<name>#<client>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Wages of a worker, budgets of a job, materials of a milestone, or all of them',
    keys: ['listPartition', 'sourceWageKey', 'budgetKey', 'materialKey'],
    range: '`by`: `{t}#L#WAGE` / `<worker>#`, `{t}#L#BUDGET` / `<job>#`, `{t}#L#MATERIAL` / `<milestone>#`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Deleted records of a list',
    keys: ['listPartition'],
    range: '`by`: the list’s partition with `X` behind it',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    note: 'so that a list without them reads nothing of them',
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Branches, divisions or routes',
    keys: ['referencePartition', 'referenceKey'],
    range: '`{t}#REF` / `<kind>#`',
    reads: [query('of the records')],
    note: 'of a run once, for its overhead divisions',
    users: [
      runs.isOverhead,
      'functions/api/mirror/ranges.ts',
      'functions/api/pages.ts',
      'functions/api/mirror/edits/divisions.ts',
      'functions/api/links/divisions.ts',
      'functions/api/admin/connections/same-account.ts',
      'functions/bonus/on-inputs/refresh-references.ts',
    ],
  },
  {
    name: 'Zones of a connection’s branches',
    keys: ['referencePartition', 'referenceKey'],
    range: '`{t}#REF` / `branch#`',
    reads: [query('of the branches', EVENTUAL)],
    users: [runs.readBranchZones],
  },
  {
    name: 'Time or drive time of a worker by date',
    keys: ['workerTimePartition', 'workerTimeSort', 'timeEntryKey', 'driveTimeKey'],
    range: '`by`: `{t}#W#<worker>` / `<workDate>#<id>`, between two dates',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    note: 'time and drive time share the range; which is which stands in the key',
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Everybody’s time or drive time by date',
    keys: ['listPartition', 'workerTimePartition', 'workerTimeSort'],
    range: '`by`: `{t}#L#WORKER` and `{t}#L#WORKERX`, then `{t}#W#<worker>` one after the other',
    reads: [
      queryIndex('by', 'of the workers, twice'),
      queryIndex('by', 'for each worker that the page touches'),
      batchGet('of the rows', EVENTUAL),
    ],
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Time or drive time of a job, or of one milestone of it',
    keys: ['jobPartition', 'timePartition', 'timeEntryKey', 'driveTimeKey'],
    range: '`{t}#J#<job>`: `T#` or `D#`, with a milestone `T#<milestone>#` or `D#<milestone>#`',
    reads: [query('of the records')],
    note: 'by milestone alone: its job is found first, ½ ru and a record',
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Budgets of a milestone',
    keys: ['milestonePrefix', 'budgetKey', 'byMirrorId'],
    range: '`id`: `{t}#I#<milestone>`, then `{t}#J#<job>` / `M#<milestone>#B#`',
    reads: [queryIndex('id', 'of the milestone’s key'), batchGet('of the milestone'), query('of the budgets')],
    users: ['functions/api/mirror/ranges.ts', 'functions/api/pages.ts'],
  },
];

/** What stands beside the rows of an answer. */
const beside: readonly AccessPattern[] = [
  {
    name: 'The tenant as a mirror answer needs it',
    keys: ['contextKey', 'settingsKey'],
    range: '`{t}#S`: `CX`, for scoped roles also `roles`',
    reads: [batchGet('of the two', EVENTUAL)],
    users: ['functions/api/mirror/context.ts'],
  },
  {
    name: 'How old each connection’s data is',
    keys: ['syncStateKey'],
    range: '`{t}#C#<n>` / `SYNC`',
    reads: [batchGet('of the states', EVENTUAL)],
    note: 'of a list in the BatchGetItem of its page',
    users: ['functions/api/mirror/collection.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'What decides whether a scoped role sees a row',
    keys: ['jobKey', 'workerKey', 'referenceKey'],
    range: 'computed keys of the rows’ jobs and workers, and of the routes that the caller leads',
    reads: [batchGet('of all of them', EVENTUAL)],
    users: ['functions/api/mirror/sight.ts'],
  },
  {
    name: 'Jobs and milestones that the caller has time on',
    keys: ['workerTimePartition'],
    range: '`by`: `{t}#W#<worker>`',
    reads: [queryIndex('by', 'of the keys')],
    note: 'the keys name both, so no entry is read',
    users: ['functions/api/mirror/sight.ts'],
  },
  {
    name: 'Jobs that decide which clients a scoped role sees',
    keys: ['jobKey', 'listPartition', 'clientKey'],
    range: 'computed keys of the caller’s own jobs; for crew leads and managers `by`: `{t}#L#JOB`',
    reads: [
      queryIndex('by', 'of the keys, 500 at a time'),
      batchGet('of the jobs, and of properties whose job names no client', EVENTUAL),
    ],
    note: 'ends as soon as every client of the answer is found to be seen',
    users: ['functions/api/mirror/client-sight.ts'],
  },
];

/** The mirror’s part of the page. */
export const mirrorPatterns: readonly Section<AccessPattern>[] = [
  { title: 'Records of the mirror', entries: records },
  {
    title: 'Lists of the mirror',
    intro: 'A page reads the keys it returns and then the rows themselves, so that they show what is stored now.',
    entries: lists,
  },
  { title: 'Beside the rows of an answer', entries: beside },
];
