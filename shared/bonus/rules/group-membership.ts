import type { LocalDate } from '#kernel/instant.ts';
import { defineRule } from './rule.ts';

/** B-100: which group a ProPay belongs to. */
export const groupMembershipRule = defineRule('B-100', 1, 'Membership of a group');

/** A route period: what the members of a group have in common. */
export type RoutePeriod = { readonly routeId: string; readonly startDate: LocalDate; readonly endDate: LocalDate };

/** Where a ProPay stands, and whether somebody said so. */
export type Standing = RoutePeriod & { readonly byHand: boolean };

/** Where its work belongs now: the period of its route that its work date lies in; null where it has no route. */
export type WorkPlace = RoutePeriod & { readonly date: LocalDate };

/**
 * Whether a ProPay stays where it stands (B-100, X-11): as long as its work is on that route, and, unless somebody put it there, in that
 * period. So neither a changed rule nor a changed calendar moves what stands in a group already.
 */
export function staysInPlace(standing: Standing, work: WorkPlace | null): boolean {
  if (work === null || work.routeId !== standing.routeId) return false;
  return standing.byHand || (standing.startDate <= work.date && work.date <= standing.endDate);
}
