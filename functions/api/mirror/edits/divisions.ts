import * as z from 'zod/mini';
import { foldedText } from '#bonus/rules/exclusion-rules.ts';
import { mirrorId } from '#model/ids.ts';
import { referencePartition } from '#model/keys.ts';
import { type LocalDivision, localDivisionOf } from '#model/local-division.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';
import { deleteDivisionAction, saveContextAction, saveDivisionAction } from '#store/settings-repository.ts';
import { CHANGE_SETTINGS, SEE_MIRROR } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { idText } from '../../edge.ts';
import { ApiProblem, invalidField, notFound } from '../../problem.ts';
import type { QueryShape } from '../../query.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { unknownReference } from '../../settings/references.ts';
import { readMirrorContext } from '../context.ts';
import { findRecord } from '../find.ts';
import { readOnlyMirror } from '../read-only.ts';
import { sightOf } from '../sight.ts';

const fields = { name: z.string().check(z.minLength(1), z.maxLength(100)), branchId: idText, active: z.boolean() };
const shape = z.strictObject({ id: idText, ...fields, origin: z.literal('local'), revision: z.int() });

export const createDivision = defineRoute({
  method: 'POST',
  path: '/v1/divisions',
  group: 'mirror',
  summary: 'Make a division of our own; jobs come to it by org.divisionRules',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: z.strictObject({ ...fields, active: z.optional(fields.active) }),
  bodyExample: { name: 'Enhancements', branchId: 'kQ3vAbCdEfGhIjKl' },
  answer: { status: 201, description: 'The division', schema: shape },
  handler: async (request) => {
    const { ports, scope, body, command } = request;
    const id = mirrorId(`${scope.tenantId}.0`, 'division', ports.ulid());
    const division = { id, name: body.name.trim(), branchId: body.branchId, active: body.active ?? true, revision: 1 };
    return commitFresh(command, async () => {
      const context = await requireAllowed(request, division);
      return {
        actions: [saveDivisionAction(scope, division, 0, ports.now()), saveContextAction(scope, withDivision(context, division))],
        audit: { action: 'division.created', entity: 'division', entityId: id, before: null, after: division },
        answer: { body: view(division), headers: { location: `/v1/divisions/${id}` } },
      };
    });
  },
});

export const changeDivision = defineRoute({
  method: 'PATCH',
  path: '/v1/divisions/{id}',
  group: 'mirror',
  summary: 'Rename, move, close or open a division of our own',
  bodyExample: { name: 'Snow' },
  // Whoever writes to a synced one is told where to do it (M-114).
  access: SEE_MIRROR,
  body: z.partial(z.strictObject(fields)),
  answer: { status: 200, description: 'The division', schema: shape },
  handler: async (request) => {
    const { ports, scope, body, command } = request;
    return commitFresh(command, async () => {
      const before = await requireOwn(request);
      const after: LocalDivision = {
        ...before,
        name: body.name?.trim() ?? before.name,
        branchId: body.branchId ?? before.branchId,
        active: body.active ?? before.active,
        revision: before.revision + 1,
      };
      const context = await requireAllowed(request, after);
      if (after.branchId !== before.branchId) requireUnused(context, before.id);
      return {
        actions: [
          saveDivisionAction(scope, after, before.revision, ports.now()),
          saveContextAction(scope, withDivision(context, after)),
        ],
        audit: { action: 'division.changed', entity: 'division', entityId: before.id, before, after },
        answer: { body: view(after) },
      };
    });
  },
});

export const deleteDivision = defineRoute({
  method: 'DELETE',
  path: '/v1/divisions/{id}',
  group: 'mirror',
  summary: 'Delete a division of our own that no setting names; else close it',
  access: SEE_MIRROR,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: async (request) => {
    const { scope, command } = request;
    return commitFresh(command, async () => {
      const before = await requireOwn(request);
      const context = await requireContext(request);
      requireUnused(context, before.id);
      const { [before.id]: _gone, ...divisions } = context.divisions;
      return {
        actions: [deleteDivisionAction(scope, before.id, before.revision), saveContextAction(scope, { ...context, divisions })],
        audit: { action: 'division.deleted', entity: 'division', entityId: before.id, before, after: null },
        answer: { body: undefined },
      };
    });
  },
});

type DivisionRequest = ApiRequest<'/v1/divisions/{id}', QueryShape, unknown>;
type StoreRequest = Pick<ApiRequest, 'ports' | 'scope'>;

/** The local division of the path. A synced one is refused with 405 to everybody, one that the role may only see with 403. */
async function requireOwn(request: DivisionRequest): Promise<LocalDivision> {
  const record = await findRecord(request.ports.table, request.scope, 'division', request.params.id);
  const local = record === null ? null : localDivisionOf(record as MirrorRecord<'division'>);
  if (record !== null && local === null) await readOnlyMirror(request as unknown as ApiRequest<string, QueryShape>, 'division');
  if (record === null || local === null) throw notFound();
  const sight = sightOf(request, await readMirrorContext(request));
  if ((await sight.filter([record])).length === 0) throw notFound();
  if (request.actor.role !== 'owner' && request.actor.role !== 'admin') throw new ApiProblem('forbidden');
  return local;
}

/** M-141, M-151: a live branch, and a name that no other division of it has. Answers the context that this was asked of. */
async function requireAllowed(request: StoreRequest, { id, name, branchId }: LocalDivision): Promise<TenantContext> {
  const context = await requireContext(request);
  if (name === '') throw invalidField('/name', 'must not be empty');
  if (context.branches[branchId]?.active !== true) throw unknownReference('/branchId', 'names no active branch');
  const others = (await readDivisions(request)).filter((one) => one.id !== id && one.tombstone === null);
  if (others.some(({ fields: own }) => own.branchId === branchId && foldedText(own.name) === foldedText(name)))
    throw invalidField('/name', 'is the name of another division of this branch', 'taken');
  return context;
}

async function readDivisions({ ports, scope }: StoreRequest): Promise<readonly MirrorRecord<'division'>[]> {
  const items = await ports.table.queryAll(scope, { partition: referencePartition(scope), prefix: 'division#' });
  return items.filter(isMirrorItem).map((item) => decodeMirrorRecord<'division'>(item));
}

/** A division that settings name can be closed, not deleted and not moved (M-141). */
function requireUnused(context: TenantContext, id: string): void {
  const { divisionRules, poolAssignments, incentives, programScopes, phases, managerMap, linkedDivisions } = context;
  const named =
    linkedDivisions[id] !== undefined ||
    divisionRules.some((rule) => rule.divisionId === id) ||
    poolAssignments.some((one) => one.divisionId === id) ||
    incentives.divisions[id] !== undefined ||
    (programScopes !== 'all' && programScopes.divisionIds.includes(id)) ||
    phases.rules.some((rule) => rule.divisionId === id) ||
    Object.keys(managerMap).some((pair) => pair.endsWith(`|${id}`));
  if (named) throw new ApiProblem('division-in-use', { detail: 'Settings name this division. Close it instead.' });
}

function withDivision(context: TenantContext, { id, name, active }: LocalDivision): TenantContext {
  return { ...context, divisions: { ...context.divisions, [id]: { name, overhead: false, active } } };
}

function view({ id, name, branchId, active, revision }: LocalDivision) {
  return { id, name, branchId, active, origin: 'local' as const, revision };
}
