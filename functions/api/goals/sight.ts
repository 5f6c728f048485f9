import type { Actor } from '#model/people.ts';
import type { GoalScope, GoalTerms } from '#model/pro-goal.ts';
import { allow } from '../access.ts';
import type { Desk } from '../bonus/desk.ts';
import type { ApiRequest } from '../route.ts';

/** See Pro-Goals (M-145). */
export const SEE_GOALS = allow('A', 'A', 'S', 'C', 'O', 'R');
/** Start, approve, unapprove, cancel a goal and enter its results (B-10, `goal.run`). */
export const RUN_GOALS = allow('A', 'A', 'S', '-', '-', '-');
/** See templates: whoever may begin a goal of one, or sees settings. */
export const SEE_TEMPLATES = allow('A', 'A', 'R', '-', '-', 'R');
/** Create, change, approve, archive and delete templates (B-10, `goal.manage`). */
export const MANAGE_TEMPLATES = allow('A', 'A', '-', '-', '-', '-');

/**
 * How much of a goal a caller sees: everything; everybody's values but only the own money (who leads the goal's route); or the own
 * result alone, which only who takes part has.
 */
export type GoalSight = 'all' | 'values' | 'own';

/** The parts of a goal or template that say whose it is. */
export type PlacedGoal = Pick<GoalTerms, 'scope'> & { readonly managerId: string | null };

/** What of a goal the caller's role may see (M-143, M-145): a manager all of the own scope's, and of those to look after. */
export function sightOfGoal(
  { actor, reach }: Pick<ApiRequest, 'actor' | 'reach'>,
  { visibility, context }: Pick<Desk, 'visibility' | 'context'>,
  { scope, managerId }: PlacedGoal,
): GoalSight {
  if (reach === 'A' || reach === 'R') return 'all';
  const { workerId } = actor;
  if (reach === 'S' && visibility.manager.bonuses && ((workerId !== null && managerId === workerId) || isInScope(actor, scope)))
    return 'all';
  if (reach === 'C' && scope.type === 'route' && leads(actor, scope.routeId, context.routes)) return 'values';
  return 'own';
}

/** The tenant's goals lie in nobody's scope: only who looks after one sees all of it. */
function isInScope({ scope: own }: Actor, scope: GoalScope): boolean {
  switch (scope.type) {
    case 'tenant':
      return false;
    case 'branch':
      return own.branchIds.includes(scope.branchId);
    case 'division':
      return own.divisionIds.includes(scope.divisionId);
    case 'route':
      return own.routeIds.includes(scope.routeId);
  }
}

function leads({ scope, workerId }: Actor, routeId: string, routes: Desk['context']['routes']): boolean {
  return scope.routeIds.includes(routeId) || (workerId !== null && routes[routeId]?.crewLeadId === workerId);
}
