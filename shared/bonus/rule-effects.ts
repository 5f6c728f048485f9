import { editDistance } from '#kernel/edit-distance.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import {
  comparedTexts,
  type ExcludableJob,
  type ExclusionRule,
  foldedText,
  matches,
  matchesPattern,
} from './rules/exclusion-rules.ts';

/** A job, or a visit of a recurring job, as the rules look at it. */
export interface RuleSubject {
  readonly jobId: string;
  readonly facts: ExcludableJob;
}

/** What a rule does to the work that is there (B-18, M-133). */
export interface RuleEffects {
  /** Jobs of which the rule matches the record itself or a visit. */
  readonly jobsMatched: number;
  /** Where it matches none: the values that are there and come nearest to what it asks for. */
  readonly nearestValues: readonly string[];
  /** Other rules that overlap with it: see `overlaps`. */
  readonly overlapRuleIds: readonly string[];
}

const MOST_NEAREST = 5;
/** Longer names are cut for comparison: the beginning tells them apart. */
const COMPARED = 100;

/** The effects of a rule on work that was looked at, beside the other rules of the tenant. */
export function effectsOfRule(
  rule: ExclusionRule,
  others: readonly ExclusionRule[],
  subjects: readonly RuleSubject[],
): RuleEffects {
  const matched = subjects.filter(({ facts }) => matches(facts, rule));
  const jobsMatched = new Set(matched.map(({ jobId }) => jobId)).size;
  return {
    jobsMatched,
    nearestValues: jobsMatched > 0 ? [] : nearestValues(rule, subjects),
    overlapRuleIds: others.filter((other) => other.id !== rule.id && overlaps(rule, other, matched)).map(({ id }) => id),
  };
}

/**
 * Two rules overlap where a job or visit is excluded by both, or where their conditions alone show that they could: the same custom field
 * with a value in common, or name patterns of which one covers the other's text.
 */
function overlaps(rule: ExclusionRule, other: ExclusionRule, matched: readonly RuleSubject[]): boolean {
  return conditionsMeet(rule, other) || matched.some(({ facts }) => matches(facts, other));
}

function conditionsMeet(a: ExclusionRule, b: ExclusionRule): boolean {
  if (a.type === 'name_pattern' && b.type === 'name_pattern') {
    const [one, two] = [foldedText(a.value), foldedText(b.value)];
    return matchesPattern(one, two) || matchesPattern(two, one);
  }
  if (a.type !== 'custom_field' || b.type !== 'custom_field' || foldedText(a.field) !== foldedText(b.field)) return false;
  const values = new Set(a.values.map(foldedText));
  return b.values.some((value) => values.has(foldedText(value)));
}

/** The values that the rule would compare with, nearest first by edit distance; of a field that nobody has, the names of fields. */
function nearestValues(rule: ExclusionRule, subjects: readonly RuleSubject[]): readonly string[] {
  const there = distinct(subjects.flatMap(({ facts }) => comparedTexts(facts, rule)));
  if (rule.type === 'custom_field' && there.length === 0)
    return nearest([rule.field], distinct(subjects.flatMap(({ facts }) => Object.keys(facts.customFields))));
  const wanted = rule.type === 'custom_field' ? rule.values : [rule.value.replaceAll(/[*?]/g, '')];
  return nearest(wanted, there);
}

function nearest(wanted: readonly string[], there: readonly string[]): readonly string[] {
  const cut = (text: string): string => foldedText(text).slice(0, COMPARED);
  const distance = (text: string): number => Math.min(...wanted.map((one) => editDistance(cut(one), cut(text))));
  return there
    .map((text) => ({ text, distance: distance(text) }))
    .sort((a, b) => a.distance - b.distance || compareCodePoints(a.text, b.text))
    .slice(0, MOST_NEAREST)
    .map(({ text }) => text);
}

/** Each text once, whatever its case and outer spaces: the form that comes first. */
function distinct(texts: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const text of texts) if (!seen.has(foldedText(text))) seen.set(foldedText(text), text.trim());
  return [...seen.values()].filter((text) => text !== '');
}
