import { SignatureV4 } from '@smithy/signature-v4';
import { AppError } from '#kernel/errors.ts';
import { awsKeys, type Environment } from './aws-environment.ts';
import { Sha256 } from './signer-hash.ts';

/** The pool that people sign in to, as far as the product changes it. Every call may be repeated. */
export interface PeoplePool {
  /** Lets whoever has the address sign in; somebody new is sent a first password by the pool. */
  admit(email: string): Promise<void>;
  /** Lists a person under a tenant, which is taken where a request names none. It gives no right: the membership does. */
  list(subject: string, tenantId: string): Promise<void>;
  /** Lists a person under a tenant no longer. */
  unlist(subject: string, tenantId: string): Promise<void>;
}

const TRIES = 3;
const WAIT_MS = 5_000;
/** Longest value of an attribute. Who belongs to more tenants than fit names the others in each request. */
const LONGEST_LIST = 2_048;
const TENANTS = 'custom:tenants';

interface Attribute {
  readonly Name: string;
  readonly Value: string;
}

/**
 * The user pool of Cognito by its three plain calls, signed by the SDK's signer. `AWS_ENDPOINT_URL` takes the place of Cognito where it is
 * set. Failures that may pass are tried three times; then the pool is unavailable.
 */
export function openPeoplePool(userPoolId: string, environment: Environment = process.env): PeoplePool {
  const call = openCaller(environment);
  const tenantsOf = async (subject: string): Promise<readonly string[]> => {
    // Somebody who was taken out of the pool is listed nowhere.
    const { UserAttributes } = await call('AdminGetUser', { UserPoolId: userPoolId, Username: subject }, 'UserNotFoundException');
    const found = ((UserAttributes ?? []) as readonly Attribute[]).find(({ Name }) => Name === TENANTS)?.Value ?? '';
    return found.split(' ').filter((id) => id !== '');
  };
  const save = async (subject: string, tenantIds: readonly string[]): Promise<void> => {
    const UserAttributes = [{ Name: TENANTS, Value: tenantIds.join(' ') }];
    const input = { UserPoolId: userPoolId, Username: subject, UserAttributes };
    await call('AdminUpdateUserAttributes', input, 'UserNotFoundException');
  };
  return {
    admit: async (email) => {
      await call(
        'AdminCreateUser',
        {
          UserPoolId: userPoolId,
          Username: email,
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'email_verified', Value: 'true' },
          ],
          DesiredDeliveryMediums: ['EMAIL'],
        },
        'UsernameExistsException',
      );
    },
    list: async (subject, tenantId) => {
      const listed = await tenantsOf(subject);
      const next = [...listed, tenantId];
      if (!listed.includes(tenantId) && next.join(' ').length <= LONGEST_LIST) await save(subject, next);
    },
    unlist: async (subject, tenantId) => {
      const listed = await tenantsOf(subject);
      const next = listed.filter((id) => id !== tenantId);
      if (next.length < listed.length) await save(subject, next);
    },
  };
}

type Call = (operation: string, input: object, fine?: string) => Promise<Readonly<Record<string, unknown>>>;

/** Calls Cognito; an error of the name `fine` is an answer as well. */
function openCaller(environment: Environment): Call {
  const region = environment.AWS_REGION ?? 'us-east-1';
  const url = new URL(environment.AWS_ENDPOINT_URL ?? `https://cognito-idp.${region}.amazonaws.com`);
  const signer = new SignatureV4({
    service: 'cognito-idp',
    region,
    credentials: async () => awsKeys(environment),
    sha256: Sha256,
  });
  return async (operation, input, fine) => {
    const body = JSON.stringify(input);
    for (let attempt = 1; ; attempt++) {
      const { headers } = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: '/',
        headers: {
          host: url.host,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
        },
        body,
      });
      const answer = await post(url, headers, body);
      if (answer?.ok) return (await answer.json()) as Readonly<Record<string, unknown>>;
      if (answer !== null && fine !== undefined && String(await errorOf(answer)).endsWith(fine)) return {};
      if (attempt === TRIES || (answer !== null && answer.status < 500 && answer.status !== 429))
        throw new AppError('pool-unavailable', { category: 'transient', data: { operation, status: answer?.status ?? null } });
    }
  };
}

/** Null where there was no answer in time. */
async function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Response | null> {
  try {
    return await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(WAIT_MS) });
  } catch {
    return null;
  }
}

async function errorOf(answer: Response): Promise<unknown> {
  const { __type } = (await answer.json().catch(() => ({}))) as { readonly __type?: unknown };
  return __type;
}
