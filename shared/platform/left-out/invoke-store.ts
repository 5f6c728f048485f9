/**
 * Stands in for `@aws/lambda-invoke-store` in every bundle: the trace of an invocation where several run in one process at once. Ours run
 * one at a time, and the SDK finds their trace in the environment where nothing is kept here.
 */
export const InvokeStore = { getInstanceAsync: async (): Promise<undefined> => undefined };
