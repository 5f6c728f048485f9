import { describe, expect, it } from 'vitest';
import { offline } from '#functions/sync/file-import/offline.ts';
import { BECOMES, FILE_ENTITIES } from '#imports/columns.ts';
import { BUSYBUSY } from '#imports/shipped.ts';

const OPTIONS = { zone: 'America/New_York', importWages: true, now: '2026-03-20T12:00:00.000Z' };

async function map(list: string, content: string | Uint8Array, more: Partial<Parameters<typeof offline.map>[2]> = {}) {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('utf8');
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const rows = await offline.map(list, text, { ...OPTIONS, bytes, ...more });
  return rows?.map((row) =>
    row.kind === 'record' ? [row.record.sourceId, ...row.also.map(({ entity }) => entity)] : row.rejected.reason,
  );
}

describe('npm run map -- file-import', () => {
  it('knows each kind of file by its own name and by that of its records', () => {
    for (const file of FILE_ENTITIES) expect(offline.lists).toEqual(expect.arrayContaining([file, BECOMES[file].entity]));
  });

  it('maps a canonical file, row by row, in any encoding', async () => {
    const file = 'id,name,budget_hours\n1,Café,2\n1,Café,2\n2,,\n3,b\n';
    const wanted = ['duplicate_identity', ['1', 'budget_info'], 'row_invalid', 'row_invalid'];
    expect(await map('jobs', file)).toEqual(wanted);
    expect(await map('job', Buffer.from(file, 'latin1'))).toEqual(wanted);
    expect(await map('jobs', Buffer.from(`\ufeff${file}`, 'utf16le'))).toEqual(wanted);
  });

  it('maps rows of JSON with the canonical columns as keys, digits kept', async () => {
    const rows =
      '[{"id":9007199254740993,"name":"a","active":true},{"id":"007","name":"b, \\"c\\""},null,{"id":{}},{"id":null,"name":"x"}]';
    expect(await map('branches', rows)).toEqual([['9007199254740993'], ['007'], 'row_invalid', 'row_invalid', 'row_invalid']);
    expect(await map('branches', '{"id":1,"name":"alone"}')).toEqual([['1']]);
    expect(await map('branches', '{"endpoints":{"branches":[{"id":1,"name":"recorded"}]}}')).toEqual([['1']]);
    expect(await map('branches', '[]')).toEqual([]);
  });

  it('maps the payroll export of BusyBusy, with the parents that its columns name', async () => {
    const headers = [...new Set([...BUSYBUSY.identity.map(String), 'SubProject1Name', 'Hours'])];
    const row = (entry: Record<string, string>) => headers.map((name) => `"${entry[name] ?? ''}"`).join(',');
    const entry = {
      EmployeeId: '7',
      Date: '3/2/2026',
      Start: '7:00 AM',
      End: '3:00 PM',
      Hours: '8',
      Project: 'Elm',
      CostCode: '1',
    };
    const rows = await map(
      'time_entries',
      [headers.join(','), row(entry), row({ ...entry, EmployeeId: '8' }), row({ ...entry, EmployeeId: '' })].join('\n'),
    );
    expect(rows).toEqual([
      [expect.stringMatching(/^drv1:/), 'job', 'milestone'],
      [expect.stringMatching(/^drv1:/)],
      'required_field_missing',
    ]);
  });

  it('gives a reason, and never fails, for whatever is no such file', async () => {
    for (const list of offline.lists) {
      for (const text of [
        '',
        '\n',
        'no table',
        '<html></html>',
        '7',
        'null',
        '"x"',
        '[null,7,"x",[],{}]',
        '{"a":1}',
        '{"endpoints":{}}',
        'id,name\n"',
        '\u0000\u0001',
      ])
        for (const answer of [await map(list, text)])
          expect(answer ?? ['row_invalid'], `${list} ${text}`).toEqual((answer ?? [0]).map(() => 'row_invalid'));
    }
    expect(await map('invoices', 'id\n1\n')).toBeUndefined();
  });

  it('takes wages only when they are asked for', async () => {
    const file = 'worker_id,effective_date,hourly_wage\nw,2026-01-01,20\n';
    const [off] = (await offline.map('wages', file, { ...OPTIONS, importWages: false })) ?? [];
    expect(off).toMatchObject({ record: { skip: { code: 'type_not_read' } } });
    const [on] = (await offline.map('wages', file, OPTIONS)) ?? [];
    expect(on).toMatchObject({ record: { fields: { rateE4: 200_000 } } });
  });
});
