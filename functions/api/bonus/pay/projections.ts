import type { Projection } from '#bonus/pay/buckets.ts';
import { balancesOf } from '#bonus/phased/reserve.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { decodeGroupResult } from '#model/group-item.ts';
import { groupResultKey, proPayKey, resultKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { isPhased, keepsReserve } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import { decodeProPay, decodeResult } from '#model/propay-item.ts';
import type { TenantContext } from '#model/settings.ts';
import { listPhases } from '#store/phase-repository.ts';
import { listProPaysOfWorker } from '#store/propay-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { projectedRewards } from '../../goals/taking-part.ts';
import type { PayRequest } from './load-statement.ts';

type ReadRequest = Pick<PayRequest, 'ports' | 'scope'>;

/** What a worker has coming of open work (B-141), and of how much of it nobody can tell yet. */
export interface Projections {
  readonly projections: readonly Projection[];
  readonly untold: number;
}

/**
 * Everything open that would pay a worker: ProPays, each group once for all of its members (B-102), open phases with what reserves hold, and
 * the goals the worker takes part in.
 */
export async function readProjections(
  request: ReadRequest,
  context: TenantContext,
  worker: MirrorRecord<'worker'>,
): Promise<Projections> {
  const { ports, scope } = request;
  const [ofWork, rewards] = await Promise.all([
    ofProPays(request, worker.id),
    projectedRewards(ports.table, scope, context, worker),
  ]);
  const ofGoals = rewards.map((cents) =>
    cents === null ? null : { payouts: [{ workerId: worker.id, cents }], leadPayouts: [] },
  );
  const figures = [...ofWork, ...ofGoals];
  return { projections: figures.filter((one) => one !== null), untold: figures.filter((one) => one === null).length };
}

async function ofProPays(request: ReadRequest, workerId: string): Promise<readonly (Projection | null)[]> {
  const { ports, scope } = request;
  const refs = await listProPaysOfWorker(ports.table, scope, workerId);
  const read = (keys: Parameters<typeof ports.table.batchGet>[1]) => ports.table.batchGet(scope, keys, { consistent: false });
  const [proPays, results] = await Promise.all([
    read(refs.map((ref) => proPayKey(scope, ref))),
    read(refs.map((ref) => resultKey(scope, ref))),
  ]);
  const known = proPays.flatMap((item, at) => {
    const result = results[at] ?? null;
    return item === null || result === null ? [] : [{ proPay: decodeProPay(item), result }];
  });
  const open = known.filter(({ proPay }) => proPay.status === 'Active' && !isPhased(proPay));
  const single = open.filter(({ proPay }) => proPay.groupId === null).map(({ result }) => decodeResult(result).figures);
  const groupIds = [...new Set(open.flatMap(({ proPay }) => proPay.groupId ?? []))];
  const groups = await read(groupIds.map((groupId) => groupResultKey(scope, groupId)));
  const ofGroups = groups.flatMap((item) => (item === null ? [] : [decodeGroupResult(item).figures]));
  const ofPhases: (Projection | null)[] = [];
  const phased = known.filter(({ proPay }) => isPhased(proPay) && proPay.status !== 'Canceled' && proPay.status !== 'Deleted');
  await inParallel(phased, async ({ proPay }) => {
    ofPhases.push(...(await ofOpenPhases(request, proPay)));
  });
  return [...single, ...ofGroups, ...ofPhases];
}

/** What a phased ProPay's open phases would pay, and what its reserve holds: decided phases are items, or in the reserve (B-113, B-114). */
async function ofOpenPhases({ ports, scope }: ReadRequest, proPay: ProPay): Promise<readonly (Projection | null)[]> {
  const phases = await listPhases(ports.table, scope, proPay.id);
  const open = phases.filter(({ status }) => status === 'Active').map(({ result }) => result.figures);
  if (!keepsReserve(proPay)) return open;
  const { movements } = await readReserve(ports.table, scope, proPay);
  return [...open, { payouts: balancesOf(movements), leadPayouts: [] }];
}
