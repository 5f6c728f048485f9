import { isObject } from '../json.ts';

/**
 * The failed items that a function with ReportBatchItemFailures names: empty when all is done, null when the whole
 * batch counts as failed (an empty, unknown or misspelled identifier), by the rules of Lambda.
 */
export function reportedFailures(payload: string, known: readonly string[]): ReadonlySet<string> | null {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer) || answer.batchItemFailures === undefined || answer.batchItemFailures === null) return new Set();
  if (!Array.isArray(answer.batchItemFailures)) return null;
  const failed = new Set<string>();
  for (const failure of answer.batchItemFailures as unknown[]) {
    const identifier = isObject(failure) ? failure.itemIdentifier : undefined;
    if (typeof identifier !== 'string' || !known.includes(identifier)) return null;
    failed.add(identifier);
  }
  return failed;
}
