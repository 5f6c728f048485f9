import { describe, expect, it } from 'vitest';
import { type BusyBusyEntry, type BusyBusySwitches, busyBusyExport, rowsOf } from '#functions/sync/file-import/fake/busybusy.ts';
import { BUSYBUSY_ENTRIES, COMPANY } from '#functions/sync/file-import/fake/company.ts';
import { type CanonicalRow, type FileSwitches, turnRound, writeFile } from '#functions/sync/file-import/fake/write-file.ts';
import type { FileEntity } from '#imports/columns.ts';
import type { Profile } from '#imports/profile.ts';
import { BUSYBUSY, canonicalProfile } from '#imports/shipped.ts';
import { hashCanonical } from '#kernel/hash.ts';
import { type Imported, importFile, profileOf } from '../../../imports/importing.ts';

const stored = ({ records, also, parents }: Imported) =>
  Object.fromEntries([...records, ...also, ...parents].map((one) => [`${one.space} ${one.sourceId}`, hashCanonical(one.fields)]));

const KEY = 'demo-key';
function download(switches: BusyBusySwitches = {}, entries: readonly BusyBusyEntry[] = BUSYBUSY_ENTRIES, key = KEY) {
  const request = {
    method: 'GET',
    query: 'start=2026-03-02+00:00:00&end=2026-03-15+23:59:59',
    headers: { 'key-authorization': key },
  };
  return busyBusyExport(entries, request, KEY, switches);
}
const busyBusy = async (switches: BusyBusySwitches = {}, entries = BUSYBUSY_ENTRIES) =>
  importFile(download(switches, entries).body, BUSYBUSY, { window: { from: '2026-03-02', to: '2026-03-15' } });
const seconds = ({ records }: Imported) =>
  records.reduce((sum, { fields }) => sum + (fields as { durationSeconds: number }).durationSeconds, 0);

describe('files of a company', () => {
  it.each(Object.entries(COMPANY) as [FileEntity, CanonicalRow[]][])(
    '%s are read whole, whatever their form',
    async (entity, rows) => {
      const profile = canonicalProfile(entity);
      const file = (switches: FileSwitches) => writeFile(profile, turnRound(profile, rows), switches);
      const plain = await importFile(file({}), profile);
      expect(plain.survey).toMatchObject({ error: null, counts: { records: rows.length, ok: rows.length } });
      for (const switches of [
        { bom: true },
        { utf16: true },
        { cp1252: true },
        { crlf: true },
        { reorderedColumns: true },
        { extraColumn: true },
      ] as const) {
        const read = await importFile(file(switches), profile);
        expect(stored(read), JSON.stringify(switches)).toEqual(stored(plain));
        expect(read.survey.warnings.map(({ column }) => column)).toEqual('extraColumn' in switches ? ['Brand new'] : []);
      }
      const comma = { ...profile, locale: { ...profile.locale, decimal: ',' as const } };
      const other = await importFile(file({ semicolonDecimalComma: true }), comma);
      expect([other.survey.delimiter, stored(other)]).toEqual([';', stored(plain)]);
      const doubled = await importFile(file({ duplicateRows: true }), profile);
      expect([stored(doubled), doubled.survey.counts.duplicates]).toEqual([stored(plain), rows.length]);
      expect((await importFile(file({ truncatedMidRow: true }), profile)).survey.error?.code).toBe('UNCLOSED_QUOTE');
      expect((await importFile(file({ emptyWindow: true }), profile)).decision).toMatchObject({
        apply: true,
        held: entity !== 'time_entries',
      });
      const [required] = Object.keys(turnRound(profile, rows)[0]!);
      const gone = (await importFile(file({ missingColumn: required! }), profile)).survey.error;
      // An id of a time row may be missing: rows then go by what they say.
      if (entity === 'time_entries') expect(gone).toBeNull();
      else expect(gone).toMatchObject({ code: 'MISSING_COLUMN', column: required });
    },
  );

  it('with ids that went through a spreadsheet are refused', async () => {
    const profile = canonicalProfile('workers');
    const read = await importFile(writeFile(profile, turnRound(profile, COMPANY.workers!), { spreadsheetIds: true }), profile);
    expect(new Set(read.reports.map(({ code }) => code))).toEqual(new Set(['SPREADSHEET_ID']));
    expect(read.decision).toMatchObject({ apply: false, reasons: ['too_many_errors'] });
  });

  it('in a layout of their own come through its profile unchanged', async () => {
    const profile: Profile = profileOf({
      profile: 'german-export',
      version: 1,
      entity: 'time_entries',
      locale: { decimal: ',', date: ['dd.MM.yyyy'], time: ['H:mm'] },
      columns: {
        id: { from: 'Nr' },
        worker_id: { from: 'Mitarbeiter' },
        job_id: { from: 'Auftrag' },
        date: { from: 'Datum' },
        start: { from: 'Von' },
        end: { from: 'Bis' },
        hours: { from: 'Dauer', unit: 'hh:mm' },
        break_hours: { from: 'Pause', unit: 'minutes' },
        kind: { from: 'Art', map: { Arbeit: 'work', Fahrt: 'drive' } },
      },
    });
    const rows = COMPANY.time_entries!;
    const own = await importFile(
      writeFile(profile, turnRound(profile, rows), { semicolonDecimalComma: true, cp1252: true }),
      profile,
    );
    const canonical = canonicalProfile('time_entries');
    expect(stored(own)).toEqual(stored(await importFile(writeFile(canonical, turnRound(canonical, rows)), canonical)));
    expect(own.records).toHaveLength(rows.length);
  });
});

