import { SEE_MIRROR } from '../access.ts';
import { dateParameter, idParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { findRecord } from './find.ts';
import { type Combination, jobTimeRange, type ListContext, workerIdsOf, workerTimeRange } from './ranges.ts';

type Timed = 'time_entry' | 'drive_time';

const FILTERS = {
  workerId: idParameter('Only of this person'),
  jobId: idParameter('Only on this job'),
  milestoneId: idParameter('Only on this milestone'),
  workedFrom: dateParameter('From this local work date on'),
  workedTo: dateParameter('Before this local work date'),
};

/** A worker's range by date, a job's or milestone's own range, or the ranges of all workers one after the other. */
function combinationsOf(entity: Timed): readonly Combination[] {
  const dates = [[], ['workedFrom'], ['workedTo'], ['workedFrom', 'workedTo']];
  const ofWorker = ({ scope, filters }: ListContext) => [
    workerTimeRange(scope, filters.workerId!, entity, filters.workedFrom, filters.workedTo),
  ];
  const ofAll = async ({ table, scope, filters }: ListContext) => {
    const workerIds = await workerIdsOf(table, scope);
    return workerIds.map((id) => workerTimeRange(scope, id, entity, filters.workedFrom, filters.workedTo));
  };
  const ofMilestone = async ({ table, scope, filters }: ListContext) => {
    const milestone = await findRecord(table, scope, 'milestone', filters.milestoneId!);
    const jobId = milestone === null ? null : (milestone.fields as { jobId: string }).jobId;
    return jobId === null ? [] : [jobTimeRange(scope, jobId, entity, filters.milestoneId)];
  };
  return [
    ...dates.map((filters) => ({ filters, ranges: ofAll })),
    ...dates.map((filters) => ({ filters: ['workerId', ...filters], ranges: ofWorker })),
    { filters: ['jobId'], ranges: ({ scope, filters }) => [jobTimeRange(scope, filters.jobId!, entity)] },
    { filters: ['milestoneId'], ranges: ofMilestone },
    // A milestone of another job, or none at all, has no time in this range: an empty list.
    {
      filters: ['jobId', 'milestoneId'],
      ranges: ({ scope, filters }) => [jobTimeRange(scope, filters.jobId!, entity, filters.milestoneId)],
    },
  ];
}

export const listTimeEntries = mirrorList({
  path: '/v1/time-entries',
  entity: 'time_entry',
  summary: 'Time as it was recorded at the source',
  access: SEE_MIRROR,
  filters: FILTERS,
  combinations: combinationsOf('time_entry'),
});
export const getTimeEntry = mirrorRecord({
  path: '/v1/time-entries/{id}',
  entity: 'time_entry',
  summary: 'One time entry',
  access: SEE_MIRROR,
});

export const listDriveTimes = mirrorList({
  path: '/v1/drive-times',
  entity: 'drive_time',
  summary: 'Drive time',
  access: SEE_MIRROR,
  filters: FILTERS,
  combinations: combinationsOf('drive_time'),
});

export const getDriveTime = mirrorRecord({
  path: '/v1/drive-times/{id}',
  entity: 'drive_time',
  summary: 'One drive time',
  access: SEE_MIRROR,
});
