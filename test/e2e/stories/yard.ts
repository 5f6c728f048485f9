import { control } from '#test/support/product-client.ts';
import type { StoryWorld } from './story-world.ts';

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

/** What a branch has of its own: its pool (all to the crew, per hour, unless said otherwise), budgets and overtime premium. */
export interface YardTerms {
  readonly pool?: object;
  readonly budgetType?: string;
  readonly laborBp?: number;
  readonly premiumPolicy?: string;
}

/** A branch that follows its tenant in every matter of pay law. */
const NO_POLICIES = { premiumPolicy: null, workweekStart: null, stateRule: null, deductionPolicy: null, minimumWages: [] };

/** A branch at the fake source with the people and jobs of one story. */
export class Yard {
  readonly #world: StoryWorld;
  /** The branch's id at the source. */
  readonly sourceId: number;
  /** Its id in the mirror, by which settings name it. */
  readonly branchId: string;

  private constructor(world: StoryWorld, sourceId: number, branchId: string) {
    this.#world = world;
    this.sourceId = sourceId;
    this.branchId = branchId;
  }

  /** Opens a branch at the source and gives it its terms. */
  static async open(world: StoryWorld, { pool, premiumPolicy, budgetType, laborBp }: YardTerms): Promise<Yard> {
    const sourceId = world.id();
    const row = {
      BranchID: sourceId,
      BranchName: `Yard ${sourceId}`,
      Active: true,
      BranchAddressCity: 'Riverton',
      BranchAddressStateProvinceCode: 'NY',
      BranchCode: `Y${sourceId}`,
      TimeZone: 'Eastern Standard Time',
    };
    await putRows(world, { Branches: [row] });
    await world.resync();
    const { id: branchId } = await world.mirrored('branches', sourceId);
    const yard = new Yard(world, sourceId, branchId);
    await world.inTurn(async () => {
      const name = `Pool ${sourceId}`;
      const terms = { ...CREW_ONLY, distribution: { formula: 'per_hour' }, ...pool, name };
      const made = await world.done('POST', '/v1/bonus-pools', terms);
      await world.done('POST', `/v1/bonus-pools/${made.id}/assignments`, { branchId });
    });
    if (budgetType ?? laborBp) await yard.set('incentives', { budgetType: budgetType ?? null, laborBp: laborBp ?? null });
    if (premiumPolicy) await yard.set('pay-law', { ...NO_POLICIES, premiumPolicy });
    return yard;
  }

  /** Gives the branch an entry of its own in a settings area. */
  set(area: string, own: object): Promise<void> {
    return this.#world.set(area, ({ branches }) => ({ branches: { ...branches, [this.branchId]: own } }));
  }

  /** People at the source, each with a wage from before everything, or with none; their ids there. */
  async people(wages: readonly (number | null)[]): Promise<readonly number[]> {
    const ids = wages.map(() => this.#world.id());
    await putRows(this.#world, {
      Contacts: ids.map((ContactID) => ({
        ContactID,
        ContactTypeID: 1,
        ContactTypeName: 'Employee',
        BranchID: this.sourceId,
        BranchName: `Yard ${this.sourceId}`,
        FirstName: `Story ${ContactID}`,
        LastName: 'Person',
        Active: true,
        CreatedDateTime: '2026-02-20T15:00:00.000Z',
      })),
      PayRates: ids.flatMap((worker, at) => (wages[at] === null ? [] : [this.#rateRow(worker, wages[at]!)])),
    });
    return ids;
  }

  /** A wage that the source comes to know later, from before everything. */
  async wage(worker: number, hourly: number): Promise<void> {
    await putRows(this.#world, { PayRates: [this.#rateRow(worker, hourly)] });
  }

  #rateRow(ContactID: number, HourlyBasePay: number) {
    return { PayRateID: this.#world.id(), ContactID, EffectiveDate: '2025-01-01T00:00:00', HourlyBasePay, BurdenPercent: 20 };
  }

  /** A job with its tickets and time at the source; its id there. */
  async job({ name, tickets, time, completed = true, ...job }: StoryJob): Promise<{ id: number; ticketIds: readonly number[] }> {
    const { offset } = this.#world;
    const [id, serviceId] = [this.#world.id(), this.#world.id()];
    const hoursOf = tickets ?? [job.hours ?? 0];
    const ticketIds = hoursOf.map(() => this.#world.id());
    const lastDate =
      time
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? '2026-03-03';
    await putRows(this.#world, {
      Opportunities: [
        {
          OpportunityID: id,
          PropertyID: 709 + offset,
          OpportunityStatusID: 3,
          OpportunityStatusName: '7. Won',
          OpportunityStage: 'Won',
          OpportunityStatus: 'Won',
          OperationsManagerContactID: job.managerContactId ?? null,
          DivisionID: 12 + offset,
          BranchID: this.sourceId,
          OpportunityType: 'Work Order',
          OpportunityName: name,
          OpportunityNumber: id,
          StartDate: '2026-03-02T00:00:00',
          CreatedDateTime: '2026-01-21T14:15:00.000Z',
          InvoiceType: 'Fixed Price on Completion',
          BillingCompanyID: 809 + offset,
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
          BranchID: this.sourceId,
          ServiceID: 62 + offset,
          DisplayName: 'Hardscape',
          InvoiceType: 'Fixed Price on Completion',
          OpportunityID: id,
          OpportunityServiceStatus: 'Won',
          CreatedDateTime: '2026-01-21T14:15:00.000Z',
          OpportunityServiceRoutes: job.routeId === undefined ? [] : [{ RouteID: job.routeId + offset }],
        },
      ],
      WorkTickets: ticketIds.map((WorkTicketID, at) => ({
        WorkTicketID,
        OpportunityServiceID: serviceId,
        Occur: at + 1,
        OpportunityID: id,
        OpportunityNumber: id,
        BranchID: this.sourceId,
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
      WorkTicketTimes: time.map((worked) => this.#timeRow(this.#world.id(), ticketIds[worked.ticket ?? 0]!, worked)),
    });
    return { id, ticketIds };
  }

  /** One more piece of time on a ticket, or another one in its place; its id at the source. */
  async time(ticketId: number, worked: Worked, id = this.#world.id()): Promise<number> {
    await putRows(this.#world, { WorkTicketTimes: [this.#timeRow(id, ticketId, worked)] });
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
      BranchID: this.sourceId,
      BranchTimeZone: 'Eastern Standard Time',
    };
  }
}

/** Puts rows at the source of the world's company. */
async function putRows({ product, tenant }: StoryWorld, rows: Readonly<Record<string, readonly object[]>>): Promise<void> {
  await control(product.sources.aspire!, { put: rows, tenant: tenant.id });
}
