import { connectionPartition, linkKey } from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** Every link of a connection, proposed and discarded ones too. */
export async function listLinks(table: Table, scope: TenantScope, n: number): Promise<readonly Link[]> {
  const items = await table.queryAll(scope, { partition: connectionPartition(scope, n), prefix: 'LINK#' });
  return items.map(decodeLink);
}

/** The link of one record of a connection, by the mirror id that it would have there. */
export async function readLink(table: Table, scope: TenantScope, n: number, ownId: string): Promise<Link | null> {
  const item = await table.get(scope, linkKey(scope, n, ownId));
  return item === null ? null : decodeLink(item);
}

/** Stores a link that is new, or still is what was read. */
export function saveLinkAction(scope: TenantScope, ownId: string, link: Link, read: Link | null): WriteAction {
  return {
    kind: 'put',
    item: { ...linkKey(scope, link.n, ownId), et: 'lk', v: 1, link },
    condition:
      read === null
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: 'link.revision = :read', values: { ':read': read.revision } },
  };
}

/** Reads a stored link back. */
export function decodeLink(item: Item): Link {
  return item.link as Link;
}
