import type { EntityName } from '#model/entities.ts';
import {
  jobPartition,
  type Key,
  type ListName,
  listPartition,
  milestonePrefix,
  referencePartition,
  workerPartition,
  workerTimePartition,
} from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import type { Range } from '../pages.ts';
import { ApiProblem } from '../problem.ts';

/** The filters of a mirror list as parsed; which of them a list has is its own matter. */
export type Filters = Readonly<Record<string, unknown>> & { readonly includeDeleted?: boolean | undefined };

/** What a list's ranges are made of. */
export interface ListContext {
  readonly table: Table;
  readonly scope: TenantScope;
  readonly filters: Readonly<Record<string, string>>;
  readonly tenant: TenantContext;
}

/** A combination of filters and the ranges that serve it, each by Queries that read nothing they do not return. */
export interface Combination {
  readonly filters: readonly string[];
  ranges(list: ListContext): readonly Range[] | Promise<readonly Range[]>;
}

/** Parameters that choose no range: paging, and what is decided on each record or shown beside it. */
const BESIDE = new Set([
  ...['limit', 'cursor', 'include', 'includeDeleted'],
  ...['sourceId', 'connectionId', 'hasPropay', 'propayVerdict'],
]);

/** The ranges of a list under its filters. A combination that no index serves is refused with 400, naming those that are. */
export async function rangesOf(
  combinations: readonly Combination[],
  query: Filters,
  list: Omit<ListContext, 'filters'>,
): Promise<readonly Range[]> {
  const given = Object.keys(query).filter((name) => !BESIDE.has(name) && query[name] !== undefined);
  const served = combinations.find(
    ({ filters }) => filters.length === given.length && given.every((name) => filters.includes(name)),
  );
  if (served === undefined) {
    const offered = combinations.map(({ filters }) => (filters.length === 0 ? 'none' : filters.join(' + '))).join('; ');
    throw new ApiProblem('invalid-parameter', {
      detail: `These filters cannot be combined. Combinations offered: ${offered}.`,
      errors: given.map((parameter) => ({ parameter, code: 'combination', detail: 'not offered in this combination' })),
    });
  }
  const ranges = await served.ranges({ ...list, filters: query as Readonly<Record<string, string>> });
  return query.includeDeleted ? ranges.flatMap(withHidden) : ranges;
}

/** Tombstoned rows of an indexed list have a partition of their own, right beside it. */
function withHidden(range: Range): readonly Range[] {
  if (range.index !== 'by' || !/#L#[A-Z]+$/.test(range.partition)) return [range];
  return [range, { ...range, name: `${range.name ?? ''}~deleted`, partition: `${range.partition}X` }];
}

/** One list partition, cut by a sort-key prefix. */
export function listed(scope: TenantScope, name: ListName, ...prefix: readonly string[]): Range {
  const partition = listPartition(scope, name);
  return prefix.length === 0 ? { index: 'by', partition } : { index: 'by', partition, prefix: `${prefix.join('#')}#` };
}

/** A list partition cut into one range for each branch and division that the tenant has, rows without one included. */
export function perBranchAndDivision(
  { scope, tenant }: Pick<ListContext, 'scope' | 'tenant'>,
  name: ListName,
  branchId: string | null,
  rest: readonly string[],
): readonly Range[] {
  const branches = branchId === null ? placesOf(tenant.branches) : [branchId];
  const ranges = branches.flatMap((branch) =>
    placesOf(tenant.divisions).map((division) => ({
      ...listed(scope, name, branch, division, ...rest),
      name: `${branch}/${division}`,
    })),
  );
  return ranges.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A list partition cut into one range for each branch. */
export function perBranch(
  { scope, tenant }: Pick<ListContext, 'scope' | 'tenant'>,
  name: ListName,
  rest: readonly string[],
): readonly Range[] {
  return placesOf(tenant.branches).map((branch) => ({ ...listed(scope, name, branch, ...rest), name: branch }));
}

/** The ids with which a row may be listed, and `-` for rows without one, in the order of text. */
function placesOf(places: Readonly<Record<string, unknown>>): readonly string[] {
  return ['-', ...Object.keys(places)].sort();
}

/** Ids of all workers, the tombstoned ones too: their time stays. Keys of the index suffice. */
export async function workerIdsOf(table: Table, scope: TenantScope): Promise<readonly string[]> {
  const lists = await Promise.all(
    [false, true].map((hidden) => table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'WORKER', hidden) })),
  );
  const partition = workerPartition(scope, '');
  return lists
    .flat()
    .map((key) => key.pk.slice(partition.length))
    .sort();
}

/** Branches, divisions and routes lie together in one partition of the table. */
export function referenceRange(scope: TenantScope, kind: 'branch' | 'division' | 'route'): Range {
  return { partition: referencePartition(scope), prefix: `${kind}#` };
}

/** A worker's time or drive time over local dates, half-open: both lie in one range of the index and are told apart by their keys. */
export function workerTimeRange(
  scope: TenantScope,
  workerId: string,
  entity: 'time_entry' | 'drive_time',
  from: string | undefined,
  to: string | undefined,
): Range {
  const mark = entity === 'time_entry' ? 'T#' : 'D#';
  return {
    name: workerId,
    index: 'by',
    partition: workerTimePartition(scope, workerId),
    ...(from === undefined && to === undefined ? {} : { from: from ?? '0000', to: to ?? '9999' }),
    accept: (key: Key) => key.sk.startsWith(mark),
  };
}

/** A job's time or drive time; with a milestone only that milestone's. */
export function jobTimeRange(scope: TenantScope, jobId: string, entity: EntityName, milestoneId?: string): Range {
  const mark = entity === 'time_entry' ? 'T#' : 'D#';
  return { partition: jobPartition(scope, jobId), prefix: milestoneId === undefined ? mark : `${mark}${milestoneId}#` };
}

/** Budgets of a milestone, in its own range of the job's partition. */
export function milestoneBudgetRange(scope: TenantScope, jobId: string, milestoneId: string): Range {
  return { partition: jobPartition(scope, jobId), prefix: `${milestonePrefix(milestoneId)}B#` };
}
