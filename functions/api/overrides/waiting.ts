import { listPartition } from '#model/keys.ts';
import { decodeAlerts } from '#model/propay-item.ts';
import type { SubjectRequest } from './subject.ts';

/** ProPays that are looked at, as alerts are. */
const MOST = 1_000;

/** The ProPays that are ready for the approval of a manager. */
export async function waitingFor({ ports, scope }: SubjectRequest, workerId: string): Promise<readonly string[]> {
  const { items } = await ports.table.query(scope, { index: 'by', partition: listPartition(scope, 'ALERT'), limit: MOST });
  const keys = items.map(({ pk, sk }) => ({ pk, sk }));
  const found = await ports.table.batchGet(scope, keys, { consistent: false });
  return found.flatMap((item) => {
    if (item === null) return [];
    const { proPayId, alerts, result } = decodeAlerts(item);
    return alerts.includes('ready_for_approval') && result.people.managerIds.includes(workerId) ? [proPayId] : [];
  });
}
