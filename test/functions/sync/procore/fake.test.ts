import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMPANY, ProcoreBench, rowsOf } from './procore-support.ts';

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly rows: Record<string, unknown>[];
};

let bench: ProcoreBench;
let token: string;
beforeEach(async () => {
  bench = await new ProcoreBench().start();
  token = ((await login({ grant_type: 'client_credentials' })).json as { access_token: string }).access_token;
});
afterEach(() => bench.stop());

async function login(form: Record<string, string>): Promise<{ status: number; json: Record<string, unknown> }> {
  const body = new URLSearchParams({ client_id: 'client', client_secret: 'secret', ...form });
  const answer = await fetch(`${bench.url}/oauth/token`, { method: 'POST', body });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function get(path: string, headers: Record<string, string> = { 'Procore-Company-Id': COMPANY }): Promise<Answer> {
  const answer = await fetch(bench.url + path, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const text = await answer.text();
  const json: unknown = text.startsWith('[') ? JSON.parse(text) : [];
  return { status: answer.status, headers: answer.headers, text, rows: json as Record<string, unknown>[] };
}

const PROJECT = '/rest/v1.0/projects/562949953400001';
const CARDS = `/rest/v1.0/companies/${COMPANY}/timecard_entries`;

describe('the fake', () => {
  it('needs the company header, and knows whose company it is', async () => {
    expect((await get('/rest/v1.0/companies', {})).text).toMatch(/^Missing Procore-Company-Id header!/);
    expect((await get('/rest/v1.0/companies', { 'Procore-Company-Id': '7' })).status).toBe(403);
    bench.arm('disconnected', { times: 1 });
    expect((await get('/rest/v1.0/companies')).text).toContain('App is not connected to this company');
  });

  it('pages with Link, Total and Per-Page, at most 300 projects', async () => {
    const first = await get(`/rest/v1.1/projects?company_id=${COMPANY}&filters[by_status]=All&per_page=8`);
    expect([first.rows.length, first.headers.get('total'), first.headers.get('per-page')]).toEqual([8, '20', '8']);
    expect(first.headers.get('link')).toMatch(/page=1>; rel="first", .*page=2>; rel="next", .*page=3>; rel="last"/);
    const last = await get(`/rest/v1.1/projects?company_id=${COMPANY}&filters[by_status]=All&per_page=8&page=3`);
    expect([last.rows.length, last.headers.get('link')?.includes('rel="next"')]).toEqual([4, false]);
    expect((await get('/rest/v1.1/projects?per_page=5000')).headers.get('per-page')).toBe('300');
  });

  it('shows active projects only unless asked, money as text on 1.0 and as a number on 1.1', async () => {
    expect((await get('/rest/v1.1/projects')).rows).toHaveLength(19);
    expect((await get('/rest/v1.0/projects?filters[by_status]=Inactive')).rows).toHaveLength(1);
    const money = async (version: string) => (await get(`/rest/v${version}/projects`)).rows[0]!.total_value;
    expect([await money('1.0'), await money('1.1')]).toEqual(['28800.00', 28_800]);
    bench.arm('moneyAs');
    expect([await money('1.0'), await money('1.1')]).toEqual([28_800, '28800.00']);
  });

  it('takes stamps with and without quotes', async () => {
    const range = '2026-03-01T00:00:00Z...2026-04-01T00:00:00Z';
    const plain = await get(`/rest/v1.1/projects?filters[updated_at]=${range}`);
    expect(plain.rows.length).toBeGreaterThan(0);
    expect((await get(`/rest/v1.1/projects?filters[updated_at]="${range}"`)).rows).toEqual(plain.rows);
  });

  it('keeps inactive people apart', async () => {
    const people = `/rest/v1.0/companies/${COMPANY}/people`;
    expect([(await get(people)).rows.length, (await get(`${people}/inactive`)).rows.length]).toEqual([11, 1]);
  });

  it('hides deleted and running time unless asked for it', async () => {
    const all = (await get(`${CARDS}?per_page=500`)).rows;
    expect(all.some((row) => row.deleted_at !== null || row.in_progress === true)).toBe(false);
    const running = (await get(`${CARDS}?filters[in_progress_only]=true`)).rows;
    expect(running.map((row) => row.id)).toEqual([562949953800203]);
    const deleted = (await get(`${CARDS}?filters[deleted_at]=2026-01-01...2026-12-31`)).rows;
    expect(deleted.map((row) => row.id)).toEqual([562949953800999]);
    expect(typeof all[0]!.hours).toBe('string');
  });

  it('answers for today or this week where no date is given', async () => {
    const days = async (path: string) => [...new Set((await get(path)).rows.map((row) => row.date))];
    expect(await days(`${PROJECT}/timecard_entries`)).not.toContain('2026-03-02');
    expect((await get(`${PROJECT}/timecard_entries?start_date=2026-03-01&end_date=2026-03-31`)).rows.length).toBeGreaterThan(10);
    const sheets = (await get(`/rest/v1.0/companies/${COMPANY}/timesheets`)).rows as unknown as {
      timecard_entries: { date: string }[];
    }[];
    const week = sheets.flatMap((sheet) => sheet.timecard_entries.map(({ date }) => date)).sort();
    expect([week[0]! >= '2026-03-16', week.at(-1)! <= '2026-03-22']).toEqual([true, true]);
  });

  it('shows permitted projects only', async () => {
    bench.arm('hiddenProjects', { value: [562949953400001] });
    expect((await get('/rest/v1.1/projects')).rows).toHaveLength(18);
    expect((await get(`${PROJECT}/crews`)).status).toBe(404);
    const entries = (await get(`${CARDS}?per_page=500`)).rows as { project: { id: number } }[];
    expect(entries.some(({ project }) => project.id === 562949953400001)).toBe(false);
  });

  it('tells the nearer limiter, and refuses until its end', async () => {
    const limitOf = (answer: Answer) => Number(answer.headers.get('x-rate-limit-limit'));
    bench.arm('limits', { value: { hour: 100, spike: 5 } });
    const seen: number[] = [];
    for (let call = 0; call < 5; call += 1) seen.push(limitOf(await get('/rest/v1.0/offices')));
    expect(seen).toEqual([5, 5, 5, 5, 5]);
    const refused = await get('/rest/v1.0/offices');
    expect([refused.status, Number(refused.headers.get('x-rate-limit-reset')) * 1000]).toEqual([429, bench.nowMs + 10_000]);
    bench.nowMs += 10_000;
    expect((await get('/rest/v1.0/offices')).status).toBe(200);
    bench.arm('limits', { value: { hour: 8, spike: 500 } });
    expect(limitOf(await get('/rest/v1.0/offices'))).toBe(8);
  });

  it('issues refresh tokens that are good once, also when the answer is lost', async () => {
    const approved = await fetch(`${bench.url}/oauth/authorize?client_id=client&redirect_uri=https://ours.example/back&state=s`, {
      redirect: 'manual',
    });
    const back = new URL(approved.headers.get('location')!);
    expect([back.origin, back.searchParams.get('state')]).toEqual(['https://ours.example', 's']);
    const code = back.searchParams.get('code')!;
    const first = (await login({ grant_type: 'authorization_code', code })).json;
    expect((await login({ grant_type: 'authorization_code', code })).json.error).toBe('invalid_grant');
    const refresh = (refresh_token: unknown) => login({ grant_type: 'refresh_token', refresh_token: String(refresh_token) });
    const second = (await refresh(first.refresh_token)).json;
    expect((await refresh(first.refresh_token)).json.error).toBe('invalid_grant');
    bench.arm('refreshReplyLost', { entity: 'token', times: 1 });
    const body = new URLSearchParams({
      client_id: 'client',
      client_secret: 'secret',
      grant_type: 'refresh_token',
      refresh_token: String(second.refresh_token),
    });
    expect((await fetch(`${bench.url}/oauth/token`, { method: 'POST', body })).status).toBe(502);
    expect((await refresh(second.refresh_token)).json.error).toBe('invalid_grant');
    expect((await login({ grant_type: 'client_credentials' })).json.refresh_token).toBeUndefined();
  });

  it('keeps its companies apart', async () => {
    const body = new URLSearchParams({ client_id: 'client-2', client_secret: 'secret-2', grant_type: 'client_credentials' });
    const answer = (await (await fetch(`${bench.url}/oauth/token`, { method: 'POST', body })).json()) as { access_token: string };
    token = answer.access_token;
    const other = String(Number(COMPANY) + 10_000_000);
    expect((await get('/rest/v1.0/companies')).status).toBe(403);
    const rows = (await get(`/rest/v1.0/companies/${other}/people`, { 'Procore-Company-Id': other })).rows;
    const own = new Set(rowsOf('people').map((row) => row.id));
    expect([rows.length, rows.some((row) => own.has(row.id))]).toEqual([11, false]);
  });
});
