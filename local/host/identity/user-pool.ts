import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AwsError } from '../aws/error.ts';
import type { UserPoolApiOptions } from '../aws/identity.ts';
import type { Clock } from '../clock.ts';
import type { Iam } from '../iam/iam.ts';
import { integerOf, type JsonObject, objectOf, textOf, textsOf } from '../json.ts';
import type { Pool } from '../lambda/pool.ts';
import type { Resolved, Template } from '../template/template.ts';
import { type Directory, openDirectory } from './directory.ts';
import { createPoolEndpoints } from './endpoints.ts';
import { createGrants } from './grants.ts';
import type { App } from './sign-in-page.ts';
import { makeSigningKeys } from './signing-keys.ts';
import { type AskTrigger, createTokenMaker } from './tokens.ts';

export type UserPoolOptions = {
  readonly template: Template;
  readonly iam: Iam;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly clock: Clock;
  /** The file that keeps the users, and the folder that takes the pool's messages. */
  readonly path: string;
  readonly mailbox: string;
};

/** The user pool of the templates: who can sign in, and what a test or the demo does to it. */
export type UserPool = {
  readonly issuer: string;
  readonly clientId: string;
  /** Where a browser may be sent back to. */
  readonly callbackUrls: readonly string[];
  /** Adds a user or changes the one of the address; gives the subject. */
  put(email: string, change: { password?: string; attributes?: Readonly<Record<string, string>> }): string;
  /** Signs with new keys from now on; `forget` withdraws the old ones. */
  rotateKeys(options?: { forget?: boolean }): Promise<void>;
  /** Whether asking for the keys fails. */
  failKeys(fail: boolean): void;
  /** What the AWS endpoint needs of it. */
  readonly api: UserPoolApiOptions;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  close(): void;
};

/** Opens the one user pool of the templates; null where there is none. */
export async function openUserPool({ template, iam, pools, clock, path, mailbox }: UserPoolOptions): Promise<UserPool | null> {
  const [resource, ...more] = template.of('AWS::Cognito::UserPool');
  if (resource === undefined) return null;
  const [client, ...others] = template.of('AWS::Cognito::UserPoolClient');
  if (client === undefined || more.length + others.length > 0)
    throw new Error('The local host runs one user pool with one client');
  const app = readApp(client);
  const directory: Directory = openDirectory(path);
  const keys = await makeSigningKeys();
  const now = () => clock.now();
  const { issuerEndpoint: origin, region } = template.locality;
  const issuer = resource.attribute('ProviderURL');
  const askTrigger = triggerOf(resource, iam, pools);
  const { accessSeconds } = app;
  let keysFail = false;
  return {
    issuer,
    clientId: app.clientId,
    callbackUrls: app.callbackUrls,
    put: (email, change) => directory.put(email, change).sub,
    rotateKeys: (options) => keys.rotate(options),
    failKeys: (fail) => {
      keysFail = fail;
    },
    api: { userPoolId: resource.ref, arn: resource.attribute('Arn'), directory, sendPassword: passwordMail(mailbox, now) },
    handle: createPoolEndpoints({
      ...{ origin, app, directory, keys },
      userPoolId: resource.ref,
      grants: createGrants(app.refreshMs, now),
      makeTokens: createTokenMaker({ issuer, userPoolId: resource.ref, region, keys, accessSeconds, askTrigger, now }),
      keysFail: () => keysFail,
    }),
    close: () => directory.close(),
  };
}

/** The message with which Cognito gives somebody new a first password, as a file. */
function passwordMail(folder: string, now: () => number): UserPoolApiOptions['sendPassword'] {
  return (email, password) => {
    mkdirSync(folder, { recursive: true });
    const text = `Sign in as ${email} with the first password ${password}.`;
    const message = { from: 'no-reply@verificationemail.com', to: [email], subject: 'Your sign-in to Protiv', text };
    writeFileSync(join(folder, `${now()}-${randomUUID()}.json`), JSON.stringify(message, null, 2));
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

function readApp({ properties, ref, id }: Resolved): App {
  const units = objectOf(properties.TokenValidityUnits, `TokenValidityUnits of ${id}`);
  const seconds = (name: string) =>
    integerOf(properties[`${name}Validity`], 0, `${name}Validity of ${id}`) * (UNIT_SECONDS[String(units[name])] ?? 0);
  const flows = textsOf(properties.AllowedOAuthFlows, `flows of ${id}`);
  if (flows.join() !== 'code') throw new Error(`${id}: the local host signs people in by the code flow alone`);
  return {
    clientId: ref,
    callbackUrls: textsOf(properties.CallbackURLs, `CallbackURLs of ${id}`),
    logoutUrls: textsOf(properties.LogoutURLs, `LogoutURLs of ${id}`),
    scopes: textsOf(properties.AllowedOAuthScopes, `AllowedOAuthScopes of ${id}`),
    accessSeconds: seconds('AccessToken'),
    refreshMs: seconds('RefreshToken') * 1000,
  };
}

/** The trigger before tokens are made, called as Cognito does: with the pool's permission, and without tokens where it fails. */
function triggerOf({ properties, id, attribute }: Resolved, iam: Iam, pools: ReadonlyMap<string, Pool>): AskTrigger {
  const { PreTokenGenerationConfig, ...rest } = objectOf(properties.LambdaConfig, `LambdaConfig of ${id}`);
  if (Object.keys(rest).length > 0) throw new Error(`${id}: the local host runs no trigger ${Object.keys(rest).join()}`);
  if (PreTokenGenerationConfig === undefined) return async () => null;
  const config = objectOf(PreTokenGenerationConfig, `trigger of ${id}`);
  if (config.LambdaVersion !== 'V2_0') throw new Error(`${id}: the local host runs triggers of version V2_0`);
  const functionArn = textOf(config.LambdaArn, `trigger of ${id}`);
  const caller = { kind: 'service', service: 'cognito-idp.amazonaws.com', sourceArn: attribute('Arn') } as const;
  return async (event): Promise<JsonObject> => {
    const pool = pools.get(functionArn);
    if (pool === undefined || !iam.allows(caller, { action: 'lambda:InvokeFunction', resource: functionArn }))
      throw new AwsError('UnexpectedLambdaException', `The pool may not invoke ${functionArn}`);
    const { payload, functionError } = await pool.invoke(JSON.stringify(event), 'sync');
    if (functionError !== null) throw new AwsError('UserLambdaValidationException', 'The trigger failed');
    return objectOf(JSON.parse(payload), 'answer of the trigger');
  };
}
