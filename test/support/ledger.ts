import { expect } from 'vitest';
import { parseCents } from '#kernel/money.ts';
import type { LineItem } from '#model/pay.ts';
import { readPayPartition } from '#store/pay-repository.ts';
import type { BonusBench } from './bonus-bench.ts';
import { workerId } from './bonus-world.ts';
import type { Item, Statement } from './pay-calls.ts';

const centsOf = (text: unknown): number => parseCents(String(text))!;
const sumOf = (list: readonly { readonly amount: string }[]): number => list.reduce((sum, one) => sum + centsOf(one.amount), 0);

/** What a worker is owed and has been paid, in cents, as the API tells it. */
export interface Balance {
  readonly approved: number;
  readonly held: number;
  readonly inProcess: number;
  readonly paid: number;
  readonly voided: number;
  /** Taken from held reserves by callbacks (B-153). */
  readonly drawn: number;
}

/**
 * Holds what the API says of a worker's pay against the invariants of the ledger (I3, I4, I5, I6) and answers the balance: nothing is lost or
 * doubled, whatever was done before.
 */
export async function checkLedger(bench: BonusBench, worker: string): Promise<Balance> {
  const id = workerId(worker);
  const items = await listAll<Item>(bench, '/v1/line-items', id);
  const statements = await statementsOf(bench, id, items);
  const { items: stored, heads } = await readPayPartition(bench.table, bench.scope, id);
  expect(items.map((item) => item.id).sort()).toEqual(stored.map((item) => item.id).sort());
  const balance = balanceOf(items, stored);
  expect(balance.approved).toBe(balance.held + balance.inProcess + balance.paid + balance.voided + balance.drawn);
  await checkDraws(bench, id, items);
  stored.forEach(checkEvents);
  checkMembership(items, statements);
  statements.forEach(checkTotals);
  checkRollover(statements);
  const closed = heads.flatMap((head) => head.closedPeriods.map((period) => period.startDate));
  expect(new Set(closed).size).toBe(closed.length);
  expect(statements.filter((one) => one.status === 'Open' && closed.includes(startOf(one)))).toEqual([]);
  return balance;
}

/** The worker's statements as lists give them, and those that items name and no list holds yet, because their stream is still to come. */
async function statementsOf(bench: BonusBench, id: string, items: readonly Item[]): Promise<readonly Statement[]> {
  const listed = await listAll<Statement>(bench, '/v1/statements', id);
  const named = new Set(items.flatMap(({ statementId }) => statementId ?? []));
  const others = [...named].filter((one) => !listed.some((statement) => statement.id === one));
  const found = await Promise.all(others.map((one) => bench.api.call<Statement>('GET', `/v1/statements/${one}`)));
  for (const { status } of found) expect(status).toBe(200);
  return [...listed, ...found.map(({ body }) => body)];
}

async function listAll<T>(bench: BonusBench, path: string, id: string): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { workerId: id, limit: '200', ...(cursor === null ? {} : { cursor }) };
    const { status, body }: { status: number; body: { items: T[]; nextCursor: string | null } } = await bench.api.call(
      'GET',
      path,
      {
        query,
      },
    );
    expect(status).toBe(200);
    all.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return all;
}

/**
 * What was ever handed out is what stands somewhere now, or was drawn by a callback. An item that smaller ones replaced stands in them, to
 * the cent; a reserve that was drawn stands in what is left of it.
 */
function balanceOf(items: readonly Item[], stored: readonly LineItem[]): Balance {
  const replaced = new Set(items.flatMap((item) => item.replaces ?? []));
  for (const item of items.filter(({ id }) => replaced.has(id) && drawerOf(stored, id) === null)) {
    expect(sumOf(partsOf(items, item.id))).toBe(centsOf(item.amount));
  }
  const reserves = items.filter(({ id }) => drawerOf(stored, id) !== null);
  const drawn = reserves.reduce((sum, { id, amount }) => sum + centsOf(amount) - sumOf(partsOf(items, id)), 0);
  const leaves = items.filter((item) => !replaced.has(item.id) && !reserves.includes(item));
  const of = (status: string): number => sumOf(leaves.filter((item) => item.status === status));
  const approved = stored.filter((item) => item.replaces === null).reduce((sum, item) => sum + item.amountCents, 0);
  return { approved, held: of('Held'), inProcess: of('In Process'), paid: of('Paid'), voided: of('Voided'), drawn };
}

const partsOf = (items: readonly Item[], id: string): readonly Item[] => items.filter((item) => item.replaces === id);

