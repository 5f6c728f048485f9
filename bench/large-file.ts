import type { ImportRequest, OpenFile } from '#imports/outcome.ts';
import { canonicalProfile } from '#imports/shipped.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';

/** People and jobs that the file's rows name: `0` to one less than these. */
export const WORKERS = 5_000;
export const JOBS = 997;
const CHUNK_ROWS = 2_000;
const FIRST_DAY = '2025-01-01';

/** A file of time entries without ids, made while it is read. Every hundredth row says the same as the one before it. */
export function largeFile(rows: number): OpenFile {
  const dayOf = Array.from({ length: Math.ceil(rows / WORKERS) }, (_, day): LocalDate => addDays(FIRST_DAY, day));
  const lineOf = (row: number): string =>
    `${row % WORKERS},${dayOf[Math.floor(row / WORKERS)]},07:00,15:30,8,.5,${row % JOBS}\r\n`;
  return async function* open() {
    yield Buffer.from('worker_id,date,start,end,hours,break_hours,job_id\r\n');
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      let text = '';
      for (let row = from; row < Math.min(rows, from + CHUNK_ROWS); row += 1) text += lineOf(row % 100 === 99 ? row - 1 : row);
      yield Buffer.from(text);
    }
  };
}

/** How it is read. */
export const LARGE_FILE_REQUEST: ImportRequest = {
  profile: { ...canonicalProfile('time_entries'), duplicates: 'count' },
  settings: { statusMap: {}, ignoredStatuses: [], importWages: false },
  zone: 'America/New_York',
  currency: 'USD',
  derivedBranchId: null,
};
