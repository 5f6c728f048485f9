import { catalogue } from '#functions/sync/catalogue.ts';
import type { Connection } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { listConnections, readSyncState } from '#store/connection-repository.ts';
import { scheduledRunAt } from '../next-run.ts';
import { ApiProblem } from '../problem.ts';
import type { QueryShape } from '../query.ts';
import type { ApiRequest } from '../route.ts';
import { readMirrorContext } from './context.ts';
import { findRecord } from './find.ts';
import { sightOf } from './sight.ts';
import { sourceUrlOf } from './views.ts';

const WORDS: { readonly [E in EntityName]: string } = {
  branch: 'Branches',
  division: 'Divisions',
  route: 'Routes',
  client: 'Clients',
  worker: 'Workers',
  wage_record: 'Wage records',
  job: 'Jobs',
  milestone: 'Milestones',
  budget_info: 'Budgets',
  material_allocation: 'Materials',
  time_entry: 'Time entries',
  drive_time: 'Drive times',
};

type Refused = Pick<ApiRequest<string, QueryShape>, 'ports' | 'scope' | 'actor' | 'reach' | 'params'>;

/**
 * What every write to the mirror is told (M-114): which integration owns the record, where it stands there, and when the next run brings
 * the change. It never returns; the answer is the same for every role and method.
 */
export async function readOnlyMirror(request: Refused, entity: EntityName): Promise<never> {
  const { id } = request.params as { readonly id?: string };
  const { ports, scope } = request;
  const connections = await listConnections(ports.table, scope);
  const record = id === undefined ? null : await visibleRecord(request, entity, id);
  const owner = record === null ? supplierOf(connections, entity) : connections.find((one) => one.id === record.connectionId);
  const name = owner === undefined ? null : nameOf(owner.provider);
  const sync = owner === undefined || owner.disconnectedAt !== null ? null : await readSyncState(ports.table, scope, owner.n);
  throw new ApiProblem('mirror-read-only', {
    detail:
      name === null
        ? `${WORDS[entity]} come from an integration, and none is connected that supplies them. Connect one to see them here.`
        : `${WORDS[entity]} come from ${name}. Make the change there; the next run brings it here.`,
    headers: { allow: 'GET, HEAD' },
    data: {
      integration: owner === undefined ? null : { provider: owner.provider, name, connectionId: owner.id },
      sourceUrl: record === null ? null : sourceUrlOf(record),
      nextRunAt: owner === undefined || sync === null ? null : scheduledRunAt(owner, sync, ports.now()),
      permitted: record === null ? [] : permittedEdits(record),
    },
  });
}

/** What may be changed here of a record that is edited elsewhere (M-115). */
function permittedEdits(record: MirrorRecord): readonly { readonly method: string; readonly href: string }[] {
  return editsOf(record).map((href) => ({ method: 'PUT', href: `/v1/${href}` }));
}

function editsOf(record: MirrorRecord): readonly string[] {
  const { entity, id } = record;
  const of = (path: string, edits: readonly string[]) => edits.map((edit) => `${path}/${edit}`);
  switch (entity) {
    case 'worker':
      return of(`workers/${id}`, ['overrides/wage', 'overrides/role', 'overrides/active', 'settings']);
    case 'wage_record':
      return [`workers/${(record as MirrorRecord<'wage_record'>).fields.workerId}/overrides/wage`];
    case 'job':
      return of(`jobs/${id}`, ['overrides/budget', 'overrides/manager', 'exclusion', 'callback-of']);
    case 'budget_info':
      return [`jobs/${(record as MirrorRecord<'budget_info'>).fields.jobId}/overrides/budget`];
    case 'milestone':
      return [`milestones/${id}/progress`, `jobs/${(record as MirrorRecord<'milestone'>).fields.jobId}/overrides/budget`];
    default:
      return [];
  }
}

/** The record if the caller sees it; the id of anything else is answered like the collection, so that it tells nothing. */
async function visibleRecord(request: Refused, entity: EntityName, id: string): Promise<MirrorRecord | null> {
  const record = await findRecord(request.ports.table, request.scope, entity, id);
  if (record === null || request.reach === ('-' as string)) return null;
  const sight = sightOf(request, await readMirrorContext(request));
  return (await sight.filter([record]))[0] ?? null;
}

/** The connection that owns an entity type; one that is disconnected only where no other is left. */
function supplierOf(connections: readonly Connection[], entity: EntityName): Connection | undefined {
  const suppliers = connections.filter((connection) => connection.settings.entities.includes(entity));
  return suppliers.find((connection) => connection.disconnectedAt === null) ?? suppliers[0];
}

function nameOf(provider: string): string {
  return catalogue.find((one) => one.provider === provider)?.name ?? provider;
}
