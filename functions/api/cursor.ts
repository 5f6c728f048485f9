import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '#kernel/canonical.ts';
import type { TenantScope } from '#model/scope.ts';
import { ApiProblem } from './problem.ts';

const VERSION = '1';
const MAC_BYTES = 16;

/** What a cursor belongs to: it is of no use for any other list, filter, sort or tenant. */
export interface CursorBinding {
  readonly scope: TenantScope;
  readonly cursorKey: string;
  /** Method and template. */
  readonly route: string;
  readonly path: string;
  /** Filters and sort as parsed, without limit and cursor. */
  readonly filters: Readonly<Record<string, unknown>>;
}

/** Position → cursor: version, MAC and position in base64url, so that it needs no URL encoding. The position is JSON of our own making. */
export function sealCursor(binding: CursorBinding, position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position));
  return `${VERSION}${Buffer.concat([mac(binding, payload), payload]).toString('base64url')}`;
}

/**
 * Cursor → position. Anything altered, foreign or from another list is refused with `invalid-cursor`, without saying which it was:
 * after the MAC holds, the position is our own text and needs no further doubt.
 */
export function openCursor(binding: CursorBinding, cursor: string): unknown {
  if (!cursor.startsWith(VERSION) || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw invalidCursor();
  const bytes = Buffer.from(cursor.slice(VERSION.length), 'base64url');
  if (bytes.length <= MAC_BYTES) throw invalidCursor();
  const payload = bytes.subarray(MAC_BYTES);
  if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(binding, payload))) throw invalidCursor();
  // Base64 ignores stray bits at its end; only the one spelling that we make is taken.
  if (sealed(bytes) !== cursor) throw invalidCursor();
  return JSON.parse(payload.toString('utf8'));
}

const sealed = (bytes: Buffer): string => `${VERSION}${bytes.toString('base64url')}`;

function mac(binding: CursorBinding, payload: Buffer): Buffer {
  const { scope, cursorKey, route, path, filters } = binding;
  const bound = canonicalJson({ version: VERSION, tenantId: scope.tenantId, route, path, filters });
  return createHmac('sha256', cursorKey).update(bound).update('\n').update(payload).digest().subarray(0, MAC_BYTES);
}

function invalidCursor(): ApiProblem {
  return new ApiProblem('invalid-cursor', { detail: 'This cursor does not belong to this list and these filters.' });
}
