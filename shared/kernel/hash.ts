import { hash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';

/** The 32 bytes of SHA-256 over text (as UTF-8) or bytes. */
export function sha256(input: string | Uint8Array): Buffer {
  return hash('sha256', input, 'buffer');
}

/** SHA-256 of a text as base64url, 43 characters. */
export function hashText(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** SHA-256 of the canonical JSON of a value (M-92) as base64url, 43 characters; permuted keys give the same hash. */
export function hashCanonical(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'base64url');
}

/** SHA-256 of a text as 64 hexadecimal digits, as people compare it with what their own tools say of a file. */
export function hexHashOf(text: string): string {
  return hash('sha256', text, 'hex');
}
