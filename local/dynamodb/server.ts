import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { type Body, isBody, type WireAnswer } from './wire.ts';

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/**
 * Serves the JSON 1.0 protocol on 127.0.0.1 (port 0: a free one). `answer` gets the x-amz-target header and the body. An
 * error it throws is a fault of the engine and goes to the caller as a 500 with its message.
 */
export async function serve(
  port: number,
  answer: (target: string, body: Body) => Promise<WireAnswer>,
): Promise<{ port: number; close(): Promise<void> }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    response.setHeader('x-amzn-requestid', `local-${requests}`);
    respond(request, response, answer).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message });
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (target: string, body: Body) => Promise<WireAnswer>,
): Promise<void> {
  if (request.method === 'GET') return send(response, 200, { healthy: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES)
      return send(response, 413, { __type: 'com.amazon.coral.service#RequestEntityTooLargeException' });
    chunks.push(chunk);
  }
  const body = parse(Buffer.concat(chunks).toString());
  if (body === undefined) return send(response, 400, { __type: 'com.amazon.coral.service#SerializationException' });
  const { status, body: result } = await answer(String(request.headers['x-amz-target'] ?? ''), body);
  if (status === 0) request.socket.destroy();
  else send(response, status, result);
}

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isBody(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': bytes.length,
    'x-amz-crc32': crc32(bytes),
  });
  response.end(bytes);
}
