import type { UploadCall, UploadLink } from '#model/upload.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { type EventPublisher, openPublisher } from '#platform/event-publisher.ts';
import { openFunctionCaller } from '#platform/function-caller.ts';
import { requiredVariable } from '#platform/ports.ts';
import { type ApiPorts, apiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';
import { routeDefiner } from '../route.ts';

/** What uploads reach beside the table: the bus, and the function of the file source, which alone may touch files. */
export interface UploadPorts extends ApiPorts {
  readonly bus: EventPublisher;
  readonly files: FileQuestions;
}

export interface FileQuestions {
  /** A link under which the file of an upload may be put once. */
  link(provider: string, call: Extract<UploadCall, { type: 'upload-link' }>): Promise<UploadLink>;
  /** Takes the file of an upload away. */
  drop(provider: string, call: Extract<UploadCall, { type: 'upload-drop' }>): Promise<void>;
}

export const defineUploadRoute = routeDefiner<UploadPorts>();

/** The ports of the deployed function. Throws where a variable is missing. */
export function uploadPorts(environment: Environment = process.env): UploadPorts {
  const ports = apiPorts(environment);
  const call = openFunctionCaller(lambdaClient(environment));
  const ask = (provider: string, payload: UploadCall): Promise<unknown> => {
    const name = environment[`SYNC_FUNCTION_${provider.toUpperCase().replaceAll('-', '_')}`];
    if (name === undefined) throw new ApiProblem('source-failed', { detail: 'This integration cannot be reached here.' });
    return call(name, { ...payload });
  };
  return {
    ...ports,
    bus: openPublisher(eventBridgeClient(environment), requiredVariable(environment, 'EVENT_BUS_NAME'), ports),
    files: {
      link: async (provider, payload) => (await ask(provider, payload)) as UploadLink,
      drop: async (provider, payload) => {
        await ask(provider, payload);
      },
    },
  };
}
