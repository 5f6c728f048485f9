import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { IdentitySpace } from '#model/entities.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { StreamPreview } from '#model/sync-call.ts';
import type { SourceErrorCode } from './source-error.ts';
import type { Discovery } from './source-values.ts';

export type { RateHeaders } from '#model/manifest.ts';

/**
 * What the engine asks of an integration. A connector reads pages and maps rows; it never retries, stamps, stores or decides an
 * outcome. Every read goes through the `SourceHttp` it is given, which holds limits, retries and the host allow-list.
 */
export interface Connector {
  readonly manifest: IntegrationManifest;
  /** Raised with every change of the mapping that can alter a mapped record (M-97). */
  readonly mappingVersion: number;
  /** Logs in and says whose account it is and which scopes are missing (M-42, M-111); throws a SourceError when refused. */
  check(options: OpenOptions): Promise<CheckResult>;
  /** What an event of the provider says; null where the text is none of its events. Stands where the manifest has `hooks`. */
  readHook?(text: string): HookEvent | null;
  /** Reads what the account has that settings may name (M-49), in a few calls; left out where there is nothing to map. */
  discover?(options: OpenOptions): Promise<Discovery>;
  /** Shows what other settings would make of what the account holds (`preview.ts`); left out where a source cannot be asked. */
  readonly preview?: (connector: Connector, options: OpenOptions, next: ConnectionSettings) => Promise<readonly StreamPreview[]>;
  /** Logs in for one leg of a run. Lookups of the source's small lists are cached inside the session. */
  open(options: OpenOptions): Promise<ConnectorSession>;
}

/** A provider's event: no more than that something has happened. What it was is read from the source (M-76). */
export interface HookEvent {
  /** The source account that it is about, where it tells. */
  readonly accountId: string | null;
  readonly at: Instant | null;
  /** Whether it is about anything that is mirrored; unknown kinds of events are not. */
  readonly concerns: boolean;
}

export interface OpenOptions {
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: ConnectionSettings;
  /** The tenant's zone, for local times whose branch names none. */
  readonly zone: string;
  readonly currency: string;
  readonly http: SourceHttp;
  readonly now: () => Instant;
  /**
   * Zones of the branches as mirrored, by source id, where the engine knows them: saves a connector whose rows carry local times from
   * reading the branches in every run. Left out before the branches were read once.
   */
  readonly branchZones?: Readonly<Record<string, string | null>>;
  /** Where an integration logs in by OAuth: its connector asks here for every access token and holds none of its own. */
  readonly tokens?: TokenSource;
  /** Tells operators of something that stops nothing, such as a version of the source's API that is being retired: a line of the log. */
  readonly notice?: (code: string, detail: string) => void;
}

/**
 * The access tokens of one OAuth connection. Refreshing, and keeping what was refreshed before it is used, is the engine's: two that ask
 * at once get the one token of the one refresh.
 */
export interface TokenSource {
  /** A token that is good for at least another minute. Throws a SourceError where the connection has to be authorized again. */
  current(): Promise<string>;
  /** A newer token than the one that the source has just answered with 401. Throws as `current` does. */
  renew(rejected: string): Promise<string>;
}

export interface CheckResult {
  readonly accountId: string | null;
  readonly accountName: string | null;
  /** Branch source ids seen: the identity of an account that offers no id (M-42). */
  readonly branchSourceIds: readonly string[];
  readonly missingScopes: readonly string[];
}

export interface ConnectorSession {
  /** Account identity as this login tells it. */
  readonly account: { readonly id: string | null; readonly name: string | null };
  /** One page of a stream. Called again with `next` until that is null. */
  readPage(request: ReadRequest): Promise<SourcePage>;
  /** Rows by their own ids, or by their parents' ids, complete and unpaged (at most 200 ids a call). Absent rows are simply not there. */
  fetch(request: FetchRequest): Promise<SourcePage>;
  /**
   * Which of these custom fields, as the settings name them, the account has no more (M-49). A field that merely holds nothing is not among
   * them. Left out where the source has no custom fields.
   */
  missingFields?(used: readonly string[]): Promise<readonly string[]>;
}

