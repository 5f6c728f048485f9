import { hashCanonical } from '#kernel/hash.ts';
import { type Instant, secondsBetween } from '#kernel/instant.ts';
import type { Actor } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import {
  answeredAction,
  auditAction,
  claimAction,
  decodeIdempotency,
  type IdempotencyRecord,
  idempotencyHash,
  readIdempotency,
  releaseAction,
  type StoredAnswer,
} from '#store/ledger.ts';
import type { Table, WriteAction } from '#store/table.ts';
import type { AuditDraft, Command, Committed, Effect } from './command.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem } from './problem.ts';
import type { ApiAnswer } from './route.ts';
import { fitsTransaction, type Parts, writeParts } from './write-effect.ts';

/** A request as far as its commands are concerned. */
export interface CommandContext {
  readonly ports: Pick<ApiPorts, 'now' | 'ulid' | 'table'>;
  readonly scope: TenantScope;
  readonly actor: Actor;
  readonly requestId: string;
  /** Method and template. */
  readonly route: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
  /** Status of the route's answer where the handler names none. */
  readonly defaultStatus: number;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** True for a usable Idempotency-Key: up to 255 visible ASCII characters. */
export function isIdempotencyKey(text: string): boolean {
  return KEY.test(text);
}

/** The command of one request, and the stored answer if the request is a repetition. */
export interface OpenedCommand {
  readonly command: Command;
  readonly replay: ApiAnswer | null;
  /**
   * What a twin was answered while this request was under way; null where there is none. Whoever is refused looks: what stood in the way
   * may be the twin's own effect.
   */
  answerOfTwin(): Promise<ApiAnswer | null>;
  /** Gives a claimed key back after a refusal. */
  release(): Promise<void>;
}

/** A request that changes nothing, or that has no tenant: a commit there is a defect. */
export const NO_COMMAND: Command = {
  commit: async () => {
    throw new Error('this route changes nothing');
  },
  claim: async () => null,
};

/**
 * Opens the command of a request. With a key, what is known of the key is read first: the same request again gives the stored answer,
 * another one under the same key is refused with 422, one that is still running with 409.
 */
export async function openCommand(context: CommandContext): Promise<OpenedCommand> {
  const { ports, scope, key } = context;
  if (key === null)
    return { command: commandOf(context, null), replay: null, answerOfTwin: async () => null, release: async () => {} };
  const keyed: Keyed = {
    hash: idempotencyHash(context.route, key),
    requestHash: hashCanonical({ path: context.path, route: context.route, body: context.body ?? null }),
    holder: context.requestId,
  };
  const known = await readIdempotency(ports.table, scope, keyed.hash, ports.now());
  const replay = known === null ? null : answerOfKey(known, keyed, ports.now());
  const claimed = { taken: false };
  return {
    command: commandOf(context, keyed, claimed),
    replay,
    answerOfTwin: async () => {
      const record = await readIdempotency(ports.table, scope, keyed.hash, ports.now());
      const isOwn = record?.answer === null && record.holder === keyed.holder;
      return record === null || isOwn ? null : answerOfKey(record, keyed, ports.now());
    },
    release: async () => {
      if (claimed.taken) await ports.table.write(scope, [releaseAction(scope, keyed.hash, keyed.holder)]);
    },
  };
}

interface Keyed {
  readonly hash: string;
  readonly requestHash: string;
  readonly holder: string;
}

interface Claimed {
  taken: boolean;
}

function commandOf(context: CommandContext, keyed: Keyed | null, claimed: Claimed = { taken: false }): Command {
  return {
    commit: (effect) => commit(context, keyed, claimed, effect),
    claim: async (holdSeconds) => {
      if (keyed === null) return null;
      const answer = await claim(context, keyed, holdSeconds);
      claimed.taken = answer === null;
      return answer;
    },
  };
}

/** As long as a batch may take: a twin waits, and a retry after a crash begins when nobody can be at work any more. */
const BATCH_SECONDS = 60;

async function commit(context: CommandContext, keyed: Keyed | null, claimed: Claimed, effect: Effect): Promise<Committed> {
  const { ports, scope } = context;
  const now = ports.now();
  const drafts: readonly AuditDraft[] = Array.isArray(effect.audit) ? effect.audit : [effect.audit as AuditDraft];
  const audits = drafts.map((draft) => auditAction(scope, entryOf(context, draft, now)));
  const key = keyed === null ? [] : [answerAction(context, keyed, effect, now)];
  const parts: Parts = { actions: effect.actions, staged: effect.staged ?? [], last: [...audits, ...key] };
  if (keyed !== null && !claimed.taken && !fitsTransaction(parts)) {
    const answer = await claim(context, keyed, BATCH_SECONDS);
    if (answer !== null) return { applied: true, answer };
    claimed.taken = true;
  }
  const outcome = await writeParts(ports, scope, parts);
  if (outcome.applied) return { applied: true, answer: effect.answer };
  const targets = parts.actions.length + parts.staged.length;
  if (keyed !== null) {
    const lostKey = outcome.failed.find(({ index }) => index === targets + audits.length);
    if (lostKey) return { applied: true, answer: await twinAnswer(ports.table, scope, keyed, lostKey.current, now) };
  }
  return { applied: false, failed: outcome.failed.filter(({ index }) => index < targets) };
}

function answerAction(context: CommandContext, keyed: Keyed, effect: Effect, now: Instant): WriteAction {
  const answer = storedAnswer(effect.replay ?? effect.answer, context.defaultStatus);
  const { hash, requestHash, holder } = keyed;
  return answeredAction(context.scope, hash, { requestHash, answer, holder }, now);
}

/** A twin of this request was quicker: its answer is ours. The losing condition carries the record, so nothing is read again. */
async function twinAnswer(
  table: Table,
  scope: TenantScope,
  keyed: Keyed,
  current: Parameters<typeof decodeIdempotency>[0] | null,
  now: Instant,
): Promise<ApiAnswer> {
  const record = current === null ? await readIdempotency(table, scope, keyed.hash, now) : decodeIdempotency(current, now);
  const answer = record === null ? null : answerOfKey(record, keyed, now);
  if (answer === null) throw inFlight(1);
  return answer;
}

async function claim(context: CommandContext, keyed: Keyed, holdSeconds: number): Promise<ApiAnswer | null> {
  const { ports, scope } = context;
  const now = ports.now();
  const { requestHash, holder } = keyed;
  const outcome = await ports.table.write(scope, [claimAction(scope, keyed.hash, { requestHash, holder, holdSeconds }, now)]);
  if (outcome.applied) return null;
  return twinAnswer(ports.table, scope, keyed, outcome.failed[0]?.current ?? null, now);
}

/** The stored answer of a key; null when an execution that held it has died and the key is free to take. */
function answerOfKey(record: IdempotencyRecord, keyed: Keyed, now: Instant): ApiAnswer | null {
  if (record.requestHash !== keyed.requestHash)
    throw new ApiProblem('idempotency-key-reused', { detail: 'This Idempotency-Key was used for a different request.' });
  if (record.answer !== null) return replayed(record.answer);
  if (record.until !== null && record.until > now) throw inFlight(Math.max(1, secondsBetween(now, record.until)));
  return null;
}

function inFlight(retryAfterSeconds: number): ApiProblem {
  return new ApiProblem('idempotency-in-flight', {
    detail: 'A request with this Idempotency-Key is still running.',
    data: { retryAfterSeconds },
  });
}

function storedAnswer(answer: ApiAnswer, defaultStatus: number): StoredAnswer {
  return {
    status: answer.status ?? defaultStatus,
    body: JSON.stringify(answer.body),
    headers: answer.headers ?? {},
    ...(answer.revision === undefined ? {} : { revision: answer.revision }),
  };
}

function replayed(stored: StoredAnswer): ApiAnswer {
  return {
    status: stored.status,
    body: JSON.parse(stored.body),
    headers: { ...stored.headers, 'idempotency-replayed': 'true' },
    ...(stored.revision === undefined ? {} : { revision: stored.revision }),
  };
}

function entryOf(context: CommandContext, draft: AuditDraft, at: Instant): Parameters<typeof auditAction>[1] {
  const { actor } = context;
  return {
    id: draft.id ?? context.ports.ulid(),
    at,
    actor: { kind: actor.kind, id: actor.id },
    action: draft.action,
    entity: draft.entity,
    entityId: draft.entityId,
    before: draft.before ?? null,
    after: draft.after ?? null,
    reason: draft.reason ?? null,
    requestId: context.requestId,
    source: 'API',
    ...(draft.selfApproved ? { selfApproved: true as const } : {}),
  };
}
