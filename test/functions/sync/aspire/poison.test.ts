import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LISTS, type ListName } from '#functions/sync/aspire/lists.ts';
import { MAPPED_LISTS } from '#functions/sync/aspire/offline.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import { parseJsonExact } from '#kernel/decimal.ts';
import { recordOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { dataset, everything, mapList, rowsOf, rowWith } from './aspire-support.ts';

const firstOf = (list: ListName): Record<string, unknown> => {
  const row = rowsOf(list)[0];
  return (
    row ?? {
      WorkTicketItemID: 1,
      WorkTicketID: 88001,
      ItemName: 'Mulch',
      ItemType: 'Material',
      AllocationUnitTypeName: 'yd',
      ItemQuantityExtended: 2.5,
    }
  );
};

describe('rows that are wrong', () => {
  it.each(MAPPED_LISTS)('%s: null, text, list and nothing are one rejection each, never a failure', async (list) => {
    const rows = await mapList(list, [null, 'text', [], 7, {}, { [LISTS[list]]: null }]);
    expect(rows.map((row) => rejectionOf(row).reason)).toEqual([
      'row_invalid',
      'row_invalid',
      'row_invalid',
      'row_invalid',
      'id_missing',
      'id_missing',
    ]);
  });

  it.each(MAPPED_LISTS)('%s: text for a number rejects the row and names the field', async (list) => {
    const row = firstOf(list);
    const field = Object.keys(row).find((name) => name !== LISTS[list] && /ID$/.test(name) && typeof row[name] === 'number');
    if (field === undefined) return;
    const [rejected, fine] = await mapList(list, [{ ...row, [field]: '12' }, row]);
    const wire = fine?.kind === 'record' && rejected?.kind === 'record';
    // A field that is not relied on may hold anything.
    if (!wire) expect(rejectionOf(rejected)).toMatchObject({ reason: 'type_invalid', field });
    expect(fine?.kind).toBe('record');
  });

  it('only the bad one of a page is rejected', async () => {
    const rows = rowsOf('WorkTickets').map((row, index) => (index === 7 ? { ...row, HoursEst: 'many' } : row));
    const mapped = await mapList('WorkTickets', rows);
    expect(mapped.filter((row) => row.kind === 'rejected')).toHaveLength(1);
    expect(rejectionOf(mapped[7])).toEqual({ sourceId: '88008', reason: 'type_invalid', field: 'HoursEst', value: 'many' });
  });

  it('ids above 2^53 keep their digits, absurd ones are refused (M-24)', async () => {
    const rows = parseJsonExact(
      '[{"BranchID":9007199254740993,"BranchName":"A"},{"BranchID":1e300,"BranchName":"B"},{"BranchID":3.5,"BranchName":"C"},{"BranchID":-3,"BranchName":"D"}]',
    );
    const mapped = await mapList('Branches', rows as unknown[]);
    expect(recordOf(mapped[0], 'branch').sourceId).toBe('9007199254740993');
    expect(mapped.slice(1).map((row) => rejectionOf(row).reason)).toEqual(['id_too_long', 'type_invalid', 'type_invalid']);
  });

  it('text beyond 4 KB, cut surrogates and missing names are quarantined; odd text is kept as it is', async () => {
    const branch = (BranchName: unknown) => ({ BranchID: 1, BranchName });
    const good = ['🌳 Ünïcode', 'شركة', 'tab\tnul\u0000', '  blanks  '];
    for (const name of good) expect(recordOf((await mapList('Branches', [branch(name)]))[0], 'branch').fields.name).toBe(name);
    const bad = await mapList('Branches', [branch('x'.repeat(4097)), branch('\ud800'), branch('  '), branch(null)]);
    expect(bad.map((row) => rejectionOf(row).reason)).toEqual([
      'value_too_large',
      'type_invalid',
      'required_field_missing',
      'required_field_missing',
    ]);
    expect(rejectionOf(bad[0]).value).toHaveLength(255);
  });

  it('prototype keys are data like any other', async () => {
    const rows = parseJsonExact(
      '[{"__proto__":{"BranchName":"ghost","Active":false},"constructor":1,"BranchID":1,"BranchName":"real"},{"__proto__":{"BranchID":5},"BranchName":"x"}]',
    );
    const mapped = await mapList('Branches', rows as unknown[]);
    expect(recordOf(mapped[0], 'branch').fields).toMatchObject({ name: 'real', active: true });
    expect(rejectionOf(mapped[1]).reason).toBe('id_missing');
    expect(({} as Record<string, unknown>).BranchName).toBeUndefined();
  });

  it('contact data and wages never stand in the reason (M-25)', async () => {
    const [contact] = await mapList('Contacts', [rowWith('Contacts', 503, { Email: 5 })]);
    const [rate] = await mapList('PayRates', [rowWith('PayRates', 302, { HourlyBasePay: '27.50' })]);
    expect([rejectionOf(contact), rejectionOf(rate)].map(({ value }) => value)).toEqual([null, null]);
  });

  it('a companion row that cannot be read quarantines what depends on it, and nothing else (M-90)', async () => {
    const lines = rowsOf('OpportunityServices').map((row) =>
      row.OpportunityServiceID === 40009 ? { ...row, DisplayName: 7 } : row,
    );
    const visits = rowsOf('WorkTicketVisits').map((row) =>
      row.WorkTicketID === 88001 ? { ...row, ScheduledDate: 'soon' } : row,
    );
    const jobs = await mapList('Opportunities', undefined, {}, { ...everything, OpportunityServices: lines });
    expect(jobs.filter((row) => row.kind === 'rejected').map((row) => rejectionOf(row))).toEqual([
      { sourceId: '9009', reason: 'type_invalid', field: 'OpportunityServices.OpportunityID', value: null },
    ]);
    const tickets = await mapList('WorkTickets', undefined, {}, { ...everything, WorkTicketVisits: visits });
    expect(tickets.filter((row) => row.kind === 'rejected').map((row) => rejectionOf(row).sourceId)).toEqual(['88001']);
  });
});

describe('whatever a row holds', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('2026-03-09T08:00:00', '2026-13-40', 'Won', 'Complete', 'Employee', 1e308, -0, 0.1, '9'.repeat(5000)),
    fc.array(fc.integer(), { maxLength: 2 }),
    fc.record({ a: fc.string() }),
  );

  it('the mapping gives a record without floats or a rejection, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MAPPED_LISTS),
        fc.array(fc.tuple(fc.nat(), anything), { maxLength: 6 }),
        async (list, changes) => {
          const row = { ...firstOf(list) };
          const fields = Object.keys(row);
          for (const [index, value] of changes) row[fields[index % fields.length]!] = value;
          for (const mapped of await mapList(list, [row])) canonicalJson(mapped);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('permuted keys give equal records (M-92)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...MAPPED_LISTS), fc.infiniteStream(fc.nat()), async (list, numbers) => {
        const order = numbers[Symbol.iterator]();
        const rows = rowsOf(list).slice(0, 5);
        const permuted = rows.map((row) =>
          Object.fromEntries(Object.entries(row).sort(() => (order.next().value! % 2 === 0 ? 1 : -1))),
        );
        expect(canonicalJson(await mapList(list, permuted))).toBe(canonicalJson(await mapList(list, rows)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('what must not be stored (M-25)', () => {
  it('the mark stands in the recording and never in a mapped row', async () => {
    expect(JSON.stringify(dataset)).toContain('DO-NOT-STORE');
    for (const list of MAPPED_LISTS) expect(JSON.stringify(await mapList(list))).not.toContain('DO-NOT-STORE');
  });

  it('neither do wages of time rows, pins, notes, home data or coordinates', async () => {
    const secret = {
      EmployeePin: 'S3',
      HRNotes: 'S3',
      HomeAddress: { x: 'S3' },
      HomePhone: 'S3',
      Notes: 'S3',
      BaseHourlyRate: 987.65,
      BurdenedCost: 987.65,
      GEOLocationStartLatitude: 987.65,
    };
    for (const list of MAPPED_LISTS) {
      const text = JSON.stringify(
        await mapList(
          list,
          rowsOf(list).map((row) => ({ ...row, ...secret })),
        ),
      );
      expect(text).not.toMatch(/S3|987|98765/);
    }
  });
});
