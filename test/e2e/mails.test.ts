import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { readUser } from '#store/user-repository.ts';
import { mailsIn } from '#test/support/mailbox.ts';
import { type Json, until } from '#test/support/product-client.ts';
import { WebhookWorld } from './webhook-world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let world: WebhookWorld;
beforeAll(async () => {
  world = await WebhookWorld.start([1]);
});
afterAll(async () => {
  await world?.stop();
});

const mailsTo = (address: string) => mailsIn(world.host.mailFolder).filter(({ to }) => to.includes(address));
const mailTo = (address: string, count = 1) =>
  until(
    () => Promise.resolve(mailsTo(address)),
    (mails) => mails.length >= count,
  );

describe('invitations by mail', () => {
  it('go out with the secret behind the link, are noted as sent, and are sent anew when somebody asks', async () => {
    const { client } = await world.tenant('inviting');
    const body = { email: 'ann@crew.example', name: 'Ann <Field>', role: 'crew_lead', workerId: null };
    const invited = await client.post('/v1/users', body);
    expect(invited.status).toBe(201);
    const [mail] = await mailTo('ann@crew.example');
    expect(mail).toMatchObject({ from: 'Protiv <no-reply@protiv.example>', subject: 'inviting invites you to Protiv' });
    const link = /https:\/\/app\.protiv\.example\/invitations#(inviting\.\S+)/;
    const [, secret] = link.exec(mail!.text)!;
    expect(link.exec(mail!.html.replaceAll('"', ' '))?.[1]).toBe(secret);
    expect(mail!.html).toContain('Ann &lt;Field&gt;');
    const path = `/v1/users/${invited.body.id}`;
    const sent = await until(
      () => client.get(path),
      (answer) => answer.body.invitation.sentAt !== null,
    );
    expect(sent.body).toMatchObject({ state: 'pending', invitation: { failure: null } });
    const stored = await readUser(world.table, scopeOf('inviting'), invited.body.id);
    expect(JSON.stringify(stored)).not.toContain(secret!.split('.')[2]);

    expect((await client.post(`${path}/resend`)).status).toBe(200);
    const [, second] = await mailTo('ann@crew.example', 2);
    expect(link.exec(second!.text)?.[1]).not.toBe(secret);
    await world.host.idle();
    expect(mailsTo('ann@crew.example')).toHaveLength(2);
  });

  it('say that they failed where the address is refused', async () => {
    const { client } = await world.tenant('refusing');
    const body = { email: 'nobody@refused.example', name: 'Nobody', role: 'worker', workerId: null };
    const { id } = (await client.post('/v1/users', body)).body as Json;
    const failed = await until(
      () => client.get(`/v1/users/${id}`),
      (answer) => answer.body.state === 'failed',
    );
    expect(failed.body.invitation).toMatchObject({ failure: 'MessageRejected', sentAt: null });
  });

  it('are tried again while the mail service is out of reach, and failed when that lasts', async () => {
    const { client } = await world.tenant('waiting');
    world.host.faults.failCalls({ service: 'ses', times: 3, code: 'TooManyRequestsException', status: 429 });
    const body = { email: 'bob@crew.example', name: 'Bob', role: 'worker', workerId: null };
    const { id } = (await client.post('/v1/users', body)).body as Json;
    await until(
      async () => {
        await world.host.idle();
        world.pass(200);
        return client.get(`/v1/users/${id}`);
      },
      (answer) => answer.body.invitation.sentAt !== null,
    );
    expect(mailsTo('bob@crew.example')).toHaveLength(1);

    world.host.faults.failCalls({ service: 'ses', times: 1_000, code: 'TooManyRequestsException', status: 429 });
    const { id: other } = (await client.post('/v1/users', { ...body, email: 'cy@crew.example' })).body as Json;
    const failed = await until(
      async () => {
        await world.host.idle();
        world.pass(200);
        return client.get(`/v1/users/${other}`);
      },
      (answer) => answer.body.state === 'failed',
    );
    world.host.faults.clear();
    expect(failed.body.invitation.failure).toBe('mail-service-unavailable');
    expect(mailsTo('cy@crew.example')).toEqual([]);
    expect((await client.post(`/v1/users/${other}/resend`)).status).toBe(200);
    await mailTo('cy@crew.example');
  });

  it('are written in the tenant’s language', async () => {
    const { client } = await world.tenant('hablando');
    const { body, headers } = await client.get('/v1/settings/tenant');
    const tag = { 'if-match': String(headers.get('etag')) };
    const spanish = { area: 'tenant', values: { ...body.values, language: 'es' } };
    expect((await client.send('PUT', '/v1/settings/tenant', spanish, tag)).status).toBe(200);
    await client.post('/v1/users', { email: 'luz@crew.example', name: 'Luz', role: 'worker', workerId: null });
    const [mail] = await mailTo('luz@crew.example');
    expect(mail?.subject).toBe('hablando le invita a Protiv');
    expect(mail?.text).toContain('Aceptar la invitación');
  });
});
