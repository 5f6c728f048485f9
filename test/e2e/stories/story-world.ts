import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Product } from '#local/product.ts';
import { type Json, ProductClient, until } from '#test/support/product-client.ts';
import { Yard, type YardTerms } from './yard.ts';

/** How long a reading of the source waits for others who want one: stories that run side by side share it. */
const GATHER_MS = 250;
/** Between the ids of the recorded company and those of the one beside it. */
const ID_STEP = 100_000;

/**
 * The running product with the people who use one of its tenants. Stories run side by side, so that none may lean on another: each works in
 * a yard of its own, and settings of the whole tenant change in here alone.
 */
export class StoryWorld {
  readonly product: Product;
  readonly owner: ProductClient;
  readonly admin: ProductClient;
  readonly tenant: Product['tenants'][number];
  /** Added to the recorded company's ids at the source. */
  readonly offset: number;
  #nextId = 700_000;
  #lastReading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;
  #lastSetting: Promise<unknown> = Promise.resolve();

  constructor(product: Product, at = 0) {
    const tenant = product.tenants[at]!;
    this.product = product;
    this.tenant = tenant;
    this.offset = at * ID_STEP;
    this.owner = new ProductClient(product.host.url, tenant.tokens.owner);
    this.admin = new ProductClient(product.host.url, tenant.tokens.admin);
  }

