import type { Waiting } from '#model/sync-items.ts';
import type { RunStore } from './run-store.ts';

type Child = Pick<Waiting, 'space' | 'sourceId'>;

/**
 * The children that wait for parents, as this leg knows them: read once, when the first record asks, and kept up with every write. So
 * asking what a record waits for costs nothing, and what is written down already is not written again.
 */
export class WaitingList {
  readonly #store: Pick<RunStore, 'readWaiting' | 'putWaiting' | 'removeWaiting'>;
  #rows: Promise<Map<string, Map<string, Waiting>>> | null = null;

  constructor(store: Pick<RunStore, 'readWaiting' | 'putWaiting' | 'removeWaiting'>) {
    this.#store = store;
  }

  async all(): Promise<Waiting[]> {
    return [...(await this.#byChild()).values()].flatMap((rows) => [...rows.values()]);
  }

  /** What one record waits for. */
  async of(child: Child): Promise<Waiting[]> {
    return [...((await this.#byChild()).get(childKey(child))?.values() ?? [])];
  }

  /** Writes a row down; false when it is there already, so that `since` goes on telling how long the record has waited. */
  async put(row: Waiting): Promise<boolean> {
    const children = await this.#byChild();
    const rows = children.get(childKey(row)) ?? new Map<string, Waiting>();
    if (rows.get(row.parent.id)?.parentSkipped === row.parentSkipped) return false;
    await this.#store.putWaiting(row);
    children.set(childKey(row), rows.set(row.parent.id, row));
    return true;
  }

  /** Takes note of a row that was written by other means; it is known already. */
  async note(row: Waiting): Promise<void> {
    (await this.#byChild()).get(childKey(row))?.set(row.parent.id, row);
  }

  async remove(row: Waiting): Promise<void> {
    await this.#store.removeWaiting(row);
    (await this.#byChild()).get(childKey(row))?.delete(row.parent.id);
  }

  async #byChild(): Promise<Map<string, Map<string, Waiting>>> {
    this.#rows ??= this.#store.readWaiting().then((rows) => {
      const children = new Map<string, Map<string, Waiting>>();
      for (const row of rows) {
        const own = children.get(childKey(row)) ?? new Map<string, Waiting>();
        children.set(childKey(row), own.set(row.parent.id, row));
      }
      return children;
    });
    return this.#rows;
  }
}

const childKey = (child: Child): string => `${child.space}\n${child.sourceId}`;
