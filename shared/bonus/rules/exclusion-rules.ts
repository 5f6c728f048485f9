import { refuse } from '#kernel/errors.ts';
import { type Fields, listAt, objectAt, textAt } from '../check.ts';
import { defineRule } from './rule.ts';

/** B-17: jobs that a tenant keeps out of the program by a rule. */
export const exclusionRule = defineRule('B-17', 1, 'Exclusion rules');

/** One exclusion rule: a type and one condition. */
export type ExclusionRule = { readonly id: string } & (
  | { readonly type: 'service_type' | 'invoice_type' | 'name_pattern' | 'property'; readonly value: string }
  | { readonly type: 'custom_field'; readonly field: string; readonly values: readonly string[] }
);

/** What the rules look at. A milestone's own service or invoice type comes before the job's; null never matches. */
export type ExcludableJob = {
  readonly serviceType: string | null;
  readonly invoiceType: string | null;
  readonly milestone?: { readonly serviceType?: string | null; readonly invoiceType?: string | null } | null;
  readonly name: string | null;
  readonly propertyId: string | null;
  readonly propertyNumber: string | null;
  readonly customFields: Readonly<Record<string, unknown>>;
};

/** Text as it is compared: both ends trimmed, case ignored. */
export function foldedText(text: string): string {
  return text.trim().toLowerCase();
}

/**
 * Checks a rule as somebody would save it: refuses `invalid-rule` for an unknown type, an empty value or set, and a pattern of
 * nothing but wildcards, which would exclude everything.
 */
export function assertExclusionRule(value: unknown, field: string): asserts value is ExclusionRule {
  const rule = objectAt(value, field);
  const at = pathFrom(field);
  textAt(rule.id, at('id'));
  switch (rule.type) {
    case 'service_type':
    case 'invoice_type':
    case 'property':
      conditionAt(rule.value, at('value'));
      return;
    case 'name_pattern':
      if (/^[*?\s]*$/.test(conditionAt(rule.value, at('value')))) invalid(at('value'), 'would match every name');
      return;
    case 'custom_field':
      return assertFieldCondition(rule, at);
    default:
      invalid(at('type'), 'unknown type');
  }
}

function assertFieldCondition(rule: Fields, at: (name: string) => string): void {
  conditionAt(rule.field, at('field'));
  const values = listAt(rule.values, at('values'));
  if (values.length === 0) invalid(at('values'), 'must not be empty');
  values.forEach((value, index) => {
    conditionAt(value, `${at('values')}[${index}]`);
  });
}

/** Paths of a rule's parts; the rule may be the whole input. */
const pathFrom =
  (field: string) =>
  (name: string): string =>
    field === '' ? name : `${field}.${name}`;

function conditionAt(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.trim() === '') invalid(field, 'must not be empty');
  return value;
}

function invalid(field: string, detail: string): never {
  return refuse('invalid-rule', { field, detail });
}

/** A rule's condition in a form in which identical rules are equal text, whatever their id, case or spacing. */
export function conditionKey(rule: ExclusionRule): string {
  return rule.type === 'custom_field'
    ? JSON.stringify([rule.type, foldedText(rule.field), [...new Set(rule.values.map(foldedText))].sort()])
    : JSON.stringify([rule.type, foldedText(rule.value)]);
}

/** Refuses `duplicate-rule` when another rule with the same condition exists: the check of saving (B-17). */
export function assertNewRule(rule: ExclusionRule, existing: readonly ExclusionRule[]): void {
  const key = conditionKey(rule);
  const twin = existing.find((other) => other.id !== rule.id && conditionKey(other) === key);
  if (twin !== undefined) refuse('duplicate-rule', { data: { ruleId: twin.id } });
}

/** The ids of the rules that match a job, in the order of the rules; any match excludes (B-17). */
export function matchingRules(job: ExcludableJob, rules: readonly ExclusionRule[]): string[] {
  return rules.filter((rule) => matches(job, rule)).map((rule) => rule.id);
}

/** Whether one rule matches a job. */
export function matches(job: ExcludableJob, rule: ExclusionRule): boolean {
  return matchedText(job, rule) !== null;
}

/** The text of the job that a rule matches; null where it does not. */
export function matchedText(job: ExcludableJob, rule: ExclusionRule): string | null {
  const wanted = rule.type === 'custom_field' ? new Set(rule.values.map(foldedText)) : new Set([foldedText(rule.value)]);
  const fits = (text: string): boolean =>
    rule.type === 'name_pattern' ? matchesPattern(foldedText(text), foldedText(rule.value)) : wanted.has(foldedText(text));
  return comparedTexts(job, rule).find(fits) ?? null;
}

/** The texts of a job that a rule compares with; a null field gives none. */
export function comparedTexts(job: ExcludableJob, rule: ExclusionRule): readonly string[] {
  switch (rule.type) {
    case 'service_type':
      return known(job.milestone?.serviceType ?? job.serviceType);
    case 'invoice_type':
      return known(job.milestone?.invoiceType ?? job.invoiceType);
    case 'name_pattern':
      return known(job.name);
    case 'property':
      return [...known(job.propertyId), ...known(job.propertyNumber)];
    case 'custom_field':
      return fieldTexts(job.customFields, rule.field);
  }
}

const known = (text: string | null): readonly string[] => (text === null ? [] : [text]);

/** The values of a named field as text; a field with several values gives each of them. */
function fieldTexts(fields: Readonly<Record<string, unknown>>, name: string): string[] {
  const wanted = foldedText(name);
  return Object.entries(fields)
    .filter(([key]) => foldedText(key) === wanted)
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value) => value !== null && value !== undefined)
    .map(String);
}

/**
 * Whether a pattern covers a whole text: `*` is any run of characters including none, `?` exactly one, all else itself. Characters
 * are code points. Takes time of at most text · pattern: it only ever returns to the last `*`.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const given = [...text];
  const wanted = [...pattern];
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (at < given.length) {
    const symbol = wanted[position];
    if (symbol === '*') {
      star = position;
      resume = at;
      position += 1;
    } else if (symbol !== undefined && (symbol === '?' || symbol === given[at])) {
      position += 1;
      at += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      position = star + 1;
    } else return false;
  }
  while (wanted[position] === '*') position += 1;
  return position === wanted.length;
}
