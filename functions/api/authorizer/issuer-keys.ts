import { AppError } from '#kernel/errors.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { CallPool } from '#platform/https-call.ts';
import { requiredVariable } from '#platform/ports.ts';

const TIMEOUT_MS = 1_500;
const MAX_BYTES = 64 * 1024;
const TRIES = 2;

/** The issuer that the environment names. Plain http is for the local host alone. Throws at start-up, so that a wrong deployment fails closed. */
export function issuerOf(environment: Environment): string {
  const issuer = requiredVariable(environment, 'ISSUER');
  const { protocol, hostname } = new URL(issuer);
  const isLocal = environment.PROTIV_LOOPBACK === '1' && protocol === 'http:' && hostname === '127.0.0.1';
  if (protocol !== 'https:' && !isLocal) throw new Error('The variable ISSUER must be an https address.');
  return issuer;
}

/** Reads the public keys of the issuer, with one more try. Two of them end well before the authorizer's own limit. */
export async function fetchIssuerKeys(url: string): Promise<ArrayBuffer> {
  // Keys are read once in hours, and a socket that was frozen in between is a broken one.
  const pool = new CallPool();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const { status, text } = await pool.exchange({
          method: 'GET',
          url: new URL(url),
          headers: { accept: 'application/json' },
          timeoutMs: TIMEOUT_MS,
          maxBytes: MAX_BYTES,
        });
        if (status !== 200) throw new AppError('issuer-unavailable', { category: 'transient', data: { status } });
        return new TextEncoder().encode(text).buffer as ArrayBuffer;
      } catch (error) {
        if (attempt === TRIES) throw error;
      }
    }
  } finally {
    pool.close();
  }
}
