import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ApiRequest } from '../../route.ts';
import { type MirrorContext, readMirrorContext } from '../context.ts';
import { findRecord } from '../find.ts';
import { type Sight, sightOf } from '../sight.ts';

/** A live record that the caller sees, with the sight it was seen by. */
export interface SeenRecord<E extends EntityName> {
  readonly record: MirrorRecord<E>;
  readonly mirror: MirrorContext;
  readonly sight: Sight;
}

/**
 * The live record of an id, if the caller sees it; null for everything else, so that an edit tells nothing of it. `gone`: one that was
 * deleted at the source as well.
 */
export async function seenRecord<E extends EntityName>(
  request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>,
  entity: E,
  id: string,
  { gone = false } = {},
): Promise<SeenRecord<E> | null> {
  const [record, mirror] = await Promise.all([
    findRecord(request.ports.table, request.scope, entity, id),
    readMirrorContext(request),
  ]);
  if (record === null || (record.tombstone !== null && !gone)) return null;
  const sight = sightOf(request, mirror);
  const [seen] = await sight.filter([record]);
  return seen === undefined ? null : { record: seen as MirrorRecord<E>, mirror, sight };
}
