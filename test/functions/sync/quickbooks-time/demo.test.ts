import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demo } from '#functions/sync/quickbooks-time/fake/demo.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NOW = Date.parse('2026-11-24T15:00:00Z');

function open() {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const statePath = mkdtempSync(join(tmpdir(), 'quickbooks-time-'));
  folders.push(statePath);
  return demo.open({ tenants: ['a', 'b'], startedAt: NOW, asRecorded: false, statePath });
}

const timesOf = (system: ReturnType<typeof open>, tenant = 'a'): Row[] => {
  const data = system.fake.shell.data(tenant);
  return data.rows(data.entityAt('timesheets')!);
};
const running = (system: ReturnType<typeof open>) => timesOf(system).filter((row) => row.on_the_clock === true);

describe('the demo on QuickBooks Time', () => {
  it('begins with nothing ahead of now', () => {
    const starts = timesOf(open()).map((row) => Date.parse(String(row.start || row.last_modified)));
    expect(Math.max(...starts)).toBeLessThanOrEqual(NOW);
  });

  it('has somebody of each crew at work; whoever has worked long enough stops, and the next one begins', () => {
    const system = open();
    system.fake.tick();
    const first = running(system);
    expect(first.length).toBeGreaterThan(1);
    for (const row of first)
      expect(row).toMatchObject({ end: '', duration: 0, start: '2026-11-24T10:00:00-05:00', date: '2026-11-24', tz: -5 });
    system.fake.tick();
    expect(running(system)).toEqual(first);

    vi.setSystemTime(NOW + 41 * 60_000);
    system.fake.tick();
    const byId = new Map(timesOf(system).map((row) => [row.id, row]));
    for (const { id } of first) {
      const row = byId.get(id)!;
      expect(row.on_the_clock).toBe(false);
      const seconds = (Date.parse(String(row.end)) - Date.parse(String(row.start))) / 1_000;
      expect(seconds).toBeGreaterThanOrEqual(12 * 60);
      expect(seconds).toBeLessThanOrEqual(40 * 60);
      expect(row.duration).toBe(seconds);
    }
    expect(running(system)).toHaveLength(first.length);
    const earlier = new Set(first.map(({ id }) => id));
    expect(running(system).filter(({ id }) => earlier.has(id))).toEqual([]);
  });

  it('makes the same changes again from the same seed, apart for each tenant', () => {
    const [one, two] = [open(), open()];
    for (const system of [one, two]) system.fake.tick();
    expect(running(one)).toEqual(running(two));
    const others = new Set(timesOf(one, 'b').map(({ id }) => id));
    expect(timesOf(one, 'a').filter(({ id }) => others.has(id) && Number(id) < 900_000_000)).toEqual([]);
  });

  it('numbers people and jobs of the second company as Procore’s second company does', () => {
    const data = open().fake.shell.data('b');
    const codes = data.rows(data.entityAt('jobcodes')!).map(({ short_code }) => short_code);
    expect(codes).toContain('26-001');
    const numbers = data.rows(data.entityAt('users')!).map(({ employee_number }) => employee_number);
    expect(numbers).toEqual(expect.arrayContaining([2_003, 2_004]));
  });
});
