import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, dataset, full, idsOf, readAll, rowsOf, rowsOfPages } from './jobber-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().start();
});
afterEach(() => bench.stop());

describe('reading everything', () => {
  it('gives every recorded row of every list, each once, without a rejection', async () => {
    const session = await bench.open();
    for (const [stream, list] of [
      ['clients', 'clients'],
      ['properties', 'properties'],
      ['users', 'users'],
      ['jobs', 'jobs'],
      ['visits', 'visits'],
    ] as const) {
      const rows = rowsOfPages(await readAll(session, full(stream)));
      expect(idsOf(rows).sort()).toEqual(
        rowsOf(list)
          .map(({ id }) => String(id))
          .sort(),
      );
    }
    const window = { from: '2026-03-02', to: '2099-12-31' };
    const times = rowsOfPages(await readAll(session, { stream: 'time_sheet_entries', since: null, window }));
    expect(new Set(idsOf(times)).size).toBe(315);
    expect(times.every(({ kind }) => kind === 'record')).toBe(true);
  });

  it('makes one branch of the account, without a call of its own', async () => {
    const session = await bench.open();
    bench.mark();
    const [page] = await readAll(session, full('branches'));
    const account = dataset.endpoints.account![0]!;
    expect(page?.rows).toMatchObject([
      { record: { sourceId: `account:${String(account.id)}`, fields: { name: account.name, derived: true, zone: null } } },
    ]);
    expect(bench.requests()).toEqual([]);
    expect(session.account).toEqual({ id: account.id, name: account.name });
  });
});
