import * as z from 'zod/mini';
import { isLive } from '#bonus/inputs/live.ts';
import { sourceBudgetOf } from '#bonus/inputs/overrides.ts';
import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS, MAX_SECONDS } from '#kernel/money.ts';
import { BUDGET_FIELDS, type LocalBudget } from '#model/overrides.ts';
import { readBudgets } from '#store/propay-inputs.ts';
import { centsOf, e4Of, idText, moneyText, rateText } from '../edge.ts';
import { readOnlyMirror } from '../mirror/read-only.ts';
import { invalidField } from '../problem.ts';
import { idParameter } from '../query.ts';
import { defineRoute } from '../route.ts';
import { unknownReference } from '../settings/references.ts';
import { changeOverride, madeBy } from './change.ts';
import { EDIT_JOBS } from './rights.ts';
import { overridesAnswer, reason } from './shapes.ts';
import { type Subject, type SubjectRequest, workSubject } from './subject.ts';

const optional = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
const task = z.strictObject({
  key: z.string().check(z.minLength(1), z.maxLength(100)),
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  seconds: optional(z.number()),
  amount: optional(moneyText),
});
const body = z.strictObject({
  budgetSeconds: optional(z.number()),
  laborAmount: optional(moneyText),
  contractPrice: optional(moneyText),
  laborShareBp: optional(z.number()),
  rate: optional(rateText),
  quantity: optional(rateText),
  tasks: z.optional(z.array(task).check(z.maxLength(200))),
  milestoneId: optional(idText),
  reason,
});
type GivenBudget = z.infer<typeof body>;

/** E-7: budget fields that the source does not give, of a job or one of its milestones. They count while the source has none. */
export const putBudget = defineRoute({
  method: 'PUT',
  path: '/v1/jobs/{id}/overrides/budget',
  group: 'overrides',
  summary: 'Add the missing budget of a job or milestone',
  access: EDIT_JOBS,
  ifMatch: true,
  body,
  bodyExample: { budgetSeconds: 288_000 },
  answer: overridesAnswer,
  handler: (request) => {
    const { params, ifMatch } = request;
    const value = budgetFrom(request.body);
    const unknownMilestone = () => unknownReference('/milestoneId', 'names no milestone of this job');
    const subject = () => workSubject(request, params.id, request.body.milestoneId, { unknownMilestone });
    return changeOverride(request, { subject, ifMatch, reason: request.body.reason }, async (found) => {
      const source = await readSource(request, found);
      // What the source gives is changed there (M-7, M-19).
      if (BUDGET_FIELDS.some((name) => value[name] !== undefined && source[name] !== undefined))
        await readOnlyMirror({ ...request, params: {} }, 'budget_info');
      const { record } = found;
      const budget = { value, sourceValueWhenSet: null, kept: false, ...madeBy(request, request.body.reason) };
      return {
        overrides: (setAt) => ({ ...record.own.overrides, budget: { ...budget, setAt } }),
        act: { field: 'budget', act: 'set', value, sourceValueWhenSet: null },
      };
    });
  },
});

export const deleteBudget = defineRoute({
  method: 'DELETE',
  path: '/v1/jobs/{id}/overrides/budget',
  group: 'overrides',
  summary: 'Take away the budget that was added here',
  access: EDIT_JOBS,
  ifMatch: true,
  query: { milestoneId: idParameter('Of this milestone of the job') },
  answer: overridesAnswer,
  handler: (request) => {
    const subject = () => workSubject(request, request.params.id, request.query.milestoneId);
    return changeOverride(request, { subject, ifMatch: request.ifMatch }, async ({ record }) =>
      record.own.overrides.budget === null
        ? null
        : {
            overrides: () => ({ ...record.own.overrides, budget: null }),
            act: { field: 'budget', act: 'cleared', value: null, sourceValueWhenSet: null },
          },
    );
  },
});

/** What the source gives of a subject's budget now, read strongly. */
export async function readSource(
  { ports, scope }: SubjectRequest,
  { record }: Subject<'job' | 'milestone'>,
): Promise<LocalBudget> {
  const { fields } = record;
  const [jobId, milestoneId] = 'jobId' in fields ? [fields.jobId, record.id] : [record.id, null];
  const rows = (await readBudgets(ports.table, scope, jobId, milestoneId)).filter(isLive);
  const price = 'contractPriceCents' in fields ? fields.contractPriceCents : null;
  const known = rows.map((row) => sourceBudgetOf(row.fields, null));
  return Object.assign(
    {},
    ...known.reverse(),
    known.some((one) => one.contractPriceCents !== undefined) ? {} : sourceBudgetOf(null, price),
  );
}

/** A budget in whole cents, seconds and ten-thousandths, refused with `invalid-budget` where a figure is negative or too large (B-32). */
function budgetFrom(given: GivenBudget): LocalBudget {
  const { budgetSeconds, laborAmount, contractPrice, laborShareBp, rate, quantity, tasks } = given;
  const cents = (text: string | null | undefined, name: string) => figure(text && centsOf(text, `/${name}`), name, 0, MAX_CENTS);
  const e4 = (text: string | null | undefined, name: string) => figure(text && e4Of(text, `/${name}`), name, 0, MAX_CENTS);
  const all = {
    budgetSeconds: figure(budgetSeconds, 'budgetSeconds', 0, MAX_SECONDS),
    laborAmountCents: cents(laborAmount, 'laborAmount'),
    contractPriceCents: cents(contractPrice, 'contractPrice'),
    laborShareBp: figure(laborShareBp, 'laborShareBp', 1, 10_000),
    rateE4: e4(rate, 'rate'),
    quantityE4: e4(quantity, 'quantity'),
    tasks: tasks === undefined || tasks.length === 0 ? undefined : tasksFrom(tasks),
  };
  const value: LocalBudget = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
  if (Object.keys(value).length === 0) throw invalidField('/', 'must give at least one figure of the budget');
  return value;
}

function tasksFrom(tasks: NonNullable<GivenBudget['tasks']>): NonNullable<LocalBudget['tasks']> {
  if (new Set(tasks.map(({ key }) => key)).size !== tasks.length) throw invalidField('/tasks', 'names a task twice');
  return tasks.map(({ key, name, seconds, amount }, at) => ({
    key,
    name,
    seconds: figure(seconds, `tasks/${at}/seconds`, 0, MAX_SECONDS) ?? null,
    amountCents: figure(amount && centsOf(amount, `/tasks/${at}/amount`), `tasks/${at}/amount`, 0, MAX_CENTS) ?? null,
  }));
}

function figure(value: number | string | null | undefined, name: string, min: number, max: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse('invalid-budget', { field: name, detail: `must be whole, at least ${min} and at most ${max}` });
}
