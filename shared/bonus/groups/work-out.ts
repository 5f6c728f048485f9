import { AppError } from '#kernel/errors.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Contribution, Group, GroupFigures, GroupResult, MemberTerms } from '#model/group.ts';
import type { TenantContext } from '#model/settings.ts';
import { roundedRatio } from '../exact.ts';
import {
  calculatePooled,
  type GroupMember,
  type GroupTerms,
  pooledCalculation,
  separateCalculation,
  separateResults,
} from '../group.ts';
import { withoutReferences } from '../inputs/digest.ts';
import { anyFailed } from '../rules/disqualifiers.ts';
import { missingKeys } from '../rules/outcome.ts';
import type { AppliedResult, Calculation, UndecidedResult } from '../shapes.ts';
import { paidOf, shownFigures } from '../work-out.ts';
import { weightedTime } from '../workings.ts';
import { asEarned, memberOf } from './members.ts';
import { type NewGroupResult, summaryOf } from './result.ts';
import { addUpResults } from './sums.ts';
import { conflictsOf, groupTerms, inOrder, termsInForce } from './terms.ts';

/** What the calculation of a group comes to: figures, what is missing, or why there is nothing to calculate. */
export type GroupOutcome =
  | { readonly outcome: 'applies'; readonly result: AppliedResult; readonly figures: GroupFigures }
  | UndecidedResult
  | { readonly outcome: 'does-not-apply'; readonly refusal: AppError | null };

/** A group worked out from one reading of its contributions. */
export interface WorkedGroup {
  /** The settings in force; null without members. */
  readonly terms: MemberTerms | null;
  /** On the full budgets: what an approval approves. */
  readonly final: GroupOutcome;
  readonly result: NewGroupResult;
}

/**
 * Works a group out from its members' contributions: the same for recalculation, commands and verification (B-6). While work runs on any
 * member the projection on earned budgets is shown, with the full result beside it. `final` asks for the full one alone.
 */
export function workOutGroup(
  group: Group,
  contributions: readonly Contribution[],
  context: Pick<TenantContext, 'branches' | 'payCalendar'>,
  options: { readonly final?: boolean } = {},
): WorkedGroup {
  const members = inOrder(contributions);
  const terms = termsInForce(group, members);
  const conflicts = conflictsOf(group, members, context);
  const mixed = conflicts.some(({ fields }) => fields.includes('budget_kind'));
  const calculate = (list: readonly Contribution[]): GroupOutcome =>
    terms === null || mixed ? NOTHING : outcomeOf(group, list, terms);
  const final = calculate(members);
  const running = !options.final && members.some((member) => !member.completedAtSource);
  const shown = running ? projected(members, calculate, final) : final;
  const result: WorkedGroup['result'] = {
    inputsVersion: inputsVersionOf(group, members, terms),
    inputsSeen: hashCanonical([group.revision, ...members.map(({ proPayId, calcRev }) => [proPayId, calcRev])]),
    outcome: shown.outcome,
    missing: shown.outcome === 'cannot-tell' ? shown.missing : [],
    figures: shown.outcome === 'applies' ? shown.figures : null,
    ifCompleted: running && final.outcome === 'applies' ? final.figures : null,
    conflicts,
    ...summaryOf(group, members),
  };
  return { terms, final, result };
}

const NOTHING: GroupOutcome = { outcome: 'does-not-apply', refusal: null };

function projected(
  members: readonly Contribution[],
  calculate: (list: readonly Contribution[]) => GroupOutcome,
  final: GroupOutcome,
): GroupOutcome {
  const earned = members.map(asEarned);
  if (final.outcome === 'does-not-apply') return final;
  if (earned.every((one) => one !== null)) return calculate(earned);
  return {
    outcome: 'cannot-tell',
    missing: missingKeys(['progress', ...(final.outcome === 'cannot-tell' ? final.missing : [])]),
  };
}

