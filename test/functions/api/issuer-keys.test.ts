import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchIssuerKeys, issuerOf } from '#functions/api/authorizer/issuer-keys.ts';

describe('the issuer', () => {
  it('is an https address that the deployment names, or the local host’s own on this machine', () => {
    const issuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x';
    expect(issuerOf({ ISSUER: issuer })).toBe(issuer);
    expect(issuerOf({ ISSUER: 'http://127.0.0.1:9/x', PROTIV_LOOPBACK: '1' })).toBe('http://127.0.0.1:9/x');
    const wrong = [
      {},
      { ISSUER: '' },
      { ISSUER: 'cognito-idp.us-east-1.amazonaws.com/x' },
      { ISSUER: 'http://127.0.0.1:9/x' },
      { ISSUER: 'http://issuer.example/x', PROTIV_LOOPBACK: '1' },
      { ISSUER: 'file:///etc/passwd', PROTIV_LOOPBACK: '1' },
    ];
    for (const environment of wrong) expect(() => issuerOf(environment), JSON.stringify(environment)).toThrow();
  });
});

describe('keys of the issuer', () => {
  let server: Server;
  let asked = 0;
  let answers: { status: number; body?: string; location?: string }[] = [];
  beforeAll(async () => {
    server = createServer((_, response) => {
      const { status, body = '', location } = answers[Math.min(asked, answers.length - 1)]!;
      asked += 1;
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked = 0;
  });
  const keys = () => fetchIssuerKeys(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);

  it('are read with one more try, and nothing but a whole answer counts', async () => {
    answers = [{ status: 500 }, { status: 200, body: '{"keys":[]}' }];
    expect(new TextDecoder().decode(await keys())).toBe('{"keys":[]}');
    expect(asked).toBe(2);
  });

  it('that do not come are an error: no redirect is followed, and no endless answer is read', async () => {
    for (const answer of [
      { status: 503 },
      { status: 404, body: '{}' },
      { status: 302, location: 'http://127.0.0.1:1/' },
      { status: 200, body: 'x'.repeat(100_000) },
    ]) {
      answers = [answer];
      asked = 0;
      await expect(keys(), JSON.stringify(answer).slice(0, 40)).rejects.toThrow();
      expect(asked).toBe(2);
    }
  });
});
