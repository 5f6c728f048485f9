import { type ClosableSourceHttp, createSourceHttp } from '#platform/http.ts';
import type { LoggedRequest } from '../../shared/fake-source/request-log.ts';
import type { RunningFake } from '../../shared/fake-source/serve.ts';

/** What a bench needs of a fake: to be started, and its log of requests. */
export interface BenchedFake {
  readonly shell: { readonly log: { list(): readonly LoggedRequest[] } };
  start(): Promise<RunningFake>;
}

type HttpOptions = Parameters<typeof createSourceHttp>[0];

/** A fake source and ways to it, on one clock that waits only in appearance. */
export abstract class FakeBench {
  readonly waits: number[] = [];
  #nowMs: number;
  #running: RunningFake | null = null;
  readonly #https: ClosableSourceHttp[] = [];
  #marked = 0;

  constructor(startsAt: string) {
    this.#nowMs = Date.parse(startsAt);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  set nowMs(ms: number) {
    this.#nowMs = ms;
  }

  abstract readonly fake: BenchedFake;

  async start(): Promise<this> {
    this.#running = await this.fake.start();
    return this;
  }

  async stop(): Promise<void> {
    for (const http of this.#https) http.close();
    await this.#running?.stop();
  }

  get url(): string {
    return this.#running?.url ?? '';
  }

  /** A client of a source as a run opens it, without waiting for its rate. */
  protected openHttp(options: Pick<HttpOptions, 'allowedHosts'> & Partial<HttpOptions>): ClosableSourceHttp {
    const http = createSourceHttp({
      allowLoopback: true,
      requestsPerSecond: 1000,
      maxCalls: 1000,
      now: () => this.nowMs,
      sleep: async (ms) => this.pass(ms),
      random: () => 0.5,
      callTimeoutMs: 300,
      ...options,
    });
    this.#https.push(http);
    return http;
  }

  /** Lets the time of a wait go by. */
  protected pass(ms: number): void {
    this.waits.push(ms);
    this.nowMs += ms;
  }

  /** Tells the control door something. */
  async order(order: Readonly<Record<string, unknown>>): Promise<void> {
    const reply = await fetch(`${this.url}/__control`, { method: 'POST', body: JSON.stringify(order) });
    if (!reply.ok) throw new Error(await reply.text());
  }

  /** From here on `logged` counts. */
  mark(): void {
    this.#marked = this.#log().length;
  }

  /** What was asked of the source since the mark. */
  logged(): readonly LoggedRequest[] {
    return this.#log().slice(this.#marked);
  }

  #log(): readonly LoggedRequest[] {
    return this.fake.shell.log.list().filter(({ path }) => !path.startsWith('/__control'));
  }
}
