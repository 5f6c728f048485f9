import * as z from 'zod/mini';
import { isMirrorId } from '#model/ids.ts';
import type { TenantScope } from '#model/scope.ts';
import { PRESETS, presetOf, type RoleVisibility, TOGGLES, VISIBILITY_PRESETS } from '#model/visibility.ts';
import { readUser } from '#store/user-repository.ts';
import { idText } from '../edge.ts';
import type { ApiPorts } from '../ports.ts';
import { unknownReference } from './references.ts';

const on = z.boolean();
/** Came later than the others: who leaves it out hides it. */
const leaderboard = z._default(on, false);
const person = z.strictObject(Object.fromEntries(TOGGLES.map((toggle) => [toggle, z.optional(on)])));

/** Who sees what (M-146). */
export const rolesValues = z.strictObject({
  /** Another preset than before sets all toggles of the roles; null: they were chosen by hand. */
  preset: z.nullable(z.enum(PRESETS)),
  visibility: z.strictObject({
    manager: z.strictObject({ wages: on, budgets: on, bonuses: on, statements: on }),
    crew_lead: z.strictObject({ budgets: on, bonuses: on, excluded: on, leaderboard }),
    worker: z.strictObject({ budgets: on, excluded: on, leaderboard }),
  }),
  /** By the id of a worker, or of a user. */
  persons: z.record(idText, person),
});

/** Toggles as they would be saved: those of a preset that was chosen just now, else as given. */
export function checkedRoles({ preset, visibility, persons }: RoleVisibility, before: RoleVisibility): RoleVisibility {
  const chosen = preset !== null && preset !== before.preset ? VISIBILITY_PRESETS[preset] : visibility;
  return { preset: presetOf(chosen), visibility: chosen, persons };
}

/** The ids of persons that are workers'; the others are users'. */
export function workersAmong(persons: RoleVisibility['persons']): readonly string[] {
  return Object.keys(persons).filter(isMirrorId);
}

/** The users whom the setting names must be there when it is saved (M-151). */
export async function requireUsersAmong(
  { table }: Pick<ApiPorts, 'table'>,
  scope: TenantScope,
  persons: RoleVisibility['persons'],
): Promise<void> {
  for (const id of Object.keys(persons).filter((one) => !isMirrorId(one)))
    if ((await readUser(table, scope, id)) === null)
      throw unknownReference(`/values/persons/${id}`, 'names a user who is not there');
}
