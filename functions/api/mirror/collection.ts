import type { EntityName } from '#model/entities.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Access } from '../access.ts';
import { agedListOf } from '../edge.ts';
import { type PageRequest, readPage } from '../pages.ts';
import { ApiProblem, notFound } from '../problem.ts';
import {
  choiceParameter,
  flagParameter,
  idParameter,
  PAGING,
  type Query,
  type QueryParameter,
  type QueryShape,
  textParameter,
} from '../query.ts';
import { type ApiRequest, defineRoute, type RouteDefinition } from '../route.ts';
import { type MirrorContext, readMirrorContext, syncKeys, syncStates } from './context.ts';
import { findRecord, findRecords, idsOfSource } from './find.ts';
import { listAge } from './freshness.ts';
import { type Combination, type Filters, rangesOf } from './ranges.ts';
import { readOnlyMirror } from './read-only.ts';
import { MIRROR_SHAPES } from './shapes.ts';
import { type Sight, sightOf } from './sight.ts';
import { withSource } from './source-view.ts';
import { type PropertySight, viewOf } from './views.ts';

/** What is shown beside the effective values, and to admins alone. */
const INCLUDE = choiceParameter(['source'], 'Also what the source itself says, and the hash it is compared by; admins only');

/** Parameters of every mirror list. */
const COMMON = {
  ...PAGING,
  include: INCLUDE,
  sourceId: textParameter('Id at the source, byte for byte', 512),
  connectionId: idParameter('With sourceId: only records of this connection'),
  includeDeleted: flagParameter('Also records that were deleted at the source'),
} satisfies QueryShape;

export interface CollectionSpec {
  readonly path: string;
  readonly entity: EntityName;
  readonly summary: string;
  readonly access: Access;
  /** The list's own filters. */
  readonly filters: Readonly<Record<string, QueryParameter>>;
  /** What a range does not decide is decided on each record. */
  readonly keeps?: (
    record: MirrorRecord,
    filters: Filters,
    by: { readonly tenant: TenantContext; readonly sees: PropertySight },
  ) => boolean;
  /** Which filters can be given together, and what serves them. */
  readonly combinations: readonly Combination[];
}

type ListRequest = ApiRequest<string, typeof COMMON> & PageRequest;

/** The route of a mirror list: GET and HEAD for those who may, 405 with guidance for every other method. */
export function mirrorList(spec: CollectionSpec): RouteDefinition {
  return defineRoute({
    method: 'GET',
    path: spec.path,
    group: 'mirror',
    summary: spec.summary,
    access: spec.access,
    query: { ...COMMON, ...spec.filters },
    answer: { status: 200, description: 'A page', schema: agedListOf(MIRROR_SHAPES[spec.entity]) },
    otherMethods: (request) => readOnlyMirror(request, spec.entity),
    handler: async (request) => ({ body: await readList(request as unknown as ListRequest, spec) }),
  });
}

/** Reads one page of a mirror list. */
export async function readList(request: ListRequest, spec: Pick<CollectionSpec, 'entity' | 'combinations' | 'keeps'>) {
  const { ports, scope } = request;
  requireAdmin(request, request.query.include);
  const mirror = await readMirrorContext(request);
  const sight = sightOf(request, mirror);
  const query = request.query as Query<typeof COMMON> & Filters;
  if (query.sourceId !== undefined) return bySource(request, spec.entity, mirror, sight, query.sourceId);
  const ranges = await rangesOf(spec.combinations, query, { table: ports.table, scope, tenant: mirror.tenant });
  const keys = syncKeys(request, mirror.tenant);
  const page = await readPage(request, ranges, keys);
  const by = { tenant: mirror.tenant, sees: sight.properties };
  const records = page.items
    .map((item) => decodeMirrorRecord(item))
    .filter((record) => isShown(record, query.includeDeleted) && (spec.keeps?.(record, query, by) ?? true));
  const seen = await sight.filter(records);
  return answer(request, spec.entity, { mirror, sight }, seen, page.also, page.nextCursor);
}

/** `sourceId=` gives the records that the id can mean: one for each connection that supplies the entity. */
async function bySource(request: ListRequest, entity: EntityName, mirror: MirrorContext, sight: Sight, sourceId: string) {
  const { ports, scope, query } = request;
  const ids = idsOfSource(entity, sourceId, mirror.tenant, query.connectionId);
  const found = await findRecords(ports.table, scope, entity, ids);
  const records = found.filter((record) => record.sourceId === sourceId && isShown(record, query.includeDeleted));
  const syncs = await ports.table.batchGet(scope, syncKeys(request, mirror.tenant), { consistent: false });
  return answer(request, entity, { mirror, sight }, await sight.filter(records), syncs, null);
}

/** What the source says may hold anything, so it is for those who see all of it. */
function requireAdmin({ reach }: Pick<ApiRequest, 'reach'>, include: 'source' | undefined): void {
  if (include !== undefined && reach !== 'A') throw new ApiProblem('forbidden', { detail: 'Source values are for admins.' });
}

function isShown(record: MirrorRecord, includeDeleted: boolean): boolean {
  return includeDeleted || record.tombstone === null;
}

function answer(
  { query }: ListRequest,
  entity: EntityName,
  { mirror, sight }: { readonly mirror: MirrorContext; readonly sight: Sight },
  records: readonly MirrorRecord[],
  syncItems: Awaited<ReturnType<typeof readPage>>['also'],
  nextCursor: string | null,
) {
  const syncs = syncStates(mirror.tenant, syncItems);
  const inputs = { mirror, syncs, sees: sight.properties };
  return {
    items: records.map((record) => {
      const view = viewOf(record, inputs);
      return query.include === undefined ? view : withSource(record, view);
    }),
    nextCursor,
    dataAsOf: listAge(entity, mirror.tenant, syncs),
  };
}

/** The route of one mirror record. What the caller may not see answers like what is not there. */
export function mirrorRecord(
  spec: Pick<CollectionSpec, 'entity' | 'summary' | 'access'> & { readonly path: string },
): RouteDefinition {
  return defineRoute({
    method: 'GET',
    path: spec.path,
    group: 'mirror',
    summary: spec.summary,
    access: spec.access,
    query: { include: INCLUDE },
    answer: { status: 200, description: 'The record', schema: MIRROR_SHAPES[spec.entity] },
    otherMethods: (request) => readOnlyMirror(request, spec.entity),
    handler: async (request) => {
      const { ports, scope, params, query } = request as unknown as ApiRequest<'/{id}', { include: typeof INCLUDE }>;
      requireAdmin(request, query.include);
      const [record, mirror] = await Promise.all([
        findRecord(ports.table, scope, spec.entity, params.id),
        readMirrorContext(request),
      ]);
      const sight = sightOf(request, mirror);
      const [seen] = record === null ? [] : await sight.filter([record]);
      if (seen === undefined) throw notFound();
      const syncs = await ports.table.batchGet(scope, syncKeys(request, mirror.tenant), { consistent: false });
      const view = viewOf(seen, { mirror, syncs: syncStates(mirror.tenant, syncs), sees: sight.properties });
      return { body: query.include === undefined ? view : withSource(seen, view) };
    },
  });
}
