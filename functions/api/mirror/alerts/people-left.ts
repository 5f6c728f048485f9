import { roleOf } from '#bonus/inputs/people.ts';
import { proPayId } from '#model/ids.ts';
import { listPartition, proPayKey, resultKey, workerKey } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayResult } from '#model/propay.ts';
import { decodeAlerts, decodeProPay, decodeResult } from '#model/propay-item.ts';
import type { TenantContext } from '#model/settings.ts';
import { listProPaysOfWorker } from '#store/propay-repository.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** People whom the source deactivated and who stay on open ProPays, until a manager has decided about them (M-148, X-15). */
export async function alertsOfPeopleLeft(inputs: AlertInputs): Promise<FoundAlerts> {
  const { desk, filters, request } = inputs;
  const branches = filters.branchId === undefined ? [...Object.keys(desk.context.branches), '-'] : [filters.branchId];
  const partition = listPartition(request.scope, 'WORKER');
  const keys = await Promise.all(branches.map((branch) => boundedKeys(inputs, { partition, prefix: `${branch}#deactivated#` })));
  const workers = (await recordsAt(inputs, keys.flat())).map((item) => decodeMirrorRecord<'worker'>(item));
  const left = workers.filter(
    ({ own, aliasOf, tombstone }) => own.overrides.active === null && aliasOf === null && tombstone === null,
  );
  const found = await Promise.all(left.map(({ id }) => itemOf(inputs, id)));
  return { people_left: found.flat() };
}

/** The person with the Active ProPays that name them, as far as these are the caller's to look after. */
async function itemOf(inputs: AlertInputs, workerId: string): Promise<readonly AlertItem[]> {
  const { desk, request } = inputs;
  const { ports, scope } = request;
  const marks = await Promise.all(idsOfPerson(desk.context, workerId).map((id) => listProPaysOfWorker(ports.table, scope, id)));
  const refs = [...new Map(marks.flat().map((ref) => [proPayId(ref), ref])).values()];
  const items = await ports.table.batchGet(
    scope,
    refs.flatMap((ref) => [proPayKey(scope, ref), resultKey(scope, ref)]),
  );
  const propayIds = refs.flatMap((ref, at) => {
    const [proPay, result] = [items[2 * at], items[2 * at + 1]];
    const isOpen = proPay && result && decodeProPay(proPay).status === 'Active' && concerns(inputs, decodeResult(result));
    return isOpen ? [proPayId(ref)] : [];
  });
  return propayIds.length === 0 ? [] : [{ workerId, propayIds, href: `/v1/workers/${workerId}` }];
}

/**
 * Work that waits for the approval of somebody who is no manager any more: the source's role fell, or was changed here (M-144, X-19). Told
 * where the source says roles and the connection's map makes managers of some, since others are workers there from the beginning.
 */
export async function alertsOfLoweredManagers(inputs: AlertInputs): Promise<FoundAlerts> {
  const { desk, request } = inputs;
  if (request.reach === 'S') return {};
  const keys = await boundedKeys(inputs, { partition: listPartition(request.scope, 'ALERT') });
  const waiting = (await recordsAt(inputs, keys))
    .map(decodeAlerts)
    .filter(({ alerts, result }) => alerts.includes('ready_for_approval') && concerns(inputs, result));
  const ids = [...new Set(waiting.flatMap(({ result }) => result.people.managerIds))];
  const workers = await recordsAt(
    inputs,
    ids.map((id) => workerKey(request.scope, id)),
  );
  const lowered = workers.map((item) => decodeMirrorRecord<'worker'>(item)).filter((worker) => isLowered(worker, desk.context));
  const waitFor =
    (workerId: string) =>
    ({ result }: { readonly result: Pick<ProPayResult, 'people'> }): boolean =>
      result.people.managerIds.includes(workerId);
  return {
    managers_lowered: lowered.map(({ id: workerId }) => ({
      workerId,
      propayIds: waiting.filter(waitFor(workerId)).map(({ proPayId }) => proPayId),
      href: `/v1/workers/${workerId}`,
    })),
  };
}

function isLowered(worker: MirrorRecord<'worker'>, context: TenantContext): boolean {
  const isTold = worker.fields.sourceRole !== null;
  const makesManagers = Object.values(context.connections[worker.connectionId]?.roleMap ?? {}).includes('manager');
  return ((isTold && makesManagers) || worker.own.overrides.role !== null) && roleOf(worker, context) !== 'manager';
}
