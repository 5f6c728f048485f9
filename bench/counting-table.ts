import type { Table, WriteAction } from '#store/table.ts';

/** How many records of time and driving were written. */
export interface Written {
  times: number;
}

const isTime = (action: WriteAction): boolean => action.kind === 'put' && (action.item.et === 'ti' || action.item.et === 'dr');

/** A table without the entries, which are counted and let go; everything else is stored. */
export function countingTable(table: Table, written: Written): Table {
  return {
    ...table,
    write: async (scope, actions, token) => {
      const left = actions.filter((action) => !isTime(action));
      written.times += actions.length - left.length;
      return left.length === 0 ? { applied: true } : table.write(scope, left, token);
    },
  };
}
