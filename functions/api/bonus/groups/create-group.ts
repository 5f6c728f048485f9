import * as z from 'zod/mini';
import { commonPlace, placedByHand } from '#bonus/groups/members-edit.ts';
import { newGroup, workPlaceOf } from '#bonus/groups/membership.ts';
import { nextGroupResult } from '#bonus/groups/result.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { refuse } from '#kernel/errors.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { firstOf } from '#pay/membership.ts';
import { createGroupActions } from '#store/group-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { idText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { type Desk, openDesk } from '../desk.ts';
import { inputsOf, type LoadedInputs, withRetries } from '../propays/load.ts';
import { requireOversight, seesProPay } from '../sight.ts';
import { groupMade, makerOf } from './audit.ts';
import { changedMember } from './change.ts';
import { viewOfGroup } from './get-group.ts';
import { groupSchema } from './shapes.ts';

/** As many as one batch writes with ease. */
const MOST = 500;
const body = z.strictObject({ propayIds: z.array(idText).check(z.minLength(1), z.maxLength(MOST)) });
type CreateRequest = ApiRequest<'/v1/groups', Record<never, never>, z.infer<typeof body>>;

/** Makes a group of chosen ProPays (B-100): Active and single, of one route and one route period. */
export const createGroup = defineRoute({
  method: 'POST',
  path: '/v1/groups',
  group: 'groups',
  summary: 'Make a group of ProPays',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { propayIds: ['kQ3vAbCdEfGhIjKl.-.1', 'pQ3vAbCdEfGhIjKl.-.1'] },
  idempotency: 'accepted',
  answer: { status: 201, description: 'The new group', schema: groupSchema },
  handler: (request) => withRetries(() => create(request)),
});

async function create(request: CreateRequest) {
  const { ports, scope, command } = request;
  const desk = await openDesk(request);
  const chosen = await loadChosen(request, desk);
  if (chosen === null) return null;
  const place = commonPlace(chosen.map(({ proPay, state }) => ({ proPay, work: workPlaceOf(state, proPay, desk.context) })));
  const group = await firstOf(newGroup(ports.ulid(), place, desk.context), makerOf(request));
  const now = ports.now();
  const changed = await Promise.all(
    chosen.map(async (loaded) => {
      const next = placedByHand(loaded.proPay, group.id, place);
      return changedMember(scope, loaded, next, await loaded.workOut(next), null, now);
    }),
  );
  const members = changed.flatMap(({ contribution }) => contribution ?? []);
  const result = nextGroupResult(null, workOutGroup(group, members, desk.context).result, now);
  const done = await command.commit({
    actions: createGroupActions(scope, group, result),
    staged: changed.flatMap(({ staged }) => staged),
    audit: groupMade(group, members),
    answer: {
      status: 201,
      body: viewOfGroup(request, { desk, group, result, members, difference: null }),
      headers: { location: `/v1/groups/${group.id}` },
      revision: group.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** The chosen ProPays with their inputs; null where one of them is being changed. */
async function loadChosen(request: CreateRequest, desk: Desk): Promise<readonly LoadedInputs[] | null> {
  const { propayIds } = request.body;
  if (new Set(propayIds).size < propayIds.length) refuse('duplicate-id', { field: 'propayIds' });
  const found = new Map<string, LoadedInputs>();
  await inParallel(propayIds, async (id) => {
    const loaded = await inputsOf(request, desk, id);
    if (loaded === null) return;
    if (!seesProPay(request, desk, loaded.result)) throw notFound();
    requireOversight(request, loaded.result);
    found.set(id, loaded);
  });
  return found.size < propayIds.length ? null : propayIds.map((id) => found.get(id)!);
}
