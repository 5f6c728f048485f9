import type { Instant } from '#kernel/instant.ts';
import { credentialsKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Condition, Table } from './table.ts';

/** The vault item of a connection as it stands. Its ciphertext is new with every sealing, so it names the version as well. */
export interface SealedCredentials {
  readonly ciphertext: Uint8Array | string;
  /** Who is asking the source for newer tokens, and until when they may: the written intent of faults 36 and 37. */
  readonly refreshing: { readonly by: string; readonly until: Instant } | null;
  /** The source has refused these tokens for good: nobody asks again until they are replaced. */
  readonly refused: boolean;
}

/** Reads and replaces sealed credentials so that of two who refresh at once one does. Every write says which version it means. */
export interface CredentialStore {
  /** Null: there are none, the connection is not connected. */
  read(): Promise<SealedCredentials | null>;
  /** Takes the right to refresh; false where somebody holds it, or the credentials have changed since they were read. */
  claim(
    seen: SealedCredentials,
    claim: { readonly by: string; readonly now: Instant; readonly until: Instant },
  ): Promise<boolean>;
  /** Puts newer ones in their place; false where they have changed since they were read. */
  replace(seen: SealedCredentials, ciphertext: string): Promise<boolean>;
  /** Gives the right back after a call that changed nothing at the source. */
  release(seen: SealedCredentials): Promise<void>;
  /** Notes that the source has refused them; false where they have changed since they were read. */
  refuse(seen: SealedCredentials): Promise<boolean>;
}

/** The credentials of one connection in the table. */
export function openCredentialStore(table: Table, scope: TenantScope, n: number): CredentialStore {
  const key = credentialsKey(scope, n);
  const update = async (seen: SealedCredentials, change: Condition, also: Condition | null = null): Promise<boolean> => {
    const condition = {
      expression: `ciphertext = :seen${also ? ` AND ${also.expression}` : ''}`,
      ...(also?.names && { names: also.names }),
      values: { ':seen': seen.ciphertext, ...also?.values },
    };
    return (await table.write(scope, [{ kind: 'update', key, update: change, condition }])).applied;
  };
  return {
    async read() {
      const item = await table.get(scope, key);
      if (item === null) return null;
      return {
        ciphertext: item.ciphertext as Uint8Array | string,
        refreshing: (item.refreshing as SealedCredentials['refreshing'] | undefined) ?? null,
        refused: item.refused === true,
      };
    },
    claim: (seen, { by, now, until }) =>
      update(
        seen,
        { expression: 'SET refreshing = :claim', values: { ':claim': { by, until } } },
        {
          // `until` is a word of the expression language; `by` makes a claim whose answer was lost succeed when it is sent again.
          expression: '(attribute_not_exists(refreshing) OR refreshing.#until < :now OR refreshing.#by = :by)',
          names: { '#until': 'until', '#by': 'by' },
          values: { ':now': now, ':by': by },
        },
      ),
    replace: (seen, ciphertext) =>
      update(seen, { expression: 'SET ciphertext = :new REMOVE refreshing', values: { ':new': ciphertext } }),
    release: async (seen) => {
      await update(seen, { expression: 'REMOVE refreshing' });
    },
    refuse: (seen) => update(seen, { expression: 'SET refused = :yes REMOVE refreshing', values: { ':yes': true } }),
  };
}
