import type { Caller, Iam } from '../iam/iam.ts';
import type { AsyncInvoker } from '../lambda/async-invoke.ts';
import type { Pool } from '../lambda/pool.ts';
import { AwsError } from './error.ts';

/** A REST answer of the Invoke API. */
export type RestAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
const PAYLOAD_LIMIT_BYTES = 6_291_456;

/** Whether a request goes to the Invoke API of Lambda. */
export function isInvokePath(path: string): boolean {
  return PATH.test(path);
}

/** Answers Invoke: RequestResponse, Event and DryRun, for a function by name or ARN. */
export function createLambdaApi(pools: ReadonlyMap<string, Pool>, later: AsyncInvoker, iam: Iam) {
  return async (path: string, invocationType: string, payload: string, caller: Caller): Promise<RestAnswer> => {
    const asked = decodeURIComponent(PATH.exec(path)?.[1] ?? '');
    const name = asked.split(':function:').at(-1)!.split(':')[0]!;
    const pool = [...pools.values()].find(({ definition }) => definition.name === name);
    if (pool === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${asked}`, { status: 404 });
    const { arn } = pool.definition;
    try {
      iam.require(caller, { action: 'lambda:InvokeFunction', resource: arn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(error.code, error.message, { status: 403 });
    }
    if (Buffer.byteLength(payload) > PAYLOAD_LIMIT_BYTES) {
      throw new AwsError(
        'RequestTooLargeException',
        `Request must be smaller than ${PAYLOAD_LIMIT_BYTES} bytes for the InvokeFunction operation`,
        { status: 413 },
      );
    }
    const event = payload === '' ? '{}' : payload;
    assertJson(event);
    if (invocationType === 'DryRun') return { status: 204, headers: {}, body: '' };
    if (invocationType === 'Event') {
      later.enqueue(arn, event);
      return { status: 202, headers: {}, body: '' };
    }
    const result = await pool.invoke(event, 'sync');
    const headers: Record<string, string> = { 'X-Amz-Executed-Version': '$LATEST', 'Content-Type': 'application/json' };
    if (result.functionError !== null) headers['X-Amz-Function-Error'] = result.functionError;
    return { status: 200, headers, body: result.payload };
  };
}

function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new AwsError('InvalidRequestContentException', 'Could not parse request body into json'), { cause });
  }
}
