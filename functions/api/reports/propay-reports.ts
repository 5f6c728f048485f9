import { roundedRatio } from '#bonus/exact.ts';
import { countedProPay } from '#bonus/goals/metric-records.ts';
import { isWithinBudget, savesUnusuallyMuch } from '#bonus/rules/budget-quality.ts';
import { figureOfProPays } from '#bonus/rules/goal-metric.ts';
import { proPayEfficiency } from '#bonus/rules/report-figures.ts';
import type { ProPay, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { listProPaysApprovedIn } from '#store/goal-inputs.ts';
import { oversees } from '../bonus/sight.ts';
import { moneyOf } from '../edge.ts';
import { type Report, type ReportInputs, type Row, shown } from './report.ts';

/** An approved ProPay whose figures can be told. */
interface Counted {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly figures: ProPayFigures;
}

/** How well the approved ProPays of a period paid and saved (B-171, B-172, B-173). */
export async function efficiency(inputs: ReportInputs): Promise<Report> {
  const counted = await approvedIn(inputs);
  const records = counted.map(({ proPay, result }) => countedProPay(proPay, result));
  const hours = figureOfProPays('hours_gained', records);
  // What members of a group are paid is decided by the group.
  const alone = counted.filter(({ proPay }) => proPay.groupId === null);
  const bonusCents = alone.reduce((sum, { figures }) => sum + bonusOf(figures), 0);
  const possibleCents = alone.reduce((sum, { figures }) => sum + figures.possibleCents, 0);
  const { efficiencyBp, band } = proPayEfficiency(bonusCents, possibleCents);
  const { budgets, costs } = inputs.shows;
  return {
    figures: {
      proPays: counted.length,
      proPayEfficiencyBp: efficiencyBp,
      band,
      bonus: moneyOf(bonusCents),
      possibleBonus: moneyOf(possibleCents),
      ...shown(costs, {
        insightsEfficiencyBp: counted.length === 0 ? null : figureOfProPays('insights_efficiency', records).value,
      }),
      ...shown(budgets, {
        hoursGainedSeconds: counted.length === 0 ? null : hours.value,
        notComparable: hours.notComparable.length,
      }),
    },
    items: counted.map((one) => ({
      ...nameOf(one),
      bonus: moneyOf(bonusOf(one.figures)),
      possibleBonus: moneyOf(one.figures.possibleCents),
      ...shown(budgets, { savedSeconds: one.figures.savedSeconds }),
    })),
    ids: counted.map(({ proPay }) => proPay.id),
  };
}

/** What jobs were planned to cost, cost, saved, and to whom that went (B-175); a recurring job has a row a visit. */
export async function jobProfitability(inputs: ReportInputs): Promise<Report> {
  const counted = await approvedIn(inputs);
  const { budgets, costs } = inputs.shows;
  const total = (of: (figures: ProPayFigures) => number) => moneyOf(counted.reduce((sum, { figures }) => sum + of(figures), 0));
  return {
    figures: {
      ...shown(costs, { actualCost: total((one) => one.actualCostCents) }),
      savings: total((one) => one.savingsCents),
      workerShare: total((one) => one.workerShareCents),
      companyKeeps: total((one) => one.companyKeepsCents),
    },
    items: counted.map((one) => ({
      ...nameOf(one),
      jobId: one.proPay.jobId,
      ...shown(budgets, { budgetAmount: moneyOf(one.figures.budgetCents), budgetSeconds: one.figures.budgetSeconds }),
      ...shown(budgets, { actualSeconds: one.figures.actualSeconds }),
      ...shown(costs, { actualCost: moneyOf(one.figures.actualCostCents) }),
      savings: moneyOf(one.figures.savingsCents),
      workerShare: moneyOf(one.figures.workerShareCents),
      companyKeeps: moneyOf(one.figures.companyKeepsCents),
    })),
    ids: counted.map(({ proPay }) => proPay.id),
  };
}

/** How good budgets were (B-182): the share of ProPays within a tenth of budget, by branch, and those that saved unusually much. */
export async function budgetQuality(inputs: ReportInputs): Promise<Report> {
  const counted = await approvedIn(inputs);
  const rows = [...Map.groupBy(counted, ({ result }) => result.place.branchId)].map(([branchId, list]) => ({
    branchId,
    branch: branchId === null ? null : (inputs.desk.context.branches[branchId]?.name ?? null),
    ...qualityOf(list),
  }));
  const flagged = counted.filter(({ figures }) => savesUnusuallyMuch(figures));
  return {
    figures: { ...qualityOf(counted), flagged: flagged.length },
    items: rows.sort((a, b) => ((a.branch ?? '') < (b.branch ?? '') ? -1 : 1)),
    ids: counted.map(({ proPay }) => proPay.id),
  };
}

function qualityOf(list: readonly Counted[]): Row {
  const within = list.filter(({ figures }) => isWithinBudget(figures)).length;
  return { proPays: list.length, withinBp: list.length === 0 ? null : roundedRatio(within, 10_000, list.length) };
}

const bonusOf = ({ payouts, leadPayCents }: ProPayFigures): number =>
  payouts.reduce((sum, { cents }) => sum + Math.max(0, cents), leadPayCents);

function nameOf({ proPay, result }: Counted): Row {
  const { id, reference, title, status, listDate } = proPay;
  return { proPayId: id, reference, title, status, approvalDate: listDate, branchId: result.place.branchId };
}

/** The ProPays approved in the period that the filter leaves and the caller is in charge of, by the day of their approval. */
async function approvedIn({ request, desk, filter }: ReportInputs): Promise<readonly Counted[]> {
  const { ports, scope, reach } = request;
  if (reach === 'S' && !desk.visibility.manager.bonuses) return [];
  const period = { startDate: filter.from, endDate: filter.to };
  const branches = filter.branchId === null ? Object.keys(desk.context.branches) : [filter.branchId];
  const found = await listProPaysApprovedIn(ports.table, scope, branches, period);
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
