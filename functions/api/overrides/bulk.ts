import * as z from 'zod/mini';
import { bulkAnswer, eachAlone } from '../bonus/each-alone.ts';
import { idText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { EDIT_WAGES } from './rights.ts';
import { roleBody, setRole } from './role.ts';
import { setWage, wageBody } from './wage.ts';

/** So many people at once as a person looks through. */
const MOST = 200;

const row = z.strictObject({
  id: idText,
  /** The tag of the person's overrides, as `GET …/overrides` gave it. */
  ifMatch: z.string().check(z.regex(/^"r\d{1,12}"$/)),
  wage: z.optional(wageBody),
  role: z.optional(roleBody),
});

/** Wages and roles of several people, each as if it were given alone: what is refused does not stop the others (M-118). */
export const bulkOverrides = defineRoute({
  method: 'POST',
  path: '/v1/workers/bulk-overrides',
  group: 'overrides',
  summary: 'Give several people wages or roles, each for itself',
  access: EDIT_WAGES,
  body: z.strictObject({ items: z.array(row).check(z.minLength(1), z.maxLength(MOST)) }),
  bodyExample: {
    items: [{ id: 'kQ3vAbCdEfGhIjKl', ifMatch: '"r0"', wage: { wage: '27.50', effectiveFrom: '2026-04-01' } }],
  },
  idempotency: 'accepted',
  answer: bulkAnswer('Who was given it, and why the others were not'),
  handler: (request) => {
    for (const [at, { wage, role }] of request.body.items.entries())
      if ((wage === undefined) === (role === undefined)) throw invalidField(`/items/${at}`, 'must give a wage or a role');
    return eachAlone(request, request.body.items, {
      path: (id) => `/v1/workers/${id}/overrides`,
      act: (one, id, { ifMatch, wage, role }) => {
        const revision = Number(ifMatch.slice(2, -1));
        return wage === undefined ? setRole(one, id, role!, revision) : setWage(one, id, wage, revision);
      },
      // A row that another try has done already is told by its tag.
      isDone: async () => false,
    });
  },
});
