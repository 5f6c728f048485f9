import type { Instant } from '#kernel/instant.ts';
import type { ConnectionSettings } from './connection.ts';
import type { EntityName, IdentitySpace } from './entities.ts';
import type { SourceValue, ValueKind } from './source-values.ts';

/**
 * What the API asks of an integration's own function by a synchronous invocation: to try credentials, or to look for one record. The
 * credentials go in and come back encrypted, so the API stores them without ever being able to read them.
 */
export type SyncCall = CheckCall | AuthorizeCall | ExchangeCall | ProbeCall | HookCall | RevokeCall | DiscoverCall | PreviewCall;

export interface CheckCall {
  readonly type: 'check';
  readonly connectionId: string;
  /** Absent: those that are stored for the connection. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly settings: ConnectionSettings;
  readonly zone: string;
  readonly currency: string;
}

/** `refused`: the source said no, and `code` is a run error such as `reauth_required`. */
export type CheckAnswer =
  | {
      readonly ok: true;
      readonly accountId: string | null;
      readonly accountName: string | null;
      readonly missingScopes: readonly string[];
      /** Branch source ids seen: the identity of an account that offers no id (M-42). */
      readonly branchSourceIds: readonly string[];
      /** The credentials under the product's key, bound to the connection; null where stored ones were tried. */
      readonly ciphertext: string | null;
    }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Asks for the page on which a person approves the connection at its source. */
export interface AuthorizeCall {
  readonly type: 'authorize';
  readonly connectionId: string;
  /** What the person gave beside the approval: which environment, which company. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly redirectUri: string;
  /** Comes back with the code; the API alone knows what it stands for. */
  readonly state: string;
}

/** `sealed`: what the exchange of the code will need, under the product's key. */
export type AuthorizeAnswer =
  | { readonly ok: true; readonly authorizeUrl: string; readonly sealed: string }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Turns the code of an approval into tokens and tries them; answered like a check. */
export interface ExchangeCall extends Omit<CheckCall, 'type' | 'credentials'> {
  readonly type: 'exchange';
  readonly code: string;
  readonly sealed: string;
}

export interface ProbeCall {
  readonly type: 'probe';
  readonly connectionId: string;
  readonly entity: EntityName;
  readonly sourceId: string;
}

/** Gives the tokens of a connection that was disconnected back to its source. */
export interface RevokeCall {
  readonly type: 'revoke';
  readonly connectionId: string;
  /** The credentials as they were stored. */
  readonly sealed: string;
}

/** `revoked` false: the source offers no such thing, or there was no token. */
export type RevokeAnswer =
  | { readonly ok: true; readonly revoked: boolean }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** An event that somebody has posted in a provider's name: the function alone can tell whether it is the provider's. */
export interface HookCall {
  readonly type: 'hook';
  readonly connectionId: string;
  /** What the header of the proof holds. */
  readonly proof: string;
  /** The raw body, byte for byte, in base64. */
  readonly body: string;
}

/** `taken` false: not an event of this connection's source, for whatever reason. */
export interface HookAnswer {
  readonly taken: boolean;
}

/** What one look at the source found. `failed`: it could not be asked, which says nothing about the record. */
export type ProbeAnswer =
  | {
      readonly result: 'found';
      readonly space: IdentitySpace;
      readonly sourceUpdatedAt: Instant | null;
      readonly sourceCreatedAt: Instant | null;
      readonly sourceStatus: string | null;
      /** Set where the row would not be mirrored: skipped by status or scope, or refused by the mapping. */
      readonly skip: { readonly kind: 'ignored' | 'out_of_scope'; readonly code: string; readonly rule: string } | null;
      readonly rejected: { readonly reason: string; readonly field: string | null; readonly value: string | null } | null;
    }
  | { readonly result: 'not_found' }
  | { readonly result: 'failed'; readonly code: string };

/** Asks what the account has that settings may name. */
export interface DiscoverCall {
  readonly type: 'discover';
  readonly connectionId: string;
}

export type DiscoverAnswer =
  | { readonly ok: true; readonly values: readonly SourceValue[]; readonly unreadable: readonly ValueKind[] }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Asks what other settings would make of what the source holds. */
export interface PreviewCall {
  readonly type: 'preview';
  readonly connectionId: string;
  readonly settings: ConnectionSettings;
}

export type PreviewAnswer =
  | { readonly ok: true; readonly streams: readonly StreamPreview[] }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** What would become of the rows of one stream that were looked at. */
export interface StreamPreview {
  readonly stream: string;
  readonly entity: EntityName;
  /** Rows of the source that were looked at; `whole`: there are no more. */
  readonly rows: number;
  readonly whole: boolean;
  /** Records, among them those that come along with a row. */
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly dropped: number;
  readonly rejected: number;
  readonly samples: readonly PreviewSample[];
}

/** A record that differs: the fields in question before and after; null where it is none, with the reason. */
export interface PreviewSample {
  readonly entity: string;
  readonly sourceId: string | null;
  readonly name: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
}
