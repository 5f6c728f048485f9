import { afterEach, describe, expect, test } from 'vitest';
import { asOf, demoDataset, moveAspireDates } from '#functions/sync/aspire/fake/demo-dataset.ts';
import { hoursOf } from '#functions/sync/aspire/fake/live-changes.ts';
import { localToInstant } from '#kernel/zone.ts';
import type { Row, SourceDataset } from '../../../../../shared/fake-source/dataset.ts';
import { type Bench, DATASET, SNAPSHOT, startBench } from './aspire-bench.ts';

const ZONE = 'America/New_York';
const MONDAY = Date.parse('2026-11-23T15:31:00Z');
const TICK = 20_000;

let bench: Bench | null = null;
afterEach(async () => {
  await bench?.stop();
  bench = null;
});

function rowsOf(dataset: SourceDataset, name: string): readonly Row[] {
  return dataset.endpoints[`/${name}`]!;
}

function byId(dataset: SourceDataset, name: string, id: number): Row | undefined {
  return rowsOf(dataset, name).find((row) => Object.values(row)[0] === id);
}

describe('moveAspireDates', () => {
  test('entries recorded across the clock change count the hours of the new night, and sums follow', () => {
    const moved = moveAspireDates(DATASET, 36);
    for (const id of [120072, 120073]) {
      expect(byId(moved, 'WorkTicketTimes', id)).toMatchObject({
        StartTime: '2026-11-15T01:00:00',
        EndTime: '2026-11-15T05:00:00',
        Hours: 4,
      });
    }
    expect(byId(moved, 'WorkTickets', 88057)?.HoursAct).toBe(8);
    expect(byId(moved, 'Opportunities', 9018)?.ActualLaborHours).toBe(12);
    expect(byId(moved, 'WorkTicketTimes', 120001)?.Hours).toBe(0.4167);
  });

  test('moved onto the night the clocks go back they are an hour longer', () => {
    const moved = moveAspireDates(DATASET, 34);
    expect(byId(moved, 'WorkTicketTimes', 120072)).toMatchObject({ StartTime: '2026-11-01T01:00:00', Hours: 5 });
  });

  test('not moved it is the recording', () => {
    expect(moveAspireDates(DATASET, 0)).toEqual(DATASET);
  });
});

describe('asOf', () => {
  test('at the moment of the recording nothing changes', () => {
    expect(asOf(DATASET, SNAPSHOT)).toEqual(DATASET);
  });

  test('a later moment leaves the rest of the week out, and those at work have open entries', () => {
    const dataset = demoDataset(DATASET, MONDAY);
    const times = rowsOf(dataset, 'WorkTicketTimes');
    expect(times.length).toBe(152);
    const open = times.filter((row) => row.EndTime === undefined);
    expect(open.map((row) => [row.WorkTicketTimeID, row.Hours])).toEqual(
      [120143, 120146, 120149, 120150, 120151, 120152].map((id) => [id, undefined]),
    );
    expect(new Set(open.map((row) => row.ContactID)).size).toBe(open.length);
    expect(byId(dataset, 'WorkTickets', 88003)).toMatchObject({
      WorkTicketStatusName: 'Scheduled',
      WorkTicketStatusID: 2,
      HoursAct: 0,
      PercentComplete: 0,
    });
    expect(byId(dataset, 'WorkTickets', 88002)).toMatchObject({ WorkTicketStatusName: 'Complete' });
  });

  test.each(['2026-11-23T05:30:00Z', '2026-11-23T15:31:00Z', '2026-11-26T19:00:00Z', '2026-11-29T23:00:00Z'])(
    'at %s no stamp lies ahead of the clock and sums agree with entries',
    (now) => {
      const dataset = demoDataset(DATASET, Date.parse(now));
      const instants = [...JSON.stringify(dataset.endpoints).matchAll(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g)].map((match) =>
        Date.parse(match[1]!),
      );
      expect(Math.max(...instants)).toBeLessThanOrEqual(Date.parse(now));
      const sums = new Map<unknown, number>();
      for (const row of rowsOf(dataset, 'WorkTicketTimes'))
        sums.set(row.WorkTicketID, (sums.get(row.WorkTicketID) ?? 0) + Number(row.Hours ?? 0));
      for (const ticket of rowsOf(dataset, 'WorkTickets'))
        expect(Number(ticket.HoursAct)).toBeCloseTo(sums.get(ticket.WorkTicketID) ?? 0, 2);
    },
  );
});

