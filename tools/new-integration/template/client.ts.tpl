import type { Instant } from '#kernel/instant.ts';
import type { OpenOptions } from '#mirror/connector.ts';

/** The account that the credentials open. */
export interface Account {
  readonly id: string;
  readonly name: string | null;
}

/** One page of a list, and the token of the next one. */
export interface ListPage {
  readonly rows: readonly unknown[];
  readonly next: string | null;
  /** The source's clock as of this answer. */
  readonly sourceTime: Instant | null;
}

/** Speaks to one __Title__ account. Every call goes through `options.http`, which holds limits, retries and the list of hosts. */
export class __Name__Client {
  readonly options: OpenOptions;

  constructor(options: OpenOptions) {
    this.options = options;
  }

  /** Throws `reauth_required` when the credentials are refused. */
  async account(): Promise<Account> {
    throw new Error('__provider__: write whose account the credentials open (client.ts, account)');
  }

  /** A page of a list; `token` null: the first one. */
  async page(list: string, token: string | null): Promise<ListPage> {
    throw new Error(`__provider__: write how the page ${token ?? 1} of ${list} is asked for (client.ts, page)`);
  }
}
