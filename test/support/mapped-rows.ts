import type { ConnectorSession, ReadRequest, SourcePage } from '#mirror/connector.ts';
import type { EntityName } from '#model/entities.ts';
import type { MappedRecord, MappedRow, Rejection } from '#model/mapped-record.ts';

const MOST_PAGES = 500;

/** A mapped row as the record it has to be. */
export function recordOf<E extends EntityName>(row: MappedRow | undefined, entity: E): MappedRecord<E> {
  if (row?.kind !== 'record' || row.record.entity !== entity) throw new Error(`no ${entity}: ${JSON.stringify(row)}`);
  return row.record as MappedRecord<E>;
}

/** The records of one entity among rows. */
export function recordsOf<E extends EntityName>(rows: readonly MappedRow[], entity: E): MappedRecord<E>[] {
  return rows.flatMap((row) => (row.kind === 'record' && row.record.entity === entity ? [row.record as MappedRecord<E>] : []));
}

/** A mapped row as the rejection it has to be. */
export function rejectionOf(row: MappedRow | undefined): Rejection {
  if (row?.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(row)}`);
  return row.rejected;
}

/** Source ids of the records among rows. */
export function idsOf(rows: readonly MappedRow[]): string[] {
  return rows.flatMap((row) => (row.kind === 'record' ? [row.record.sourceId] : []));
}

export function rowsOfPages(pages: readonly SourcePage[]): MappedRow[] {
  return pages.flatMap((page) => page.rows);
}

/** Reads a stream to its end, whole unless told otherwise; the pages as they came. */
export async function readAll(
  session: ConnectorSession,
  request: Partial<ReadRequest> & Pick<ReadRequest, 'stream'>,
): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  let pageToken: string | null = null;
  do {
    const page: SourcePage = await session.readPage({ since: null, window: null, ...request, pageToken });
    pages.push(page);
    pageToken = page.next;
  } while (pageToken !== null && pages.length < MOST_PAGES);
  return pages;
}

/** The rows of a stream read to its end. */
export async function readRows(session: ConnectorSession, request: Parameters<typeof readAll>[1]): Promise<MappedRow[]> {
  return rowsOfPages(await readAll(session, request));
}
