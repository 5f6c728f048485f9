import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { idsOfPeople } from '#model/merged-people.ts';
import { isPhased, type Phase } from '#model/phase.ts';
import type { ProPay, ProPayFigures, ProPayResult, TimeNeed } from '#model/propay.ts';
import type { ProPayRecords, ProPayState, WorkerTimes, WorkPlace, WorkPlaces } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { type Assembled, assemble, type FurtherInputs, type Gathered, gather } from './assemble.ts';
import { calculate } from './calculate.ts';
import { withFittingAmounts } from './fitting-amounts.ts';
import { historiesOfPersons, timesOfPersons } from './inputs/persons.ts';
import { reworkJobsOf } from './inputs/rework.ts';
import { placesOfTime } from './inputs/spread-drives.ts';
import type { WageHistories } from './inputs/wages.ts';
import { resultOfPhases } from './phased/aggregate.ts';
import { type WorkedPhase, workOutPhases } from './phased/work-out-phases.ts';
import { nextProgressRequest, stampedRequest } from './progress-request.ts';
import { aboveStraightPay } from './rules/no-caps.ts';
import { missingKeys } from './rules/outcome.ts';
import type { AppliedResult, Calculation, CalculationResult, Entry } from './shapes.ts';

/**
 * Reads what a calculation needs beyond its own job: which is known only once its time and people are. A failed read must throw, since
 * an empty answer means that nobody knows.
 */
export interface InputReaders {
  /** The moment of the reading. */
  readonly now: Instant;
  /** The wage history of each worker. */
  wages(workerIds: readonly string[]): Promise<WageHistories>;
  /** Everything that people recorded over some days, wherever. */
  workerTimes(need: TimeNeed): Promise<WorkerTimes>;
  /** The headers of jobs and milestones that time was recorded on. */
  workPlaces(places: readonly WorkPlace[]): Promise<WorkPlaces>;
  /** The records of jobs that are rework of another one. */
  rework(jobIds: readonly string[]): Promise<readonly ProPayRecords[]>;
}

/** How a ProPay is worked out otherwise than usual. */
export interface WorkOptions {
  /** On the full budget, whatever the progress. */
  readonly final?: boolean;
  /** With the wages that the rule gives now, instead of those that were fixed (B-95). */
  readonly refixWages?: boolean;
  /** With wages that have changed since the approval, in place of those that it was made with (M-119). */
  readonly laterWages?: boolean;
  /** With this rework, instead of what counts into the ProPay by itself. */
  readonly reworkJobIds?: readonly string[];
  /** Phases as a command leaves them, in place of those that are stored. */
  readonly phases?: readonly Phase[];
}

/** A ProPay worked out from one reading of its inputs. */
export interface WorkedOut {
  readonly assembled: Assembled;
  /** The result on the full budget: what an approval approves. */
  readonly final: CalculationResult;
  readonly result: Omit<ProPayResult, 'calcRev' | 'calculatedAt'>;
  /** The phases of a phased ProPay (B-111), whose sums its result then is. */
  readonly phases: readonly WorkedPhase[];
}

/**
 * Works a ProPay out from its state: the same for recalculation, commands, preview and verification (B-6). `final` asks for the figures
 * on the full budget, as an approval stores them; otherwise work that still runs shows its projection, with the full result beside it.
 */
export async function workOutProPay(
  state: ProPayState,
  proPay: ProPay,
  context: TenantContext,
  readers: InputReaders,
  options: WorkOptions = {},
): Promise<WorkedOut> {
  const whole = await workOutOne(state, proPay, context, readers, options);
  if (!isPhased(proPay)) return whole;
  const phases = await workOutPhases(workOutOne, state, proPay, context, readers, options);
  return { ...whole, phases, result: { ...whole.result, ...resultOfPhases(phases.map(({ next }) => next)) } };
}

async function workOutOne(
  state: ProPayState,
  proPay: ProPay,
  context: TenantContext,
  readers: InputReaders,
  options: WorkOptions,
): Promise<WorkedOut> {
  const before = options.refixWages ? null : state.result;
  const reworkIds = options.reworkJobIds ?? reworkJobsOf(state, proPay);
  const rework = reworkIds.length === 0 ? [] : await readers.rework(reworkIds);
  const since = options.laterWages ? (proPay.approval?.approvedAt ?? null) : null;
  const gathered = gather(state, proPay, context, before, rework, since);
  const assembled = assemble(gathered, await readFurther(gathered, readers));
  const final = calculate(withFittingAmounts(assembled.calculation));
  const asked = nextProgressRequest(state.result?.progressRequest ?? null, final, assembled.completion, context.progressStepBp);
  return {
    assembled,
    final,
    result: { ...resultOf(assembled, proPay, final, options.final ?? false), progressRequest: asked },
    phases: [],
  };
}

/** Reads what a gathered ProPay asks for; nothing where it asks for nothing. */
async function readFurther({ wagesNeeded, timeNeed, state, context }: Gathered, readers: InputReaders): Promise<FurtherInputs> {
  const { now } = readers;
  const histories = wagesNeeded.length === 0 ? new Map() : await readWages(readers, wagesNeeded, context);
  if (timeNeed === null) return { histories, times: new Map(), places: NOWHERE, now };
  const times = timesOfPersons(await readers.workerTimes(timeNeed), context);
  const asked = context.nonBillableRules.spreadDriveTime ? placesOfTime(times, state.target.jobId) : [];
  return { histories, times, places: asked.length === 0 ? NOWHERE : await readers.workPlaces(asked), now };
}

async function readWages(readers: InputReaders, workerIds: readonly string[], context: TenantContext): Promise<WageHistories> {
  return historiesOfPersons(await readers.wages(idsOfPeople(context, workerIds)), workerIds, context);
}

