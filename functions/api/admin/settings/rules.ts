import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import type { ExclusionRule } from '#model/settings.ts';
import { applyRules } from '#model/tenant-context.ts';
import { deleteRuleAction, readRule, saveContextAction, saveRuleAction } from '#store/settings-repository.ts';
import { allow, CHANGE_SETTINGS } from '../../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../../commit.ts';
import { idText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { requireContext } from '../connections/create-connection.ts';
import { defineAdminRoute } from '../ports.ts';

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
const ruleBody = z.strictObject({
  type,
  value: z.optional(text),
  field: z.optional(text),
  values: z.optional(z.array(text).check(z.maxLength(100))),
});

export const listRules = defineAdminRoute({
  method: 'GET',
  path: '/v1/exclusion-rules',
  group: 'admin',
  summary: 'Rules that keep ProPays from being made',
  access: SEE_RULES,
  answer: {
    status: 200,
    description: 'All rules',
    schema: z.strictObject({ items: z.array(ruleShape), nextCursor: z.null() }),
  },
  handler: async (request) => ({ body: { items: (await requireContext(request)).exclusionRules, nextCursor: null } }),
});

export const getRule = defineAdminRoute({
  method: 'GET',
  path: '/v1/exclusion-rules/{id}',
  group: 'admin',
  summary: 'One rule',
  access: SEE_RULES,
  answer: { status: 200, description: 'The rule', schema: ruleShape },
  handler: async ({ ports, scope, params }) => {
    const rule = await readRule(ports.table, scope, params.id);
    if (rule === null) throw notFound();
    return { body: rule, revision: rule.revision };
  },
});

export const createRule = defineAdminRoute({
  method: 'POST',
  path: '/v1/exclusion-rules',
  group: 'admin',
  summary: 'Add a rule; ProPays that exist stay',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: ruleBody,
  answer: { status: 201, description: 'The rule', schema: ruleShape },
  handler: async (request) => {
    const { ports, scope, body, command } = request;
    const rule = checkedRule({ ...body, id: ports.ulid(), revision: 1 });
    return commitFresh(command, async () => {
      const context = await requireContext(request);
      refuseTwin(rule, context.exclusionRules);
      return {
        actions: [
          saveRuleAction(scope, rule, 0),
          saveContextAction(scope, applyRules(context, [...context.exclusionRules, rule])),
        ],
        audit: { action: 'exclusion_rule.created', entity: 'exclusion_rule', entityId: rule.id, before: null, after: rule },
        answer: { body: rule, headers: { location: `/v1/exclusion-rules/${rule.id}` }, revision: 1 },
      };
    });
  },
});

export const changeRule = defineAdminRoute({
  method: 'PATCH',
  path: '/v1/exclusion-rules/{id}',
  group: 'admin',
  summary: 'Replace what a rule excludes',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  body: ruleBody,
  answer: { status: 200, description: 'The rule', schema: ruleShape },
  handler: async (request) => {
    const { ports, scope, params, body, ifMatch, command } = request;
    return commitFresh(command, async () => {
      const before = requireUnchanged(await readRule(ports.table, scope, params.id), ifMatch);
      const rule = checkedRule({ ...body, id: before.id, revision: before.revision + 1 });
      const context = await requireContext(request);
      const others = context.exclusionRules.filter((one) => one.id !== rule.id);
      refuseTwin(rule, others);
      const rules = context.exclusionRules.map((one) => (one.id === rule.id ? rule : one));
      return {
        actions: [saveRuleAction(scope, rule, ifMatch), saveContextAction(scope, applyRules(context, rules))],
        audit: { action: 'exclusion_rule.changed', entity: 'exclusion_rule', entityId: rule.id, before, after: rule },
        answer: { body: rule, revision: rule.revision },
        ifLost: refuseStale,
      };
    });
  },
});

export const deleteRule = defineAdminRoute({
  method: 'DELETE',
  path: '/v1/exclusion-rules/{id}',
  group: 'admin',
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

type Draft = z.infer<typeof ruleBody> & { readonly id: string; readonly revision: number };

/** B-17: a condition that could match something, and only the parts that its type has; `invalid-rule` otherwise. */
function checkedRule(draft: Draft): ExclusionRule {
  const { id, type, revision } = draft;
  if (type === 'custom_field') {
    const values = (draft.values ?? []).map((value) => value.trim()).filter((value) => value !== '');
    if (!draft.field?.trim() || values.length === 0 || draft.value !== undefined)
      refuse('invalid-rule', { field: 'values', detail: 'name a field and at least one of its values' });
    return { id, type, field: draft.field.trim(), values, revision };
  }
  const value = draft.value?.trim() ?? '';
  if (
    value === '' ||
    draft.field !== undefined ||
    draft.values !== undefined ||
    (type === 'name_pattern' && /^[*?]+$/.test(value))
  )
    refuse('invalid-rule', { field: 'value', detail: 'give a value that does not match everything' });
  return { id, type, value, revision };
}

/** A rule identical to another one, apart from spaces and case, is `duplicate-rule`. */
function refuseTwin(rule: ExclusionRule, others: readonly ExclusionRule[]): void {
  const text = (one: ExclusionRule) => JSON.stringify([one.type, one.field, one.value, one.values?.toSorted()]).toLowerCase();
  if (others.some((one) => text(one) === text(rule))) refuse('duplicate-rule', { field: 'type' });
}
