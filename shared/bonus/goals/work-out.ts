import { hashCanonical } from '#kernel/hash.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import type { Goal, GoalAnswer, GoalEntry, GoalResults, GoalRewards, GoalTerms } from '#model/pro-goal.ts';
import { builtinValue, goalMetricRule, type MetricRecords, type MetricValue } from '../rules/goal-metric.ts';
import { goalParticipantsRule } from '../rules/goal-participants.ts';
import { chooseTier, participantReward, participantRule, tierRule } from '../rules/goal-tiers.ts';
import { missingKeys } from '../rules/outcome.ts';
import { anyAmountMissing } from '../rules/penalties.ts';
import type { RecordRef } from '../shapes.ts';
import { records, type Tracer } from '../trace.ts';
import { createTracer } from '../tracer.ts';

/** Somebody who takes part, as the mirror knows them. */
export interface Participant {
  readonly workerId: string;
  readonly branchId: string | null;
  readonly ref: RecordRef;
}

/** Everything that a goal's rewards depend on. */
export interface GoalInputs {
  readonly goal: Pick<Goal, 'id' | 'templateId' | 'templateRevision' | 'period' | 'terms'>;
  readonly participants: readonly Participant[];
  readonly results: GoalResults | null;
  /** What a built-in figure counts; null where people give the values. */
  readonly records: MetricRecords | null;
}

/** Why a participant gets nothing whatever the value is: left out by hand, or failed (B-166). */
export interface Exclusion {
  readonly by: 'hand' | 'disqualifier';
  readonly reason: string;
}

/** A penalty of one participant with its amount; null while it is still to be set. */
export interface PenaltyTaken {
  readonly key: string;
  readonly count: number;
  readonly amountCents: number | null;
}

/** One participant's figures. */
export interface ParticipantResult {
  readonly workerId: string;
  readonly value: number | null;
  readonly tierIndex: number | null;
  /** What the tier promises. */
  readonly tierCents: number;
  readonly disqualifiers: readonly GoalAnswer[];
  readonly penalties: readonly PenaltyTaken[];
  readonly excluded: Exclusion | null;
  /** What the participant gets. */
  readonly rewardCents: number;
  /** Records that a built-in value counts, and those that it could not. */
  readonly counted: readonly RecordRef[];
  readonly notComparable: readonly RecordRef[];
  /** What stands in the way: no value, an open answer, a penalty without amount. */
  readonly lacks: readonly ('value' | 'answer' | 'penalty-amount')[];
}

/** A goal worked out; `participants` by worker id. */
export interface GoalResult {
  readonly outcome: 'applies' | 'cannot-tell';
  readonly missing: readonly string[];
  readonly participants: readonly ParticipantResult[];
  readonly totalCents: number;
  /** Digest of everything that counts: what an approver saw. */
  readonly inputsVersion: string;
}

/** What a goal comes to, person by person, to be compared later on. */
export function rewardsOf({ inputsVersion, participants }: GoalResult): GoalRewards {
  return { inputsVersion, rewards: participants.map(({ workerId, rewardCents }) => ({ workerId, cents: rewardCents })) };
}

/**
 * Works a goal out (B-163 to B-166): progress, approval, replay and explanation are this one function (B-6). A participant without a
 * value cannot be told, and the goal with it, unless they are left out.
 */
export function workOutGoal(inputs: GoalInputs, tracer: Tracer = createTracer(inputs.goal.id)): GoalResult {
  const { goal, results } = inputs;
  const everybody = results?.entries.find(({ workerId }) => workerId === null) ?? null;
  const own = new Map(results?.entries.map((entry) => [entry.workerId, entry]));
  const participants = [...inputs.participants]
    .sort((a, b) => compareCodePoints(a.workerId, b.workerId))
    .map((one) => workOutParticipant(inputs, one, own.get(one.workerId) ?? null, everybody, tracer));
  const missing = missingKeys(
    participants.filter(({ lacks }) => lacks.includes('value')).map(({ workerId }) => `value:${workerId}`),
  );
  const { tiers, metric, pool } = goal.terms;
  const counted = participants.map(({ workerId, value, disqualifiers, penalties, excluded }) => ({
    workerId,
    value,
    answers: disqualifiers.map(({ key, state }) => ({ key, state })),
    penalties,
    excluded: excluded !== null,
  }));
  return {
    outcome: missing.length === 0 ? 'applies' : 'cannot-tell',
    missing,
    participants,
    totalCents: participants.reduce((sum, { rewardCents }) => sum + rewardCents, 0),
    inputsVersion: hashCanonical({ period: goal.period, tiers, metric, pool, participants: counted }),
  };
}

