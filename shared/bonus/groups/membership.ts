import type { LocalDate } from '#kernel/instant.ts';
import { nextPeriod, type PayCalendar, type Period, periodOf } from '#kernel/period.ts';
import type { Group } from '#model/group.ts';
import { routeGroupId } from '#model/ids.ts';
import type { Membership, ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { RouteRule, TenantContext } from '#model/settings.ts';
import { firstEntryDate } from '../creation.ts';
import { routeOf } from '../inputs/people.ts';
import { calendarOfBranch } from '../pay/assignment.ts';
import { type RoutePeriod, staysInPlace } from '../rules/group-membership.ts';
import { workDateOf } from '../rules/launch.ts';

/** Where a ProPay's work belongs, with what a group made for it would be like. */
export interface WorkPlace extends RoutePeriod {
  readonly date: LocalDate;
  readonly branchId: string | null;
  readonly kind: RouteRule['period'];
  /** Whether the route's rule makes groups by itself. */
  readonly grouped: boolean;
}

/**
 * The route period of a ProPay's work (B-100): its route, and the week or pay period of the route's branch that its work date lies in.
 * The work date is that of M-131: first time entry, else scheduled, else start date; without any the day the ProPay was made. Null where
 * it has no route.
 */
export function workPlaceOf(state: ProPayState, proPay: Pick<ProPay, 'listDate'>, context: TenantContext): WorkPlace | null {
  const { records, target } = state;
  const routeId = routeOf(records, target);
  if (routeId === null) return null;
  const visit = records.milestones.find((one) => one.id === target.milestoneId);
  const date =
    workDateOf(firstEntryDate(state), visit?.fields.scheduledDate ?? null, records.job?.fields.startDate ?? null) ??
    proPay.listDate;
  const branchId = context.routes[routeId]?.branchId ?? records.job?.fields.branchId ?? null;
  const rule = context.routeRules[routeId];
  const kind = rule?.period ?? 'pay';
  return { routeId, ...routePeriod(context, branchId, kind, date), date, branchId, kind, grouped: rule?.grouped ?? false };
}

/** The week or pay period of a branch that a date lies in; weeks begin as the branch's workweek does (B-202). */
export function routePeriod(context: TenantContext, branchId: string | null, kind: RouteRule['period'], date: LocalDate): Period {
  return periodOf(calendarOfKind(context, branchId, kind), date);
}

/** The route period after a group's own. */
export function nextRoutePeriod(context: TenantContext, group: Pick<Group, 'branchId' | 'periodKind' | 'period'>): Period {
  return nextPeriod(calendarOfKind(context, group.branchId, group.periodKind), group.period.endDate);
}

function calendarOfKind(context: TenantContext, branchId: string | null, kind: RouteRule['period']): PayCalendar {
  if (kind === 'pay') return calendarOfBranch(context, branchId).calendar;
  const own = branchId === null ? null : context.payLaw.branches[branchId]?.workweekStart;
  return { frequency: 'weekly', startWeekday: (own ?? context.payLaw.workweekStart).weekday };
}

/** Reads a group's header strongly; null where there is none. A failed read must throw. */
export type ReadGroup = (groupId: string) => Promise<Group | null>;

/** A ProPay as its work places it: unchanged, out of its group, or in another one, which may have to be made first. */
export interface Placed {
  readonly proPay: ProPay;
  /** The group to be made with it; null where the one it joins is there. */
  readonly makes: Omit<Group, 'reference' | 'createdAt' | 'createdBy'> | null;
}

/**
 * The group that an Active ProPay belongs to now (B-100, M-136, X-11). It leaves a group whose route or period its work has left and joins
 * the one that its route's rule makes for its period; where that one is closed or dissolved it stays single. Phased ones are never grouped.
 */
export async function placeProPay(
  proPay: ProPay,
  state: ProPayState,
  context: TenantContext,
  readGroup: ReadGroup,
): Promise<Placed> {
  const work = workPlaceOf(state, proPay, context);
  const { membership } = proPay;
  const stays = membership === null ? work === null || !work.grouped : staysInPlace(membership, work);
  if (proPay.phaseMode !== 'off' || proPay.status !== 'Active' || stays) return { proPay, makes: null };
  const left = { ...proPay, groupId: null, membership: null, revision: proPay.revision + 1 };
  if (work === null || !work.grouped) return { proPay: left, makes: null };
  const id = routeGroupId(work.routeId, work.kind, work.startDate);
  const group = await readGroup(id);
  const open = group === null || group.status === 'Active';
  const joined = { ...left, groupId: open ? id : null, membership: membershipIn(work, false) };
  return { proPay: joined, makes: group === null ? newGroup(id, work, context) : null };
}

/** A place in a group of a route period, with nothing said of it yet. */
export function membershipIn({ routeId, startDate, endDate }: RoutePeriod, byHand: boolean): Membership {
  return { routeId, startDate, endDate, byHand, confirmed: false, leftOutWorkerIds: [] };
}

/** A group as it is made: the tenant's netting, no settings of its own. */
export function newGroup(
  id: string,
  { routeId, startDate, endDate, branchId, kind }: Omit<WorkPlace, 'date' | 'grouped'>,
  context: Pick<TenantContext, 'netting'>,
): Omit<Group, 'reference' | 'createdAt' | 'createdBy'> {
  return {
    id,
    status: 'Active',
    routeId,
    branchId,
    period: { startDate, endDate },
    periodKind: kind,
    netting: context.netting,
    own: {},
    excludedWorkerIds: [],
    disqualifiers: [],
    penalties: [],
    revision: 1,
    approvals: 0,
    approval: null,
    canceledReason: null,
  };
}
