import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '#test/support/product-client.ts';
import { csv, type FileOffice, FileWorld } from './file-world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const WORKERS = csv(
  ['id', 'first_name', 'last_name', 'role', 'active'],
  ['w1', 'Ada', 'Moss', 'worker', 'yes'],
  ['w2', 'Ben', 'Fern', 'crew_lead', 'yes'],
);
const WAGES = csv(['worker_id', 'effective_date', 'hourly_wage'], ['w1', '2025-01-01', '20.00'], ['w2', '2025-01-01', '25.00']);
const JOBS = csv(
  ['id', 'name', 'number', 'status', 'recurring', 'budget_hours', 'start_date'],
  ['j1', 'Maple Court', '1001', 'in_progress', 'no', '40', '2026-11-02'],
);
const HEADER = ['id', 'worker_id', 'job_id', 'date', 'start', 'end', 'hours'];
const day = (id: string, worker: string, date: string, hours = '8') => [id, worker, 'j1', date, '', '', hours];
const WEEK = { from: '2026-11-02', to: '2026-11-08' };

let world: FileWorld;
beforeAll(async () => {
  world = await FileWorld.start();
});
afterAll(async () => {
  await world?.stop();
});

describe('files become the mirror', () => {
  let office: FileOffice;
  beforeAll(async () => {
    office = await world.office('paperone');
  });

  it('is told by the catalogue, and cannot be resynced but by uploading', async () => {
    const { body } = await office.client.get('/v1/integrations');
    const entry = body.items.find((one: { provider: string }) => one.provider === 'file-import');
    expect(entry).toMatchObject({ auth: 'file', manualResync: false, resyncModes: [] });
    const asked = await office.client.post(`/v1/connections/${office.connectionId}/resyncs`, {});
    expect(asked.status).toBe(422);
    expect(asked.body).toMatchObject({ code: 'resync-not-supported', detail: expect.stringContaining('Upload a file') });
    const connection = await office.client.get(`/v1/connections/${office.connectionId}`);
    expect(connection.body).toMatchObject({ state: 'pending', nextRunAt: null, lastSuccessfulAt: null, manualResync: false });
  });

  it('previews without storing, and reads in what is accepted', async () => {
    const upload = await office.preview({ entity: 'workers', mode: 'full' }, WORKERS);
    expect(upload).toMatchObject({ status: 'preview', entity: 'worker', runId: null, rejected: [], deletions: [] });
    expect(upload.counts).toMatchObject({ rows: 2, created: 2, changed: 0, unchanged: 0, deleted: 0, rejected: 0 });
    expect(await office.list('/v1/workers')).toEqual([]);

    const accepted = await office.accept(upload.id);
    expect(accepted).toMatchObject({ status: 202, body: { runId: expect.any(String) } });
    const run = await office.run(accepted.body.runId);
    expect(run).toMatchObject({ trigger: 'upload', outcome: 'succeeded', mode: 'full' });
    expect(run.streams.find((one: { entity: string }) => one.entity === 'worker').counts).toMatchObject({ created: 2 });
    const workers = await office.list('/v1/workers');
    expect(workers.map(({ sourceId, displayName }) => [sourceId, displayName]).sort()).toEqual([
      ['w1', 'Ada Moss'],
      ['w2', 'Ben Fern'],
    ]);
    expect((await office.client.get(`${office.uploads}/${upload.id}`)).body).toMatchObject({ status: 'accepted', runId: run.id });
  });

  it('makes a ProPay of a job that came in a file', async () => {
    await office.import('wages', 'upsert', WAGES);
    await office.import('jobs', 'full', JOBS);
    const rows = [day('t1', 'w1', '2026-11-02'), day('t2', 'w1', '2026-11-03'), day('t3', 'w2', '2026-11-03')];
    const run = await office.import('time_entries', 'replace', csv(HEADER, ...rows), { window: WEEK });
    expect(run.streams.find((one: { entity: string }) => one.entity === 'time_entry').counts).toMatchObject({ created: 3 });
    const [job] = await office.list('/v1/jobs');
    const [propay] = await until(
      () => office.list('/v1/propays'),
      (items) => items.length > 0 && items[0].ifCompletedNow?.actualSeconds === 24 * 3_600,
    );
    // Forty hours were allowed and twenty-four were worked.
    expect(propay).toMatchObject({
      jobId: job.id,
      status: 'Active',
      ifCompletedNow: { budgetSeconds: 40 * 3_600, savedSeconds: 16 * 3_600, actualCost: '520.00', savings: '346.67' },
    });
  });

  it('tells how fresh it is by the file, not by the hour of its upload', async () => {
    const { body } = await office.client.get(`/v1/connections/${office.connectionId}/sync-status`);
    expect(body.state).toBe('active');
    const time = body.entities.find((one: { entity: string }) => one.entity === 'time_entry');
    expect(time).toMatchObject({ status: 'succeeded', dataAsOf: '2026-11-04T05:00:00.000Z' });
  });

  it('writes nothing when the same file comes again, whatever its order', async () => {
    const rows = [day('t3', 'w2', '2026-11-03'), day('t1', 'w1', '2026-11-02'), day('t2', 'w1', '2026-11-03')];
    const before = (await office.list('/v1/time-entries')).map(({ id, revision }) => [id, revision]).sort();
    const run = await office.import('time_entries', 'replace', csv(HEADER, ...rows), { window: WEEK });
    const { counts } = run.streams.find((one: { entity: string }) => one.entity === 'time_entry');
    expect(counts).toMatchObject({ unchanged: 3, created: 0, changed: 0, deleted: 0 });
    expect((await office.list('/v1/time-entries')).map(({ id, revision }) => [id, revision]).sort()).toEqual(before);
  });

  it('changes, adds and takes away inside the days a file speaks of, and nowhere else', async () => {
    await office.import('time_entry', 'upsert', csv(HEADER, day('t9', 'w1', '2026-11-09')));
    const rows = [day('t1', 'w1', '2026-11-02', '6.5'), day('t2', 'w1', '2026-11-03'), day('t4', 'w2', '2026-11-04')];
    const upload = await office.preview({ entity: 'time_entry', mode: 'replace', window: WEEK }, csv(HEADER, ...rows));
    expect(upload.counts).toMatchObject({ created: 1, changed: 1, unchanged: 1, deleted: 1 });
    expect(upload).toMatchObject({ deletionsHeld: false, deletions: [{ entity: 'time_entry', id: expect.any(String) }] });
    const { body } = await office.accept(upload.id);
    await office.run(body.runId);
    const live = await office.list('/v1/time-entries');
    expect(live.map(({ sourceId, durationSeconds }) => [sourceId, durationSeconds]).sort()).toEqual([
      ['t1', 6.5 * 3_600],
      ['t2', 8 * 3_600],
      ['t4', 8 * 3_600],
      ['t9', 8 * 3_600],
    ]);
    const gone = await office.client.get(`/v1/time-entries/${upload.deletions[0].id}`);
    expect(gone.body).toMatchObject({ sourceId: 't3', deletedAtSource: expect.any(String), lastChangedRunId: body.runId });
  });
});

