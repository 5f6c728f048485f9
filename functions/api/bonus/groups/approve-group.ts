import * as z from 'zod/mini';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { approveBody } from '../bodies.ts';
import { approveGroup as approve } from './approve.ts';
import { approvedGroupSchema } from './shapes.ts';

/** Approves a group: exactly what the approver saw becomes line items. */
export const approveGroup = defineRoute({
  method: 'POST',
  path: '/v1/groups/{id}/approve',
  group: 'group-decisions',
  summary: 'Approve a group as a whole and make its line items',
  access: CHANGE_PROPAYS,
  body: z.strictObject(approveBody),
  bodyExample: { inputsVersion: 'mJ3…', approvalDate: '2026-03-08' },
  idempotency: 'required',
  answer: { status: 200, description: 'The group and its line items', schema: approvedGroupSchema },
  handler: (request) => approve(request, request.params.id, request.body),
});
