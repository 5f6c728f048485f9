import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { type BonusSession, errorLine, forEachOf } from './ports.ts';

const AT_ONCE = 12;

/** Does something for each target, several at a time. Every failure is logged with its target; throws at the end where there was one. */
export async function settleEach(
  session: BonusSession,
  scope: TenantScope,
  targets: readonly ProPayTarget[],
  act: (target: ProPayTarget) => Promise<unknown>,
): Promise<void> {
  const failed = await forEachOf(targets, AT_ONCE, async (target) => {
    await act(target);
  });
  for (const { one, error } of failed)
    session.ports.log({
      level: 'error',
      message: 'a target stays unsettled',
      tenantId: scope.tenantId,
      ...one,
      ...errorLine(error),
    });
  if (failed.length > 0) throw new Error(`${failed.length} of ${targets.length} targets stay unsettled`);
}
