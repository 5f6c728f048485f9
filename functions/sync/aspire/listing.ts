import { ExactNumber } from '#kernel/decimal.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { AspireClient, ListPage } from './client.ts';
import { LISTS, type ListName } from './lists.ts';

/** M-87. */
const MAX_PAGES = 10_000;
/** Pages in a row without a new row: rows moving about can cause one, a source that does not advance causes them for ever. */
const MAX_STALE_PAGES = 3;

/**
 * One reading of a list to its end: skips by rows received, ends only at an empty page, drops rows already seen, and notices a source
 * that sends the same page again and again (M-54, M-87).
 */
export class Listing {
  readonly #client: AspireClient;
  readonly #list: ListName;
  readonly #filter: string | null;
  readonly #seen = new Set<string>();
  #stalePages = 0;
  #pages = 0;
  #skip: number;

  /** `skip`: rows received by an earlier leg of the same reading. */
  constructor(client: AspireClient, list: ListName, filter: string | null, skip = 0) {
    this.#client = client;
    this.#list = list;
    this.#filter = filter;
    this.#skip = skip;
  }

  /** Rows received so far, dropped ones included: where the next page begins. */
  get skip(): number {
    return this.#skip;
  }

  /** The next page without rows seen before; `last` when it was empty. Throws `paging_loop`. */
  async next(): Promise<ListPage & { readonly last: boolean }> {
    const page = await this.#client.page({ list: this.#list, filter: this.#filter, skip: this.#skip });
    if (page.rows.length === 0) return { ...page, last: true };
    this.#pages += 1;
    this.#skip += page.rows.length;
    const rows = page.rows.filter((row) => this.#isNew(row));
    this.#stalePages = rows.length === 0 ? this.#stalePages + 1 : 0;
    if (this.#stalePages >= MAX_STALE_PAGES || this.#pages > MAX_PAGES) {
      throw new SourceError('paging_loop', `GET /${this.#list}: the list does not come to an end`);
    }
    return { ...page, rows, last: false };
  }

  /** Every remaining row. */
  async rest(): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    for (;;) {
      const page = await this.next();
      if (page.last) return rows;
      rows.push(...page.rows);
    }
  }

  /** A row whose id cannot be read is passed on each time: its mapping says what is wrong with it. */
  #isNew(row: unknown): boolean {
    const id = idOf(row, LISTS[this.#list]);
    if (id === null) return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}

/** The id in a field of a raw row as text; null when there is none or it is no id. */
export function idOf(row: unknown, field: string): string | null {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, field)) return null;
  const value = (row as Record<string, unknown>)[field];
  if (value instanceof ExactNumber) return /^\d{1,256}$/.test(value.text) ? value.text : null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
}

/** The distinct ids in a field of raw rows. */
export function idsOf(rows: readonly unknown[], field: string): string[] {
  return [...new Set(rows.map((row) => idOf(row, field)).filter((id) => id !== null))];
}
