import * as z from 'zod/mini';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { approveBody } from '../bodies.ts';
import { approve } from './approve.ts';
import { approvedSchema } from './shapes.ts';

/** Approves a ProPay: exactly what the approver saw becomes line items. */
export const approveProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/approve',
  group: 'approvals',
  summary: 'Approve a ProPay and make its line items',
  access: CHANGE_PROPAYS,
  body: z.strictObject(approveBody),
  bodyExample: { inputsVersion: 'mJ3…', accept: [{ code: 'not-complete', reason: 'finished today' }] },
  idempotency: 'required',
  answer: { status: 200, description: 'The ProPay and its line items', schema: approvedSchema },
  handler: (request) => approve(request, request.params.id, request.body),
});
