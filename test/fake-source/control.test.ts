import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningFake } from '../../shared/fake-source/serve.ts';
import { control, rows, SMALL, SMALL_OTHER, type SmallFake, smallSource } from './small-source.ts';

let fake: SmallFake;
let run: RunningFake;

beforeEach(async () => {
  fake = smallSource([
    { id: 'a', dataset: SMALL },
    { id: 'b', dataset: SMALL_OTHER },
  ]);
  run = await fake.start();
});
afterEach(() => run.stop());

async function listing(): Promise<Record<string, unknown>> {
  return (await (await fetch(`${run.url}/__control`)).json()) as Record<string, unknown>;
}

describe('the control door', () => {
  test('lists switches, entities and change steps', async () => {
    const told = await listing();
    expect(told).toMatchObject({ source: 'small', tenants: ['a', 'b'], entities: ['Jobs', 'Tags'], steps: ['renamed', 'gone'] });
    expect(told.switches).toEqual([
      'emptyList',
      'html',
      'truncated',
      'status',
      'timeout',
      'slowDrip',
      'loopPage',
      'shortPage',
      'duplicateRow',
      'poisonRow',
      'otherAccount',
      'mood',
    ]);
    expect(told.details).toMatchObject({
      entities: { Jobs: { key: ['JobID'], rows: 5 } },
      steps: { renamed: [{ entity: 'Jobs', op: 'replace', key: 2 }] },
      switches: { mood: { default: 'calm', armed: [] } },
    });
  });

  test('put merges over the row with the same key and moves its stamp to now', async () => {
    expect(await control(run, { put: { '/jobs': [{ JobID: 1, Name: 'New' }, { JobID: 77 }] } })).toMatchObject({ status: 200 });
    const [first, ...others] = await rows(run, '/a/Jobs');
    expect(first).toEqual({ JobID: 1, Name: 'New', Changed: '2026-03-22T12:00:00.000Z' });
    expect(others.at(-1)).toEqual({ JobID: 77, Name: null, Changed: '2026-03-22T12:00:00.000Z' });
    expect(others[0]?.Changed).toBe('2026-03-01T00:00:00.000Z');
  });

  test('put keeps a stamp the row gives', async () => {
    await control(run, { put: { Jobs: [{ JobID: 1, Changed: '2026-03-02T00:00:00.000Z' }] } });
    expect((await rows(run, '/a/Jobs'))[0]?.Changed).toBe('2026-03-02T00:00:00.000Z');
  });

  test('a put with one wrong row changes nothing', async () => {
    expect(await control(run, { put: { Jobs: [{ JobID: 1, Name: 'New' }, { Name: 'no key' }] } })).toMatchObject({
      status: 400,
      body: { error: 'every row of Jobs needs JobID' },
    });
    expect((await rows(run, '/a/Jobs'))[0]?.Name).toBe('Job 1');
  });

  test('delete removes rows and tells how many were there', async () => {
    expect((await control(run, { delete: { Jobs: [1, '2', 99] } })).body).toMatchObject({ deleted: { Jobs: 2 } });
    expect((await rows(run, '/a/Jobs')).map((row) => row.JobID)).toEqual([3, 4, 5]);
  });

  test('a step applies the recorded changes with their own stamp', async () => {
    expect((await control(run, { step: 'renamed' })).status).toBe(200);
    await control(run, { step: 'gone' });
    const found = await rows(run, '/a/Jobs');
    expect(found.find((row) => row.JobID === 2)).toEqual({ JobID: 2, Name: 'Renamed', Changed: '2026-03-21T10:00:00.000Z' });
    expect(found.map((row) => row.JobID)).not.toContain(3);
  });

  test('a step never lies before what a reader has seen: it is stamped now instead', async () => {
    await control(run, { put: { Jobs: [{ JobID: 5 }] } });
    fake.clock.ms += 1000;
    await control(run, { step: 'renamed' });
    expect((await rows(run, '/a/Jobs')).find((row) => row.JobID === 2)?.Changed).toBe('2026-03-22T12:00:01.000Z');
  });

  test('tenants are apart; without one the first is meant', async () => {
    await control(run, { put: { Jobs: [{ JobID: 1, Name: 'New' }] }, tenant: 'b' });
    expect((await rows(run, '/a/Jobs'))[0]?.Name).toBe('Job 1');
    expect((await rows(run, '/b/Jobs')).map((row) => row.JobID)).toEqual([901, 1]);
    await control(run, { fault: 'emptyList', on: true });
    expect(await rows(run, '/a/Jobs')).toEqual([]);
    expect(await rows(run, '/b/Jobs')).toHaveLength(2);
  });

  test('reset puts data and switches of all tenants back, of one when it is named', async () => {
    for (const tenant of ['a', 'b']) {
      await control(run, { delete: { Jobs: [1, 901] }, tenant });
      await control(run, { fault: 'status', on: true, value: 500, tenant });
    }
    await control(run, { reset: true, tenant: 'b' });
    expect(await rows(run, '/b/Jobs')).toHaveLength(1);
    expect((await fetch(`${run.url}/a/Jobs`)).status).toBe(500);
    await control(run, { reset: true });
    expect(await rows(run, '/a/Jobs')).toHaveLength(5);
  });

  test('live stops and starts the own changes of all tenants or of one', async () => {
    await control(run, { live: false, tenant: 'b' });
    fake.tick();
    expect([await rows(run, '/a/Tags'), await rows(run, '/b/Tags')].map((found) => found.length)).toEqual([2, 0]);
    await control(run, { live: false });
    fake.tick();
    await control(run, { live: true });
    fake.tick();
    expect([await rows(run, '/a/Tags'), await rows(run, '/b/Tags')].map((found) => found.length)).toEqual([3, 1]);
    expect((await listing()).live).toEqual({ a: true, b: true });
  });

  test.each([
    ['no JSON', '{', /no JSON/],
    ['no object', [], /JSON object/],
    ['no action', { tenant: 'a' }, /exactly one of/],
    ['two actions', { reset: true, live: true }, /exactly one of/],
    ['an unknown field', { reset: true, what: 1 }, /unknown field what/],
    ['an unknown tenant', { reset: true, tenant: 'z' }, /unknown tenant "z"; known: a, b/],
    ['an unknown fault', { fault: 'nope', on: true }, /unknown fault "nope"/],
    ['a fault without on', { fault: 'html' }, /"on"/],
    ['no times', { fault: 'html', on: true, times: 0 }, /"times"/],
    ['an unknown entity', { fault: 'html', on: true, entity: 'Nope' }, /unknown entity "Nope"; known: Jobs, Tags, Login/],
    ['a missing value', { fault: 'status', on: true }, /needs a "value"/],
    ['a wrong value', { fault: 'mood', on: true, value: 'sad' }, /one of calm, wild/],
    ['a status out of range', { fault: 'status', on: true, value: 99 }, /status code/],
    ['rows that are none', { put: { Jobs: [1] } }, /"put" must be/],
    ['a put into an unknown list', { put: { Nope: [] } }, /unknown entity/],
    ['ids that are none', { delete: { Jobs: [{}] } }, /"delete" must be/],
    ['an unknown step', { step: 'nope' }, /unknown step "nope"; known: renamed, gone/],
    ['a live that is no yes or no', { live: 1 }, /"live"/],
    ['a reset that is not true', { reset: false }, /"reset"/],
  ])('answers 400 with the reason for %s', async (_name, body, reason) => {
    const answer = await control(run, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(reason);
  });

  test('the request log holds every request but the control door’s own, and counts them', async () => {
    await fetch(`${run.url}/a/Jobs?top=2`, { headers: { authorization: 'Bearer secret' } });
    await fetch(`${run.url}/zzz`);
    const log = (await (await fetch(`${run.url}/__control/requests`)).json()) as unknown[];
    expect(log).toMatchObject([
      {
        at: '2026-03-22T12:00:00.000Z',
        tenant: 'a',
        method: 'GET',
        path: '/a/Jobs',
        query: 'top=2',
        entity: 'Jobs',
        status: 200,
        rows: 2,
        faults: [],
      },
      { tenant: null, path: '/zzz', status: 404 },
    ]);
    expect(JSON.stringify(log)).not.toContain('secret');
    expect((await listing()).counters).toEqual({ total: 2, by: { 'a Jobs 200': 1, '- /zzz 404': 1 } });
  });

  test('other doors under /__control are not there', async () => {
    expect((await fetch(`${run.url}/__control/zzz`)).status).toBe(404);
  });
});
