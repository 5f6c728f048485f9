import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex } from './shape.ts';
import { callbacks, differences, inputs, phases, reserves, snapshots } from './store.ts';

/** What is read of approved ProPays once they are approved. */
export const afterApproval: readonly AccessPattern[] = [
  {
    name: 'Records of the jobs that are rework of another one',
    keys: ['jobPartition', 'timeEntryKey'],
    range: '`{t}#J#<rework>`, whole',
    reads: [query('for each rework')],
    users: [inputs.readReworkRecords],
  },
  {
    name: 'Rework of a job',
    keys: ['jobPartition', 'callbackKey'],
    range: '`{t}#J#<original>` / `C#`',
    reads: [query('of the callbacks')],
    users: [callbacks.listCallbacksOfJob],
  },
  {
    name: 'Callback by id',
    keys: ['callbackKey'],
    range: '`{t}#J#<original>` / `C#<rework>`; the id names both',
    reads: [getItem('of the callback')],
    users: [callbacks.readCallback],
  },
  {
    name: 'Jobs that a job is or was noted as rework of',
    keys: ['byRework'],
    range: '`id`: `{t}#CB#<rework>`',
    reads: [queryIndex('id', 'of the keys')],
    note: 'only of jobs that were rework, or of which somebody decided something',
    users: [callbacks.listOriginalsOf],
  },
  {
    name: 'Callbacks by state',
    keys: ['listPartition', 'callbackSort', 'callbackKey', 'proPayKey', 'resultKey'],
    range: '`by`: `{t}#L#CB` / `<state>#<callback>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    note: 'scoped roles: and the ProPay of each row',
    users: ['functions/api/pages.ts'],
  },
  {
    name: 'An approval with its snapshot',
    keys: ['approvalKey', 'snapshotKey'],
    range: '`{t}#A#<propay>`: `A#<n>`, then `S#<digest>#<part>`',
    reads: [getItem('of the approval'), batchGet('of the parts')],
    note: 'only where the sources of an approved ProPay are not what they were',
    users: [snapshots.readApprovalSnapshot],
  },
  {
    name: 'The difference between an approved ProPay and its sources',
    keys: ['approvalPartition', 'differenceKey'],
    range: '`{t}#A#<propay>` / `D`',
    reads: [getItem('of the difference')],
    users: [differences.readDifference],
  },
  {
    name: 'What was decided of a ProPay’s differences',
    keys: ['approvalPartition', 'differenceDecisionKey'],
    range: '`{t}#A#<propay>` / `D#<approval>#<revision>`',
    reads: [query('of the decisions')],
    users: [differences.listDifferenceDecisions],
  },
  {
    name: 'Phases of a ProPay',
    keys: ['jobPartition', 'phaseKey', 'phasePrefix'],
    range: '`{t}#J#<job>` / `!P#<n>#`',
    reads: [query('of the phases')],
    note: 'recalculations have them with the rest of the job',
    users: [phases.listPhases],
  },
  {
    name: 'What is held back on a phased ProPay',
    keys: ['reserveKey'],
    range: '`{t}#A#<propay>` / `R`',
    reads: [getItem('of the reserve')],
    users: [reserves.readReserve],
  },
];
