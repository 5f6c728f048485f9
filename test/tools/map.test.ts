import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import type { OfflineMapping } from '#mirror/offline.ts';
import { integrationPart } from '#tools/integrations.ts';
import { runMap } from '#tools/map.ts';
import { inProject } from '#tools/project.ts';
import { dataset, rowsOf } from '../functions/sync/aspire/aspire-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'map-'));
afterAll(() => rmSync(folder, { recursive: true }));
const DATASET = new URL('../../functions/sync/aspire/fake/dataset.json', import.meta.url).pathname;

let files = 0;
function file(content: unknown): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

type Line = {
  record?: Record<string, unknown>;
  also?: Record<string, unknown>[];
  rejected?: { sourceId: string | null; reason: string; field: string | null };
};

async function run(...args: string[]): Promise<{ code: number; lines: Line[]; complaints: string[] }> {
  const lines: Line[] = [];
  const complaints: string[] = [];
  const code = await runMap(
    args,
    (line) => lines.push(JSON.parse(line) as Line),
    (line) => complaints.push(line),
  );
  return { code, lines, complaints };
}

describe('npm run map', () => {
  it('prints one line per row of a data set, in order, whatever the case of the list', async () => {
    const { code, lines } = await run('aspire', 'worktickets', DATASET);
    expect(code).toBe(0);
    expect(lines.map((line) => line.record?.sourceId ?? line.rejected?.sourceId)).toEqual(
      rowsOf('WorkTickets').map((row) => String(row.WorkTicketID)),
    );
    expect(lines[0]).toMatchObject({
      record: { entity: 'milestone', serviceType: 'Maintenance' },
      also: [{ entity: 'budget_info', budgetSeconds: 81_000 }],
    });
  });

  it('tells skipped rows by the code of their verdict', async () => {
    const jobs = (await run('aspire', 'Opportunities', DATASET)).lines.flatMap((line) => line.rejected ?? []);
    expect(jobs).toEqual([
      { sourceId: '9016', reason: 'ignored_status', field: null },
      { sourceId: '9017', reason: 'ignored_status', field: null },
    ]);
    const people = (await run('aspire', 'Contacts', DATASET)).lines.flatMap((line) => line.rejected?.reason ?? []);
    expect(people).toEqual(Array(5).fill('not_an_employee'));
  });

  it('reads an answer, an envelope, bare rows and one row alike', async () => {
    const rows = rowsOf('Branches');
    for (const payload of [rows, { value: rows }]) {
      const { lines } = await run('aspire', 'Branches', file(payload));
      expect(lines.map((line) => line.record?.name)).toEqual(['North Yard', 'South Yard']);
    }
    expect((await run('aspire', '/Branches', file(rows[0]))).lines).toHaveLength(1);
  });

  it('maps under default settings: wages only when asked for, zones as given', async () => {
    expect((await run('aspire', 'PayRates', DATASET)).lines.every((line) => line.rejected?.reason === 'type_not_read')).toBe(
      true,
    );
    const { lines } = await run('aspire', 'PayRates', DATASET, '--import-wages');
    expect(lines[0]?.record).toMatchObject({ entity: 'wage_record', rateE4: 450_000, currency: 'USD' });
    const row = { WorkTicketTimeID: 1, ContactID: 2, StartTime: '2026-03-02T07:00:00', EndTime: '2026-03-02T08:00:00' };
    expect((await run('aspire', 'WorkTicketTimes', file(row), '--zone', 'America/Denver')).lines[0]?.record).toMatchObject({
      start: '2026-03-02T14:00:00.000Z',
    });
    expect((await run('aspire', 'WorkTicketTimes', file(row))).lines[0]?.record).toMatchObject({
      start: '2026-03-02T07:00:00.000Z',
      zone: 'UTC',
    });
  });

  it('gives one rejected line for what is no list of that entity', async () => {
    for (const payload of ['<html></html>', '', '[{"a":', '7', '{"error":"no"}', JSON.stringify({ endpoints: {} })]) {
      const { code, lines } = await run('aspire', 'Contacts', file(payload));
      expect([code, lines]).toEqual([0, [{ rejected: { sourceId: null, reason: 'row_invalid', field: null } }]]);
    }
    expect((await run('aspire', 'Contacts', file('[]'))).lines).toEqual([]);
  });

  it('exits with 2 for an unknown integration, list, option or file, and says so', async () => {
    for (const args of [
      ['nobody', 'Contacts', DATASET],
      ['constructor', 'Contacts', DATASET],
      ['aspire', 'Users', DATASET],
      ['aspire', 'Contacts', join(folder, 'missing.json')],
      ['aspire', 'Contacts'],
      ['aspire', 'Contacts', DATASET, '--zone', 'Nowhere/Else'],
      ['aspire', 'Contacts', DATASET, '--what'],
    ]) {
      const { code, lines, complaints } = await run(...args);
      expect([code, lines.length, complaints.length]).toEqual([2, 0, 1]);
    }
  });

  it('keeps the digits of large ids', async () => {
    const { lines } = await run('aspire', 'Branches', file('[{"BranchID":9007199254740993,"BranchName":"A"}]'));
    expect(lines[0]?.record?.sourceId).toBe('9007199254740993');
  });

  it('never prints what must not be stored', async () => {
    expect(JSON.stringify(dataset)).toContain('DO-NOT-STORE');
    const { lines } = await run('aspire', 'Contacts', DATASET);
    expect(JSON.stringify(lines)).not.toContain('DO-NOT-STORE');
  });
});

/** The recorded companies of all integrations that have one. */
const recorded = manifests
  .map(({ provider }) => ({ provider, path: inProject(`functions/sync/${provider}/fake/dataset.json`) }))
  .filter(({ path }) => existsSync(path));

describe.each(recorded)('npm run map -- $provider', ({ provider, path }) => {
  it('gives a record or a reason for every row of every list of the recorded company, and one reason for what is no list', async () => {
    const offline = await integrationPart<OfflineMapping>(provider, 'offline.ts', 'offline');
    expect(offline.lists.length).toBeGreaterThan(0);
    let records = 0;
    for (const list of offline.lists) {
      for (const source of [path, file('{"unexpected":true}'), file('no json'), file('[null,7,"x",[],{}]'), file('')]) {
        const { code, lines, complaints } = await run(provider, list.toUpperCase(), source);
        expect([code, complaints], list).toEqual([0, []]);
        for (const line of lines) {
          expect((line.record === undefined) !== (line.rejected === undefined), JSON.stringify(line)).toBe(true);
          if (line.rejected) expect(line.rejected.reason).toMatch(/^[a-z_]+$/);
        }
        if (source === path) records += lines.filter((line) => line.record !== undefined).length;
        else expect(lines.filter((line) => line.record !== undefined)).toEqual([]);
      }
    }
    expect(records).toBeGreaterThan(100);
  });
});
