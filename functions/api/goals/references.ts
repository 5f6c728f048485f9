import type { GoalSetup } from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { readGoalWorkers } from '#store/goal-inputs.ts';
import type { ApiRequest } from '../route.ts';
import { unknownReference } from '../settings/references.ts';
import type { TemplateBody } from './template-shapes.ts';

/** Everything that a change of a template names is there when it is saved (M-151); 422 otherwise. */
export async function requireNamed(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  context: TenantContext,
  body: TemplateBody,
): Promise<void> {
  if (body.scope !== undefined) requirePlace(body.scope, context);
  requireDefinitions(body.disqualifierIds ?? [], context.disqualifiers, '/disqualifierIds');
  requireDefinitions(body.penaltyIds ?? [], context.penalties, '/penaltyIds');
  const named = body.participants?.type === 'named' ? body.participants.workerIds : [];
  await requirePeople({ ports, scope }, [
    ...(typeof body.managerId === 'string' ? [{ id: body.managerId, pointer: '/managerId' }] : []),
    ...named.map((id, at) => ({ id, pointer: `/participants/workerIds/${at}` })),
  ]);
}

/** People whom somebody names are in the mirror, whether they are still there or have left; 422 otherwise. */
export async function requirePeople(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  people: readonly { readonly id: string; readonly pointer: string }[],
): Promise<void> {
  const found = await readGoalWorkers(
    ports.table,
    scope,
    people.map(({ id }) => id),
  );
  const known = new Set(found.map(({ id }) => id));
  const missing = people.find(({ id }) => !known.has(id));
  if (missing !== undefined) throw unknownReference(missing.pointer, 'names a person who is not in the mirror');
}

function requirePlace(place: GoalSetup['scope'], { branches, divisions, routes }: TenantContext): void {
  if (place.type === 'branch' && branches[place.branchId] === undefined)
    throw unknownReference('/scope/branchId', 'names a branch that is not in the mirror');
  if (place.type === 'division' && divisions[place.divisionId] === undefined)
    throw unknownReference('/scope/divisionId', 'names a division that is not in the mirror');
  if (place.type === 'route' && routes[place.routeId] === undefined)
    throw unknownReference('/scope/routeId', 'names a route that is not in the mirror');
}

function requireDefinitions(ids: readonly string[], definitions: readonly { readonly id: string }[], pointer: string): void {
  const known = new Set(definitions.map(({ id }) => id));
  const missing = ids.findIndex((id) => !known.has(id));
  if (missing >= 0) throw unknownReference(`${pointer}/${missing}`, 'names no definition of yours');
}
