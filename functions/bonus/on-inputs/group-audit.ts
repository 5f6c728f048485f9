import type { Group } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Maker } from '#pay/membership.ts';
import { auditAction } from '#store/ledger.ts';
import type { WriteAction } from '#store/table.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

/** The system as it makes groups. */
export function systemMaker(session: BonusSession, scope: TenantScope): Maker {
  return { by: 'system', now: session.ports.now(), nextNumber: (name) => session.nextNumber(scope, name) };
}

/** The audit entry of a group that the system made; none where it made none. */
export function groupMade(session: BonusSession, scope: TenantScope, group: Group | null): readonly WriteAction[] {
  if (group === null) return [];
  const { id, reference, routeId, period, netting } = group;
  const after = { reference, routeId, period, netting };
  const entry = { action: 'group.created', entity: 'group', entityId: id, before: null, after, reason: null };
  return [auditAction(scope, systemEntry(session, entry))];
}

/** The audit entry of a ProPay that follows its work into another group, or out of any. */
export function movedToGroup(session: BonusSession, scope: TenantScope, before: ProPay, after: ProPay): readonly WriteAction[] {
  if (before.groupId === after.groupId) return [];
  const entry = {
    action: 'propay.group_changed',
    entity: 'propay',
    entityId: after.id,
    before: { groupId: before.groupId },
    after: { groupId: after.groupId },
    reason: null,
  };
  return [auditAction(scope, systemEntry(session, entry))];
}
