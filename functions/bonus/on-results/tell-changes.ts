import type { FeedEvent } from '#events/event.ts';
import { eventOfAudit } from '#events/from-audit.ts';
import { eventOfOpening, eventOfRun, eventsOfItem } from '#events/from-records.ts';
import type { Run } from '#model/connection.ts';
import { tenantIdOfKey } from '#model/keys.ts';
import { decodeLineItem, decodeStatement } from '#model/pay-item.ts';
import { scopeOf } from '#model/scope.ts';
import { sealOf } from '#store/audit-chain.ts';
import { appendEvents } from '#store/feed-repository.ts';
import { decodeAudit } from '#store/ledger.ts';
import { changeOf, type StreamChange, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, errorLine } from '../ports.ts';

/** Pages of the feed in which a batch that comes again finds what it has told. */
const LOOK_BACK = 10;

/** What a batch has to tell of one tenant, with the stream records behind it. */
interface Told {
  readonly events: FeedEvent[];
  readonly sequences: string[];
}

/**
 * Tells in the change feed what a batch of the stream says has happened (B-184), in one page for each tenant. A batch that comes again tells
 * the same events under the same ids. Answers the records that could not be told.
 */
export async function tellChanges(ports: BonusPorts, records: readonly StreamRecord[]): Promise<readonly string[]> {
  const tenants = new Map<string, Told>();
  const failed: string[] = [];
  for (const record of records) {
    try {
      note(tenants, record, ports.now());
    } catch (error) {
      ports.log({ level: 'error', message: 'a stream record cannot be told', ...errorLine(error) });
      failed.push(record.dynamodb?.SequenceNumber ?? '');
    }
  }
  for (const [tenantId, { events, sequences }] of tenants) {
    try {
      await appendEvents(ports.table, scopeOf(tenantId), events, ports.now(), LOOK_BACK);
    } catch (error) {
      ports.log({ level: 'error', message: 'events could not be told', tenantId, ...errorLine(error) });
      failed.push(...sequences);
    }
  }
  return failed;
}

function note(tenants: Map<string, Told>, record: StreamRecord, now: string): void {
  const change = changeOf(record);
  const { after, held, sequence } = change;
  const tenantId = after === null || held ? null : tenantIdOfKey(after.pk);
  if (tenantId === null) return;
  const events = eventsOf(change, now);
  if (events.length === 0) return;
  const told = tenants.get(tenantId) ?? { events: [], sequences: [] };
  tenants.set(tenantId, told);
  told.events.push(...events);
  told.sequences.push(sequence);
}

function eventsOf({ before, after }: StreamChange, now: string): readonly FeedEvent[] {
  if (after === null) return [];
  switch (after.et) {
    case 'li':
      return eventsOfItem(before === null ? null : decodeLineItem(before), decodeLineItem(after), now);
    case 'au':
      return sealOf(after) === null ? present(eventOfAudit(decodeAudit(after))) : [];
    case 'st':
      return before === null ? [eventOfOpening(decodeStatement(after), now)] : [];
    case 'rn':
      return before === null ? present(eventOfRun(after.run as Run)) : [];
    default:
      return [];
  }
}

const present = (event: FeedEvent | null): readonly FeedEvent[] => (event === null ? [] : [event]);