describe('what a file may not do', () => {
  let office: FileOffice;
  beforeAll(async () => {
    office = await world.office('papertwo');
    await office.import('workers', 'full', WORKERS);
  });

  it('holds deletions above the bound until somebody has confirmed them', async () => {
    const many = Array.from({ length: 10 }, (_, at) => day(`h${at}`, 'w1', '2026-11-03'));
    await office.import('time_entries', 'replace', csv(HEADER, ...many), { window: WEEK });
    const upload = await office.preview({ entity: 'time_entries', mode: 'replace', window: WEEK }, csv(HEADER, many[0]!));
    expect(upload).toMatchObject({ deletionsHeld: true, counts: { held: 9, deleted: 0, unchanged: 1 } });
    const { body } = await office.accept(upload.id);
    const run = await office.run(body.runId);
    expect(run.outcome).toBe('succeeded-with-quarantine');
    expect(await office.list('/v1/time-entries')).toHaveLength(10);
    const holds = await office.client.get(`/v1/connections/${office.connectionId}/held-deletes`);
    expect(holds.body.items).toMatchObject([{ runId: body.runId, entity: 'time_entry', count: 9, cause: 'bound_exceeded' }]);
    const confirmed = await office.client.post(`/v1/connections/${office.connectionId}/held-deletes/${body.runId}/confirm`, {});
    expect(confirmed.status).toBe(200);
    await until(
      () => office.list('/v1/time-entries'),
      (items) => items.length === 1,
    );
    const status = await office.client.get(`/v1/connections/${office.connectionId}`);
    expect(status.body).toMatchObject({ state: 'active', openHolds: 0, lastSuccessfulRunId: body.runId });
  });

  it('empties its days only when somebody confirms it, however few they hold', async () => {
    const upload = await office.preview({ entity: 'time_entries', mode: 'replace', window: WEEK }, csv(HEADER));
    expect(upload).toMatchObject({ status: 'preview', deletionsHeld: true, counts: { rows: 0, held: 1 } });
    const { body } = await office.accept(upload.id);
    await office.run(body.runId);
    expect(await office.list('/v1/time-entries')).toHaveLength(1);
    const holds = await office.client.get(`/v1/connections/${office.connectionId}/held-deletes`);
    expect(holds.body.items).toMatchObject([{ runId: body.runId, count: 1, cause: 'empty_listing' }]);
    await office.client.post(`/v1/connections/${office.connectionId}/held-deletes/${body.runId}/discard`, {});
    await until(
      () => office.client.get(`/v1/connections/${office.connectionId}`),
      (answer) => answer.body.openHolds === 0,
    );
    expect(await office.list('/v1/time-entries')).toHaveLength(1);
  });

  it('is refused whole where its header does not fit, and changes nothing', async () => {
    const upload = await office.preview({ entity: 'workers', mode: 'full' }, csv(['who', 'what'], ['w1', 'x']));
    expect(upload).toMatchObject({ status: 'refused', counts: null, refusal: { code: 'MISSING_COLUMN' } });
    expect(await office.accept(upload.id)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await office.list('/v1/workers')).toHaveLength(2);
  });

  it('tells a row that cannot be read by its line, applies the others and takes nothing away', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => [`w${at + 3}`, `N${at}`, 'Oak', 'worker', 'yes']);
    const bad = ['w99', '=HYPERLINK(1)', 'Elm', 'worker', 'perhaps'];
    const header = ['id', 'first_name', 'last_name', 'role', 'active'];
    const upload = await office.preview({ entity: 'workers', mode: 'full' }, csv(header, ...rows, bad));
    expect(upload).toMatchObject({ status: 'preview', counts: { created: 12, deleted: 0, rejected: 1 }, deletions: [] });
    expect(upload.rejected).toEqual([
      { row: 14, reason: 'UNKNOWN_WORD', field: 'active', detail: expect.any(String), value: 'perhaps' },
    ]);
    const report = await fetch(`${office.host.url}${office.uploads}/${upload.id}/report`, {
      headers: { authorization: `Bearer ${office.tokens.admin}` },
    });
    expect(report.headers.get('content-type')).toBe('text/csv');
    expect((await report.text()).split('\r\n')[1]).toMatch(/^14,error,UNKNOWN_WORD,active,.*,perhaps$/);
    const { body } = await office.accept(upload.id);
    const run = await office.run(body.runId);
    expect(run).toMatchObject({ outcome: 'succeeded-with-quarantine', exceptionCount: 1 });
    const exceptions = await office.client.get(`/v1/connections/${office.connectionId}/runs/${run.id}/exceptions`);
    expect(exceptions.body.items).toMatchObject([{ entity: 'worker', row: 14 }]);
    // Nobody of the first file is gone, although the second one does not show them.
    expect(await office.list('/v1/workers')).toHaveLength(14);
    const clean = await office.import('workers', 'upsert', csv(header, ...rows));
    expect(clean.outcome).toBe('succeeded');
    expect((await office.client.get(`/v1/connections/${office.connectionId}/quarantine`)).body.items).toEqual([]);
  });

  it('guards the cells of the report against formulas', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => day(`f${at}`, 'w1', '2026-11-05'));
    const upload = await office.preview(
      { entity: 'time_entries', mode: 'upsert' },
      csv(HEADER, ...rows, day('f99', 'w1', '=1+1')),
    );
    const report = await fetch(`${office.host.url}${office.uploads}/${upload.id}/report`, {
      headers: { authorization: `Bearer ${office.tokens.admin}` },
    });
    const text = await report.text();
    expect(text).toContain("'=1+1");
    expect(text).not.toMatch(/(^|,)=/m);
  });
});

