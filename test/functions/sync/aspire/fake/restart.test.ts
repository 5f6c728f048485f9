import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoDataset } from '#functions/sync/aspire/fake/demo-dataset.ts';
import { createAspireFake } from '#functions/sync/aspire/fake/fake.ts';
import { firstIdAt } from '#functions/sync/aspire/fake/live-open.ts';
import { localToInstant } from '#kernel/zone.ts';
import type { Row } from '../../../../../shared/fake-source/dataset.ts';
import type { FakeSource } from '../../../../../shared/fake-source/serve.ts';
import { DATASET, SECOND } from './aspire-bench.ts';

const ZONE = 'America/New_York';
const MONDAY = Date.parse('2026-11-23T15:31:00Z');
const HOUR = 3_600_000;
const LIVE_ID = 10_000_000;

let folder: string;
let clock: { ms: number };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aspire-'));
  clock = { ms: MONDAY };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of the demo, which moves the recorded dates to its own day as every start does. */
function start(): FakeSource {
  return createAspireFake({
    dataset: demoDataset(DATASET, clock.ms),
    tenants: [
      { id: 'one', clientId: 'client-1', secret: 'secret-1' },
      { id: 'two', clientId: 'client-2', secret: 'secret-2', dataset: demoDataset(SECOND, clock.ms) },
    ],
    now: () => clock.ms,
    seed: 'restart',
    statePath: folder,
  });
}

function tick(fake: FakeSource, minutes: number): void {
  for (let round = 0; round < minutes * 3; round += 1) {
    clock.ms += 20_000;
    fake.tick();
  }
}

function times(fake: FakeSource, tenant = 'one'): Row[] {
  const data = fake.shell.data(tenant);
  return data.rows(data.entity('WorkTicketTimes')!);
}

const isOpen = (row: Row): boolean => row.EndTime === null;
const isLive = (row: Row): boolean => Number(row.WorkTicketTimeID) >= LIVE_ID;

function minutesOf(row: Row): number {
  const begun = localToInstant(String(row.StartTime), ZONE);
  return (Date.parse(localToInstant(String(row.EndTime), ZONE, begun)) - Date.parse(begun)) / 60_000;
}

describe('a demo taken up by another process', () => {
  test('has the rows, the moved dates and the hours of the one before', () => {
    const before = start();
    tick(before, 200);
    clock.ms += 9 * 24 * HOUR;
    const after = start();
    for (const tenant of ['one', 'two']) {
      expect(JSON.stringify(after.shell.data(tenant).stored())).toBe(JSON.stringify(before.shell.data(tenant).stored()));
      expect(after.shell.data(tenant).dataset._about).toEqual(before.shell.data(tenant).dataset._about);
    }
  });

  test.each([0.1, 0.5, 3, 11, 26, 24 * 16])('%s hours later the next tick closes what ran out, none over 40 minutes', (hours) => {
    const before = start();
    tick(before, 150);
    clock.ms += hours * HOUR;
    const after = start();
    const left = times(after).filter((row) => isOpen(row) && isLive(row));
    expect(left.length).toBeGreaterThan(1);
    after.tick();
    for (const { WorkTicketTimeID: id, StartTime } of left) {
      const row = times(after).find((found) => found.WorkTicketTimeID === id)!;
      if (isOpen(row)) {
        expect(clock.ms - Date.parse(localToInstant(String(StartTime), ZONE))).toBeLessThan(40 * 60_000);
        continue;
      }
      expect(minutesOf(row)).toBeGreaterThanOrEqual(20);
      expect(minutesOf(row)).toBeLessThanOrEqual(40);
      expect(row.Hours).toBeCloseTo(minutesOf(row) / 60, 3);
      expect(Date.parse(String(row.LastModifiedDateTime))).toBe(clock.ms);
    }
    tick(after, 60);
    const made = times(after).filter((row) => isLive(row) && !isOpen(row));
    expect(Math.max(...made.map(minutesOf))).toBeLessThanOrEqual(40);
    const open = times(after).filter(isOpen);
    expect(new Set(open.map((row) => row.ContactID)).size).toBe(open.length);
  });

  test('hours kept on tickets stay the sum of their entries, through kills in between', () => {
    for (const pause of [0, 2, 30, 1]) {
      const fake = start();
      tick(fake, 45);
      clock.ms += pause * HOUR;
    }
    const fake = start();
    fake.tick();
    const sums = new Map<unknown, number>();
    for (const row of times(fake)) sums.set(row.WorkTicketID, (sums.get(row.WorkTicketID) ?? 0) + Number(row.Hours ?? 0));
    const data = fake.shell.data('one');
    for (const ticket of data.rows(data.entity('WorkTickets')!)) {
      expect(Number(ticket.HoursAct)).toBeCloseTo(sums.get(ticket.WorkTicketID) ?? 0, 2);
    }
  });

  test('people at work when the demo began do not stay at work for ever', () => {
    const before = start();
    before.tick();
    expect(times(before).filter((row) => isOpen(row) && !isLive(row)).length).toBeGreaterThan(2);
    clock.ms += 24 * HOUR;
    const after = start();
    after.tick();
    const recorded = times(after).filter((row) => !isLive(row));
    expect(recorded.filter(isOpen)).toEqual([]);
    const closed = recorded.filter((row) => Date.parse(String(row.LastModifiedDateTime)) === clock.ms);
    expect(closed.length).toBeGreaterThan(2);
    for (const row of closed) expect(Date.parse(localToInstant(String(row.EndTime), ZONE))).toBeLessThan(MONDAY + 16 * 60_000);
  });

  test('an entry left open by somebody who is no longer active is closed too, one of somebody else’s stays open', () => {
    const before = start();
    tick(before, 150);
    const data = before.shell.data('one');
    const open = times(before).find((row) => isOpen(row) && isLive(row))!;
    before.shell.put(data, data.entity('Contacts')!, { ContactID: open.ContactID, Active: false });
    const theirs = { ...open, WorkTicketTimeID: firstIdAt(clock.ms) + 1_000_000, CreatedDateTime: open.CreatedDateTime };
    before.shell.put(data, data.entity('WorkTicketTimes')!, theirs);
    clock.ms += 5 * HOUR;
    const after = start();
    after.tick();
    const found = (id: unknown): Row => times(after).find((row) => row.WorkTicketTimeID === id)!;
    expect(isOpen(found(open.WorkTicketTimeID))).toBe(false);
    expect(isOpen(found(theirs.WorkTicketTimeID))).toBe(true);
  });

  test('odd times put into rows do not stop the own changes', () => {
    const fake = start();
    const data = fake.shell.data('one');
    for (const odd of ['not-a-date', '2026-02-31T07:00:00', '2026-11-23T20:00:00Z', '9999-12-31T00:00:00', 7, null]) {
      for (const row of times(fake).slice(-20)) {
        const put = { WorkTicketTimeID: row.WorkTicketTimeID, StartTime: odd, EndTime: odd };
        fake.shell.put(data, data.entity('WorkTicketTimes')!, put);
      }
      tick(fake, 45);
    }
    expect(times(fake).filter((row) => isLive(row) && !isOpen(row)).length).toBeGreaterThan(3);
  });
});

