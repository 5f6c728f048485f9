import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { demo } from '#functions/sync/jobber/fake/demo.ts';
import { secondTenantDataset } from '#functions/sync/jobber/fake/second-tenant.ts';
import type { Row } from '../../../../../shared/fake-source/dataset.ts';
import { dataset } from '../jobber-support.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function open(startedAt: number, asRecorded = false) {
  const statePath = mkdtempSync(join(tmpdir(), 'jobber-'));
  folders.push(statePath);
  return demo.open({ tenants: ['a', 'b'], startedAt, asRecorded, statePath });
}

const timesOf = (system: ReturnType<typeof open>, tenant: string): Row[] => {
  const data = system.fake.shell.data(tenant);
  return data.rows(data.entityAt('timeSheetEntries')!);
};

describe('the demo on Jobber', () => {
  it.each(['2026-11-23T12:00:00Z', '2026-11-27T23:00:00Z', '2026-07-01T05:00:00Z', '2027-01-01T00:30:00Z'])(
    'started at %s ends in the past week: nothing in the future, nobody still at work',
    (at) => {
      const startedAt = Date.parse(at);
      const system = open(startedAt);
      const ends = timesOf(system, 'a').map(({ endAt }) => Date.parse(String(endAt)));
      expect(ends).toHaveLength(315);
      expect(Math.max(...ends)).toBeLessThanOrEqual(startedAt + 2 * 3_600_000);
      expect(Math.max(...ends)).toBeGreaterThan(startedAt - 8 * 86_400_000);
      expect(timesOf(system, 'a').some(({ ticking }) => ticking === true)).toBe(false);
    },
  );

  it('keeps the recording when asked to, open timer and all', () => {
    expect(timesOf(open(Date.now(), true), 'a').filter(({ ticking }) => ticking === true)).toHaveLength(1);
  });

  it('tells who its people are and where its data begin', () => {
    const system = open(Date.now(), true);
    expect(system.account('a')).toMatchObject({ firstDay: '2026-03-01', laborBp: 3_000 });
    expect(system.account('a').people.worker).not.toEqual(system.account('b').people.worker);
    expect(() => system.account('c')).toThrow('no account');
    expect(system.client).toBeDefined();
  });
});

describe('the second tenant', () => {
  it('shares no id and no name of a person with the first, and has the same hours', () => {
    const other = secondTenantDataset(dataset);
    const idsIn = (value: unknown): string[] => JSON.stringify(value).match(/Z2lkOi8v[\w+/]+=*/g) ?? [];
    const own = new Set(idsIn(dataset.endpoints));
    expect(idsIn(other.endpoints).filter((id) => own.has(id))).toEqual([]);
    expect(JSON.stringify(other.endpoints)).not.toMatch(/Holloway|Ashdown|Calder/);
    const hours = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + Number(row.finalDuration), 0);
    expect(hours(other.endpoints.timeSheetEntries!)).toBe(hours(dataset.endpoints.timeSheetEntries!));
  });
});
