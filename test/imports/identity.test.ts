import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Profile, readProfile } from '#imports/profile.ts';
import { RepeatedRows } from '#imports/repeated-rows.ts';
import { BUSYBUSY, canonicalProfile } from '#imports/shipped.ts';
import { hashCanonical } from '#kernel/hash.ts';
import { type Imported, importFile } from './importing.ts';

const lines = (...rows: string[]) => `${rows.join('\n')}\n`;
const ids = ({ records }: Imported) => records.map(({ sourceId }) => sourceId);
const told = ({ reports }: Imported) => reports.map(({ line, code }) => `${line} ${code}`);
const stored = ({ records, parents }: Imported) =>
  new Map([...records, ...parents].map((one) => [`${one.space} ${one.sourceId}`, hashCanonical(one.fields)]));

const counting: Profile = { ...canonicalProfile('time_entries'), duplicates: 'count' };

describe('identity of rows', () => {
  it('is the id, byte for byte', async () => {
    const read = await importFile(lines('id,name', 'ABC,a', 'abc,b', '007,c', '7,d'), 'branches');
    expect(ids(read)).toEqual(['ABC', 'abc', '007', '7']);
  });

  it('is derived where there is none, the same for every way to write the same day and time', async () => {
    const header = 'worker_id,date,start,end,hours,job_id';
    const profile: Profile = {
      ...canonicalProfile('time_entries'),
      locale: { ...counting.locale, date: ['yyyy-MM-dd', 'M/d/yyyy'], time: ['HH:mm', 'h:mm a'] },
    };
    const one = await importFile(lines(header, 'w,2026-03-02,07:00,15:00,8,j'), profile);
    const other = await importFile(lines(header, 'w,3/2/2026,7:00 AM,3:00 pm,8.00,j'), profile);
    expect(ids(one)).toEqual(ids(other));
    expect(ids(one)[0]).toMatch(/^drv1:[\w-]{43}$/);
    // Byte for byte, for ever: what is stored goes by it.
    expect(ids(one)[0]).toBe(
      `drv1:${hashCanonical(['time_entries', 'w', '2026-03-02', '07:00:00', '15:00:00', 'j', '', '', '', ''])}`,
    );
    const changed = await importFile(lines(header, 'w,2026-03-02,07:00,15:00,7,j'), profile);
    expect(ids(changed)).toEqual(ids(one));
    expect(stored(changed)).not.toEqual(stored(one));
  });
});

