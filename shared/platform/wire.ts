import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** How an AWS client writes its requests and reads the answers, as its setting `protocol` takes it. */
export type ClientProtocol = Exclude<NonNullable<DynamoDBClientConfig['protocol']>, new (...parts: never[]) => unknown>;

/** A request before it is signed. */
export interface WireRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** An answer as it came; the names of its headers are in small letters, as Node gives them. */
export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** A protocol reduced to its two directions. */
export interface Wire {
  /** Its name in the SDK's own registry of protocols. */
  readonly shapeId: string;
  write(operation: string, input: Readonly<Record<string, unknown>>): WireRequest;
  /** The fields of a good answer; failures never get here. */
  read(response: WireResponse): Readonly<Record<string, unknown>>;
  /** The fields of a failure's body. */
  readFailure(text: string): Readonly<Record<string, unknown>>;
}

interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

interface Collector {
  streamCollector(stream: unknown): Promise<Uint8Array>;
}

/**
 * Makes an SDK protocol of a wire. It takes the place of the SDK's own protocols, which walk tables of all shapes of a service:
 * 40 KB in each bundle. Everything around it stays the SDK's: retries, time-outs, signatures, endpoints. Failures are thrown as
 * Errors under the service's name for them, with the fields of the answer, `$fault` and `$metadata`.
 */
export function protocolOf(wire: Wire): ClientProtocol {
  const protocol = {
    getShapeId: () => wire.shapeId,
    setSerdeContext: () => {},
    async serializeRequest(
      { name }: { name: string },
      input: Record<string, unknown>,
      context: { endpoint(): Promise<Endpoint> },
    ) {
      const { path: base, query, ...endpoint } = await context.endpoint();
      const { path, ...request } = wire.write(name, input);
      return { ...endpoint, ...request, query: { ...query }, path: base.replace(/\/$/, '') + path };
    },
    async deserializeResponse(_operation: unknown, context: Collector, answer: Omit<WireResponse, 'body'> & { body?: unknown }) {
      const response = {
        ...answer,
        statusCode: answer.statusCode,
        headers: answer.headers,
        body: await collect(answer.body, context),
      };
      if (response.statusCode >= 300) throw failure(wire, response);
      return { ...wire.read(response), $metadata: metadata(response) };
    },
  };
  // The rest of the SDK's interface (codecs, classes of requests) serves its own protocols only; no client asks for it.
  return protocol as unknown as ClientProtocol;
}

async function collect(body: unknown, context: Collector): Promise<Uint8Array> {
  if (body === undefined || body === null || body === '') return new Uint8Array();
  return body instanceof Uint8Array ? body : context.streamCollector(body);
}

/** Retries go by the error's name and its status, so both have to be the service's. A body that is not JSON leaves the status. */
function failure(wire: Wire, response: WireResponse): Error {
  const fields = failureFields(wire, response);
  const code = String(fields.__type ?? fields.code ?? fields.Code ?? response.headers['x-amzn-errortype'] ?? 'Unknown');
  const name = code.split(/[,:]/)[0]!.replace(/^.*#/, '');
  const message = String(fields.message ?? fields.Message ?? 'UnknownError');
  const $fault = response.statusCode < 500 ? 'client' : 'server';
  return Object.assign(new Error(message), { ...fields, name, message, $fault, $metadata: metadata(response) });
}

function failureFields(wire: Wire, response: WireResponse): Readonly<Record<string, unknown>> {
  const text = textOf(response.body);
  if (text === '') return {};
  try {
    return wire.readFailure(text);
  } catch (error) {
    // A proxy's page, say. It must not hide that the call failed, and with which status.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function metadata({ statusCode, headers }: WireResponse) {
  return { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] };
}

/** Bytes as UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