const NOWHERE: WorkPlaces = { jobs: new Map(), milestones: new Map() };

function resultOf(
  assembled: Assembled,
  proPay: ProPay,
  final: CalculationResult,
  asFinal: boolean,
): Omit<ProPayResult, 'calcRev' | 'calculatedAt' | 'progressRequest'> {
  const { completion, time, people } = assembled;
  const running = !asFinal && !completion.completedAtSource;
  const whole = withFittingAmounts(assembled.calculation);
  const projected = withFittingAmounts({ ...assembled.calculation, completionBp: completion.completionBp });
  const shown = running ? projection(projected, final) : final;
  const figures = shown.outcome === 'applies' ? figuresOf(shown, running ? projected : whole) : null;
  return {
    cfgRev: proPay.revision,
    inputsVersion: assembled.inputsVersion,
    contextRevision: assembled.contextRevision,
    inputsSeen: assembled.inputsSeen,
    outcome: shown.outcome,
    missing: shown.outcome === 'applies' ? [] : shown.missing,
    figures,
    ifCompleted: running && final.outcome === 'applies' ? figuresOf(final, whole) : null,
    completionBp: completion.completionBp,
    startDate: time.startDate,
    wages: assembled.wages,
    place: assembled.place,
    connectionIds: assembled.connectionIds,
    people: {
      crewLeadIds: people.crewLeadIds,
      managerIds: people.managerIds,
      otherIds: people.otherIds,
      workerIds: assembled.workerIds,
    },
    openEntryIds: time.openEntryIds,
    completedAtSource: completion.completedAtSource,
    budget: assembled.budget,
    timeNeed: assembled.timeNeed,
  };
}

/** The running projection on the earned budget (B-36); without any signal of progress it cannot be told (B-37). */
function projection(calculation: Calculation, final: CalculationResult): CalculationResult {
  if (calculation.completionBp !== null) return calculate(calculation);
  const missing = final.outcome === 'cannot-tell' ? final.missing : [];
  return { outcome: 'cannot-tell', missing: missingKeys([...missing, 'progress']) };
}

/** The figures of a result as they are stored, each crew payout with the seconds behind it. */
export function figuresOf(result: AppliedResult, calculation: Calculation): ProPayFigures {
  const weighed = calculation.entries.filter((entry) => !entry.noWeight);
  return shownFigures(result, { weighed, all: calculation.entries }, possibleOf(result, calculation));
}

/** Counted time behind figures: what the crew's share is weighed by, and all of it at its wages. */
export interface FiguredTime {
  readonly weighed: readonly { readonly workerId: string; readonly seconds: number }[];
  readonly all: readonly Entry[];
}

/** Figures of a result with counted time and what would have been paid without any fault (B-171). */
export function shownFigures(result: AppliedResult, { weighed, all }: FiguredTime, possibleCents: number): ProPayFigures {
  const isAbove = aboveStraightPay(all);
  const secondsOf = new Map<string, number>();
  for (const { workerId, seconds } of weighed) secondsOf.set(workerId, (secondsOf.get(workerId) ?? 0) + seconds);
  return {
    budgetSeconds: result.earnedBudgetSeconds ?? result.budgetSeconds ?? null,
    budgetCents: result.earnedBudgetCents ?? result.budgetCents ?? null,
    actualSeconds: result.actualSeconds,
    actualCostCents: result.actualCostCents,
    blendedWageE4: result.blendedWageE4,
    savedSeconds: result.savedSeconds ?? null,
    savingsCents: result.savingsCents,
    workerShareCents: result.workerShareCents,
    penaltyCents: result.penaltyCents,
    pools: result.pools,
    payouts: result.payouts.map((payout) => ({
      ...payout,
      seconds: payout.role === 'crew' ? (secondsOf.get(payout.workerId) ?? 0) : 0,
      ...(isAbove(payout) ? { aboveStraightPay: true as const } : null),
    })),
    companyKeepsCents: result.companyKeepsCents,
    leadPayCents: result.leadPayCents,
    leadPayouts: result.leadPayouts,
    possibleCents,
    approvable: result.approvable,
    notes: result.notes,
  };
}

/** What the same work would pay with every question passed and no penalty (B-171), however the crew shares it; lead pay included. */
function possibleOf(result: AppliedResult, calculation: Calculation): number {
  const { unsettled } = calculation.distribution;
  const faulted = result.penaltyCents > 0 || result.notes.includes('disqualified') || unsettled !== undefined;
  const faultless = faulted
    ? calculate({ ...calculation, disqualifiers: null, penalties: null, distribution: { formula: 'per_hour' } })
    : result;
  if (faultless.outcome !== 'applies') throw new Error('answers and penalties add nothing that is missing');
  return paidOf(faultless);
}

/** Everything that a result pays, lead pay included. */
export function paidOf(result: Pick<AppliedResult, 'payouts' | 'leadPayCents'>): number {
  return result.payouts.reduce((sum, payout) => sum + payout.cents, result.leadPayCents);
}

/** Everything of a result that a reader sees or a later calculation builds on; revision and time of writing apart. */
export function sameResult(stored: ProPayResult, worked: WorkedOut['result']): boolean {
  const { calcRev: _calcRev, calculatedAt: _calculatedAt, ...figures } = stored;
  return hashCanonical(figures) === hashCanonical(worked);
}

/** A result with the next revision, as it is stored. */
export function nextResult(before: ProPayResult | null, worked: WorkedOut['result'], now: Instant): ProPayResult {
  return {
    ...worked,
    progressRequest: stampedRequest(worked.progressRequest, now),
    calcRev: (before?.calcRev ?? 0) + 1,
    calculatedAt: now,
  };
}
