import { divisionOf } from '#bonus/inputs/division-of.ts';
import type { HidingFilter } from '#mirror/diagnose.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import type { TenantContext } from '#model/settings.ts';
import { hasProPay } from '../mirror/views.ts';
import { invalidParameter } from '../problem.ts';

/** What a filter of a list looks at; null where the record has nothing there. */
type Reader = (record: MirrorRecord, tenant: TenantContext) => string | null;

const field =
  (name: string): Reader =>
  ({ fields }) => {
    const value = (fields as unknown as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : null;
  };

/** The filters of the lists, by entity, with what each compares (the lists themselves: functions/api/mirror). */
const READERS: Readonly<Partial<Record<EntityName, Readonly<Record<string, Reader>>>>> = {
  worker: {
    branchId: field('branchId'),
    status: (record) => workerState(record as MirrorRecord<'worker'>),
  },
  job: {
    branchId: field('branchId'),
    divisionId: (record, tenant) => divisionOf((record as MirrorRecord<'job'>).fields, tenant),
    status: field('status'),
    hasPropay: ({ bonus }) => String(hasProPay(bonus)),
    propayVerdict: ({ bonus }) => bonus.verdict,
  },
  milestone: { jobId: field('jobId') },
  time_entry: {
    workerId: field('workerId'),
    jobId: field('jobId'),
    milestoneId: field('milestoneId'),
    workedFrom: field('workDate'),
    workedTo: field('workDate'),
  },
};

/** Parameters of a list that hide no record. */
const BESIDE = new Set(['limit', 'cursor', 'includeDeleted', 'format']);

/**
 * The first filter of a view that leaves a record out (V-5). `view` is the query of the list that is looked at, as its address has it:
 * `branchId=…&status=active`. Refused with 400 where it names a filter that the list does not have.
 */
export function hidingFilter(
  view: string,
  entity: EntityName,
  tenant: TenantContext,
): (record: MirrorRecord) => HidingFilter | null {
  const readers = READERS[entity] ?? {};
  const filters = [...new URLSearchParams(view)].filter(([name]) => !BESIDE.has(name));
  const unknown = filters.find(([name]) => !Object.hasOwn(readers, name));
  if (unknown !== undefined) throw invalidParameter('view', `the list has no filter ${unknown[0]}`);
  return (record) => {
    for (const [filter, asked] of filters) {
      const value = readers[filter]!(record, tenant);
      if (!keeps(filter, asked, value)) return { filter, asked, value };
    }
    return null;
  };
}

/** Dates are ranges, half-open; everything else is compared for equality. */
function keeps(filter: string, asked: string, value: string | null): boolean {
  if (filter === 'workedFrom') return value !== null && value >= asked;
  if (filter === 'workedTo') return value !== null && value < asked;
  return value === asked;
}
