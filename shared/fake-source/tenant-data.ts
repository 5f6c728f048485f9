import type { DataChange, StoredLists } from './data-change.ts';
import { type EntitySpec, entityKey, keyOf, type Row, type SourceDataset } from './dataset.ts';

/** What an edit did to one list: the rows before it (null when there was none) and after it (null when removed). */
export type Edit = { readonly entity: EntitySpec; readonly before: Row | null; readonly after: Row | null };

/** The data of one tenant, kept in memory and apart from every other tenant's. */
export class TenantData {
  readonly id: string;
  readonly dataset: SourceDataset;
  /** Told of every change after it is made; null while nobody keeps them. */
  onChange: ((change: DataChange) => void) | null = null;
  readonly #entities: ReadonlyMap<string, EntitySpec>;
  readonly #lists = new Map<string, Map<string, Row>>();

  constructor(id: string, dataset: SourceDataset, entities: readonly EntitySpec[]) {
    this.id = id;
    this.dataset = dataset;
    this.#entities = new Map(entities.map((spec) => [entityKey(spec.name), spec]));
    this.reset();
  }

  /** Puts the recorded rows back and forgets every edit. */
  reset(): void {
    this.restore(this.dataset.endpoints);
    this.onChange?.({ op: 'reset' });
  }

  /** Replaces the rows of every list; a list that is not named has none. Not a change that anybody is told of. */
  restore(lists: StoredLists): void {
    for (const spec of this.#entities.values()) {
      const rows = new Map<string, Row>();
      for (const row of lists[spec.path] ?? []) {
        const key = keyOf(spec, row);
        if (key === null) throw new Error(`${spec.path}: a row of the dataset has no ${spec.key.join(', ')}`);
        rows.set(key, structuredClone(row));
      }
      this.#lists.set(spec.path, rows);
    }
  }

  /** The rows as they are stored, without defaults; `restore` takes them back. */
  stored(): StoredLists {
    return Object.fromEntries([...this.#lists].map(([path, rows]) => [path, [...rows.values()]]));
  }

  /** Makes a change that was written down earlier. Throws for a list this source does not have. */
  apply(change: DataChange): void {
    if (change.op === 'reset') {
      this.reset();
      return;
    }
    const spec = this.entityAt(change.list);
    if (spec === null) throw new Error(`no list ${change.list}`);
    if (change.op === 'merge') this.merge(spec, change.row);
    else this.remove(spec, change.key);
  }

  /** The list with this name, in any case and with or without a slash; null when there is none. */
  entity(name: string): EntitySpec | null {
    return this.#entities.get(entityKey(name)) ?? null;
  }

  /** The list at a path of the dataset; null when there is none. */
  entityAt(path: string): EntitySpec | null {
    for (const spec of this.#entities.values()) if (spec.path === path) return spec;
    return null;
  }

  /** The rows of a list as wire rows: every field the row leaves out has its default. */
  rows(spec: EntitySpec): Row[] {
    const defaults = this.dataset.defaults?.[spec.path] ?? {};
    return [...this.#list(spec).values()].map((row) => ({ ...defaults, ...row }));
  }

  /** How many rows a list has. */
  count(spec: EntitySpec): number {
    return this.#list(spec).size;
  }

  /** One stored row by its key; null when there is none. */
  row(spec: EntitySpec, key: string | number): Row | null {
    return this.#list(spec).get(String(key)) ?? null;
  }

  /** Merges a row over the stored one with the same key, or adds it. The row must hold its key. */
  merge(spec: EntitySpec, row: Row): Edit {
    const key = keyOf(spec, row);
    if (key === null) throw new Error(`a row of ${spec.name} needs ${spec.key.join(' and ')}`);
    const before = this.#list(spec).get(key) ?? null;
    const after = { ...before, ...structuredClone(row) };
    this.#list(spec).set(key, after);
    this.onChange?.({ op: 'merge', list: spec.path, row });
    return { entity: spec, before, after };
  }

  /** Removes a row; null when there was none. */
  remove(spec: EntitySpec, key: string | number): Edit | null {
    const before = this.row(spec, key);
    if (before === null) return null;
    this.#list(spec).delete(String(key));
    this.onChange?.({ op: 'remove', list: spec.path, key: String(key) });
    return { entity: spec, before, after: null };
  }

  #list(spec: EntitySpec): Map<string, Row> {
    const rows = this.#lists.get(spec.path);
    if (rows === undefined) throw new Error(`no list ${spec.path}`);
    return rows;
  }
}
