import type { LocalDate } from '#kernel/instant.ts';
import type { Desk } from '../bonus/desk.ts';
import type { PageRequest } from '../pages.ts';
import type { ApiRequest } from '../route.ts';
import type { ReportParameters } from './parameters.ts';

/** What a report counts; both days are included. Null: all of them. */
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
  readonly request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'> & PageRequest;
  readonly desk: Desk;
  readonly filter: ReportFilter;
  /** Everything that was asked for, as it was given. */
  readonly given: ReportParameters;
  /** What the toggles of the caller's role leave (M-146): budgets, and wages with whatever gives them away. */
  readonly shows: { readonly budgets: boolean; readonly costs: boolean };
}

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** A report: figures over everything, a row an item, and the ids that were counted (B-170). Figures that are not defined are null. */
export interface Report {
  readonly figures?: Row;
  readonly items: readonly Row[];
  readonly ids: readonly string[];
  /** Of one that comes page by page. */
  readonly nextCursor?: string | null;
}

/** One report by its name in the registry. */
export interface ReportDefinition {
  /** Parameters that it takes beside those of every list; others are refused, so that none is left out unnoticed. */
  readonly filters: readonly (keyof ReportParameters)[];
  /** What its items can hold, in the order of a table. What the caller may not see is left out of the items and blank in the table. */
  readonly columns: readonly string[];
  /** Whether it comes page by page; else it is told whole. */
  readonly paged?: true;
  /** Whether this tenant has such a report; always where left out. */
  readonly offered?: (desk: Desk) => boolean;
  readonly read: (inputs: ReportInputs) => Report | Promise<Report>;
}

/** The cells that the caller may see; what may not be seen is left out. */
export function shown(shows: boolean, cells: Row): Row {
  return shows ? cells : {};
}
