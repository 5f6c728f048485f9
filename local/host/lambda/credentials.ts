import { randomBytes } from 'node:crypto';
import type { SigningKeys } from '../aws/presigned.ts';
import type { Caller } from '../iam/iam.ts';
import type { Locality } from '../template/locality.ts';
import type { FunctionDefinition } from './functions.ts';

/** The environment variables that make an SDK client somebody on the local endpoint. */
export type SdkEnvironment = Readonly<
  Record<
    | 'AWS_ACCESS_KEY_ID'
    | 'AWS_SECRET_ACCESS_KEY'
    | 'AWS_SESSION_TOKEN'
    | 'AWS_REGION'
    | 'AWS_DEFAULT_REGION'
    | 'AWS_ENDPOINT_URL',
    string
  >
>;

/** Hands out access keys, new ones at every start, and knows whose they are. */
export type Credentials = {
  issue(caller: Caller): SdkEnvironment;
  callerOf(accessKeyId: string): Caller | undefined;
  keysOf(accessKeyId: string): SigningKeys | undefined;
};

/** Starts with nobody known. */
export function createCredentials({ region, awsEndpoint }: Locality): Credentials {
  const callers = new Map<string, Caller & { readonly keys: SigningKeys }>();
  return {
    issue: (caller) => {
      const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      const keys = { secret: randomBytes(24).toString('base64url'), sessionToken: randomBytes(24).toString('base64url') };
      callers.set(accessKeyId, { ...caller, keys });
      return {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secret,
        AWS_SESSION_TOKEN: keys.sessionToken,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: awsEndpoint,
      };
    },
    callerOf: (accessKeyId) => callers.get(accessKeyId),
    keysOf: (accessKeyId) => callers.get(accessKeyId)?.keys,
  };
}

/** A function as a caller: its role, under a session named after it. */
export function callerOfFunction({ roleArn, name }: FunctionDefinition, { accountId }: Locality): Caller {
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return { kind: 'role', roleArn, session: `arn:aws:sts::${accountId}:assumed-role/${role}/${name}` };
}

/** The variables that Lambda itself sets in an environment. */
export function lambdaVariables({ name, memoryMb, logGroup, handler, file }: FunctionDefinition): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    LAMBDA_TASK_ROOT: new URL('.', file).pathname,
    _HANDLER: `${file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '')}.${handler}`,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
  };
}
