import type { Key } from '#model/keys.ts';
import type { ProPayResult } from '#model/propay.ts';
import type { Item } from '#store/table.ts';
import type { Desk } from '../../bonus/desk.ts';
import { oversees, seesProPay } from '../../bonus/sight.ts';
import type { Range } from '../../pages.ts';
import type { ApiRequest } from '../../route.ts';
import type { AlertItem, AlertKind } from './shapes.ts';

/** What every kind of alert is read with. */
export interface AlertInputs {
  readonly request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;
  readonly desk: Desk;
  readonly filters: AlertFilters;
}

export interface AlertFilters {
  readonly branchId?: string | undefined;
  readonly divisionId?: string | undefined;
  readonly managerId?: string | undefined;
}

/** Alerts by kind, as one source finds them. */
export type FoundAlerts = Partial<Record<AlertKind, readonly AlertItem[]>>;

/** Entries of one list that are looked at: alerts are counted up to here. */
const MOST = 1_000;

/** The keys of a range of an index, up to the bound. */
export async function boundedKeys({ request }: AlertInputs, range: Omit<Range, 'index' | 'name'>): Promise<readonly Key[]> {
  const { ports, scope } = request;
  const { items } = await ports.table.query(scope, { ...range, index: 'by', limit: MOST });
  return items.map(({ pk, sk }) => ({ pk, sk }));
}

/** The records that keys name; what has gone since is left out. */
export async function recordsAt({ request }: AlertInputs, keys: readonly Key[]): Promise<readonly Item[]> {
  const items = await request.ports.table.batchGet(request.scope, keys, { consistent: false });
  return items.filter((item) => item !== null);
}

/** The part of a list that the branch filter leaves: every list of alerts begins with the branch. */
export function ofBranch(partition: string, { branchId }: AlertFilters): { partition: string; prefix?: string } {
  return branchId === undefined ? { partition } : { partition, prefix: `${branchId}#` };
}

/** Whether a ProPay or group is the caller's to look after, or to see for who only sees, and what the filters ask for. */
export function concerns({ request, desk, filters }: AlertInputs, result: Pick<ProPayResult, 'place' | 'people'>): boolean {
  const { branchId, divisionId, managerId } = filters;
  const { place, people } = result;
  return (
    (branchId === undefined || place.branchId === branchId) &&
    (divisionId === undefined || place.divisionId === divisionId) &&
    (managerId === undefined || people.managerIds.includes(managerId)) &&
    (request.reach === 'S' ? oversees(request, result) && desk.visibility.manager.bonuses : seesProPay(request, desk, result))
  );
}
