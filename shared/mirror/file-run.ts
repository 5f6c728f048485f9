import type { StreamReport, SyncState } from '#model/connection.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { Waiting } from '#model/sync-items.ts';
import type { AcceptedFile } from '#model/upload.ts';
import { removeAbsent } from './file-absence.ts';
import { decideFileStart } from './file-start.ts';
import { dropAbsentWaiting, keepWaiting, settleKeptRows } from './file-waiting.ts';
import type { Leg, RunSteps } from './leg.ts';
import { applyPage } from './page.ts';
import { proposeSwitch } from './propose-switch.ts';
import { carryOutHolds, removeGone } from './sweep.ts';

/** Rows of a file, and before them the records of other streams that only they name: a job that stands nowhere but in time rows (M-74). */
export interface FileBatch {
  readonly parents: readonly MappedRecord[];
  readonly rows: readonly MappedRow[];
}

/** What a run of a file source needs beside its store: the rows of files, and rows that wait for a parent. */
export interface FileRunPorts {
  /** The rows of an accepted file from its beginning, in the same batches each time. Throws a SourceError where it is gone. */
  openRows(file: AcceptedFile): AsyncIterable<FileBatch>;
  /** Keeps a row that waits with what it waits for: no source can be asked for it again. */
  keepRow(waiting: Waiting): Promise<void>;
  /** Forgets rows of earlier files that could not be read: they are told anew by the file that takes their place. */
  dropQuarantinedRows(space: string): Promise<void>;
}

/** The steps of a run that reads an accepted file instead of asking a source (M-70, M-74). */
export function fileSteps(ports: FileRunPorts): RunSteps {
  return {
    decideStart: decideFileStart,
    async read(leg) {
      await carryOutHolds(leg);
      await readAcceptedFile(leg, ports);
      await settleKeptRows(leg, ports);
      await proposeSwitch(leg);
    },
    stateAtEnd,
  };
}

/**
 * Reads the file of the run. It is the same file in every leg, so a later leg reads it from its beginning: what earlier ones have applied
 * it only notes as seen, and goes on from there. So nothing that a crash lost can make a row look absent.
 */
async function readAcceptedFile(leg: Leg, ports: FileRunPorts): Promise<void> {
  const { file } = leg.openRun;
  if (file === undefined || leg.done.some((report) => report.stream === file.stream)) return;
  const stream = leg.streamOf(file.stream);
  leg.beginStream(stream.stream);
  const appliedBefore = Number(leg.openRun.checkpoint?.pageToken ?? 0);
  if (appliedBefore === 0) await ports.dropQuarantinedRows(stream.space);
  const seen = new Set<string>();
  const remembers = file.mode !== 'upsert' || leg.state.openHolds > 0;
  let batches = 0;
  let rows = 0;
  let rejected = 0;
  for await (const { parents, rows: batch } of ports.openRows(file)) {
    if (batches >= appliedBefore) {
      leg.openRun = { ...leg.openRun, checkpoint: checkpointAt(stream, batches, rows, rejected) };
      leg.mayReadOn();
      await applyParents(leg, parents);
      leg.beginStream(stream.stream);
      await applyPage(leg, stream, batch);
      await keepWaiting(leg, ports, batch);
    }
    for (const record of parents) seen.add(mirrorId(leg.connection.id, record.space, record.sourceId));
    // A file that takes nothing away need not be remembered, unless something waits for what it shows.
    if (remembers) for (const row of batch) for (const id of idsOf(leg.connection.id, row)) seen.add(id);
    rejected += batch.filter((row) => row.kind === 'rejected').length;
    rows += batch.length;
    batches += 1;
  }
  leg.openRun = { ...leg.openRun, checkpoint: checkpointAt(stream, batches, rows, rejected) };
  leg.mayReadOn();
  leg.noteSeen(stream.stream, seen);
  // A file with any row that cannot be read takes nothing away: the row may be the one that is missed (M-71).
  if (rejected > 0) leg.takeGone(stream.stream);
  else {
    await removeGone(leg, stream);
    await dropAbsentWaiting(leg, stream, file, seen);
    await removeAbsent(leg, stream, file, seen, rows);
  }
  leg.done.push(reportOf(leg, stream, batches));
  leg.openRun = { ...leg.openRun, checkpoint: null };
}

function checkpointAt(stream: StreamManifest, batches: number, rows: number, rejected: number) {
  const place = { stream: stream.stream, pageToken: String(batches), from: null, highWater: null };
  return { ...place, rows, rejected, pages: batches, calls: 0 };
}

/** Ids of what a row shows; a row that says its record is gone shows nothing. */
export function idsOf(connectionId: string, row: MappedRow): string[] {
  if (row.kind === 'rejected' || row.record.tombstone !== undefined) return [];
  return [row.record, ...row.also].map(({ space, sourceId }) => mirrorId(connectionId, space, sourceId));
}

/** Records that rows of another stream name stand in their own. */
async function applyParents(leg: Leg, parents: readonly MappedRecord[]): Promise<void> {
  for (const stream of leg.manifest.streams) {
    const own = parents.filter((record) => record.entity === stream.entity && record.space === stream.space);
    if (own.length === 0) continue;
    leg.beginStream(stream.stream);
    await applyPage(
      leg,
      stream,
      own.map((record) => ({ kind: 'record', record, also: [] })),
    );
    if (!leg.done.some((report) => report.stream === stream.stream))
      leg.done.push({ ...reportOf(leg, stream, 0), complete: false });
  }
}

/** What a stream's reading came to; counts are filled in at the end of the run. */
export function reportOf(leg: Leg, stream: StreamManifest, pages: number): StreamReport {
  const counts = { ...leg.countOf(stream.entity, stream.stream) };
  return {
    stream: stream.stream,
    entity: stream.entity,
    outcome: counts.quarantined > 0 || counts.held > 0 ? 'succeeded-with-quarantine' : 'succeeded',
    counts,
    pages,
    calls: 0,
    cursorFrom: null,
    cursorTo: null,
    error: null,
    complete: true,
    far: true,
  };
}

/**
 * The sync timestamp is the time of the last accepted file (M-74): a run without one moves none, and of a run with one only what the file
 * itself brought is as of the file, not what waited for it.
 */
function stateAtEnd(leg: Leg, changes: Partial<SyncState>): Partial<SyncState> {
  const { file } = leg.openRun;
  if (file === undefined) {
    const { lastSuccessfulAt, lastSuccessfulRunId, dataAsOf, streams, firstSyncDone, ...rest } = changes;
    const { state, cause, fix } = leg.state;
    return leg.state.firstSyncDone ? rest : { ...rest, state, cause, fix };
  }
  const stream = leg.streamOf(file.stream);
  const own = new Set([...leg.done.flatMap((report) => (report.far ? [report.stream] : [])), ...(stream.also ?? [])]);
  const read = Object.entries(changes.streams ?? {}).filter(([name]) => own.has(name));
  return { ...changes, streams: { ...leg.state.streams, ...Object.fromEntries(read) } };
}
