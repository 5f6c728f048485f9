import type { Row } from './dataset.ts';
import type { TenantData } from './tenant-data.ts';

/** A request as a fake's own code sees it. */
export type FakeRequest = {
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  /** Query text without the question mark, undecoded. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** An answer; a body that is no string is sent as JSON. */
export type FakeReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The request has had its effect, but its answer never arrives: the connection is cut. */
  readonly lost?: true;
};

/** How row faults bend one page of a list. */
export type PageBend = {
  /** Serve the first page whatever page was asked for. */
  readonly loop: boolean;
  /** Let one row stand twice in the whole list, so that paging by offset stays consistent. */
  readonly duplicate: boolean;
};

/** A list answer, given in parts so that the shell can apply faults between them. */
export type ListReply = {
  readonly entity: string;
  readonly key: readonly string[];
  /** Whether this is the first page of a listing: a duplicate row is decided here and held for the pages after. */
  readonly first: boolean;
  /** The rows of the page asked for, from the data given (which may be another account's). */
  page(data: TenantData, bend: PageBend): Row[];
  /** The answer holding these rows; `shortened` tells that more rows of this page follow on the next one. */
  encode(rows: readonly unknown[], shortened: boolean): FakeReply;
};

/** Where a request belongs, and how it is answered once no fault has taken its place. */
export type Route = {
  readonly tenant: string | null;
  /** The list or other door asked for, null when the request names none. */
  readonly entity: string | null;
  /** Lists take every fault; other doors (login, probes) only those set for them by name. */
  readonly list: boolean;
  respond(): FakeReply | ListReply;
};

/** Whether an answer is a list in parts. */
export function isListReply(reply: FakeReply | ListReply): reply is ListReply {
  return 'encode' in reply;
}

/** The bytes and the content type of an answer's body. */
export function bodyOf(reply: FakeReply): { type: string; bytes: Buffer } {
  if (typeof reply.body === 'string') return { type: 'text/plain; charset=utf-8', bytes: Buffer.from(reply.body) };
  return { type: 'application/json; charset=utf-8', bytes: Buffer.from(JSON.stringify(reply.body)) };
}
