import { figuresKey } from '#bonus/pay/statement-header.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import { workCalendarOf } from '#bonus/pay-law/policies.ts';
import { weekFloors } from '#bonus/pay-law/week-floors.ts';
import { type WorkedTime, workedByDay } from '#bonus/pay-law/work-hours.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import { type WageRow, wageInForce } from '#bonus/rules/wage-basis.ts';
import { type WageFigures, wageFigures } from '#bonus/rules/wage-figures.ts';
import { addDays } from '#kernel/instant.ts';
import type { WageFloor } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import type { Table } from '#store/table.ts';
import { readWorkerBranches } from '#store/worker-time.ts';
import { readPersonTime, readPersonWages } from './person-pay.ts';

/** What a statement tells of the worker's hours beside its items: their worth (B-140), and weeks below the minimum wage (B-216). */
export interface StatementFigures {
  readonly wageFigures: WageFigures | null;
  readonly wageFloors: readonly WageFloor[];
}

/** The tenant's settings and the worker-weeks that figures are worked out with. */
export interface FigureTerms {
  readonly context: TenantContext;
  readonly ledgers: readonly WeekLedger[];
}

/**
 * The figures of a statement: frozen with its payment; before that the worth of an hour as it was worked out when the items last changed,
 * since a changed wage alone changes nothing of it (B-140), and the minimum wage as it stands now.
 */
export async function figuresOf(
  table: Table,
  scope: TenantScope,
  view: StatementView,
  terms: FigureTerms,
): Promise<StatementFigures> {
  const stored = storedFigures(view);
  if (view.status === 'Paid') return stored;
  const fresh = await readFigures(table, scope, view, terms);
  return hasFigures(view) ? { ...fresh, wageFigures: stored.wageFigures } : fresh;
}

/** The figures that stand in a statement's header; none where they are of other items. */
export function storedFigures(view: StatementView): StatementFigures {
  const { header } = view;
  if (header === null || !hasFigures(view)) return { wageFigures: null, wageFloors: [] };
  return { wageFigures: header.wageFigures, wageFloors: header.wageFloors };
}

/** Whether a statement's header holds the figures of the items that stand on it. */
export function hasFigures(view: StatementView): boolean {
  return view.status === 'Paid' || (view.header !== null && view.header.figuresFor === figuresKey(view));
}

/** Works the figures out from the time of the period at the wage of each day. */
export async function readFigures(
  table: Table,
  scope: TenantScope,
  view: StatementView,
  { context, ledgers }: FigureTerms,
): Promise<StatementFigures> {
  const { workerId, period } = view;
  const [records, wages, branches] = await Promise.all([
    readPersonTime(table, scope, context, workerId, {
      from: addDays(period.startDate, -MARGIN_DAYS),
      to: addDays(period.endDate, MARGIN_DAYS),
      also: [],
    }),
    readPersonWages(table, scope, context, workerId),
    readWorkerBranches(table, scope, [workerId]),
  ]);
  const { times } = workedRecords(records);
  const branchId = branches.get(workerId) ?? null;
  const bonusIn = (weekStart: string): number => {
    const ledger = ledgers.find((one) => one.weekStart === weekStart);
    return (ledger?.bonuses ?? []).reduce((sum, { attributedCents }) => sum + attributedCents, 0);
  };
  return {
    wageFigures: figuresOfPeriod(view, times, wages, context, branchId),
    wageFloors: weekFloors({ workerId, branchId, times, wages, bonusIn }, period, context),
  };
}

/** A workweek that ends in the period begins at most six days before it, and a work date lies at most two days beside its instants. */
const MARGIN_DAYS = 8;

/** Null where a wage is missing, since a mean over part of the time would be another figure. */
function figuresOfPeriod(
  { period, totals }: StatementView,
  times: readonly WorkedTime[],
  wages: readonly WageRow[],
  context: TenantContext,
  branchId: string | null,
): WageFigures | null {
  const days = [...workedByDay(times, workCalendarOf(context, branchId))].filter(
    ([day, seconds]) => seconds > 0 && day >= period.startDate && day <= period.endDate,
  );
  const priced: { seconds: number; wageE4: number }[] = [];
  for (const [day, seconds] of days) {
    const row = wageInForce(wages, day);
    if (row === null || row.wageE4 === null) return null;
    priced.push({ seconds, wageE4: row.wageE4 });
  }
  return wageFigures(priced, totals.netBalanceCents);
}
