import type { ProPayTarget } from '#model/propay-state.ts';
import { isTenantId } from '#model/scope.ts';

/** Scopes in one message of the recalculation queue. */
const SCOPES = 100;

/** What a message asks for: targets to settle, and jobs with all their targets. */
export interface RecalculationMessage {
  readonly tenantId: string;
  readonly targets: readonly ProPayTarget[];
  readonly jobIds: readonly string[];
}

/** Cuts work into messages of at most a hundred scopes, as their text. */
export function encodeMessages(message: RecalculationMessage): readonly string[] {
  const { tenantId } = message;
  const bodies: string[] = [];
  for (let at = 0; at < message.targets.length; at += SCOPES) {
    const targets = message.targets.slice(at, at + SCOPES).map(({ jobId, milestoneId }) => [jobId, milestoneId]);
    bodies.push(JSON.stringify({ v: 1, tenantId, targets, jobIds: [] }));
  }
  for (let at = 0; at < message.jobIds.length; at += SCOPES)
    bodies.push(JSON.stringify({ v: 1, tenantId, targets: [], jobIds: message.jobIds.slice(at, at + SCOPES) }));
  return bodies;
}

/** Reads a message back. Throws on a text that is none, which then ends in the dead-letter queue. */
export function decodeMessage(body: string): RecalculationMessage {
  const message: unknown = JSON.parse(body);
  if (!isMessage(message)) throw new Error('a message of the recalculation queue in no known form');
  const { tenantId, targets, jobIds } = message;
  return { tenantId, targets: targets.map(([jobId, milestoneId]) => ({ jobId, milestoneId })), jobIds };
}

/** A message as it is sent. */
interface Message extends Omit<RecalculationMessage, 'targets'> {
  readonly v: 1;
  readonly targets: readonly (readonly [jobId: string, milestoneId: string | null])[];
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { v, tenantId, targets, jobIds }: { [name in keyof Message]?: unknown } = value;
  const isTenant = typeof tenantId === 'string' && isTenantId(tenantId);
  return v === 1 && isTenant && isListOf(targets, isTarget) && isListOf(jobIds, isText);
}

function isListOf<T>(value: unknown, isOne: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTarget(value: unknown): value is readonly [string, string | null] {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && (value[1] === null || isText(value[1]));
}
