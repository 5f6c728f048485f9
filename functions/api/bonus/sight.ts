import type { Contribution } from '#model/group.ts';
import type { LineItem } from '#model/pay.ts';
import { type Actor, isSelf } from '#model/people.ts';
import type { ProPayResult } from '#model/propay.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import type { Desk } from './desk.ts';

/** How far a caller sees into one ProPay or group. */
export interface Viewer {
  /** Whose own part is shown in any case. */
  readonly workerId: string | null;
  /** Everybody's money, or only the caller's own. */
  readonly allMoney: boolean;
  /** Budgets and what follows from them alone. */
  readonly budgets: boolean;
  /** Wages, and figures that give them away: cost and blended wage, and the steps of a calculation that tell either. */
  readonly costs: boolean;
}

type SightRequest = Pick<ApiRequest, 'actor' | 'reach'>;

/** The parts of a result that say whose ProPay it is. */
export type Placed = Pick<ProPayResult, 'place' | 'people'>;
/** A group with the ProPays in it, where they were read. */
interface PlacedGroup {
  readonly members?: readonly Contribution[];
  readonly result: Placed;
}

/**
 * What of a ProPay the caller may see (M-143, M-145, M-146): all that the toggles of the role leave where the caller is in charge of it,
 * and elsewhere, on work that the caller only took part in, no more than a worker of it.
 */
export function viewerOf(
  request: SightRequest,
  { visibility, context }: Pick<Desk, 'visibility' | 'context'>,
  placed: Placed,
  inCharge = oversees(request, placed),
): Viewer {
  const { actor, reach } = request;
  const { workerId } = actor;
  if (reach === 'A' || reach === 'R') return { workerId, allMoney: true, budgets: true, costs: true };
  if (reach === 'S' && inCharge) {
    const { bonuses, budgets, wages } = visibility.manager;
    return { workerId, allMoney: bonuses, budgets, costs: wages };
  }
  const leads =
    reach === 'C' &&
    (leadsRoute(actor, { context }, placed.place.routeId) || (workerId !== null && placed.people.crewLeadIds.includes(workerId)));
  return { workerId, allMoney: false, budgets: leads ? visibility.crew_lead.budgets : visibility.worker.budgets, costs: false };
}

/**
 * The same of a group, whose money is that of all its members together. Rows of lists come without members: they are in the charge of
 * whom the group's own place is given to.
 */
export function viewerOfGroup(
  request: SightRequest,
  desk: Pick<Desk, 'visibility' | 'context'>,
  { members, result }: PlacedGroup,
): Viewer {
  const inCharge = members === undefined ? inPlace(request.actor, result.place) : overseesAll(request, { members, result });
  return viewerOf(request, desk, result, inCharge);
}

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
 * Whether the caller is in charge of a ProPay: all of the tenant are, and a manager of what lies in the own scope, which holds the jobs
 * that the manager is named for (B-10, M-143).
 */
export function oversees({ actor, reach }: SightRequest, { place, people }: Placed): boolean {
  return reach === 'A' || (actor.workerId !== null && people.managerIds.includes(actor.workerId)) || inPlace(actor, place);
}

/** The same of a group: of all that are in it. */
function overseesAll(request: SightRequest, { members = [], result }: PlacedGroup): boolean {
  if (members.length === 0) return oversees(request, result);
  return members.every((member) => oversees(request, { place: member.place, people: member }));
}

/** Refuses to change a ProPay that the caller may see without being in charge of it. */
export function requireOversight(request: SightRequest, placed: Placed): void {
  if (!oversees(request, placed)) throw outside();
}

/** The same of a group, which everybody sees whose ProPays are in it: it is changed by who is in charge of all of them. */
export function requireAllOf(request: SightRequest, group: PlacedGroup): void {
  if (!overseesAll(request, group)) throw outside();
}

const outside = () => new ApiProblem('forbidden', { detail: 'This lies outside of what you manage.' });

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

function leadsRoute(actor: Actor, { context }: Pick<Desk, 'context'>, routeId: string | null): boolean {
  if (routeId === null) return false;
  return actor.scope.routeIds.includes(routeId) || isSelf(actor, context.routes[routeId]?.crewLeadId ?? null);
}

/** Whether a line item or statement is the caller's to see: own ones, all in the branches of a manager's scope, or everything. */
export function seesPay(
  { actor, reach }: SightRequest,
  desk: Pick<Desk, 'visibility'>,
  pay: Pick<LineItem, 'workerId' | 'branchId'>,
): boolean {
  if (reach === 'A' || reach === 'R') return true;
  if (isSelf(actor, pay.workerId)) return true;
  return (
    reach === 'S' && desk.visibility.manager.statements && pay.branchId !== null && actor.scope.branchIds.includes(pay.branchId)
  );
}

/**
 * Refuses to change what the caller may see without being in charge of it: a manager sees the own pay wherever it lies, and decides on pay
 * in the branches of the own scope alone (B-10).
 */
export function requireCharge(request: SightRequest, pay: Pick<LineItem, 'branchId'>): void {
  if (!isInCharge(request, pay)) throw new ApiProblem('forbidden', { detail: 'This lies outside of the branches you manage.' });
}

/** Whether pay is the caller's to decide on. */
export function isInCharge({ actor, reach }: SightRequest, { branchId }: Pick<LineItem, 'branchId'>): boolean {
  return reach === 'A' || (branchId !== null && actor.scope.branchIds.includes(branchId));
}
