import * as z from 'zod/mini';
import { idText } from '../edge.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import { approveBody } from './bodies.ts';
import { bulkAnswer, eachAlone } from './each-alone.ts';
import type { ApproveBody } from './propays/approver-sees.ts';

/** One request approves as many as a person can look at; each of them alone (B-87). */
const MOST = 100;

export const approveEachBody = z.strictObject({
  items: z.array(z.strictObject({ id: idText, ...approveBody })).check(z.minLength(1), z.maxLength(MOST)),
});
export const approveEachAnswer = bulkAnswer('Which were approved, and why the others were not');

type BulkRequest = ApiRequest<string, Record<never, never>, z.infer<typeof approveEachBody>>;

/** How one of many is approved. */
export interface ApproveOne {
  path(id: string): string;
  approve(request: BulkRequest, id: string, body: ApproveBody): Promise<unknown>;
  /** True where an interrupted try of the same request has approved these very figures already. */
  isApprovedAsAsked(request: BulkRequest, id: string, inputsVersion: string): Promise<boolean>;
}

/** Approves several things, each for itself: what is refused does not stop the others (fault 62). */
export function approveEach(request: BulkRequest, one: ApproveOne): Promise<ApiAnswer> {
  return eachAlone(request, request.body.items, {
    path: one.path,
    act: one.approve,
    isDone: (id, { inputsVersion }) => one.isApprovedAsAsked(request, id, inputsVersion),
  });
}
