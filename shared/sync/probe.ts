import type { Connector, OpenOptions } from '#mirror/connector.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { ProbeAnswer, ProbeCall } from '#model/sync-call.ts';

/** Asks the source for one record by id (M-123). A failed question says so: it is never "not there" (M-90). */
export async function probe(connector: Connector, options: OpenOptions, call: ProbeCall): Promise<ProbeAnswer> {
  const streams = connector.manifest.streams.filter(
    (stream) => stream.entity === call.entity || stream.also?.includes(call.entity),
  );
  try {
    const session = await connector.open(options);
    for (const stream of streams) {
      const page = await session.fetch({ stream: stream.stream, ids: [call.sourceId] });
      const row = page.rows.find((one) => idOf(one) === call.sourceId);
      if (row) return describe(row, stream.space);
    }
    return { result: 'not_found' };
  } catch (error) {
    if (error instanceof OutOfTime) return { result: 'failed', code: 'source_unavailable' };
    if (!(error instanceof SourceError)) throw error;
    return { result: 'failed', code: error.code };
  }
}

const idOf = (row: MappedRow): string | null => (row.kind === 'record' ? row.record.sourceId : row.rejected.sourceId);

function describe(row: MappedRow, listed: Extract<ProbeAnswer, { result: 'found' }>['space']): ProbeAnswer {
  const nothing = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null, skip: null, rejected: null };
  if (row.kind === 'rejected') {
    const { reason, field, value } = row.rejected;
    return { result: 'found', space: listed, ...nothing, rejected: { reason, field, value } };
  }
  const { space, sourceUpdatedAt, sourceCreatedAt, sourceStatus, skip } = row.record;
  return { result: 'found', space, ...nothing, sourceUpdatedAt, sourceCreatedAt, sourceStatus, skip: skip ?? null };
}
