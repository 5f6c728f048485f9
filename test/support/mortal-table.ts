import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '#kernel/instant.ts';
import { openPlainTable, type PlainTable } from '#store/plain-table.ts';
import { type Table, withBatches } from '#store/table.ts';

/** What a process was killed with: nothing catches it on purpose. */
export class Killed extends Error {}

/** Which call of the store kills the process; before it has taken effect, or after. */
export interface Death {
  calls: number;
  at: number;
  late: boolean;
}

/** A plain table whose process dies at one call: that call and all later ones throw. */
export function mortalTable(plain: PlainTable, death: Death): PlainTable {
  const wrap =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      death.calls += 1;
      if (death.calls > death.at || (death.calls === death.at && !death.late)) throw new Killed();
      const result = await call(...args);
      if (death.calls >= death.at) throw new Killed();
      return result;
    };
  return {
    get: wrap(plain.get),
    query: wrap(plain.query),
    queryAll: wrap(plain.queryAll),
    batchGet: wrap(plain.batchGet),
    write: wrap(plain.write),
  };
}

/** A table of a process that dies at one call of the store, inside of a batch as well. */
export function dyingTable(
  options: { readonly client: DynamoDBDocumentClient; readonly tableName: string; readonly now: () => Instant },
  death: Death,
): Table {
  const waits = { sleep: async () => {}, random: () => 0.5 };
  return withBatches(mortalTable(openPlainTable({ ...options, ...waits }), death), { ...options, ...waits });
}
