/** What the SDK puts before its user agent: nothing. */
export function getUserAgentPrefix(): string {
  return '';
}

/** Stands in for the table of partitions and regions, which only the endpoint rules read; those are left out as well. */
export function partition(): never {
  throw new Error('The table of regions is not part of any bundle.');
}

/** See `partition`. */
export const setPartitionInfo = partition;

/** See `partition`. */
export const useDefaultPartitionInfo = partition;
