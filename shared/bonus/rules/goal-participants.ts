import type { LocalDate } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { GoalRole, GoalTerms } from '#model/pro-goal.ts';
import { defineRule } from './rule.ts';

/** B-162: who takes part in a goal. */
export const goalParticipantsRule = defineRule('B-162', 1, 'Participants of a goal');

/** A person as far as taking part is concerned. */
export interface GoalCandidate {
  readonly worker: Pick<MirrorRecord<'worker'>, 'id' | 'fields' | 'tombstone' | 'aliasOf'>;
  /** The role in force (M-48). */
  readonly role: GoalRole;
}

/**
 * Whether a person takes part, as the records stand (B-162): in scope, among those the template means, and there on the period's last
 * day. Whoever left before it, or comes after it, does not. `routeIds` are the routes the person is on or leads.
 */
export function takesPart(
  { worker, role }: GoalCandidate,
  { scope, participants }: Pick<GoalTerms, 'scope' | 'participants'>,
  endDate: LocalDate,
  routeIds: readonly string[],
): boolean {
  return isThere(worker, endDate) && isInScope(worker, scope, routeIds) && isMeant(worker.id, role, participants);
}

function isThere({ fields, tombstone, aliasOf }: GoalCandidate['worker'], endDate: LocalDate): boolean {
  const { hireDate, terminationDate, sourceActive } = fields;
  if (aliasOf !== null || (hireDate !== null && hireDate > endDate)) return false;
  // Who was hired again keeps the date of leaving the first time.
  const leftOn = terminationDate !== null && (hireDate === null || hireDate <= terminationDate) ? terminationDate : null;
  return leftOn === null ? sourceActive && tombstone === null : leftOn >= endDate;
}

function isInScope({ fields }: GoalCandidate['worker'], scope: GoalTerms['scope'], routeIds: readonly string[]): boolean {
  switch (scope.type) {
    case 'tenant':
      return true;
    case 'branch':
      return fields.branchId === scope.branchId;
    case 'division':
      return fields.divisionId === scope.divisionId;
    case 'route':
      return routeIds.includes(scope.routeId);
  }
}

function isMeant(workerId: string, role: GoalRole, participants: GoalTerms['participants']): boolean {
  switch (participants.type) {
    case 'all':
      return true;
    case 'roles':
      return participants.roles.includes(role);
    case 'named':
      return participants.workerIds.includes(workerId);
  }
}
