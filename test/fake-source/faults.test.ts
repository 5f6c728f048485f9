import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningFake } from '../../shared/fake-source/serve.ts';
import { control, rows, type SmallFake, smallSource } from './small-source.ts';

let fake: SmallFake;
let run: RunningFake;

beforeEach(async () => {
  fake = smallSource();
  run = await fake.start();
});
afterEach(() => run.stop());

const ids = async (path: string): Promise<number[]> => (await rows(run, path)).map((row) => row.JobID);
const arm = (fault: string, more: Record<string, unknown> = {}): Promise<unknown> => control(run, { fault, on: true, ...more });

describe('how often and where a fault fires', () => {
  test('until it is switched off', async () => {
    await arm('emptyList');
    expect([await ids('/a/Jobs'), await ids('/a/Jobs')]).toEqual([[], []]);
    await control(run, { fault: 'emptyList', on: false });
    expect(await ids('/a/Jobs')).toHaveLength(5);
  });

  test('N times', async () => {
    await arm('status', { value: 503, times: 2 });
    const seen: number[] = [];
    for (let call = 0; call < 3; call += 1) seen.push((await fetch(`${run.url}/a/Jobs`)).status);
    expect(seen).toEqual([503, 503, 200]);
  });

  test('for one list only; another list does not use it up', async () => {
    await arm('emptyList', { entity: 'jobs', times: 1 });
    await fetch(`${run.url}/a/Tags`);
    expect(await ids('/a/Jobs')).toEqual([]);
    expect(await ids('/a/Jobs')).toHaveLength(5);
  });

  test('a login takes only a fault set for it by name', async () => {
    await arm('status', { value: 500 });
    expect((await fetch(`${run.url}/a/Login`)).status).toBe(200);
    await arm('status', { value: 401, entity: 'Login' });
    expect((await fetch(`${run.url}/a/Login`)).status).toBe(401);
  });

  test('the log names the faults that bent an answer', async () => {
    await arm('duplicateRow');
    await arm('html', { times: 1 });
    await fetch(`${run.url}/a/Jobs`);
    await fetch(`${run.url}/a/Jobs`);
    expect(fake.shell.log.list().map((request) => request.faults)).toEqual([['html'], ['duplicateRow']]);
  });
});

describe('transport faults', () => {
  test('status gives its code, and a Retry-After when asked', async () => {
    await arm('status', { value: { code: 429, retryAfter: 1_000_000_000, body: 'slow down' } });
    const answer = await fetch(`${run.url}/a/Jobs`);
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, '1000000000', 'slow down']);
  });

  test('html is a login page with status 200', async () => {
    await arm('html');
    const answer = await fetch(`${run.url}/a/Jobs`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('<html>');
  });

  test('truncated cuts the JSON, empties it or breaks the connection', async () => {
    await arm('truncated', { times: 1 });
    await expect(rows(run, '/a/Jobs')).rejects.toThrow(SyntaxError);
    await arm('truncated', { value: 'empty', times: 1 });
    expect(await (await fetch(`${run.url}/a/Jobs`)).text()).toBe('');
    await arm('truncated', { value: 'abort', times: 1 });
    await expect(rows(run, '/a/Jobs')).rejects.toThrow();
    expect(await ids('/a/Jobs')).toHaveLength(5);
  });

  test('timeout never answers', async () => {
    await arm('timeout', { times: 1 });
    await expect(fetch(`${run.url}/a/Jobs`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
  });

  test('slowDrip sends byte by byte', async () => {
    await arm('slowDrip', { value: 2, times: 1 });
    const answer = await fetch(`${run.url}/a/Tags`);
    const parts: number[] = [];
    for await (const part of answer.body!) parts.push((part as Uint8Array).length);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.reduce((sum, size) => sum + size, 0)).toBe(Number(answer.headers.get('content-length')));
  });

  test('stopping ends requests that hang', async () => {
    await arm('timeout');
    const hanging = fetch(`${run.url}/a/Jobs`).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await run.stop();
    expect(await hanging).toBeInstanceOf(Error);
    run = await fake.start();
  });
});

describe('row faults', () => {
  test('loopPage gives the first page for ever', async () => {
    await arm('loopPage');
    expect([await ids('/a/Jobs?top=2'), await ids('/a/Jobs?top=2&skip=2'), await ids('/a/Jobs?top=2&skip=100')]).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  test('shortPage gives fewer rows than asked for, never none, and loses none to a reader that counts rows received', async () => {
    await arm('shortPage');
    const read: number[] = [];
    for (let page = await ids('/a/Jobs?top=4'); page.length > 0; page = await ids(`/a/Jobs?top=4&skip=${read.length}`))
      read.push(...page);
    expect(read).toEqual([1, 2, 3, 4, 5]);
    await control(run, { fault: 'shortPage', on: true, value: 1 });
    expect(await ids('/a/Jobs?top=4')).toEqual([1]);
  });

  test('duplicateRow repeats a row; a listing begun with it loses none', async () => {
    await arm('duplicateRow', { times: 1 });
    const read: number[] = [];
    for (let page = await ids('/a/Jobs?top=2'); page.length > 0; page = await ids(`/a/Jobs?top=2&skip=${read.length}`))
      read.push(...page);
    expect(read).toEqual([1, 1, 2, 3, 4, 5]);
    expect(await ids('/a/Jobs')).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    ['types', { JobID: 1, Name: 'Job 1', Changed: 'not-a-date' }],
    ['emoji', { JobID: 1, Name: expect.stringContaining('👷') as string }],
    ['control', { JobID: 1, Name: 'a\u0000b\u001f' }],
    [
      { field: 'Name', with: -3 },
      { JobID: 1, Name: -3 },
    ],
  ])('poisonRow %j spoils one row and keeps its key', async (value, spoilt) => {
    await arm('poisonRow', { value });
    const [first, second] = await rows(run, '/a/Jobs');
    expect(first).toMatchObject(spoilt);
    expect(second).toEqual({ JobID: 2, Name: 'Job 2', Changed: '2026-03-01T00:00:00.000Z' });
  });

  test('poisonRow can name its row, give null for a row, or send ten million characters', async () => {
    await arm('poisonRow', { value: { field: 'Name', with: null, id: 3 } });
    expect((await rows(run, '/a/Jobs')).map((row) => row.Name)).toEqual(['Job 1', 'Job 2', null, 'Job 4', 'Job 5']);
    await arm('poisonRow', { value: 'null' });
    expect((await rows(run, '/a/Jobs'))[0]).toBeNull();
    await arm('poisonRow', { value: 'huge' });
    expect((await (await fetch(`${run.url}/a/Jobs`)).text()).length).toBeGreaterThan(10_000_000);
    await arm('poisonRow', { value: 'prototype' });
    expect(await (await fetch(`${run.url}/a/Jobs`)).text()).toContain('"__proto__":{"polluted":true}');
  });

  test('otherAccount answers with another account’s rows, made up when there is one tenant only', async () => {
    await arm('otherAccount');
    expect(await ids('/a/Jobs')).toEqual([901]);
  });
});

test('the Date header is the clock of the fake', async () => {
  const answer = await fetch(`${run.url}/a/Jobs`);
  expect(answer.headers.get('date')).toBe('Sun, 22 Mar 2026 12:00:00 GMT');
});
