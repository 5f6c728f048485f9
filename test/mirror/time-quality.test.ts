import { describe, expect, it } from 'vitest';
import { type JudgedTime, judgeTime } from '#mirror/time-quality.ts';

/** What may be wrong with recorded time is told, and nothing is changed for it (M-33, M-34, M-37, M-39, X-24). */

const entry = (id: string, from: string, to: string | null, more: Partial<JudgedTime> = {}): JudgedTime =>
  ({
    ...{ id, entity: 'time_entry', workerId: 'w', jobId: 'j', milestoneId: null, attribution: 'job', zone: 'UTC' },
    ...{ start: `2026-03-10T${from}:00.000Z`, end: to === null ? null : `2026-03-10T${to}:00.000Z`, workDate: '2026-03-10' },
    durationSeconds: to === null ? 0 : (Date.parse(`2026-03-10T${to}:00Z`) - Date.parse(`2026-03-10T${from}:00Z`)) / 1_000,
    ...{ open: to === null, category: 'work', breakSeconds: 0, warranty: false, sourceOvertimeSeconds: null },
    ...{ approvedAtSource: null, lockedAtSource: null, ...more },
  }) as JudgedTime;
const told = (...entries: readonly JudgedTime[]) =>
  judgeTime(entries).map(({ warning, entryId, otherEntryId, seconds }) => [warning, entryId, otherEntryId, seconds]);

describe('the time of a day', () => {
  it('that is in order gives nothing', () => {
    expect(told(entry('a', '08:00', '12:00'), entry('b', '12:00', '16:00'))).toEqual([]);
  });

  it('tells each entry that begins before an earlier one has ended, also of one that holds several, and cuts nothing (X-24)', () => {
    expect(told(entry('b', '11:00', '13:00'), entry('a', '08:00', '12:00'))).toEqual([['overlap', 'b', 'a', 3_600]]);
    expect(told(entry('a', '08:00', '16:00'), entry('b', '09:00', '10:00'), entry('c', '15:30', '17:00'))).toEqual([
      ['overlap', 'b', 'a', 3_600],
      ['overlap', 'c', 'a', 1_800],
    ]);
    // A shift is the span around all of it, and a break lies within.
    expect(told(entry('s', '08:00', '16:00', { category: 'shift' } as never), entry('a', '08:00', '16:00'))).toEqual([]);
    expect(told(entry('a', '08:00', '16:00'), entry('k', '12:00', '12:30', { category: 'break_unpaid' } as never))).toEqual([]);
  });

  it('tells what is open, unapproved, on no job, and what lasts longer than 16 hours', () => {
    expect(told(entry('a', '08:00', null))).toEqual([['open', 'a', null, 0]]);
    expect(told(entry('a', '08:00', '09:00', { approvedAtSource: false } as never))).toEqual([['unapproved', 'a', null, 3_600]]);
    expect(told(entry('a', '08:00', '09:00', { attribution: 'pending', jobId: null }))).toEqual([
      ['unattributed', 'a', null, 3_600],
    ]);
    expect(told(entry('a', '00:00', '16:00'))).toEqual([]);
    expect(told(entry('a', '00:00', '16:01'))).toEqual([['long_entry', 'a', null, 57_660]]);
  });

  it('tells a duration that the clock contradicts by more than a minute, less breaks', () => {
    expect(told(entry('a', '08:00', '12:00', { durationSeconds: 14_340 }))).toEqual([]);
    expect(told(entry('a', '08:00', '12:00', { durationSeconds: 14_339 }))).toEqual([['duration_mismatch', 'a', null, 61]]);
    expect(told(entry('a', '08:00', '12:00', { durationSeconds: 12_600, breakSeconds: 1_800 } as never))).toEqual([]);
  });

  it('tells a day whose shift and other hours lie apart by more than 15 minutes', () => {
    const shift = entry('s', '08:00', '16:00', { category: 'shift' } as never);
    expect(told(shift, entry('a', '08:00', '15:45'))).toEqual([]);
    expect(told(shift, entry('a', '08:00', '15:44'))).toEqual([['shift_difference', 's', null, 960]]);
  });
});
