import { isObject, listOf, objectOf, textOf, textsOf } from '../json.ts';
import { knownConditionKey, knownOperator } from './conditions.ts';

/** Who a resource policy speaks of: `AWS` (account, role), `Service`, or everybody. */
export type PrincipalPattern = { readonly kind: 'AWS' | 'Service' | '*'; readonly value: string };

export type Condition = {
  readonly operator: string;
  readonly set: 'ForAllValues' | 'ForAnyValue' | null;
  /** `…IfExists`: holds where the request has no such key. */
  readonly ifExists: boolean;
  /** In lower case: condition keys ignore case. */
  readonly key: string;
  readonly values: readonly string[];
};

/** One statement of an identity or resource policy. `not` turns the list next to it around. */
export type Statement = {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: boolean;
  /** Empty in a resource policy that names none: the resource itself. */
  readonly resources: readonly string[];
  readonly notResources: boolean;
  /** Null in identity policies. */
  readonly principals: readonly PrincipalPattern[] | null;
  readonly conditions: readonly Condition[];
};

/** Reads a policy document. Throws on an operator or condition key that the local evaluation does not know: to ignore it would be to guess. */
export function readPolicy(document: unknown, where: string): Statement[] {
  return listOf(objectOf(document, where).Statement).map((entry) => readStatement(objectOf(entry, where), where));
}

function readStatement(entry: Record<string, unknown>, where: string): Statement {
  const effect = textOf(entry.Effect, `Effect in ${where}`);
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`Effect ${effect} in ${where}`);
  if (entry.NotPrincipal !== undefined) throw new Error(`NotPrincipal in ${where} is not supported`);
  return {
    effect,
    actions: textsOf(entry.Action ?? entry.NotAction, `Action in ${where}`),
    notActions: entry.Action === undefined,
    resources: textsOf(entry.Resource ?? entry.NotResource, `Resource in ${where}`),
    notResources: entry.NotResource !== undefined,
    principals: entry.Principal === undefined ? null : readPrincipals(entry.Principal, where),
    conditions: readConditions(entry.Condition, where),
  };
}

function readPrincipals(principal: unknown, where: string): PrincipalPattern[] {
  if (principal === '*') return [{ kind: '*', value: '*' }];
  return Object.entries(objectOf(principal, `Principal in ${where}`)).flatMap(([kind, values]) => {
    if (kind !== 'AWS' && kind !== 'Service') throw new Error(`Principal ${kind} in ${where} is not supported`);
    return textsOf(values, where).map(
      (value): PrincipalPattern => (kind === 'AWS' && value === '*' ? { kind: '*', value } : { kind, value }),
    );
  });
}

function readConditions(conditions: unknown, where: string): Condition[] {
  if (conditions === undefined) return [];
  if (!isObject(conditions)) throw new Error(`Condition in ${where} is not an object`);
  return Object.entries(conditions).flatMap(([spelled, keys]) => {
    const [set, name] = spelled.includes(':') ? spelled.split(':') : [null, spelled];
    if (set !== null && set !== 'ForAllValues' && set !== 'ForAnyValue')
      throw new Error(`Condition ${spelled} in ${where} is not supported`);
    const ifExists = name?.endsWith('IfExists') ?? false;
    const operator = ifExists ? name!.slice(0, -'IfExists'.length) : name!;
    if (!knownOperator(operator)) throw new Error(`Condition operator ${operator} in ${where} is not supported`);
    return Object.entries(objectOf(keys, where)).map(([key, values]) => {
      if (!knownConditionKey(key)) throw new Error(`Condition key ${key} in ${where} is not supported`);
      return { operator, set, ifExists, key: key.toLowerCase(), values: listOf(values).map(String) };
    });
  });
}
