import { listApiTokens, revokeApiTokenAction } from '#store/people-repository.ts';
import type { WriteAction } from '#store/table.ts';
import type { ApiRequest } from '../route.ts';

/** Ends the API tokens that were made for a user: a token never outlives the login that it stands for. */
export async function tokensOfUser(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  userId: string,
): Promise<readonly WriteAction[]> {
  const tokens = (await listApiTokens(ports.table, scope)).filter((token) => token.userId === userId && token.revokedAt === null);
  return tokens.map(({ id }) => revokeApiTokenAction(scope, id, ports.now()));
}
