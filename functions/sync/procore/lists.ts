import type { Instant, LocalDate } from '#kernel/instant.ts';
import { fromOn, type Query } from './client.ts';

/** A list of the source: its path and its own parameters. */
export interface List {
  readonly path: string;
  readonly query: Query;
}

const ALL: Query = [['filters[by_status]', 'All']];

/** Every list this connector reads; ids in paths are digits. */
export const LISTS = {
  companies: (): List => ({ path: '/rest/v1.0/companies', query: [] }),
  offices: (companyId: string): List => ({ path: '/rest/v1.0/offices', query: [['company_id', companyId]] }),
  regions: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/project_regions`, query: [] }),
  departments: (companyId: string): List => ({ path: '/rest/v1.0/departments', query: [['company_id', companyId]] }),
  stages: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/project_stages`, query: [] }),
  timeTypes: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/timecard_time_types`, query: [] }),
  users: (companyId: string): List => ({ path: `/rest/v1.3/companies/${companyId}/users`, query: [] }),
  inactiveUsers: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/users/inactive`, query: [] }),
  people: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/people`, query: [] }),
  inactivePeople: (companyId: string): List => ({ path: `/rest/v1.0/companies/${companyId}/people/inactive`, query: [] }),
  /** Also the inactive ones: the default is active only. */
  projects: (companyId: string, part: { readonly since?: Instant; readonly ids?: readonly string[] }): List => ({
    path: '/rest/v1.1/projects',
    query: [
      ['company_id', companyId],
      ['view', 'extended'],
      ...ALL,
      ...(part.since === undefined ? [] : [['filters[updated_at]', fromOn(part.since)] as const]),
      ...(part.ids ?? []).map((id) => ['filters[id][]', id] as const),
    ],
  }),
  crews: (projectId: string): List => ({ path: `/rest/v1.0/projects/${projectId}/crews`, query: [] }),
  budgetLines: (projectId: string): List => ({
    path: `/rest/v1.0/projects/${projectId}/budgeted_production_quantities`,
    query: [],
  }),
  /** Always with dates, since lists of time without them answer for today or this week only; running entries come along. */
  timecards: (companyId: string, part: TimecardPart): List => ({
    path: `/rest/v1.0/companies/${companyId}/timecard_entries`,
    query: [
      ['start_date', part.from],
      ['end_date', part.to],
      ['filters[include_in_progress]', 'true'],
      ...(part.since === undefined ? [] : [['filters[updated_at]', fromOn(part.since)] as const]),
      ...(part.deletedSince === undefined ? [] : [['filters[deleted_at]', fromOn(part.deletedSince)] as const]),
      ...(part.ids ?? []).map((id) => ['filters[id][]', id] as const),
    ],
  }),
} as const;

export interface TimecardPart {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly since?: Instant;
  readonly deletedSince?: Instant;
  readonly ids?: readonly string[];
}
