import { assertSetup, EMPTY_SETUP } from '#bonus/goals/template.ts';
import { listPartition } from '#model/keys.ts';
import { type GoalTemplate, TEMPLATE_STATUSES } from '#model/pro-goal.ts';
import { decodeGoalTemplate } from '#model/pro-goal-item.ts';
import { readGoalTemplate, saveGoalTemplateAction } from '#store/goal-repository.ts';
import { openDesk } from '../bonus/desk.ts';
import { listOf } from '../edge.ts';
import { readPage } from '../pages.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { choiceParameter, PAGING } from '../query.ts';
import { defineRoute } from '../route.ts';
import { requireNamed } from './references.ts';
import { MANAGE_TEMPLATES, SEE_TEMPLATES } from './sight.ts';
import { setupWith, templateBody, templateSchema, templateView } from './template-shapes.ts';

/** The tenant's goal templates, by status. */
export const listGoalTemplates = defineRoute({
  method: 'GET',
  path: '/v1/pro-goal-templates',
  group: 'goals',
  summary: 'Templates of Pro-Goals',
  access: SEE_TEMPLATES,
  query: { ...PAGING, status: choiceParameter(TEMPLATE_STATUSES, 'Only templates of this status') },
  answer: { status: 200, description: 'A page of templates', schema: listOf(templateSchema) },
  handler: async (request) => {
    const { status } = request.query;
    const partition = listPartition(request.scope, 'GT');
    const page = await readPage(request, [{ index: 'by', partition, ...(status === undefined ? {} : { prefix: `${status}#` }) }]);
    const templates = page.items.map(decodeGoalTemplate);
    const shown = templates.filter((template) => status === undefined || template.status === status);
    return { body: { items: shown.map(templateView), nextCursor: page.nextCursor } };
  },
});

export const getGoalTemplate = defineRoute({
  method: 'GET',
  path: '/v1/pro-goal-templates/{id}',
  group: 'goals',
  summary: 'A template of Pro-Goals',
  access: SEE_TEMPLATES,
  answer: { status: 200, description: 'The template', schema: templateSchema },
  handler: async ({ ports, scope, params }) => {
    const template = await readGoalTemplate(ports.table, scope, params.id);
    if (template === null) throw notFound();
    return { body: templateView(template), revision: template.revision };
  },
});

/** Makes a Draft, which may still lack anything (B-161). */
export const createGoalTemplate = defineRoute({
  method: 'POST',
  path: '/v1/pro-goal-templates',
  group: 'goals',
  summary: 'Draft a template of Pro-Goals',
  access: MANAGE_TEMPLATES,
  idempotency: 'accepted',
  body: templateBody,
  bodyExample: {
    name: 'Customer satisfaction',
    cadence: 'monthly',
    participants: { type: 'roles', roles: ['worker'] },
    metric: { source: 'manual', name: 'CSAT', unit: 'bp' },
    tiers: [{ index: 0, type: 'gte', min: 9500, reward: '200.00' }],
  },
  answer: { status: 201, description: 'The template', schema: templateSchema },
  handler: async (request) => {
    const { ports, scope, actor, body, command } = request;
    const { context } = await openDesk(request);
    const setup = setupWith(EMPTY_SETUP, body);
    assertSetup(setup);
    await requireNamed(request, context, body);
    const id = ports.ulid();
    const template: GoalTemplate = {
      ...setup,
      id,
      status: 'Draft',
      liveOn: null,
      createdAt: ports.now(),
      createdBy: actor.id,
      revision: 1,
    };
    const done = await command.commit({
      actions: [saveGoalTemplateAction(scope, template, 0)],
      audit: { action: 'goal_template.created', entity: 'goal_template', entityId: id, before: null, after: setup },
      answer: {
        body: templateView(template),
        headers: { location: `/v1/pro-goal-templates/${id}` },
        revision: template.revision,
      },
    });
    if (!done.applied) throw new ApiProblem('store-conflict');
    return done.answer;
  },
});
