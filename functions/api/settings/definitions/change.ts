import type { TenantContext } from '#model/settings.ts';
import { applyDefinitions } from '#model/tenant-context.ts';
import { listTemplatesOf } from '#store/goal-repository.ts';
import {
  type DefinitionKinds,
  deleteDefinitionAction,
  readDefinition,
  saveContextAction,
  saveDefinitionAction,
} from '#store/settings-repository.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import type { ApiPorts } from '../../ports.ts';
import { ApiProblem } from '../../problem.ts';
import type { ApiAnswer, ApiRequest } from '../../route.ts';

type Kind = keyof DefinitionKinds;
type ChangeRequest = Pick<ApiRequest<string, never, unknown, ApiPorts>, 'ports' | 'scope' | 'command' | 'ifMatch'> & {
  readonly params: Readonly<Record<string, string>>;
};

/** What is particular to one kind of definition. */
export interface KindOf<K extends Kind> {
  readonly kind: K;
  readonly path: string;
  /** Where the compiled context keeps them. */
  readonly list: 'disqualifiers' | 'penalties';
  view(definition: DefinitionKinds[K]): object;
}

/** Saves a new definition and its place in the context, in one transaction. ProPays that exist do not change (B-81). */
export function createDefinition<K extends Kind>(
  request: ChangeRequest,
  { kind, path, list, view }: KindOf<K>,
  definition: DefinitionKinds[K],
): Promise<ApiAnswer> {
  const { scope, command } = request;
  return commitFresh(command, async () => {
    const context = await requireContext(request);
    const next = [...context[list], definition];
    const { id, revision } = definition;
    return {
      actions: [saveDefinitionAction(scope, kind, definition, 0), saveContextAction(scope, withList(context, list, next))],
      audit: { action: `${kind}.created`, entity: kind, entityId: id, before: null, after: definition },
      answer: { body: view(definition), headers: { location: `${path}/${id}` }, revision },
    };
  });
}

/** Changes a definition that the caller has seen as it is. */
export function changeDefinition<K extends Kind>(
  request: ChangeRequest,
  { kind, list, view }: KindOf<K>,
  change: (before: DefinitionKinds[K]) => DefinitionKinds[K],
): Promise<ApiAnswer> {
  const { ports, scope, params, ifMatch, command } = request;
  return commitFresh(command, async () => {
    const before = requireUnchanged(await readDefinition(ports.table, scope, kind, params.id ?? ''), ifMatch);
    const after = { ...change(before), revision: before.revision + 1 };
    const context = await requireContext(request);
    const next = context[list].map((one) => (one.id === before.id ? after : one));
    return {
      actions: [saveDefinitionAction(scope, kind, after, ifMatch), saveContextAction(scope, withList(context, list, next))],
      audit: { action: `${kind}.changed`, entity: kind, entityId: before.id, before, after },
      answer: { body: view(after), revision: after.revision },
      ifLost: refuseStale,
    };
  });
}

/**
 * Deletes a definition; ProPays keep their copies until somebody brings them up to date (B-81). One that a template of goals names stays:
 * the next goal would begin without it, and nobody would be told.
 */
export function deleteDefinition<K extends Kind>(request: ChangeRequest, { kind, list }: KindOf<K>): Promise<ApiAnswer> {
  const { ports, scope, params, ifMatch, command } = request;
  return commitFresh(command, async () => {
    const before = requireUnchanged(await readDefinition(ports.table, scope, kind, params.id ?? ''), ifMatch);
    await requireUnnamed(request, list, before.id);
    const context = await requireContext(request);
    const next = context[list].filter((one) => one.id !== before.id);
    return {
      actions: [deleteDefinitionAction(scope, kind, before.id, ifMatch), saveContextAction(scope, withList(context, list, next))],
      audit: { action: `${kind}.deleted`, entity: kind, entityId: before.id, before, after: null },
      answer: { body: undefined },
      ifLost: refuseStale,
    };
  });
}

async function requireUnnamed({ ports, scope }: ChangeRequest, list: KindOf<Kind>['list'], id: string): Promise<void> {
  const templates = (await Promise.all(OPEN.map((status) => listTemplatesOf(ports.table, scope, status)))).flat();
  const naming = templates.filter((one) => (list === 'disqualifiers' ? one.disqualifierIds : one.penaltyIds).includes(id));
  if (naming.length > 0) throw new ApiProblem('definition-in-use', { data: { templateIds: naming.map((one) => one.id) } });
}

/** Templates that goals may still begin by. */
const OPEN = ['Draft', 'Live'] as const;

function withList(context: TenantContext, list: 'disqualifiers' | 'penalties', next: readonly unknown[]): TenantContext {
  return applyDefinitions(context, { [list]: next });
}
