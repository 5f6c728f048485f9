import type { EntityFields } from '#model/entities.ts';
import { UNKNOWN_JOB, UNKNOWN_MILESTONE, UNKNOWN_WORKER } from '#model/unknown-fields.ts';

// Records as a test needs them where it says nothing more: every field that a source may leave out is left out.

export const BLANK_WORKER: EntityFields['worker'] = { ...UNKNOWN_WORKER, displayName: 'Worker', sourceActive: true };

export const BLANK_JOB: EntityFields['job'] = { ...UNKNOWN_JOB, name: 'Job', status: 'in_progress' };

export const BLANK_MILESTONE: Omit<EntityFields['milestone'], 'jobId'> = {
  ...UNKNOWN_MILESTONE,
  name: 'Ticket',
  kind: 'ticket',
  status: 'scheduled',
};

/** The drive time that is recorded as a piece of work time: the fields that both have. */
export function driveOf<T extends Partial<EntityFields['time_entry']>>(entry: T) {
  const {
    category: _c,
    breakSeconds: _b,
    warranty: _w,
    sourceOvertimeSeconds: _o,
    approvedAtSource: _a,
    lockedAtSource: _l,
    ...drive
  } = entry;
  return drive;
}
