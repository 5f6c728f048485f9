import type { LocalDate } from '#kernel/instant.ts';
import type { Desk } from '../bonus/desk.ts';
import type { ApiRequest } from '../route.ts';

/** What a report is asked for; both days are included. Null: all of them. */
export interface ReportFilter {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly branchId: string | null;
  readonly divisionId: string | null;
  readonly routeId: string | null;
  readonly managerId: string | null;
  readonly workerId: string | null;
}

/** What every report is made with. */
export interface ReportInputs {
  readonly request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;
  readonly desk: Desk;
  readonly filter: ReportFilter;
  /** What the toggles of the caller's role leave (M-146): budgets, and wages with whatever gives them away. */
  readonly shows: { readonly budgets: boolean; readonly costs: boolean };
}

export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** A report: figures over everything, a row an item, and the ids that were counted (B-170). Figures that are not defined are null. */
export interface Report {
  readonly figures: Row;
  readonly items: readonly Row[];
  readonly ids: readonly string[];
}

/** The cells that the caller may see; what may not be seen is left out. */
export function shown(shows: boolean, cells: Row): Row {
  return shows ? cells : {};
}
