import type { LocalDate } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { GoalTerms } from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { refOfRecord } from '../inputs/live.ts';
import { roleOf } from '../inputs/people.ts';
import { takesPart } from '../rules/goal-participants.ts';
import type { Participant } from './work-out.ts';

/** Those of the people who take part in a goal, as their records stand now (B-162). */
export function participantsAmong(
  workers: readonly MirrorRecord<'worker'>[],
  routes: readonly MirrorRecord<'route'>[],
  terms: Pick<GoalTerms, 'scope' | 'participants'>,
  endDate: LocalDate,
  context: Pick<TenantContext, 'connections'>,
): readonly Participant[] {
  return workers
    .filter((worker) => {
      const onRoutes = routes.filter((route) => peopleOfRoute(route).includes(worker.id)).map(({ id }) => id);
      return takesPart({ worker: asKnownHere(worker), role: roleOf(worker, context) }, terms, endDate, onRoutes);
    })
    .map(participantOf);
}

/** A worker as people here say they are (M-148): back, or gone since the day on which that was said; else as the source says. */
function asKnownHere(worker: MirrorRecord<'worker'>): MirrorRecord<'worker'> {
  const { active } = worker.own.overrides;
  if (active === null) return worker;
  const said = active.value === 'active' ? BACK : { sourceActive: false, terminationDate: active.at.slice(0, 10) };
  return { ...worker, fields: { ...worker.fields, ...said } };
}

const BACK = { sourceActive: true, terminationDate: null };

/** A worker as a participant. */
export function participantOf(worker: MirrorRecord<'worker'>): Participant {
  return { workerId: worker.id, branchId: worker.fields.branchId, ref: refOfRecord(worker) };
}

/** The people of a route: its members and its lead. */
export function peopleOfRoute({ fields: { memberIds, crewLeadId } }: MirrorRecord<'route'>): readonly string[] {
  return [...new Set([...memberIds, ...(crewLeadId === null ? [] : [crewLeadId])])];
}
