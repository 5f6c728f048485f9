import { type Instant, instantFromMs, msOf } from '#kernel/instant.ts';
import type { OpenOptions, SourceRequest, SourceResponse, TokenSource } from '#mirror/connector.ts';
import { SourceError, type SourceErrorCode } from '#mirror/source-error.ts';
import { type Answer, isObject, readAnswer, TooDear } from './answer.ts';
import { CALL_POINTS, delayBefore, firstWithin, type Throttle } from './budget.ts';

const HOST = 'https://api.getjobber.com';
/** Version of the API that the queries are written for; each is supported for a year at least, and an older one is replaced by the source. */
export const API_VERSION = '2026-05-12';
/** Times one query is made smaller before it is given up: from 100 rows to one. */
const MAX_SHRINKS = 8;

/** One query: its text, its variables for a number of rows, and the fields whose record or list has to be in the answer. */
export interface Query {
  /** Queries of one kind share what is learned about their points. */
  readonly kind: string;
  readonly text: string;
  readonly roots: readonly string[];
  readonly variables: (first: number) => Readonly<Record<string, unknown>>;
  /** Rows to ask for at first, and the points that one is expected to request. */
  readonly first: number;
  readonly rowCost: number;
}

/**
 * Speaks GraphQL to one Jobber account: version header, token, the budget of points. Retries, the limit of requests and the waiting are
 * SourceHttp's; refreshing tokens is the engine's.
 */
export class JobberClient {
  readonly #options: OpenOptions;
  readonly #tokens: TokenSource;
  readonly #url: string;
  /** By kind of query: the rows asked for at once, and the points they requested. */
  readonly #learned = new Map<string, { first: number; points: number }>();
  #throttle: { readonly told: Throttle; readonly atMs: number } | null = null;
  #accountId: string | null = null;
  #sourceTime: Instant | null = null;
  #versionWarning: string | null = null;

  constructor(options: OpenOptions) {
    const { tokens, credentials } = options;
    if (tokens === undefined) throw new SourceError('reauth_required', 'the connection has not been authorized');
    this.#options = options;
    this.#tokens = tokens;
    this.#url = `${(credentials.baseUrl ?? HOST).replace(/\/+$/, '')}/api/graphql`;
  }

  /** The source's clock as of its latest answer; null before the first. */
  get sourceTime(): Instant | null {
    return this.#sourceTime;
  }

  /** Asks a query, made smaller where it would cost too much. Throws CursorLost, and SourceErrors as SourceHttp does. */
  async ask(query: Query): Promise<Answer> {
    for (let shrinks = 0; ; shrinks += 1) {
      const { first, points } = this.#learned.get(query.kind) ?? { first: query.first, points: query.first * query.rowCost };
      try {
        const answer = await this.#send(query, first, points);
        const requested = answer.requestedPoints ?? points;
        const next = firstWithin(CALL_POINTS, first, requested);
        this.#learned.set(query.kind, { first: next, points: Math.ceil((requested * next) / first) });
        return answer;
      } catch (error) {
        if (!(error instanceof TooDear)) throw error;
        if (first === 1 || shrinks >= MAX_SHRINKS)
          throw new SourceError('request_rejected', 'one row of this list costs more than the source ever allows');
        const smaller = firstWithin(error.maximum, first, error.points);
        this.#learned.set(query.kind, { first: smaller, points: Math.ceil((error.points * smaller) / first) });
      }
    }
  }

  async #send(query: Query, first: number, points: number): Promise<Answer> {
    let answer: Answer | null = null;
    const accept = (text: string): void => {
      answer = readAnswer(text, query.roots);
    };
    const bodyFor = (rows: number): string => JSON.stringify({ query: query.text, variables: query.variables(rows) });
    const send = (token: string): Promise<SourceResponse> => {
      const request: SourceRequest = {
        method: 'POST',
        url: this.#url,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'x-jobber-graphql-version': API_VERSION,
        },
        body: bodyFor(first),
        bodyAfterTimeouts: (timeouts) => bodyFor(Math.max(1, Math.floor(first / 2 ** timeouts))),
        delayMs: this.#delay(points),
        accept,
        refusal,
      };
      return this.#options.http.call(request);
    };
    const token = await this.#tokens.current();
    let response = await send(token);
    if (response.status === 401) {
      // One refresh, one more try; after that the authorization is gone (M-91).
      response = await send(await this.#tokens.renew(token));
      if (response.status === 401) throw new SourceError('reauth_required', 'the source refuses a fresh token');
    }
    return this.#note(answer ?? raiseUnread(), response);
  }

  #delay(points: number): number {
    if (this.#throttle === null) return 0;
    return delayBefore(points, this.#throttle.told, this.#throttle.atMs, msOf(this.#options.now()));
  }

  #note(answer: Answer, response: SourceResponse): Answer {
    if (answer.throttle !== null) this.#throttle = { told: answer.throttle, atMs: msOf(this.#options.now()) };
    this.#sourceTime = readClock(response.headers.date) ?? this.#sourceTime;
    this.#noteVersion(answer.versionWarning);
    const account = isObject(answer.data.account) ? answer.data.account.id : null;
    if (typeof account === 'string' && account !== '') this.#keep(account);
    return answer;
  }

  /** The source answers with another version than asked for once ours is retired: said once a leg. */
  #noteVersion(warning: string | null): void {
    if (warning !== null && this.#versionWarning === null) this.#options.notice?.('api_version', `${API_VERSION}: ${warning}`);
    this.#versionWarning = warning;
  }

  /** Another account behind the same authorization ends the run before anything of it is taken (M-42). */
  #keep(accountId: string): void {
    if (this.#accountId !== null && this.#accountId !== accountId)
      throw new SourceError('account_mismatch', 'the source answers for another account than at the start of the run');
    this.#accountId = accountId;
  }
}

/** A contractor who disconnects our app is told to us in words beside the status; a refresh cannot mend that. */
function refusal(status: number, text: string): SourceErrorCode | null {
  return (status === 401 || status === 403) && /disconnected/i.test(text) ? 'reauth_required' : null;
}

function raiseUnread(): never {
  throw new SourceError('bad_response', 'POST /api/graphql answered without an answer');
}

function readClock(date: string | undefined): Instant | null {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? null : instantFromMs(ms);
}
