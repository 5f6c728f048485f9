import * as z from 'zod/mini';
import { requireActive } from '#bonus/commands/status.ts';
import { assertEntries, MAX_PARTICIPANTS, NOTHING_SAID, parseImport, withImport } from '#bonus/goals/results.ts';
import { rewardsOf } from '#bonus/goals/work-out.ts';
import type { Goal, GoalEntry, GoalResults } from '#model/pro-goal.ts';
import { saveGoalResultsAction, updateGoalAction } from '#store/goal-repository.ts';
import { commitFresh, refuseStale } from '../commit.ts';
import { centsOf, idText, moneyText } from '../edge.ts';
import { invalidField, stalePrecondition } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { type OpenGoal, openGoal, openGoalToRun, withFigures } from './load.ts';
import { requirePeople } from './references.ts';
import { resultsSchema } from './shapes.ts';
import { RUN_GOALS, SEE_GOALS } from './sight.ts';
import { resultsView } from './views.ts';

/** The results of a goal: everybody's, or the caller's own. */
export const getGoalResults = defineRoute({
  method: 'GET',
  path: '/v1/pro-goals/{id}/results',
  group: 'goals',
  summary: 'Values, tiers and rewards of a Pro-Goal',
  access: SEE_GOALS,
  answer: { status: 200, description: 'The results', schema: resultsSchema },
  handler: async (request) => {
    const opened = await openGoal(request, request.params.id);
    return { body: resultsView(request, opened), revision: opened.goal.revision };
  },
});

const entrySchema = z.strictObject({
  workerId: z.nullable(idText),
  value: z.optional(z.nullable(z.number())),
  excluded: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(500)))),
  disqualifiers: z.optional(
    z.array(
      z.strictObject({
        key: idText,
        state: z.enum(['passed', 'failed', 'pending']),
        note: z.optional(z.nullable(z.string().check(z.maxLength(500)))),
      }),
    ),
  ),
  penalties: z.optional(
    z.array(z.strictObject({ key: idText, count: z.optional(z.int()), amount: z.optional(z.nullable(moneyText)) })),
  ),
});
const resultsBody = z.strictObject({
  values: z.optional(z.array(entrySchema).check(z.maxLength(MAX_PARTICIPANTS + 1))),
  csv: z.optional(z.string().check(z.maxLength(200_000))),
});

type ResultsBody = z.infer<typeof resultsBody>;

/** Replaces what was entered for an Active goal: everything by `values`, the values alone by an uploaded list. */
export const putGoalResults = defineRoute({
  method: 'PUT',
  path: '/v1/pro-goals/{id}/results',
  group: 'goals',
  summary: 'Enter the values, answers, penalties and exclusions of a Pro-Goal',
  access: RUN_GOALS,
  ifMatch: true,
  body: resultsBody,
  bodyExample: { values: [{ workerId: null, value: 9600 }] },
  answer: { status: 200, description: 'The results', schema: resultsSchema },
  handler: async (request) => {
    const { ports, scope, actor, body, ifMatch, command } = request;
    return commitFresh(command, async () => {
      const opened = await openGoalToRun(request, request.params.id);
      const { goal, results: before, desk } = opened;
      if (goal.revision !== ifMatch) throw stalePrecondition(goal.revision);
      requireActive(goal);
      const entries = entriesOf(body, opened);
      assertEntries(entries, goal.terms);
      await requireKnown(request, entries, opened);
      const results: GoalResults = {
        goalId: goal.id,
        revision: goal.resultsRevision + 1,
        entries,
        before: opened.worked === null ? null : rewardsOf(opened.worked.result),
        at: ports.now(),
        by: actor.id,
      };
      const next: Goal = { ...goal, resultsRevision: results.revision, revision: goal.revision + 1 };
      return {
        actions: [updateGoalAction(scope, next, goal.revision), saveGoalResultsAction(scope, results)],
        audit: {
          action: 'goal.results_entered',
          entity: 'goal',
          entityId: goal.id,
          before: { resultsRevision: goal.resultsRevision, entries: before?.entries.length ?? 0 },
          after: { resultsRevision: results.revision, entries: entries.length },
        },
        answer: {
          body: resultsView(request, await withFigures(request, desk, { goal: next, results })),
          revision: next.revision,
        },
        ifLost: refuseStale,
      };
    });
  },
});

function entriesOf({ values, csv }: ResultsBody, { results }: OpenGoal): readonly GoalEntry[] {
  if ((values === undefined) === (csv === undefined)) throw invalidField('/values', 'must be given, or csv in its place');
  return csv === undefined ? values!.map(entryOf) : withImport(results, parseImport(csv));
}

function entryOf(given: z.infer<typeof entrySchema>, at: number): GoalEntry {
  return {
    ...NOTHING_SAID,
    workerId: given.workerId,
    value: given.value ?? null,
    excluded: given.excluded ?? null,
    disqualifiers: (given.disqualifiers ?? []).map(({ key, state, note }) => ({ key, state, note: note ?? null })),
    penalties: (given.penalties ?? []).map(({ key, count, amount }, index) => ({
      key,
      count: count ?? 1,
      amountCents: amount === undefined || amount === null ? null : centsOf(amount, `/values/${at}/penalties/${index}/amount`),
    })),
  };
}

/** People of whom something is said are people of the tenant; whoever takes part is known to be. */
async function requireKnown(
  request: Pick<ApiRequest<string, never, ResultsBody>, 'ports' | 'scope' | 'body'>,
  entries: readonly GoalEntry[],
  { worked }: OpenGoal,
): Promise<void> {
  const taking = new Set(worked?.result.participants.map(({ workerId }) => workerId));
  const others = entries.flatMap(({ workerId: id }, at) =>
    id === null || taking.has(id) ? [] : [{ id, pointer: request.body.csv === undefined ? `/values/${at}/workerId` : '/csv' }],
  );
  await requirePeople(request, others);
}
