import type { Row } from './dataset.ts';

/** One change of a tenant's data, small enough to be written down and made again. */
export type DataChange =
  | { readonly op: 'merge'; readonly list: string; readonly row: Row }
  | { readonly op: 'remove'; readonly list: string; readonly key: string }
  | { readonly op: 'reset' };

/** The stored rows of every list by its path, in the order the list holds them. */
export type StoredLists = Readonly<Record<string, readonly Row[]>>;
