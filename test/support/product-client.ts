import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** What `JSON.parse` gives: tests say themselves what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** A user of the HTTP API with one token. */
export class ProductClient {
  readonly #baseUrl: string;
  readonly #token: string;

  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown = {}, key: string = randomUUID()): Promise<Answer> {
    return this.send('POST', path, body, { 'idempotency-key': key });
  }

  async send(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /[/+]json(;|$)/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : isJson ? JSON.parse(text) : text };
  }

  /** All items of a list, page by page. */
  async list(path: string): Promise<Json[]> {
    const items: Json[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const page = await this.get(`${path}${separator}limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
      if (page.status !== 200) throw new Error(`GET ${path} answered ${page.status}: ${JSON.stringify(page.body)}`);
      items.push(...page.body.items);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

/** Asks again until the answer is as wanted; what was last seen is in the error when it never is. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > giveUpAt) throw new Error(`it never came to be; last seen: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    await wait(150);
  }
}

/** The control door of a fake source. */
export async function control(sourceUrl: string, command: unknown): Promise<void> {
  const answer = await fetch(`${sourceUrl}/__control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!answer.ok) throw new Error(`the control door answered ${answer.status}: ${await answer.text()}`);
}
