import {
  JwtInvalidClaimError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier';
import { instantFromMs } from '#kernel/instant.ts';
import type { PersonContext } from '../http.ts';

/** Whose access tokens are believed. */
export interface IssuerOptions {
  readonly issuer: string;
  /** The app that people sign in through; tokens made for another one are refused. */
  readonly clientId: string;
  /** Reads the issuer's public keys. Its failure is an error of ours, never a refusal. */
  readonly fetchKeys: (url: string) => Promise<ArrayBuffer>;
}

/** Who an access token belongs to; null where it is not to be believed. Throws where that cannot be told. */
export type AccessTokenReader = (token: string) => Promise<PersonContext | null>;

/** Longer texts are refused unread: an access token has some 1,500 characters. */
export const MAX_ACCESS_TOKEN_LENGTH = 6_000;

const ALGORITHM = 'RS256';
/** A subject becomes part of a key. */
const SUBJECT = /^[A-Za-z0-9_-]{1,64}$/;

/** What is wrong with a token itself. Everything else that may be thrown says that the keys could not be had. */
const REFUSALS = [
  JwtParseError,
  JwtInvalidClaimError,
  JwtInvalidSignatureError,
  JwtInvalidSignatureAlgorithmError,
  JwtWithoutValidKidError,
  // Both come up only after the issuer's keys were read and did not hold the one that the token names.
  KidNotFoundInJwksError,
  WaitPeriodNotYetEndedJwkError,
];

/**
 * Makes the reader of one issuer's access tokens. Its keys are kept until a token names one that is not among them. Nothing of a token leads
 * anywhere: the keys come from the issuer that is configured, and a token of any other is refused before they are asked for.
 */
export function openAccessTokens({ issuer, clientId, fetchKeys }: IssuerOptions): AccessTokenReader {
  const verifier = JwtVerifier.create(
    { issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
  return async (token) => {
    try {
      if (!mayBeOurs(token, issuer)) return null;
      return personOf(await verifier.verify(token), clientId);
    } catch (error) {
      if (REFUSALS.some((refusal) => error instanceof refusal)) return null;
      throw error;
    }
  };
}

/** A look at what has not been verified yet, which can only refuse. */
function mayBeOurs(token: string, issuer: string): boolean {
  const { header, payload } = decomposeUnverifiedJwt(token);
  return header.alg === ALGORITHM && payload.iss === issuer && Number(payload.exp) * 1000 > Date.now();
}

/** The verified claims of an access token, by Cognito's names; null where it is another kind of token or made for somebody else. */
function personOf(claims: Readonly<Record<string, unknown>>, clientId: string): PersonContext | null {
  const { sub, token_use, client_id, exp, auth_time, email, tenants } = claims;
  if (token_use !== 'access' || client_id !== clientId) return null;
  if (typeof sub !== 'string' || !SUBJECT.test(sub) || typeof exp !== 'number' || typeof auth_time !== 'number') return null;
  const verified = claims.email_verified === true || claims.email_verified === 'true';
  return {
    subject: sub,
    tenantIds: typeof tenants === 'string' ? tenants : '',
    verifiedEmail: verified && typeof email === 'string' ? email : '',
    signedInAt: instantFromMs(auth_time * 1000),
    expiresAt: instantFromMs(exp * 1000),
  };
}
