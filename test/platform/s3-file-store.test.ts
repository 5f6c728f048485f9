import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyPresigned } from '#local/host/aws/presigned.ts';
import { openS3FileStore } from '#platform/s3-file-store.ts';

// The keys of the examples in the documentation of S3.
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const KEY = 'tenant1/3/01KAT3Q0000000000000000000';

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ method: request.method!, url: request.url!, headers: request.headers });
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

const store = () =>
  openS3FileStore('files', {
    ...KEYS,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('the signature of a link as the local host checks it', () => {
  it('is the one that S3 documents for its own example', () => {
    const url = new URL(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
    const request = { method: 'GET', headers: { host: 'examplebucket.s3.amazonaws.com' } } as IncomingMessage;
    const keysOf = () => ({ secret: KEYS.AWS_SECRET_ACCESS_KEY, sessionToken: '' });
    const at = Date.UTC(2013, 4, 24, 12);
    expect(verifyPresigned(request, url, keysOf, at)).toBe(KEYS.AWS_ACCESS_KEY_ID);
    expect(() => verifyPresigned(request, url, keysOf, Date.UTC(2013, 4, 25, 0, 0, 1))).toThrow('Request has expired');
    url.searchParams.set('X-Amz-Expires', '86401');
    expect(() => verifyPresigned(request, url, keysOf, at)).toThrow('does not match');
  });
});

describe('files in S3', () => {
  it('are put by a link to the bucket’s own host, for one key, one file and a while', async () => {
    const deployed = openS3FileStore('files', { ...KEYS, AWS_SESSION_TOKEN: 'tok+en/=', AWS_REGION: 'eu-west-1' });
    const link = await deployed.linkForPut(KEY, { seconds: 900, sizeBytes: null });
    const url = new URL(link.url);
    expect(url.origin + url.pathname).toBe(`https://files.s3.eu-west-1.amazonaws.com/${KEY}`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host;if-none-match');
    expect(link.headers).toEqual({ 'if-none-match': '*' });
    const request = { method: 'PUT', headers: { host: url.host, 'if-none-match': '*' } } as unknown as IncomingMessage;
    const keysOf = () => ({ secret: KEYS.AWS_SECRET_ACCESS_KEY, sessionToken: 'tok+en/=' });
    expect(verifyPresigned(request, url, keysOf, Date.now())).toBe(KEYS.AWS_ACCESS_KEY_ID);
  });

  it('are of the size that was told, where it was told', async () => {
    const link = await store().linkForPut(KEY, { seconds: 900, sizeBytes: 1_234 });
    expect(new URL(link.url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;if-none-match');
  });

  it('are read as they come, held to a version', async () => {
    answer = (_, response) => response.writeHead(200, { etag: '"v1"', 'content-length': 5 }).end('a,b,c');
    const file = await store().open(KEY, '"v1"');
    expect(file).toMatchObject({ sizeBytes: 5, version: '"v1"' });
    expect(await textOf(file!.bytes)).toBe('a,b,c');
    expect(asked).toMatchObject([{ method: 'GET', url: `/files/${KEY}`, headers: { 'if-match': '"v1"' } }]);
    expect(asked[0]!.headers.authorization).toContain('SignedHeaders=host;if-match;x-amz-content-sha256;x-amz-date');
  });

  it.each([404, 412])('are not there where S3 says %i', async (status) => {
    answer = (_, response) => response.writeHead(status).end();
    expect(await store().open(KEY, '"v1"')).toBeNull();
  });

  it('are not taken for absent where S3 refuses, and asked for again where it fails', async () => {
    answer = (_, response) => response.writeHead(403).end();
    await expect(store().open(KEY, null)).rejects.toMatchObject({ code: 'files-unavailable' });
    expect(asked).toHaveLength(1);
    asked = [];
    answer = (_, response) => response.writeHead(503).end();
    await expect(store().open(KEY, null)).rejects.toMatchObject({ code: 'files-unavailable' });
    expect(asked).toHaveLength(3);
  });

  it('are taken away, once or twice alike', async () => {
    answer = (_, response) => response.writeHead(204).end();
    await store().remove(KEY);
    await store().remove(KEY);
    expect(asked.map(({ method }) => method)).toEqual(['DELETE', 'DELETE']);
  });
});
