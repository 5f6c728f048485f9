/** The part of the SDK's endpoint parameters that matters here. */
export interface EndpointParameters {
  readonly Region?: string | undefined;
  /** Set by `AWS_ENDPOINT_URL` and its relatives, which the SDK has read by then. */
  readonly Endpoint?: string | undefined;
}

/** What the SDK expects of an endpoint resolver. */
export interface ResolvedEndpoint {
  readonly url: URL;
  readonly properties: Readonly<Record<string, never>>;
  readonly headers: Readonly<Record<string, never>>;
}

/** Domains of the partitions that are not the common one, by the beginning of the region's name. */
const OTHER_DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [['cn-', 'amazonaws.com.cn']];

/**
 * Answers the public endpoint of a service in a region, or the one that was configured. It takes the place of the SDK's rule
 * tables, which also know dual-stack, FIPS and account-bound endpoints: 12 KB that our clients never use.
 */
export function regionalEndpoint(service: string): (parameters: EndpointParameters) => ResolvedEndpoint {
  return ({ Endpoint: configured, Region: region }) => {
    if (configured === undefined && !region) throw new Error('AWS_REGION is not set.');
    const domain = OTHER_DOMAINS.find(([prefix]) => region?.startsWith(prefix))?.[1] ?? 'amazonaws.com';
    return { url: new URL(configured ?? `https://${service}.${region}.${domain}`), properties: {}, headers: {} };
  };
}