/** The callback that an item was voided by; null where it was not. */
function drawerOf(stored: readonly Pick<LineItem, 'id' | 'events'>[], id: string): string | null {
  const last = stored.find((item) => item.id === id)?.events.at(-1);
  return (last?.type === 'void' ? /^drawn by callback (.+)$/.exec(last.reason)?.[1] : null) ?? null;
}

/** Each callback took of a person's reserves exactly what it says, from warranty items that were held, and left one remainder at most. */
async function checkDraws(bench: BonusBench, workerId: string, items: readonly Item[]): Promise<void> {
  const path = '/v1/callbacks';
  const { items: callbacks } = (await bench.api.call<{ items: CallbackView[] }>('GET', path, { query: { limit: '200' } })).body;
  const taken = new Map<string, number>();
  for (const item of items) {
    const drawer = drawerOf(items as unknown as LineItem[], item.id);
    if (drawer === null) continue;
    const parts = partsOf(items, item.id);
    expect([item.part, parts.length < 2, parts.every((part) => part.releaseOn === item.releaseOn)]).toEqual([
      'warranty',
      true,
      true,
    ]);
    taken.set(drawer, (taken.get(drawer) ?? 0) + centsOf(item.amount) - sumOf(parts));
  }
  const said = callbacks.flatMap(({ id, state, byWorker }) => {
    const own = state === 'Applied' ? byWorker.filter((part) => part.workerId === workerId) : [];
    const cents = own.reduce((sum, part) => sum + centsOf(part.fromReserve), 0);
    return cents === 0 ? [] : [[id, cents] as const];
  });
  expect([...taken].sort()).toEqual([...said].sort());
}

interface CallbackView {
  readonly id: string;
  readonly state: string;
  readonly byWorker: readonly { readonly workerId: string; readonly fromReserve: string }[];
}

/** Paid at most once at a time, never after it was voided, and by nothing but a payment. */
function checkEvents({ events }: LineItem): void {
  let paid = false;
  for (const [index, { type }] of events.entries()) {
    if (type === 'paid') expect(paid).toBe(false);
    if (type === 'reopen') expect(paid).toBe(true);
    if (type !== 'paid' && type !== 'reopen') expect(paid).toBe(false);
    if (type === 'paid') paid = true;
    if (type === 'reopen') paid = false;
    if (type === 'void') expect(index).toBe(events.length - 1);
  }
}

/** An item In Process or Paid stands on exactly one statement, and says which; a held or voided one adds up nowhere. */
function checkMembership(items: readonly Item[], statements: readonly Statement[]): void {
  const places = new Map<string, string[]>();
  for (const statement of statements)
    for (const item of statement.items) places.set(item.id, [...(places.get(item.id) ?? []), statement.id]);
  for (const item of items) {
    const expected = item.status === 'In Process' || item.status === 'Paid' ? [item.statementId] : [];
    expect([item.id, item.status, places.get(item.id) ?? []]).toEqual([item.id, item.status, expected]);
  }
  for (const statement of statements)
    for (const item of statement.items) expect(item.status).toBe(statement.status === 'Paid' ? 'Paid' : 'In Process');
}

function checkTotals(statement: Statement): void {
  const bonuses = sumOf(statement.items.filter((item) => item.type === 'bonus'));
  const deductions = sumOf(statement.items.filter((item) => item.type === 'deduction'));
  const premium = sumOf(statement.items.filter((item) => item.type === 'premium'));
  const rolloverIn = centsOf(statement.rolloverIn);
  const net = bonuses + deductions + rolloverIn;
  expect(rolloverIn).toBeLessThanOrEqual(0);
  expect([statement.bonuses, statement.deductions, statement.netBalance, statement.premium].map(centsOf)).toEqual([
    bonuses,
    deductions,
    net,
    premium,
  ]);
  expect(centsOf(statement.payable)).toBe(Math.max(0, net) + premium);
  // What is not paid of a loss rolls over or is written off.
  expect(centsOf(statement.rolloverOut) - centsOf(statement.writtenOff)).toBe(Math.min(0, net));
}

function checkRollover(statements: readonly Statement[]): void {
  let rolled = 0;
  for (const statement of [...statements].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))) {
    const taken = centsOf(statement.rolloverIn);
    // What is dated before a paid statement and came after it rolls on past it.
    if (statement.status === 'Paid') expect(taken).toBeGreaterThanOrEqual(rolled);
    else expect([statement.id, taken]).toEqual([statement.id, rolled]);
    rolled += centsOf(statement.rolloverOut) - taken;
  }
}

const startOf = (statement: Statement): string => (statement.period as { startDate: string }).startDate;
