import { parseJsonExact } from '#kernel/decimal.ts';
import { type Instant, instantFromMs, parseInstant } from '#kernel/instant.ts';
import type { OpenOptions, SourceResponse } from '#mirror/connector.ts';
import { isWireObject } from '#mirror/offline.ts';
import { SourceError } from '#mirror/source-error.ts';
import { idIn } from './joins.ts';

const BASE = 'https://rest.tsheets.com';
/** The most rows of one answer. */
export const PAGE_SIZE = 200;

/** The lists that are read. */
export type ListName =
  | 'current_user'
  | 'customfielditems'
  | 'customfields'
  | 'estimate_items'
  | 'estimates'
  | 'groups'
  | 'jobcodes'
  | 'projects'
  | 'timesheets'
  | 'timesheets_deleted'
  | 'users';

export type Parameters = Readonly<Record<string, string>>;

/** Parameters without which a list leaves rows out (M-64). */
export const WHOLE: Readonly<Record<ListName, Parameters>> = {
  current_user: {},
  customfielditems: { active: 'both' },
  customfields: {},
  estimate_items: { active: 'both' },
  estimates: { active: 'both' },
  groups: { active: 'both' },
  jobcodes: { active: 'both', type: 'all' },
  projects: { active: 'both' },
  timesheets: { on_the_clock: 'both' },
  timesheets_deleted: {},
  users: { active: 'both' },
};

export interface ListPage {
  readonly rows: readonly unknown[];
  /** Where the next page begins, counted in rows of the list; null after the last one. */
  readonly next: number | null;
}

/** Speaks to one QuickBooks Time account with the engine's tokens. Retries and limits are SourceHttp's. */
export class QuickBooksTimeClient {
  readonly #options: OpenOptions;
  readonly #base: string;
  #token: string | null = null;
  #sourceTime: Instant | null = null;

  constructor(options: OpenOptions) {
    this.#options = options;
    this.#base = `${(options.credentials.baseUrl ?? BASE).replace(/\/+$/, '')}/api/v1`;
  }

  /** The source's clock as of its latest answer; null before the first. */
  get sourceTime(): Instant | null {
    return this.#sourceTime;
  }

  /**
   * The rows of a list from `offset` on. Pages are numbered, so one that is asked for again in half its size after a timeout has another
   * number: the offset stays a multiple of the size.
   */
  async page(list: ListName, parameters: Parameters, offset: number): Promise<ListPage> {
    const full = sizeAt(offset);
    let size = full;
    const url = (timeouts: number): string => {
      size = Math.max(1, Math.floor(full / 2 ** timeouts));
      // A size that does not divide the offset would begin elsewhere.
      while (offset % size !== 0) size -= 1;
      const paged = {
        ...WHOLE[list],
        ...parameters,
        supplemental_data: 'no',
        page: String(offset / size + 1),
        limit: String(size),
      };
      return this.#url(list, paged);
    };
    let answer: { rows: readonly unknown[]; more: boolean } = { rows: [], more: false };
    await this.#get(url, (text) => {
      answer = readList(text, list);
    });
    return { rows: answer.rows, next: answer.more ? offset + size : null };
  }

  /** Every row of a list that is small or was narrowed down. Throws `paging_loop` where it does not end. */
  async all(list: ListName, parameters: Parameters = {}): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    const seen = new Set<string>();
    for (let offset = 0, pages = 0, stale = 0; ; pages += 1) {
      const page = await this.page(list, parameters, offset);
      rows.push(...page.rows);
      if (page.next === null) return rows;
      const known = seen.size;
      for (const row of page.rows) seen.add(idIn(row, 'id') ?? `${offset}`);
      stale = seen.size === known ? stale + 1 : 0;
      if (pages >= MOST_PAGES || stale >= MAX_STALE_PAGES)
        throw new SourceError('paging_loop', `GET /${list}: the list does not come to an end`);
      offset = page.next;
    }
  }

  /** When each list was changed last; null for one of which the source tells nothing. */
  async lastModified(lists: readonly string[]): Promise<ReadonlyMap<string, Instant | null>> {
    let stamps: Record<string, unknown> = {};
    const url = this.#url('last_modified_timestamps', { endpoints: lists.join(',') });
    await this.#get(
      () => url,
      (text) => {
        const found = resultsOf(parseJsonExact(text)).last_modified_timestamps;
        if (!isWireObject(found)) throw new SyntaxError('the answer holds no stamps');
        stamps = found;
      },
    );
    return new Map(
      lists.map((list) => {
        const stamp = Object.hasOwn(stamps, list) ? stamps[list] : null;
        return [list, typeof stamp === 'string' ? parseInstant(stamp) : null];
      }),
    );
  }

  async #get(url: (timeouts: number) => string, accept: (text: string) => void): Promise<void> {
    this.#token ??= await this.#freshToken(null);
    let response = await this.#send(this.#token, url, accept);
    if (response.status === 401) {
      // One fresh token, one more try; after that the authorization is no good (M-91).
      this.#token = await this.#freshToken(this.#token);
      response = await this.#send(this.#token, url, accept);
      if (response.status === 401) throw new SourceError('reauth_required', 'a fresh token is refused');
    }
    const clock = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(clock)) this.#sourceTime = instantFromMs(clock);
  }

  #send(token: string, url: (timeouts: number) => string, accept: (text: string) => void): Promise<SourceResponse> {
    return this.#options.http.call({
      method: 'GET',
      url: url(0),
      headers: { authorization: `Bearer ${token}` },
      accept,
      urlAfterTimeouts: url,
    });
  }

  async #freshToken(rejected: string | null): Promise<string> {
    const { tokens } = this.#options;
    if (tokens === undefined) throw new SourceError('reauth_required', 'the connection was not authorized');
    return rejected === null ? tokens.current() : tokens.renew(rejected);
  }

  #url(path: string, parameters: Parameters): string {
    return `${this.#base}/${path}?${new URLSearchParams(parameters).toString()}`;
  }
}

const MOST_PAGES = 1_000;
/** Pages in a row that bring nothing new: the source sends the same ones for ever. */
export const MAX_STALE_PAGES = 3;

/** The largest page size that begins at an offset. */
function sizeAt(offset: number): number {
  let size = PAGE_SIZE;
  while (offset % size !== 0) size -= 1;
  return size;
}

/**
 * The rows of a list answer: a map by id, whose keys are not looked at since the row's own id counts, or `[]` where there are none (M-64).
 * Throws a SyntaxError for anything else.
 */
export function readList(text: string, list: ListName): { rows: readonly unknown[]; more: boolean } {
  const answer = parseJsonExact(text);
  // Of nothing at all, the source makes a list instead of a map at either level.
  if (isWireObject(answer) && Array.isArray(answer.results) && answer.results.length === 0) return { rows: [], more: false };
  const results = resultsOf(answer);
  const more = isWireObject(answer) && (answer.more === true || answer.more === 'true' || answer.more === 1);
  return { rows: rowsIn(results, list), more };
}

/** The rows under a list's name. */
function rowsIn(results: Readonly<Record<string, unknown>>, list: ListName): readonly unknown[] {
  const rows = results[list === 'current_user' ? 'users' : list];
  if (Array.isArray(rows)) return rows;
  if (isWireObject(rows)) return Object.values(rows);
  throw new SyntaxError(`the answer holds no ${list}`);
}

function resultsOf(answer: unknown): Record<string, unknown> {
  const results = isWireObject(answer) ? answer.results : null;
  if (!isWireObject(results)) throw new SyntaxError('the answer holds no results');
  return results;
}
