import { parseJsonExact } from '#kernel/decimal.ts';
import { type Instant, instantFromMs, msOf } from '#kernel/instant.ts';
import type { OpenOptions, SourceResponse } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { LISTS, type ListName } from './lists.ts';
import { type Login, readLogin } from './token.ts';

/** Rows asked for at once; the server may send fewer on any page (M-54). */
export const PAGE_SIZE = 500;
const BASES: Readonly<Record<string, string>> = {
  production: 'https://cloud-api.youraspire.com',
  sandbox: 'https://cloudsandbox-api.youraspire.com',
  demo: 'https://clouddemo-api.youraspire.com',
};

export interface ListQuery {
  readonly list: ListName;
  readonly filter: string | null;
  readonly skip?: number;
  /** Rows wanted, at most and by default a page. */
  readonly top?: number;
  /** Order other than by key. */
  readonly orderBy?: string;
}

export interface ListPage {
  readonly rows: readonly unknown[];
}

/** Speaks to one Aspire account: logs in, keeps the token fresh, reads pages of lists. Retries and limits are SourceHttp's. */
export class AspireClient {
  readonly #options: OpenOptions;
  readonly #base: string;
  #login: Login | null = null;
  #sourceTime: Instant | null = null;

  private constructor(options: OpenOptions) {
    this.#options = options;
    const { baseUrl, environment } = options.credentials;
    this.#base = (baseUrl ?? baseOf(environment ?? 'production')).replace(/\/+$/, '');
  }

  /** Logs in; throws `reauth_required` when client id or secret are refused. */
  static async open(options: OpenOptions): Promise<AspireClient> {
    const client = new AspireClient(options);
    await client.#logIn();
    return client;
  }

  /** Account named by the token, if it names one (M-42). */
  get accountId(): string | null {
    return this.#login?.accountId ?? null;
  }

  /** The source's clock as of its latest answer; null before the first. */
  get sourceTime(): Instant | null {
    return this.#sourceTime;
  }

  /** One page of a list, ordered by key. */
  async page(query: ListQuery): Promise<ListPage> {
    let rows: readonly unknown[] = [];
    const accept = (text: string): void => {
      rows = readRows(text);
    };
    const url = (halvings: number): string => this.#url(query, halvings);
    const send = async (): Promise<SourceResponse> =>
      this.#options.http.call({
        method: 'GET',
        url: url(0),
        headers: { authorization: `Bearer ${(await this.#freshLogin()).token}` },
        accept,
        urlAfterTimeouts: url,
      });
    let response = await send();
    if (response.status === 401) {
      // One fresh login, one more try; after that the credentials are no good (M-91).
      await this.#logIn();
      response = await send();
      if (response.status === 401) throw new SourceError('reauth_required', `GET /${query.list} is refused after a fresh login`);
    }
    this.#sourceTime = readClock(response.headers.date) ?? this.#sourceTime;
    return { rows };
  }

  async #freshLogin(): Promise<Login> {
    if (this.#login === null || msOf(this.#options.now()) >= this.#login.renewAtMs) return this.#logIn();
    return this.#login;
  }

  async #logIn(): Promise<Login> {
    const { clientId, secret } = this.#options.credentials;
    if (!clientId || !secret) throw new SourceError('reauth_required', 'client id and secret are not both given');
    let login: Login | null = null;
    await this.#options.http.call({
      method: 'POST',
      url: `${this.#base}/Authorization`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ClientId: clientId, Secret: secret }),
      login: true,
      accept: (text) => {
        login = readLogin(text, msOf(this.#options.now()));
      },
    });
    return this.#keep(login ?? raiseNoToken());
  }

  /** Another account behind the same credentials ends the run before anything of it is read (M-42). */
  #keep(login: Login): Login {
    if (this.#login !== null && this.#login.accountId !== login.accountId) {
      throw new SourceError('account_mismatch', 'the source answers for another account than at the start of the run');
    }
    this.#login = login;
    return login;
  }

  #url({ list, filter, skip = 0, top = PAGE_SIZE, orderBy = LISTS[list] }: ListQuery, halvings: number): string {
    const options = [
      ...(filter === null ? [] : [`$filter=${encodeURIComponent(filter)}`]),
      `$orderby=${encodeURIComponent(orderBy)}`,
      `$top=${Math.max(1, Math.floor(top / 2 ** halvings))}`,
      ...(skip === 0 ? [] : [`$skip=${skip}`]),
    ];
    return `${this.#base}/${list}?${options.join('&')}`;
  }
}

function baseOf(environment: string): string {
  const base = Object.hasOwn(BASES, environment) ? BASES[environment] : undefined;
  if (base === undefined) throw new SourceError('host_refused', 'the environment is none of production, sandbox and demo');
  return base;
}

function raiseNoToken(): never {
  throw new SourceError('bad_response', 'POST /Authorization answered without a token');
}

/** The rows of a list answer: a bare array, or an envelope around one (M-54). Throws a SyntaxError for anything else. */
export function readRows(text: string): readonly unknown[] {
  const answer = parseJsonExact(text);
  if (Array.isArray(answer)) return answer;
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : null;
  if (Array.isArray(value)) return value;
  throw new SyntaxError('the answer is no list');
}

function readClock(date: string | undefined): Instant | null {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? null : instantFromMs(ms);
}