describe('rows that wait for their parent', () => {
  it('are kept and find their place when a later file brings it', async () => {
    const office = await world.office('paperthree');
    const rows = [day('p1', 'w1', '2026-11-02'), day('p2', 'w2', '2026-11-03')];
    const upload = await office.preview({ entity: 'time_entries', mode: 'replace', window: WEEK }, csv(HEADER, ...rows));
    expect(upload.counts).toMatchObject({ parked: 2, created: 0 });
    await office.run((await office.accept(upload.id)).body.runId);
    expect(await office.list('/v1/time-entries')).toEqual([]);
    const parked = await office.client.get(`/v1/connections/${office.connectionId}/parked`);
    expect(parked.body.items.map((one: { sourceId: string }) => one.sourceId).sort()).toEqual(['p1', 'p2']);

    const run = await office.import('workers', 'full', WORKERS);
    expect(run.streams.find((one: { entity: string }) => one.entity === 'time_entry').counts).toMatchObject({ created: 2 });
    const pending = await office.list('/v1/time-entries');
    expect(pending.map(({ sourceId, attribution, jobId }) => [sourceId, attribution, jobId]).sort()).toEqual([
      ['p1', 'pending', null],
      ['p2', 'pending', null],
    ]);
    await office.import('jobs', 'full', JOBS);
    const placed = await office.list('/v1/time-entries');
    expect(placed.map(({ sourceId, attribution }) => [sourceId, attribution]).sort()).toEqual([
      ['p1', 'job'],
      ['p2', 'job'],
    ]);
    expect((await office.client.get(`/v1/connections/${office.connectionId}/parked`)).body.items).toEqual([]);
  });

  it('wait no more when a newer file for the same days leaves them out', async () => {
    const office = await world.office('paperfour');
    await office.import('time_entries', 'replace', csv(HEADER, day('q1', 'w1', '2026-11-02')), { window: WEEK });
    await office.import('time_entries', 'replace', csv(HEADER, day('q2', 'w1', '2026-11-02')), { window: WEEK });
    await office.import('workers', 'full', WORKERS);
    expect((await office.list('/v1/time-entries')).map(({ sourceId }) => sourceId)).toEqual(['q2']);
  });
});

