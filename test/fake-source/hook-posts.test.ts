import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { createJobberFake } from '#functions/sync/jobber/fake/fake.ts';
import { readHook as readJobberHook } from '#functions/sync/jobber/hooks.ts';
import type { createProcoreFake } from '#functions/sync/procore/fake/fake.ts';
import { readHook as readProcoreHook } from '#functions/sync/procore/hooks.ts';
import { integrationPart } from '#tools/integrations.ts';
import type { Conformance } from '../../shared/fake-source/conformance.ts';

/** Fakes that post their events to whoever has registered (M-76). */

interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let posted: Posted[];
let status: number;
let url: string;
beforeEach(async () => {
  posted = [];
  status = 202;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString('utf8');
    });
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/hooks`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

type Fake = (ReturnType<typeof createJobberFake> | ReturnType<typeof createProcoreFake>) & { posted(): Promise<void> };

async function open(
  provider: string,
): Promise<{ fake: Fake; edit(n: number): Promise<void>; arm(fault: string, value: unknown): void }> {
  const { open: opened } = await integrationPart<Conformance>(provider, 'fake/conformance.ts', 'conformance');
  const fake = opened(() => Date.parse('2026-03-20T20:00:00.000Z')).fake as Fake;
  const tenant = fake.shell.tenants()[0]!;
  const data = fake.shell.data(tenant);
  const list = data.entityAt(provider === 'jobber' ? 'timeSheetEntries' : 'timecard_entries')!;
  const row = data.rows(list)[0]!;
  return {
    fake,
    async edit(n) {
      fake.shell.put(data, list, { id: row.id, note: `edit ${n}` });
    },
    arm(fault, value) {
      expect(fake.shell.switches(tenant).set(fault, { on: true, value })).toBeNull();
    },
  };
}

const SECRET = { 'x-hook-secret': 'a secret of our own making' };

describe.each([
  ['jobber', readJobberHook],
  ['procore', readProcoreHook],
] as const)('events of the fake %s', (provider, readHook) => {
  it('are posted to the address that is registered, and are what the product reads', async () => {
    const { fake, edit, arm } = await open(provider);
    await edit(1);
    await fake.posted();
    expect(posted).toEqual([]);
    arm('hookTarget', { url, ...(provider === 'procore' ? { headers: SECRET } : {}) });
    await edit(2);
    await fake.posted();
    expect(posted).toHaveLength(1);
    expect(readHook(posted[0]!.body)).toMatchObject({ accountId: expect.any(String), concerns: true });
    if (provider === 'procore') expect(posted[0]!.headers).toMatchObject(SECRET);
    else expect(posted[0]!.headers['x-jobber-hmac-sha256']).toMatch(/=$/);
  });

  it.each([
    ['duplicate', 4],
    ['lost', 0],
    ['ok', 2],
  ])('come as the switch says: %s', async (how, count) => {
    const { fake, edit, arm } = await open(provider);
    arm('hookTarget', { url });
    arm('webhooks', how);
    for (const n of [1, 2]) await edit(n);
    await fake.posted();
    expect(posted).toHaveLength(count);
  });

  it('go on after a failure, and end at an address that goes on failing', async () => {
    const { fake, edit, arm } = await open(provider);
    arm('hookTarget', { url });
    status = 500;
    for (let n = 1; n <= 8; n++) {
      await edit(n);
      await fake.posted();
    }
    expect(posted).toHaveLength(5);
  });

  it('go to this machine only', async () => {
    const { fake } = await open(provider);
    const board = fake.shell.switches(fake.shell.tenants()[0]!);
    for (const value of ['http://127.0.0.1:1/', { url: 'https://example.com/' }, { url: 'nonsense' }, {}])
      expect(board.set('hookTarget', { on: true, value })).toContain('hookTarget');
  });
});

it('Procore’s payload of version 4.0 has ids as text, and is read as well', async () => {
  const { fake, edit, arm } = await open('procore');
  arm('hookTarget', { url });
  arm('webhooks', 'v4');
  await edit(1);
  await fake.posted();
  expect(JSON.parse(posted[0]!.body)).toMatchObject({ company_id: expect.any(String), resource_type: 'Timecard Entries' });
  expect(readProcoreHook(posted[0]!.body)).toMatchObject({ accountId: '4210', concerns: true });
});
