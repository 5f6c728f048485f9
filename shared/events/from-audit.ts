import { parseProPayId, parseStatementId } from '#model/ids.ts';
import type { AuditEntry } from '#model/people.ts';
import { dataOf, EVENTS, type EventType, isEventType } from './catalogue.ts';
import type { FeedEvent } from './event.ts';

/** Actions of the audit log that events call otherwise. Those of one name need no line; others are no event. */
const RENAMED: Readonly<Record<string, EventType>> = {
  'connection.created': 'connection.connected',
  'connection.authorized': 'connection.connected',
  'connection.reconnected': 'connection.connected',
  'hold.confirmed': 'sync.deletion_resolved',
  'hold.discarded': 'sync.deletion_resolved',
  'link.confirmed': 'mirror.linked',
  'exclusion_rule.created': 'exclusion_rule.saved',
  'exclusion_rule.changed': 'exclusion_rule.saved',
  'exclusion_rule.deleted': 'exclusion_rule.removed',
  'job.exclusion_removed': 'job.included',
  'division.deleted': 'division.closed',
  'propay.reserve_released': 'phase.released',
  'propay.progress_requested': 'milestone.progress_requested',
  'milestone.progress_reported': 'milestone.progress_changed',
  'statement.answered': 'statement.dispute_answered',
};

/** Told from the line items themselves, which change in many at once behind one entry. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['line_item.created', 'line_item.voided']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * The event that an audit entry stands for; null for what is no event (B-184). The entry was written in one transaction with its effect,
 * so neither is there without the other, and its id makes the event's: told again, it is the same one.
 */
export function eventOfAudit(entry: AuditEntry): FeedEvent | null {
  const type = typeOf(entry);
  if (type === null) return null;
  const subject = subjectOf(type, entry);
  const known = { ...fieldsOf(entry.before), ...fieldsOf(entry.after), ...namesOf(entry) };
  return {
    id: entry.id,
    type,
    occurredAt: entry.at,
    subject,
    actor: { kind: entry.actor.kind, id: entry.actor.id },
    data: dataOf(type, known),
  };
}

function typeOf({ action, actor }: AuditEntry): EventType | null {
  if (TOLD_OTHERWISE.has(action)) return null;
  if (action === 'propay.canceled' && actor.kind === 'system') return 'propay.canceled_by_source';
  const type = RENAMED[action] ?? action;
  return isEventType(type) ? type : null;
}

const fieldsOf = (side: unknown): Fields =>
  typeof side === 'object' && side !== null && !Array.isArray(side) ? (side as Fields) : {};

/** The catalogue's subject; of a record whatever entity it is. */
function subjectOf(type: EventType, { entity, entityId, after }: AuditEntry): FeedEvent['subject'] {
  const { phaseId, space, targetId } = fieldsOf(after);
  if (EVENTS[type].subject === 'phase' && typeof phaseId === 'string') return { entity: 'phase', id: phaseId };
  if (type === 'mirror.linked') return { entity: String(space), id: String(targetId) };
  return { entity, id: entityId };
}

/** What the entry itself and the ids in it tell, under the names of the catalogue. */
function namesOf({ entity, entityId, actor, reason }: AuditEntry): Fields {
  const statement = entity === 'statement' ? parseStatementId(entityId) : null;
  const proPay = entity === 'propay' ? parseProPayId(entityId) : null;
  return {
    by: actor.id,
    reason,
    cause: actor.kind === 'system' ? 'run' : 'user',
    entity,
    id: entityId,
    key: entityId,
    ...(ID_NAMES[entity] === undefined ? {} : { [ID_NAMES[entity]]: entityId }),
    ...(statement === null ? {} : { workerId: statement.workerId, period: { startDate: statement.startDate } }),
    ...(proPay === null ? {} : { jobId: proPay.jobId, milestoneId: proPay.milestoneId }),
  };
}

/** How the catalogue calls the id of an entity of the log. */
const ID_NAMES: Readonly<Record<string, string>> = {
  connection: 'connectionId',
  hold: 'holdId',
  propay: 'propayId',
  group: 'groupId',
  callback: 'callbackId',
  statement: 'statementId',
  goal: 'goalId',
  export: 'batchId',
  line_item: 'itemId',
  exclusion_rule: 'ruleId',
  job: 'jobId',
  milestone: 'milestoneId',
};
