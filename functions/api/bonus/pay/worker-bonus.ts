import * as z from 'zod/mini';
import { bucketsOf } from '#bonus/pay/buckets.ts';
import { informationalPremiums } from '#bonus/pay-law/informational.ts';
import { workerKey } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { type PersonPay, readPersonPay } from '#pay/person-pay.ts';
import { currencyCode, dateText, idText, instantText, moneyOf, moneyText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { type Desk, dataAsOf, openDesk, todayIn } from '../desk.ts';
import { seesPay } from '../sight.ts';
import { statementsOfWorker } from './load-statement.ts';
import { readProjections } from './projections.ts';
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
      /** What open work and goals would pay as they stand; of `untold` ProPays, phases, groups or goals nobody can tell yet. */
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
    const ids = idsOfPerson(desk.context, id);
    const [parts, open] = await Promise.all([
      Promise.all(ids.map((one) => readPersonPay(ports.table, scope, desk.context, one))),
      readProjections(request, desk.context, worker),
    ]);
    const partition = parts[0]!;
    const statements = parts.flatMap((part, at) => statementsOfPart(desk, ids[at]!, part));
    const buckets = bucketsOf(ids[0]!, open.projections, partition.items, statements, {
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

function statementsOfPart(desk: Desk, workerId: string, part: PersonPay) {
  const calendars = new Set(part.items.map(({ calendarId }) => calendarId));
  return [...calendars].flatMap((calendarId) => statementsOfWorker(desk, workerId, calendarId, part).views);
}
