import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { NOTHING_SETTLED, type RoleDifference, type SettledDifference, type SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import { phaseSourceId } from '#model/phase.ts';
import { defineRule } from '../rules/rule.ts';
import { beyondBaseline, settledFigures } from '../settled.ts';
import type { Payout } from '../shapes.ts';
import { sumDifferences } from '../source-change.ts';
import type { ReadOnSources } from '../source-reading.ts';

/** B-97: what an accepted difference adds to a person's items, and how little it may leave of them. */
export const adjustingRule = defineRule('B-97', 1, 'Adjusting line item');

/** What a reading of the sources is held against. */
export interface Measured {
  readonly proPayId: string;
  readonly approval: number;
  readonly branchId: string | null;
  readonly seenAt: Instant;
}

/**
 * The difference after a reading of the sources (B-96): Open while anything differs from the baseline, Cleared when nothing does any more;
 * what people have decided stays decided until the sources move again. Null where there is nothing to tell and never was.
 */
export function nextDifference(
  known: SourceDifference | null,
  reading: ReadOnSources,
  { proPayId, approval, branchId, seenAt }: Measured,
): SourceDifference | null {
  const { compared, uncollected, causes, records, runId, inputsSeen } = reading;
  const present = known?.approval === approval ? known : null;
  const settled = stillSettled(present?.settled ?? NOTHING_SETTLED, causes);
  const told = compared.outcome === 'applies';
  const byWorker = told ? beyondBaseline(compared.byWorker, { settled, uncollected }) : [];
  const deltaSeconds = told ? compared.secondsDifference - settled.seconds : null;
  const news = causes.some((cause) => !settled.causes.includes(cause));
  const open = !told || byWorker.length > 0 || deltaSeconds !== 0 || news;
  if (!open && present === null) return null;
  const decided = present?.state === 'Accepted' || present?.state === 'Dismissed' ? present.state : 'Cleared';
  return withVersion({
    proPayId,
    state: open ? 'Open' : decided,
    approval,
    inputsSeen,
    deltaSeconds,
    deltaCents: told ? totalOf(byWorker) : null,
    byWorker,
    uncollected,
    missing: told ? [] : compared.missing,
    causes,
    records: open ? records : [],
    runId: open ? runId : null,
    settled,
    branchId,
    seenAt,
    revision: known?.revision ?? 0,
    parts: [],
  });
}

/** A cause that has passed may come again and is news then. */
function stillSettled(settled: SettledDifference, causes: SourceDifference['causes']): SettledDifference {
  return { ...settled, causes: settled.causes.filter((cause) => causes.includes(cause)) };
}

function withVersion(difference: Omit<SourceDifference, 'inputsVersion'>): SourceDifference {
  const { approval, inputsSeen, settled, byWorker } = difference;
  return { ...difference, inputsVersion: hashCanonical({ approval, inputsSeen, settled, byWorker }) };
}

/** True where a new reading says nothing that the stored difference does not say. */
export function saysSame(known: SourceDifference, next: SourceDifference): boolean {
  const facts = ({ state, approval, inputsVersion, deltaSeconds, deltaCents, missing }: SourceDifference): string =>
    JSON.stringify([state, approval, inputsVersion, deltaSeconds, deltaCents, missing]);
  return facts(known) === facts(next);
}

/** What somebody decides of an open difference: all of it, or some people's. */
export interface DifferenceVerdict {
  readonly verdict: 'accept' | 'dismiss';
  readonly workerIds: readonly string[] | null;
}

/** A decided difference, and what it adds to people's items: by person and role, deductions negative, without zeros. */
export interface DifferenceDecision {
  readonly next: SourceDifference;
  readonly decided: readonly RoleDifference[];
  readonly adjustments: readonly Payout[];
}

/**
 * Decides an open difference (B-96, B-97). Accepted figures become the baseline and money; dismissed ones the baseline alone. A person's
 * items of the ProPay never total below zero: what exceeds them is the company's. Where deductions are blocked, a lowering is refused
 * rather than dropped (B-218): it can be dismissed, and the others accepted by name.
 */
export function decideDifference(
  known: SourceDifference,
  { verdict, workerIds }: DifferenceVerdict,
  items: readonly LineItem[],
  deductionsAllowed: boolean,
): DifferenceDecision {
  requireDecidable(known, known.byWorker, workerIds);
  const decided = known.byWorker.filter(({ workerId }) => workerIds === null || workerIds.includes(workerId));
  const adjustments = verdict === 'accept' ? adjustmentsOf(decided, items) : [];
  if (!deductionsAllowed) requireNoDeduction(adjustments);
  const booked = verdict === 'accept' ? adjustments.map(differenceOf) : decided;
  return { next: decidedDifference(known, { verdict, decided, booked }), decided, adjustments };
}

/** Refuses unless a difference is open, can be told, and names everybody whose part is to be decided. */
export function requireDecidable(
  { state, deltaSeconds, missing }: SourceDifference,
  byWorker: readonly RoleDifference[],
  workerIds: readonly string[] | null,
): void {
  if (state !== 'Open') refuse('wrong-state', { data: { state } });
  if (deltaSeconds === null) refuse('cannot-tell', { data: { missing } });
  const stranger = workerIds?.find((id) => !byWorker.some((one) => one.workerId === id));
  if (stranger !== undefined) refuse('unknown-reference', { field: 'workerIds', data: { workerId: stranger } });
}

/** Refuses adjustments that lower somebody's items, where deductions are blocked (B-218). */
export function requireNoDeduction(adjustments: readonly Payout[]): void {
  const lowered = adjustments.filter(({ cents }) => cents < 0).map(({ workerId }) => workerId);
  if (lowered.length > 0)
    refuse('deductions-blocked', {
      detail: 'Deductions are blocked in this branch: dismiss these people’s difference, or accept the others by name.',
      data: { workerIds: [...new Set(lowered)] },
    });
}

/** What was decided of some people's part of a difference, and what of it was booked; dismissed, it counts as booked. */
interface Decided {
  readonly verdict: DifferenceVerdict['verdict'];
  readonly decided: readonly RoleDifference[];
  readonly booked: readonly RoleDifference[];
}

/** A difference after a decision on some people's part of it, or on all. */
export function decidedDifference(known: SourceDifference, { verdict, decided, booked }: Decided): SourceDifference {
  const byWorker = known.byWorker.filter((one) => !decided.includes(one));
  const whole = byWorker.length === 0;
  const settled: SettledDifference = {
    seconds: known.settled.seconds + (whole ? (known.deltaSeconds ?? 0) : 0),
    byWorker: settledFigures(known, decided),
    booked: sumDifferences([...known.settled.booked, ...booked]),
    causes: whole ? known.causes : known.settled.causes,
  };
  const state = whole ? (verdict === 'accept' ? 'Accepted' : 'Dismissed') : 'Open';
  const figures = { byWorker, deltaCents: totalOf(byWorker), deltaSeconds: whole ? 0 : known.deltaSeconds };
  return withVersion({ ...known, ...figures, state, settled });
}

/** What accepted differences add to people's items (B-97): raises in full, lowerings as far as the person's items go. */
export function adjustmentsOf(differences: readonly RoleDifference[], items: readonly LineItem[]): readonly Payout[] {
  const raises = differences.filter(({ differenceCents }) => differenceCents > 0).map(payoutOf);
  const lowered = differences.filter(({ differenceCents }) => differenceCents < 0);
  const workerIds = [...new Set(lowered.map(({ workerId }) => workerId))];
  const takings = workerIds.flatMap((workerId) => {
    const own = lowered.filter((one) => one.workerId === workerId);
    const raised = raises.filter((one) => one.workerId === workerId).reduce((sum, { cents }) => sum + cents, 0);
    const left = Math.max(0, standingOf(items, workerId) + raised);
    return takenFrom(own, Math.min(left, 0 - totalOf(own)));
  });
  return [...raises, ...takings];
}

/** Divides what may be taken of a person over the roles that lost it. */
export function takenFrom(own: readonly RoleDifference[], cents: number): readonly Payout[] {
  const parts = allocateAmounts(
    cents,
    own.map(({ role, differenceCents }) => ({ id: role, weight: 0 - differenceCents })),
  );
  return own.map(({ workerId, role }, index) => ({ workerId, role, cents: 0 - parts[index]! })).filter((one) => one.cents !== 0);
}

/** What a person's items of one ProPay come to: voided ones count nothing, premiums are wages and apart. */
export function standingOf(items: readonly LineItem[], workerId: string): number {
  return items
    .filter((item) => item.workerId === workerId && item.type !== 'premium' && item.events.at(-1)?.type !== 'void')
    .reduce((sum, item) => sum + item.amountCents, 0);
}

/** What differences come to. */
export function totalOf(differences: readonly RoleDifference[]): number {
  return differences.reduce((sum, one) => sum + one.differenceCents, 0);
}

/** A difference as an amount that is booked. */
export const payoutOf = ({ workerId, role, differenceCents }: RoleDifference): Payout => ({
  workerId,
  role,
  cents: differenceCents,
});

/** A booked amount as the difference it makes. */
export const differenceOf = ({ workerId, role, cents }: Payout): RoleDifference => ({ workerId, role, differenceCents: cents });

/** Whose difference a decision on an item's approval is about: a ProPay, or a group; null where the item has none. */
export function differenceOfItem({ source }: Pick<LineItem, 'source'>): string | null {
  if ('groupId' in source) return source.groupId;
  return 'proPayId' in source ? source.proPayId : null;
}

/**
 * A difference after an item of its approval was voided by hand. Of an adjusting item what was decided stays decided, and was booked no more,
 * so that a correction back neither gives nor takes it a second time (decision 022); any other leaves it as it is.
 */
export function afterVoid(known: SourceDifference, item: LineItem): SourceDifference {
  const { source } = item;
  if (known.parts.length > 0) {
    const partId = source.kind === 'phase' ? phaseSourceId({ ...source, id: source.phaseId }) : null;
    return { ...known, parts: known.parts.map((part) => (part.proPayId === partId ? afterVoid(part, item) : part)) };
  }
  const { category, workerId, role, amountCents } = item;
  const isOwn = 'approval' in source && source.approval === known.approval;
  if (category !== 'adjustment' || role === null || !isOwn) return known;
  const booked = sumDifferences([...known.settled.booked, { workerId, role, differenceCents: 0 - amountCents }]);
  return withVersion({ ...known, settled: { ...known.settled, booked } });
}

/** A difference whose approval is taken back: there is nothing left to differ from (B-91). */
export function clearedDifference(known: SourceDifference): SourceDifference {
  return { ...known, state: 'Cleared', settled: NOTHING_SETTLED };
}
