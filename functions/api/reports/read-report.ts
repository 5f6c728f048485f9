import * as z from 'zod/mini';
import { addDays, daysBetween } from '#kernel/instant.ts';
import { allow } from '../access.ts';
import { dataAsOf, openDesk, todayIn } from '../bonus/desk.ts';
import { currencyCode, dateText, instantText } from '../edge.ts';
import { invalidParameter, notFound } from '../problem.ts';
import { dateParameter, idParameter } from '../query.ts';
import { defineRoute } from '../route.ts';
import { bonusesForPayroll } from './pay-reports.ts';
import { budgetQuality, efficiency, jobProfitability } from './propay-reports.ts';
import type { Report, ReportFilter, ReportInputs } from './report.ts';

/** Reports by name (M-156). */
const REPORTS: Readonly<Record<string, (inputs: ReportInputs) => Promise<Report>>> = {
  'bonuses-for-payroll': bonusesForPayroll,
  efficiency,
  'job-profitability': jobProfitability,
  'budget-quality': budgetQuality,
};

/** Days that one report looks back over where nobody says otherwise, and at most. */
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

const cell = z.nullable(z.union([z.string(), z.int()]));
const cells = z.record(z.string(), cell);
const text = z.nullable(z.string());
const reportSchema = z.strictObject({
  name: z.string(),
  filter: z.strictObject({
    from: dateText,
    to: dateText,
    ...{ branchId: text, divisionId: text, routeId: text, managerId: text, workerId: text },
  }),
  dataAsOf: z.nullable(instantText),
  calculatedAt: instantText,
  currency: currencyCode,
  /** Over all rows; null where a figure is not defined. */
  figures: cells,
  items: z.array(cells),
  nextCursor: z.nullable(z.string()),
  /** What an item can hold, in the order of a table's columns. */
  columns: z.array(z.string()),
  /** Ids of everything that was counted. */
  ids: z.array(z.string()),
});

/** A report with its filter, the age of its data and the ids it counts (B-170); as a table where that is asked for (M-156). */
export const getReport = defineRoute({
  method: 'GET',
  path: '/v1/reports/{name}',
  group: 'reports',
  summary: `A report: ${Object.keys(REPORTS).join(', ')}`,
  access: allow('A', 'A', 'S', '-', '-', 'R'),
  query: {
    from: dateParameter('First day; the last 30 days where none is given'),
    to: dateParameter('Last day, included; today where none is given'),
    branchId: idParameter('Only of this branch'),
    divisionId: idParameter('Only of this division'),
    routeId: idParameter('Only of this route'),
    managerId: idParameter('Only of the jobs of this manager'),
    workerId: idParameter('Only of this worker'),
  },
  answer: { status: 200, description: 'The report', schema: reportSchema },
  handler: async (request) => {
    const { params, query, reach } = request;
    const make = Object.hasOwn(REPORTS, params.name) ? REPORTS[params.name]! : null;
    if (make === null) throw notFound();
    const desk = await openDesk(request);
    const to = query.to ?? todayIn(desk, null);
    const from = query.from ?? addDays(to, -USUAL_DAYS);
    if (from > to || daysBetween(from, to) > MOST_DAYS) throw invalidParameter('from', `at most ${MOST_DAYS} days before to`);
    const { branchId = null, divisionId = null, routeId = null, managerId = null, workerId = null } = query;
    const filter: ReportFilter = { from, to, branchId, divisionId, routeId, managerId, workerId };
    const { budgets, wages } = desk.visibility.manager;
    const shows = reach === 'S' ? { budgets, costs: wages } : { budgets: true, costs: true };
    const report = await make({ request, desk, filter, shows });
    const aged = { dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)), calculatedAt: desk.now };
    return {
      body: {
        name: params.name,
        filter,
        ...aged,
        currency: desk.context.currency,
        nextCursor: null,
        columns: Object.keys(report.items[0] ?? {}),
        ...report,
      },
    };
  },
});
