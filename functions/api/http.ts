import type { Instant } from '#kernel/instant.ts';

/** The parts of an HTTP API event (payload format 2.0) that we read. Header names arrive in lower case. */
export interface HttpEvent {
  readonly version: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    /** Name under which the gateway was called. */
    readonly domainName?: string;
    readonly http: { readonly method: string; readonly path: string };
    readonly authorizer?: { readonly lambda?: AuthorizerContext | null } | undefined;
  };
}

/** What the authorizer says: who calls, nothing of what they may do. */
export type AuthorizerContext = Partial<TokenContext & PersonContext>;

/** Whose an API token is. */
export interface TokenContext {
  readonly tenantId: string;
  readonly tokenId: string;
}

/** Who signed in, as the identity provider says; every value is text, since the gateway carries nothing else for certain. */
export interface PersonContext {
  readonly subject: string;
  /** The tenants that the provider lists for the person, with spaces between; what counts is the membership in the table. */
  readonly tenantIds: string;
  /** Empty where the provider has none that was verified. */
  readonly verifiedEmail: string;
  readonly signedInAt: Instant;
  /** Until when the token holds: the gateway may keep the authorizer's word for longer. */
  readonly expiresAt: Instant;
}

/** The answer of a function to the HTTP API (payload format 2.0). */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}
