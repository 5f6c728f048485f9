import type { Row } from '../../../../shared/fake-source/dataset.ts';

/** Arguments of a connection as the executor hands them over. */
export type ListArguments = Readonly<Record<string, unknown>>;

type Range = { readonly after?: string | null; readonly before?: string | null; readonly eq?: string | null };

const RANGES = new Set(['createdAt', 'updatedAt', 'startAt', 'endAt', 'completedAt', 'visitsScheduledBetween']);
const FLAGS: Readonly<Record<string, string>> = {
  isArchived: 'isArchived',
  isLead: 'isLead',
  isApproved: 'approved',
  ticking: 'ticking',
};
const EQUAL: Readonly<Record<string, (row: Row) => unknown>> = {
  status: (row) => row.visitStatus ?? row.jobStatus ?? row.status,
  jobType: (row) => row.jobType,
  clientId: (row) => idIn(row.client),
};

/** Sort keys of the schema and the field each compares; those of clients' names and schedules are not needed by anybody here. */
const SORTS: Readonly<Record<string, (row: Row) => unknown>> = {
  UPDATED_AT: (row) => row.updatedAt,
  CREATED_AT: (row) => row.createdAt,
  START_AT: (row) => row.startAt,
  JOB_NUMBER: (row) => row.jobNumber,
  TOTAL_COST: (row) => row.total,
  JOB_STATUS: (row) => row.jobStatus,
  STATUS: (row) => row.visitStatus,
  NAME: (row) => (row.name as { full?: string } | null)?.full,
};

/** The rows of a list that pass the filter, in the order asked for; rows without the value sorted by come last. */
export function selectRows(rows: readonly Row[], { filter, sort }: ListArguments): Row[] {
  const wanted = rows.filter((row) => passes(row, (filter ?? {}) as ListArguments));
  const orders = (Array.isArray(sort) ? sort : []) as { key: string; direction: string }[];
  return orders.length === 0 ? wanted : [...wanted].sort((a, b) => compare(a, b, orders));
}

function passes(row: Row, filter: ListArguments): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (value === null || value === undefined) return true;
    if (RANGES.has(name)) return inRange(row[name === 'visitsScheduledBetween' ? 'startAt' : name], value as Range);
    if (name === 'ids' || name === 'userIds') return (value as unknown[]).includes(row.id);
    if (name === 'assignedTo') return idIn(row.user) === value || assigned(row).includes(value);
    if (name in FLAGS) return row[FLAGS[name]!] === value;
    return EQUAL[name] === undefined || EQUAL[name](row) === value;
  });
}

/** Neither end belongs to a range: the narrower of what the documentation leaves open. */
function inRange(value: unknown, { after, before, eq }: Range): boolean {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) return false;
  if (eq && Date.parse(eq) !== ms) return false;
  return (!after || ms > Date.parse(after)) && (!before || ms < Date.parse(before));
}

function compare(a: Row, b: Row, orders: readonly { key: string; direction: string }[]): number {
  for (const { key, direction } of orders) {
    const [x, y] = [SORTS[key]?.(a), SORTS[key]?.(b)];
    if (x === y) continue;
    if (x === null || x === undefined) return 1;
    if (y === null || y === undefined) return -1;
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : 1;
    if (order !== 0) return direction === 'DESCENDING' ? -order : order;
  }
  return 0;
}

export function idIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as Row).id : null;
}

function assigned(row: Row): unknown[] {
  const people = row.assignedUsers as { nodes?: Row[] } | null | undefined;
  return people?.nodes?.map(({ id }) => id) ?? [];
}
