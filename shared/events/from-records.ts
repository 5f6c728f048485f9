import type { Run } from '#model/connection.ts';
import type { LineItem, StatementHeader } from '#model/pay.ts';
import { dataOf, type EventType } from './catalogue.ts';
import type { FeedEvent } from './event.ts';

const SYSTEM: FeedEvent['actor'] = { kind: 'system', id: 'bonus' };
const ITEM_TYPES = {
  hold: 'line_item.held',
  release: 'line_item.released',
  extend: 'line_item.extended',
  void: 'line_item.voided',
  paid: 'line_item.paid',
} as const satisfies Readonly<Record<string, EventType>>;

/** What has happened to a line item between two images of it: it was made, or its history has grown (B-184). */
export function eventsOfItem(before: LineItem | null, after: LineItem, now: string): readonly FeedEvent[] {
  const { id: itemId, revision } = after;
  const make = (type: EventType, n: number, at: string, by: string | null, reason: string | null): FeedEvent => ({
    id: `${itemId}.${n}`,
    type,
    occurredAt: at,
    subject: { entity: 'line_item', id: itemId },
    actor: by === null ? SYSTEM : { kind: 'user', id: by },
    data: dataOf(type, { ...after, itemId, by, reason }),
  });
  // One that was moved to another day appears anew, with the history it has.
  const known = before?.events.length ?? (revision === 1 ? 0 : after.events.length - 1);
  const made = before === null && revision === 1 ? [make('line_item.created', 0, now, null, null)] : [];
  const grown = after.events.flatMap((one, index) => {
    if (index < known || one.type === 'reopen') return [];
    const reason = one.type === 'void' ? one.reason : one.type === 'hold' ? (one.note ?? null) : null;
    return [make(ITEM_TYPES[one.type], index + 1, one.at, one.by, reason)];
  });
  return [...made, ...grown];
}

/** A statement is opened with its first header (B-133). */
export function eventOfOpening(header: StatementHeader, now: string): FeedEvent {
  const data = { ...header, statementId: header.id, payableCents: header.totals?.payableCents ?? null };
  return {
    id: `${header.id}.opened`,
    type: 'statement.opened',
    occurredAt: now,
    subject: { entity: 'statement', id: header.id },
    actor: SYSTEM,
    data: dataOf('statement.opened', data),
  };
}

/** How a run has ended; null of one by the clock that found nothing new, which would be said a hundred times a day. */
export function eventOfRun(run: Run): FeedEvent | null {
  const counts = Object.fromEntries(run.streams.map(({ stream, counts: of }) => [stream, { ...of }]));
  const changed = run.streams.some(({ counts: of }) => of.created + of.changed + of.deleted + of.restored > 0);
  const byClock = run.trigger === 'schedule' || run.trigger === 'hint' || run.trigger === 'reconcile';
  if (byClock && !changed && run.outcome === 'succeeded') return null;
  const type = run.outcome === 'failed' || run.outcome === 'interrupted' ? (`sync.${run.outcome}` as const) : 'sync.completed';
  return {
    id: run.id,
    type,
    occurredAt: run.finishedAt,
    subject: { entity: 'run', id: run.id },
    actor: run.requestedBy === null ? { kind: 'system', id: run.id } : { kind: 'user', id: run.requestedBy },
    data: dataOf(type, { ...run, runId: run.id, counts, error: run.error?.code ?? null }),
  };
}
