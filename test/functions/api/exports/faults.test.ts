import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readExports } from '#store/export-repository.ts';
import { readPayPartition } from '#store/pay-repository.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { exportDesk, GENERIC, nameWorker, PEOPLE, STATEMENTS, seedPaidPeriod, target } from '#test/support/export-world.ts';
import { dyingTable } from '#test/support/mortal-table.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** No statement is in two files, whoever comes at once, dies, or goes in whatever order (I3, I8). */

let bench: BonusBench;
let table: Table;
let desk: ReturnType<typeof exportDesk>;
let calls: ReturnType<typeof payCalls>;
let client: DynamoDBDocumentClient;
beforeEach(async () => {
  bench = await startBonusBench();
  table = bench.api.ports.table;
  desk = exportDesk(bench);
  calls = payCalls(bench);
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(bench.api.db.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
});
afterEach(async () => {
  client.destroy();
  await bench.stop();
});

const NAMES = Object.keys(PEOPLE);
const { ann, bob, lea } = STATEMENTS as { ann: string; bob: string; lea: string };
const named = (...statementIds: string[]) => ({ period: undefined, statementIds });
const use = (other: Table) => Object.assign(bench.api.ports, { table: other });

/** What holds after everything: a statement in at most one live export, out ones paid, and weeks claimed by exactly the exports that are out. */
async function checkExports(names: readonly string[] = NAMES): Promise<void> {
  const { items } = await desk.list({ limit: '200' });
  const live = items.filter(({ status }) => status !== 'Canceled');
  const partitions = await Promise.all(names.map((name) => readPayPartition(table, bench.scope, workerId(name))));
  const headers = new Map(partitions.flatMap((partition) => partition.headers.map((header) => [header.id, header] as const)));
  const holders = live.flatMap((one) =>
    one.statementIds.filter((id) => headers.get(id)?.exportId === one.id).map((id) => [id, one.id]),
  );
  expect(new Set(holders.map(([id]) => id)).size).toBe(holders.length);
  const out = live.filter(({ status }) => status !== 'Draft');
  for (const one of out)
    for (const id of one.statementIds) expect([headers.get(id)?.status, headers.get(id)?.exportId]).toEqual(['Paid', one.id]);
  for (const ledger of partitions.flatMap(({ ledgers }) => ledgers)) {
    expect(ledger.claimedBy.filter((id) => !out.some((one) => one.id === id))).toEqual([]);
    expect(ledger.premiumOwner === null).toBe(ledger.claimedBy.length === 0);
  }
  for (const one of out) {
    const claimed = partitions.flatMap(({ ledgers }) => ledgers).filter(({ claimedBy }) => claimedBy.includes(one.id));
    const paying = one.statementIds
      .filter((id) => (headers.get(id)?.totals?.bonusesCents ?? 0) > 0)
      .map((id) => headers.get(id)!.workerId);
    expect(new Set(claimed.map(({ workerId: id }) => id))).toEqual(new Set(paying));
  }
}

describe('at once', () => {
  it('two exports of one statement: exactly one of them is prepared', async () => {
    await seedPaidPeriod(bench);
    const answers = await Promise.all([named(ann, bob), named(bob, lea), named(ann, lea), {}].map((body) => desk.prepare(body)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(201);
    for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('already-exported');
    await checkExports();
  });

  it('the same request many times: one export, one audit entry, one answer', async () => {
    await seedPaidPeriod(bench);
    const answers = await Promise.all(Array.from({ length: 12 }, () => desk.prepare({}, { key: 'same' })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    const { id } = answers[0]!.body;
    const made = await Promise.all(Array.from({ length: 12 }, () => desk.make(id, {}, { key: 'made' })));
    expect(new Set(made.map(({ status, body }) => `${status} ${body.checksum}`)).size).toBe(1);
    const audit = (await bench.api.call<{ items: { action: string }[] }>('GET', '/v1/audit', { query: { entityId: id } })).body
      .items;
    expect(audit.map(({ action }) => action).sort()).toEqual(['export.exported', 'export.prepared']);
    await checkExports();
  });

  it.each([
    ['reopen', 'make'],
    ['make', 'reopen'],
    ['cancel', 'make'],
    ['make', 'cancel'],
    ['replace', 'make'],
    ['make', 'replace'],
  ] as const)('%s just before %s is written: one of them wins', async (first, second) => {
    await seedPaidPeriod(bench);
    const { id } = (await desk.prepare(named(ann, bob))).body;
    const acts = {
      reopen: () => calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong date' }),
      make: () => desk.make(id),
      cancel: () => desk.cancel(id),
      replace: () => desk.prepare({ ...named(ann), replace: true }),
    };
    let met: { readonly status: number } | null = null;
    use({
      ...table,
      write: async (scope, actions, token) => {
        // The first write of several records is the effect of the second command.
        if (met === null && actions.length > 2) {
          use(table);
          met = await acts[first]();
        }
        return table.write(scope, actions, token);
      },
    });
    const last = await acts[second]();
    use(table);
    expect(met!.status).toBeLessThan(300);
    // What is made can still be canceled or replaced; it can no longer be reopened, and nothing is made of what is gone.
    const bothMay = first === 'make' && second !== 'reopen';
    expect([last.status < 300, last.status < 500]).toEqual([bothMay, true]);
    await checkExports();
  });
});

describe('a process that dies', () => {
  it('at any call of the store leaves an export prepared, made or canceled whole or not at all', async () => {
    await seedPaidPeriod(bench);
    const dying = async (at: number, late: boolean, act: () => Promise<unknown>): Promise<boolean> => {
      const death = { calls: 0, at, late };
      use(dyingTable({ client, tableName: bench.api.db.tableName, now: bench.api.now }, death));
      await act();
      use(table);
      return death.calls >= at;
    };
    /** Kills an act at its every call; after each death the act is asked for again under its key. */
    const everywhere = async (
      name: string,
      act: (key: string) => Promise<{ readonly status: number }>,
      undo: () => Promise<unknown>,
    ) => {
      for (let at = 1, died = true; died; at++) {
        const key = `${name}-${at}`;
        died = await dying(at, at % 2 === 0, () => act(key));
        await checkExports();
        bench.api.pass(61);
        const again = await act(key);
        expect([name, at, again.status < 300]).toEqual([name, at, true]);
        await checkExports();
        await undo();
      }
    };
    let id = '';
    const cancelAll = async () => {
      for (const one of (await desk.list({ limit: '200' })).items) if (one.status !== 'Canceled') await desk.cancel(one.id);
    };
    await everywhere('prepare', (key) => desk.prepare({}, { key }), cancelAll);
    const fresh = async () => {
      await cancelAll();
      id = (await desk.prepare()).body.id;
    };
    await fresh();
    await everywhere('make', (key) => desk.make(id, {}, { key }), fresh);
    const made = async () => {
      await fresh();
      await desk.make(id);
    };
    await made();
    await everywhere('cancel', (key) => desk.cancel(id, { key }), made);
    await everywhere('replace', (key) => desk.prepare({ replace: true }, { key }), made);
  }, 240_000);

  it('and a store that fails are an error of ours, never a missing export or a second one', async () => {
    await seedPaidPeriod(bench);
    const { id } = (await desk.prepare(named(ann))).body;
    const failing = async (): Promise<never> => {
      throw new Error('the store is out of reach');
    };
    use({ ...table, batchGet: failing });
    for (const status of [
      (await desk.prepare(named(bob))).status,
      (await desk.make(id)).status,
      (await bench.api.call('GET', `/v1/exports/${id}`)).status,
      (await desk.file(id)).status,
    ])
      expect(status).toBe(500);
    use(table);
    await checkExports();
    expect((await readExports(table, bench.scope, [id]))[0]!.status).toBe('Draft');
  });

  it('does not give out bytes that do not fit their checksum', async () => {
    await seedPaidPeriod(bench);
    const { id } = (await desk.prepare(named(ann))).body;
    await desk.make(id);
    const [one] = await readExports(table, bench.scope, [id]);
    const key = { pk: `T#acme1#X`, sk: id };
    const values = { ':made': { ...one!.made!, file: { ...one!.made!.file, checksum: '0'.repeat(64) } } };
    await table.write(bench.scope, [{ kind: 'update', key, update: { expression: 'SET made = :made', values } }]);
    expect((await desk.file(id)).status).toBe(500);
    expect((await desk.file(id, 'manifest')).status).toBe(500);
  });
});

describe('any sequence of commands', () => {
  it('keeps every statement in at most one live export', async () => {
    await seedPaidPeriod(bench, { ...GENERIC, gusto: target('bonus_only', { codes: {} }) });
    let state = 12_345;
    const dice = (sides: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) % sides;
    };
    const ids = Object.values(STATEMENTS);
    const done = new Map<string, number>();
    for (let step = 0; step < 150; step++) {
      const { items } = await desk.list({ limit: '200' });
      const some = items[dice(Math.min(items.length, 6) || 1)]?.id ?? 'none';
      const chosen = ids.filter(() => dice(2) === 1);
      const statement = ids[dice(ids.length)]!;
      const acts: Record<string, () => Promise<{ readonly status: number }>> = {
        prepare: () =>
          desk.prepare({
            target: dice(3) === 0 ? 'gusto' : 'generic',
            ...named(...(chosen.length === 0 ? [statement] : chosen)),
          }),
        replace: () => desk.prepare({ ...named(statement), replace: true }),
        period: () => desk.prepare(),
        make: () => desk.make(some),
        cancel: () => desk.cancel(some),
        confirm: async () => (dice(6) === 0 ? desk.confirm(some) : desk.make(some)),
        reopen: () => calls.post(`/v1/statements/${statement}/reopen`, { reason: 'a test' }),
        pay: () => calls.post(`/v1/statements/${statement}/pay`, { payDate: '2026-03-31' }),
      };
      const name = Object.keys(acts)[dice(8)]!;
      const { status } = await acts[name]!();
      expect([name, status < 500]).toEqual([name, true]);
      if (status < 300) done.set(name, (done.get(name) ?? 0) + 1);
      await checkExports();
    }
    // Every kind of command had its way now and then.
    expect([...done.keys()].sort()).toEqual(
      ['cancel', 'confirm', 'make', 'pay', 'period', 'prepare', 'reopen', 'replace'].sort(),
    );
  }, 120_000);
});

describe('an export beyond the hundred actions of a transaction', () => {
  it('is prepared, made and canceled whole', async () => {
    const crew = Array.from({ length: 104 }, (_, index) => `c${index}`);
    await putBranch(bench);
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await desk.targets(GENERIC);
    for (const [index, name] of crew.entries()) {
      await putWorker(bench, name, 250_000);
      await nameWorker(bench, name, { payrollId: String(1_000 + index) });
    }
    await bench.settle();
    for (const name of crew)
      await calls.post('/v1/line-items', {
        workerId: workerId(name),
        type: 'bonus',
        purpose: 'safety',
        amount: '10.01',
        weeks: ['2026-03-02'],
      });
    await bench.settle();
    bench.api.pass(20 * DAY);
    for (const part of [crew.slice(0, 100), crew.slice(100)]) {
      const items = part.map((name) => ({ id: statementOf(name), payDate: '2026-03-30' }));
      expect((await calls.post('/v1/statements/bulk-pay', { items })).body.refused).toEqual([]);
    }
    await bench.settle();
    const first = (await desk.prepare()).body;
    expect(first).toMatchObject({ lineCount: 104, total: '1041.04' });
    expect((await desk.make(first.id)).body.status).toBe('Exported');
    await checkExports(crew);
    expect((await desk.file(first.id)).body.trim().split('\r\n')).toHaveLength(105);
    const second = await desk.prepare({ replace: true });
    expect(second.status).toBe(201);
    await checkExports(crew);
    expect((await desk.make(second.body.id)).body.status).toBe('Exported');
    await desk.cancel(second.body.id);
    await checkExports(crew);
  }, 120_000);
});
