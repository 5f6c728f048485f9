import type { SwitchSpec } from './switches.ts';

/** An event as a source posts it. */
export type SentEvent = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Where somebody has registered for events of an account, with the headers that are to come along. */
export type HookTarget = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Failures in a row after which a source stops posting to an address, until it is registered again. */
const FAILURES_ALLOWED = 5;
const DELAY_MS = 2_000;

function isTarget(value: unknown): value is { url: string; headers?: Record<string, string> } {
  const { url, headers = {} } = (value ?? {}) as { url?: unknown; headers?: unknown };
  const good = typeof url === 'string' && URL.canParse(url) && /^(127\.0\.0\.1|localhost)$/.test(new URL(url).hostname);
  return (
    good && typeof headers === 'object' && headers !== null && Object.values(headers).every((one) => typeof one === 'string')
  );
}

/** The switch by which an address on this machine is registered. */
export const HOOK_TARGET: SwitchSpec = {
  name: 'hookTarget',
  default: false,
  check: (value) => (isTarget(value) ? null : '"value" must be {"url":"http://127.0.0.1:…","headers"?:{…}}'),
  effect: 'registers the address to which events of edits are posted',
};

/** What the value of that switch says; null where nothing is registered. */
export function hookTarget(value: unknown): HookTarget | null {
  return isTarget(value) ? { url: value.url, headers: value.headers ?? {} } : null;
}

/** Events as a bad day sends them: twice, backwards, not at all. */
export function bent(events: readonly SentEvent[], how: unknown): readonly SentEvent[] {
  if (how === 'lost') return [];
  if (how === 'duplicate') return events.flatMap((event) => [event, event]);
  return how === 'reorder' ? [...events].reverse() : events;
}

/** Posts events of edits in their order, those of one moment together, and gives an address up that goes on failing. */
export class HookPosts {
  readonly #timeoutMs: number;
  readonly #waiting = new Map<string, SentEvent[]>();
  readonly #failures = new Map<string, number>();
  #posting: Promise<void> = Promise.resolve();

  /** `timeoutMs`: how long a receiver may take. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Puts an event in line; it is posted soon, bent as `how` says. */
  post({ url, headers }: HookTarget, event: SentEvent, how: unknown): void {
    const waiting = this.#waiting.get(url);
    const sent = { ...event, headers: { ...event.headers, ...headers } };
    if (waiting !== undefined) {
      waiting.push(sent);
      return;
    }
    this.#waiting.set(url, [sent]);
    setTimeout(() => this.#flush(url, how), how === 'delay' ? DELAY_MS : 0).unref();
  }

  /** Settles when everything that was put in line so far has been posted. */
  async idle(): Promise<void> {
    while (this.#waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#posting;
  }

  #flush(url: string, how: unknown): void {
    const events = bent(this.#waiting.get(url) ?? [], how);
    this.#waiting.delete(url);
    this.#posting = this.#posting.then(async () => {
      for (const event of events) await this.#send(url, event);
    });
  }

  async #send(url: string, { headers, body }: SentEvent): Promise<void> {
    const failures = this.#failures.get(url) ?? 0;
    if (failures >= FAILURES_ALLOWED) return;
    const isTaken = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(this.#timeoutMs) }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
    this.#failures.set(url, isTaken ? 0 : failures + 1);
  }
}
