import { AppError } from '#kernel/errors.ts';
import { calculate } from './calculate.ts';
import { calculationRules } from './rules/calculation-rules.ts';
import type { Rule } from './rules/rule.ts';
import type { TraceNode } from './trace.ts';

/** The version of each rule, by its id. */
export type RuleVersions = Readonly<Record<string, number>>;

/** A calculation as it stood at some time, with the rules it was made of. */
export interface Engine {
  readonly versions: RuleVersions;
  readonly calculate: typeof calculate;
}

/**
 * The calculation in force, and below it each one that approvals were made with before, newest first. Whoever raises the version of a
 * rule (B-6) leaves the calculation as it was as an entry of its own, so that what was approved with it is still the same to the cent.
 */
export const engines: readonly Engine[] = [{ versions: versionsOf(calculationRules), calculate }];

/** The versions of a list of rules, by their ids. */
export function versionsOf(rules: readonly Rule[]): RuleVersions {
  return Object.fromEntries(rules.map(({ id, version }) => [id, version]));
}

/**
 * The newest of `list` that knows every step of a trace in the version the trace names. Throws `unknown-rule-version` where none does:
 * money is never calculated by rules that merely resemble those it was approved with.
 */
export function engineOf<E extends { readonly versions: RuleVersions }>(nodes: readonly TraceNode[], list: readonly E[]): E {
  const found = list.find(({ versions }) => nodes.every(({ rule, version }) => versions[rule] === version));
  if (found === undefined) throw new AppError('unknown-rule-version', { data: { used: usedVersions(nodes) } });
  return found;
}

/**
 * The calculation by the rules that an approval's steps name, whatever else they name: how a group adds its members up (B-103) is no part
 * of it. What an approval is measured against later (B-96, B-152) is calculated by the same rules as itself.
 */
export function calculationOf(nodes: readonly TraceNode[], list = engines): typeof calculate {
  const known = new Set(calculationRules.map(({ id }) => id));
  return engineOf(
    nodes.filter(({ rule }) => known.has(rule)),
    list,
  ).calculate;
}

function usedVersions(nodes: readonly TraceNode[]): string {
  return [...new Set(nodes.map(({ rule, version }) => `${rule}@${version}`))].sort().join(' ');
}