test('a row that a switch let appear while paging is still there after a restart', async () => {
  const fake = start();
  const run = await fake.start();
  const post = async (path: string, body: object): Promise<Response> =>
    fetch(run.url + path, { method: 'POST', body: JSON.stringify(body) });
  for (const fault of ['insertWhilePaging', 'removeWhilePaging']) {
    await post('/__control', { fault, on: true, entity: 'Contacts', times: 1 });
  }
  const pair = (await (await post('/Authorization', { ClientId: 'client-1', Secret: 'secret-1' })).json()) as { Token: string };
  await fetch(`${run.url}/Contacts?$orderby=ContactID&$top=3`, { headers: { authorization: `Bearer ${pair.Token}` } });
  await run.stop();
  const contacts = (source: FakeSource): unknown => source.shell.data('one').stored()['/Contacts'];
  expect(contacts(fake)).not.toEqual(DATASET.endpoints['/Contacts']);
  expect(contacts(start())).toEqual(contacts(fake));
});

describe('tokens over a restart', () => {
  async function post(url: string, path: string, body: object): Promise<{ status: number; Token: string; RefreshToken: string }> {
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    return {
      ...(answer.ok ? ((await answer.json()) as { Token: string; RefreshToken: string }) : { Token: '', RefreshToken: '' }),
      status: answer.status,
    };
  }

  test('an access token goes on to hold; a refresh token is unknown, and never becomes another account’s', async () => {
    const login = (url: string, number: 1 | 2): ReturnType<typeof post> =>
      post(url, '/Authorization', { ClientId: `client-${number}`, Secret: `secret-${number}` });
    const first = await start().start();
    const old = await login(first.url, 1);
    await first.stop();
    clock.ms += HOUR;
    const second = await start().start();
    try {
      const list = await fetch(`${second.url}/Routes`, { headers: { authorization: `Bearer ${old.Token}` } });
      expect(list.status).toBe(200);
      // Chance runs the same way in both processes, so this login stands where the first process had the other account's.
      const other = await login(second.url, 2);
      expect(other.RefreshToken).not.toBe(old.RefreshToken);
      expect((await post(second.url, '/Authorization/RefreshToken', { RefreshToken: old.RefreshToken })).status).toBe(401);
    } finally {
      await second.stop();
    }
  });
});
