import * as z from 'zod/mini';
import { editGroup as edit, type GroupEdit } from '#bonus/groups/edit.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { basisPoints, centsOf, idText, moneyText } from '../../edge.ts';
import { stalePrecondition } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { distributionOf, givenDistributionSchema } from '../distribution.ts';
import { requireWorkers } from '../propays/edit-propay.ts';
import { withRetries } from '../propays/load.ts';
import { sharesSchema } from '../propays/shapes.ts';
import { saveGroup } from './change.ts';
import { changeMembers } from './change-members.ts';
import { loadGroupToChange } from './load.ts';
import { groupSchema } from './shapes.ts';

const MOST_MEMBERS = 50;
const people = z.array(idText).check(z.maxLength(500));

const body = z.strictObject({
  netting: z.optional(z.enum(['pooled', 'separate'])),
  splitEnabled: z.optional(z.nullable(z.boolean())),
  splitBp: z.optional(z.nullable(basisPoints.check(z.maximum(10_000)))),
  manualPool: z.optional(z.nullable(sharesSchema)),
  distribution: z.optional(z.nullable(givenDistributionSchema)),
  excludedWorkerIds: z.optional(people),
  disqualifiers: z.optional(
    z.array(
      z.strictObject({
        key: idText,
        state: z.enum(['passed', 'failed', 'pending']),
        note: z.optional(z.string().check(z.maxLength(1_000))),
      }),
    ),
  ),
  penalties: z.optional(z.array(z.strictObject({ key: idText, count: z.int(), amount: z.optional(moneyText) }))),
  /** Members whose settings become the group's (B-101): `true` for all that differ. */
  align: z.optional(z.union([z.literal(true), z.array(idText)])),
  /** What is said of single members: unfinished work belongs here or into the next period (B-105); whose time does not count (B-106 b). */
  members: z.optional(
    z
      .array(
        z.strictObject({
          propayId: idText,
          confirmed: z.optional(z.boolean()),
          moveToNextPeriod: z.optional(z.literal(true)),
          excludedWorkerIds: z.optional(people),
        }),
      )
      .check(z.maxLength(MOST_MEMBERS)),
  ),
});
export type GroupBody = z.infer<typeof body>;
export type EditRequest = ApiRequest<'/v1/groups/{id}', Record<never, never>, GroupBody>;

/** Edits an Active group: its own settings, answers and penalties, and what is said of its members (B-101, B-105 to B-107). */
export const editGroup = defineRoute({
  method: 'PATCH',
  path: '/v1/groups/{id}',
  group: 'groups',
  summary: 'Edit a group',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { splitBp: 6_000, align: true },
  ifMatch: true,
  answer: { status: 200, description: 'The edited group', schema: groupSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, actor, scope, params } = request;
      const loaded = await loadGroupToChange(request, params.id);
      const { group, desk } = loaded;
      if (group.revision !== request.ifMatch) throw stalePrecondition(group.revision);
      const changes = editOf(request.body);
      const next = edit(group, changes, desk.context, { by: actor.id, at: ports.now() });
      const named = (request.body.members ?? []).flatMap(({ excludedWorkerIds }) => excludedWorkerIds ?? []);
      await requireWorkers({ ports, scope }, [...(changes.excludedWorkerIds ?? []), ...named]);
      const changed = await changeMembers(request, loaded, next);
      if (changed === null) return null;
      return saveGroup(request, loaded, {
        next,
        ...changed,
        checksAmounts: changes.distribution !== undefined,
        audit: [
          {
            action: 'group.edited',
            entity: 'group',
            entityId: group.id,
            before: settingsOf(group),
            after: { ...settingsOf(next), ...spoken(request.body) },
          },
          ...changed.audit,
        ],
      });
    }),
});

function editOf({ align: _align, members: _members, disqualifiers, penalties, distribution, ...plain }: GroupBody): GroupEdit {
  return {
    ...plain,
    ...(distribution === undefined ? {} : { distribution: distribution === null ? null : distributionOf(distribution) }),
    ...(disqualifiers === undefined
      ? {}
      : { disqualifiers: disqualifiers.map(({ note, ...one }) => ({ ...one, note: note ?? null })) }),
    ...(penalties === undefined
      ? {}
      : {
          penalties: penalties.map(({ amount, ...one }, at) => ({
            ...one,
            ...(amount === undefined ? {} : { amountCents: centsOf(amount, `/penalties/${at}/amount`) }),
          })),
        }),
  } as GroupEdit;
}

type Settings = Parameters<typeof edit>[0];

function settingsOf({ netting, own, excludedWorkerIds, disqualifiers, penalties }: Settings) {
  return { netting, own, excludedWorkerIds, disqualifiers, penalties };
}

/** What of a request concerns members, as the audit keeps it. */
function spoken({ align, members }: GroupBody) {
  return { ...(align === undefined ? {} : { align }), ...(members === undefined ? {} : { members }) };
}
