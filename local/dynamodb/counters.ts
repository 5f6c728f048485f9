/** What was asked of the engine and what it cost. Units by the rules of the service: eventual reads count halves. */
export type Usage = { requests: number; itemReads: number; itemWrites: number; readUnits: number; writeUnits: number };

/** Usage of one operation on one table; `table` is '' where a request names none. */
export type UsageRow = Usage & { readonly operation: string; readonly table: string };

export type Counters = {
  /** Every operation and table seen since the last reset. */
  rows(): UsageRow[];
  /** The sum over the rows that match. A request on two tables counts once for each. */
  total(of?: { operation?: string; table?: string }): Usage;
  reset(): void;
  /** For the engine: adds to a row. */
  add(operation: string, table: string, usage: Partial<Usage>): void;
};

/** Starts counting at zero. */
export function createCounters(): Counters {
  const rows = new Map<string, UsageRow>();
  const nothing = (): Usage => ({ requests: 0, itemReads: 0, itemWrites: 0, readUnits: 0, writeUnits: 0 });
  const sum = (into: Usage, more: Partial<Usage>) => {
    into.requests += more.requests ?? 0;
    into.itemReads += more.itemReads ?? 0;
    into.itemWrites += more.itemWrites ?? 0;
    into.readUnits += more.readUnits ?? 0;
    into.writeUnits += more.writeUnits ?? 0;
    return into;
  };
  return {
    rows: () => [...rows.values()].map((row) => ({ ...row })),
    total: ({ operation, table } = {}) =>
      [...rows.values()]
        .filter((row) => (operation === undefined || row.operation === operation) && (table === undefined || row.table === table))
        .reduce(sum, nothing()),
    reset: () => rows.clear(),
    add: (operation, table, usage) => {
      const key = `${operation} ${table}`;
      const row = rows.get(key) ?? { operation, table, ...nothing() };
      sum(row, usage);
      rows.set(key, row);
    },
  };
}
