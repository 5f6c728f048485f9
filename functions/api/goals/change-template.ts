import * as z from 'zod/mini';
import { zoneOfGoal } from '#bonus/goals/status.ts';
import { approvedTemplate, archivedTemplate, changedTemplate, requireDefinitions, requireStatus } from '#bonus/goals/template.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { GoalTemplate } from '#model/pro-goal.ts';
import { deleteGoalTemplateAction, readGoalTemplate, saveGoalTemplateAction } from '#store/goal-repository.ts';
import { openDesk } from '../bonus/desk.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../commit.ts';
import { notFound } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { requireNamed } from './references.ts';
import { MANAGE_TEMPLATES } from './sight.ts';
import { setupWith, templateBody, templateSchema, templateView } from './template-shapes.ts';

const answer = { status: 200, description: 'The changed template', schema: templateSchema };

/** Changes a template; goals that have begun keep the version they were made with (B-161). */
export const changeGoalTemplate = defineRoute({
  method: 'PATCH',
  path: '/v1/pro-goal-templates/{id}',
  group: 'goals',
  summary: 'Change a template; the change reaches the next goal',
  access: MANAGE_TEMPLATES,
  ifMatch: true,
  body: templateBody,
  bodyExample: { name: 'Customer satisfaction' },
  answer,
  handler: async (request) => {
    const { ports, scope, params, body, ifMatch, command } = request;
    const { context } = await openDesk(request);
    return commitFresh(command, async () => {
      const before = requireUnchanged(await readGoalTemplate(ports.table, scope, params.id), ifMatch);
      const after = changedTemplate(before, setupWith(before, body));
      await requireNamed(request, context, body);
      return { ...effect(request, before, after, 'goal_template.changed'), ifLost: refuseStale };
    });
  },
});

/** Deletes a Draft: what was Live stays, archived (B-161). */
export const deleteGoalTemplate = defineRoute({
  method: 'DELETE',
  path: '/v1/pro-goal-templates/{id}',
  group: 'goals',
  summary: 'Delete a template that was never live',
  access: MANAGE_TEMPLATES,
  ifMatch: true,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: async ({ ports, scope, params, ifMatch, command }) =>
    commitFresh(command, async () => {
      const before = requireUnchanged(await readGoalTemplate(ports.table, scope, params.id), ifMatch);
      requireStatus(before, 'Draft');
      return {
        actions: [deleteGoalTemplateAction(scope, before.id, ifMatch)],
        audit: { action: 'goal_template.deleted', entity: 'goal_template', entityId: before.id, before, after: null },
        answer: { body: undefined },
        ifLost: refuseStale,
      };
    }),
});

/** Takes a Draft live: goals of periods that begin from today on begin by themselves; one that runs is started by hand. */
export const approveGoalTemplate = defineRoute({
  method: 'POST',
  path: '/v1/pro-goal-templates/{id}/approve',
  group: 'goals',
  summary: 'Take a template live',
  bodyExample: {},
  access: MANAGE_TEMPLATES,
  idempotency: 'required',
  body: z.strictObject({}),
  answer,
  handler: async (request) => {
    const { context, now } = await openDesk(request);
    return move(request, 'goal_template.approved', (template) => {
      requireDefinitions(template, context);
      return approvedTemplate(template, localDateOf(now, zoneOfGoal(template, context)));
    });
  },
});

/** Archives a Live template: it begins nothing any more. */
export const archiveGoalTemplate = defineRoute({
  method: 'POST',
  path: '/v1/pro-goal-templates/{id}/archive',
  group: 'goals',
  summary: 'Archive a template; goals that run stay',
  bodyExample: {},
  access: MANAGE_TEMPLATES,
  idempotency: 'accepted',
  body: z.strictObject({}),
  answer,
  handler: (request) => move(request, 'goal_template.archived', archivedTemplate),
});

type TemplateRequest = Pick<ApiRequest<'{id}'>, 'ports' | 'scope' | 'params' | 'command'>;

/** Moves a template on, from its present state; a quicker change of it is read again. */
function move(request: TemplateRequest, action: string, next: (template: GoalTemplate) => GoalTemplate) {
  const { ports, scope, params, command } = request;
  return commitFresh(command, async () => {
    const before = await readGoalTemplate(ports.table, scope, params.id);
    if (before === null) throw notFound();
    return effect(request, before, next(before), action);
  });
}

function effect({ scope }: TemplateRequest, before: GoalTemplate, after: GoalTemplate, action: string) {
  return {
    actions: [saveGoalTemplateAction(scope, after, before.revision)],
    audit: { action, entity: 'goal_template', entityId: after.id, before, after },
    answer: { body: templateView(after), revision: after.revision },
  };
}
