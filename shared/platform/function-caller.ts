import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { AppError } from '#kernel/errors.ts';

/** Asks another function and waits for its answer. */
export type FunctionCaller = (functionName: string, payload: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** A caller over Lambda's synchronous invocation. A function that fails is `source-failed`, with nothing of its text passed on. */
export function openFunctionCaller(client: LambdaClient): FunctionCaller {
  return async (functionName, payload) => {
    const answer = await send(client, functionName, payload);
    const text = answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString('utf8');
    if (answer.FunctionError !== undefined || text === '')
      throw new AppError('source-failed', {
        category: 'transient',
        message: `the function failed: ${answer.FunctionError ?? 'no answer'}`,
      });
    return JSON.parse(text);
  };
}

async function send(client: LambdaClient, FunctionName: string, payload: Readonly<Record<string, unknown>>) {
  try {
    return await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }));
  } catch (cause) {
    throw new AppError('source-failed', { category: 'transient', message: 'the function cannot be reached', cause });
  }
}
