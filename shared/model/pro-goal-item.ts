import { parseGoalId } from './ids.ts';
import { goalKey, goalResultsKey, goalSort, goalTemplateKey, goalTemplateSort, type Key, listPartition } from './keys.ts';
import type { Goal, GoalResults, GoalTemplate } from './pro-goal.ts';
import { fieldsOf } from './propay-item.ts';
import type { TenantScope } from './scope.ts';

const ITEM_VERSION = 1;

type Stored = Key & Readonly<Record<string, unknown>>;

/** A template in its stored form, listed by status in the order of creation. */
export function encodeGoalTemplate(scope: TenantScope, template: GoalTemplate): Stored {
  return {
    ...goalTemplateKey(scope, template.id),
    bp: listPartition(scope, 'GT'),
    bs: goalTemplateSort(template),
    et: 'gt',
    v: ITEM_VERSION,
    ...template,
  };
}

/** Reads a stored template back. */
export function decodeGoalTemplate(item: Readonly<Record<string, unknown>>): GoalTemplate {
  return fieldsOf(item, 'gt') as unknown as GoalTemplate;
}

/** A goal in its stored form: beside its template, listed by status and first day. */
export function encodeGoal(scope: TenantScope, goal: Goal): Stored {
  const { templateId, period, status, id } = goal;
  return {
    ...goalKey(scope, { templateId, startDate: period.startDate }),
    bp: listPartition(scope, 'GO'),
    bs: goalSort({ status, startDate: period.startDate, id }),
    et: 'go',
    v: ITEM_VERSION,
    ...goal,
  };
}

/** Reads a stored goal back. */
export function decodeGoal(item: Readonly<Record<string, unknown>>): Goal {
  return fieldsOf(item, 'go') as unknown as Goal;
}

/** A goal's results in their stored form. Throws where their goal's id is none. */
export function encodeGoalResults(scope: TenantScope, results: GoalResults): Stored {
  const ref = parseGoalId(results.goalId);
  if (ref === null) throw new Error('not a goal id');
  return { ...goalResultsKey(scope, ref), et: 'gv', v: ITEM_VERSION, ...results };
}

/** Reads stored results back. */
export function decodeGoalResults(item: Readonly<Record<string, unknown>>): GoalResults {
  return { before: null, ...fieldsOf(item, 'gv') } as unknown as GoalResults;
}
