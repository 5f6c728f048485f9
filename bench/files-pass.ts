import { readRows, surveyFile } from '#imports/import-file.ts';
import type { FilesPass } from './files.ts';
import { LARGE_FILE_REQUEST, largeFile } from './large-file.ts';
import { cpuNowMs } from './measure.ts';

/*
 * One file of time entries without ids, read twice as an import reads it, in a process of its own, whose peak memory is the measure. Records
 * are counted instead of stored.
 */
const ROWS = Number(process.argv[2] ?? 1_000_000);
const open = largeFile(ROWS);
const request = LARGE_FILE_REQUEST;

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
