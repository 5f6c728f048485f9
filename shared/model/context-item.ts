import { contextKey, type Key } from './keys.ts';
import type { TenantScope } from './scope.ts';
import type { TenantContext } from './settings.ts';

/** Version of the stored form of the compiled context. */
export const CONTEXT_VERSION = 1;

/** The compiled context as stored: its fields stand on the item itself, so that one owner's part can be updated alone. */
export function encodeContext(scope: TenantScope, context: TenantContext): Key & Readonly<Record<string, unknown>> {
  return { ...contextKey(scope), et: 'cx', v: CONTEXT_VERSION, ...context };
}

/** Reads a stored context back; a field that an older version did not have yet takes its default. */
export function decodeContext(item: Readonly<Record<string, unknown>>): TenantContext {
  const { pk: _pk, sk: _sk, et: _et, v: _v, ...fields } = item;
  return fields as unknown as TenantContext;
}

/** The parts of the context that come from mirrored reference data; the settings' parts belong to the settings' own saves. */
export type ReferenceParts = Pick<TenantContext, 'branches' | 'divisions' | 'routes'>;
