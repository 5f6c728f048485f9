import type { ProPay, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { listAtMostApprovedIn } from '#store/goal-inputs.ts';
import { oversees } from '../bonus/sight.ts';
import { invalidParameter } from '../problem.ts';
import type { ReportInputs } from './report.ts';

/** An approved ProPay whose figures can be told. */
export interface Counted {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly figures: ProPayFigures;
}

/** ProPays that one report reads: with more of them it is refused, and never told of a part. */
export const MOST_PROPAYS = 5_000;

/** The ProPays approved in the period that the filter leaves and the caller is in charge of, by the day of their approval. */
export async function approvedIn({ request, desk, filter }: ReportInputs): Promise<readonly Counted[]> {
  const { ports, scope, reach } = request;
  if (reach === 'S' && !desk.visibility.manager.bonuses) return [];
  const period = { startDate: filter.from, endDate: filter.to };
  const branches = filter.branchId === null ? Object.keys(desk.context.branches) : [filter.branchId];
  const found = await listAtMostApprovedIn(ports.table, scope, branches, period, MOST_PROPAYS);
  if (found === null)
    throw invalidParameter('from', `these days hold more than ${MOST_PROPAYS} ProPays: ask for fewer, or by branch`);
  return found
    .flatMap(({ proPay, result }) => (result.figures === null ? [] : [{ proPay, result, figures: result.figures }]))
    .filter(({ result }) => concerns(filter, result) && (reach !== 'S' || oversees(request, result)))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ proPay }: Counted): string => `${proPay.listDate} ${proPay.id}`;

function concerns(
  { branchId, divisionId, routeId, managerId, workerId }: ReportInputs['filter'],
  { place, people }: ProPayResult,
): boolean {
  const everybody = [people.workerIds, people.crewLeadIds, people.managerIds, people.otherIds];
  return (
    (branchId === null || place.branchId === branchId) &&
    (divisionId === null || place.divisionId === divisionId) &&
    (routeId === null || place.routeId === routeId) &&
    (managerId === null || people.managerIds.includes(managerId)) &&
    (workerId === null || everybody.some((ids) => ids.includes(workerId)))
  );
}

/** What a ProPay pays its people, lead pay included. */
export const bonusOf = ({ payouts, leadPayCents }: ProPayFigures): number =>
  payouts.reduce((sum, { cents }) => sum + Math.max(0, cents), leadPayCents);
