import { csvLine } from '#kernel/csv.ts';
import { hexHashOf } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { type ListKind, noteList } from './list-kind.ts';
import { choiceParameter, MAX_LIMIT } from './query.ts';
import type { AnySchema, ApiAnswer, ApiRequest, RouteDefinition } from './route.ts';
import { type Column, cellOf, columnsOf, itemOfList } from './table-columns.ts';

/** The parameter that every list has (M-156). */
const FORMAT = /* @__PURE__ */ choiceParameter(
  ['json', 'csv', 'jsonl'],
  'As a table: CSV with a header, or a line of JSON an item. Without `limit` it goes on over many pages; the header Link names the rest',
);

/** Rows and bytes after which a table leaves the rest to the next one: far below the 6 MB that a function may answer. */
const MOST_ROWS = 10_000;
const MOST_BYTES = 3_500_000;
/** How long a table is gathered. */
const MOST_MS = 15_000;

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

const TABLES: ListKind = { format: FORMAT, textTypes: ['text/csv', 'application/jsonl'], answer: answerList };

/** A schema of lists, which come as tables as well, whatever they are lists of. */
export const asList = <S extends AnySchema>(schema: S): S => noteList(schema, TABLES);

type ListRequest<Ports> = ApiRequest<string, never, unknown, Ports>;
interface ListBody {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
  readonly dataAsOf?: Instant | null;
  /** The columns of items whose shape does not tell them. */
  readonly columns?: readonly string[];
}

/** What was gathered of a list. */
interface Gathered {
  readonly lines: readonly string[];
  readonly nextCursor: string | null;
  /** Absent where the list has none. */
  readonly dataAsOf?: Instant | null;
}

/**
 * Answers a list in the format that was asked for. A table is made of the very items that the JSON holds, so it shows no caller more than
 * that; how old they are, by which filters, the checksum and where it goes on stand in headers, so that the file is a table and nothing else.
 */
async function answerList<Ports extends { now(): Instant }>(
  route: RouteDefinition<Ports>,
  request: ListRequest<Ports>,
  rawQuery: string,
  check: (answer: ApiAnswer) => void,
): Promise<ApiAnswer> {
  const { format = 'json', ...query } = request.query as { readonly format?: 'json' | 'csv' | 'jsonl' };
  const plain = { ...request, query: query as never };
  if (format === 'json') return route.handler(plain);
  const { lines, nextCursor, dataAsOf } = await gather(route, plain, { format, rawQuery, check });
  const text = lines.join('');
  const { cursor: _cursor, limit: _limit, ...filters } = query as Readonly<Record<string, unknown>>;
  const given = new URLSearchParams(Object.entries(filters).map(([name, value]): [string, string] => [name, String(value)]));
  const next = nextCursor === null ? null : followed(rawQuery, nextCursor);
  return {
    body: text,
    mediaType: MEDIA_TYPES[format],
    headers: {
      'content-disposition': `attachment; filename="${fileName(route, request)}.${format}"`,
      'x-checksum-sha256': hexHashOf(text),
      'x-filters': String(given),
      'x-generated-at': request.ports.now(),
      ...(dataAsOf === undefined ? {} : { 'x-data-as-of': dataAsOf ?? 'unknown' }),
      ...(nextCursor === null ? {} : { link: `<${request.path}?${next}>; rel="next"`, 'x-next-cursor': nextCursor }),
    },
  };
}

/** Reads page after page until the list ends or one answer has enough; a page alone where the caller says how long it is. */
async function gather<Ports extends { now(): Instant }>(
  route: RouteDefinition<Ports>,
  request: ListRequest<Ports>,
  how: { readonly format: 'csv' | 'jsonl'; readonly rawQuery: string; check(answer: ApiAnswer): void },
): Promise<Gathered> {
  const isPaged = route.query.limit !== undefined;
  const onePage = !isPaged || new URLSearchParams(how.rawQuery).has('limit');
  const until = Date.parse(request.ports.now()) + MOST_MS;
  const lines: string[] = [];
  let bytes = 0;
  let query: Readonly<Record<string, unknown>> = onePage ? request.query : { ...(request.query as object), limit: MAX_LIMIT };
  let dataAsOf: Instant | null | undefined;
  while (true) {
    const answer = await route.handler({ ...request, query: query as never });
    how.check(answer);
    const body = answer.body as ListBody;
    const columns =
      how.format === 'csv' ? (body.columns?.map((name) => [name]) ?? columnsOf(itemOfList(route.answer.schema)!)) : [];
    if (how.format === 'csv' && lines.length === 0) lines.push(`${csvLine(columns.map((column) => column.join('.')))}\r\n`);
    for (const item of body.items) {
      const line = how.format === 'csv' ? csvOf(item, columns) : `${JSON.stringify(item)}\n`;
      lines.push(line);
      bytes += Buffer.byteLength(line);
    }
    dataAsOf = older(dataAsOf, body.dataAsOf);
    const { nextCursor } = body;
    const enough = onePage || lines.length >= MOST_ROWS || bytes >= MOST_BYTES || Date.parse(request.ports.now()) >= until;
    if (nextCursor === null || enough) return { lines, nextCursor, ...(dataAsOf === undefined ? {} : { dataAsOf }) };
    query = { ...query, cursor: nextCursor };
  }
}

const csvOf = (item: unknown, columns: readonly Column[]): string =>
  `${csvLine(columns.map((column) => cellOf(item, column)))}\r\n`;

/** The older of two ages; what nobody can tell is the oldest. */
function older(a: Instant | null | undefined, b: Instant | null | undefined): Instant | null | undefined {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  if (a === null || b === null) return null;
  return a < b ? a : b;
}

/** The query that goes on with a list, with everything else as it was asked. */
function followed(rawQuery: string, cursor: string): string {
  const query = new URLSearchParams(rawQuery);
  query.set('cursor', cursor);
  return String(query);
}

/** `/v1/jobs/{id}/milestones` → `jobs-milestones`, `/v1/reports/{name}` → `reports-<name>`. */
function fileName(
  { path }: { readonly path: string },
  { params }: { readonly params: Readonly<Record<string, string>> },
): string {
  const parts = path.replace('{name}', params.name ?? '').split('/');
  return parts.filter((part) => part !== '' && part !== 'v1' && !part.startsWith('{')).join('-');
}
