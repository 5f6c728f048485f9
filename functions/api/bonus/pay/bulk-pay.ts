import * as z from 'zod/mini';
import { parseStatementId } from '#model/ids.ts';
import { idText } from '../../edge.ts';
import { defineRoute } from '../../route.ts';
import { bulkAnswer, eachAlone } from '../each-alone.ts';
import { loadStatement } from './load-statement.ts';
import { PAY_STATEMENTS, type PayBody, pay, payBody } from './pay-statement.ts';

/** One request pays as many as a person can look at; each of them alone. */
const MOST = 100;

/** Marks several statements paid, each for itself (B-137); of one worker the earlier ones first, in whatever order they are named. */
export const bulkPay = defineRoute({
  method: 'POST',
  path: '/v1/statements/bulk-pay',
  group: 'pay',
  summary: 'Mark several statements paid, each for itself',
  access: PAY_STATEMENTS,
  body: z.strictObject({
    items: z.array(z.strictObject({ id: idText, ...payBody })).check(z.minLength(1), z.maxLength(MOST)),
  }),
  bodyExample: { items: [{ id: 'kQ3vAbCdEfGhIjKl.tenant.2026-03-09', payDate: '2026-03-27' }] },
  idempotency: 'required',
  answer: bulkAnswer('Which were paid, and why the others were not'),
  handler: (request) =>
    eachAlone(request, [...request.body.items].sort(byPeriod), {
      path: (id) => `/v1/statements/${id}/pay`,
      act: (one, id, body) => pay(one, id, body),
      isDone: async (id, body) => isPaidAsAsked(request, id, body),
    }),
});

const startOf = ({ id }: { readonly id: string }): string => parseStatementId(id)?.startDate ?? '';
const byPeriod = (a: { readonly id: string }, b: { readonly id: string }): number =>
  startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0;

/** True where an interrupted try of the same request, or its twin, has paid the statement already. */
async function isPaidAsAsked(request: Parameters<typeof loadStatement>[0], id: string, { payDate }: PayBody): Promise<boolean> {
  const { header } = (await loadStatement(request, id)).view;
  return header?.status === 'Paid' && header.payDate === payDate && header.paidBy === request.actor.id;
}
