import { conditionHolds, type RequestContext } from './conditions.ts';
import type { PrincipalPattern, Statement } from './statement.ts';
import { matchesArn, matchesPattern } from './wildcard.ts';

/** One question to the policies: may this action be done on this resource? */
export type AccessRequest = { readonly action: string; readonly resource: string; readonly context: RequestContext };

/** What a set of statements says of a request. A `deny` beats every allow. */
export type Verdict = 'allow' | 'deny' | 'silent';

/** Evaluates statements; `isPrincipal` decides which principals of a resource policy mean the caller. */
export function evaluate(
  statements: readonly Statement[],
  request: AccessRequest,
  isPrincipal: (principal: PrincipalPattern) => boolean = () => true,
): Verdict {
  let verdict: Verdict = 'silent';
  for (const statement of statements) {
    if (statement.principals !== null && !statement.principals.some(isPrincipal)) continue;
    if (!covers(statement, request)) continue;
    if (statement.effect === 'Deny') return 'deny';
    verdict = 'allow';
  }
  return verdict;
}

function covers(statement: Statement, request: AccessRequest): boolean {
  const action = request.action.toLowerCase();
  const named = statement.actions.some((pattern) => matchesPattern(action, pattern.toLowerCase()));
  if (named === statement.notActions) return false;
  // A resource policy may leave the resource out, and a key policy says `*`: both mean the resource that carries it.
  if (statement.resources.length > 0) {
    const met = statement.resources.some((pattern) => matchesArn(request.resource, pattern));
    if (met === statement.notResources) return false;
  }
  return statement.conditions.every((condition) => conditionHolds(condition, request.context));
}
