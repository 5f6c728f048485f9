import { isGoalTemplateId, parseGoalId } from '#model/ids.ts';
import { goalKey, goalPartition, goalResultsKey, goalTemplateKey, listPartition } from '#model/keys.ts';
import type { Goal, GoalResults, GoalTemplate } from '#model/pro-goal.ts';
import {
  decodeGoal,
  decodeGoalResults,
  decodeGoalTemplate,
  encodeGoal,
  encodeGoalResults,
  encodeGoalTemplate,
} from '#model/pro-goal-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Condition, Table, WriteAction } from './table.ts';

const FRESH: Condition = { expression: 'attribute_not_exists(pk)' };

/** A goal template, read strongly; null where the id names nothing of this tenant. */
export async function readGoalTemplate(table: Table, scope: TenantScope, id: string): Promise<GoalTemplate | null> {
  if (!isGoalTemplateId(id)) return null;
  const item = await table.get(scope, goalTemplateKey(scope, id));
  return item === null ? null : decodeGoalTemplate(item);
}

/** The templates of a status, of which the Live ones make goals. The index finds them, their rows are read strongly. */
export async function listTemplatesOf(
  table: Table,
  scope: TenantScope,
  status: GoalTemplate['status'],
): Promise<readonly GoalTemplate[]> {
  const keys = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'GT'), prefix: `${status}#` });
  const items = await table.batchGet(scope, keys);
  const templates = items.flatMap((item) => (item === null ? [] : [decodeGoalTemplate(item)]));
  return templates.filter((template) => template.status === status);
}

/** Saves a template that still has the revision the caller saw; 0 for a new one. */
export function saveGoalTemplateAction(scope: TenantScope, template: GoalTemplate, readRevision: number): WriteAction {
  return {
    kind: 'put',
    item: encodeGoalTemplate(scope, template),
    condition: readRevision === 0 ? FRESH : revisionIs(readRevision),
  };
}

/** Deletes a template that still has the revision the caller saw. */
export function deleteGoalTemplateAction(scope: TenantScope, id: string, readRevision: number): WriteAction {
  return { kind: 'delete', key: goalTemplateKey(scope, id), condition: revisionIs(readRevision) };
}

/** Lets a goal begin only by the very template that was read. */
export function templateUnchanged(scope: TenantScope, template: Pick<GoalTemplate, 'id' | 'revision'>): WriteAction {
  return { kind: 'check', key: goalTemplateKey(scope, template.id), condition: revisionIs(template.revision) };
}

/** A goal and what people entered for it. */
export interface StoredGoal {
  readonly goal: Goal;
  readonly results: GoalResults | null;
}

/** A goal with its results, read strongly; null where the id names nothing of this tenant. */
export async function readGoal(table: Table, scope: TenantScope, id: string): Promise<StoredGoal | null> {
  const ref = parseGoalId(id);
  if (ref === null) return null;
  const [goal, results] = await table.batchGet(scope, [goalKey(scope, ref), goalResultsKey(scope, ref)]);
  return goal ? { goal: decodeGoal(goal), results: results ? decodeGoalResults(results) : null } : null;
}

/** The last goal of a template that begins on a day or earlier; without a day the last of all. */
export async function readLastGoal(
  table: Table,
  scope: TenantScope,
  templateId: string,
  untilDate?: string,
): Promise<Goal | null> {
  const { items } = await table.query(scope, {
    partition: goalPartition(scope, templateId),
    from: 'I#',
    to: `I#${untilDate ?? '~'}`,
    descending: true,
    limit: 1,
  });
  return items[0] === undefined ? null : decodeGoal(items[0]);
}

/** The goals of a status that begin on a day or later. The index finds them, their rows are read strongly. */
export async function listGoalsOf(
  table: Table,
  scope: TenantScope,
  status: Goal['status'],
  fromDate = '',
): Promise<readonly Goal[]> {
  const range = { from: `${status}#${fromDate}`, to: `${status}#~` };
  const keys = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'GO'), ...range });
  const items = await table.batchGet(scope, keys);
  return items.flatMap((item) => (item === null ? [] : [decodeGoal(item)])).filter((goal) => goal.status === status);
}

/** Writes a new goal; refused where its period has one already. */
export function createGoalAction(scope: TenantScope, goal: Goal): WriteAction {
  return { kind: 'put', item: encodeGoal(scope, goal), condition: FRESH };
}

/** Replaces a goal that still has the revision that was read. */
export function updateGoalAction(scope: TenantScope, goal: Goal, readRevision: number): WriteAction {
  return { kind: 'put', item: encodeGoal(scope, goal), condition: revisionIs(readRevision) };
}

/** Replaces what people entered, in the transaction that names its revision on the goal. */
export function saveGoalResultsAction(scope: TenantScope, results: GoalResults): WriteAction {
  return { kind: 'put', item: encodeGoalResults(scope, results) };
}

function revisionIs(revision: number): Condition {
  return { expression: '#revision = :revision', names: { '#revision': 'revision' }, values: { ':revision': revision } };
}