function workOutParticipant(
  inputs: GoalInputs,
  { workerId, ref }: Participant,
  own: GoalEntry | null,
  everybody: GoalEntry | null,
  tracer: Tracer,
): ParticipantResult {
  const { goal, results } = inputs;
  const { terms } = goal;
  const template: RecordRef = { entity: 'goal_template', id: goal.templateId, revision: goal.templateRevision };
  const entered: RecordRef | null = results === null ? null : { entity: 'goal_results', id: goal.id, revision: results.revision };
  const participant = tracer.add(goalParticipantsRule, `participant:${workerId}`, {
    inputs: records(ref, template),
    value: goal.period.endDate,
    unit: 'state',
  });

  const { value, refs, notComparable } = measure(inputs, workerId, own, everybody);
  const measured = tracer.add(goalMetricRule, `value:${workerId}`, {
    inputs: [participant, ...records(refs, terms.metric.source === 'builtin' ? null : entered)],
    value,
    unit: terms.metric.unit,
    ...(value === null ? { outcome: 'cannot-tell' as const, missing: [`value:${workerId}`] } : {}),
  });

  const tier = value === null ? null : chooseTier(terms.tiers, value);
  const tierCents = tier?.rewardCents ?? 0;
  const chosen = tracer.add(tierRule, `tier:${workerId}`, {
    inputs: [measured, ...records(template)],
    value: tierCents,
    unit: 'cents',
  });

  const disqualifiers = answersOf(terms, own, everybody);
  const penalties = penaltiesOf(terms, own, everybody);
  const excluded = exclusionOf(terms, own, disqualifiers);
  const reward = participantReward(tierCents, disqualifiers.map(asQuestion), penalties.map(asPenalty));
  const rewardCents = excluded === null ? reward.cents : 0;
  tracer.add(participantRule, `reward:${workerId}`, {
    inputs: [chosen, ...records(entered)],
    value: rewardCents,
    unit: 'cents',
    ...(excluded === null ? {} : { outcome: 'does-not-apply' as const, reason: REASONS[excluded.by] }),
  });
  return {
    workerId,
    value,
    tierIndex: tier?.index ?? null,
    tierCents,
    disqualifiers,
    penalties,
    excluded,
    rewardCents,
    counted: refs,
    notComparable,
    lacks: lacksOf(value, disqualifiers, penalties, excluded),
  };
}

const REASONS = { hand: 'excluded', disqualifier: 'disqualified' } as const;

function measure(inputs: GoalInputs, workerId: string, own: GoalEntry | null, everybody: GoalEntry | null): MetricValue {
  const { metric } = inputs.goal.terms;
  if (metric.source !== 'builtin') return { value: own?.value ?? everybody?.value ?? null, refs: [], notComparable: [] };
  if (inputs.records === null) throw new Error('a built-in figure without the records that it counts');
  return builtinValue(metric.name, workerId, inputs.records);
}

/** Each question with its answer: the participant's own, else the one given for everybody, else it is open. */
function answersOf(terms: GoalTerms, own: GoalEntry | null, everybody: GoalEntry | null): readonly GoalAnswer[] {
  const given = [own, everybody].flatMap((entry) => entry?.disqualifiers ?? []);
  return terms.disqualifiers.map(
    ({ id: key }) => given.find((answer) => answer.key === key) ?? { key, state: 'pending', note: null },
  );
}

function penaltiesOf(terms: GoalTerms, own: GoalEntry | null, everybody: GoalEntry | null): readonly PenaltyTaken[] {
  const given = [own, everybody].flatMap((entry) => entry?.penalties ?? []);
  return terms.penalties.map(({ id: key, kind, amountCents }) => {
    const one = given.find((penalty) => penalty.key === key);
    return { key, count: one?.count ?? 0, amountCents: kind === 'fixed' ? amountCents : (one?.amountCents ?? null) };
  });
}

function exclusionOf(terms: GoalTerms, own: GoalEntry | null, answers: readonly GoalAnswer[]): Exclusion | null {
  if (own !== null && own.excluded !== null) return { by: 'hand', reason: own.excluded };
  const failed = answers.find(({ state }) => state === 'failed');
  if (failed === undefined) return null;
  return { by: 'disqualifier', reason: terms.disqualifiers.find(({ id }) => id === failed.key)!.name };
}

const asQuestion = ({ key, state }: GoalAnswer) => ({ id: key, state });
const asPenalty = ({ key, count, amountCents }: PenaltyTaken) => ({ id: key, count, amountCents });

/** Whoever is left out by hand needs nothing; whoever failed needs no value, but the other questions stay asked (B-78). */
function lacksOf(
  value: number | null,
  disqualifiers: readonly GoalAnswer[],
  penalties: readonly PenaltyTaken[],
  excluded: Exclusion | null,
): ParticipantResult['lacks'] {
  if (excluded?.by === 'hand') return [];
  return [
    ...(value === null && excluded === null ? (['value'] as const) : []),
    ...(disqualifiers.some(({ state }) => state === 'pending') ? (['answer'] as const) : []),
    ...(anyAmountMissing(penalties.map(asPenalty)) ? (['penalty-amount'] as const) : []),
  ];
}
