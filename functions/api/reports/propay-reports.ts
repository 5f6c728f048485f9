import { roundedRatio } from '#bonus/exact.ts';
import { countedProPay } from '#bonus/goals/metric-records.ts';
import { isWithinBudget, savesUnusuallyMuch } from '#bonus/rules/budget-quality.ts';
import { figureOfProPays } from '#bonus/rules/goal-metric.ts';
import { proPayEfficiency } from '#bonus/rules/report-figures.ts';
import type { ProPayFigures } from '#model/propay.ts';
import { moneyOf } from '../edge.ts';
import { approvedIn, bonusOf, type Counted } from './counted.ts';
import { GROUP_COLUMNS, groupsOf } from './groups.ts';
import { PERIOD, PLACES } from './parameters.ts';
import { type Report, type ReportDefinition, type ReportInputs, type Row, shown } from './report.ts';

const NAME = ['proPayId', 'reference', 'title', 'status', 'approvalDate', 'branchId'];

/** How well the approved ProPays of a period paid and saved (B-171, B-172, B-173). */
export const efficiency: ReportDefinition = {
  filters: [...PERIOD, ...PLACES],
  columns: [...NAME, 'bonus', 'possibleBonus', 'savedSeconds'],
  read: efficiencyOf,
};

async function efficiencyOf(inputs: ReportInputs): Promise<Report> {
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
export const jobProfitability: ReportDefinition = {
  filters: [...PERIOD, ...PLACES],
  columns: [
    ...NAME,
    ...['jobId', 'budgetAmount', 'budgetSeconds', 'actualSeconds', 'actualCost', 'savings', 'workerShare', 'companyKeeps'],
  ],
  read: jobProfitabilityOf,
};

async function jobProfitabilityOf(inputs: ReportInputs): Promise<Report> {
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

/** How good budgets were (B-182): the share of ProPays within a tenth of budget, and those that saved unusually much. */
export const budgetQuality: ReportDefinition = {
  filters: [...PERIOD, ...PLACES, 'groupBy'],
  columns: [...GROUP_COLUMNS, 'proPays', 'withinBp', 'flagged', 'flaggedIds'],
  read: async (inputs) => {
    const counted = await approvedIn(inputs);
    const groups = await groupsOf(inputs, counted);
    return {
      figures: qualityOf(counted),
      items: groups.map(({ cells, list }) => {
        const flagged = list.filter(({ figures }) => savesUnusuallyMuch(figures));
        return { ...cells, ...qualityOf(list), flaggedIds: flagged.map(({ proPay }) => proPay.id).join(' ') || null };
      }),
      ids: counted.map(({ proPay }) => proPay.id),
    };
  },
};

function qualityOf(list: readonly Counted[]): Row {
  const within = list.filter(({ figures }) => isWithinBudget(figures)).length;
  const flagged = list.filter(({ figures }) => savesUnusuallyMuch(figures)).length;
  return { proPays: list.length, flagged, withinBp: list.length === 0 ? null : roundedRatio(within, 10_000, list.length) };
}

function nameOf({ proPay, result }: Counted): Row {
  const { id, reference, title, status, listDate } = proPay;
  return { proPayId: id, reference, title, status, approvalDate: listDate, branchId: result.place.branchId };
}
