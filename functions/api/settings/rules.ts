import * as z from 'zod/mini';
import { assertExclusionRule, assertNewRule, type ExclusionRule as Condition } from '#bonus/rules/exclusion-rules.ts';
import { refuse } from '#kernel/errors.ts';
import type { ExclusionRule, TenantContext } from '#model/settings.ts';
import { applyRules } from '#model/tenant-context.ts';
import { deleteRuleAction, readRule, saveContextAction, saveRuleAction } from '#store/settings-repository.ts';
import { allow, CHANGE_SETTINGS } from '../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../commit.ts';
import { requireContext } from '../context.ts';
import { idText, wholeListOf } from '../edge.ts';
import type { ApiPorts } from '../ports.ts';
import { notFound } from '../problem.ts';
import { flagParameter } from '../query.ts';
import type { ApiRequest } from '../route.ts';
import { defineRoute } from '../route.ts';
import { readEffects } from './rule-effects.ts';

const SEE_RULES = allow('A', 'A', 'R', '-', '-', 'R');
const type = z.enum(['service_type', 'invoice_type', 'name_pattern', 'property', 'custom_field']);
const text = z.string().check(z.maxLength(200));
const ruleShape = z.strictObject({
  id: idText,
  type,
  value: z.optional(text),
  field: z.optional(text),
  values: z.optional(z.array(text)),
  revision: z.int(),
});
/** A rule that was saved, or one in a preview, which has no id of its own yet. */
const savedShape = z.strictObject({
  ...ruleShape.shape,
  id: z.nullable(idText),
  effects: z.strictObject({
    jobsMatched: z.int(),
    nearestValues: z.array(z.string()),
    activePropayIds: z.array(idText),
    overlapRuleIds: z.array(idText),
    complete: z.boolean(),
  }),
});
const PREVIEW = { preview: flagParameter('Answer the effects and store nothing') };
const ruleBody = z.strictObject({
  type,
  value: z.optional(text),
  field: z.optional(text),
  values: z.optional(z.array(text).check(z.maxLength(100))),
});

export const listRules = defineRoute({
  method: 'GET',
  path: '/v1/exclusion-rules',
  group: 'settings',
  summary: 'Rules that keep ProPays from being made',
  access: SEE_RULES,
  answer: {
    status: 200,
    description: 'All rules',
    schema: wholeListOf(ruleShape),
  },
  handler: async (request) => ({ body: { items: (await requireContext(request)).exclusionRules, nextCursor: null } }),
});

export const getRule = defineRoute({
  method: 'GET',
  path: '/v1/exclusion-rules/{id}',
  group: 'settings',
  summary: 'One rule',
  access: SEE_RULES,
  answer: { status: 200, description: 'The rule', schema: ruleShape },
  handler: async ({ ports, scope, params }) => {
    const rule = await readRule(ports.table, scope, params.id);
    if (rule === null) throw notFound();
    return { body: rule, revision: rule.revision };
  },
});

export const createRule = defineRoute({
  method: 'POST',
  path: '/v1/exclusion-rules',
  group: 'settings',
  summary: 'Add a rule; ProPays that exist stay',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  query: PREVIEW,
  body: ruleBody,
  bodyExample: { type: 'service_type', value: 'Warranty' },
  answer: { status: 201, description: 'The rule, and what it does to the work that is there', schema: savedShape },
  handler: async (request) => {
    const { ports, scope, body, query, command } = request;
    const rule = checkedRule({ ...body, id: ports.ulid(), revision: 1 });
    const effects = await effectsOf(request, rule);
    if (query.preview) return { status: 200, body: { ...rule, id: null, revision: 0, effects } };
    return commitFresh(command, async () => {
      const context = await requireContext(request);
      assertNewRule(rule, othersOf(context, rule.id));
      return {
        actions: [
          saveRuleAction(scope, rule, 0),
          saveContextAction(scope, applyRules(context, [...context.exclusionRules, rule])),
        ],
        audit: { action: 'exclusion_rule.created', entity: 'exclusion_rule', entityId: rule.id, before: null, after: rule },
        answer: { body: { ...rule, effects }, headers: { location: `/v1/exclusion-rules/${rule.id}` }, revision: 1 },
      };
    });
  },
});

