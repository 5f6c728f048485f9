import { goalItems } from './goals.ts';
import { groupItems } from './groups.ts';
import type { Section, StoredItem } from './shape.ts';
import { callbacks, differences, moves, pay, phases, propays, reserves, runs, settings, snapshots, weeks } from './store.ts';

const RUN = [runs.createRecord, runs.changeRecord, runs.tombstone] as const;

const mirror: readonly StoredItem[] = [
  {
    name: 'job',
    mark: 'jb',
    keys: ['jobKey', 'listPartition', 'jobSort', 'byNumber'],
    indexes: ['id', 'by'],
    note: '`id` only with a number',
    writers: [...RUN, propays.bonusBlockAction, propays.blocksAction],
  },
  {
    name: 'milestone',
    mark: 'ms',
    keys: ['milestoneKey', 'byMirrorId', 'listPartition', 'milestoneSort'],
    indexes: ['id', 'by'],
    writers: [...RUN, moves.moveActions, propays.bonusBlockAction],
  },
  {
    name: 'budget',
    mark: 'bu',
    keys: ['budgetKey', 'byMirrorId', 'listPartition'],
    indexes: ['id', 'by'],
    writers: [...RUN, moves.moveActions],
  },
  {
    name: 'material',
    mark: 'ma',
    keys: ['materialKey', 'byMirrorId', 'listPartition'],
    indexes: ['id', 'by'],
    writers: [...RUN, moves.moveActions],
  },
  {
    name: 'time entry',
    mark: 'ti',
    keys: ['timeEntryKey', 'timePartition', 'byMirrorId', 'workerTimePartition', 'workerTimeSort'],
    indexes: ['id', 'by'],
    note: '`by` until it is deleted at the source',
    writers: [...RUN, moves.moveActions],
  },
  {
    name: 'drive time',
    mark: 'dr',
    keys: ['driveTimeKey', 'timePartition', 'byMirrorId', 'workerTimePartition', 'workerTimeSort'],
    indexes: ['id', 'by'],
    note: '`by` until it is deleted at the source',
    writers: [...RUN, moves.moveActions],
  },
  {
    name: 'worker',
    mark: 'wk',
    keys: ['workerKey', 'listPartition', 'workerSort', 'byNumber'],
    indexes: ['id', 'by'],
    note: '`id` only with an employee number',
    writers: [...RUN, propays.bonusBlockAction],
  },
  {
    name: 'wage',
    mark: 'wg',
    keys: ['sourceWageKey', 'byMirrorId', 'listPartition'],
    indexes: ['id', 'by'],
    writers: RUN,
  },
  {
    name: 'client',
    mark: 'cl',
    keys: ['clientKey', 'listPartition', 'clientSort', 'byNumber'],
    indexes: ['id', 'by'],
    note: '`id` only with a number',
    writers: RUN,
  },
  {
    name: 'branch, division, route',
    mark: 're',
    keys: ['referenceKey'],
    indexes: [],
    writers: [...RUN, settings.saveDivisionAction, settings.deleteDivisionAction],
  },
];

const bonus: readonly StoredItem[] = [
  {
    name: 'ProPay',
    mark: 'pp',
    keys: ['proPayKey', 'byJobOfProPay', 'listPartition', 'proPaySort'],
    indexes: ['id', 'by'],
    writers: [propays.createProPayActions, propays.updateProPayAction],
  },
  {
    name: 'its result',
    mark: 'pr',
    keys: ['resultKey', 'byNumber', 'listPartition', 'alertSort'],
    indexes: ['id', 'by'],
    note: 'the entry of `by` only with something that asks for somebody: it comes and goes with that',
    writers: [propays.createProPayActions, propays.updateResultAction],
  },
  {
    name: 'verdict of a job or visit without ProPay',
    mark: 'el',
    keys: ['verdictKey', 'listPartition', 'verdictSort'],
    indexes: ['by'],
    writers: [propays.putVerdictAction, propays.deleteVerdictAction],
  },
  {
    name: 'mark that a worker is on a ProPay',
    mark: 'wp',
    keys: ['workerProPayKey'],
    indexes: [],
    writers: [propays.markWorkerActions, propays.unmarkWorkerActions],
  },
  {
    name: 'mark that a ProPay’s figures depend on all of a worker’s time over some days',
    mark: 'wt',
    keys: ['workerTimeMarkKey'],
    indexes: [],
    writers: [propays.markTimeActions, propays.unmarkTimeActions],
  },
  {
    name: 'phase of a ProPay',
    mark: 'fp',
    keys: ['phaseKey'],
    indexes: [],
    writers: [phases.putPhaseAction, phases.deletePhaseAction],
  },
  {
    name: 'reserve of a phased ProPay',
    mark: 'rs',
    keys: ['reserveKey', 'listPartition', 'reserveSort'],
    indexes: ['by'],
    note: '`by` only where money is left and no phase is open any more',
    writers: [reserves.putReserveAction],
  },
  { name: 'approval', mark: 'ap', keys: ['approvalKey'], indexes: [], writers: [propays.approvalAction] },
  { name: 'part of a snapshot', mark: 'sn', keys: ['snapshotKey'], indexes: [], writers: [snapshots.writeSnapshot] },
  {
    name: 'difference',
    mark: 'df',
    keys: ['differenceKey', 'listPartition', 'differenceSort'],
    indexes: ['by'],
    note: '`by` only with the state Open',
    writers: [differences.putDifferenceAction],
  },
  {
    name: 'what was decided of a difference',
    mark: 'dd',
    keys: ['differenceDecisionKey'],
    indexes: [],
    writers: [differences.differenceDecisionAction],
  },
  {
    name: 'rework of a job',
    mark: 'cb',
    keys: ['callbackKey', 'byRework', 'listPartition', 'callbackSort'],
    indexes: ['id', 'by'],
    writers: [callbacks.putCallbackAction],
  },
  {
    name: 'line item',
    mark: 'li',
    keys: ['lineItemKey', 'byItemSource', 'listPartition', 'lineItemSort'],
    indexes: ['id', 'by'],
    writers: [pay.createLineItemAction, pay.updateLineItemAction, pay.moveLineItemActions],
  },
  {
    name: 'where a moved line item lies now',
    mark: 'lv',
    keys: ['movedItemKey'],
    indexes: [],
    writers: [pay.moveLineItemActions],
  },
  {
    name: 'statement',
    mark: 'st',
    keys: ['statementKey', 'byNumber', 'listPartition', 'statementSort'],
    indexes: ['id', 'by'],
    writers: [pay.putStatementAction],
  },
  { name: 'pay head', mark: 'ph', keys: ['payHeadKey'], indexes: [], writers: [pay.putPayHeadAction] },
  { name: 'worker-week', mark: 'wl', keys: ['weekLedgerKey'], indexes: [], writers: [weeks.putWeekLedgerAction] },
];

/** Records of the mirror, and what the bonus layer stores. */
export const recordItems: readonly Section<StoredItem>[] = [
  { title: 'Mirror', entries: mirror },
  { title: 'Bonus and pay', entries: bonus },
  { title: 'Groups', entries: groupItems },
  { title: 'Pro-Goals', entries: goalItems },
];
