import { readRows, surveyFile } from '#imports/import-file.ts';
import type { ImportRequest, OpenFile } from '#imports/outcome.ts';
import { canonicalProfile } from '#imports/shipped.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { FilesPass } from './files.ts';
import { cpuNowMs } from './measure.ts';

/*
 * One file of time entries without ids, read twice as an import reads it, in a process of its own, whose peak memory is the measure. The
 * file is made while it is read; records are counted instead of stored. Every hundredth row says the same as the one before it.
 */
const ROWS = Number(process.argv[2] ?? 1_000_000);
const WORKERS = 5_000;
const CHUNK_ROWS = 2_000;

const open: OpenFile = async function* () {
  yield Buffer.from('worker_id,date,start,end,hours,break_hours,job_id\r\n');
  for (let from = 0; from < ROWS; from += CHUNK_ROWS) {
    let text = '';
    for (let row = from; row < Math.min(ROWS, from + CHUNK_ROWS); row += 1) text += lineOf(row % 100 === 99 ? row - 1 : row);
    yield Buffer.from(text);
  }
};

const dayOf = Array.from({ length: Math.ceil(ROWS / WORKERS) }, (_, day): LocalDate => addDays('2025-01-01', day));

function lineOf(row: number): string {
  return `${row % WORKERS},${dayOf[Math.floor(row / WORKERS)]},07:00,15:30,8,.5,${row % 997}\r\n`;
}

const request: ImportRequest = {
  profile: { ...canonicalProfile('time_entries'), duplicates: 'count' },
  settings: { statusMap: {}, ignoredStatuses: [], importWages: false },
  zone: 'America/New_York',
  currency: 'USD',
  derivedBranchId: null,
};

const start = cpuNowMs();
const surveyed = await surveyFile(open, request);
let records = 0;
let seconds = 0;
for await (const { rows } of readRows(open, request, surveyed)) {
  for (const { mapped } of rows) {
    if (mapped?.kind !== 'record') continue;
    records += 1;
    seconds += (mapped.record.fields as { readonly durationSeconds: number }).durationSeconds;
  }
}
const pass: FilesPass = {
  rows: surveyed.survey.counts.records,
  records,
  hours: seconds / 3_600,
  megabytes: Math.floor(surveyed.survey.bytes / 1_048_576),
  cpuSeconds: (cpuNowMs() - start) / 1_000,
  peakMb: Math.ceil(process.resourceUsage().maxRSS / 1_024),
};
process.stdout.write(JSON.stringify(pass));
