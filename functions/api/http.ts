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

/** What the authorizer says: who the token belongs to, nothing of what it may do. */
export interface AuthorizerContext {
  readonly tenantId?: string;
  readonly tokenId?: string;
}

/** The answer of a function to the HTTP API (payload format 2.0). */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}
