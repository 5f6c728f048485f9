import type { Group, MemberTerms } from '#model/group.ts';
import type { LineItem } from '#model/pay.ts';
import type { PoolShares, ProPay, ProPayDisqualifier, ProPayDistribution, ProPayPenalty } from '#model/propay.ts';
import { effectiveDateOf, itemStatus } from '../item-status.ts';
import type { AppliedResult, Calculation, Entry } from '../shapes.ts';
import type { ApprovalSnapshot } from '../snapshot.ts';

/** What stands behind one line of a worker's statement, as it was approved (B-141). */
export interface LineFacts {
  readonly jobIds: readonly string[];
  readonly completionBp: number | null;
  readonly result: AppliedResult;
  readonly pool: PoolShares;
  readonly splitEnabled: boolean;
  readonly splitBp: number;
  readonly distribution: ProPayDistribution;
  /** What the crew's share was divided by: the worker's own time and wages, and the time of the whole crew. */
  readonly own: { readonly seconds: number; readonly wagesE4: readonly number[] };
  readonly crewSeconds: number;
  readonly disqualifiers: readonly Pick<ProPayDisqualifier, 'name' | 'state' | 'note'>[];
  readonly penalties: readonly Pick<ProPayPenalty, 'name' | 'amountCents' | 'count'>[];
}

/** The facts of an approved ProPay for one of its people. */
export function factsOfProPay(snapshot: ApprovalSnapshot, workerId: string): LineFacts {
  const { proPay, calculation, result } = snapshot;
  return {
    jobIds: [proPay.jobId],
    completionBp: snapshot.completion?.completionBp ?? null,
    result,
    ...termsOf(proPay, workerId),
    pool: proPay.manualPool ?? proPay.pool,
    ...timeOf([calculation], workerId),
    ...answersOf(proPay),
  };
}

/** The parts of a group's snapshot that its people are shown. */
export interface ApprovedGroup {
  readonly group: Pick<Group, 'disqualifiers' | 'penalties' | 'excludedWorkerIds'>;
  readonly settings: Pick<MemberTerms, 'shares' | 'splitEnabled' | 'splitBp' | 'distribution'>;
  readonly result: AppliedResult;
  readonly members: readonly { readonly proPay: ProPay; readonly calculation: Calculation }[];
}

/** The facts of an approved group for one of its people: one calculation over all its jobs (B-102), of which the person's own are named. */
export function factsOfGroup({ group, settings, result, members }: ApprovedGroup, workerId: string): LineFacts {
  const answers = [group, ...members.map(({ proPay }) => proPay)].map(answersOf);
  return {
    jobIds: [...new Set(members.filter(({ calculation }) => isOn(calculation, workerId)).map(({ proPay }) => proPay.jobId))],
    completionBp: null,
    result,
    pool: settings.shares,
    splitEnabled: settings.splitEnabled,
    splitBp: settings.splitBp,
    distribution: ownPart(settings.distribution, workerId),
    ...timeOf(
      members.map(({ calculation: { entries, excludedWorkerIds } }) => ({
        entries,
        excludedWorkerIds: [...(excludedWorkerIds ?? []), ...group.excludedWorkerIds],
      })),
      workerId,
    ),
    disqualifiers: answers.flatMap(({ disqualifiers }) => disqualifiers),
    penalties: answers.flatMap(({ penalties }) => penalties),
  };
}

/** Whether somebody worked on a job of a group, or is one of its leads, managers or other people. */
function isOn({ entries, crewLeadIds, managerIds, otherIds }: Calculation, workerId: string): boolean {
  const named = [crewLeadIds, managerIds, otherIds].some((ids) => ids?.includes(workerId));
  return named || entries.some((entry) => entry.workerId === workerId);
}

function termsOf({ pool, distribution }: ProPay, workerId: string): Pick<LineFacts, 'splitEnabled' | 'splitBp' | 'distribution'> {
  return { splitEnabled: pool.splitEnabled, splitBp: pool.splitBp, distribution: ownPart(distribution, workerId) };
}

/** Amounts by hand are told to those whose they are. */
function ownPart(distribution: ProPayDistribution, workerId: string): ProPayDistribution {
  const { amounts } = distribution;
  return amounts === undefined ? distribution : { ...distribution, amounts: amounts.filter((one) => one.workerId === workerId) };
}

function timeOf(
  calculations: readonly Pick<Calculation, 'entries' | 'excludedWorkerIds'>[],
  workerId: string,
): Pick<LineFacts, 'own' | 'crewSeconds'> {
  const sharing = calculations.flatMap(({ entries, excludedWorkerIds }) =>
    entries.filter((entry) => !entry.noWeight && !(excludedWorkerIds ?? []).includes(entry.workerId)),
  );
  const own = sharing.filter((entry) => entry.workerId === workerId);
  const wages = new Set(own.flatMap(({ wageE4 }) => wageE4 ?? []));
  return { own: { seconds: secondsOf(own), wagesE4: [...wages].sort((a, b) => a - b) }, crewSeconds: secondsOf(sharing) };
}

const secondsOf = (entries: readonly Entry[]): number => entries.reduce((sum, { seconds }) => sum + seconds, 0);

/** Penalties that were not incurred are left out. Snapshots of before there were answers hold none. */
function answersOf({
  disqualifiers = [],
  penalties = [],
}: Partial<Pick<ProPay, 'disqualifiers' | 'penalties'>>): Pick<LineFacts, 'disqualifiers' | 'penalties'> {
  return {
    disqualifiers: disqualifiers.map(({ name, state, note }) => ({ name, state, note })),
    penalties: penalties.filter(({ count }) => count > 0).map(({ name, amountCents, count }) => ({ name, amountCents, count })),
  };
}

/** Until when an item is held: a day, or without end; null for one that is not held (B-141). */
export function heldUntil(
  { approvalDate, releaseOn, events }: LineItem,
  todayDate: string,
): { readonly on: string | null } | null {
  if (itemStatus(releaseOn, events, todayDate) !== 'Held') return null;
  return { on: effectiveDateOf(approvalDate, releaseOn, events) };
}