export const changeRule = defineRoute({
  method: 'PATCH',
  path: '/v1/exclusion-rules/{id}',
  group: 'settings',
  summary: 'Replace what a rule excludes',
  bodyExample: { type: 'service_type', value: 'Warranty' },
  access: CHANGE_SETTINGS,
  ifMatch: true,
  query: PREVIEW,
  body: ruleBody,
  answer: { status: 200, description: 'The rule, and what it does to the work that is there', schema: savedShape },
  handler: async (request) => {
    const { ports, scope, params, body, query, ifMatch, command } = request;
    const before = requireUnchanged(await readRule(ports.table, scope, params.id), ifMatch);
    const rule = checkedRule({ ...body, id: before.id, revision: before.revision + 1 });
    const effects = await effectsOf(request, rule);
    if (query.preview) return { body: { ...rule, revision: before.revision, effects }, revision: before.revision };
    return commitFresh(command, async () => {
      const context = await requireContext(request);
      assertNewRule(rule, othersOf(context, rule.id));
      const rules = context.exclusionRules.map((one) => (one.id === rule.id ? rule : one));
      return {
        actions: [saveRuleAction(scope, rule, ifMatch), saveContextAction(scope, applyRules(context, rules))],
        audit: { action: 'exclusion_rule.changed', entity: 'exclusion_rule', entityId: rule.id, before, after: rule },
        answer: { body: { ...rule, effects }, revision: rule.revision },
        ifLost: refuseStale,
      };
    });
  },
});

export const deleteRule = defineRoute({
  method: 'DELETE',
  path: '/v1/exclusion-rules/{id}',
  group: 'settings',
  summary: 'Remove a rule; jobs it kept back become eligible at their next evaluation',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: async (request) => {
    const { ports, scope, params, ifMatch, command } = request;
    return commitFresh(command, async () => {
      const before = requireUnchanged(await readRule(ports.table, scope, params.id), ifMatch);
      const context = await requireContext(request);
      const rules = context.exclusionRules.filter((one) => one.id !== before.id);
      return {
        actions: [deleteRuleAction(scope, before.id, ifMatch), saveContextAction(scope, applyRules(context, rules))],
        audit: { action: 'exclusion_rule.deleted', entity: 'exclusion_rule', entityId: before.id, before, after: null },
        answer: { body: undefined },
        ifLost: refuseStale,
      };
    });
  },
});

/** A rule as it would be saved, trimmed: a condition that could match something, and only the parts that its type has (B-17). */
function checkedRule({ id, revision, ...given }: z.infer<typeof ruleBody> & Pick<ExclusionRule, 'id' | 'revision'>) {
  const { type } = given;
  const parts: Readonly<Record<string, unknown>> =
    type === 'custom_field'
      ? { field: given.field?.trim(), values: (given.values ?? []).map((value) => value.trim()).filter((value) => value !== '') }
      : { value: given.value?.trim() };
  const extra = (['value', 'field', 'values'] as const).find((name) => given[name] !== undefined && !(name in parts));
  if (extra !== undefined) refuse('invalid-rule', { field: extra, detail: `a rule of the type ${type} has none` });
  const rule: unknown = { id, type, ...parts };
  assertExclusionRule(rule, '');
  return { ...rule, revision };
}

/** Refuses a twin of another rule, then works out what the rule does to the work that is there. */
async function effectsOf(
  request: Pick<ApiRequest<string, never, unknown, ApiPorts>, 'ports' | 'scope'>,
  rule: Condition,
): ReturnType<typeof readEffects> {
  const others = othersOf(await requireContext(request), rule.id);
  assertNewRule(rule, others);
  return readEffects(request.ports.table, request.scope, rule, others);
}

/** The tenant's other rules, in their checked form. */
function othersOf(context: TenantContext, id: string): readonly Condition[] {
  return (context.exclusionRules as readonly Condition[]).filter((one) => one.id !== id);
}