describe('live changes', () => {
  async function times(): Promise<Row[]> {
    return bench!.fake.shell.data('one').rows(bench!.fake.shell.data('one').entity('WorkTicketTimes')!);
  }

  function tick(count: number): void {
    for (let round = 0; round < count; round += 1) {
      bench!.clock.ms += TICK;
      bench!.fake.tick();
    }
  }

  test('within minutes entries close and hours on jobs in process move', async () => {
    bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
    const before = (await bench.get('/WorkTickets?$filter=WorkTicketID%20eq%2088003')).rows[0]!;
    tick(60);
    const after = (await bench.get('/WorkTickets?$filter=WorkTicketID%20eq%2088003')).rows[0]!;
    expect(Number(after.HoursAct)).toBeGreaterThan(Number(before.HoursAct));
    expect(String(after.LastModifiedDateTime) > '2026-11-23T15:31').toBe(true);
    const changed = (await bench.get('/WorkTicketTimes?$filter=LastModifiedDateTime%20gt%202026-11-23T15:31:00Z')).rows;
    expect(changed.length).toBeGreaterThan(2);
  });

  test('also without anybody at work, on a Sunday evening', async () => {
    const sunday = Date.parse('2026-11-29T23:30:00Z');
    bench = await startBench(demoDataset(DATASET, sunday), sunday);
    tick(90);
    const made = (await times()).filter((row) => Number(row.WorkTicketTimeID) > 130_000);
    expect(made.filter((row) => row.EndTime !== null).length).toBeGreaterThan(0);
  });

  test('for days: every entry plausible, one open entry per worker, a few new rows an hour', async () => {
    bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
    const hours = 30;
    tick((hours * 3_600_000) / TICK);
    const all = await times();
    const made = all.filter((row) => Number(row.WorkTicketTimeID) > 130_000);
    expect(made.length).toBeGreaterThan(hours);
    expect(made.length).toBeLessThan(hours * 8);
    const contacts = new Map(rowsOf(DATASET, 'Contacts').map((row) => [row.ContactID, row]));
    const tickets = new Set(rowsOf(DATASET, 'WorkTickets').map((row) => row.WorkTicketID));
    const perDay = new Map<string, number>();
    for (const row of made) {
      expect(contacts.get(row.ContactID)).toMatchObject({ Active: true, ContactTypeName: 'Employee' });
      expect(tickets.has(row.WorkTicketID)).toBe(true);
      expect(row).toMatchObject({ PayCodeName: 'Regular', BreakTime: 0, AcceptedDateTime: null, ApprovedDateTime: null });
      expect(String(row.StartTime).slice(0, 10)).toBe(String(row.WorkTicketTimeDate).slice(0, 10));
      const start = localToInstant(String(row.StartTime), ZONE);
      expect(start <= String(row.CreatedDateTime)).toBe(true);
      if (row.EndTime === null) {
        expect(row.Hours).toBeNull();
        continue;
      }
      expect(row.Hours).toBe(hoursOf(Date.parse(localToInstant(String(row.EndTime), ZONE, start)) - Date.parse(start)));
      expect(Number(row.Hours)).toBeGreaterThan(0);
      expect(Number(row.Hours)).toBeLessThan(1);
      expect(String(row.LastModifiedDateTime) > String(row.CreatedDateTime)).toBe(true);
      const day = `${row.ContactID} ${row.WorkTicketTimeDate}`;
      perDay.set(day, (perDay.get(day) ?? 0) + Number(row.Hours));
    }
    expect(Math.max(...perDay.values())).toBeLessThan(10.5);
    const open = all.filter((row) => row.EndTime === null);
    expect(new Set(open.map((row) => row.ContactID)).size).toBe(open.length);
  });

  test('no worker’s entries overlap', async () => {
    bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
    tick(3 * 180);
    const made = (await times()).filter((row) => String(row.StartTime) >= '2026-11-23');
    for (const worker of new Set(made.map((row) => row.ContactID))) {
      const own = made
        .filter((row) => row.ContactID === worker)
        .sort((a, b) => (String(a.StartTime) < String(b.StartTime) ? -1 : 1));
      const early = own.slice(1).filter((row, index) => String(row.StartTime) < String(own[index]!.EndTime));
      expect(early).toEqual([]);
    }
  });

  test('the same seed gives the same changes; two tenants never share an id', async () => {
    const run = async (): Promise<string[]> => {
      bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
      tick(400);
      const { shell } = bench.fake;
      const texts = ['one', 'two'].map((id) => JSON.stringify(shell.data(id).rows(shell.data(id).entity('WorkTicketTimes')!)));
      await bench.stop();
      bench = null;
      return texts;
    };
    const [first, second] = [await run(), await run()];
    expect(first).toEqual(second);
    const ids = first.map((text) => (JSON.parse(text) as Row[]).map((row) => row.WorkTicketTimeID));
    expect(ids[0]!.filter((id) => ids[1]!.includes(id))).toEqual([]);
  });

  test('after a long sleep of the machine a forgotten entry ends after its planned length', async () => {
    bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
    tick(120);
    bench.clock.ms += 20 * 3_600_000;
    tick(1);
    const made = (await times()).filter((row) => Number(row.WorkTicketTimeID) > 130_000 && row.EndTime !== null);
    expect(Math.max(...made.map((row) => Number(row.Hours)))).toBeLessThan(1);
  });

  test('stop with live false, and an entry taken away is not missed', async () => {
    bench = await startBench(demoDataset(DATASET, MONDAY), MONDAY);
    tick(200);
    const made = (await times())
      .filter((row) => Number(row.WorkTicketTimeID) > 130_000)
      .map((row) => Number(row.WorkTicketTimeID));
    await bench.control({ delete: { WorkTicketTimes: made } });
    tick(1);
    await bench.control({ live: false });
    const still = JSON.stringify(await times());
    tick(200);
    expect(JSON.stringify(await times())).toBe(still);
  });
});