describe('rows with one identity', () => {
  it('are versions of one record where the id is stable: the last one counts, and both are told', async () => {
    const read = await importFile(lines('id,name', '1,old', '2,x', '1,new', '2,x'), 'branches');
    expect(read.records.map(({ sourceId, fields }) => [sourceId, (fields as { name: string }).name])).toEqual([
      ['1', 'new'],
      ['2', 'x'],
    ]);
    expect(told(read)).toEqual(['2 DUPLICATE', '3 DUPLICATE', '4 DUPLICATE']);
    expect(read.survey.counts).toMatchObject({ records: 4, ok: 1, warning: 3, duplicates: 2 });
    const wages = await importFile(lines('worker_id,effective_date,hourly_wage', 'w,2026-01-01,20', 'w,2026-01-01,21'), 'wages');
    expect(wages.records.map(({ fields }) => (fields as { rateE4: number }).rateE4)).toEqual([210_000]);
  });

  const HEADER = 'worker_id,date,hours';

  it('are collapsed where they say the same, and told', async () => {
    const read = await importFile(lines(HEADER, 'w,2026-03-02,4', 'w,2026-03-02,4', 'w,2026-03-02,5'), 'time_entries');
    expect(read.records).toHaveLength(2);
    expect(ids(read).filter((id) => id.endsWith('#2'))).toHaveLength(1);
    expect(read.survey.counts).toMatchObject({ duplicates: 1, warning: 1 });
    expect(told(read)).toHaveLength(1);
  });

  it('are numbered where the profile counts them', async () => {
    const read = await importFile(lines(HEADER, 'w,2026-03-02,4', 'w,2026-03-02,4', 'w,2026-03-02,4'), counting);
    const [first] = ids(read);
    expect(ids(read)).toEqual([first, `${first}#2`, `${first}#3`]);
    expect(told(read)).toEqual([]);
  });

  it('keep their numbers when the file comes again with a row more', async () => {
    const three = await importFile(lines(HEADER, 'w,2026-03-02,4', 'w,2026-03-02,4', 'w,2026-03-02,4'), counting);
    const two = await importFile(lines(HEADER, 'w,2026-03-02,4', 'w,2026-03-02,4'), counting);
    expect([...stored(three)].slice(0, 2)).toEqual([...stored(two)]);
  });

  const row = fc.record({
    worker: fc.constantFrom('1', '2', '02'),
    day: fc.constantFrom('2026-03-02', '2026-03-03', 'bad'),
    hours: fc.constantFrom('1', '1.0', '2', '3,5'),
    job: fc.constantFrom('', 'j1'),
  });

  it('make the same records in any order of rows, and again the same from the same file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.constantFrom('count' as const, 'collapse' as const),
        fc.infiniteStream(fc.nat()),
        async (rows, duplicates, random) => {
          const file = (list: typeof rows) =>
            lines('worker_id,date,hours,job_id', ...list.map((one) => `${one.worker},${one.day},"${one.hours}",${one.job}`));
          const profile: Profile = { ...counting, duplicates };
          const shuffled = rows
            .map((one) => [random.next().value, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
          const [one, again, other] = [
            await importFile(file(rows), profile),
            await importFile(file(rows), profile, {}, 3),
            await importFile(file(shuffled), profile),
          ];
          expect(stored(again)).toEqual(stored(one));
          expect(stored(other)).toEqual(stored(one));
          expect(stored(one).size).toBe(one.records.length);
          expect({ ...other.survey.counts, ...other.decision }).toEqual({ ...one.survey.counts, ...one.decision });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are found among many, as an exhaustive comparison finds them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(2)), { minLength: 1, maxLength: 9_000 }), (rows) => {
        const rowsOf = new RepeatedRows();
        const digest = (value: number) => Buffer.from(hashCanonical(value), 'base64url');
        for (const [at, [key, content]] of rows.entries()) rowsOf.keep(at + 1, 'ok', digest(key), digest(1_000 + content), false);
        rowsOf.settle('count');
        const taken = new Set(rows.map(([key], at) => `${key} ${rowsOf.ordinalOf(at + 1)}`));
        expect(taken.size).toBe(rows.length);
        const sizes = new Map<number, number>();
        for (const [key] of rows) sizes.set(key, (sizes.get(key) ?? 0) + 1);
        for (const [at, [key]] of rows.entries()) expect(rowsOf.ordinalOf(at + 1)).toBeLessThanOrEqual(sizes.get(key)!);
      }),
      { numRuns: 10 },
    );
  });
});

