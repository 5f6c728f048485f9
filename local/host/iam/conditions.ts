import type { Condition } from './statement.ts';
import { matchesArn, matchesPattern } from './wildcard.ts';

/** What a request carries, by condition key in lower case. A key that is not there is absent, not empty. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

type Test = (actual: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated: boolean }>> = {
  StringEquals: { test: (actual, wanted) => actual === wanted, negated: false },
  StringNotEquals: { test: (actual, wanted) => actual === wanted, negated: true },
  StringEqualsIgnoreCase: { test: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(), negated: false },
  StringLike: { test: matchesPattern, negated: false },
  StringNotLike: { test: matchesPattern, negated: true },
  ArnEquals: { test: matchesArn, negated: false },
  ArnLike: { test: matchesArn, negated: false },
  ArnNotEquals: { test: matchesArn, negated: true },
  ArnNotLike: { test: matchesArn, negated: true },
  Bool: { test: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(), negated: false },
};

// Keys that the host fills in for the requests that carry them on AWS.
const KEYS = new Set([
  'aws:securetransport',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:resourceaccount',
  'aws:requestedregion',
  'aws:viaawsservice',
  'dynamodb:leadingkeys',
  'dynamodb:select',
  'dynamodb:returnvalues',
  'dynamodb:enclosingoperation',
  'kms:encryptioncontextkeys',
  'kms:viaservice',
  'kms:calleraccount',
]);
const ENCRYPTION_CONTEXT = 'kms:encryptioncontext:';

/** Whether the local evaluation knows an operator; `Null` asks for absence. */
export function knownOperator(operator: string): boolean {
  return operator === 'Null' || operator in OPERATORS;
}

/** Whether requests are given this condition key where AWS gives it. */
export function knownConditionKey(key: string): boolean {
  const lower = key.toLowerCase();
  return KEYS.has(lower) || lower.startsWith(ENCRYPTION_CONTEXT);
}

/** Whether a condition holds for a request, by the rules of single- and multi-valued keys. */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const actual = context.get(condition.key);
  if (condition.operator === 'Null') return condition.values.includes(String(actual === undefined));
  const { test, negated } = OPERATORS[condition.operator]!;
  const matches = (value: string) => condition.values.some((wanted) => test(value, wanted)) !== negated;
  // An absent key satisfies every "for all", every negated test and every …IfExists, and fails the rest.
  if (condition.set === 'ForAllValues') return (actual ?? []).every(matches);
  if (actual === undefined || actual.length === 0) return condition.ifExists || (negated && condition.set === null);
  return condition.set === 'ForAnyValue' ? actual.some(matches) : actual.every(matches);
}
