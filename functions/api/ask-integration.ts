import type { SyncCall } from '#model/sync-call.ts';
import type { Environment } from '#platform/aws-environment.ts';
import type { FunctionCaller } from '#platform/function-caller.ts';
import { ApiProblem } from './problem.ts';

/** Asks a provider's own function; it alone can read credentials and call the source. */
export type AskIntegration = (provider: string, question: SyncCall) => Promise<unknown>;

/** The integrations' functions, by the variables that name them: `SYNC_FUNCTION_<PROVIDER>`. */
export function openIntegrations(call: FunctionCaller, environment: Environment): AskIntegration {
  return async (provider, question) => {
    const name = environment[`SYNC_FUNCTION_${provider.toUpperCase().replaceAll('-', '_')}`];
    if (name === undefined) throw new ApiProblem('source-failed', { detail: 'This integration cannot be reached here.' });
    return call(name, { ...question });
  };
}
