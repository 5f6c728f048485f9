import type * as keys from '#model/keys.ts';

type Keys = typeof keys;
/** The key builders of shared/model/keys.ts by name. */
export type KeyName = { [K in keyof Keys]: Keys[K] extends (...args: never[]) => unknown ? K : never }[keyof Keys];

/** A function of shared/store, or a file outside of it that reads or writes the table itself. */
export type User = ((...args: never[]) => unknown) | `${'functions' | 'shared/sync'}/${string}.ts`;

export type ReadOperation = 'GetItem' | 'BatchGetItem' | 'Query';

/** One kind of request that a pattern makes. */
export interface Step {
  readonly operation: ReadOperation;
  /** Null: the table itself. */
  readonly index: 'id' | 'by' | null;
  /** Read units of 4 KB: 1 strongly, ½ eventually. An index only gives eventual reads. */
  readonly unit: 1 | 0.5;
  /** What is read, and how often where it is not once. */
  readonly of: string;
}

/** One way in which the product reads the table. */
export interface AccessPattern {
  readonly name: string;
  readonly keys: readonly [KeyName, ...KeyName[]];
  /** Partition and range, with `{t}` for `T#<tenant>`. */
  readonly range: string;
  readonly reads: readonly Step[];
  /** What it comes to in the workload that the design reckons with, or what bounds it. */
  readonly note?: string;
  readonly users: readonly [User, ...User[]];
}

/** One kind of stored item: where it lies, which index entries it has, and who writes it. */
export interface StoredItem {
  readonly name: string;
  /** The mark `et` that stream filters look at. */
  readonly mark: string;
  readonly keys: readonly [KeyName, ...KeyName[]];
  /** Index entries: each costs a unit when the item is born, one when it goes, and two when its index key changes. */
  readonly indexes: readonly ('id' | 'by')[];
  /** Says when an index entry is missing. */
  readonly note?: string;
  readonly writers: readonly [User, ...User[]];
}

/** A key builder whose items are not stored yet. */
export interface ReservedKey {
  readonly key: KeyName;
  readonly range: string;
  readonly purpose: string;
}

export interface Section<T> {
  readonly title: string;
  readonly intro?: string;
  readonly entries: readonly T[];
}

export const getItem = (of: string, unit: Step['unit'] = 1): Step => ({ operation: 'GetItem', index: null, unit, of });
export const batchGet = (of: string, unit: Step['unit'] = 1): Step => ({ operation: 'BatchGetItem', index: null, unit, of });
export const query = (of: string, unit: Step['unit'] = 1): Step => ({ operation: 'Query', index: null, unit, of });
export const queryIndex = (index: 'id' | 'by', of: string): Step => ({ operation: 'Query', index, unit: 0.5, of });
/** Unit of an eventual read. */
export const EVENTUAL = 0.5;
