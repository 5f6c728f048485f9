import type { Calculation, PersonRef, RecordRef } from '#bonus/shapes.ts';

/** A record as it was read. */
export const ref = (entity: string, id: string): RecordRef => ({ entity, id, revision: 1 });

/** The same calculation with a reference on everything that can carry one; `scope` tells members of a group apart. */
export function withRefs(input: Calculation, scope = ''): Calculation {
  const named = (ids: readonly string[] | null | undefined, role: PersonRef['role']): PersonRef[] =>
    (ids ?? []).map((workerId) => ({ workerId, role, ref: ref('job', `${role} ${workerId}`) }));
  return {
    ...input,
    budget: input.budget === null ? null : { ...input.budget, ref: ref('budget', `b1${scope}`) },
    settingModification: input.settingModification && {
      ...input.settingModification,
      ref: input.settingModification.ref ?? ref('setting', `s1${scope}`),
    },
    adjustment: input.adjustment && { ...input.adjustment, ref: input.adjustment.ref ?? ref('propay', `pp1${scope}`) },
    pool: { ...input.pool, ref: ref('pool', 'p1') },
    entries: input.entries.map((entry, index) => ({
      ...entry,
      ref: { ...ref('time_entry', `t${index}${scope}`), sourceId: `src-${index}`, workDate: '2026-03-02' },
      wageRef: ref('wage', `w-${entry.workerId}-${entry.wageE4}`),
      ...(entry.week ? { weekRef: [ref('time_entry', `t${index}${scope}`), ref('time_entry', 'elsewhere')] } : {}),
    })),
    distribution: { ...input.distribution, ref: ref('pool', 'p1') },
    assignedCrew: input.assignedCrew?.map((one) => ({ ...one, wageRef: ref('wage', `w-${one.workerId}-${one.wageE4}`) })),
    disqualifiers: input.disqualifiers?.map((one) => ({ ...one, ref: one.ref ?? ref('answer', one.id) })),
    penalties: input.penalties?.map((one) => ({ ...one, ref: one.ref ?? ref('penalty', one.id) })),
    peopleRefs: [
      ...named(input.crewLeadIds, 'crew_lead'),
      ...named(input.managerIds, 'manager'),
      ...named(input.otherIds, 'other'),
    ],
  };
}
