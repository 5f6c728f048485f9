import type { Hold, QuarantineEntry, Run, RunCounts } from '#model/connection.ts';
import { NO_COUNTS } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import { connectionPartition } from '#model/keys.ts';
import type { Waiting } from '#model/sync-items.ts';
import type { Item } from '#store/table.ts';
import { type Range, readPage } from '../pages.ts';
import { notFound } from '../problem.ts';
import type { Report, ReportDefinition, ReportInputs, Row } from './report.ts';

const OF_CONNECTION = ['connectionId', 'connection'];
const COUNTS = Object.keys(NO_COUNTS) as readonly (keyof RunCounts)[];
const EXCEPTION = ['entity', 'sourceId', 'row', 'reason', 'field', 'value', 'since'];
/** Runs whose exceptions one page tells: each lists up to a thousand. */
const RUNS_OF_EXCEPTIONS = 10;

/** What runs did, the latest first (M-108). */
export const runs: ReportDefinition = ofConnections(
  [
    ...['runId', 'trigger', 'mode', 'requestedBy', 'outcome', 'startedAt', 'finishedAt', 'dataAsOf', 'legs', 'pages', 'calls'],
    ...COUNTS,
    ...['exceptions', 'errorCode', 'errorWho', 'errorDetail'],
  ],
  { prefix: 'RUN#', descending: true },
  (item) => [runRow(item.run as Run)],
);

/** What runs left aside, and why. */
export const runExceptions: ReportDefinition = ofConnections(
  ['runId', 'startedAt', ...EXCEPTION],
  { prefix: 'RUN#', descending: true },
  (item) => {
    const { id: runId, startedAt, exceptions } = item.run as Run;
    return exceptions.map((one) => ({ runId, startedAt, ...exceptionCells(one) }));
  },
  RUNS_OF_EXCEPTIONS,
);

/** Records that could not be mapped. */
export const quarantine: ReportDefinition = ofConnections(
  [...EXCEPTION, 'attempts', 'firstRunId', 'lastRunId'],
  { prefix: 'QUAR#' },
  (item) => {
    const entry = item.entry as QuarantineEntry;
    const { attempts, firstRunId, lastRunId } = entry;
    return [{ ...exceptionCells({ ...entry, since: entry.firstAt }), attempts, firstRunId, lastRunId }];
  },
);

/** Records that wait for a parent that is not mirrored. */
export const parked: ReportDefinition = ofConnections(
  ['space', 'sourceId', 'parentSpace', 'parentSourceId', 'parentId', 'since'],
  { prefix: 'PARK#' },
  (item) => {
    const { space, sourceId, since, parent, parked: waits } = item.waiting as Waiting;
    if (!waits) return [];
    return [{ space, sourceId, parentSpace: parent.space, parentSourceId: parent.sourceId, parentId: parent.id, since }];
  },
);

/** Deletions that wait for a person, or did. */
export const holds: ReportDefinition = ofConnections(
  ['runId', 'entity', 'count', 'share', 'cause', 'openedAt', 'decision', 'decidedBy'],
  { prefix: 'HOLD#' },
  (item) => {
    const { runId, entity, count, share, cause, openedAt, decision, decidedBy } = item.hold as Hold;
    return [{ runId, entity, count, share: String(share), cause, openedAt, decision, decidedBy }];
  },
);

/** A report over what connections keep beside their records, one after the other; each page is a Query. */
function ofConnections(
  columns: readonly string[],
  range: Pick<Range, 'prefix' | 'descending'>,
  rowsOf: (item: Item) => readonly Row[],
  most = Number.POSITIVE_INFINITY,
): ReportDefinition {
  const read = async (inputs: ReportInputs): Promise<Report> => {
    const { request, desk, given } = inputs;
    const { connections } = desk.context;
    const ids = Object.keys(connections).filter((id) => given.connectionId === undefined || id === given.connectionId);
    if (given.connectionId !== undefined && ids.length === 0) throw notFound();
    const ranges = ids.map((id) => {
      const { n } = parseConnectionId(id)!;
      return { ...range, name: String(n).padStart(6, '0'), partition: connectionPartition(request.scope, n) };
    });
    ranges.sort((a, b) => (a.name < b.name ? -1 : 1));
    const query = { ...request.query, limit: Math.min(request.query.limit, most) };
    const page = await readPage({ ...request, query }, ranges);
    const byPartition = new Map(ids.map((id) => [connectionPartition(request.scope, parseConnectionId(id)!.n), id]));
    const items = page.items.flatMap((item) => {
      const connectionId = byPartition.get(item.pk) ?? null;
      const connection = connections[connectionId ?? '']?.name ?? null;
      return rowsOf(item).map((row) => ({ connectionId, connection, ...row }));
    });
    return { items, ids: page.items.map(({ sk }) => sk), nextCursor: page.nextCursor };
  };
  return { filters: ['connectionId'], paged: true, columns: [...OF_CONNECTION, ...columns], read };
}

function runRow({ id, streams, exceptionCount, error, ...run }: Run): Row {
  const { trigger, mode, requestedBy, outcome, startedAt, finishedAt, dataAsOf, legs } = run;
  const total = (of: (stream: Run['streams'][number]) => number): number => streams.reduce((sum, one) => sum + of(one), 0);
  return {
    ...{ runId: id, trigger, mode, requestedBy, outcome, startedAt, finishedAt, dataAsOf, legs },
    pages: total(({ pages }) => pages),
    calls: total(({ calls }) => calls),
    ...Object.fromEntries(COUNTS.map((name) => [name, total(({ counts }) => counts[name])])),
    exceptions: exceptionCount,
    ...{ errorCode: error?.code ?? null, errorWho: error?.who ?? null, errorDetail: error?.detail ?? null },
  };
}

function exceptionCells(one: Run['exceptions'][number]): Row {
  const { entity, sourceId, row = null, reason, field, value, since } = one;
  return { entity, sourceId, row, reason, field, value, since };
}
