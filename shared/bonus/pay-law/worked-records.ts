import type { MirrorRecord } from '#model/mirror-record.ts';
import type { WorkedTime } from './work-hours.ts';

/** A piece of recorded time with its place in the mirror. */
export type WorkedRecord = WorkedTime & {
  readonly entity: 'time_entry' | 'drive_time';
  readonly id: string;
  readonly revision: number;
};

/**
 * The time of a worker that can be hours worked (M-36): on any job or none, also one that is ignored or out of scope; not what is gone
 * at the source, nor one half of a merged pair. A running clock counts nothing yet.
 */
export function workedRecords(records: readonly (MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>)[]): {
  readonly times: readonly WorkedRecord[];
  /** Running clocks, by id: while there is one, the hours of its week are not complete. */
  readonly open: readonly WorkedRecord[];
} {
  const all = records
    .filter((record) => record.tombstone === null && record.aliasOf === null)
    .map((record) => ({ record, time: workedRecord(record) }));
  return {
    times: all.filter(({ record }) => !record.fields.open).map(({ time }) => time),
    open: all.filter(({ record }) => record.fields.open).map(({ time }) => time),
  };
}

function workedRecord(record: MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>): WorkedRecord {
  const { start, end, workDate, durationSeconds } = record.fields;
  const { entity, id, revision } = record;
  const kind = isDrive(record) ? 'drive' : record.fields.category;
  return { entity, id, revision, kind, start, end, workDate, durationSeconds };
}

function isDrive(record: MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>): record is MirrorRecord<'drive_time'> {
  return record.entity === 'drive_time';
}
