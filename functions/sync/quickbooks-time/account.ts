import type { OpenOptions } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { QuickBooksTimeClient } from './client.ts';
import { readName } from './map/read.ts';
import { accountRow } from './wire.ts';

/** Whose account a login opens. */
export interface Account {
  readonly id: string;
  readonly name: string | null;
}

/**
 * Asks who is logged in. The company's id is told only when access is granted, its web address also with every person; so an answer under
 * another address than the granted one is another account's, and without a grant the address itself is the identity (M-42).
 */
export async function readAccount(client: QuickBooksTimeClient, { credentials }: OpenOptions): Promise<Account> {
  const [raw] = await client.all('current_user');
  const row = accountRow.safeParse(raw);
  const address = row.success ? readName(row.data.client_url, 'client_url') : null;
  if (!row.success || address === null) throw new SourceError('bad_response', 'GET /current_user tells no account');
  const name = readName(row.data.company_name, 'company_name');
  const { companyId, clientUrl } = credentials;
  if (companyId === undefined || companyId === '') return { id: address, name };
  if (clientUrl !== undefined && clientUrl !== '' && clientUrl !== address) return { id: address, name };
  return { id: companyId, name };
}
