import * as z from 'zod/mini';
import { bucketsOf, type Projection } from '#bonus/pay/buckets.ts';
import { informationalPremiums } from '#bonus/pay-law/informational.ts';
import { balancesOf } from '#bonus/phased/reserve.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { decodeGroupResult } from '#model/group-item.ts';
import { groupResultKey, proPayKey, resultKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { isPhased, keepsReserve } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import { decodeProPay, decodeResult } from '#model/propay-item.ts';
import { readPayPartition } from '#store/pay-repository.ts';
import { listPhases } from '#store/phase-repository.ts';
import { listProPaysOfWorker } from '#store/propay-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { currencyCode, dateText, idText, instantText, moneyOf, moneyText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { dataAsOf, openDesk, todayIn } from '../desk.ts';
import { seesPay } from '../sight.ts';
import { type PayRequest, statementsOfWorker } from './load-statement.ts';
import { SEE_STATEMENTS } from './statements.ts';

/** What a worker has coming: projected, held, in process, paid (B-141). */
export const getWorkerBonus = defineRoute({
  method: 'GET',
  path: '/v1/workers/{id}/bonus',
  group: 'pay',
  summary: 'What a worker has coming: projected, held until when, in process, paid',
  access: SEE_STATEMENTS,
  answer: {
    status: 200,
    description: 'The sums by where the money stands',
    schema: z.strictObject({
      workerId: idText,
      /** What open work would pay as it stands; of `untold` ProPays or groups nobody can tell yet. */
      projected: moneyText,
      untold: z.int(),
      held: z.array(z.strictObject({ on: z.nullable(dateText), amount: moneyText })),
      inProcess: moneyText,
      paid: moneyText,
      currency: currencyCode,
      dataAsOf: z.nullable(instantText),
      calculatedAt: instantText,
    }),
  },
  handler: async (request) => {
    const { ports, scope, params, reach, actor } = request;
    const { id } = params;
    const [desk, stored] = await Promise.all([openDesk(request), ports.table.get(scope, workerKey(scope, id))]);
    const worker = stored === null ? null : decodeMirrorRecord<'worker'>(stored);
    // It tells of ProPays and statements alike, so a manager needs the sight of both (M-146).
    const hidden = reach === 'S' && actor.workerId !== id && !desk.visibility.manager.bonuses;
    if (worker === null || hidden || !seesPay(request, desk, { workerId: id, branchId: worker.fields.branchId }))
      throw notFound();
    const [partition, open] = await Promise.all([readPayPartition(ports.table, scope, id), readProjections(request, id)]);
    const calendars = new Set(partition.items.map(({ calendarId }) => calendarId));
    const statements = [...calendars].flatMap((calendarId) => statementsOfWorker(desk, id, calendarId, partition).views);
    const buckets = bucketsOf(id, open.projections, partition.items, statements, {
      todayOf: (branchId) => todayIn(desk, branchId),
      isInformational: informationalPremiums(desk.context, partition.ledgers),
    });
    return {
      body: {
        workerId: id,
        projected: moneyOf(buckets.projectedCents)!,
        untold: open.untold,
        held: buckets.held.map(({ on, cents }) => ({ on, amount: moneyOf(cents)! })),
        inProcess: moneyOf(buckets.inProcessCents)!,
        paid: moneyOf(buckets.paidCents)!,
        currency: desk.context.currency,
        dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)),
        calculatedAt: desk.now,
      },
    };
  },
});

/** The figures of the worker's open ProPays; those in a group pay as the group does, which stands once for all of them (B-102). */
async function readProjections({ ports, scope }: PayRequest, workerId: string) {
  const refs = await listProPaysOfWorker(ports.table, scope, workerId);
  const read = (keys: Parameters<typeof ports.table.batchGet>[1]) => ports.table.batchGet(scope, keys, { consistent: false });
  const [proPays, results] = await Promise.all([
    read(refs.map((ref) => proPayKey(scope, ref))),
    read(refs.map((ref) => resultKey(scope, ref))),
  ]);
  const open = proPays.flatMap((item, at) => {
    const result = results[at] ?? null;
    const proPay = item === null ? null : decodeProPay(item);
    return proPay?.status === 'Active' && result !== null && !isPhased(proPay) ? [{ proPay, result: decodeResult(result) }] : [];
  });
  const phased = proPays.flatMap((item) => {
    const proPay = item === null ? null : decodeProPay(item);
    return proPay !== null && isPhased(proPay) && proPay.status !== 'Canceled' && proPay.status !== 'Deleted' ? [proPay] : [];
  });
  const ofPhases: (Projection | null)[] = [];
  await inParallel(phased, async (proPay) => {
    ofPhases.push(...(await readPhaseProjections({ ports, scope }, proPay)));
  });
  const groupIds = [...new Set(open.flatMap(({ proPay }) => proPay.groupId ?? []))];
  const groups = (await read(groupIds.map((groupId) => groupResultKey(scope, groupId)))).flatMap((item) =>
    item === null ? [] : [decodeGroupResult(item)],
  );
  const single = open.filter(({ proPay }) => proPay.groupId === null).map(({ result }) => result);
  const figures: readonly (Projection | null)[] = [...[...single, ...groups].map((one) => one.figures), ...ofPhases];
  return { projections: figures.filter((one) => one !== null), untold: figures.filter((one) => one === null).length };
}

/** What a phased ProPay's open phases would pay, and what its reserve holds: decided phases are items, or in the reserve (B-113, B-114). */
async function readPhaseProjections(
  { ports, scope }: Pick<PayRequest, 'ports' | 'scope'>,
  proPay: ProPay,
): Promise<readonly (Projection | null)[]> {
  const phases = await listPhases(ports.table, scope, proPay.id);
  const open = phases.filter(({ status }) => status === 'Active').map(({ result }) => result.figures);
  if (!keepsReserve(proPay)) return open;
  const { movements } = await readReserve(ports.table, scope, proPay);
  return [...open, { payouts: balancesOf(movements), leadPayouts: [] }];
}
