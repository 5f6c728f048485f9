import * as z from 'zod/mini';
import { CHANGE_PROPAYS } from '../../access.ts';
import { idText } from '../../edge.ts';
import type { ApiRequest } from '../../route.ts';

const body = z.strictObject({
  inputsVersion: z.string().check(z.minLength(1), z.maxLength(64)),
  reason: z.string().check(z.minLength(1), z.maxLength(500)),
  workerIds: z.optional(z.array(idText).check(z.minLength(1), z.maxLength(500))),
});
/** What somebody decides of a difference that they have seen. */
export type VerdictBody = z.infer<typeof body>;

/** What deciding a ProPay's difference and a group's have in common. */
export const verdictRoute = {
  method: 'POST',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { inputsVersion: 'mJ3…', reason: 'the foreman confirmed the hours' },
} as const;
/** What deciding is given. */
export type DecideRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;
