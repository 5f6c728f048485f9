import { refuse } from '#kernel/errors.ts';
import { type Fields, flagAt, listAt, objectAt, optionalDateAt, optionalTextAt, refuseShape, textAt } from './check.ts';
import { checkEligibility, checkExclusion, type EligibilityJob } from './eligibility.ts';
import { cannotTell } from './evaluate-rules.ts';
import { assertBudget } from './rules/budget-base.ts';
import { assertAdjustment, assertSettingModification } from './rules/budget-modification.ts';
import { proPayCount } from './rules/cardinality.ts';
import { assertExclusionRule, type ExclusionRule } from './rules/exclusion-rules.ts';
import { assertLaunch } from './rules/launch.ts';

/** B-12: the gates. */
export function evaluateEligibility(inputs: unknown): object {
  const { job, launch, rules, hasProPay, budget, settingModification, adjustment } = objectAt(inputs, 'inputs');
  assertLaunch(launch, 'launch');
  const source = budget ?? null;
  if (source !== null) assertBudget(source, 'budget');
  const setting = settingModification ?? null;
  if (setting !== null) assertSettingModification(setting, 'settingModification');
  const change = adjustment ?? null;
  if (change !== null) assertAdjustment(change, 'adjustment');
  return checkEligibility({
    job: jobAt(job),
    launch,
    rules: rulesAt(rules),
    hasProPay: flagAt(hasProPay, 'hasProPay', false),
    budget: source,
    settingModification: setting,
    adjustment: change,
  });
}

/** B-15: how many ProPays a job has room for. */
export function evaluateProPayCount(inputs: unknown): object {
  const { recurring, milestones } = objectAt(inputs, 'inputs');
  const list = listAt(milestones, 'milestones').map((item, index) => ({
    canceled: flagAt(objectAt(item, `milestones[${index}]`).canceled, `milestones[${index}].canceled`, false),
  }));
  const count = proPayCount(recurrenceAt(recurring), list);
  return count === null ? cannotTell(['recurrence']) : { proPayCount: count };
}

/** B-17 with B-19: whether a job is excluded, and by which rules. */
export function evaluateExclusion(inputs: unknown): object {
  const { job, rules } = objectAt(inputs, 'inputs');
  const exclusion = checkExclusion(jobAt(job), rulesAt(rules));
  return { excluded: exclusion !== null, matchedRuleIds: exclusion?.matchedRuleIds ?? [] };
}

function rulesAt(value: unknown): ExclusionRule[] {
  const rules = listAt(value, 'rules').map((item, index) => {
    assertExclusionRule(item, `rules[${index}]`);
    return item;
  });
  if (new Set(rules.map((rule) => rule.id)).size !== rules.length) refuse('duplicate-id', { field: 'rules' });
  return rules;
}

function recurrenceAt(value: unknown): boolean | null {
  return value === undefined || value === null ? null : flagAt(value, 'recurring', false);
}

function jobAt(value: unknown): EligibilityJob {
  const job = objectAt(value, 'job');
  return {
    canceled: flagAt(job.canceled, 'job.canceled', false),
    recurring: recurrenceAt(job.recurring),
    overhead: flagAt(job.overhead, 'job.overhead', false),
    callbackOf: optionalTextAt(job.callbackOf, 'job.callbackOf'),
    workDate: optionalDateAt(job.workDate, 'job.workDate'),
    completedDate: optionalDateAt(job.completedDate, 'job.completedDate'),
    excludedManually: flagAt(job.excludedManually, 'job.excludedManually', false),
    includedManually: flagAt(job.includedManually, 'job.includedManually', false),
    inProgram: flagAt(job.inProgram, 'job.inProgram', true),
    serviceType: optionalTextAt(job.serviceType, 'job.serviceType'),
    invoiceType: optionalTextAt(job.invoiceType, 'job.invoiceType'),
    milestone: milestoneAt(job.milestone),
    name: optionalTextAt(job.name, 'job.name'),
    propertyId: sourceIdAt(job.propertyId, 'job.propertyId'),
    propertyNumber: sourceIdAt(job.propertyNumber, 'job.propertyNumber'),
    customFields:
      job.customFields === undefined || job.customFields === null ? {} : objectAt(job.customFields, 'job.customFields'),
  };
}

function milestoneAt(value: unknown): EligibilityJob['milestone'] {
  if (value === undefined || value === null) return null;
  const { serviceType, invoiceType }: Fields = objectAt(value, 'job.milestone');
  return {
    serviceType: optionalTextAt(serviceType, 'job.milestone.serviceType'),
    invoiceType: optionalTextAt(invoiceType, 'job.milestone.invoiceType'),
  };
}

/** Ids are compared as text; a source may deliver them as numbers. */
function sourceIdAt(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') refuseShape(field, 'must be text');
  return value === '' ? null : textAt(value, field);
}
