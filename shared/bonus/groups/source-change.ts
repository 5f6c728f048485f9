import { canonicalJson } from '#kernel/canonical.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Contribution, Group, GroupFigures, MemberFacts, MemberNow } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import { uncollectedOf, withApplied } from '../applied-callbacks.ts';
import type { calculate } from '../calculate.ts';
import { addUpPayouts, type GroupMember, pooledCalculation, separateCalculation } from '../group.ts';
import { missingKeys } from '../rules/outcome.ts';
import type { UndecidedResult } from '../shapes.ts';
import { differenceBetween, type PaidFigures, paidFiguresOf, payNow } from '../source-change.ts';
import type { ReadOnSources, SourceReading } from '../source-reading.ts';
import { factsOf } from './contribution.ts';
import { memberOf } from './members.ts';
import { appliedInGroup } from './rework.ts';
import { groupTerms, termsInForce } from './terms.ts';

/** So many records are named; who wants all of them compares snapshot and mirror. */
const NAMED = 100;

/** What of an approved member is not what was approved; null where nothing that counts differs. */
export function memberNow(
  proPay: ProPay,
  stored: Contribution,
  { worked, current, causes, records, runId }: Omit<SourceReading, 'compared'>,
): MemberNow | null {
  const facts = factsOf(proPay, { ...worked.assembled, calculation: current });
  return causes.length === 0 && counted(facts) === counted(stored) ? null : { ...facts, causes, records, runId };
}

function counted({ budgetKind, budget, missing, time }: MemberFacts): string {
  return canonicalJson({ budgetKind, budget, missing, time });
}

/**
 * What the sources of an approved group say now, against what was approved (B-96): as a group, since that is how it was paid, and by the
 * rules that it was approved with (B-6).
 */
export function readGroupSources(
  group: Group,
  members: readonly Contribution[],
  approved: GroupFigures,
  calculateWith: typeof calculate,
): ReadOnSources {
  const changes = members.flatMap(({ proPayId, now }) => (now === null ? [] : [{ proPayId, now }]));
  const paid = paysNow(group, members, calculateWith);
  const own = 'outcome' in paid ? paid : differenceBetween(paidFiguresOf(approved), paid);
  const settings = termsInForce(group, members);
  const applied = settings === null ? [] : appliedInGroup(group, members, settings, approved, calculateWith);
  const runs = changes.flatMap(({ now }) => now.runId ?? []).sort();
  return {
    compared: applied.reduce(withApplied, own),
    uncollected: uncollectedOf(applied),
    causes: [...new Set(changes.flatMap(({ now }) => now.causes))].sort(),
    records: changes.flatMap(({ now }) => now.records).slice(0, NAMED),
    runId: runs.at(-1) ?? null,
    inputsSeen: hashCanonical([changes.map(({ proPayId, now }) => [proPayId, countedOf(now)]), applied.map(({ seen }) => seen)]),
  };
}

function countedOf({ causes, budget, missing, time }: MemberNow) {
  return { causes, budget, missing, time };
}

/** What the group would pay on the present sources: settings, people, answers and penalties as approved. */
function paysNow(group: Group, members: readonly Contribution[], calculateWith: typeof calculate): PaidFigures | UndecidedResult {
  const settings = termsInForce(group, members);
  if (settings === null) return { actualSeconds: 0, payouts: [] };
  const terms = groupTerms(group, members, settings);
  const present = members.map((member) => ({ member: memberOf(group, presentOf(member)), saves: savesNow(member) }));
  if (group.netting === 'pooled') {
    const live = present.flatMap(({ member, saves }) => (saves ? [member] : []));
    const { input, missing } = pooledCalculation(terms, live);
    if (missing.length > 0) return { outcome: 'cannot-tell', missing: missingKeys(missing) };
    const paid = payNow({ ...input, assignedCrew: null }, false, { calculateWith });
    if ('outcome' in paid) return paid;
    const idle = present.flatMap(({ member, saves }) => (saves ? [] : [member]));
    return { ...paid, actualSeconds: paid.actualSeconds + secondsOf(idle) };
  }
  const each = present.map(({ member, saves }) =>
    payNow(separateCalculation(terms, { ...member, assignedCrew: null }), !saves, { calculateWith }),
  );
  const missing = each.flatMap((one) => ('outcome' in one ? one.missing : []));
  if (missing.length > 0) return { outcome: 'cannot-tell', missing: missingKeys(missing) };
  const paid = each.filter((one): one is PaidFigures => !('outcome' in one));
  return {
    actualSeconds: paid.reduce((sum, one) => sum + one.actualSeconds, 0),
    payouts: addUpPayouts(paid.flatMap((one) => one.payouts)),
  };
}

/** An approved member as its sources are now. */
export function presentOf(member: Contribution): Contribution {
  if (member.now === null) return member;
  const { budgetKind, budget, missing, time } = member.now;
  return { ...member, budgetKind, budget, missing, time };
}

/** A member that was canceled or has no time any more keeps its hours and saves nothing (B-96). */
export function savesNow(member: Contribution): boolean {
  return member.now?.causes.includes('canceled') !== true && presentOf(member).time.length > 0;
}

function secondsOf(members: readonly GroupMember[]): number {
  return members.flatMap(({ entries }) => entries).reduce((sum, { seconds }) => sum + seconds, 0);
}
