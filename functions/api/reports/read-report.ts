import * as z from 'zod/mini';
import { addDays, daysBetween } from '#kernel/instant.ts';
import { allow, type Reach } from '../access.ts';
import { type Desk, dataAsOf, openDesk, todayIn } from '../bonus/desk.ts';
import { currencyCode, dateText, instantText } from '../edge.ts';
import { ApiProblem, invalidParameter, notFound } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { asList } from '../tables.ts';
import { PARAMETERS, type ReportParameters } from './parameters.ts';
import { daysOfPeriod } from './periods.ts';
import { REPORTS } from './registry.ts';
import type { ReportDefinition, ReportFilter } from './report.ts';

/** Days that one report looks back over where nobody says otherwise, and at most. */
const USUAL_DAYS = 30;
const MOST_DAYS = 366;
/** Measures of a leaderboard that tell nobody’s money. */
const OF_NO_MONEY: ReadonlySet<string> = new Set(['hours_saved', 'net_saved_hours', 'hours_worked', 'propays_done']);

const cell = z.nullable(z.union([z.string(), z.int(), z.boolean()]));
const cells = z.record(z.string(), cell);
const text = z.nullable(z.string());
const reportSchema = asList(
  z.strictObject({
    name: z.string(),
    filter: z.strictObject({
      from: z.optional(dateText),
      to: z.optional(dateText),
      ...{ branchId: text, divisionId: text, routeId: text, managerId: text, workerId: text },
    }),
    dataAsOf: z.nullable(instantText),
    calculatedAt: instantText,
    currency: currencyCode,
    /** Over everything that was counted; null where a figure is not defined. */
    figures: cells,
    items: z.array(cells),
    nextCursor: text,
    /** What an item can hold, in the order of a table's columns. */
    columns: z.array(z.string()),
    /** Ids of everything that was counted. */
    ids: z.array(z.string()),
  }),
);

/** A report with its filter, the age of its data and the ids it counts (B-170, M-156). */
export const getReport = defineRoute({
  method: 'GET',
  path: '/v1/reports/{name}',
  group: 'reports',
  summary: `A report: ${Object.keys(REPORTS).join(', ')}`,
  // Crew leads and workers: the leaderboard alone, where the tenant lets them.
  access: allow('A', 'A', 'S', 'C', 'O', 'R'),
  query: PARAMETERS,
  answer: { status: 200, description: 'The report', schema: reportSchema },
  handler: async (request) => {
    const { params, query, reach } = request;
    const desk = await openDesk(request);
    requireReader(request, params.name, desk);
    const definition = Object.hasOwn(REPORTS, params.name) ? REPORTS[params.name]! : null;
    if (definition === null) throw notFound();
    const { limit: _limit, cursor, ...given } = query;
    requireTaken(definition, given);
    if (cursor !== undefined && definition.paged !== true) throw invalidParameter('cursor', 'this report comes whole');
    if (definition.offered?.(desk) === false) throw notFound();
    const days = daysAsked(desk, given);
    const { branchId = null, divisionId = null, routeId = null, managerId = null, workerId = null } = query;
    const filter: ReportFilter = { ...days, branchId, divisionId, routeId, managerId, workerId };
    const { budgets, wages } = desk.visibility.manager;
    const everything = reach === 'A' || reach === 'R';
    const shows = everything
      ? { budgets: true, costs: true }
      : { budgets: reach === 'S' && budgets, costs: reach === 'S' && wages };
    const { figures = {}, nextCursor = null, items, ids } = await definition.read({ request, desk, filter, given, shows });
    const { from: _from, to: _to, ...places } = filter;
    return {
      body: {
        name: params.name,
        filter: definition.filters.includes('from') ? filter : places,
        dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)),
        calculatedAt: desk.now,
        currency: desk.context.currency,
        ...{ figures, items, nextCursor, columns: definition.columns, ids: isOfOthers(reach) ? [] : ids },
      },
    };
  },
});

/** A crew lead or worker: what is counted is mostly the work of others, which they do not see. */
const isOfOthers = (reach: Reach): boolean => reach === 'C' || reach === 'O';

/** Reports are for those who look after others (M-145); how people compare is for everybody where the tenant says so, but in no money (M-146). */
function requireReader(
  { actor, reach, query }: Pick<ApiRequest, 'actor' | 'reach'> & { readonly query: ReportParameters },
  name: string,
  { visibility }: Desk,
): void {
  if (!isOfOthers(reach)) return;
  const { leaderboard } = actor.role === 'crew_lead' ? visibility.crew_lead : visibility.worker;
  if (name !== 'leaderboards' || !leaderboard)
    throw new ApiProblem('forbidden', { detail: `The role ${actor.role} may not do this.` });
  if (!OF_NO_MONEY.has(query.metric ?? 'hours_saved'))
    throw new ApiProblem('forbidden', { detail: `Only ${[...OF_NO_MONEY].join(', ')} are told to everybody.` });
}

/** Refuses what the report would leave out: nobody is to take part of it for all of it, or all of it for a part. */
function requireTaken({ filters }: ReportDefinition, given: ReportParameters): void {
  const names = Object.keys(given) as (keyof ReportParameters)[];
  const other = names.find((name) => given[name] !== undefined && !filters.includes(name));
  if (other !== undefined)
    throw invalidParameter(
      other,
      filters.length === 0 ? 'this report takes no filters' : `this report takes ${filters.join(', ')}`,
    );
}

/** The days that are asked for, both included. */
function daysAsked(desk: Desk, { from, to, period }: ReportParameters): { readonly from: string; readonly to: string } {
  const today = todayIn(desk, null);
  if (period !== undefined) {
    if (from !== undefined || to !== undefined) throw invalidParameter('period', 'in place of from and to');
    return daysOfPeriod(period, today);
  }
  const last = to ?? today;
  const first = from ?? addDays(last, -USUAL_DAYS);
  if (first > last || daysBetween(first, last) > MOST_DAYS) throw invalidParameter('from', `at most ${MOST_DAYS} days before to`);
  return { from: first, to: last };
}
