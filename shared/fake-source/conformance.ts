import type { Instant } from '#kernel/instant.ts';
import type { Connector, TokenSource } from '#mirror/connector.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { Row } from './dataset.ts';
import type { FakeSource } from './serve.ts';

/**
 * How the conformance suite works the fake of an integration: which rows it may change and what a call can carry, and nothing of what is
 * to come of it. The `fake/conformance.ts` of an integration exports one as `conformance`.
 */
export interface Conformance {
  readonly connector: Connector;
  /** The moment the recorded company stands for. */
  readonly at: Instant;
  readonly zone: string;
  /** Settings under which the whole recording is in scope, every entity included. */
  readonly settings: ConnectionSettings;
  /** A fake with two accounts of different companies; the first one is connected. `now`: its clock, in milliseconds. */
  open(now: () => number): ConformanceSource;
  /** By stream of the manifest: its list at the control door, and how one row of it is worked. */
  readonly rows: Readonly<Record<string, RowWork>>;
  /** A stamp of the source's own, as its rows hold it. */
  stampText(at: Instant): unknown;
  readonly calls: CallCost;
  /** Checks of the suite that cannot be made of this source, by name, each with the reason. */
  readonly exempt?: Readonly<Record<string, string>>;
}

/** An opened fake, not started yet, and what opens its first account. */
export interface ConformanceSource {
  readonly fake: FakeSource;
  /** Credentials of the first account when the fake listens on `url`; with `good` false such as the source refuses. */
  credentials(url: string, good: boolean): Readonly<Record<string, string>>;
  /** Of an integration with OAuth: the tokens that the engine would hand to the connector. */
  tokens?(url: string, good: boolean): TokenSource;
}

/** How one row of a list is worked. */
export interface RowWork {
  /** The list's name at the control door. */
  readonly list: string;
  /** The same row with another value of something that is mirrored, different for each `n`; key and stamp stay. */
  change(row: Row, n: number): Row;
  /** The row once more under a key that no other row has, different for each `n`; left out where rows cannot simply be multiplied. */
  copy?(row: Row, n: number): Row;
  /** Value of the switch `poisonRow` that makes a row unreadable; left out where `types` does. */
  readonly poison?: { readonly field: string; readonly with: unknown };
  /** Id under which a row is mirrored; left out where it is the row's key. */
  sourceId?(row: Row): string;
}

/** What the source's paging makes of the least number of calls. */
export interface CallCost {
  /** Rows that one call can bring, by list; the source's own limit, or what its cost model allows. */
  rowsPerCall(list: string): number;
  /** Whether only an empty page tells the end of a list, so that each reading of a list costs one call more. */
  readonly endsEmpty: boolean;
  /** Lists that a full reading needs twice: compared by their stamps or window as an auxiliary list, and joined to the rows they decide. */
  readonly compared?: readonly string[];
  /** Lists that the source serves only parent by parent, with the list that holds the parents. */
  readonly perParent?: Readonly<Record<string, string>>;
  /** Lists that every cycle has to look at, where those are not one for each stream: identity, people who stand in several lists. */
  readonly cycleLists?: readonly string[];
  /** Calls of one login, where a leg logs in by itself. */
  readonly login: number;
}
