import { isObject, type JsonObject } from '../json.ts';

/** Whether an event matches a pattern of EventBridge or of a Lambda filter. */
export type Matcher = (event: unknown) => boolean;

type Test = (values: readonly unknown[], present: boolean) => boolean;

/**
 * Compiles a pattern: objects go down, lists are alternatives (text, number, boolean, null, or one of prefix, suffix,
 * exists, numeric, anything-but, equals-ignore-case, wildcard), `$or` is a list of patterns. Throws on other operators.
 */
export function compilePattern(pattern: unknown): Matcher {
  if (!isObject(pattern)) throw new Error(`Not a pattern: ${JSON.stringify(pattern)}`);
  const parts = Object.entries(pattern).map(([key, rule]): Matcher => {
    if (key === '$or' && Array.isArray(rule)) {
      const choices = rule.map(compilePattern);
      return (event) => choices.some((matches) => matches(event));
    }
    return Array.isArray(rule) ? leaf(key, rule.map(compileTest)) : branch(key, compilePattern(rule), rule);
  });
  return (event) => parts.every((matches) => matches(event));
}

function leaf(key: string, tests: readonly Test[]): Matcher {
  return (event) => {
    const value = isObject(event) ? event[key] : undefined;
    // `exists` and equality look at leaves only: an object at this place is not a value.
    const present = value !== undefined && !isObject(value);
    const values = !present ? [] : Array.isArray(value) ? value : [value];
    return tests.some((test) => test(values, present));
  };
}

function branch(key: string, inner: Matcher, rule: unknown): Matcher {
  return (event) => {
    const value = isObject(event) ? event[key] : undefined;
    if (Array.isArray(value)) return value.some((one) => inner(one));
    if (isObject(value)) return inner(value);
    // Nothing below matches then, unless the pattern asks for absence.
    return isObject(rule) && inner({});
  };
}

function compileTest(rule: unknown): Test {
  if (rule === null) return (values) => values.includes(null);
  if (!isObject(rule)) return (values) => values.includes(rule);
  const [[operator, argument] = ['', undefined]] = Object.entries(rule);
  switch (operator) {
    case 'exists':
      return (_, present) => present === (argument === true);
    case 'prefix':
      return some(textTest(argument, (text, wanted) => text.startsWith(wanted)));
    case 'suffix':
      return some(textTest(argument, (text, wanted) => text.endsWith(wanted)));
    case 'equals-ignore-case':
      return some((value) => typeof value === 'string' && value.toLowerCase() === String(argument).toLowerCase());
    case 'wildcard': {
      const expression = new RegExp(
        `^${String(argument)
          .split('*')
          .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
        's',
      );
      return some((value) => typeof value === 'string' && expression.test(value));
    }
    case 'numeric':
      return some(numericTest(argument));
    case 'anything-but':
      return butTest(argument);
    default:
      throw new Error(`Pattern operator ${operator} is not supported`);
  }
}

function some(test: (value: unknown) => boolean): Test {
  return (values) => values.some(test);
}

function textTest(argument: unknown, compare: (text: string, wanted: string) => boolean): (value: unknown) => boolean {
  if (isObject(argument)) {
    const wanted = String(argument['equals-ignore-case']).toLowerCase();
    return (value) => typeof value === 'string' && compare(value.toLowerCase(), wanted);
  }
  return (value) => typeof value === 'string' && compare(value, String(argument));
}

function butTest(argument: unknown): Test {
  if (isObject(argument)) {
    const inner = compileTest(argument);
    return (values, present) => present && !inner(values, present);
  }
  const excluded: unknown[] = Array.isArray(argument) ? argument : [argument];
  return (values, present) => present && values.some((value) => !excluded.includes(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numericTest(argument: unknown): (value: unknown) => boolean {
  const terms: unknown[] = Array.isArray(argument) ? argument : [];
  const checks: ((value: number) => boolean)[] = [];
  for (let at = 0; at < terms.length; at += 2) {
    const compare = COMPARISONS[String(terms[at])];
    const bound = terms[at + 1];
    if (compare === undefined || typeof bound !== 'number')
      throw new Error(`Numeric pattern ${JSON.stringify(argument)} is not supported`);
    checks.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && checks.every((check) => check(value));
}

/** Compiles the filters of an event source mapping: a record passes when it meets one of them, or there is none. */
export function compileFilters(criteria: JsonObject): Matcher {
  const filters = Array.isArray(criteria.Filters) ? (criteria.Filters as { Pattern?: unknown }[]) : [];
  const matchers = filters.map(({ Pattern }) => compilePattern(JSON.parse(String(Pattern))));
  return (event) => matchers.length === 0 || matchers.some((matches) => matches(event));
}
