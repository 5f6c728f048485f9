import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../iam/iam.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { EngineAnswer } from './engine.ts';
import { AwsError, validationError } from './error.ts';
import { isInvokePath, type RestAnswer } from './lambda.ts';
import { isPresigned, type SigningKeys, verifyPresigned } from './presigned.ts';
import { LARGEST_OBJECT_BYTES, type S3, s3Failure } from './s3.ts';
import { isMailPath } from './ses.ts';

/** The services behind the endpoint. Each checks the caller's permissions itself. */
export type Services = {
  readonly dynamodb: (target: string, operation: string, raw: Buffer, body: JsonObject, caller: Caller) => Promise<EngineAnswer>;
  readonly sqs: (operation: string, body: JsonObject, caller: Caller) => Promise<JsonObject>;
  readonly events: (operation: string, body: JsonObject, caller: Caller) => JsonObject;
  readonly identity: (operation: string, body: JsonObject, caller: Caller) => JsonObject;
  readonly kms: (operation: string, body: JsonObject, caller: Caller) => JsonObject;
  readonly s3: S3;
  readonly ses: (body: JsonObject, caller: Caller) => JsonObject;
  readonly lambda: (path: string, invocationType: string, payload: string, caller: Caller) => Promise<RestAnswer>;
};

/** One call as counters and injected faults see it, e.g. `sqs` and `SendMessage`. */
export type AwsCall = { readonly service: string; readonly operation: string; readonly caller: Caller };

export type EndpointOptions = {
  /** Who an access key belongs to; undefined for an unknown key. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  /** What a caller signs with. */
  readonly keysOf: (accessKeyId: string) => SigningKeys | undefined;
  readonly now: () => number;
  readonly services: Services;
  /** Runs a call under the injected faults: it may throw before or after, or cut the connection (`null`). */
  readonly around: (call: AwsCall, run: () => Promise<Reply>) => Promise<Reply | null>;
};

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};

const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  TrentService: 'kms',
  AWSCognitoIdentityProviderService: 'identity',
};

/**
 * The one AWS endpoint: every SDK client that gets AWS_ENDPOINT_URL ends here, told apart by the `X-Amz-Target` header
 * (JSON protocols) or the path (Lambda, S3, SES). It knows callers by their access keys and verifies no signature but that of a presigned link,
 * which is all that its holder shows.
 */
export function createEndpoint({
  callerOf,
  keysOf,
  now,
  services,
  around,
}: EndpointOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const answer = async (request: IncomingMessage, raw: Buffer): Promise<Reply | null> => {
    const caller = authenticate(request, callerOf);
    const path = request.url?.split('?')[0] ?? '/';
    if (isInvokePath(path)) {
      const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
      return around({ service: 'lambda', operation: 'Invoke', caller }, () =>
        services.lambda(path, type, raw.toString(), caller),
      );
    }
    if (isMailPath(path))
      return around({ service: 'ses', operation: 'SendEmail', caller }, async () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(services.ses(parse(raw), caller)),
      }));
    const target = header(request, 'x-amz-target') ?? '';
    const [prefix = '', operation = ''] = target.split('.');
    const service = TARGETS[prefix];
    if (service === undefined)
      throw new AwsError('UnknownOperationException', `The local host knows no service for "${target}" ${path}`);
    const body = parse(raw);
    return around({ service, operation, caller }, async () => {
      if (service === 'dynamodb') return fromEngine(await services.dynamodb(target, operation, raw, body, caller));
      const result =
        service === 'sqs'
          ? await services.sqs(operation, body, caller)
          : services[service as 'events' | 'kms' | 'identity'](operation, body, caller);
      return {
        status: 200,
        headers: { 'content-type': request.headers['content-type'] ?? JSON_TYPE },
        body: JSON.stringify(result),
      };
    });
  };

  /** Objects are asked for by path and answered as S3 does; who comes with a presigned link has signed with somebody's keys. */
  const answerS3 = async (request: IncomingMessage, raw: Buffer): Promise<Reply | null> => {
    const url = new URL(request.url ?? '/', 'http://local');
    try {
      const caller = isPresigned(url) ? callerOf(verifyPresigned(request, url, keysOf, now()))! : authenticate(request, callerOf);
      if (raw.length > LARGEST_OBJECT_BYTES)
        throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
      const { operation, run } = services.s3.read(request, url, raw);
      return await around({ service: 's3', operation, caller }, async () => run(caller));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return s3Failure(error);
    }
  };

  return (request, response) => {
    const isS3 = services.s3.handles(request.url?.split('?')[0] ?? '/');
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // What is too large is counted to its end, so that its sender reads the answer, but not kept.
      if (bytes <= LARGEST_OBJECT_BYTES + chunk.length) chunks.push(chunk);
    });
    request.on('end', () => {
      if (isS3) {
        answerS3(request, Buffer.concat(chunks))
          .catch((error: unknown) => failure(error, request))
          .then((reply) => (reply === null ? response.destroy() : send(response, reply)));
        return;
      }
      answer(request, Buffer.concat(chunks))
        .catch((error: unknown) => failure(error, request))
        .then((reply) => (reply === null ? response.destroy() : send(response, reply)));
    });
  };
}

const JSON_TYPE = 'application/x-amz-json-1.0';

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function authenticate(request: IncomingMessage, callerOf: EndpointOptions['callerOf']): Caller {
  const accessKeyId = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (accessKeyId === undefined)
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', { status: 403 });
  const caller = callerOf(accessKeyId);
  if (caller === undefined)
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', { status: 403 });
  return caller;
}

function parse(raw: Buffer): JsonObject {
  try {
    const body: unknown = raw.length === 0 ? {} : JSON.parse(raw.toString());
    if (isObject(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError('SerializationException', 'The request body is no JSON object');
}

function fromEngine({ status, headers, body }: EngineAnswer): Reply {
  const kept: Record<string, string> = {};
  for (const name of ['content-type', 'x-amz-crc32', 'x-amzn-requestid']) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return { status, headers: kept, body };
}

/** An error as the SDK reads it: the code in the body, for REST in a header, for SQS also in its legacy header. */
function failure(error: unknown, request: IncomingMessage): Reply | null {
  // The engine cut the connection (an injected fault of its own): so does this endpoint.
  if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return null;
  const known = error instanceof AwsError ? error : error instanceof TypeError ? validationError(error.message) : null;
  const { code, message, status, fields } = known ?? new AwsError('InternalFailure', String(error), { status: 500 });
  if (known === null) process.stderr.write(`Local AWS endpoint: ${error instanceof Error ? error.stack : String(error)}\n`);
  const headers: Record<string, string> = {
    'content-type': request.headers['content-type'] ?? JSON_TYPE,
    'x-amzn-errortype': code,
  };
  if (header(request, 'x-amzn-query-mode') !== undefined) headers['x-amzn-query-error'] = `${code};Sender`;
  return {
    status,
    headers,
    body: JSON.stringify({ __type: `com.amazonaws.local#${code}`, message, Message: message, ...fields }),
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { 'x-amzn-requestid': randomUUID(), ...headers, 'content-length': bytes.length });
  response.end(bytes);
}
