import * as z from 'zod/mini';
import { AppError } from '#kernel/errors.ts';
import { idText } from '../edge.ts';
import { openCommand } from '../idempotency.ts';
import { ApiProblem, problemDocument } from '../problem.ts';
import { problemShape } from '../problem-shape.ts';
import { problemKind } from '../problems.ts';
import type { AnswerSpec, ApiAnswer, ApiRequest } from '../route.ts';

/** What a bulk route answers: which were done, and why the others were not. */
export function bulkAnswer(description: string): AnswerSpec {
  return {
    status: 200,
    description,
    schema: z.strictObject({
      accepted: z.array(idText),
      refused: z.array(z.strictObject({ id: idText, problem: problemShape })),
    }),
  };
}

/** How a bulk route does each of what it is given. */
export interface EachAlone<R, T> {
  /** The path of the route that does one: what a refusal is about. */
  path(id: string): string;
  act(request: R, id: string, body: T): Promise<unknown>;
  /** Whether an interrupted try of the same request, or its twin, has done this one already. */
  isDone(id: string, body: T): Promise<boolean>;
}

/** Does a command for each of several records, one after the other and each for itself: what is refused does not stop the others. */
export async function eachAlone<R extends ApiRequest, T extends { readonly id: string }>(
  request: R,
  items: readonly T[],
  each: EachAlone<R, Omit<T, 'id'>>,
): Promise<ApiAnswer> {
  const accepted: string[] = [];
  const refused: { id: string; problem: unknown }[] = [];
  for (const { id, ...body } of items) {
    const path = each.path(id);
    try {
      // Each is a command of its own; the request's key remembers the answer to all of them.
      const { command } = await openCommand({ ...request, path, body, key: null, defaultStatus: 200 });
      await each.act({ ...request, command }, id, body);
      accepted.push(id);
    } catch (error) {
      if (!(error instanceof AppError) || error.category !== 'customer') throw error;
      if (problemKind(error.code).kind.status === 409 && (await each.isDone(id, body))) accepted.push(id);
      else refused.push({ id, problem: problemDocument(error, { requestId: request.requestId, path }).document });
    }
  }
  const done = await request.command.commit({ actions: [], audit: [], answer: { body: { accepted, refused } } });
  if (!done.applied) throw new ApiProblem('store-conflict');
  return done.answer;
}
