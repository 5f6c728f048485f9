import { tryRead } from '#mirror/read-fields.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { Position, ProcoreClient, Query } from './client.ts';
import { readId } from './map/read.ts';

/** M-87. */
const MAX_PAGES = 10_000;
/** Pages in a row without a new row: rows moving about can cause one, a source that does not advance causes them for ever. */
const MAX_STALE_PAGES = 3;
/** Rows asked for at once: a power of two, so that it can be halved; projects may be asked for 300 at most. */
const PAGE_SIZE = 1024;
const PROJECTS_PAGE_SIZE = 256;

/** One page of a listing; `next` is where it goes on, as text that another leg understands. */
export interface Part {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}

/**
 * One reading of a list to its end: follows the source's own sign of more, drops rows already seen (an unsorted list moves while it is
 * paged), and notices one that sends the same page again and again (M-87).
 */
export class Listing {
  readonly #client: ProcoreClient;
  readonly #path: string;
  readonly #query: Query;
  readonly #seen = new Set<string>();
  #stalePages = 0;
  #pages = 0;
  #at: string | null = null;

  constructor(client: ProcoreClient, path: string, query: Query) {
    this.#client = client;
    this.#path = path;
    this.#query = query;
  }

  /** Where the page that was read last said the list goes on. */
  get at(): string | null {
    return this.#at;
  }

  /** The page at a place, null for the first. Throws `paging_loop`. */
  async read(place: string | null): Promise<Part> {
    const { rows, next, told } = await this.#client.page(this.#path, this.#query, this.#position(place));
    const fresh = rows.filter((row) => this.#isNew(row));
    this.#pages += 1;
    this.#stalePages = fresh.length === 0 ? this.#stalePages + 1 : 0;
    // A list that does not page answers every page with all its rows, and says nothing of a next one.
    const ended = next === null || (!told && fresh.length === 0);
    if (!ended && (this.#stalePages >= MAX_STALE_PAGES || this.#pages > MAX_PAGES))
      throw new SourceError('paging_loop', `GET ${this.#path}: the list does not come to an end`);
    this.#at = ended ? null : `${next.page}.${next.size}`;
    return { rows: fresh, next: this.#at };
  }

  /** Every row. */
  async all(): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    let place: string | null = null;
    do {
      const part: Part = await this.read(place);
      rows.push(...part.rows);
      place = part.next;
    } while (place !== null);
    return rows;
  }

  #position(place: string | null): Position {
    const [page, size] = (place ?? '').split('.').map(Number);
    const whole = this.#path.endsWith('/projects') ? PROJECTS_PAGE_SIZE : PAGE_SIZE;
    return place === null ? { page: 1, size: whole } : { page: page ?? 1, size: size || whole };
  }

  /** A row whose id cannot be read is passed on each time: its mapping says what is wrong with it. */
  #isNew(row: unknown): boolean {
    const id = idOf(row);
    if (id === null) return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}

/** The id of a raw row (or the row itself, in lists of ids) as text; null when there is none or it is no id. */
export function idOf(row: unknown): string | null {
  const value = typeof row === 'object' && row !== null && 'id' in row ? row.id : row;
  let id: string | null = null;
  tryRead(() => {
    id = readId(value, 'id');
  });
  return id;
}
