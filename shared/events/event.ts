import type { Instant } from '#kernel/instant.ts';
import type { AuditEntry } from '#model/people.ts';
import type { EventType } from './catalogue.ts';

/** What an event says of its subject: ids, codes, times, counts, amounts in cents, names of fields. */
export type EventValue = string | number | boolean | null | readonly EventValue[] | { readonly [name: string]: EventValue };
export type EventData = Readonly<Record<string, EventValue>>;

/**
 * One thing that happened, as whoever causes it says it (M-158). The id is derived from the cause, so that what is told again after a crash
 * is recognised; order is promised per subject only.
 */
export interface FeedEvent {
  readonly id: string;
  readonly type: EventType;
  readonly occurredAt: Instant;
  readonly subject: { readonly entity: string; readonly id: string };
  readonly actor: AuditEntry['actor'];
  readonly data: EventData;
}

/** The envelope in which feed, webhooks and notifications carry an event. `sequence` grows per tenant. */
export interface EventEnvelope extends FeedEvent {
  readonly version: typeof EVENT_VERSION;
  readonly tenantId: string;
  readonly sequence: number;
}

/** Version of what the catalogue says. Fields that are added do not change it. */
export const EVENT_VERSION = 1;
