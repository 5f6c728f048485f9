import { parseProPayId } from '#model/ids.ts';
import { jobKey, type Key, milestoneKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { Counted } from './counted.ts';
import type { ReportInputs, Row } from './report.ts';

/** What a row of a grouped report is of. */
export const GROUP_COLUMNS = ['branchId', 'branch', 'divisionId', 'division', 'serviceType'] as const;

/** Some ProPays that belong together. */
export interface ProPayGroup {
  /** What they have in common; null where they have none of it. */
  readonly key: string | null;
  readonly cells: Row;
  readonly list: readonly Counted[];
}

/** ProPays by branch, division or service type, in the order of their names. */
export async function groupsOf(inputs: ReportInputs, counted: readonly Counted[]): Promise<readonly ProPayGroup[]> {
  const { branches, divisions } = inputs.desk.context;
  const by = inputs.given.groupBy ?? 'branch';
  const types = by === 'serviceType' ? await serviceTypesOf(inputs, counted) : new Map<string, string | null>();
  const keyOf = ({ proPay, result: { place } }: Counted): string | null =>
    by === 'branch' ? place.branchId : by === 'division' ? place.divisionId : (types.get(proPay.id) ?? null);
  const cellsOf = (key: string | null): Row => {
    if (by === 'branch') return { branchId: key, branch: branches[key ?? '']?.name ?? null };
    return by === 'division' ? { divisionId: key, division: divisions[key ?? '']?.name ?? null } : { serviceType: key };
  };
  const nameOf = ({ cells, key }: ProPayGroup): string => String(cells.branch ?? cells.division ?? key ?? '');
  return [...Map.groupBy(counted, keyOf)]
    .map(([key, list]) => ({ key, cells: cellsOf(key), list }))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** The service type of each ProPay: its visit’s, else its job’s, as the source says now. */
async function serviceTypesOf(
  { request }: ReportInputs,
  counted: readonly Counted[],
): Promise<ReadonlyMap<string, string | null>> {
  const { ports, scope } = request;
  const works = counted.flatMap(({ proPay }) => {
    const ref = parseProPayId(proPay.id);
    if (ref === null) return [];
    const visit = ref.milestoneId === null ? null : milestoneKey(scope, ref.jobId, ref.milestoneId);
    return [{ id: proPay.id, job: jobKey(scope, ref.jobId), visit }];
  });
  const keys = works.flatMap(({ job, visit }) => (visit === null ? [job] : [job, visit]));
  const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const items = await ports.table.batchGet(scope, unique, { consistent: false });
  const found = new Map(
    items.flatMap((item) =>
      item === null ? [] : [[textOf(item), decodeMirrorRecord<'job' | 'milestone'>(item).fields.serviceType]],
    ),
  );
  return new Map(
    works.map(({ id, job, visit }) => [id, (visit === null ? null : found.get(textOf(visit))) ?? found.get(textOf(job)) ?? null]),
  );
}

const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
