import { decodeContext, type ReferenceParts } from '#model/context-item.ts';
import { contextKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Table, WriteAction } from './table.ts';

/** The tenant's compiled context, read strongly; null before the tenant has settings. */
export async function readContext(table: Table, scope: TenantScope): Promise<TenantContext | null> {
  const item = await table.get(scope, contextKey(scope));
  return item === null ? null : decodeContext(item);
}

/** Replaces the parts that come from reference data, if the context still is the one that was read. */
export function referencePartsAction(scope: TenantScope, context: TenantContext, parts: ReferenceParts): WriteAction {
  return {
    kind: 'update',
    key: contextKey(scope),
    update: {
      expression: 'SET #b = :b, #d = :d, #r = :r, #v = :next',
      names: { '#b': 'branches', '#d': 'divisions', '#r': 'routes', '#v': 'revision' },
      values: { ':b': parts.branches, ':d': parts.divisions, ':r': parts.routes, ':next': context.revision + 1 },
    },
    condition: { expression: '#v = :seen', names: { '#v': 'revision' }, values: { ':seen': context.revision } },
  };
}
