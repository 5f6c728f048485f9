import { type Instant, msOf, secondsBetween } from '#kernel/instant.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type { Attempt, Delivery, DisabledReason, Webhook } from '#model/webhook.ts';
import type { MessageQueue } from '#platform/message-queue.ts';
import type { Vault } from '#platform/vault.ts';
import { auditAction } from '#store/ledger.ts';
import type { Table, WriteAction } from '#store/table.ts';
import {
  noteFailingAction,
  readDelivery,
  readWebhook,
  saveDeliveryAction,
  saveWebhookAction,
} from '#store/webhook-repository.ts';
import { sealedSecretsOf } from '#webhooks/delivery.ts';
import { type DeliveryMessage, encodeDeliveryMessage } from '#webhooks/messages.ts';
import { afterAttempt, givenUp } from '#webhooks/retries.ts';
import { signedHeaders } from '#webhooks/signature.ts';
import type { Poster } from './post.ts';

/** What a delivery takes from the outside. */
export interface DeliverPorts {
  readonly table: Table;
  readonly vault: Vault;
  /** The queue that the deliveries come from. */
  readonly queue: MessageQueue;
  readonly post: Poster;
  /** Seconds between the attempts of a round. */
  readonly waits: readonly number[];
  now(): Instant;
  /** 0 ≤ x < 1. */
  random(): number;
  ulid(): string;
}

/** Longest time that the queue holds a message back: a longer wait is a chain of such messages. */
const LONGEST_DELAY_SECONDS = 900;
/** The receiver says that it wants no more (Standard Webhooks). */
const GONE = 410;

/**
 * Looks at one delivery: attempts it if it is due, and sees to it that a message comes back for the next attempt. The state is written before
 * that message is sent; whoever is killed in between leaves the present message, which comes back and finds what is to be done. A
 * delivery may so be posted twice, never not at all.
 */
export async function deliver(ports: DeliverPorts, message: DeliveryMessage, requestId: string): Promise<void> {
  const scope = scopeOf(message.tenantId);
  const [delivery, webhook] = await Promise.all([
    readDelivery(ports.table, scope, message.webhookId, message.deliveryId),
    readWebhook(ports.table, scope, message.webhookId),
  ]);
  if (delivery?.status !== 'pending') return;
  if (webhook === null || webhook.disabled !== null) {
    await ports.table.write(scope, [saveDeliveryAction(scope, message.webhookId, givenUp(delivery))]);
    return;
  }
  if (delivery.nextAttemptAt !== null && delivery.nextAttemptAt > ports.now()) return comeBack(ports, message, delivery);
  const attempt = await attemptOnce(ports, scope, webhook, delivery);
  await noteHealth(ports, scope, webhook, attempt);
  const next = afterAttempt(delivery, attempt, ports.now(), ports.random(), ports.waits);
  const after = attempt.answer === GONE ? { ...next, status: 'failed' as const, nextAttemptAt: null } : next;
  // Somebody else has attempted it meanwhile, or began it anew: theirs is the message that goes on.
  if (!(await save(ports, scope, webhook, after, requestId))) return;
  if (after.status === 'pending') await comeBack(ports, message, after);
}

async function attemptOnce(ports: DeliverPorts, scope: TenantScope, webhook: Webhook, delivery: Delivery): Promise<Attempt> {
  const place = { tenantId: scope.tenantId, webhookId: webhook.id };
  const now = ports.now();
  const opened = await Promise.all(sealedSecretsOf(webhook, now).map((sealed) => ports.vault.decrypt(place, sealed)));
  const secrets = opened.flatMap(({ secret }) => secret ?? []);
  const { eventId: id, body } = delivery;
  return ports.post({ url: webhook.url, headers: signedHeaders({ id, body }, secrets, msOf(now)), body });
}

async function comeBack({ queue, now }: DeliverPorts, message: DeliveryMessage, { nextAttemptAt }: Delivery): Promise<void> {
  const wait = nextAttemptAt === null ? 0 : secondsBetween(now(), nextAttemptAt);
  await queue.send([encodeDeliveryMessage(message)], Math.min(LONGEST_DELAY_SECONDS, Math.max(0, wait)));
}

/** Since when nothing gets through stands on the endpoint; it is written when that changes, not with every attempt. */
async function noteHealth({ table }: DeliverPorts, scope: TenantScope, webhook: Webhook, attempt: Attempt): Promise<void> {
  const failingSince = attempt.outcome === 'delivered' ? null : (webhook.failingSince ?? attempt.at);
  if (failingSince !== webhook.failingSince) await table.write(scope, [noteFailingAction(scope, webhook, failingSince)]);
}

/** Writes what became of the attempt and, where an endpoint takes nothing any more, that it is switched off: together, or neither. */
async function save(
  ports: DeliverPorts,
  scope: TenantScope,
  webhook: Webhook,
  after: Delivery,
  requestId: string,
): Promise<boolean> {
  const saving = saveDeliveryAction(scope, webhook.id, after);
  const present = after.status === 'failed' ? await readWebhook(ports.table, scope, webhook.id) : null;
  const reason = present === null ? null : whyDisabled(present, after);
  if (present !== null && reason !== null) {
    const disabling = disablingActions(ports, scope, present, reason, requestId);
    if ((await ports.table.write(scope, [saving, ...disabling])).applied) return true;
    // The endpoint was changed meanwhile: it stays as it is, with this delivery failed.
  }
  return (await ports.table.write(scope, [saving])).applied;
}

/** An endpoint is given up when a delivery has failed for as long as we try and nothing else got through in all that time. */
function whyDisabled({ failingSince }: Webhook, failed: Delivery): DisabledReason | null {
  if (failed.attempts.at(-1)?.answer === GONE) return 'gone';
  const first = failed.attempts.at(-failed.roundAttempts);
  return first !== undefined && failingSince !== null && failingSince <= first.at ? 'failing' : null;
}

function disablingActions(
  { now, ulid }: DeliverPorts,
  scope: TenantScope,
  webhook: Webhook,
  reason: DisabledReason,
  requestId: string,
): readonly WriteAction[] {
  const at = now();
  const disabled = { reason, at };
  return [
    saveWebhookAction(scope, { ...webhook, disabled, revision: webhook.revision + 1 }, webhook),
    auditAction(scope, {
      id: ulid(),
      at,
      actor: { kind: 'system', id: 'webhooks' },
      action: 'webhook.disabled',
      entity: 'webhook',
      entityId: webhook.id,
      before: { disabled: null },
      after: { disabled },
      reason,
      requestId,
      source: 'system',
    }),
  ];
}
