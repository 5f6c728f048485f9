import type { Contribution, Group } from '#model/group.ts';
import type { Maker } from '#pay/membership.ts';
import { takeNumbers } from '#store/propay-repository.ts';
import type { AuditDraft } from '../../command.ts';
import type { ApiRequest } from '../../route.ts';

/** The caller as somebody who makes groups. */
export function makerOf({ ports, scope, actor }: Pick<ApiRequest, 'ports' | 'scope' | 'actor'>): Maker {
  return { by: actor.id, now: ports.now(), nextNumber: (name) => takeNumbers(ports.table, scope, name, 1) };
}

/** What the audit says of a group that was made, with its first members; nothing where none was. */
export function groupMade(group: Group | null, members: readonly Pick<Contribution, 'proPayId'>[] = []): readonly AuditDraft[] {
  if (group === null) return [];
  const { id, reference, routeId, period, netting } = group;
  const memberIds = members.map(({ proPayId }) => proPayId);
  const after = { reference, routeId, period, netting, ...(memberIds.length === 0 ? {} : { memberIds }) };
  return [{ action: 'group.created', entity: 'group', entityId: id, before: null, after }];
}
