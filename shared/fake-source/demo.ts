import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { FakeSource, LiveTimer } from './serve.ts';

/** What the one-command demo asks of an integration. The `fake/demo.ts` of an integration exports one as `demo`. */
export interface DemoSource {
  /** Makes the integration's fake with an account for each of the tenants, by their ids and in their order; it is not started yet. */
  open(world: DemoWorld): DemoSystem;
}

/** What a fake of the demo is made from. */
export interface DemoWorld {
  /** The demo tenants that connect to this system; at least one. */
  readonly tenants: readonly string[];
  /** When the demo was first started, in milliseconds: recordings are moved to the week of that moment. */
  readonly startedAt: number;
  /** Keeps the recordings' own dates. */
  readonly asRecorded: boolean;
  /** Folder in which the fake keeps its data over restarts. */
  readonly statePath: string;
  /** Given when crews are to clock hours by themselves. */
  readonly live?: LiveTimer;
}

/** A system of the demo: its fake, and the account that each tenant has there. */
export interface DemoSystem {
  readonly fake: FakeSource;
  /** The product as the fake's OAuth server knows it, where it has one. Its accounts have the names of the tenants. */
  readonly client?: { readonly id: string; readonly secret: string };
  account(tenant: string): DemoAccount;
}

/** An account of a demo tenant at the fake of a source. */
export interface DemoAccount {
  /** What `POST /v1/connections` takes as credentials when the fake listens on `url`. */
  credentials(url: string): Readonly<Record<string, string>>;
  /** Settings of the connection that the recorded company's conventions ask for. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The day before the first time entry: the start of the import and the launch of ProPays, so that all of the recording counts. */
  readonly firstDay: LocalDate;
  /** Share of labour in contract prices, where that is what the recorded company budgets by. */
  readonly laborBp?: number;
  /** People of the recorded company that tokens of the demo stand for, by source ids. */
  readonly people: Readonly<Partial<Record<DemoPersonKey, DemoPlace>>>;
}

/** The tokens of a demo tenant, by what they are called in `.local/demo.json`. */
export type DemoPersonKey = 'owner' | 'admin' | 'manager' | 'crewLead' | 'worker' | 'auditor';

/** Who a token is in the source, and what is theirs there. */
export interface DemoPlace {
  readonly worker: string | null;
  readonly branches: readonly string[];
  readonly routes: readonly string[];
}

/** The day before the first of these days of time entries, so that all of a recording counts; throws where there is none. */
export function dayBeforeFirst(days: readonly LocalDate[]): LocalDate {
  const [first] = [...days].sort();
  if (first === undefined) throw new Error('the demo dataset holds no time');
  return addDays(first, -1);
}
