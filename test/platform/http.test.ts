import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceRequest, SourceResponse } from '#mirror/connector.ts';
import { AnsweredAs, OutOfTime, SourceError } from '#mirror/source-error.ts';
import { type ClosableSourceHttp, createSourceHttp, type SourceHttpOptions } from '#platform/http.ts';
import { isPrivateAddress } from '#platform/private-address.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let base: string;
let answers: Answer[];
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let sockets: Set<unknown>;
let waits: number[];
let nowMs: number;
let open: ClosableSourceHttp[];

beforeEach(async () => {
  [answers, seen, waits, open, sockets] = [[], [], [], [], new Set()];
  nowMs = Date.parse('2026-03-20T20:00:00Z');
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.push({ method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(parts).toString() });
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      answer(request, response);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const http of open) http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(changed: Partial<SourceHttpOptions> = {}): ClosableSourceHttp {
  const http = createSourceHttp({
    allowedHosts: ['api.example.com', 'localhost'],
    allowLoopback: true,
    requestsPerSecond: 1000,
    maxCalls: 100,
    now: () => nowMs,
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    random: () => 0,
    callTimeoutMs: 250,
    ...changed,
  });
  open.push(http);
  return http;
}

const json: Answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[1]');
const status =
  (code: number, headers: Record<string, string> = {}, body = `Error ${code} token=abc`): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end(body);
const body =
  (text: string, type = 'application/json'): Answer =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(text);
const parse = (text: string): void => {
  JSON.parse(text);
};
const get = (more: Partial<SourceRequest> = {}): SourceRequest => ({
  method: 'GET',
  url: `${base}/Lists?$filter=Name eq 'secret'`,
  accept: parse,
  ...more,
});
const failure = async (call: Promise<SourceResponse>): Promise<SourceError> => {
  const error: unknown = await call.then(
    (response) => response,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${JSON.stringify(error)}`);
  return error;
};

describe('a call', () => {
  it('gives status, headers and body, and counts', async () => {
    answers = [json];
    const http = client();
    const response = await http.call(get({ headers: { authorization: 'Bearer x' } }));
    expect(response).toMatchObject({ status: 200, text: '[1]' });
    expect(seen[0]).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer x', accept: 'application/json' } });
    expect(http.calls).toBe(1);
  });

  it('posts a body', async () => {
    answers = [json];
    await client().call({ method: 'POST', url: `${base}/login`, body: '{"a":1}', login: true });
    expect(seen[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
  });

  it('unzips, and keeps the connection for the next call', async () => {
    answers = [
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('["zipped ünïcode"]')),
    ];
    const http = client();
    expect((await http.call(get())).text).toBe('["zipped ünïcode"]');
    await http.call(get());
    expect(sockets.size).toBe(1);
  });

  it('hands a 401 to the caller', async () => {
    answers = [status(401)];
    expect(await client().call(get())).toEqual({ status: 401, headers: {}, text: '' });
    expect((await failure(client().call(get({ login: true })))).code).toBe('reauth_required');
  });
});

describe('a 200 whose body tells a refusal', () => {
  const refusing = (error: Error, times: number) => {
    let left = times;
    return (): void => {
      if (left-- > 0) throw error;
    };
  };

  it('is waited out like a 429, as long as it says', async () => {
    answers = [json];
    const http = client();
    expect((await http.call(get({ accept: refusing(new AnsweredAs(429, 4), 1) }))).status).toBe(200);
    expect(http.calls).toBe(2);
    expect(waits).toEqual([4_000]);
  });

  it('is handed over like a 401, and is a missing scope like a 403', async () => {
    answers = [json];
    expect((await client().call(get({ accept: refusing(new AnsweredAs(401), 1) }))).status).toBe(401);
    expect((await failure(client().call(get({ accept: refusing(new AnsweredAs(403), 1) })))).code).toBe('scope_missing');
  });

  it('any other error of the reader leaves the call as it is, after one try', async () => {
    answers = [json];
    const http = client();
    await expect(http.call(get({ accept: refusing(new RangeError('too dear'), 1) }))).rejects.toThrow('too dear');
    expect(http.calls).toBe(1);
  });
});

describe('a call that waits for a budget of its source', () => {
  it('is sent after the wait, once', async () => {
    answers = [json];
    await client().call(get({ delayMs: 1_500 }));
    expect(waits).toEqual([1_500]);
    expect(seen).toHaveLength(1);
  });

  it('is left to another leg when the wait outlasts this one', async () => {
    answers = [json];
    const http = client({ deadline: () => 1_000 });
    await expect(http.call(get({ delayMs: 1_500 }))).rejects.toBeInstanceOf(OutOfTime);
    expect(http.calls).toBe(0);
  });
});

describe('bad answers', () => {
  it.each<[string, Answer]>([
    ['HTML', body('<html>Sign in</html>', 'text/html')],
    ['HTML that calls itself JSON', body(' <!DOCTYPE html>')],
    ['nothing', body('')],
    ['blanks', body(' \n')],
    ['cut JSON', body('[{"a":')],
  ])('%s with status 200 is asked for again three times and then fails, never counts as empty', async (_name, answer) => {
    answers = [answer];
    const http = client();
    expect((await failure(http.call(get()))).code).toBe('bad_response');
    expect(http.calls).toBe(4);
    answers = [answer, answer, json];
    expect((await client().call(get())).text).toBe('[1]');
  });

  it('a connection cut in the middle is a network failure', async () => {
    answers = [
      (_request, response) => response.writeHead(200, { 'content-length': '100' }).write('[1', () => response.destroy()),
    ];
    expect((await failure(client().call(get()))).code).toBe('source_unavailable');
  });

  it('zipped nonsense and a zipped body cut short are failures too', async () => {
    const zipped = gzipSync(JSON.stringify(Array.from({ length: 5000 }, (_, index) => index)));
    for (const bytes of [Buffer.from('no zip'), zipped.subarray(0, zipped.length - 20)]) {
      answers = [(_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes)];
      expect((await failure(client().call(get()))).code).toBe('source_unavailable');
    }
  });

  it('more than 20 MB is cut off, also when zipped small', async () => {
    const bomb = gzipSync(Buffer.alloc(21 * 1024 * 1024, 32));
    answers = [(_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)];
    const error = await failure(client({ callTimeoutMs: 5000 }).call(get()));
    expect([error.code, error.detail]).toEqual(['bad_response', 'GET /Lists: body over 20 MB, too_large_again']);
  });

  it('a redirect is not followed', async () => {
    answers = [status(302, { location: 'http://169.254.169.254/latest/meta-data' })];
    const http = client();
    expect((await failure(http.call(get()))).code).toBe('bad_response');
    expect(http.calls).toBe(1);
  });
});

describe('silence', () => {
  it('is a timeout, asked for again with a smaller page each time', async () => {
    const silent: Answer = () => undefined;
    answers = [silent, silent, json];
    const asked = await client().call(get({ urlAfterTimeouts: (timeouts) => `${base}/Lists?top=${500 / 2 ** timeouts}` }));
    expect(asked.status).toBe(200);
    expect(seen.slice(1).map(({ url }) => url)).toEqual(['/Lists?top=250', '/Lists?top=125']);
  });

  it('is asked for again with a smaller page where its size stands in the body', async () => {
    const silent: Answer = () => undefined;
    answers = [silent, json];
    const request: SourceRequest = { method: 'POST', url: base, body: 'first 100', accept: parse };
    await client().call({ ...request, bodyAfterTimeouts: (timeouts) => `first ${100 / 2 ** timeouts}` });
    expect(seen.map((one) => one.body)).toEqual(['first 100', 'first 50']);
  });

  it('and a body that comes byte by byte run into the total limit of a call, and their sockets are gone', async () => {
    const drip: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    answers = [drip];
    expect((await failure(client({ callTimeoutMs: 100 }).call(get()))).code).toBe('source_unavailable');
    await expect.poll(() => [...sockets].filter((socket) => !(socket as { destroyed: boolean }).destroyed).length).toBe(0);
  });

  it('a refused connection is a network failure', async () => {
    const gone = 'http://127.0.0.1:1/Lists';
    expect((await failure(client().call(get({ url: gone })))).code).toBe('source_unavailable');
  });
});

describe('statuses', () => {
  it.each([
    [400, 'request_rejected', 1],
    [402, 'source_account_suspended', 1],
    [403, 'scope_missing', 1],
    [404, 'endpoint_gone', 1],
    [410, 'endpoint_gone', 1],
    [408, 'source_unavailable', 4],
    [500, 'source_unavailable', 4],
    [504, 'source_unavailable', 4],
    [429, 'rate_limited', 4],
  ])('%i fails as %s after %i calls, in words that hold no secret', async (code, error, calls) => {
    answers = [status(code)];
    const http = client();
    const thrown = await failure(http.call(get({ headers: { authorization: 'Bearer hush' } })));
    expect(thrown.code).toBe(error);
    expect(http.calls).toBe(calls);
    expect(`${thrown.message} ${thrown.detail}`).toContain(`GET /Lists: status ${code}`);
    expect(`${thrown.message} ${JSON.stringify(thrown)} ${thrown.stack}`).not.toMatch(/hush|abc|secret|filter/);
  });

  it('429 waits as told, in seconds or as a date, and for long hands the wait on', async () => {
    answers = [status(429, { 'retry-after': '2' }), status(429, { 'retry-after': 'Fri, 20 Mar 2026 20:00:12 GMT' }), json];
    expect((await client().call(get())).status).toBe(200);
    expect(waits).toEqual([2000, 10_000]);
    answers = [status(429, { 'retry-after': '1000000000' })];
    expect((await failure(client().call(get()))).retryAfterMs).toBe(2_592_000_000);
  });
});

describe('limits', () => {
  it('keep to the rate: never more starts in a second than allowed', async () => {
    answers = [json];
    const http = client({ requestsPerSecond: 3 });
    const from = nowMs;
    for (let call = 0; call < 8; call += 1) await http.call(get());
    expect(nowMs - from).toBe(2000);
    expect(waits).toEqual([1000, 1000]);
  });

  it('end with the calls of the leg and with its time', async () => {
    answers = [json];
    const http = client({ maxCalls: 2 });
    await http.call(get());
    await http.call(get());
    // No fault of the source: the run goes on in another leg.
    await expect(http.call(get())).rejects.toThrow(OutOfTime);
    expect(seen).toHaveLength(2);
    await expect(client({ deadline: () => 0 }).call(get())).rejects.toThrow(OutOfTime);
    answers = [() => undefined];
    const from = performance.now();
    await failure(client({ deadline: () => 60, callTimeoutMs: 5000 }).call(get()));
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

describe('where a call may go (M-41)', () => {
  it.each([
    'https://evil.example/Lists',
    'http://api.example.com/Lists',
    'https://api.example.com:8443/Lists',
    'https://user:pw@api.example.com/Lists',
    'https://api.example.com.evil.example/Lists',
    'ftp://api.example.com/Lists',
    'http://10.0.0.1/Lists',
    'http://169.254.169.254/Lists',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/Lists',
    'https://[::ffff:169.254.169.254]/Lists',
    'https://2130706433/Lists',
    'https://0x7f000001/Lists',
    'https://127.1/Lists',
    'https://api.example.com./Lists',
    'https://api.example.com@10.0.0.1/Lists',
    'https://xn--pi-example-com.evil/Lists',
    'file:///etc/passwd',
    'gopher://api.example.com/',
    'data:application/json,[]',
    'nonsense',
  ])('not to %s', async (url) => {
    const http = client();
    const error = await failure(http.call({ method: 'GET', url }));
    expect(error.code).toBe('host_refused');
    expect(error.message).not.toContain('pw');
    expect(http.calls).toBe(0);
  });

  it('not to this machine, unless the local host allows it', async () => {
    expect((await failure(client({ allowLoopback: false }).call(get()))).code).toBe('host_refused');
  });

  it('not to an allowed name that leads to a private address', async () => {
    const error = await failure(client().call({ method: 'GET', url: 'https://localhost/Lists' }));
    expect([error.code, error.detail]).toEqual(['host_refused', 'localhost leads to a private address']);
  });

  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['224.0.0.1', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['::', true],
    ['fe80::1', true],
    ['fd00::1', true],
    ['::ffff:10.0.0.1', true],
    ['64:ff9b::a00:1', true],
    ['64:ff9b:1::a00:1', true],
    ['::ffff:0:10.0.0.1', true],
    ['::10.0.0.1', true],
    ['2002:a00:1::', true],
    ['2001:0:a00:1::', true],
    ['2001:db8::1', true],
    ['3fff::1', true],
    ['5f00::1', true],
    ['fec0::1', true],
    ['ff02::1', true],
    ['fe80::1%eth0', true],
    ['2606:4700::1111%1', true],
    ['192.88.99.1', true],
    ['198.19.0.1', true],
    ['255.255.255.255', true],
    ['172.15.255.255', false],
    ['2606:4700::1111', false],
    ['2a00:1450:4001::200e', false],
    ['not an address', true],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });
});

describe('a limit that the source tells (M-91)', () => {
  const rateHeaders = {
    limit: 'x-rate-limit-limit',
    remaining: 'x-rate-limit-remaining',
    reset: 'x-rate-limit-reset',
    leavePercent: 10,
  };
  /** An answer that tells the limit; the source's clock is an hour ahead of ours, which must not matter. */
  const telling = (limit: number, remaining: number, resetSeconds: number, code = 200): Answer => {
    const sourceMs = nowMs + 3_600_000;
    const headers = {
      date: new Date(sourceMs).toUTCString(),
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(sourceMs / 1000 + resetSeconds),
    };
    return (_request, response) => response.writeHead(code, headers).end('[1]');
  };

  it('is used but for the share left to others', async () => {
    answers = [telling(25, 3, 8), telling(25, 2, 8), json];
    const http = client({ rateHeaders });
    await http.call(get());
    expect(waits).toEqual([]);
    await http.call(get());
    await http.call(get());
    expect(waits).toEqual([8_000]);
  });

  it('follows the limiter of the latest answer', async () => {
    answers = [telling(25, 1, 8), telling(3600, 3000, 1800), json];
    const http = client({ rateHeaders });
    for (let call = 0; call < 3; call += 1) await http.call(get());
    expect(waits).toEqual([8_000]);
  });

  it('that ends later than a leg can wait interrupts the run, without another call', async () => {
    answers = [telling(3600, 10, 1800)];
    const http = client({ rateHeaders });
    await http.call(get());
    const error = await failure(http.call(get()));
    expect([error.code, error.retryAfterMs, http.calls]).toEqual(['rate_limited', 1_800_000, 1]);
  });

  it('gives a 429 without Retry-After its time', async () => {
    answers = [telling(25, 0, 7, 429), json];
    await client({ rateHeaders }).call(get());
    expect(waits).toEqual([7_000]);
  });

  it('that makes no sense is not looked at', async () => {
    answers = [
      (_request, response) =>
        response
          .writeHead(200, { 'x-rate-limit-limit': '-1', 'x-rate-limit-remaining': 'none', 'x-rate-limit-reset': '1e99' })
          .end('[1]'),
    ];
    const http = client({ rateHeaders });
    for (let call = 0; call < 2; call += 1) await http.call(get());
    expect(waits).toEqual([]);
  });
});

describe('what a refusal means', () => {
  const refusal = (code: number, text: string) =>
    code === 403 && text.includes('not connected') ? ('reauth_required' as const) : null;

  it('is what the connector reads in it, and nothing of the text goes on', async () => {
    answers = [status(403, {}, 'App is not connected token=abc')];
    const error = await failure(client().call(get({ refusal })));
    expect([error.code, seen.length]).toEqual(['reauth_required', 1]);
    expect(error.message).not.toContain('token');
  });

  it('is what its status says where the connector reads nothing', async () => {
    answers = [status(403)];
    expect((await failure(client().call(get({ refusal })))).code).toBe('scope_missing');
  });
});
