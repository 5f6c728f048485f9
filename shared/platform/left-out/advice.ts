/**
 * Stand in for what the SDK does beside its calls, none of which a function takes: a log of every call (our clients have no logger), a
 * warning about old versions of Node, a list of the features in use for its user agent, defaults chosen by where a program runs (ours are
 * set), and the addresses of S3.
 */
export function getLoggerPlugin(): { applyToStack(): void } {
  return { applyToStack: () => undefined };
}

export function emitWarningIfUnsupportedVersion(): void {}

export async function checkFeatures(): Promise<void> {}

export function resolveDefaultsModeConfig(): () => Promise<'legacy'> {
  return async () => 'legacy';
}

export async function resolveParamsForS3(): Promise<void> {}

/** Named by the SDK's index beside those above, and used by nobody. */
const unused = undefined;

export { unused as loggerMiddleware, unused as loggerMiddlewareOptions, unused as state };
