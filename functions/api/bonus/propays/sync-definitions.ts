import * as z from 'zod/mini';
import { requireActive } from '#bonus/commands/status.ts';
import { isOutdated, syncDefinitions } from '#bonus/definitions.ts';
import { AppError } from '#kernel/errors.ts';
import { listPartition } from '#model/keys.ts';
import { isDecided, isPhased, type Phase } from '#model/phase.ts';
import { decodeProPay } from '#model/propay-item.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { idText } from '../../edge.ts';
import { openCommand } from '../../idempotency.ts';
import { readPage } from '../../pages.ts';
import { ApiProblem, problemDocument } from '../../problem.ts';
import { problemShape } from '../../problem-shape.ts';
import { MAX_LIMIT, PAGING } from '../../query.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { saveChange } from './change.ts';
import { loadToChange, withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';
import { viewFor } from './views.ts';

type SyncRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

/** Brings the questions and penalties of one Active ProPay up to the tenant's definitions (B-81). */
export const syncDefinitionsOfProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/sync-definitions',
  group: 'bonus',
  summary: 'Take over the present disqualifiers and penalties',
  bodyExample: {},
  access: CHANGE_PROPAYS,
  body: z.strictObject({}),
  idempotency: 'accepted',
  answer: { status: 200, description: 'The ProPay with the present definitions', schema: proPaySchema },
  handler: (request) => sync(request, request.params.id),
});

/** Does the same for all Active ProPays that the caller may change, a page at a time. */
export const syncDefinitionsOfAll = defineRoute({
  method: 'POST',
  path: '/v1/propays/sync-definitions',
  group: 'bonus',
  summary: 'Take the present disqualifiers and penalties over into a page of the Active ProPays',
  bodyExample: { limit: 50 },
  access: CHANGE_PROPAYS,
  body: z.strictObject({
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_LIMIT))),
    cursor: z.optional(PAGING.cursor.schema),
  }),
  idempotency: 'accepted',
  answer: {
    status: 200,
    description: 'Which ProPays of the page were brought up to date; go on with nextCursor until it is null',
    schema: z.strictObject({
      synced: z.array(idText),
      refused: z.array(z.strictObject({ id: idText, problem: problemShape })),
      nextCursor: z.nullable(z.string()),
    }),
  },
  handler: async (request) => {
    const { context } = await openDesk(request);
    const active = { index: 'by', partition: listPartition(request.scope, 'PP'), prefix: 'Active#' } as const;
    const { limit, cursor } = request.body;
    // In the body, so that an Idempotency-Key belongs to one page.
    const page = await readPage({ ...request, query: { limit: limit ?? PAGING.limit.default, cursor } }, [active]);
    const outdated = page.items
      .map((item) => decodeProPay(item))
      .filter((proPay) => isPhased(proPay) || isOutdated(proPay, context));
    const synced: string[] = [];
    const refused: { id: string; problem: unknown }[] = [];
    for (const { id } of outdated) {
      const path = `/v1/propays/${id}/sync-definitions`;
      try {
        const { command } = await openCommand({ ...request, path, key: null, defaultStatus: 200 });
        await sync({ ...request, command }, id);
        synced.push(id);
      } catch (error) {
        if (!(error instanceof AppError) || error.category !== 'customer') throw error;
        // Another manager's ProPays are none of the caller's.
        if (error.code === 'not-found') continue;
        refused.push({ id, problem: problemDocument(error, { requestId: request.requestId, path }).document });
      }
    }
    const body = { synced, refused, nextCursor: page.nextCursor };
    const done = await request.command.commit({ actions: [], audit: [], answer: { body } });
    if (!done.applied) throw new ApiProblem('store-conflict');
    return done.answer;
  },
});

function sync(request: SyncRequest, id: string): Promise<ApiAnswer> {
  return withRetries(async () => {
    const loaded = await loadToChange(request, id);
    const { proPay, result, desk } = loaded;
    requireActive(proPay);
    const phases = openPhases(loaded).filter((phase) => isOutdated(phase, desk.context));
    const outdated = isPhased(proPay) ? phases.length > 0 : isOutdated(proPay, desk.context);
    if (!outdated) return { body: viewFor(request, desk, { proPay, result, difference: null }), revision: proPay.revision };
    const held = isPhased(proPay) ? NO_DEFINITIONS : syncDefinitions(proPay, desk.context);
    const next = { ...proPay, ...held, revision: proPay.revision + 1 };
    const { disqualifiers, penalties } = proPay;
    const synced = phases.map((phase) => ({ ...phase, ...syncDefinitions(phase, desk.context) }));
    return saveChange(request, loaded, {
      next,
      worked: await loaded.workOut(next, { phases: synced }),
      action: 'propay.definitions_synced',
      before: { disqualifiers, penalties },
      after: held,
    });
  });
}

const NO_DEFINITIONS = { disqualifiers: [], penalties: [] };

/** The phases of a ProPay that nobody has decided on: the others keep what they were decided with. */
function openPhases({ state, proPay }: Awaited<ReturnType<typeof loadToChange>>): readonly Phase[] {
  return state.phases.filter((phase) => phase.proPayId === proPay.id && !isDecided(phase));
}
