import { SourceError } from '#mirror/source-error.ts';

/** The error that a call ends in, which has to be a SourceError. */
export async function sourceErrorOf(call: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await call.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${JSON.stringify(error)} ${String(error)}`);
  return error;
}
