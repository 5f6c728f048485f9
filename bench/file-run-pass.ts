import { fileImportConnector } from '#functions/sync/file-import/index.ts';
import { fileBatches } from '#functions/sync/file-import/read-upload.ts';
import { fileSteps } from '#mirror/file-run.ts';
import type { RunPorts } from '#mirror/leg.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { AcceptedFile } from '#model/upload.ts';
import { filesAre, updateSyncStateAction } from '#store/connection-repository.ts';
import { dropQuarantinedRows, keepWaitingRow } from '#store/upload-repository.ts';
import { BLANK_JOB, BLANK_WORKER } from '#test/support/blank-records.ts';
import { startSyncBench } from '#test/support/sync-bench.ts';
import { countingTable, type Written } from './counting-table.ts';
import type { FileRunPass } from './files.ts';
import { JOBS, LARGE_FILE_REQUEST, largeFile, WORKERS } from './large-file.ts';

/*
 * One run over the largest file and one over the same file again, in a process of its own: read, compared, planned and written, in legs of
 * a function's length. Entries are counted instead of stored; fingerprints, plans and the run's own state are stored.
 */
const ROWS = Number(process.argv[2] ?? 1_000_000);
const LEG_MS = Number(process.argv[3] ?? 180_000);

const written: Written = { times: 0 };
const bench = await startSyncBench({
  connector: fileImportConnector,
  now: Date.parse('2026-03-20T20:00:00Z'),
  wrapTable: (table) => countingTable(table, written),
});
const { table, scope } = bench;

const STAMPS = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null } as const;
const named = (count: number, make: (id: string) => Pick<MappedRecord, 'entity' | 'space' | 'fields'>): MappedRecord[] =>
  Array.from({ length: count }, (_, n) => ({ ...make(String(n)), ...STAMPS, sourceId: String(n) }));
/** Whom and what the rows name. */
const under: readonly MappedRecord[] = [
  ...named(WORKERS, (id) => ({ entity: 'worker', space: 'worker', fields: { ...BLANK_WORKER, displayName: `Worker ${id}` } })),
  ...named(JOBS, (id) => ({ entity: 'job', space: 'job', fields: { ...BLANK_JOB, name: `Job ${id}` } })),
];

const steps = fileSteps({
  openRows: () => fileBatches(largeFile(ROWS), LARGE_FILE_REQUEST, under),
  keepRow: (waiting) => keepWaitingRow(table, scope, 1, waiting),
  dropQuarantinedRows: (space) => dropQuarantinedRows(table, scope, 1, space),
});

/** Accepts the file and runs until it is read in; the time of a leg is what it really took. */
async function run(runId: string): Promise<{ readonly legs: number; readonly longestMs: number }> {
  const { fence, files } = await bench.state();
  const accepted: AcceptedFile = {
    ...{ uploadId: runId, runId, entity: 'time_entry', stream: 'time_entries', mode: 'upsert', window: null },
    ...{ dataAsOf: '2026-03-20T05:00:00.000Z', requestedBy: 'admin', requestedAt: '2026-03-20T20:00:00.000Z' },
  };
  await table.write(scope, [updateSyncStateAction(scope, 1, { files: [accepted] }, fence, filesAre(files))]);
  for (let legs = 1, longestMs = 0; ; legs += 1) {
    const begun = performance.now();
    const ports: Partial<RunPorts> = { steps, remainingMs: () => LEG_MS - (performance.now() - begun) };
    const result = await bench.run({ kind: 'manual' }, ports);
    longestMs = Math.max(longestMs, performance.now() - begun);
    bench.clock.now += Math.ceil(performance.now() - begun);
    if (result.kind === 'finished') {
      if (result.run.outcome !== 'succeeded') throw new Error(`the run ended ${result.run.outcome}`);
      return { legs, longestMs };
    }
    if (result.kind !== 'continues') throw new Error(`the run stopped: ${JSON.stringify(result)}`);
  }
}

const first = await run('FIRST');
const { user, system } = process.cpuUsage();
const begun = written.times;
const again = await run('AGAIN');
const pass: FileRunPass = {
  rows: ROWS,
  written: begun,
  writtenAgain: written.times - begun,
  legs: first.legs,
  longestLegSeconds: Math.ceil(Math.max(first.longestMs, again.longestMs) / 1_000),
  cpuSeconds: (user + system) / 1_000_000,
  peakMb: Math.ceil(process.resourceUsage().maxRSS / 1_024),
};
await bench.stop();
process.stdout.write(JSON.stringify(pass));