  get #connection(): string {
    return `/v1/connections/${this.tenant.connections.aspire}`;
  }

  /** An id at the source that nothing has yet. */
  id(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** Waits for the first sync. All hours of these companies are in their time data. */
  async ready(): Promise<void> {
    await until(
      () => this.owner.get(this.#connection),
      ({ body }) => body.state === 'active',
      120_000,
    );
    await this.product.host.idle();
    await this.set('pay-law', () => ({ hoursSource: 'all' }));
  }

  /**
   * Reads the source once more and lets everything follow. A reading begins after it was asked for, and who asks meanwhile shares the next
   * one. It is a full one: wages carry no stamp of change at the source.
   */
  resync(): Promise<void> {
    if (this.#nextReading === null) {
      const next = this.#lastReading.then(async () => {
        await wait(GATHER_MS);
        this.#nextReading = null;
        await this.#readSource();
      });
      this.#nextReading = next;
      this.#lastReading = next.catch(() => {});
    }
    return this.#nextReading;
  }

  async #readSource(): Promise<void> {
    const asked = await this.admin.post(`${this.#connection}/resyncs`, { mode: 'full' });
    expect(asked.status).toBe(202);
    await until(
      () => this.owner.get(`${this.#connection}/runs/${asked.body.runId}`),
      ({ status, body }) => status === 200 && body.status === 'finished',
      120_000,
    );
    await this.product.host.idle();
  }

  /** A branch of the story's own, with its pool, budget type and policies. */
  yard(terms: YardTerms = {}): Promise<Yard> {
    return Yard.open(this, terms);
  }

  /** Changes some keys of a settings area. */
  set(area: string, changed: (values: Json) => object): Promise<void> {
    return this.inTurn(async () => {
      const path = `/v1/settings/${area}`;
      const { body, headers } = await this.owner.get(path);
      await this.done('PUT', path, { area, values: changed(body.values) }, headers.get('etag') ?? '');
    });
  }

  /** Settings and pools are compiled into one record, so that stories change them one after the other. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#lastSetting.then(change);
    this.#lastSetting = done.catch(() => {});
    return done;
  }

  /** The mirrored record of a source id. */
  async mirrored(list: string, sourceId: number): Promise<Json> {
    const [found] = await until(
      () => this.owner.list(`/v1/${list}?sourceId=${sourceId}`),
      (items) => items.length > 0,
    );
    return found;
  }

  /** The ProPay of a job, once it is as wanted. */
  async proPay(
    jobSourceId: number,
    wanted: (proPay: Json) => boolean = (one) => one.result.outcome === 'applies',
  ): Promise<Json> {
    const job = await until(
      () => this.mirrored('jobs', jobSourceId),
      (one) => one.propayIds.length > 0,
    );
    const found = await until(
      () => this.owner.get(`/v1/propays/${job.propayIds.at(-1)}`),
      ({ status, body }) => status === 200 && wanted(body),
    );
    return found.body;
  }

  /** What each of these people gets of a ProPay, as text; nothing is 0.00. */
  async payoutsOf(proPay: Json, people: readonly number[], role = 'crew'): Promise<readonly string[]> {
    const ids = await Promise.all(people.map(async (one) => (await this.mirrored('workers', one)).id));
    return ids.map((id) => proPay.result.payouts.find((one: Json) => one.workerId === id && one.role === role)?.amount ?? '0.00');
  }

  /** A request that has to succeed. */
  async done(method: string, path: string, body?: unknown, ifMatch?: string): Promise<Json> {
    const headers: Record<string, string> = { 'idempotency-key': `story-${this.id()}` };
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    const answer = await this.owner.send(method, path, body, method === 'POST' || ifMatch !== undefined ? headers : {});
    expect([method, path, answer.status, answer.status < 300 ? '' : answer.body], `${method} ${path}`).toEqual([
      method,
      path,
      expect.toSatisfy((status: number) => status >= 200 && status < 300),
      '',
    ]);
    return answer.body;
  }

  /** The same, on the resource as it stands now. */
  async changed(method: string, path: string, body: unknown, tagged = path): Promise<Json> {
    const { headers } = await this.owner.get(tagged);
    return this.done(method, path, body, headers.get('etag') ?? '');
  }

  /** Approves what the figures say now, and gives the items. */
  async approved(proPay: Json, more: object = {}): Promise<Json[]> {
    const fresh = await this.owner.get(`/v1/propays/${proPay.id}`);
    const { inputsVersion } = fresh.body;
    const answer = await this.done('POST', `/v1/propays/${proPay.id}/approve`, { inputsVersion, ...more });
    return answer.lineItems;
  }

  /** Every payout is explained to records of the source, and its leaves add up to it. */
  async explained(proPay: Json): Promise<void> {
    const { status, body } = await this.owner.get(`/v1/propays/${proPay.id}/explain`);
    expect(status).toBe(200);
    const nodes = new Set(body.nodes.map((node: Json) => node.id));
    for (const node of body.nodes)
      for (const input of node.inputs) if (input.node !== undefined) expect(nodes.has(input.node), input.node).toBe(true);
    for (const worker of body.workers) {
      expect(worker.leaves.length).toBeGreaterThan(0);
      const sum = worker.leaves.reduce((total: number, leaf: Json) => total + centsOf(leaf.amount), 0);
      expect(sum).toBe(centsOf(worker.amount));
      if (worker.role === 'crew') for (const leaf of worker.leaves) expect(leaf.entity).toBe('time_entry');
    }
  }

  /** Pays every open statement of the people with these source ids, oldest first; what was paid by person. */
  async paid(people: readonly number[]): Promise<Readonly<Record<number, string>>> {
    const paid: Record<number, string> = {};
    for (const sourceId of people) {
      for (const statement of await this.#toPay((await this.mirrored('workers', sourceId)).id)) {
        const accept = [{ code: 'period-open', reason: 'the story ends here' }];
        const done = await this.done('POST', `/v1/statements/${statement.id}/pay`, { payDate: statement.period.endDate, accept });
        expect(done.status).toBe('Paid');
        paid[sourceId] = done.payable;
      }
    }
    return paid;
  }

  /** A worker's open statements, once all that can be paid is on one. */
  async #toPay(workerId: string): Promise<readonly Json[]> {
    const items = await this.owner.list(`/v1/line-items?workerId=${workerId}`);
    const named = items.filter(({ status }) => status === 'In Process').map(({ statementId }) => statementId);
    const open = await until(
      async () => (await this.owner.list(`/v1/statements?workerId=${workerId}`)).filter(({ status }) => status === 'Open'),
      (statements) => named.every((id) => statements.some((one) => one.id === id)),
    );
    return open.sort((a, b) => (a.period.startDate < b.period.startDate ? -1 : 1));
  }

  /** Approves a ProPay, holds every cent against records, pays everybody, and gives what was paid. */
  async seenThrough(proPay: Json, people: readonly number[]): Promise<readonly string[]> {
    await this.approved(proPay);
    await this.explained(proPay);
    const paid = await this.paid(people);
    return people.map((one) => paid[one] ?? '0.00');
  }
}

/** A decimal string of dollars as cents; exact, since it has two places. */
export function centsOf(amount: unknown): number {
  return Number(String(amount).replace('.', ''));
}
