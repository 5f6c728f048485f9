/** One row of a source list in its wire form. */
export type Row = Record<string, unknown>;

/** A later change of the recorded company: one step may consist of several changes with the same name. */
export type DatasetChange = {
  readonly step: string;
  readonly at: string;
  readonly path: string;
  readonly op: 'replace' | 'insert' | 'remove';
  readonly key: string | number;
  readonly row: Row | null;
};

/** What is known about a recorded company as a whole. */
export type DatasetAbout = {
  readonly company: string;
  /** The moment the recording stands for, an instant. */
  readonly snapshotAt: string;
  /** IANA zone in which the company works; wall-clock times of the rows are meant in it. */
  readonly timeZone: string;
  readonly [name: string]: unknown;
};

/** A recorded company: lists by path, the values of fields a row leaves out, and the later changes. */
export type SourceDataset = {
  readonly _about: DatasetAbout;
  readonly defaults?: Readonly<Record<string, Row>>;
  readonly endpoints: Readonly<Record<string, readonly Row[]>>;
  readonly changes: readonly DatasetChange[];
};

/** How one list of a source is addressed at the control door. */
export type EntitySpec = {
  /** Name at the control door, the list's own name without a slash. */
  readonly name: string;
  /** Path of the list in the dataset. */
  readonly path: string;
  /** Fields that together identify a row. */
  readonly key: readonly string[];
  /** Field holding the source's own modification stamp, null where the list has none. */
  readonly stamp: string | null;
};

/** The identity of a row inside its list, as text; null when a key field is missing. */
export function keyOf(spec: EntitySpec, row: Row): string | null {
  const parts = spec.key.map((field) => row[field]);
  return parts.some((part) => part === undefined || part === null) ? null : parts.map(String).join('/');
}

/** The name of a list for comparison: without a leading slash and without regard to case. */
export function entityKey(name: string): string {
  return name.replace(/^\//, '').toLowerCase();
}
