import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An http server on loopback whose handler is set once everything behind it is ready; until then it answers 503. */
export type LoopbackServer = {
  readonly url: string;
  serve(handler: Handler): void;
  /** Answers 503 again, so that nothing new begins while what is behind it ends. */
  pause(): void;
  close(): Promise<void>;
};

// Longer than clients keep idle connections: a frozen worker should not find them closed.
const KEEP_ALIVE_MS = 600_000;

/** Listens on 127.0.0.1 at a port (0: a free one). Rejects where the port is taken. */
export async function listen(port: number): Promise<LoopbackServer> {
  let handler = unavailable;
  // Limits of headers are the gateway's to tell, so Node's own limit stands above them.
  const server: Server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    handler(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve: (given) => {
      handler = given;
    },
    pause: () => {
      handler = unavailable;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const unavailable: Handler = (_, response) => {
  response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"Service Unavailable"}');
};
