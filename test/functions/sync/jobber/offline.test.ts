import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { offline } from '#functions/sync/jobber/offline.ts';
import { rowsOf, SNAPSHOT, ZONE } from './jobber-support.ts';

const options = { zone: ZONE, importWages: false, now: SNAPSHOT };
const recording = readFileSync('functions/sync/jobber/fake/dataset.json', 'utf8');

describe('mapping without a source', () => {
  it.each(['account', 'clients', 'properties', 'users', 'jobs', 'visits', 'timeSheetEntries'])(
    'maps %s of a recorded company, each row to a record',
    async (list) => {
      const rows = await offline.map(list, recording, options);
      expect(rows).toHaveLength(rowsOf(list).length);
      expect(rows?.filter(({ kind }) => kind !== 'record')).toEqual([]);
    },
  );

  it('knows its lists and no other', async () => {
    expect(offline.lists).toEqual(['account', 'clients', 'properties', 'users', 'jobs', 'visits', 'timeSheetEntries']);
    expect(await offline.map('invoices', recording, options)).toBeNull();
  });

  it('takes an answer, bare nodes, one node; and reasons for what is none', async () => {
    const node = { id: 'U', name: { full: 'Ann' } };
    for (const body of [{ data: { users: { nodes: [node] } } }, { users: { nodes: [node] } }, [node], node]) {
      const rows = await offline.map('users', JSON.stringify(body), options);
      expect(rows).toMatchObject([{ kind: 'record', record: { sourceId: 'U' } }]);
    }
    expect(await offline.map('users', '[null, 7, {}, []]', options)).toMatchObject([
      { rejected: { reason: 'row_invalid' } },
      { rejected: { reason: 'row_invalid' } },
      { rejected: { reason: 'id_missing' } },
      { rejected: { reason: 'row_invalid' } },
    ]);
    for (const text of ['', 'garbage', '{}', '7', 'null', '{"data":null}', '{"endpoints":{}}'])
      expect(await offline.map('users', text, options)).toBeNull();
  });

  it('hangs people on the branch of the account that the file names', async () => {
    const body = { data: { account: { id: 'ACC' }, users: { nodes: [{ id: 'U', name: { full: 'Ann' } }] } } };
    expect(await offline.map('users', JSON.stringify(body), options)).toMatchObject([
      { record: { fields: { branchId: 'account:ACC' } } },
    ]);
  });
});
