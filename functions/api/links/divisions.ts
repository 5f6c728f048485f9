import { foldedText } from '#bonus/rules/exclusion-rules.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Connection } from '#model/connection.ts';
import { connectionId } from '#model/ids.ts';
import { referencePartition } from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import { withDivisionMoved } from '#model/linked-divisions.ts';
import { type LocalDivision, localDivisionOf } from '#model/local-division.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';
import { AREA_DEFAULTS } from '#model/tenant-context.ts';
import { listConnections, saveConnectionAction } from '#store/connection-repository.ts';
import { listLinks, readLink, saveLinkAction } from '#store/link-repository.ts';
import { readAreas, saveAreaActions, saveContextAction, saveDivisionAction } from '#store/settings-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { commitFresh } from '../commit.ts';
import { requireContext } from '../context.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope' | 'actor'>;

/** What is local comes from no connection. */
const NOBODY = 0;

/** Whether an id is that of a local division's link; its own id is the part behind the point. */
export function isDivisionLink(linkId: string): boolean {
  return /^[a-z0-9]+\.0\.[^.]+$/.test(linkId);
}

/**
 * Links of local divisions (M-141): those that were decided, and a proposal for each one that has the name of a synced division in its
 * branch. Proposals are found on reading, so one stands as soon as the synced division is there, and goes with it.
 */
export async function linksOfDivisions(request: Pick<Desk, 'ports' | 'scope'>): Promise<readonly Link[]> {
  const { ports, scope } = request;
  const [stored, divisions] = await Promise.all([listLinks(ports.table, scope, NOBODY), readDivisions(request)]);
  const decided = new Set(stored.map(({ sourceId, targetId }) => `${sourceId} ${targetId}`));
  const local = divisions.flatMap((record) => localDivisionOf(record) ?? []).filter(({ active }) => active);
  const proposed = local.flatMap((division) => {
    const target = twinOf(division, divisions);
    return target === null || decided.has(`${division.id} ${target.id}`) ? [] : [proposalOf(request, division, target)];
  });
  return [...stored, ...proposed];
}

/** The one synced division that has the name of a local one in its branch. */
function twinOf(
  { name, branchId }: LocalDivision,
  divisions: readonly MirrorRecord<'division'>[],
): MirrorRecord<'division'> | null {
  const same = divisions.filter(
    ({ fields, tombstone }) =>
      fields.origin === 'synced' &&
      fields.active &&
      tombstone === null &&
      fields.branchId === branchId &&
      foldedText(fields.name) === foldedText(name),
  );
  return same.length === 1 ? same[0]! : null;
}

function proposalOf({ ports, scope }: Pick<Desk, 'ports' | 'scope'>, { id }: LocalDivision, target: MirrorRecord): Link {
  const from = connectionId(scope.tenantId, NOBODY);
  const made = { state: 'proposed', basis: 'name', at: ports.now(), decidedBy: null, decidedAt: null, revision: 0 } as const;
  return { id: `${from}.${id}`, connectionId: from, n: NOBODY, space: 'division', sourceId: id, targetId: target.id, ...made };
}

async function readDivisions({ ports, scope }: Pick<Desk, 'ports' | 'scope'>): Promise<readonly MirrorRecord<'division'>[]> {
  const items = await ports.table.queryAll(scope, { partition: referencePartition(scope), prefix: 'division#' });
  return items.filter(isMirrorItem).map((item) => decodeMirrorRecord<'division'>(item));
}

/**
 * A word on such a proposal. Confirmed, everything that names the local division names the synced one, where that has nothing of its own,
 * and the local one is closed; discarded, both stay as they are, and the two are not proposed again.
 */
