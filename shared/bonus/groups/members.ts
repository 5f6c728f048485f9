import type { Contribution, Group, MemberFacts } from '#model/group.ts';
import type { GroupMember, GroupTerms } from '../group.ts';
import { earnedBudget } from '../rules/completion.ts';
import type { Budget, Calculation, Disqualifier } from '../shapes.ts';

/** A contribution as a member of the group's calculation. */
export function memberOf(group: Group, contribution: Contribution): GroupMember {
  const { proPayId: id, time, penalties, leadPayCents, assignedCrew, crewLeadIds, managerIds, otherIds } = contribution;
  return {
    id,
    budget: budgetOf(contribution),
    entries: time,
    disqualifiers: openOnes(group, contribution.disqualifiers),
    penalties,
    leadPayCents,
    assignedCrew,
    crewLeadIds,
    managerIds,
    otherIds,
  };
}

/** The same member with every record behind it: what approvals keep and explanations lead to. */
export function fullMemberOf(group: Group, contribution: Contribution, calculation: Calculation): GroupMember {
  const { budget, settingModification, adjustment, entries, penalties, peopleRefs } = calculation;
  const excluded = new Set(calculation.excludedWorkerIds ?? []);
  return {
    ...memberOf(group, contribution),
    budget,
    settingModification: settingModification ?? null,
    adjustment: adjustment ?? null,
    entries: entries.map((entry) => (excluded.has(entry.workerId) ? { ...entry, noWeight: true } : entry)),
    disqualifiers: openOnes(group, calculation.disqualifiers ?? []),
    penalties: penalties ?? [],
    peopleRefs: peopleRefs ?? [],
    ...(calculation.assignedCrew ? { assignedCrew: calculation.assignedCrew } : null),
  };
}

/** The common terms of full members: every person with the first record that names them. */
export function fullTerms(terms: GroupTerms, members: readonly GroupMember[]): GroupTerms {
  const refs = new Map<string, NonNullable<Calculation['peopleRefs']>[number]>();
  for (const one of members.flatMap(({ peopleRefs }) => peopleRefs ?? [])) {
    const key = `${one.role} ${one.workerId}`;
    if (!refs.has(key)) refs.set(key, one);
  }
  return { ...terms, peopleRefs: [...refs.values()] };
}

/** An answer that was given for the group answers the same question of its members where it is still open (B-107). */
function openOnes(group: Pick<Group, 'disqualifiers'>, questions: readonly Disqualifier[]): readonly Disqualifier[] {
  const answered = new Set(group.disqualifiers.flatMap(({ key, state }) => (state === 'pending' ? [] : [key])));
  return questions.filter(({ id, state }) => state !== 'pending' || !answered.has(id));
}

function budgetOf({ budgetKind, budget, missing }: MemberFacts): Budget | null {
  const hours = budgetKind === 'hours';
  if (budget !== null)
    return hours ? { type: 'hours_budget', budgetSeconds: budget } : { type: 'labor_budget', budgetCents: budget };
  const tasks = missing.flatMap((key) => (key.startsWith(TASK) ? [key.slice(TASK.length)] : []));
  if (tasks.length === 0) return null;
  return hours
    ? { type: 'task_hours', tasks: tasks.map((id) => ({ id, budgetSeconds: null })) }
    : { type: 'task_amount', tasks: tasks.map((id) => ({ id, budgetCents: null })) };
}

const TASK = 'task-budget:';

/** A contribution on its earned budget while its work still runs (B-36); null without any signal of progress (B-37). */
export function asEarned(contribution: Contribution): Contribution | null {
  const { completedAtSource, completionBp, budget } = contribution;
  if (completedAtSource) return contribution;
  if (completionBp === null) return null;
  return { ...contribution, budget: budget === null ? null : earnedBudget(budget, completionBp) };
}
