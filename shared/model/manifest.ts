import type { EntityName, IdentitySpace } from './entities.ts';
import type { ProviderSettings, SetupStep } from './provider-settings.ts';
import type { ValueKind } from './source-values.ts';

/**
 * What the engine and the wiring need to know of one integration (M-40). Data only: adding an integration is adding a folder.
 * A stream without a delete policy does not compile.
 */
export interface IntegrationManifest {
  readonly provider: string;
  /** Name on screen and in guidance texts. */
  readonly name: string;
  readonly auth: 'key' | 'oauth' | 'file';
  /** How it logs in by OAuth; stands exactly where `auth` is `oauth`. */
  readonly oauth?: OAuthManifest;
  /** How its events prove that they are its own (M-76); left out where it sends none, or none that can be told from forged ones. */
  readonly hooks?: HookManifest;
  readonly cycles: readonly number[];
  readonly manualResync: boolean;
  readonly resyncModes: readonly ('delta' | 'full')[];
  readonly setupSteps: readonly SetupStep[];
  /** Its settings beside those that all have, with what a new connection starts with (M-150). */
  readonly settings: ProviderSettings;
  /** What its connector finds at the source for settings to map (M-49). */
  readonly offers?: readonly ValueKind[];
  /** Hosts a connector of this integration may call; everything else is refused (M-41). */
  readonly allowedHosts: readonly string[];
  /** Calls started in any second; below one where the source counts over minutes. */
  readonly requestsPerSecond: number;
  /** Calls that may follow one another at once within that rate; left out: those of one second. */
  readonly requestBurst?: number;
  /** Where every answer tells what is left of the source's own limit: kept to, beside `requestsPerSecond`. */
  readonly rateHeaders?: RateHeaders;
  /** Entity types the provider can supply; a connection owns a subset (M-43). */
  readonly entities: readonly EntityName[];
  readonly streams: readonly StreamManifest[];
  readonly auxiliary: readonly AuxiliaryManifest[];
}

/** Names, in lower case, of the headers in which a source tells the limit that is nearest: its size, what is left, its end. */
export interface RateHeaders {
  readonly limit: string;
  readonly remaining: string;
  /** Unix seconds by the source's clock. */
  readonly reset: string;
  /** Share of the limit that is left to the contractor's other programs, in percent. */
  readonly leavePercent: number;
}

/**
 * An OAuth login as data. The product's own client id and secret are configuration; the engine sends people to the authorize page,
 * exchanges codes, refreshes and keeps tokens, and hands connectors a `TokenSource`.
 */
export interface OAuthManifest {
  /** What is offered, the first unless the credentials of a new connection name another as `grant`. */
  readonly grants: readonly OAuthGrant[];
  /** Login address (scheme and host) by environment; the first unless the credentials name another as `environment`. */
  readonly origins: Readonly<Record<string, string>>;
  readonly authorizePath: string;
  readonly tokenPath: string;
  /** Where tokens are given back (RFC 7009), at a source that offers it. */
  readonly revokePath?: string;
  /** Parameters of the authorize page beside those of the standard. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** Asked for on the authorize page; empty where the source knows none. */
  readonly scopes: readonly string[];
  readonly pkce: boolean;
  /** How the product names itself at the token endpoint: in the form, or in a Basic header. */
  readonly clientAuth: 'form' | 'basic';
  /** Life of an access token where neither the answer (`expires_in`) nor the token itself (`exp`) tells. */
  readonly accessSeconds: number;
  /** Whether a refresh token holds for one use only, so that an answer that was lost costs the authorization. */
  readonly rotates: boolean;
  /**
   * Fields of the token endpoint's answer that the connector needs, as credentials under these names (`{ companyId: 'company_id' }`).
   * The account itself is told by the connector's check (M-42).
   */
  readonly keep?: Readonly<Record<string, string>>;
}

