import type { PayHead, StatementHeader } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import { putPayHeadAction, putStatementAction } from '#store/pay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import type { LoadedStatement } from './load-statement.ts';

/** A statement's header under the revision that was read, one higher: the action, and the header as it is stored. */
export function saveHeader(
  scope: TenantScope,
  { view }: Pick<LoadedStatement, 'view'>,
  header: StatementHeader,
): { readonly action: WriteAction; readonly header: StatementHeader } {
  const next = { ...header, revision: (view.header?.revision ?? 0) + 1 };
  return { action: putStatementAction(scope, next, view.header?.revision ?? null), header: next };
}

/** The worker's pay head under the revision that was read: of payments, reopenings and voidings of one calendar only one wins. */
export function saveHead(scope: TenantScope, { head }: Pick<LoadedStatement, 'head'>, next: PayHead): WriteAction {
  return putPayHeadAction(scope, next, head?.revision ?? null);
}
