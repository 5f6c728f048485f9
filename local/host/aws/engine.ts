import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { isObject, type JsonObject, objectOf } from '../json.ts';
import { AwsError } from './error.ts';

/** A raw answer of the DynamoDB engine. */
export type EngineAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** The connection to the DynamoDB engine. */
export type Engine = {
  /** Passes a request on as it came. Rejects where the engine cuts the connection. */
  forward(target: string, body: Buffer): Promise<EngineAnswer>;
  /** One call of the host itself, such as `DynamoDB_20120810.DescribeTable`. Throws AwsError with the engine's code. */
  call(target: string, body: JsonObject): Promise<JsonObject>;
  close(): void;
};

// The engine asks for the form of a signature and checks none.
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    'AWS4-HMAC-SHA256 Credential=LOCALHOST/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

/** Connects to an engine that speaks the DynamoDB and DynamoDBStreams JSON protocols at an http URL. */
export function connectEngine(endpoint: string): Engine {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const url = new URL(endpoint);

  const forward = (target: string, body: Buffer): Promise<EngineAnswer> =>
    new Promise((resolve, reject) => {
      const options = { agent, method: 'POST', headers: { ...HEADERS, 'x-amz-target': target, 'content-length': body.length } };
      const outgoing = request(url, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 500, headers: incoming.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  return {
    forward,
    call: async (target, body) => {
      const answer = await forward(target, Buffer.from(JSON.stringify(body)));
      const parsed: unknown = answer.body.length === 0 ? {} : JSON.parse(answer.body.toString());
      if (answer.status === 200) return objectOf(parsed, target);
      const fields = isObject(parsed) ? parsed : {};
      const code =
        String(fields.__type ?? 'InternalServerError')
          .split('#')
          .at(-1) ?? '';
      throw new AwsError(code, String(fields.message ?? fields.Message ?? target), { status: answer.status });
    },
    close: () => agent.destroy(),
  };
}
