import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import { hookKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table, WriteAction } from './table.ts';

/** Longer than any event counts as new, so that a replay finds either its marker or its own age. */
const KEPT_SECONDS = 3 * 86_400;

/** Whether an event of the provider was taken before. */
export async function readHookTaken(table: Table, scope: TenantScope, n: number, digest: string): Promise<boolean> {
  return (await table.get(scope, hookKey(scope, n, digest))) !== null;
}

/** Notes that an event was taken; loses to whoever has taken it in the same moment. */
export function saveHookAction(scope: TenantScope, n: number, digest: string, now: Instant): WriteAction {
  const expiresAt = Math.ceil(msOf(addSeconds(now, KEPT_SECONDS)) / 1_000);
  return {
    kind: 'put',
    item: { ...hookKey(scope, n, digest), et: 'hk', v: 1, expiresAt },
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}
