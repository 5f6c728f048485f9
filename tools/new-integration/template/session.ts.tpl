import type { ConnectorSession, FetchRequest, ReadRequest, SourcePage } from '#mirror/connector.ts';
import type { Account, __Name__Client } from './client.ts';
import { mapWorker } from './map.ts';

const NOTHING: SourcePage = { rows: [], parts: [], digestText: null, refetch: [], highWater: null, next: null, sourceTime: null };

/** One login to one account: reads pages and rows by id. */
export class __Name__Session implements ConnectorSession {
  readonly account: Account;
  readonly #client: __Name__Client;

  constructor(client: __Name__Client, account: Account) {
    this.#client = client;
    this.account = account;
  }

  async readPage({ stream, pageToken }: ReadRequest): Promise<SourcePage> {
    const { rows, next, sourceTime } = await this.#client.page(stream, pageToken);
    return { ...NOTHING, rows: rows.map(mapWorker), next, sourceTime };
  }

  /** The list is small: what is wanted of it is picked from all of it. */
  async fetch(request: FetchRequest): Promise<SourcePage> {
    const ids = new Set('ids' in request ? request.ids : []);
    const rows: SourcePage['rows'][number][] = [];
    let token: string | null = null;
    do {
      const page = await this.#client.page(request.stream, token);
      rows.push(...page.rows.map(mapWorker));
      token = page.next;
    } while (token !== null);
    return { ...NOTHING, rows: rows.filter((row) => row.kind === 'record' && ids.has(row.record.sourceId)) };
  }
}
