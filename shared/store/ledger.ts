import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { hashText } from '#kernel/hash.ts';
import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import { auditEntityPartition, auditKey, idempotencyKey } from '#model/keys.ts';
import type { AuditEntry } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';

const AUDIT_VERSION = 1;
const IDEMPOTENCY_VERSION = 1;
/** A used key is remembered for a day at least; a retry after that is a new request. */
const KEPT_SECONDS = 48 * 3_600;

/** The audit entry of a command, to be put into the command's own transaction (M-153). An entry is never written over. */
export function auditAction(scope: TenantScope, entry: AuditEntry): WriteAction {
  const { id, at, entityId, ...rest } = entry;
  return {
    kind: 'put',
    item: {
      ...auditKey(scope, at, id),
      bp: auditEntityPartition(scope, entityId),
      bs: id,
      et: 'au',
      v: AUDIT_VERSION,
      id,
      at,
      ei: entityId,
      ...rest,
    },
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}

/** Reads a stored audit entry back. */
export function decodeAudit(item: Item): AuditEntry {
  const stored = item as unknown as AuditEntry & { readonly ei: string };
  return {
    id: stored.id,
    at: stored.at,
    actor: stored.actor,
    action: stored.action,
    entity: stored.entity,
    entityId: stored.ei,
    before: stored.before ?? null,
    after: stored.after ?? null,
    reason: stored.reason ?? null,
    requestId: stored.requestId,
    source: stored.source,
    ...(stored.selfApproved ? { selfApproved: true as const } : {}),
    ...(stored.onBehalfOf === undefined ? {} : { onBehalfOf: stored.onBehalfOf }),
  };
}

/** What is kept of a keyed request: the digest of what was asked, and what was answered. */
export interface IdempotencyRecord {
  /** Digest of method, path and body. */
  readonly requestHash: string;
  /** Null while the request is still running. */
  readonly answer: StoredAnswer | null;
  /** Until when a running request holds the key; afterwards a retry may take over. */
  readonly until: Instant | null;
  /** Which execution holds the key while it runs. */
  readonly holder: string | null;
  readonly expiresAt: Instant;
}

export interface StoredAnswer {
  readonly status: number;
  /** The body as JSON text. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Revision that stood in the ETag, where the resource has one. */
  readonly revision?: number;
}

/** Longer bodies are kept compressed: the answer to a payment of 2,000 items would not fit an item as text. */
const PLAIN_BODY = 50_000;

type PackedAnswer = Omit<StoredAnswer, 'body'> & { readonly body: string | Uint8Array };

function packed(answer: StoredAnswer): PackedAnswer {
  if (answer.body.length <= PLAIN_BODY) return answer;
  return { ...answer, body: new Uint8Array(deflateRawSync(answer.body)) };
}

function unpacked(answer: PackedAnswer): StoredAnswer {
  const { body } = answer;
  return { ...answer, body: typeof body === 'string' ? body : inflateRawSync(body).toString('utf8') };
}

/** The key under which a request's Idempotency-Key is remembered: tenant, route and key. */
export function idempotencyHash(route: string, key: string): string {
  return hashText(`${route}\n${key}`);
}

/** Reads what is known of a key, strongly; null when nothing is, or when it is older than the time it is kept (never trusting TTL). */
export async function readIdempotency(
  table: Table,
  scope: TenantScope,
  hash: string,
  now: Instant,
): Promise<IdempotencyRecord | null> {
  const item = await table.get(scope, idempotencyKey(scope, hash));
  return item === null ? null : decodeIdempotency(item, now);
}

/** Reads a stored idempotency record; null when its time has passed. */
export function decodeIdempotency(item: Item, now: Instant): IdempotencyRecord | null {
  const record: IdempotencyRecord = {
    requestHash: item.rh as string,
    answer: item.an === undefined ? null : unpacked(item.an as PackedAnswer),
    until: (item.un as Instant | undefined) ?? null,
    holder: (item.ho as string | undefined) ?? null,
    expiresAt: item.ex as Instant,
  };
  return record.expiresAt <= now ? null : record;
}

/** Writes the answer under its key, in the transaction of the effect: the condition makes concurrent twins one. */
export function answeredAction(
  scope: TenantScope,
  hash: string,
  record: { readonly requestHash: string; readonly answer: StoredAnswer; readonly holder: string },
  now: Instant,
): WriteAction {
  return {
    kind: 'put',
    item: { ...idempotencyItem(scope, hash, record.requestHash, now), an: packed(record.answer) },
    condition: {
      expression: 'attribute_not_exists(pk) OR #ex <= :now OR #ho = :holder',
      names: { '#ex': 'ex', '#ho': 'ho' },
      values: { ':now': now, ':holder': record.holder },
    },
  };
}

/**
 * Takes a key before a request that acts outside of the store (asks a source, for example), so that a twin waits instead of acting as
 * well. The hold ends by itself after `holdSeconds`, in case this execution dies.
 */
export function claimAction(
  scope: TenantScope,
  hash: string,
  claim: { readonly requestHash: string; readonly holder: string; readonly holdSeconds: number },
  now: Instant,
): WriteAction {
  return {
    kind: 'put',
    item: {
      ...idempotencyItem(scope, hash, claim.requestHash, now),
      un: addSeconds(now, claim.holdSeconds),
      ho: claim.holder,
    },
    condition: {
      expression: 'attribute_not_exists(pk) OR #ex <= :now OR (attribute_not_exists(#an) AND #un <= :now)',
      names: { '#ex': 'ex', '#an': 'an', '#un': 'un' },
      values: { ':now': now },
    },
  };
}

/** Gives a claimed key back after a refusal, so that a corrected request may use it at once. */
export function releaseAction(scope: TenantScope, hash: string, holder: string): WriteAction {
  return {
    kind: 'delete',
    key: idempotencyKey(scope, hash),
    condition: { expression: '#ho = :holder', names: { '#ho': 'ho' }, values: { ':holder': holder } },
  };
}

function idempotencyItem(scope: TenantScope, hash: string, requestHash: string, now: Instant) {
  const expires = addSeconds(now, KEPT_SECONDS);
  return {
    ...idempotencyKey(scope, hash),
    et: 'ik',
    v: IDEMPOTENCY_VERSION,
    rh: requestHash,
    ex: expires,
    expiresAt: Math.ceil(msOf(expires) / 1_000),
  };
}
