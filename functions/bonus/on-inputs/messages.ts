import * as z from 'zod/mini';
import type { ProPayTarget } from '#model/propay-state.ts';
import { isTenantId } from '#model/scope.ts';

/** Scopes in one message of the recalculation queue. */
const SCOPES = 100;

const messageSchema = z.strictObject({
  v: z.literal(1),
  tenantId: z.string().check(z.refine(isTenantId)),
  targets: z.array(z.tuple([z.string(), z.nullable(z.string())])),
  jobIds: z.array(z.string()),
  groupIds: z.optional(z.array(z.string())),
});

/** What a message asks for: targets to settle, jobs with all their targets, and groups. */
export interface RecalculationMessage {
  readonly tenantId: string;
  readonly targets: readonly ProPayTarget[];
  readonly jobIds: readonly string[];
  readonly groupIds?: readonly string[];
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
  const groupIds = message.groupIds ?? [];
  for (let at = 0; at < groupIds.length; at += SCOPES)
    bodies.push(JSON.stringify({ v: 1, tenantId, targets: [], jobIds: [], groupIds: groupIds.slice(at, at + SCOPES) }));
  return bodies;
}

/** Reads a message back. Throws on a text that is none, which then ends in the dead-letter queue. */
export function decodeMessage(body: string): RecalculationMessage {
  const { tenantId, targets, jobIds, groupIds } = z.parse(messageSchema, JSON.parse(body));
  return { tenantId, targets: targets.map(([jobId, milestoneId]) => ({ jobId, milestoneId })), jobIds, groupIds: groupIds ?? [] };
}