describe('the payroll export of BusyBusy', () => {
  const COLUMNS = [...new Set([...BUSYBUSY.identity, 'Hours', 'BreakHours', 'SubProject1Name', 'Wage', 'FirstName'])].map(String);
  const file = (...rows: Record<string, string>[]) =>
    lines(
      COLUMNS.map((one) => `"${one}"`).join(','),
      ...rows.map((one) => COLUMNS.map((name) => `"${one[name] ?? ''}"`).join(',')),
    );
  const ENTRY = {
    EmployeeId: '12',
    Date: '2026-03-02',
    Start: '07:00',
    End: '15:30',
    Hours: '8.00',
    BreakHours: '0.50',
    ProjectNumber: '100',
    Project: 'Elm St',
    SubProject1Number: '1',
    SubProject1Name: 'Slab',
    CostCode: '03-100',
    WageType: 'Regular',
    Wage: '25.00',
    FirstName: 'Ann',
  };

  it('gives time with the job and milestone that its columns name', async () => {
    const read = await importFile(file(ENTRY, { ...ENTRY, Date: '3/3/2026', Start: '7:00 AM', End: '3:30 PM' }), BUSYBUSY, {
      derivedBranchId: 'account:bb',
    });
    expect(read.survey).toMatchObject({ error: null, span: { from: '2026-03-02', to: '2026-03-03' } });
    expect(read.parents.map(({ entity, fields }) => [entity, (fields as { name: string }).name])).toEqual([
      ['job', '100 Elm St'],
      ['milestone', '1 Slab 03-100'],
    ]);
    const [job, milestone] = read.parents;
    expect(job).toMatchObject({
      sourceId: expect.stringMatching(/^drv1:/),
      fields: { branchId: 'account:bb', status: 'pending' },
    });
    expect(milestone?.fields).toMatchObject({ jobId: job?.sourceId });
    for (const { fields } of read.records)
      expect(fields).toMatchObject({
        workerId: '12',
        jobId: job?.sourceId,
        milestoneId: milestone?.sourceId,
        durationSeconds: 28_800,
        breakSeconds: 1_800,
      });
    expect(read.decision).toEqual({
      mode: 'replace',
      apply: true,
      held: false,
      deletes: { kind: 'window', window: { from: '2026-03-02', to: '2026-03-03' } },
      reasons: [],
    });
    expect(JSON.stringify([read.records, read.parents, read.reports])).not.toMatch(/25\.00|Ann/);
  });

  it('parks who has no employee id, and leaves work without a project alone', async () => {
    const read = await importFile(
      file(
        { ...ENTRY, EmployeeId: '' },
        { ...ENTRY, ProjectNumber: '', Project: '', SubProject1Number: '', SubProject1Name: '', CostCode: '' },
      ),
      BUSYBUSY,
    );
    expect(read.rows[0]).toMatchObject({
      status: 'parked',
      reports: [{ code: 'UNKNOWN_PARENT', column: 'EmployeeId', severity: 'parked' }],
    });
    expect(read.records[0]?.fields).toMatchObject({ workerId: '' });
    expect(read.records[1]?.fields).toMatchObject({ jobId: null, milestoneId: null });
    expect(read.survey.counts).toMatchObject({ parked: 1, error: 0 });
    expect(read.decision.deletes.kind).toBe('window');
  });

  it('numbers payroll splits that say the same', async () => {
    const read = await importFile(file(ENTRY, ENTRY, { ...ENTRY, WageType: 'Overtime' }), BUSYBUSY);
    expect(new Set(ids(read)).size).toBe(3);
    expect(ids(read)[1]).toBe(`${ids(read)[0]}#2`);
  });

  it('is refused whole without a column that tells rows apart', async () => {
    const read = await importFile(file(ENTRY).replace('"CostCode"', '"Cost code"'), BUSYBUSY);
    expect(read.survey.error).toMatchObject({ code: 'MISSING_COLUMN', column: 'CostCode' });
  });
});

describe('what may be applied', () => {
  const HEADER = 'id,worker_id,date,hours';
  const rows = (good: number, bad: number) =>
    lines(HEADER, ...Array.from({ length: good + bad }, (_, at) => `${at},w,2026-03-0${(at % 5) + 1},${at < good ? 1 : 'x'}`));

  it('is nothing with more than a tenth of rows in error, and no deletion with any', async () => {
    expect((await importFile(rows(20, 0), 'time_entries')).decision).toMatchObject({
      apply: true,
      reasons: [],
      deletes: { kind: 'window' },
    });
    expect((await importFile(rows(18, 2), 'time_entries')).decision).toMatchObject({
      apply: true,
      reasons: ['row_errors'],
      deletes: { kind: 'none' },
    });
    expect((await importFile(rows(17, 2), 'time_entries')).decision).toMatchObject({
      apply: false,
      reasons: ['too_many_errors'],
      deletes: { kind: 'none' },
    });
  });

  it('never deletes by upsert, everything by full, and the stated days before those of the file', async () => {
    const text = rows(5, 0);
    expect((await importFile(text, 'time_entries', { mode: 'upsert' })).decision).toMatchObject({
      deletes: { kind: 'none' },
      reasons: ['mode_upsert'],
    });
    expect((await importFile(text, 'time_entries', { mode: 'full' })).decision).toMatchObject({
      deletes: { kind: 'everything' },
    });
    const window = { from: '2026-03-01', to: '2026-03-03' };
    const stated = await importFile(text, 'time_entries', { window });
    expect(stated.decision.deletes).toEqual({ kind: 'window', window });
    expect(told(stated)).toEqual(['5 OUTSIDE_WINDOW', '6 OUTSIDE_WINDOW']);
    expect(stated.records).toHaveLength(5);
  });

  it('holds what an empty file deletes', async () => {
    const window = { from: '2026-03-01', to: '2026-03-03' };
    expect((await importFile(`${HEADER}\n`, 'time_entries', { window })).decision).toMatchObject({
      apply: true,
      held: true,
      deletes: { kind: 'window' },
    });
    expect((await importFile(`${HEADER}\n`, 'time_entries')).decision).toMatchObject({
      deletes: { kind: 'none' },
      reasons: ['no_window'],
    });
    expect((await importFile('id,name\n', 'branches')).decision).toMatchObject({ held: true, deletes: { kind: 'everything' } });
  });

  it('leaves out what a filter leaves out', async () => {
    const profile: Profile = { ...canonicalProfile('branches'), filters: [{ column: 'Kind', equals: 'Yard' }] };
    const read = await importFile(lines('id,name,kind', '1,a,yard', '2,b,office'), profile);
    expect([ids(read), read.survey.counts.filtered, read.rows[1]?.mapped]).toEqual([['1'], 1, null]);
  });
});

