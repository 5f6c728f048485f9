import type { Connection } from '#model/connection.ts';
import { mirrorId } from '#model/ids.ts';
import { referenceKey, referencePartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem } from '../../problem.ts';
import type { Checked } from './check.ts';

/**
 * Another account is refused with 409, naming both: its records would be taken for those of the first. Where the source names no
 * account, at least half of the branches mirrored so far must be among those it lists now (M-42).
 */
export async function requireSameAccount(
  table: Table,
  scope: TenantScope,
  connection: Connection,
  checked: Checked,
): Promise<void> {
  if (connection.accountId !== null && checked.accountId !== null) {
    if (connection.accountId === checked.accountId) return;
    throw mismatch(connection, checked);
  }
  const branches = await table.queryAll(scope, { partition: referencePartition(scope), prefix: 'branch#' });
  const known = branches.filter((item) => item.c === connection.n).map((item) => item.sk);
  const listed = new Set(
    checked.branchSourceIds.map((id) => referenceKey(scope, 'branch', mirrorId(connection.id, 'branch', id)).sk),
  );
  const again = known.filter((key) => listed.has(key)).length;
  if (known.length > 0 && again * 2 < known.length) throw mismatch(connection, checked);
}

function mismatch(connection: Connection, checked: Checked): ApiProblem {
  const name = (account: { accountName: string | null; accountId: string | null }) =>
    account.accountName ?? account.accountId ?? 'an account without a name';
  return new ApiProblem('account-mismatch', {
    detail: `This connection belongs to ${name(connection)}, the credentials to ${name(checked)}. Make a new connection for that account.`,
    data: { connected: name(connection), offered: name(checked) },
  });
}
