import * as z from 'zod/mini';
import { AppError } from '#kernel/errors.ts';
import { idText } from '../edge.ts';
import { openCommand } from '../idempotency.ts';
import { ApiProblem, problemDocument } from '../problem.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import { approveBody } from './bodies.ts';
import type { ApproveBody } from './propays/approve.ts';

/** One request approves as many as a person can look at; each of them alone (B-87). */
const MOST = 100;

export const approveEachBody = z.strictObject({
  items: z.array(z.strictObject({ id: idText, ...approveBody })).check(z.minLength(1), z.maxLength(MOST)),
});
export const approveEachAnswer = {
  status: 200,
  description: 'Which were approved, and why the others were not',
  schema: z.strictObject({ accepted: z.array(idText), refused: z.array(z.strictObject({ id: idText, problem: z.unknown() })) }),
};

type BulkRequest = ApiRequest<string, Record<never, never>, z.infer<typeof approveEachBody>>;

/** How one of many is approved. */
export interface ApproveOne {
  path(id: string): string;
  approve(request: BulkRequest, id: string, body: ApproveBody): Promise<unknown>;
  /** True where an interrupted try of the same request has approved these very figures already. */
  isApprovedAsAsked(request: BulkRequest, id: string, inputsVersion: string): Promise<boolean>;
}

/** Approves several things, each for itself: what is refused does not stop the others. */
export async function approveEach(request: BulkRequest, one: ApproveOne): Promise<ApiAnswer> {
  const accepted: string[] = [];
  const refused: { id: string; problem: unknown }[] = [];
  for (const { id, ...body } of request.body.items) {
    const path = one.path(id);
    try {
      // Each approval is a command of its own; the request's key remembers the answer to all of them.
      const { command } = await openCommand({ ...request, path, body, key: null, defaultStatus: 200 });
      if (!(await one.isApprovedAsAsked(request, id, body.inputsVersion))) await one.approve({ ...request, command }, id, body);
      accepted.push(id);
    } catch (error) {
      if (!(error instanceof AppError) || error.category !== 'customer') throw error;
      // A twin of this request was quicker between the two readings: what was asked for is done all the same (fault 62).
      if (error.code === 'approved-unapprove-first' && (await one.isApprovedAsAsked(request, id, body.inputsVersion)))
        accepted.push(id);
      else refused.push({ id, problem: problemDocument(error, { requestId: request.requestId, path }).document });
    }
  }
  const done = await request.command.commit({ actions: [], audit: [], answer: { body: { accepted, refused } } });
  if (!done.applied) throw new ApiProblem('store-conflict');
  return done.answer;
}
