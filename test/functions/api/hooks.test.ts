import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { addSeconds } from '#kernel/instant.ts';
import { parseConnectionId } from '#model/ids.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

interface Sent {
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const later = (desk: SourceDesk, seconds: number) => addSeconds(desk.api.now(), seconds);

async function post(desk: SourceDesk, { path, headers, body }: Sent) {
  const answer = await desk.api.call('POST', path!, { headers, body });
  return { status: answer.status, body: answer.body };
}

/** What an event leaves behind: questions to the source, messages, and the sync state's own words. */
async function nothingHappens(desk: SourceDesk, act: () => Promise<unknown>): Promise<void> {
  const before = [desk.requests(), desk.waiting.length, await desk.state(), (await desk.mirror()).size];
  await act();
  expect([desk.requests(), desk.waiting.length, await desk.state(), (await desk.mirror()).size]).toEqual(before);
}

describe('events of Jobber, signed with the secret of our app (M-76)', () => {
  let desk: SourceDesk;
  let path = '';
  let items = 0;
  const event = (more: Readonly<Record<string, unknown>> = {}, at = desk.api.now()): Sent => {
    items += 1;
    const accountId = 'Z2lkOi8vSm9iYmVyL0FjY291bnQvOTAwMQ==';
    const webHookEvent = { topic: 'VISIT_UPDATE', appId: 'app', accountId, itemId: `item-${items}`, occurredAt: at, ...more };
    return signed(JSON.stringify({ data: { webHookEvent } }));
  };
  const signed = (body: string, secret = desk.client!.secret): Sent => ({
    path,
    headers: { 'X-Jobber-Hmac-SHA256': createHmac('sha256', secret).update(body).digest('base64') },
    body,
  });
  const NOT_THERE = { status: 404, code: 'not-found', detail: expect.any(String) };

  beforeAll(async () => {
    desk = await startSourceDesk('jobber', jobberConnector);
    await desk.connect();
    path = `/v1/hooks/jobber/${desk.connectionId}`;
    expect((await desk.run())?.outcome).toBe('succeeded');
    desk.pass(1_200);
  });
  afterAll(() => desk.stop());

  it('asks for one run, however many come, and takes no quota of the people', async () => {
    const account = (await desk.api.call('GET', `/v1/connections/${desk.connectionId}`)).body;
    const at = desk.api.now();
    for (let n = 0; n < 5; n++)
      expect(await post(desk, event({ accountId: account.accountId }))).toEqual({ status: 202, body: { accepted: true } });
    expect(desk.waiting).toMatchObject([{ message: { kind: 'event', connectionId: desk.connectionId }, delaySeconds: 15 }]);
    expect((await desk.state()).hintDue).toBe(addSeconds(at, 15));
    const run = await desk.work();
    expect(run).toMatchObject({ trigger: 'hint', mode: 'delta', outcome: 'succeeded', requestedBy: null });
    expect(await desk.state()).toMatchObject({ hintDue: null, hintedAt: run!.startedAt, resyncs: [] });
  });

  it('lets five minutes pass between two such runs', async () => {
    const { hintedAt } = await desk.state();
    await post(desk, await known());
    expect((await desk.state()).hintDue).toBe(addSeconds(hintedAt!, 300));
    // Any other run reads it too: then there is nothing left to do for it.
    expect(await desk.run()).toMatchObject({ trigger: 'schedule' });
    expect((await desk.state()).hintDue).toBeNull();
  });

  it('starts nothing for an event that a run has read meanwhile', async () => {
    desk.pass(1_200);
    await post(desk, await known());
    const [message] = desk.waiting.splice(0);
    await desk.run();
    desk.waiting.push(message!);
    expect(await desk.work()).toBeNull();
  });

  it('is asked for again by the next event where its message was lost', async () => {
    desk.pass(1_200);
    await post(desk, await known());
    desk.waiting.length = 0;
    desk.pass(600);
    expect((await desk.state()).hintDue! < desk.api.now()).toBe(true);
    await post(desk, await known());
    expect(desk.waiting).toMatchObject([{ delaySeconds: 15 }]);
    await desk.work();
  });

  it('has no effect when it is told twice, or again days later', async () => {
    desk.pass(1_200);
    const first = await known();
    expect((await post(desk, first)).status).toBe(202);
    await desk.work();
    desk.pass(1_200);
    await nothingHappens(desk, async () => expect((await post(desk, first)).status).toBe(202));
    const old = await known({}, later(desk, -86_401));
    await nothingHappens(desk, async () => expect((await post(desk, old)).status).toBe(202));
  });

  it('has no effect where it is about nothing that is mirrored, or of a kind nobody knows', async () => {
    for (const topic of ['INVOICE_CREATE', 'QUOTE_SENT', 'NEW_THING_UPDATE'])
      await nothingHappens(desk, async () => expect((await post(desk, await known({ topic }))).status).toBe(202));
  });

  it('is told nothing where it is not genuine: signature, account, connection and provider answer alike', async () => {
    const good = await known();
    const other = signed(good.body, 'the secret of another app altogether');
    const forged: Sent[] = [
      other,
      { ...good, headers: {} },
      { ...good, headers: { 'X-Jobber-Hmac-SHA256': '' } },
      { ...good, headers: { 'X-Jobber-Hmac-SHA256': 'x'.repeat(600) } },
      { ...good, body: good.body.replace('VISIT', 'VISIT ') },
      { ...good, path: `/v1/hooks/jobber/${parseConnectionId(desk.connectionId)!.tenantId}.77` },
      { ...good, path: '/v1/hooks/jobber/rival1.1' },
      { ...good, path: '/v1/hooks/jobber/nonsense' },
      { ...good, path: `/v1/hooks/aspire/${desk.connectionId}` },
      { ...good, path: `/v1/hooks/nobody/${desk.connectionId}` },
      await known({ accountId: 'another account' }),
      signed('{"data":{}}'),
      signed('no JSON'),
      signed(''),
    ];
    const answers = new Set<string>();
    for (const one of forged)
      await nothingHappens(desk, async () => {
        const { status, body } = await post(desk, one);
        const { requestId: _id, instance: _path, ...rest } = body as Record<string, unknown>;
        expect({ status, ...rest }).toMatchObject(NOT_THERE);
        answers.add(JSON.stringify(rest));
      });
    expect(answers.size).toBe(1);
  });

  it('takes bodies up to 64 KB', async () => {
    const good = await known({ more: 'x'.repeat(70_000) });
    await nothingHappens(desk, async () => expect((await post(desk, good)).status).toBe(413));
  });

  it('a disconnected app is found out by the run, and the schedule stops (M-111)', async () => {
    desk.pass(1_200);
    await desk.order({ fault: 'revoked', on: true });
    expect((await post(desk, await known({ topic: 'APP_DISCONNECT' }))).status).toBe(202);
    expect(await desk.work()).toMatchObject({ trigger: 'hint', outcome: 'failed', error: { code: 'reauth_required' } });
    expect(await desk.state()).toMatchObject({ state: 'failed', cause: 'reauth_required' });
    // From now on events ask for nothing: no call could succeed.
    await nothingHappens(desk, async () => expect((await post(desk, await known())).status).toBe(202));
  });

  it('is told nothing once the connection is disconnected', async () => {
    const address = `/v1/connections/${desk.connectionId}`;
    const { headers } = await desk.api.call('GET', address);
    expect((await desk.api.call('DELETE', address, { headers: { 'if-match': headers.etag! } })).status).toBe(200);
    await nothingHappens(desk, async () => expect((await post(desk, await known())).status).toBe(404));
  });

  async function known(more: Readonly<Record<string, unknown>> = {}, at?: string): Promise<Sent> {
    const { body } = await desk.api.call('GET', `/v1/connections/${desk.connectionId}`);
    return event({ accountId: body.accountId, ...more }, at);
  }
});

describe('events of Procore, with the secret that the connection was given', () => {
  const SECRET = 'a secret of forty characters, made at random';
  let desk: SourceDesk;
  let path = '';
  const event = (more: Readonly<Record<string, unknown>>, secret = SECRET): Sent => ({
    path,
    headers: { 'X-Hook-Secret': secret },
    body: JSON.stringify({
      id: 1,
      ulid: '01J',
      timestamp: desk.api.now(),
      resource_name: 'Projects',
      event_type: 'update',
      ...more,
    }),
  });

  beforeAll(async () => {
    desk = await startSourceDesk('procore', procoreConnector);
    await desk.connect(desk.account.settings, { hookSecret: SECRET });
    path = `/v1/hooks/procore/${desk.connectionId}`;
    expect((await desk.run())?.outcome).toBe('succeeded');
    desk.pass(1_200);
  });
  afterAll(() => desk.stop());

  it('ask for a run, in the legacy payload and in that of v4.0', async () => {
    const { body } = await desk.api.call('GET', `/v1/connections/${desk.connectionId}`);
    const company = String(body.accountId);
    expect((await post(desk, event({ company_id: Number(company) }))).status).toBe(202);
    expect(await desk.work()).toMatchObject({ trigger: 'hint', mode: 'delta', outcome: 'succeeded' });
    desk.pass(1_200);
    expect(
      (await post(desk, event({ ulid: '02J', resource_name: undefined, resource_type: 'Projects', company_id: company }))).status,
    ).toBe(202);
    expect(await desk.work()).toMatchObject({ trigger: 'hint' });
    desk.pass(1_200);
    for (const one of [
      event({ company_id: Number(company), ulid: '03J' }, `${SECRET}.`),
      event({ company_id: Number(company), ulid: '03J' }, ''),
      event({ company_id: 77, ulid: '03J' }),
    ])
      await nothingHappens(desk, async () => expect((await post(desk, one)).status).toBe(404));
  });

  it('are not believed where no secret was given, or one that can be guessed', async () => {
    for (const hookSecret of ['', 'short']) {
      const { headers } = await desk.api.call('GET', `/v1/connections/${desk.connectionId}`);
      await desk.api.call('DELETE', `/v1/connections/${desk.connectionId}`, { headers: { 'if-match': headers.etag! } });
      await desk.connect(desk.account.settings, hookSecret === '' ? {} : { hookSecret });
      path = `/v1/hooks/procore/${desk.connectionId}`;
      const { body } = await desk.api.call('GET', `/v1/connections/${desk.connectionId}`);
      await nothingHappens(desk, async () =>
        expect((await post(desk, event({ company_id: Number(body.accountId) }, hookSecret))).status).toBe(404),
      );
    }
  });
});
