import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demo } from '#functions/sync/procore/fake/demo.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NOW = Date.parse('2026-11-24T15:00:00Z');

function open() {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const statePath = mkdtempSync(join(tmpdir(), 'procore-'));
  folders.push(statePath);
  return demo.open({ tenants: ['a', 'b'], startedAt: NOW, asRecorded: false, statePath });
}

const timesOf = (system: ReturnType<typeof open>, tenant = 'a'): Row[] => {
  const data = system.fake.shell.data(tenant);
  return data.rows(data.entityAt('timecard_entries')!);
};
const running = (system: ReturnType<typeof open>) => timesOf(system).filter((row) => row.in_progress === true);

describe('the demo on Procore', () => {
  it('begins with nothing ahead of now', () => {
    const starts = timesOf(open()).map((row) => Date.parse(String(row.time_in || row.created_at)));
    expect(Math.max(...starts)).toBeLessThanOrEqual(NOW);
  });

  it('has somebody of each crew at work; whoever has worked long enough stops, and the next one begins', () => {
    const system = open();
    system.fake.tick();
    const first = running(system);
    expect(first.length).toBeGreaterThan(1);
    for (const row of first)
      expect(row).toMatchObject({ hours: '0.0', time_out: null, time_in: '2026-11-24T15:00:00Z', date: '2026-11-24' });
    system.fake.tick();
    expect(running(system)).toEqual(first);

    vi.setSystemTime(NOW + 41 * 60_000);
    system.fake.tick();
    const byId = new Map(timesOf(system).map((row) => [row.id, row]));
    for (const { id } of first) {
      const row = byId.get(id)!;
      expect(row.in_progress).toBe(false);
      const seconds = (Date.parse(String(row.time_out)) - Date.parse(String(row.time_in))) / 1_000;
      expect(seconds).toBeGreaterThanOrEqual(12 * 60);
      expect(seconds).toBeLessThanOrEqual(40 * 60);
      expect(Math.abs(Number(row.hours) * 3_600 - seconds)).toBeLessThan(1);
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
    expect(timesOf(one, 'a').filter(({ id }) => others.has(id) && Number(id) < 562_949_959_000_000)).toEqual([]);
  });
});
