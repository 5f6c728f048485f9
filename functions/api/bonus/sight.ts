import type { Contribution } from '#model/group.ts';
import type { LineItem } from '#model/pay.ts';
import type { Actor } from '#model/people.ts';
import type { ProPayResult } from '#model/propay.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import type { Desk } from './desk.ts';

/** How far a caller sees into the bonus layer. */
export interface BonusSight {
  /** Everybody's money, or only the caller's own. */
  readonly allMoney: boolean;
  /** Budgets and what follows from them alone. */
  readonly budgets: boolean;
  /** Wages, and figures that give them away: cost and blended wage, and the steps of a calculation that tell either. */
  readonly costs: boolean;
}

type SightRequest = Pick<ApiRequest, 'actor' | 'reach'>;

/** What of a ProPay the caller's role may see (M-145, M-146). */
export function sightOf({ actor, reach }: SightRequest, { visibility }: Pick<Desk, 'visibility'>): BonusSight {
  if (reach === 'A' || reach === 'R') return { allMoney: true, budgets: true, costs: true };
  if (actor.role === 'manager') {
    const { budgets, wages } = visibility.manager;
    return { allMoney: true, budgets, costs: wages };
  }
  if (actor.role === 'crew_lead') return { allMoney: false, budgets: visibility.crew_lead.budgets, costs: false };
  return { allMoney: false, budgets: visibility.worker.budgets, costs: false };
}

/** The parts of a result that say whose ProPay it is. */
type Placed = Pick<ProPayResult, 'place' | 'people'>;

/**
 * Whether a ProPay lies in the caller's scope (M-143), asked of the record itself: a manager's branches, divisions, routes and own jobs;
 * a crew lead's routes and visits; everybody's own work.
 */
export function seesProPay(
  { actor, reach }: SightRequest,
  desk: Pick<Desk, 'visibility' | 'context'>,
  { place, people }: Placed,
): boolean {
  if (reach === 'A' || reach === 'R') return true;
  if (isOn(actor, people)) return reach !== 'S' || desk.visibility.manager.bonuses;
  if (reach === 'S') return desk.visibility.manager.bonuses && inPlace(actor, place);
  if (reach === 'C') return desk.visibility.crew_lead.bonuses && leadsRoute(actor, desk, place.routeId);
  return false;
}

/**
 * Refuses to change a ProPay or group that the caller may see without being in charge of it: who worked on it sees the own part, but a
 * manager decides in the own scope alone, which holds the jobs the manager is named for (B-10, M-143).
 */
export function requireOversight({ actor, reach }: SightRequest, { place, people }: Placed): void {
  if (reach === 'A' || (actor.workerId !== null && people.managerIds.includes(actor.workerId)) || inPlace(actor, place)) return;
  throw new ApiProblem('forbidden', { detail: 'This lies outside of what you manage.' });
}

/** The same of a group, which everybody sees whose ProPays are in it: it is changed by who is in charge of all of them. */
export function requireAllOf(
  request: SightRequest,
  { members, result }: { readonly members: readonly Contribution[]; readonly result: Placed },
): void {
  if (members.length === 0) requireOversight(request, result);
  for (const member of members) requireOversight(request, { place: member.place, people: member });
}

function isOn({ workerId }: Actor, { workerIds, managerIds, crewLeadIds, otherIds }: ProPayResult['people']): boolean {
  return workerId !== null && [workerIds, managerIds, crewLeadIds, otherIds].some((ids) => ids.includes(workerId));
}

function inPlace({ scope }: Actor, { branchId, divisionId, routeId }: ProPayResult['place']): boolean {
  return (
    (branchId !== null && scope.branchIds.includes(branchId)) ||
    (divisionId !== null && scope.divisionIds.includes(divisionId)) ||
    (routeId !== null && scope.routeIds.includes(routeId))
  );
}

function leadsRoute({ scope, workerId }: Actor, { context }: Pick<Desk, 'context'>, routeId: string | null): boolean {
  if (routeId === null) return false;
  return scope.routeIds.includes(routeId) || (workerId !== null && context.routes[routeId]?.crewLeadId === workerId);
}

/** Whether a line item or statement is the caller's to see: own ones, all in the branches of a manager's scope, or everything. */
export function seesPay(
  { actor, reach }: SightRequest,
  desk: Pick<Desk, 'visibility'>,
  pay: Pick<LineItem, 'workerId' | 'branchId'>,
): boolean {
  if (reach === 'A' || reach === 'R') return true;
  if (actor.workerId === pay.workerId) return true;
  return (
    reach === 'S' && desk.visibility.manager.statements && pay.branchId !== null && actor.scope.branchIds.includes(pay.branchId)
  );
}

/**
 * Refuses to change what the caller may see without being in charge of it: a manager sees the own pay wherever it lies, and decides on pay
 * in the branches of the own scope alone (B-10).
 */
export function requireCharge({ actor, reach }: SightRequest, { branchId }: Pick<LineItem, 'branchId'>): void {
  if (reach === 'A' || (branchId !== null && actor.scope.branchIds.includes(branchId))) return;
  throw new ApiProblem('forbidden', { detail: 'This lies outside of the branches you manage.' });
}
