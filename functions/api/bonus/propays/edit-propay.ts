import * as z from 'zod/mini';
import { editProPay as edit, type ProPayEdit, withReplacedBudget } from '#bonus/commands/edit.ts';
import { requireAmountsToSave } from '#bonus/fitting-amounts.ts';
import { refuse } from '#kernel/errors.ts';
import { workerKey } from '#model/keys.ts';
import { BUDGET_TYPES, type BudgetType } from '#model/settings.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { centsOf, idText, moneyText } from '../../edge.ts';
import { ApiProblem, stalePrecondition } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { distributionOf, givenDistributionSchema } from '../distribution.ts';
import { saveChange } from './change.ts';
import { adjustmentOf, givenAdjustmentSchema } from './edge-budget.ts';
import { loadToChange, withRetries } from './load.ts';
import { proPaySchema, sharesSchema } from './shapes.ts';

const people = z.array(idText).check(z.maxLength(500));
const body = z.strictObject({
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  notes: z.optional(z.nullable(z.string().check(z.maxLength(4_000)))),
  budget: z.optional(z.strictObject({ type: z.string() })),
  adjustment: z.optional(givenAdjustmentSchema),
  manualPool: z.optional(z.nullable(sharesSchema)),
  distribution: z.optional(givenDistributionSchema),
  excludedWorkerIds: z.optional(people),
  includedWorkerIds: z.optional(people),
  crewLeadIds: z.optional(z.nullable(people)),
  otherIds: z.optional(z.nullable(people)),
  driveTimeInCost: z.optional(z.nullable(z.boolean())),
  burden: z.optional(z.nullable(z.boolean())),
  overtimeCost: z.optional(z.nullable(z.boolean())),
  leadPay: z.optional(moneyText),
});

/** Edits a ProPay. What could move money is refused once it is approved (B-90). */
export const editProPay = defineRoute({
  method: 'PATCH',
  path: '/v1/propays/{id}',
  group: 'bonus',
  summary: 'Edit a ProPay',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { adjustment: { type: 'percentage_increase', valueBp: 1_000 } },
  ifMatch: true,
  answer: { status: 200, description: 'The edited ProPay', schema: proPaySchema },
  handler: (request) =>
    withRetries(async () => {
      const loaded = await loadToChange(request, request.params.id);
      const { proPay } = loaded;
      if (proPay.revision !== request.ifMatch) throw stalePrecondition(proPay.revision);
      const changes = editOf(request.body);
      const next = edit(proPay, changes);
      await requireWorkers(request, [
        ...(changes.excludedWorkerIds ?? []),
        ...(changes.includedWorkerIds ?? []),
        ...(changes.crewLeadIds ?? []),
        ...(changes.otherIds ?? []),
      ]);
      const names = Object.keys(changes) as (keyof ProPayEdit)[];
      const worked = proPay.status === 'Active' ? await loaded.workOut(next) : null;
      // Amounts by hand are taken only where they fit the crew and the pool to be approved, to the cent (B-70).
      if (worked !== null && changes.distribution !== undefined) requireAmountsToSave(worked.assembled.calculation);
      return saveChange(request, loaded, {
        next: withReplacedBudget(next, changes, worked?.assembled.budget ?? null),
        worked,
        action: 'propay.edited',
        before: Object.fromEntries(names.map((name) => [name, proPay[name] ?? null])),
        after: Object.fromEntries(names.map((name) => [name, next[name] ?? null])),
      });
    }),
});

function editOf(given: z.infer<typeof body>): ProPayEdit {
  const { budget, adjustment, distribution, leadPay, ...plain } = given;
  return {
    ...plain,
    ...(budget === undefined ? {} : { budgetType: budgetTypeOf(budget.type) }),
    ...(adjustment === undefined ? {} : { adjustment: adjustmentOf(adjustment) }),
    ...(distribution === undefined ? {} : { distribution: distributionOf(distribution) }),
    ...(leadPay === undefined ? {} : { leadPayCents: centsOf(leadPay, '/leadPay') }),
  } as ProPayEdit;
}

function budgetTypeOf(type: string): BudgetType {
  return BUDGET_TYPES.find((known) => known === type) ?? refuse('unknown-budget-type', { field: 'budget.type' });
}

/** Names of people must be workers of this tenant (M-151). */
export async function requireWorkers(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  ids: readonly string[],
): Promise<void> {
  const unique = [...new Set(ids)];
  const items = await ports.table.batchGet(
    scope,
    unique.map((id) => workerKey(scope, id)),
  );
  const unknown = unique.filter((_, at) => items[at] === null);
  if (unknown.length > 0)
    throw new ApiProblem('unknown-reference', { detail: 'A worker that is named does not exist.', data: { ids: unknown } });
}
