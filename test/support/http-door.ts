import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpEvent } from '#functions/api/http.ts';
import { readRequest, toEvent } from '#local/host/http/event.ts';
import { inferResponse } from '#local/host/http/response.ts';
import { parseToken } from '#model/api-token.ts';
import type { TestApi } from './api.ts';

/** A door of HTTP in front of a test's API: requests and answers take the very form that the gateway gives them. */
export interface HttpDoor {
  readonly url: string;
  close(): Promise<void>;
}

const API = { accountId: '000000000000', apiId: 'test', stage: '$default' };

/** Opens it. Whom a token names is believed: what authorizers do is tested with theirs. */
export async function openHttpDoor(api: TestApi): Promise<HttpDoor> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const request = readRequest(incoming, Buffer.concat(chunks), `door-${++count}`, Date.now());
      if (request === null) return void outgoing.writeHead(400).end();
      const token = parseToken(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
      const caller = token === null ? null : { lambda: { tenantId: token.tenantId, tokenId: token.tokenId } };
      const response = await api.send(toEvent(request, API, '$default', {}, caller) as unknown as HttpEvent);
      const { status, headers, body } = inferResponse(JSON.stringify(response))!;
      outgoing.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
