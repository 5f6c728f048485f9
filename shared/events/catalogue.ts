import type { EventData } from './event.ts';

/**
 * What the events of one type are about (`record`: a record of the mirror, of whatever entity), and what they carry: names of fields, `?`
 * behind those that may be missing.
 */
export interface EventKind {
  readonly subject: string;
  readonly data: string;
}

const connection = { subject: 'connection', data: 'connectionId provider accountName offeredAccount? by' };
const connectionState = { subject: 'connection', data: 'connectionId from to cause fix lastSuccessfulAt' };
const run = {
  subject: 'run',
  data: 'runId connectionId trigger mode outcome startedAt finishedAt dataAsOf counts error?',
};
const hold = { subject: 'hold', data: 'holdId connectionId entity count share decision? by?' };
const record = { subject: 'record', data: 'entity id sourceId generation rev changedFields runId proof?' };
const setAside = { subject: 'record', data: 'entity sourceId reason field? missingParent? runId' };
const linked = { subject: 'record', data: 'entity id targetId by' };
const override = { subject: 'record', data: 'entity id field by? reason? runId?' };
const worker = { subject: 'worker', data: 'id from to cause' };
const gap = { subject: 'record', data: 'id effectiveFrom? origin? fields?' };
const milestone = { subject: 'milestone', data: 'milestoneId jobId managerId? percent? origin?' };
const proPay = { subject: 'propay', data: 'propayId jobId milestoneId? cause reason?' };
const sourceChange = { subject: 'propay', data: 'propayId deltaSeconds deltaCents records runId' };
const rule = { subject: 'exclusion_rule', data: 'ruleId type by' };
const jobRule = { subject: 'job', data: 'jobId ruleId? type by' };
const division = { subject: 'division', data: 'id branchId by' };
const approval = { subject: 'propay', data: 'propayId snapshotId approvalDate? totalCents by reason?' };
const group = { subject: 'group', data: 'groupId memberIds totalCents? by?' };
const phase = { subject: 'phase', data: 'propayId phaseId totalCents by' };
const decidedChange = { subject: 'propay', data: 'propayId deltaSeconds deltaCents by reason' };
const callback = { subject: 'callback', data: 'callbackId propayId differenceCents? by?' };
const item = { subject: 'line_item', data: 'itemId workerId type category part amountCents releaseOn by? reason?' };
const statement = { subject: 'statement', data: 'statementId workerId period payableCents payDate? by?' };
const goal = { subject: 'goal', data: 'goalId templateId period totalCents? by?' };
const batch = { subject: 'export', data: 'batchId target mode statementIds checksum by' };

/** Every type of event (M-158, B-184). No event carries a wage, contact data, a secret or another record's data: there is no field for it. */
export const EVENTS = {
  'connection.connected': connection,
  'connection.disconnected': connection,
  'connection.account_refused': connection,
  'connection.state_changed': connectionState,
  'connection.reauth_required': connectionState,
  'sync.completed': run,
  'sync.interrupted': run,
  'sync.failed': run,
  'sync.deletion_held': hold,
  'sync.deletion_resolved': hold,
  'mirror.created': record,
  'mirror.changed': record,
  'mirror.deleted': record,
  'mirror.restored': record,
  'mirror.quarantined': setAside,
  'mirror.quarantine_cleared': setAside,
  'mirror.parked': setAside,
  'mirror.unparked': setAside,
  'mirror.aliased': linked,
  'mirror.linked': linked,
  'override.set': override,
  'override.cleared': override,
  'override.superseded': override,
  'override.conflict': override,
  'worker.state_changed': worker,
  'worker.role_changed': worker,
  'wage.changed': gap,
  'wage.missing': gap,
  'budget.missing': gap,
  'manager.missing': gap,
  'milestone.review_pending': milestone,
  'milestone.progress_requested': milestone,
  'milestone.progress_changed': milestone,
  'propay.created': proPay,
  'propay.ready': proPay,
  'propay.canceled_by_source': proPay,
  'propay.restore_offered': proPay,
  'propay.source_changed': sourceChange,
  'propay.would_be_excluded': { subject: 'propay', data: 'propayId ruleId' },
  'exclusion_rule.saved': rule,
  'exclusion_rule.removed': rule,
  'job.excluded': jobRule,
  'job.included': jobRule,
  'division.created': division,
  'division.changed': division,
  'division.closed': division,
  'settings.changed': { subject: 'settings', data: 'key by' },
  'data.stale': { subject: 'connection', data: 'connectionId dataAsOf cyclesMissed' },
  'propay.recalculated': { subject: 'propay', data: 'propayId inputsVersion savingsCents changedFields' },
  'propay.approved': approval,
  'propay.unapproved': approval,
  'propay.paid': approval,
  'propay.reopened': approval,
  'group.created': group,
  'group.conflict': group,
  'group.approved': group,
  'group.unapproved': group,
  'group.paid': group,
  'group.dissolved': group,
  'phase.approved': phase,
  'phase.unapproved': phase,
  'phase.released': phase,
  'propay.source_change_accepted': decidedChange,
  'propay.source_change_dismissed': decidedChange,
  'callback.opened': callback,
  'callback.assessed': callback,
  'callback.applied': callback,
  'callback.dismissed': callback,
  'line_item.created': item,
  'line_item.held': item,
  'line_item.released': item,
  'line_item.extended': item,
  'line_item.voided': item,
  'line_item.paid': item,
  'statement.opened': statement,
  'statement.paid': statement,
  'statement.reopened': statement,
  'statement.voided': statement,
  'statement.acknowledged': statement,
  'statement.disputed': statement,
  'statement.dispute_answered': statement,
  'premium.issued': { subject: 'line_item', data: 'itemId workerId weekStart amountCents legalBasis label?' },
  'goal.started': goal,
  'goal.approved': goal,
  'goal.unapproved': goal,
  'goal.paid': goal,
  'goal.canceled': goal,
  'export.exported': batch,
  'export.confirmed': batch,
  'export.canceled': batch,
  'webhook.test': { subject: 'webhook', data: 'webhookId' },
} as const satisfies Readonly<Record<string, EventKind>>;

export type EventType = keyof typeof EVENTS;
/** All types, in the order of the catalogue. */
export const EVENT_TYPES = Object.keys(EVENTS) as readonly EventType[];

/** True for a name of the catalogue. */
export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENTS, text);

/** The data of an event as the catalogue has it: what it has no field for is left out, what is missing is null. */
export function dataOf(type: EventType, known: Readonly<Record<string, unknown>>): EventData {
  const data: Record<string, unknown> = {};
  for (const field of fieldsOf(type)) {
    const value = known[field.name] ?? null;
    if (value !== null || !field.optional) data[field.name] = value;
  }
  return data as EventData;
}

/** The fields of a type's data. */
export function fieldsOf(type: EventType): readonly { readonly name: string; readonly optional: boolean }[] {
  return EVENTS[type].data.split(' ').map((text) => ({ name: text.replace('?', ''), optional: text.endsWith('?') }));
}
