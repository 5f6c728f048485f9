import * as z from 'zod/mini';
import { AppError } from '#kernel/errors.ts';
import { idText } from '../../edge.ts';
import { openCommand } from '../../idempotency.ts';
import { ApiProblem, problemDocument } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { approveBody } from '../bodies.ts';
import { openDesk } from '../desk.ts';
import { approve } from './approve.ts';
import { CHANGE_PROPAYS } from './change.ts';
import { loadProPay } from './load.ts';

/** One request approves as many as a person can look at; each of them alone (B-87). */
const MOST = 100;

/** Approves several ProPays, each for itself: what is refused does not stop the others. */
export const bulkApprove = defineRoute({
  method: 'POST',
  path: '/v1/propays/bulk-approve',
  group: 'bonus',
  summary: 'Approve several ProPays, each for itself',
  access: CHANGE_PROPAYS,
  body: z.strictObject({
    items: z.array(z.strictObject({ id: idText, ...approveBody })).check(z.minLength(1), z.maxLength(MOST)),
  }),
  idempotency: 'required',
  answer: {
    status: 200,
    description: 'Which were approved, and why the others were not',
    schema: z.strictObject({ accepted: z.array(idText), refused: z.array(z.strictObject({ id: idText, problem: z.unknown() })) }),
  },
  handler: async (request) => {
    const accepted: string[] = [];
    const refused: { id: string; problem: unknown }[] = [];
    for (const { id, ...body } of request.body.items) {
      const path = `/v1/propays/${id}/approve`;
      try {
        // Each approval is a command of its own; the request's key remembers the answer to all of them.
        const { command } = await openCommand({ ...request, path, body, key: null, defaultStatus: 200 });
        if (!(await isApprovedAsAsked(request, id, body.inputsVersion))) await approve({ ...request, command }, id, body);
        accepted.push(id);
      } catch (error) {
        if (!(error instanceof AppError) || error.category !== 'customer') throw error;
        // A twin of this request was quicker between the two readings: what was asked for is done all the same (fault 62).
        if (error.code === 'approved-unapprove-first' && (await isApprovedAsAsked(request, id, body.inputsVersion)))
          accepted.push(id);
        else refused.push({ id, problem: problemDocument(error, { requestId: request.requestId, path }).document });
      }
    }
    const done = await request.command.commit({ actions: [], audit: [], answer: { body: { accepted, refused } } });
    if (!done.applied) throw new ApiProblem('store-conflict');
    return done.answer;
  },
});

/** True where an interrupted try of the same request has approved these very figures already. */
async function isApprovedAsAsked(request: Parameters<typeof loadProPay>[0], id: string, inputsVersion: string): Promise<boolean> {
  const { proPay, result } = await loadProPay(request, id, await openDesk(request));
  return proPay.status === 'Approved' && result.inputsVersion === inputsVersion && proPay.approval?.by === request.actor.id;
}
