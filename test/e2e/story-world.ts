import { expect } from 'vitest';
import type { Product } from '#local/product.ts';
import { control, type Json, ProductClient, until } from '#test/support/product-client.ts';

/** A piece of work as the source records it: hours from seven in the morning. */
export interface Worked {
  readonly worker: number;
  readonly date: string;
  readonly hours: number;
}

/** A finished job at the source. Figures that are left out are not there. */
export interface StoryJob {
  readonly name: string;
  readonly hours?: number;
  readonly labor?: number;
  readonly price?: number;
  readonly leadContactId?: number;
  readonly managerContactId?: number;
  readonly routeId?: number;
  readonly completed?: boolean;
  /** The opportunity that this one reworks. */
  readonly master?: number;
  /** Hours of each ticket; one ticket with all of them unless said otherwise. */
  readonly tickets?: readonly number[];
  readonly time: readonly (Worked & { readonly ticket?: number })[];
}

/** A pool in which everything goes to the crew. */
export const CREW_ONLY = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };

/** A company at the fake source that a story adds to, and the people who use the product. */
export class StoryWorld {
  readonly product: Product;
  readonly owner: ProductClient;
  readonly admin: ProductClient;
  readonly worker: ProductClient;
  readonly #connection: string;
  #next = 700_000;

  constructor(product: Product) {
    this.product = product;
    const [first] = product.tenants;
    const client = (token: string): ProductClient => new ProductClient(product.host.url, token);
    this.owner = client(first!.tokens.owner);
    this.admin = client(first!.tokens.admin);
    this.worker = client(first!.tokens.worker);
    this.#connection = `/v1/connections/${first!.connections.aspire}`;
  }