export function decideDivision(
  request: Desk & Pick<ApiRequest, 'command'> & { readonly params: { readonly id: string } },
  state: 'confirmed' | 'discarded',
  viewOf: (link: Link) => Record<string, unknown>,
): Promise<ApiAnswer> {
  const { ports, scope, actor, command, params } = request;
  if (!params.id.startsWith(`${connectionId(scope.tenantId, NOBODY)}.`)) throw notFound();
  const localId = params.id.slice(params.id.lastIndexOf('.') + 1);
  return commitFresh(command, async () => {
    const before = await readLink(ports.table, scope, NOBODY, localId);
    const proposal = (await linksOfDivisions(request)).find((link) => link.sourceId === localId && link.state === 'proposed');
    if (proposal === undefined && before === null) throw notFound();
    if (proposal === undefined) throw new ApiProblem('link-already-decided', { detail: `It was ${before!.state} already.` });
    const now = ports.now();
    const decided = { state, decidedBy: actor.id, decidedAt: now, revision: (before?.revision ?? 0) + 1 };
    const link: Link = { ...proposal, ...decided };
    const move = state === 'discarded' ? { actions: [], audit: [] } : await moveSettings(request, link);
    const told = { space: link.space, state, targetId: link.targetId, basis: link.basis };
    return {
      actions: [saveLinkAction(scope, localId, link, before), ...move.actions],
      audit: [{ action: `link.${state}`, entity: 'link', entityId: link.id, before: null, after: told }, ...move.audit],
      answer: { body: viewOf(link) },
    };
  });
}

/** Every setting that names the local division names the synced one; the local one is closed, and who was to see it sees the other. */
async function moveSettings(request: Desk, { sourceId: from, targetId: to }: Link) {
  const { ports, scope, actor } = request;
  const context = await requireContext(request);
  const record = (await readDivisions(request)).find(({ id }) => id === from);
  const before = record === undefined ? null : localDivisionOf(record);
  if (before === null) throw notFound();
  const after: LocalDivision = { ...before, active: false, revision: before.revision + 1 };
  const changedAt = ports.now();
  const areas = await readAreas(ports.table, scope, Object.keys(AREA_DEFAULTS));
  const saved = areas.flatMap((area) => {
    const values = area && withDivisionMoved(area.values, from, to);
    if (area === null || values === null || canonicalJson(values) === canonicalJson(area.values)) return [];
    return [{ ...area, values, revision: area.revision + 1, changedAt, changedBy: actor.id }];
  });
  const connections = await listConnections(ports.table, scope);
  const areaRevisions = { ...context.areaRevisions, ...Object.fromEntries(saved.map(({ area, revision }) => [area, revision])) };
  const actions: readonly WriteAction[] = [
    saveDivisionAction(scope, after, before.revision, changedAt),
    ...saved.flatMap((area) => saveAreaActions(scope, area, area.revision - 1)),
    ...connections.flatMap((connection) => managersMoved(request, connection, from, to)),
    saveContextAction(scope, { ...contextMoved(context, from, to), areaRevisions }),
  ];
  return {
    actions,
    audit: [
      {
        action: 'division.changed',
        entity: 'division',
        entityId: from,
        before: { ...before },
        after: { ...after, linkedTo: to },
      },
    ],
  };
}

function managersMoved({ scope }: Desk, connection: Connection, from: string, to: string): readonly WriteAction[] {
  const managerMap = withDivisionMoved(connection.settings.managerMap, from, to);
  if (canonicalJson(managerMap) === canonicalJson(connection.settings.managerMap)) return [];
  const next = { ...connection, settings: { ...connection.settings, managerMap }, revision: connection.revision + 1 };
  return [saveConnectionAction(scope, next, connection.revision)];
}

/** The compiled context says the same as the settings behind it. A division has one pool: the synced one's own stays. */
function contextMoved(context: TenantContext, from: string, to: string): TenantContext {
  const { divisions, linkedDivisions, mergedPeople, poolAssignments, ...named } = context;
  const taken = poolAssignments.some(({ divisionId }) => divisionId === to);
  const assignments = taken ? poolAssignments.filter(({ divisionId }) => divisionId !== from) : poolAssignments;
  return {
    ...withDivisionMoved(named, from, to),
    mergedPeople,
    poolAssignments: withDivisionMoved(assignments, from, to),
    divisions: { ...divisions, [from]: { ...divisions[from]!, active: false } },
    linkedDivisions: { ...linkedDivisions, [from]: to },
  };
}
