import { parseJsonExact } from '#kernel/decimal.ts';
import { addDays, type Instant, instantFromMs } from '#kernel/instant.ts';
import type { OpenOptions, SourceResponse } from '#mirror/connector.ts';
import { SourceError, type SourceErrorCode } from '#mirror/source-error.ts';

const BASES: Readonly<Record<string, string>> = {
  production: 'https://api.procore.com',
  sandbox: 'https://sandbox.procore.com',
  monthly: 'https://api-monthly.procore.com',
};

/** Parameters of a list, in order; a name may stand several times. */
export type Query = readonly (readonly [string, string])[];

/** Where a reading stands: the page, counted from 1, in pages of this size. */
export interface Position {
  readonly page: number;
  readonly size: number;
}

export interface ListPage {
  readonly rows: readonly unknown[];
  /** Where the list goes on; null at its end. Unknown where the source does not say: only an empty page is the end then. */
  readonly next: Position | null;
  /** Whether the source told that there is, or is not, a next page. */
  readonly told: boolean;
}

/** Speaks to one Procore company: company header, tokens, pages of lists. Limits and retries are SourceHttp's, tokens the engine's. */
export class ProcoreClient {
  readonly companyId: string;
  readonly #options: OpenOptions;
  readonly #base: string;
  #token: string | null = null;
  #sourceTime: Instant | null = null;

  constructor(options: OpenOptions) {
    const { baseUrl, environment, companyId } = options.credentials;
    if (companyId === undefined || !/^\d{1,20}$/.test(companyId))
      throw new SourceError('request_rejected', 'the company id is not given');
    this.#options = options;
    this.#base = (baseUrl ?? baseOf(environment ?? 'production')).replace(/\/+$/, '');
    this.companyId = companyId;
  }

  /** The source's clock as of its latest answer; null before the first. */
  get sourceTime(): Instant | null {
    return this.#sourceTime;
  }

  /** One page of a list. After timeouts the page is smaller, and so are those behind it. */
  async page(path: string, query: Query, at: Position): Promise<ListPage> {
    let rows: readonly unknown[] = [];
    let asked = at;
    const urlAt = (position: Position): string => {
      asked = position;
      return this.#url(path, [...query, ['page', String(position.page)], ['per_page', String(position.size)]]);
    };
    const response = await this.#send({
      url: urlAt(at),
      // Half the page, and of those the first: pages are counted in their own size.
      urlAfterTimeouts: (timeouts) => urlAt(halved(at, timeouts)),
      accept: (text) => {
        rows = readRows(text);
      },
    });
    const { link } = response.headers;
    const told = link !== undefined;
    const ended = told ? !/rel="?next"?/.test(link) : rows.length === 0;
    return { rows, next: ended ? null : { page: asked.page + 1, size: asked.size }, told };
  }

  async #send(request: {
    readonly url: string;
    readonly urlAfterTimeouts: (timeouts: number) => string;
    readonly accept: (text: string) => void;
  }): Promise<SourceResponse> {
    const { tokens, http } = this.#options;
    if (tokens === undefined) throw new SourceError('reauth_required', 'this connection has no authorization');
    const call = (token: string): Promise<SourceResponse> => {
      const headers = { authorization: `Bearer ${token}`, 'procore-company-id': this.companyId };
      return http.call({ method: 'GET', headers, refusal: refusalOf, ...request });
    };
    this.#token = await tokens.current();
    let response = await call(this.#token);
    if (response.status === 401) {
      // One newer token, one more try; after that the authorization is no good (M-91).
      this.#token = await tokens.renew(this.#token);
      response = await call(this.#token);
      if (response.status === 401)
        throw new SourceError('reauth_required', `GET ${new URL(request.url).pathname} is refused with a fresh token`);
    }
    this.#sourceTime = readClock(response.headers.date) ?? this.#sourceTime;
    return response;
  }

  #url(path: string, query: Query): string {
    const text = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
    return `${this.#base}${path}?${text}`;
  }
}

function halved({ page, size }: Position, timeouts: number): Position {
  const parts = Math.min(2 ** timeouts, size);
  return { page: (page - 1) * parts + 1, size: Math.floor(size / parts) };
}

function baseOf(environment: string): string {
  const base = Object.hasOwn(BASES, environment) ? BASES[environment] : undefined;
  if (base === undefined) throw new SourceError('host_refused', 'the environment is none of production, sandbox and monthly');
  return base;
}

/** What Procore says beyond a status: its words decide here and go nowhere else. */
function refusalOf(status: number, text: string): SourceErrorCode | null {
  if (text.includes('Missing Procore-Company-Id header')) return 'request_rejected';
  return status === 403 && text.includes('App is not connected to this company') ? 'reauth_required' : null;
}

/** The rows of a list answer: a bare array, or (version 2) an envelope around one. Throws a SyntaxError for anything else. */
export function readRows(text: string): readonly unknown[] {
  const answer = parseJsonExact(text);
  if (Array.isArray(answer)) return answer;
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : null;
  if (Array.isArray(data)) return data;
  throw new SyntaxError('the answer is no list');
}

/** A range of instants as Procore's filters write it: from this one on. The end lies beyond every clock. */
export function fromOn(since: Instant): string {
  return `${since.slice(0, 19)}Z...${addDays(since.slice(0, 10), 36_500)}T00:00:00Z`;
}

function readClock(date: string | undefined): Instant | null {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? null : instantFromMs(ms);
}
