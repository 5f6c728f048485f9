import { AppError } from '#kernel/errors.ts';

/**
 * A failure of the store itself: throttled, out of reach, refused. Never "nothing there": whoever catches one must not go on as if the
 * read had found nothing (M-90).
 */
export class StoreError extends AppError {
  constructor(code: string, detail: string, cause?: unknown) {
    super(code, { category: code === 'store-refused' ? 'ours' : 'transient', detail, ...(cause === undefined ? {} : { cause }) });
    this.name = 'StoreError';
  }
}

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);
const REFUSED = new Set(['AccessDeniedException', 'ValidationException', 'ResourceNotFoundException']);

/** Wraps what the SDK throws, keeping it as the cause. */
export function toStoreError(error: unknown): Error {
  if (error instanceof AppError) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  if (THROTTLED.has(name)) return new StoreError('store-throttled', name, error);
  if (REFUSED.has(name)) return new StoreError('store-refused', name, error);
  return new StoreError('store-unavailable', name, error);
}