describe('the export of BusyBusy', () => {
  it('asks for a key and a window, and answers an empty one with its header alone', async () => {
    expect(download({}, BUSYBUSY_ENTRIES, 'other').status).toBe(401);
    expect(download({ deadToken: true }).status).toBe(401);
    expect(
      busyBusyExport([], { method: 'GET', query: 'start=2026-03-02', headers: { 'key-authorization': KEY } }, KEY).status,
    ).toBe(400);
    for (const empty of [download({}, []), download({ emptyWindow: true })]) {
      expect(empty.status).toBe(200);
      const read = await importFile(empty.body, BUSYBUSY, { window: { from: '2026-03-02', to: '2026-03-15' } });
      expect(read.survey).toMatchObject({ error: null, counts: { records: 0 } });
      expect(read.decision).toMatchObject({ held: true, deletes: { kind: 'window' } });
    }
  });

  it('keeps every hour, split at midnight and by overtime or not', async () => {
    const minutes = BUSYBUSY_ENTRIES.reduce((sum, { start, end, breakMinutes }) => {
      const clock = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
      return sum + clock(end) - clock(start) + (end < start ? 1_440 : 0) - breakMinutes;
    }, 0);
    const split = await busyBusy();
    expect(split.survey).toMatchObject({ error: null, counts: { error: 0, parked: 0, duplicates: 0 } });
    expect(seconds(split)).toBe(minutes * 60);
    expect(split.records.length).toBeGreaterThan(BUSYBUSY_ENTRIES.length);
    expect(seconds(await busyBusy({ overtimeSplit: false }))).toBe(minutes * 60);
    const whole = await busyBusy({ overtimeSplit: false, midnightSplit: false });
    // Over midnight in one row: the shipped profile does not guess that the end is on the next day.
    expect(whole.reports.map(({ code }) => code)).toEqual(['END_BEFORE_START', 'END_BEFORE_START']);
    expect(whole.decision).toMatchObject({ apply: true, deletes: { kind: 'none' }, reasons: ['row_errors'] });
  });

  it('gives the same keys when ids change with an edit that does not concern us', async () => {
    const edited = BUSYBUSY_ENTRIES.map((one) => ({ ...one, description: `${one.description}!` }));
    const id = (entries: readonly BusyBusyEntry[], switches: BusyBusySwitches = {}) => rowsOf(entries[0]!, switches)[0]!.Id;
    expect(id(edited)).not.toBe(id(BUSYBUSY_ENTRIES));
    expect(id(edited, { idsChangeOnEdit: false })).toBe(id(BUSYBUSY_ENTRIES, { idsChangeOnEdit: false }));
    expect(stored(await busyBusy({}, edited))).toEqual(stored(await busyBusy()));
  });

  it('changes one record, and no other, when the hours of an entry change', async () => {
    const [first, ...others] = BUSYBUSY_ENTRIES;
    const before = stored(await busyBusy());
    const after = stored(await busyBusy({}, [{ ...first!, breakMinutes: 45 }, ...others]));
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toHaveLength(1);
  });

  it('numbers rows that stand there twice', async () => {
    const read = await busyBusy({ duplicateRows: true });
    expect(read.records.length).toBe((await busyBusy()).records.length * 2);
    expect(new Set(read.records.map(({ sourceId }) => sourceId)).size).toBe(read.records.length);
  });

  it('is refused where it is not as its profile says', async () => {
    expect((await busyBusy({ utf16: true })).survey.error).toMatchObject({ code: 'BAD_ENCODING', byteOffset: 0 });
    const umlaut = BUSYBUSY_ENTRIES.map((one) => ({ ...one, project: ['1', 'Gärten'] as const }));
    expect((await busyBusy({ cp1252: true }, umlaut)).survey.error).toMatchObject({ code: 'BAD_ENCODING' });
    expect((await busyBusy({ missingColumn: 'EmployeeId' })).survey.error).toMatchObject({
      code: 'MISSING_COLUMN',
      column: 'EmployeeId',
    });
    expect((await busyBusy({ truncatedMidRow: true })).survey.error?.code).toBe('UNCLOSED_QUOTE');
    expect((await busyBusy({ semicolonDecimalComma: true })).survey.error?.code).toBe('MISSING_COLUMN');
    expect(stored(await busyBusy({ bom: true, crlf: true, reorderedColumns: true, extraColumn: true }))).toEqual(
      stored(await busyBusy()),
    );
  });

  it('shows nothing of wages, descriptions and names', async () => {
    const { records, parents, reports, survey } = await busyBusy({ overtimeSplit: false, midnightSplit: false });
    expect(JSON.stringify([records, parents, reports, survey])).not.toMatch(/31\.25|555-0100|Office|"First"/);
  });
});