function outcomeOf(group: Group, contributions: readonly Contribution[], terms: MemberTerms): GroupOutcome {
  const members = contributions.map((one) => memberOf(group, one));
  try {
    return calculateGroup(group, groupTerms(group, contributions, terms), members);
  } catch (error) {
    // Amounts by hand that no longer fit the pool (B-70): nothing to show until they are entered again.
    if (error instanceof AppError && BY_HAND.has(error.code)) return { outcome: 'does-not-apply', refusal: error };
    throw error;
  }
}

const BY_HAND: ReadonlySet<string> = new Set(['manual-sum-mismatch', 'not-in-crew']);

/** The figures of a group by its netting (B-102, B-103). */
export function calculateGroup(
  group: Pick<Group, 'netting'>,
  terms: GroupTerms,
  members: readonly GroupMember[],
): Exclude<GroupOutcome, { outcome: 'does-not-apply' }> {
  const told = resultOf(group, terms, members);
  if (told.outcome === 'cannot-tell') return told;
  const { result, calculations } = told;
  const shared = calculations.flatMap(weightedTime);
  const seconds = shared.reduce((sum, one) => sum + one.seconds, 0);
  const bonusRateE4 = seconds === 0 ? null : roundedRatio(result.pools.crewCents, 360_000, seconds);
  const figures = shownFigures(
    result,
    { weighed: shared, all: calculations.flatMap(({ entries }) => entries) },
    possibleOf(group, terms, members, result),
  );
  return { outcome: 'applies', result, figures: { ...figures, bonusRateE4 } };
}

type Told = { readonly outcome: 'applies'; readonly result: AppliedResult; readonly calculations: readonly Calculation[] };

function resultOf(
  { netting }: Pick<Group, 'netting'>,
  terms: GroupTerms,
  members: readonly GroupMember[],
): Told | UndecidedResult {
  if (netting === 'pooled') {
    const result = calculatePooled(terms, members);
    if (result.outcome === 'cannot-tell') return result;
    return { outcome: 'applies', result, calculations: [pooledCalculation(terms, members).input] };
  }
  const results = separateResults(terms, members).map(({ result }) => result);
  const missing = results.flatMap((one) => (one.outcome === 'applies' ? [] : one.missing));
  if (missing.length > 0) return { outcome: 'cannot-tell', missing: missingKeys(missing) };
  return {
    outcome: 'applies',
    result: addUpResults(results.filter((one) => one.outcome === 'applies')),
    calculations: members.map((member) => separateCalculation(terms, member)),
  };
}

/** What the same work would pay with every question passed and no penalty (B-171), however the crew shares it. */
function possibleOf(
  group: Pick<Group, 'netting'>,
  terms: GroupTerms,
  members: readonly GroupMember[],
  result: AppliedResult,
): number {
  const asked = [terms, ...members].flatMap(({ disqualifiers }) => disqualifiers ?? []);
  if (result.penaltyCents === 0 && !anyFailed(asked)) return paidOf(result);
  const clear = { disqualifiers: null, penalties: null };
  const faultless = resultOf(
    group,
    { ...terms, ...clear, distribution: { formula: 'per_hour' } },
    members.map((member) => ({ ...member, ...clear })),
  );
  if (faultless.outcome !== 'applies') throw new Error('answers and penalties add nothing that is missing');
  return paidOf(faultless.result);
}

function inputsVersionOf(group: Group, members: readonly Contribution[], terms: MemberTerms | null): string {
  const counted = members.map((one) => ({
    ...memberOf(group, one),
    completionBp: one.completionBp,
    completed: one.completedAtSource,
  }));
  const common = terms === null ? null : { ...groupTerms(group, members, terms), settings: { ...terms, pool: null } };
  return hashCanonical(withoutReferences({ netting: group.netting, common, members: counted }));
}

/** Everything of a group's result that a reader sees; revision and time of writing apart. */
export function sameGroupResult(stored: GroupResult, worked: WorkedGroup['result']): boolean {
  const { calcRev: _calcRev, calculatedAt: _calculatedAt, ...shown } = stored;
  return hashCanonical(shown) === hashCanonical(worked);
}
