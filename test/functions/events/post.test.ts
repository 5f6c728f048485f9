import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPoster } from '#functions/events/deliver/post.ts';
import { endpointAddress } from '#platform/endpoint-address.ts';

/** What a name server under somebody else's control says. There is none to ask here, so its answers are given. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'inside.example.com': ['127.0.0.1'],
  'office.example.com': ['10.1.2.3'],
  'metadata.example.com': ['169.254.169.254'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'six.example.com': ['::1'],
  'mixed.example.com': ['93.184.216.34', '192.168.1.1'],
};
vi.mock('node:dns', async (original) => {
  const dns = await original<typeof import('node:dns')>();
  const lookup = (
    name: string,
    _options: unknown,
    callback: (error: Error | null, found: { address: string; family: number }[]) => void,
  ) => {
    const found = NAMES[name];
    if (found === undefined) return callback(new Error('ENOTFOUND'), []);
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { ...dns, lookup };
});

const PROD = { allowLoopback: false };
const LOCAL = { allowLoopback: true };

let server: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = (options: { allowLoopback: boolean }) =>
  openPoster({ ...options, now: () => '2026-03-10T12:00:00.000Z', elapsedMs: () => performance.now(), deadlineMs: 500 });

describe('addresses of endpoints', () => {
  it.each([
    'https://hooks.example.com/in',
    'https://hooks.example.com:8443/in?tenant=1',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
  ])('%s may be called', (url) => {
    expect(endpointAddress(url, PROD)?.href).toBe(url);
  });

  it.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'https://user:pass@hooks.example.com/',
    'https://hooks.example.com/#part',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://some.localhost/',
    'https://printer.local/',
    'https://db.internal/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.9.9/',
    'https://192.168.0.10/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://①②⑦.⓪.⓪.①/',
    'javascript:alert(1)',
    'not a url',
    '',
    `https://hooks.example.com/${'x'.repeat(2_000)}`,
  ])('%s is refused', (url) => {
    expect(endpointAddress(url, PROD)).toBeNull();
  });

  it('on this machine are for the local host alone, over http', () => {
    expect(endpointAddress('http://127.0.0.1:8080/in', PROD)).toBeNull();
    expect(endpointAddress('http://127.0.0.1:8080/in', LOCAL)?.port).toBe('8080');
    expect(endpointAddress('http://localhost/in', LOCAL)).not.toBeNull();
    expect(endpointAddress('http://10.0.0.1/', LOCAL)).toBeNull();
    expect(endpointAddress('http://hooks.example.com/', LOCAL)).toBeNull();
  });
});

describe('an attempt', () => {
  it.each(Object.keys(NAMES))('is not made where %s leads inside, however public its name', async (name) => {
    const before = connections;
    expect(await post(PROD)({ url: `https://${name}:${port}/in`, headers: {}, body: '{}' })).toMatchObject({
      outcome: 'private_address',
      answer: null,
    });
    expect(connections).toBe(before);
  });

  it('is not made to an address that was stored before it was refused', async () => {
    const before = connections;
    for (const url of [`https://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/`, `https://[::ffff:127.0.0.1]:${port}/`])
      expect((await post(PROD)({ url, headers: {}, body: '{}' })).outcome).toBe('private_address');
    expect(connections).toBe(before);
  });

  it('to a name that nobody knows failed on the way', async () => {
    const ended = await post(PROD)({ url: 'https://nowhere.example.com/', headers: {}, body: '{}' });
    expect(ended).toMatchObject({ outcome: 'network', answer: null, at: '2026-03-10T12:00:00.000Z' });
  });
});