  #id(): number {
    this.#next += 1;
    return this.#next;
  }

  /** Waits for the first sync. */
  async ready(): Promise<void> {
    await until(
      () => this.owner.get(this.#connection),
      ({ body }) => body.state === 'active',
      60_000,
    );
    await this.product.host.idle();
  }

  /** Reads the source now and lets everything follow; wages carry no stamp of change there, so new ones take a full reading. */
  async resync(mode: 'delta' | 'full' = 'full'): Promise<void> {
    const asked = await this.admin.post(`${this.#connection}/resyncs`, { mode });
    expect(asked.status).toBe(202);
    await until(
      () => this.owner.get(`${this.#connection}/runs/${asked.body.runId}`),
      ({ status, body }) => status === 200 && body.status === 'finished',
      30_000,
    );
    await this.product.host.idle();
  }

  /** Puts rows at the source. */
  async put(rows: Readonly<Record<string, readonly object[]>>): Promise<void> {
    await control(this.product.sources.aspire!, { put: rows });
  }

  /** People at the source, each with a wage from before everything; their ids there. */
  async people(wages: readonly number[]): Promise<readonly number[]> {
    const ids = wages.map(() => this.#id());
    await this.put({
      Contacts: ids.map((ContactID) => ({
        ContactID,
        ContactTypeID: 1,
        ContactTypeName: 'Employee',
        BranchID: 3,
        BranchName: 'North Yard',
        FirstName: `Story ${ContactID}`,
        LastName: 'Person',
        Active: true,
        CreatedDateTime: '2026-02-20T15:00:00.000Z',
      })),
      PayRates: ids.map((ContactID, at) => ({
        PayRateID: this.#id(),
        ContactID,
        EffectiveDate: '2025-01-01T00:00:00',
        HourlyBasePay: wages[at],
        BurdenPercent: 20,
      })),
    });
    return ids;
  }

  /** A job with its tickets and time at the source; its id there. */
  async job({ name, tickets, time, completed = true, ...job }: StoryJob): Promise<{ id: number; ticketIds: readonly number[] }> {
    const id = this.#id();
    const serviceId = this.#id();
    const hoursOf = tickets ?? [job.hours ?? 0];
    const ticketIds = hoursOf.map(() => this.#id());
    const lastDate =
      time
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? '2026-03-03';
    await this.put({
      Opportunities: [
        {
          OpportunityID: id,
          PropertyID: 709,
          OpportunityStatusID: 3,
          OpportunityStatusName: '7. Won',
          OpportunityStage: 'Won',
          OpportunityStatus: 'Won',
          OperationsManagerContactID: job.managerContactId ?? null,
          DivisionID: 12,
          BranchID: 3,
          OpportunityType: 'Work Order',
          OpportunityName: name,
          OpportunityNumber: id,
          StartDate: '2026-03-02T00:00:00',
          CreatedDateTime: '2026-01-21T14:15:00.000Z',
          InvoiceType: 'Fixed Price on Completion',
          BillingCompanyID: 809,
          EstimatedLaborHours: job.hours ?? null,
          EstimatedLaborCost: job.labor ?? null,
          WonDollars: job.price ?? null,
          MasterOpportunityID: job.master ?? null,
          JobStatusName: completed ? 'Complete' : 'Open',
          ...(completed ? { CompleteDate: `${lastDate}T00:00:00` } : {}),
        },
      ],
      OpportunityServices: [
        {
          OpportunityServiceID: serviceId,
          BranchID: 3,
          ServiceID: 62,
          DisplayName: 'Hardscape',
          InvoiceType: 'Fixed Price on Completion',
          OpportunityID: id,
          OpportunityServiceStatus: 'Won',
          CreatedDateTime: '2026-01-21T14:15:00.000Z',
          OpportunityServiceRoutes: job.routeId === undefined ? [] : [{ RouteID: job.routeId }],
        },
      ],
      WorkTickets: ticketIds.map((WorkTicketID, at) => ({
        WorkTicketID,
        OpportunityServiceID: serviceId,
        Occur: at + 1,
        OpportunityID: id,
        OpportunityNumber: id,
        BranchID: 3,
        WorkTicketNumber: WorkTicketID,
        CreatedDateTime: '2026-01-31T14:15:00.000Z',
        ScheduledStartDate: '2026-03-02T00:00:00',
        WorkTicketStatusID: completed ? 4 : 3,
        WorkTicketStatusName: completed ? 'Complete' : 'Scheduled',
        WorkTicketStatus: completed ? 'Complete' : 'Scheduled',
        ...(completed ? { CompleteDate: `${lastDate}T00:00:00` } : {}),
        HoursEst: hoursOf[at],
        CrewLeaderContactID: job.leadContactId ?? null,
      })),
      WorkTicketTimes: time.map((worked) => this.#timeRow(this.#id(), ticketIds[worked.ticket ?? 0]!, worked)),
    });
    return { id, ticketIds };
  }

  /** One more piece of time on a ticket, or another one in its place; its id at the source. */
  async time(ticketId: number, worked: Worked, id = this.#id()): Promise<number> {
    await this.put({ WorkTicketTimes: [this.#timeRow(id, ticketId, worked)] });
    return id;
  }

  #timeRow(id: number, WorkTicketID: number, { worker, date, hours }: Worked) {
    const minutes = 7 * 60 + Math.trunc(hours * 60);
    const clock = `${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
    return {
      WorkTicketTimeID: id,
      WorkTicketID,
      ContactID: worker,
      WorkTicketTimeDate: `${date}T00:00:00`,
      StartTime: `${date}T07:00:00`,
      EndTime: `${date}T${clock}`,
      PayCodeID: 1,
      PayCodeName: 'Regular',
      Hours: hours,
      OTHours: 0,
      WarrantyTime: false,
      CreatedDateTime: `${date}T12:00:00.000Z`,
      BreakTime: 0,
      HasBreakTime: false,
      BranchID: 3,
      BranchTimeZone: 'Eastern Standard Time',
    };
  }

  /** The tenant's default pool, as the next ProPays copy it. */
  setPool(change: object): Promise<Json> {
    return this.changed('PATCH', '/v1/bonus-pools/standard', change);
  }

  /** Changes some keys of a settings area. */
  async set(area: string, values: object): Promise<void> {
    await this.changed('PUT', `/v1/settings/${area}`, { area, values });
  }

  /** What each of these people gets of a ProPay, as text; nothing is 0.00. */
  async payoutsOf(proPay: Json, people: readonly number[], role = 'crew'): Promise<readonly string[]> {
    const ids = await Promise.all(people.map(async (one) => (await this.mirrored('workers', one)).id));
    return ids.map((id) => proPay.result.payouts.find((one: Json) => one.workerId === id && one.role === role)?.amount ?? '0.00');
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

  /** A request that has to succeed. */
  async done(method: string, path: string, body?: unknown, ifMatch?: string): Promise<Json> {
    const headers: Record<string, string> = { 'idempotency-key': `story-${this.#id()}` };
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
    const answer = await this.done('POST', `/v1/propays/${proPay.id}/approve`, {
      inputsVersion: fresh.body.inputsVersion,
      ...more,
    });
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
    await this.product.host.idle();
    const paid: Record<number, string> = {};
    for (const sourceId of people) {
      const person = await this.mirrored('workers', sourceId);
      const open = (await this.owner.list(`/v1/statements?workerId=${person.id}`)).filter((one) => one.status === 'Open');
      for (const statement of open.sort((a, b) => (a.period.startDate < b.period.startDate ? -1 : 1))) {
        const accept = [{ code: 'period-open', reason: 'the story ends here' }];
        const done = await this.done('POST', `/v1/statements/${statement.id}/pay`, { payDate: statement.period.endDate, accept });
        expect(done.status).toBe('Paid');
        paid[sourceId] = done.payable;
      }
    }
    return paid;
  }
}

/** A decimal string of dollars as cents; exact, since it has two places. */
export function centsOf(amount: unknown): number {
  return Number(String(amount).replace('.', ''));
}
