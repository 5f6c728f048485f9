import { AppError, Refusal } from '#kernel/errors.ts';
import { evaluators } from './evaluators.ts';

/** The rule exists in the specification, or may exist, but this engine does not have it. */
export class UnsupportedRule extends AppError {
  constructor(rule: string) {
    super('unsupported-rule', { data: { rule } });
  }
}

/** A refusal as a value (B-190). */
export type RefusedResult = {
  readonly outcome: 'refused';
  readonly error: string;
  readonly field?: string;
  readonly detail?: string;
};

/** The rules `evaluate` answers, by id. */
export const supportedRules: readonly string[] = Object.keys(evaluators);

/**
 * Evaluates one rule on the inputs of B-190 by the very functions production uses. Answers the result, `{outcome: 'cannot-tell',
 * missing}` or `{outcome: 'refused', error}`; throws `UnsupportedRule` for a rule that is not built. The inputs may be anything:
 * they are checked here.
 */
export function evaluate(rule: string, inputs: unknown): object {
  const evaluator = Object.hasOwn(evaluators, rule) ? evaluators[rule] : undefined;
  if (evaluator === undefined) throw new UnsupportedRule(rule);
  try {
    return evaluator(inputs);
  } catch (error) {
    if (error instanceof Refusal) return refusedResult(error);
    throw error;
  }
}

function refusedResult({ code, field, detail }: Refusal): RefusedResult {
  return {
    outcome: 'refused',
    error: code,
    ...(field === undefined ? null : { field }),
    ...(detail === undefined ? null : { detail }),
  };
}
