import { type ClientProtocol, protocolOf } from './wire.ts';

/** The one operation of Lambda that we call, `Invoke` with a name and a payload: the payload is the body, both ways. */
export function invokeProtocol(): ClientProtocol {
  return protocolOf({
    shapeId: 'aws.protocols#restJson1',
    write(operation, { FunctionName, Payload, ...others }) {
      if (operation !== 'Invoke' || typeof FunctionName !== 'string' || Object.keys(others).length > 0) {
        throw new Error(`Lambda is called with Invoke, FunctionName and Payload only, not with ${operation}.`);
      }
      return {
        method: 'POST',
        path: `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations`,
        headers: { 'content-type': 'application/octet-stream' },
        body: Payload instanceof Uint8Array ? Payload : String(Payload ?? ''),
      };
    },
    read: ({ statusCode, headers, body }) => ({
      StatusCode: statusCode,
      FunctionError: headers['x-amz-function-error'],
      Payload: body,
    }),
    readFailure: JSON.parse,
  });
}
