import { randomUUID } from 'node:crypto';
import createClient, { type Client } from 'openapi-fetch';
import type { Problem, paths } from './generated/api.ts';
import { ProtivError } from './protiv-error.ts';

export type ProtivClient = Client<paths, 'application/json'>;

export interface ClientOptions {
  /** Where the API is, without `/v1`. */
  readonly baseUrl: string;
  readonly token: string;
  /** Waits before a request is tried again, in milliseconds; the tests hand in a wait that only counts. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** How often a request that can be repeated is tried, and the longest wait that is waited for. */
const TRIES = 4;
const LONGEST_WAIT_MS = 30_000;
/** Answers that say "later": nothing was done. */
const LATER = new Set([429, 503]);

/**
 * A typed client of the HTTPS API, its types made from the API's description. Every POST carries an Idempotency-Key, so that repeating it
 * has one effect; what is told to come later is tried again as long as it says (`Retry-After`). An answer that is none of 2xx or 304 is
 * thrown as a `ProtivError`, whoever wrote it: the API, the gateway in front of it, or nobody.
 */
export function protivClient({ baseUrl, token, sleep = wait }: ClientOptions): ProtivClient {
  const send = async (request: Request): Promise<Response> => {
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', randomUUID());
    for (let tried = 1; ; tried++) {
      const answer = await reach(request.clone());
      const delayMs = 1_000 * Number(answer.headers.get('retry-after') ?? 2 ** tried);
      if (!LATER.has(answer.status) || tried === TRIES || !(delayMs <= LONGEST_WAIT_MS)) return answer;
      await sleep(delayMs);
    }
  };
  const client = createClient<paths, 'application/json'>({
    baseUrl: baseUrl.replace(/\/$/, ''),
    headers: { authorization: `Bearer ${token}` },
    fetch: send,
  });
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok && response.status !== 304) throw await errorOf(response);
    },
  });
  return client;
}

/** The body of an answer: what `client.GET(…)` and its like came back with. */
export async function bodyOf<T>(answer: Promise<{ readonly data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** All items of a list, page by page: `read` asks for the page of a cursor. */
export async function allItems<T>(
  read: (
    cursor: string | undefined,
  ) => Promise<{ readonly data?: { readonly items: readonly T[]; readonly nextCursor: string | null } }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await bodyOf(read(cursor));
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    throw new ProtivError(
      { status: 0, code: 'unreachable', detail: `${new URL(request.url).origin} cannot be reached.` },
      { cause },
    );
  }
}

/** The gateway answers some requests itself, with a body of its own or none; they become the same error. */
async function errorOf(response: Response): Promise<ProtivError> {
  const { status } = response;
  const text = await response.text();
  const body: Partial<Problem> & { message?: unknown } = isJson(text) ? JSON.parse(text) : {};
  return typeof body.code === 'string'
    ? new ProtivError({ ...body, status, code: body.code, detail: body.detail ?? '' })
    : new ProtivError({ status, code: `http-${status}`, detail: String(body.message ?? `The API answered ${status}.`) });
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
