import type { Connection } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import { type Link, linkedId } from '#model/link.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { WriteAction } from '#store/table.ts';
import { requireContext } from '../context.ts';
import { findRecord } from '../mirror/find.ts';
import { invalidField } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { joinActions, partActions } from './join-jobs.ts';
import { mergeActions, unmergeActions } from './merge-people.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope' | 'actor'>;

/** The record that a link starts from, where it is mirrored. */
export function mirroredOf({ ports, scope }: Desk, entity: Link['space'], ownId: string): Promise<MirrorRecord | null> {
  return entity === 'property' ? Promise.resolve(null) : findRecord(ports.table, scope, entity as EntityName, ownId);
}

/**
 * What a confirmed link changes beside itself. Of a reference into another connection nothing: the next run follows it. Of a record that is
 * mirrored itself that the other one stands for it. Refused where the two cannot be one.
 */
export async function confirmedActions(request: Desk, connection: Connection, link: Link): Promise<readonly WriteAction[]> {
  const { ports, scope } = request;
  const ownId = linkedId(connection.id, link.space, link.sourceId);
  const target = await mirroredOf(request, link.space, link.targetId);
  if (target === null || target.tombstone !== null || target.id === ownId)
    throw invalidField('/targetId', 'must be a live record of this entity other than the linked one', 'unknown');
  const own = await mirroredOf(request, link.space, ownId);
  if (own !== null && link.space === 'worker')
    return mergeActions({ ports, scope }, await requireContext(request), own as MirrorRecord<'worker'>, link);
  if (own !== null && link.space === 'job')
    return joinActions(request, own as MirrorRecord<'job'>, target as MirrorRecord<'job'>, link);
  if (own !== null || connection.disconnectedAt !== null || connection.settings.entities.includes(link.space as EntityName))
    throw invalidField('/connectionId', 'must be a connected source that does not supply this entity itself');
  if (target.connectionId === connection.id)
    throw invalidField('/targetId', 'must be a live record of this entity that another connection supplies', 'unknown');
  return [];
}

/** Takes back what a confirmed link between two mirrored records did. */
export async function partedActions(request: Desk, own: MirrorRecord, link: Link): Promise<readonly WriteAction[]> {
  if (own.entity === 'job') {
    const target = await mirroredOf(request, 'job', link.targetId);
    return partActions(request, own as MirrorRecord<'job'>, target as MirrorRecord<'job'> | null);
  }
  return unmergeActions(request, await requireContext(request), own as MirrorRecord<'worker'>);
}
