import {
  choiceParameter,
  countParameter,
  dateParameter,
  idParameter,
  PAGING,
  type Query,
  type QueryShape,
  textParameter,
} from '../query.ts';

/** The days and places that a report is asked for. */
export const PERIOD = ['from', 'to'] as const;
export const PLACES = ['branchId', 'divisionId', 'routeId', 'managerId', 'workerId'] as const;

const { limit, cursor } = PAGING;

/** Everything that any report can be asked for; each takes the part that its definition names. */
export const PARAMETERS = {
  limit,
  cursor,
  from: dateParameter('First day; the last 30 days where none is given'),
  to: dateParameter('Last day, included; today where none is given'),
  branchId: idParameter('Only of this branch'),
  divisionId: idParameter('Only of this division'),
  routeId: idParameter('Only of this route'),
  managerId: idParameter('Only of the jobs of this manager'),
  workerId: idParameter('Only of this worker'),
  connectionId: idParameter('Only of this connection'),
  propertyId: idParameter('Only of this property'),
  propayId: idParameter('Of this ProPay'),
  groupId: idParameter('Of this group ProPay'),
  verdict: textParameter('Only for this reason', 64),
  groupBy: choiceParameter(['branch', 'division', 'serviceType'], 'What the rows are of'),
  metric: choiceParameter(
    [
      ...(['hours_saved', 'net_saved_hours', 'hours_worked', 'propays_done'] as const),
      ...(['bonus_wage', 'revenue_per_hour', 'revenue_produced', 'bonuses_earned'] as const),
    ],
    'What the leaderboard is of',
  ),
  by: choiceParameter(['manager', 'lead', 'worker'], 'Whom the leaderboard is of'),
  period: choiceParameter(
    [
      ...(['current_week', 'last_week', 'current_month', 'last_month'] as const),
      ...(['current_quarter', 'last_quarter', 'current_year', 'last_year', 'all_time'] as const),
    ],
    'In place of from and to',
  ),
  length: countParameter('How many rows the leaderboard has, 2 to 20'),
  crewSize: countParameter('People of the crew; those on the ProPay where none is given'),
  estimatedSecondsEach: countParameter('Seconds that each will need; the budget’s hours over the crew where none is given'),
} satisfies QueryShape;

export type ReportParameters = Query<Omit<typeof PARAMETERS, 'limit' | 'cursor'>>;
