/** Stand in for what the SDK tells services of itself in the header `user-agent`: nobody reads it, and every call would carry it. */
export function getUserAgentPlugin(): { applyToStack(): void } {
  return { applyToStack: () => undefined };
}

export function resolveUserAgentConfig<Input>(input: Input): Input {
  return input;
}

export function createDefaultUserAgentProvider(): () => Promise<readonly never[]> {
  return async () => [];
}

/** Named by the SDK's index beside those above, and used by nobody. */
const unused = undefined;

export {
  unused as crtAvailability,
  unused as DEFAULT_UA_APP_ID,
  unused as defaultUserAgent,
  unused as getUserAgentMiddlewareOptions,
  unused as userAgentMiddleware,
};
