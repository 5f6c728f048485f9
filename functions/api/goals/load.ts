import type { Blocker } from '#bonus/commands/accept.ts';
import { goalBlockers } from '#bonus/goals/approval.ts';
import { participantOf, participantsAmong } from '#bonus/goals/participants.ts';
import { zoneOfGoal } from '#bonus/goals/status.ts';
import { type GoalInputs, type GoalResult, workOutGoal } from '#bonus/goals/work-out.ts';
import type { TraceNode } from '#bonus/trace.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Goal } from '#model/pro-goal.ts';
import { readGoalPeople, readGoalWorkers } from '#store/goal-inputs.ts';
import { readGoal, type StoredGoal } from '#store/goal-repository.ts';
import { readSnapshot } from '#store/snapshot-store.ts';
import { type Desk, dataAsOf, openDesk } from '../bonus/desk.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { readMetricRecords } from './metric-records.ts';
import { type GoalSight, sightOfGoal } from './sight.ts';

export type GoalRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** A goal that the caller may see, with its figures: as they stand while it is Active, as they were frozen by its approval. */
export interface OpenGoal extends StoredGoal {
  readonly desk: Desk;
  readonly sight: GoalSight;
  /** Today in the zone of the goal. */
  readonly todayDate: LocalDate;
  /** Null while nothing is worked out: the goal was canceled. */
  readonly worked: WorkedGoal | null;
  /** What stands in the way of its approval; none where it is not Active. */
  readonly blockers: readonly Blocker[];
}

/** What a goal was worked out from, and what came of it. */
export interface WorkedGoal {
  readonly inputs: GoalInputs;
  readonly result: GoalResult;
  /** The steps that an approval has frozen; null where they are to be traced from the inputs. */
  readonly nodes: readonly TraceNode[] | null;
  /** How old the sources of a built-in figure are; null where people give the values, or a source was never read. */
  readonly dataAsOf: Instant | null;
}

/** What an approval freezes (B-89). */
export interface GoalSnapshot extends Omit<WorkedGoal, 'nodes'> {
  readonly version: 1;
  readonly nodes: readonly TraceNode[];
  readonly contextRevision: number;
  readonly ruleVersions: Readonly<Record<string, number>>;
  readonly approvalDate: LocalDate;
  readonly accepted: readonly { readonly code: string; readonly reason: string }[];
}

/** Opens a goal for the caller; 404 where it is not there or not to be seen. */
export async function openGoal(request: GoalRequest, id: string): Promise<OpenGoal> {
  const desk = await openDesk(request);
  const opened = await withFigures(request, desk, await readWhole(request, id));
  if (opened.sight === 'own' && !isOn(request, opened)) throw notFound();
  return opened;
}

/** A goal as it is stored, or is about to be, with its figures. */
export async function withFigures(request: GoalRequest, desk: Desk, stored: StoredGoal): Promise<OpenGoal> {
  const { goal } = stored;
  const worked = await workedOf(request, desk, stored);
  const todayDate = localDateOf(desk.now, zoneOfGoal(goal.terms, desk.context));
  const blockers = goal.status === 'Active' && worked !== null ? goalBlockers(goal, worked.result, todayDate) : [];
  return { ...stored, desk, sight: sightOfGoal(request, desk, goal.terms), todayDate, worked, blockers };
}

/** Opens a goal for a command: 403 where the caller sees no more than the own part in it. */
export async function openGoalToRun(request: GoalRequest, id: string): Promise<OpenGoal> {
  const opened = await openGoal(request, id);
  if (opened.sight !== 'all') throw new ApiProblem('forbidden', { detail: 'This goal does not lie in your scope.' });
  return opened;
}

const TRIES = 4;

/** A goal with the results that belong to it: half of somebody's transaction is read again. */
async function readWhole({ ports, scope }: GoalRequest, id: string): Promise<StoredGoal> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const stored = await readGoal(ports.table, scope, id);
    if (stored === null) throw notFound();
    if (stored.goal.resultsRevision === (stored.results?.revision ?? 0)) return stored;
  }
  throw new ApiProblem('store-conflict', { detail: 'The goal is being changed; try again.' });
}

async function workedOf(request: GoalRequest, desk: Desk, stored: StoredGoal): Promise<WorkedGoal | null> {
  const { goal } = stored;
  if (goal.status === 'Canceled') return null;
  if (goal.approval !== null) return frozenOf(request, goal, goal.approval);
  const inputs = await inputsOf(request, desk, stored);
  return { inputs, result: workOutGoal(inputs), nodes: null, dataAsOf: ageOf(desk, goal) };
}

async function frozenOf(
  { ports, scope }: GoalRequest,
  { id }: Goal,
  approval: NonNullable<Goal['approval']>,
): Promise<WorkedGoal> {
  const name = { digest: approval.snapshotId, chunks: approval.snapshotChunks };
  return (await readSnapshot(ports.table, scope, id, name)) as GoalSnapshot;
}

/** Everything that an Active goal depends on, read strongly. */
async function inputsOf(request: GoalRequest, desk: Desk, { goal, results }: StoredGoal): Promise<GoalInputs> {
  const { scope } = request;
  const { table } = request.ports;
  const { participantIds, terms, period } = goal;
  const records = await readMetricRecords(table, scope, desk.context, goal);
  if (participantIds !== null) {
    const workers = await readGoalWorkers(table, scope, participantIds);
    return { goal, results, records, participants: workers.map(participantOf) };
  }
  const { workers, routes } = await readGoalPeople(table, scope, terms);
  return { goal, results, records, participants: participantsAmong(workers, routes, terms, period.endDate, desk.context) };
}

function ageOf(desk: Desk, { terms }: Goal): Instant | null {
  return terms.metric.source === 'builtin' ? dataAsOf(desk, Object.keys(desk.context.connections)) : null;
}

function isOn({ actor }: GoalRequest, { goal, worked }: OpenGoal): boolean {
  if (actor.workerId === null) return false;
  const ids = worked?.result.participants.map(({ workerId }) => workerId) ?? goal.participantIds ?? [];
  return ids.includes(actor.workerId);
}