describe('a profile', () => {
  const GOOD = {
    profile: 'mine',
    version: 2,
    entity: 'branches',
    columns: { id: { from: 'Id' }, name: { from: ['A', 'B'], join: '-' } },
  };
  const problems = (raw: unknown) => {
    const read = readProfile(raw);
    return 'problems' in read ? read.problems.map(({ pointer }) => pointer) : [];
  };

  it('is data, with the defaults of the grammar', async () => {
    const read = readProfile(GOOD);
    expect(read).toMatchObject({
      profile: { csv: { encoding: 'auto', trim: true }, duplicates: 'collapse', overnight: false, drop: [] },
    });
    const { records } = await importFile(lines('Id,A,B', '1,x,y', '2,,z'), (read as { profile: Profile }).profile);
    expect(records.map(({ fields }) => (fields as { name: string }).name)).toEqual(['x-y', 'z']);
  });

  it.each([
    ['what is no object', null, ''],
    ['an unknown key', { ...GOOD, script: 'x' }, ''],
    ['an unknown entity', { ...GOOD, entity: 'invoices' }, '/entity'],
    ['an unknown column', { ...GOOD, columns: { ...GOOD.columns, wage: { from: 'Wage' } } }, '/columns/wage'],
    ['a required column that is not mapped', { ...GOOD, columns: { id: { from: 'Id' } } }, '/columns'],
    ['a column from nowhere', { ...GOOD, columns: { ...GOOD.columns, code: {} } }, '/columns/code'],
    ['years of two digits', { ...GOOD, locale: { date: ['M/d/yy'] } }, '/locale/date/0'],
    ['a date without a year', { ...GOOD, locale: { date: ['dd.MM.'] } }, '/locale/date/0'],
    ['twelve hours without a half of the day', { ...GOOD, locale: { time: ['h:mm'] } }, '/locale/time/0'],
    ['an unknown zone', { ...GOOD, locale: { timeZone: 'Mars/Base' } }, '/locale/timeZone'],
    ['one mark for two things', { ...GOOD, locale: { decimal: ',', thousands: ',' } }, '/locale/thousands'],
    ['a worker made from a row', { ...GOOD, parents: { worker: { by: ['x'], create: true } } }, '/parents/worker'],
    ['a window by what is no date', { ...GOOD, window: { column: 'name', mode: 'replace' } }, '/window/column'],
    ['names without a header', { ...GOOD, csv: { header: 'none' } }, '/csv/header'],
    ['a version that is no number', { ...GOOD, version: 1.5 }, '/version'],
  ])('is refused with %s', (_, raw, pointer) => {
    expect(problems(raw)).toContain(pointer);
  });

  it('is shipped for every canonical file and for BusyBusy', () => {
    expect(BUSYBUSY).toMatchObject({ profile: 'busybusy-payroll-export', version: 1 });
    expect(problems(JSON.parse(JSON.stringify(BUSYBUSY)))).toEqual([]);
  });
});
