/** Environment variables by name, as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every AWS client of a function is built with; each factory adds its own service class. */
export interface AwsClientSettings {
  readonly credentials: () => Promise<AwsKeys>;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** The keys of a function's role, as Lambda hands them over. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const CONNECT_WAIT_MS = 1_000;
const REQUEST_WAIT_MS = 10_000;
const MAX_ATTEMPTS = 3;

/**
 * Settings shared by all AWS clients: keys from the environment, one second to connect, ten seconds per attempt, three
 * attempts at most. Region and endpoint (`AWS_REGION`, `AWS_ENDPOINT_URL`) are read by the SDK itself.
 */
export function awsClientSettings(environment: Environment = process.env): AwsClientSettings {
  return {
    credentials: async () => awsKeys(environment),
    maxAttempts: MAX_ATTEMPTS,
    // Without throwOnRequestTimeout the SDK only logs a late answer and goes on waiting.
    requestHandler: { connectionTimeout: CONNECT_WAIT_MS, requestTimeout: REQUEST_WAIT_MS, throwOnRequestTimeout: true },
  };
}

/**
 * Reads the role's keys from the environment. A function never looks anywhere else for them (no profile, no metadata
 * service), which is why the bundles leave out the SDK's credential chain. Throws when they are missing.
 */
export function awsKeys(environment: Environment): AwsKeys {
  const accessKeyId = environment.AWS_ACCESS_KEY_ID;
  const secretAccessKey = environment.AWS_SECRET_ACCESS_KEY;
  const sessionToken = environment.AWS_SESSION_TOKEN;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set: there is no other source of credentials.');
  }
  return sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey };
}
