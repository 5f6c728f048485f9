import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { isObject, type JsonObject, objectOf } from '../json.ts';
import type { PoolUser } from './directory.ts';
import type { SigningKeys } from './signing-keys.ts';

/** A sign-in that tokens are made for, once and at every refresh. */
export type SignIn = {
  readonly user: PoolUser;
  readonly clientId: string;
  readonly scope: string;
  readonly nonce: string | null;
  /** When the person gave the password, in seconds; a refresh changes nothing of it. */
  readonly authTime: number;
  /** Names the sign-in in all of its tokens. */
  readonly originJti: string;
};

export type Tokens = { readonly access_token: string; readonly id_token: string };

/** Asks the pool's trigger, if it has one; null where the pool has none. Rejects where the trigger fails: then there are no tokens. */
export type AskTrigger = (event: JsonObject) => Promise<JsonObject | null>;

export type TokenMakerOptions = {
  readonly issuer: string;
  readonly userPoolId: string;
  readonly region: string;
  readonly keys: SigningKeys;
  readonly accessSeconds: number;
  readonly askTrigger: AskTrigger;
  readonly now: () => number;
};

/** Makes the tokens of a sign-in with the claims of Cognito's, and with what the pool's trigger adds to them. */
export function createTokenMaker({ issuer, userPoolId, region, keys, accessSeconds, askTrigger, now }: TokenMakerOptions) {
  return async (signIn: SignIn, source: 'HostedAuth' | 'RefreshTokens'): Promise<Tokens> => {
    const { user, clientId, scope, nonce, authTime, originJti } = signIn;
    const answer = await askTrigger({
      version: '2',
      triggerSource: `TokenGeneration_${source}`,
      region,
      userPoolId,
      userName: user.sub,
      callerContext: { awsSdkVersion: 'local', clientId },
      request: {
        userAttributes: { sub: user.sub, 'cognito:user_status': 'CONFIRMED', ...user.attributes },
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
        scopes: scope.split(' '),
      },
      response: { claimsAndScopeOverrideDetails: null },
    });
    const added = objectOf(objectOf(answer?.response, 'response').claimsAndScopeOverrideDetails, 'claims');
    const common = { iss: issuer, sub: user.sub, event_id: randomUUID(), origin_jti: originJti, auth_time: authTime };
    const issuedAt = Math.floor(now() / 1000);
    const sign = (claims: JsonObject, changes: unknown) =>
      new SignJWT({ ...common, ...changed(claims, changes), jti: randomUUID() })
        .setProtectedHeader({ alg: 'RS256', kid: keys.current.kid })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessSeconds)
        .sign(keys.current.privateKey);
    const { email, email_verified } = user.attributes;
    const id = { token_use: 'id', aud: clientId, 'cognito:username': user.sub, email, email_verified: email_verified === 'true' };
    return {
      access_token: await sign(
        { token_use: 'access', client_id: clientId, scope, username: user.sub },
        added.accessTokenGeneration,
      ),
      id_token: await sign(nonce === null ? id : { ...id, nonce }, added.idTokenGeneration),
    };
  };
}

function changed(claims: JsonObject, changes: unknown): JsonObject {
  const { claimsToAddOrOverride, claimsToSuppress } = objectOf(changes, 'changes of claims');
  const all = { ...claims, ...(isObject(claimsToAddOrOverride) ? claimsToAddOrOverride : {}) };
  const suppressed = new Set(Array.isArray(claimsToSuppress) ? claimsToSuppress : []);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !suppressed.has(name)));
}
