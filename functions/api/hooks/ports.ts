import type { HookAnswer, HookCall } from '#model/sync-call.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { openFunctionCaller } from '#platform/function-caller.ts';
import { type LogLine, logLine } from '#platform/log.ts';
import { type SystemPorts, systemPorts } from '#platform/ports.ts';
import { openIntegrations } from '../ask-integration.ts';
import { routeDefiner } from '../route.ts';

/** The function that takes events has no table: it asks the provider's own function and nobody else. */
export interface HookPorts extends SystemPorts {
  log(line: LogLine): void;
  takeHook(provider: string, call: HookCall): Promise<HookAnswer>;
}

/** Defines a route that a provider posts to. */
export const defineHookRoute = routeDefiner<HookPorts>();

/** The ports of the deployed function, from its environment. */
export function hookPorts(environment: Environment = process.env): HookPorts {
  const ask = openIntegrations(openFunctionCaller(lambdaClient(environment)), environment);
  return {
    ...systemPorts(),
    log: logLine,
    takeHook: async (provider, call) => (await ask(provider, call)) as HookAnswer,
  };
}