/** The proof that comes with a provider's event. */
export interface HookManifest {
  /** Header of the proof, in lower case. */
  readonly header: string;
  /**
   * `client_signature`: base64 of the HMAC-SHA256 of the raw body under the secret of the product's own OAuth client. `connection_secret`:
   * the secret itself, which whoever connects has given as the credential `hookSecret` and set up at the provider.
   */
  readonly proof: 'client_signature' | 'connection_secret';
}

/** `static_token`: the contractor made a token at the source and gives it as `token`; it is never refreshed. */
export type OAuthGrant = 'authorization_code' | 'client_credentials' | 'static_token';

/**
 * A list that is no entity of its own but decides fields of one (a visit gives a ticket its date and route). It is compared, never
 * stored; what changed in it makes the engine read the touched records again.
 */
export interface AuxiliaryManifest {
  readonly stream: string;
  /** Streams whose records it decides: it is read only with them, and remembered only when they could be read. */
  readonly touches: readonly string[];
  readonly refresh: RefreshClass;
  readonly delta: /** Whole small list, one digest: a change makes the touched streams be read in full. */
    | { readonly kind: 'digest' }
    /** Modified stamp: each changed row names what to fetch again. */
    | { readonly kind: 'watermark'; readonly overlapSeconds: number }
    /** Date window, compared by parent and ISO week with the fingerprints of the last reading. */
    | {
        readonly kind: 'window';
        readonly parents: IdentitySpace;
        readonly nearDays: readonly [number, number];
        readonly farDays: readonly [number, number];
      };
}

/** When a stream is read (M-81). */
export type RefreshClass = 'cycle' | 'hourly' | 'daily';

/** How changes of a stream are found. */
export type DeltaMode =
  /** The server filters on a modified stamp; overlap re-reads what may have been written late (M-87). */
  | { readonly kind: 'watermark'; readonly overlapSeconds: number }
  /** No stamp: a date window is re-read and compared by hash. Days are relative to today in the connection's zone. */
  | { readonly kind: 'window'; readonly nearDays: readonly [number, number]; readonly farDays: readonly [number, number] }
  /** Small list without a stamp: read whole each time it is due. */
  | { readonly kind: 'whole' };

/**
 * How deletions of a stream are proven (M-102). `hiddenWithJob`: the source shows these records only under jobs that it shows us, so what
 * is missing under a job that is out of scope is hidden, not gone (M-105). The job is the record's own, or the part of its source id
 * before the first slash.
 */
export type DeletePolicy =
  /** Missing from two complete sweeps, or from one and from a probe by id. */
  | { readonly kind: 'sweep'; readonly hiddenWithJob?: true }
  /**
   * The same, within re-read date windows only. `feedDays`: deletions also stand on a list of the source, for so many days; a stream that
   * was not read for longer is read whole (M-82).
   */
  | { readonly kind: 'window_sweep'; readonly hiddenWithJob?: true; readonly feedDays?: number }
  /** Never deleted at the source, only switched inactive; the reason is written down. */
  | { readonly kind: 'inactive_flag'; readonly reason: string };

export interface StreamManifest {
  /** The stream's name: also the name of its fingerprints and its watermark. */
  readonly stream: string;
  /** The source's list, where several streams read the same one: a row that nobody can tell apart is put aside by each of them. */
  readonly list?: string;
  readonly entity: EntityName;
  readonly space: IdentitySpace;
  /** Further entities that rows of this stream become: a ticket brings its budget, a time row may be drive time. */
  readonly also?: readonly EntityName[];
  readonly refresh: RefreshClass;
  readonly delta: DeltaMode;
  readonly deletes: DeletePolicy;
  /** Streams that must have been read before; a failure of one of them stops this one (M-81). */
  readonly dependsOn: readonly string[];
  /** Why an account may have no row here at all; a list without this reason that stays empty is taken for a mistake of ours. */
  readonly mayBeEmpty?: string;
}
