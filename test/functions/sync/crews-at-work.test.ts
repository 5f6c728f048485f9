import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demo as procore } from '#functions/sync/procore/fake/demo.ts';
import { demo as quickBooksTime } from '#functions/sync/quickbooks-time/fake/demo.ts';
import type { Row } from '../../../shared/fake-source/dataset.ts';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NOW = Date.parse('2026-11-24T15:00:00Z');

/** How each source writes down that somebody is at work. */
const SOURCES = [
  {
    name: 'Procore',
    demo: procore,
    list: 'timecard_entries',
    startOf: (row: Row) => String(row.time_in || row.created_at),
    endOf: (row: Row) => String(row.time_out),
    secondsOf: (row: Row) => Math.round(Number(row.hours) * 3_600),
    isRunning: (row: Row) => row.in_progress === true,
    begun: { hours: '0.0', time_out: null, time_in: '2026-11-24T15:00:00Z', date: '2026-11-24' },
    /** Ids from here on are made while the demo runs. */
    firstNewId: 562_949_959_000_000,
  },
  {
    name: 'QuickBooks Time',
    demo: quickBooksTime,
    list: 'timesheets',
    startOf: (row: Row) => String(row.start || row.last_modified),
    endOf: (row: Row) => String(row.end),
    secondsOf: (row: Row) => Number(row.duration),
    isRunning: (row: Row) => row.on_the_clock === true,
    begun: { end: '', duration: 0, start: '2026-11-24T10:00:00-05:00', date: '2026-11-24', tz: -5 },
    firstNewId: 900_000_000,
  },
] as const;

type System = ReturnType<typeof procore.open>;

function open({ demo }: (typeof SOURCES)[number]): System {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const statePath = mkdtempSync(join(tmpdir(), 'protiv-demo-'));
  folders.push(statePath);
  return demo.open({ tenants: ['a', 'b'], startedAt: NOW, asRecorded: false, statePath });
}

function rowsOf(system: System, list: string, tenant = 'a'): Row[] {
  const data = system.fake.shell.data(tenant);
  return data.rows(data.entityAt(list)!);
}

describe.each(SOURCES)('the demo on $name', (source) => {
  const { list, startOf, endOf, secondsOf, isRunning, begun, firstNewId } = source;
  const running = (system: System) => rowsOf(system, list).filter(isRunning);

  it('begins with nothing ahead of now', () => {
    const starts = rowsOf(open(source), list).map((row) => Date.parse(startOf(row)));
    expect(Math.max(...starts)).toBeLessThanOrEqual(NOW);
  });

  it('has somebody of each crew at work; whoever has worked long enough stops, and the next one begins', () => {
    const system = open(source);
    system.fake.tick();
    const first = running(system);
    expect(first.length).toBeGreaterThan(1);
    for (const row of first) expect(row).toMatchObject(begun);
    system.fake.tick();
    expect(running(system)).toEqual(first);

    vi.setSystemTime(NOW + 41 * 60_000);
    system.fake.tick();
    const byId = new Map(rowsOf(system, list).map((row) => [row.id, row]));
    for (const { id } of first) {
      const row = byId.get(id)!;
      expect(isRunning(row)).toBe(false);
      const seconds = (Date.parse(endOf(row)) - Date.parse(startOf(row))) / 1_000;
      expect(seconds).toBeGreaterThanOrEqual(12 * 60);
      expect(seconds).toBeLessThanOrEqual(40 * 60);
      expect(Math.abs(secondsOf(row) - seconds)).toBeLessThanOrEqual(1);
    }
    expect(running(system)).toHaveLength(first.length);
    const earlier = new Set(first.map(({ id }) => id));
    expect(running(system).filter(({ id }) => earlier.has(id))).toEqual([]);
  });

  it('makes the same changes again from the same seed, apart for each tenant', () => {
    const [one, two] = [open(source), open(source)];
    for (const system of [one, two]) system.fake.tick();
    expect(running(one)).toEqual(running(two));
    const others = new Set(rowsOf(one, list, 'b').map(({ id }) => id));
    expect(rowsOf(one, list).filter(({ id }) => others.has(id) && Number(id) < firstNewId)).toEqual([]);
  });
});

it('QuickBooks Time numbers people and jobs of the second company as Procore’s second company does', () => {
  const system = open(SOURCES[1]);
  expect(rowsOf(system, 'jobcodes', 'b').map(({ short_code }) => short_code)).toContain('26-001');
  const numbers = rowsOf(system, 'users', 'b').map(({ employee_number }) => employee_number);
  expect(numbers).toEqual(expect.arrayContaining([2_003, 2_004]));
});
