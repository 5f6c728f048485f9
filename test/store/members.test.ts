import { afterAll, beforeAll, expect, it } from 'vitest';
import { admits, type Member, roleOfMember } from '#model/member.ts';
import { createMemberAction, noteSignInAction, readMember, saveMemberAction } from '#store/member-repository.ts';
import { NO_SCOPE, startTestApi, type TestApi } from '#test/support/api.ts';

const AT = '2026-03-10T12:00:00.000Z';
const ANN: Member = {
  sub: 'subject-of-ann',
  userId: '01USER',
  role: 'manager',
  owner: false,
  scope: { ...NO_SCOPE, branchIds: ['b1'] },
  workerId: null,
  state: 'active',
  roleAt: AT,
  createdAt: AT,
  lastSignInAt: null,
  sessionsEndedAt: null,
  revokedAt: null,
  cursorKey: 'k',
  revision: 1,
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const write = (...actions: Parameters<TestApi['table']['write']>[1]) => api.table.write(api.scope, actions);
const stored = () => readMember(api.table, api.scope, ANN.sub);

it('a membership is read as it was stored, in its own tenant alone', async () => {
  expect(await stored()).toBeNull();
  expect((await write(createMemberAction(api.scope, ANN))).applied).toBe(true);
  expect(await stored()).toEqual(ANN);
  expect(await readMember(api.table, api.otherScope, ANN.sub)).toBeNull();
});

it('a person is a member once, until the login was removed', async () => {
  expect((await write(createMemberAction(api.scope, { ...ANN, userId: '02USER' }))).applied).toBe(false);
  expect((await write(saveMemberAction(api.scope, { ...ANN, revokedAt: AT }))).applied).toBe(true);
  const again = { ...ANN, userId: '02USER', role: 'worker' } as const;
  expect((await write(createMemberAction(api.scope, again))).applied).toBe(true);
  expect(await stored()).toEqual(again);
});

it('of two changes of what was read one is kept, and a sign-in disturbs none', async () => {
  const read = (await stored())!;
  expect((await write(noteSignInAction(api.scope, ANN.sub, AT))).applied).toBe(true);
  const both = await Promise.all([
    write(saveMemberAction(api.scope, { ...read, role: 'admin' })),
    write(saveMemberAction(api.scope, { ...read, role: 'auditor' })),
  ]);
  expect(both.filter(({ applied }) => applied)).toHaveLength(1);
  expect(await stored()).toMatchObject({ revision: read.revision + 1 });
});

it('lets in whom nobody shut out, from the last end of the sessions on', () => {
  expect(admits(ANN, AT)).toBe(true);
  expect(admits({ ...ANN, state: 'deactivated' }, AT)).toBe(true);
  expect(admits({ ...ANN, state: 'archived' }, AT)).toBe(false);
  expect(admits({ ...ANN, revokedAt: AT }, AT)).toBe(false);
  expect(admits({ ...ANN, sessionsEndedAt: '2026-03-10T12:00:00.001Z' }, AT)).toBe(false);
  expect(admits({ ...ANN, sessionsEndedAt: AT }, AT)).toBe(true);
  expect(roleOfMember({ role: 'admin', owner: true })).toBe('owner');
  expect(roleOfMember({ role: 'admin', owner: false })).toBe('admin');
});
