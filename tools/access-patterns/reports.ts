import { type AccessPattern, batchGet, EVENTUAL, getItem, queryIndex } from './shape.ts';
import { goalInputs } from './store.ts';

/** Reports that come page by page read a page of a list as any other; here is what they read beside it, and what those read that come whole. */
export const reportPatterns: readonly AccessPattern[] = [
  {
    name: 'ProPays approved in the days of a report',
    keys: ['listPartition', 'proPaySort', 'proPayKey', 'resultKey'],
    range: '`by`: `{t}#L#PP` / `<Approved or Paid>#<branch>#` from the first day to the last',
    reads: [queryIndex('by', 'for each of the two statuses and each branch'), batchGet('of each ProPay and its result')],
    note: 'at most 5,000; with more of them the report is refused',
    users: [goalInputs.listAtMostApprovedIn],
  },
  {
    name: 'Jobs and visits that a report groups or names',
    keys: ['jobKey', 'milestoneKey'],
    range: '`{t}#J#<job>`: `J`, `M#<visit>#$`',
    reads: [batchGet('of the records', EVENTUAL)],
    users: ['functions/api/reports/groups.ts', 'functions/api/reports/reserve-reports.ts', 'functions/api/reports/sight.ts'],
  },
  {
    name: 'People on a leaderboard, and prices of jobs',
    keys: ['workerKey', 'jobKey'],
    range: '`{t}#W#<worker>` / `W`; `{t}#J#<job>` / `J`',
    reads: [batchGet('of the records', EVENTUAL)],
    note: 'whose hours and bonuses they are is told by at most 500 approvals or groups',
    users: ['functions/api/reports/leaderboards.ts'],
  },
  {
    name: 'ProPays, verdicts and callbacks that a report counts by month',
    keys: ['listPartition', 'proPaySort', 'verdictSort', 'callbackSort', 'proPayKey', 'callbackKey'],
    range: '`by`: `{t}#L#PP`, `{t}#L#NOPP`, `{t}#L#CB`',
    reads: [queryIndex('by', 'of the keys, 1,000 at a time'), batchGet('of ProPays and callbacks', EVENTUAL)],
    note: 'at most 5,000 of each; with more the figure is told to be unknown',
    users: ['functions/api/reports/monthly-reports.ts'],
  },
  {
    name: 'People of a report that reads something of each',
    keys: ['listPartition', 'workerSort', 'workerKey'],
    range: '`by`: `{t}#L#WORKER`, `{t}#L#WORKERX`; of one person `{t}#W#<worker>` / `W`',
    reads: [queryIndex('by', 'of up to 25 people'), getItem('of the person')],
    note: 'then a Query of the pay or the time of each',
    users: ['functions/api/reports/people-pay.ts'],
  },
  {
    name: 'Time of a person that a report judges',
    keys: ['workerTimePartition', 'workerTimeSort', 'timeEntryKey', 'driveTimeKey'],
    range: '`by`: `{t}#W#<worker>` / `<workDate>#<id>`, of at most 31 days and one more at each end',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the entries', EVENTUAL)],
    users: ['functions/api/reports/time-reports.ts'],
  },
  {
    name: 'ProPays that count with a suspicious wage',
    keys: ['proPayKey'],
    range: '`{t}#J#<job>`: `!P#<n>`',
    reads: [batchGet('of the ProPays that the worker is on', EVENTUAL)],
    users: ['functions/api/reports/missing-reports.ts'],
  },
  {
    name: 'Results behind the source changes of a page',
    keys: ['resultKey', 'groupResultKey'],
    range: '`{t}#J#<job>`: `!R#<n>`; `{t}#G#<group>` / `!R`',
    reads: [batchGet('of the results', EVENTUAL)],
    users: ['functions/api/reports/change-reports.ts'],
  },
];