describe('an upload', () => {
  let office: FileOffice;
  let other: FileOffice;
  beforeAll(async () => {
    office = await world.office('paperfive');
    other = await world.office('papersix');
  });

  it('is one run however often and from how many sides it is accepted', async () => {
    const upload = await office.preview({ entity: 'workers', mode: 'full' }, WORKERS);
    const answers = await Promise.all([office.accept(upload.id), office.accept(upload.id), office.accept(upload.id, 'one-key')]);
    const again = await office.accept(upload.id, 'one-key');
    const runIds = new Set([...answers, again].map(({ body }) => body.runId));
    expect([...answers, again].map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(runIds.size).toBe(1);
    await office.run(again.body.runId);
    const runs = await office.client.get(`/v1/connections/${office.connectionId}/runs`);
    expect(runs.body.items).toHaveLength(1);
  });

  it('may stand beside others, which are read in one after the other', async () => {
    const [first, second] = await Promise.all([
      office.preview({ entity: 'jobs', mode: 'full' }, JOBS),
      office.preview({ entity: 'wages', mode: 'upsert' }, WAGES),
    ]);
    const accepted = await Promise.all([office.accept(first.id), office.accept(second.id)]);
    const runs = await Promise.all(accepted.map(({ body }) => office.run(body.runId)));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(await office.list('/v1/jobs')).toHaveLength(1);
    expect(await office.list('/v1/wage-records')).toHaveLength(2);
  });

  it('loses to a later one for the same days', async () => {
    const early = await office.preview(
      { entity: 'time_entries', mode: 'replace', window: WEEK },
      csv(HEADER, day('l1', 'w1', '2026-11-02')),
    );
    await office.import('time_entries', 'replace', csv(HEADER, day('l2', 'w1', '2026-11-02')), { window: WEEK });
    expect(await office.accept(early.id)).toMatchObject({ status: 409, body: { code: 'upload-superseded' } });
    expect((await office.list('/v1/time-entries')).map(({ sourceId }) => sourceId)).toEqual(['l2']);
  });

  it('proposes the days it was found to cover, for confirmation', async () => {
    const rows = [day('m1', 'w1', '2026-11-10'), day('m2', 'w1', '2026-11-12')];
    const upload = await office.preview({ entity: 'time_entries', mode: 'replace' }, csv(HEADER, ...rows));
    expect(upload).toMatchObject({ window: { from: '2026-11-10', to: '2026-11-12' }, windowProposed: true });
  });

  it('can be discarded, and then changes nothing', async () => {
    const upload = await office.preview(
      { entity: 'workers', mode: 'full' },
      csv(['id', 'first_name', 'last_name'], ['w9', 'No', 'Body']),
    );
    const discarded = await office.client.send('DELETE', `${office.uploads}/${upload.id}`);
    expect(discarded).toMatchObject({ status: 200, body: { status: 'discarded' } });
    expect(await office.accept(upload.id)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await office.list('/v1/workers')).toHaveLength(2);
    const list = await office.client.get(office.uploads);
    expect(list.body.items[0]).toMatchObject({ id: upload.id, status: 'discarded' });
  });

  it('is nobody else’s: other tenants, managers and workers find nothing or may not', async () => {
    const upload = await office.preview({ entity: 'workers', mode: 'upsert' }, WORKERS);
    for (const path of [office.uploads, `${office.uploads}/${upload.id}`, `${office.uploads}/${upload.id}/report`])
      expect((await other.client.get(path)).status).toBe(404);
    expect((await other.client.post(`${office.uploads}/${upload.id}/accept`, {})).status).toBe(404);
    expect((await other.client.get(`${other.uploads}/${upload.id}`)).status).toBe(404);
    expect((await office.as('manager').post(`${office.uploads}/${upload.id}/accept`, {})).status).toBe(403);
    expect((await office.as('worker').get(office.uploads)).status).toBe(403);
    expect((await office.as('auditor').get(`${office.uploads}/${upload.id}`)).status).toBe(200);
  });

  it('is refused for what the source does not supply, with the field that is wrong', async () => {
    const refused = async (body: Record<string, unknown>) => {
      const answer = await office.client.post(office.uploads, body);
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };
    expect(await refused({ entity: 'invoices', mode: 'full' })).toEqual([422, '/entity']);
    expect(await refused({ entity: 'workers', mode: 'replace' })).toEqual([422, '/mode']);
    expect(await refused({ entity: 'time_entry', mode: 'full', window: WEEK })).toEqual([422, '/window']);
    expect(await refused({ entity: 'time_entry', mode: 'replace', window: { from: WEEK.to, to: WEEK.from } })).toEqual([
      422,
      '/window/to',
    ]);
    expect(await refused({ entity: 'workers', mode: 'full', sizeBytes: 50 * 1_024 * 1_024 + 1 })).toEqual([422, '/sizeBytes']);
  });
});

describe('the door of a file', () => {
  let office: FileOffice;
  beforeAll(async () => {
    office = await world.office('paperseven');
  });

  it('takes one file for one link, and none for a link that was changed', async () => {
    const { put } = await office.begin({ entity: 'workers', mode: 'full' });
    const send = (url: string, headers = put.headers) => fetch(url, { method: 'PUT', headers, body: WORKERS });
    expect((await send(put.url.replace(/X-Amz-Signature=.{8}/, 'X-Amz-Signature=00000000'))).status).toBe(403);
    expect((await send(put.url.replace(/paperseven/, 'paperfive'))).status).toBe(403);
    expect((await send(put.url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=90000'))).status).toBe(403);
    expect((await send(put.url, {})).status).toBe(403);
    expect((await fetch(put.url, { method: 'GET' })).status).toBe(403);
    expect((await send(put.url)).status).toBe(200);
    expect((await send(put.url)).status).toBe(412);
  });

  it('takes no file above fifty megabytes, and none of another size than the one that was told', async () => {
    const { put } = await office.begin({ entity: 'workers', mode: 'full' });
    const large = await fetch(put.url, { method: 'PUT', headers: put.headers, body: new Uint8Array(50 * 1_024 * 1_024 + 1) });
    expect(large.status).toBe(400);
    const told = await office.begin({ entity: 'workers', mode: 'full', sizeBytes: 10 });
    expect((await fetch(told.put.url, { method: 'PUT', headers: told.put.headers, body: WORKERS })).status).toBe(403);
    expect((await fetch(told.put.url, { method: 'PUT', headers: told.put.headers, body: 'id\n1234567' })).status).toBe(200);
  });
});

describe('the layout of a source of files', () => {
  const OWN = {
    profile: 'crew-app',
    version: 1,
    entity: 'workers',
    columns: { id: { from: 'Badge' }, first_name: { from: 'First' }, last_name: { from: 'Last' } },
  };

  it('is a shipped one by name, or one of one’s own, refused by the field that is wrong', async () => {
    const office = await world.office('papereight', [OWN, 'busybusy-payroll-export']);
    const upload = await office.preview(
      { entity: 'workers', mode: 'full' },
      csv(['Badge', 'First', 'Last'], ['7', 'Ida', 'Reed']),
    );
    expect(upload).toMatchObject({ status: 'preview', profile: { name: 'crew-app', version: 1 }, counts: { created: 1 } });
    const path = `/v1/connections/${office.connectionId}`;
    const { headers, body } = await office.client.get(path);
    expect(body.settings.fileProfile.map((one: { profile: string }) => one.profile)).toEqual([
      'crew-app',
      'busybusy-payroll-export',
    ]);
    const patch = (profile: unknown) => office.client.send('PATCH', path, { profile }, { 'if-match': headers.get('etag')! });
    expect(await patch('no-such-layout')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/settings/fileProfile' }] },
    });
    const wrong = { ...OWN, version: 2, columns: { ...OWN.columns, shoe_size: { from: 'Shoe' } } };
    const refused = await patch(wrong);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].pointer).toMatch(/^\/settings\/fileProfile\/columns\/shoe_size/);
    const same = await patch({ ...OWN, ignore: ['Shoe'] });
    expect(same).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/fileProfile/version' }] } });
    expect((await patch({ ...OWN, version: 2, ignore: ['Shoe'] })).status).toBe(200);
  });

  it('needs no credentials, and takes none', async () => {
    const office = await world.office('papernine');
    const answer = await office.client.post('/v1/connections', { provider: 'file-import', name: 'x', credentials: { key: '1' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/credentials' }] } });
  });
});