export interface ReadRequest {
  readonly stream: string;
  readonly pageToken: string | null;
  /** Half-open from here: watermark less overlap. Null: everything in scope. */
  readonly since: Instant | null;
  /** For window streams: inclusive local dates. */
  readonly window: { readonly from: LocalDate; readonly to: LocalDate } | null;
  /**
   * Digests of rows that the overlap brings again although they were handled: a connector that would have to read other lists for them
   * may leave out a row that is still the same. Empty unless the connector told them of an earlier page.
   */
  readonly handled?: ReadonlySet<string>;
  /** When, by the source's clock, the last good reading of the stream began: what changed before is known. Null or left out: none yet. */
  readonly knownUpTo?: Instant | null;
}

/** A row of a stamped stream that was mapped whole, left out or not: a digest of its raw form, and its stamp. */
export interface HandledRow {
  readonly digest: string;
  readonly at: Instant;
}

export type FetchRequest =
  | { readonly stream: string; readonly ids: readonly string[] }
  | { readonly stream: string; readonly parentIds: readonly string[] };

export interface SourcePage {
  readonly rows: readonly MappedRow[];
  /** Of an auxiliary window stream: parts to compare, by parent and segment. */
  readonly parts: readonly AuxiliaryPart[];
  /** Of an auxiliary digest stream: the canonical text of the page's rows. */
  readonly digestText: string | null;
  /** Of an auxiliary watermark stream: what to fetch again. */
  readonly refetch: readonly FetchRequest[];
  /** Largest source stamp among an auxiliary stream's rows. */
  readonly highWater: Instant | null;
  /** Of a stamped stream whose connector leaves out what it knows: the rows of this page that it may leave out the next time. */
  readonly handled?: readonly HandledRow[];
  readonly next: string | null;
  /** The source's clock as of this answer (`Date` header), when it tells one. */
  readonly sourceTime: Instant | null;
  /** Rows moved between pages while the list was read: what it did not show may be there all the same, so it proves no absence. */
  readonly unsettled?: boolean;
}

export interface AuxiliaryPart {
  readonly space: IdentitySpace;
  readonly sourceId: string;
  /** ISO week, so that a window is compared week by week. */
  readonly segment: string;
  /** Canonical text of what matters in the row. */
  readonly text: string;
}

/**
 * The engine's own way to call a source: allow-list, deadline, size limit, rate limit and retries are inside (M-41, M-91). It answers with
 * a 200, or with a 401 that is not a login's, and throws a SourceError for everything else.
 */
export interface SourceHttp {
  call(request: SourceRequest): Promise<SourceResponse>;
  /** Calls made so far, retries included. */
  readonly calls: number;
}

export interface SourceRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Login calls: a 401 there is a refusal, not a reason to refresh. */
  readonly login?: true;
  /**
   * Reads the body of a 200 and throws a SyntaxError when it is not what was asked for: HTML, cut off, another form. Such an answer is
   * asked for again and in the end fails as `bad_response`; it never counts as "no rows" (M-91). Where the body tells a refusal it throws
   * an `AnsweredAs`, which is reacted to like that status; any other error leaves `call` as it is.
   */
  readonly accept?: (text: string) => void;
  /**
   * What an answer other than 200 means where this source says more than its status does, such as that our app was disconnected; null
   * where it says no more. Neither the text nor a part of it goes anywhere else.
   */
  readonly refusal?: (status: number, text: string) => SourceErrorCode | null;
  /** The url to use after `timeouts` timeouts: the same with a smaller page (M-91). */
  readonly urlAfterTimeouts?: (timeouts: number) => string;
  /** The same where the page's size stands in the body. */
  readonly bodyAfterTimeouts?: (timeouts: number) => string;
  /** Milliseconds to wait before the call is sent, where the source counts by a budget of its own that its answers tell. */
  readonly delayMs?: number;
}

export interface SourceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}
