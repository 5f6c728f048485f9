import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Product } from '#local/product.ts';
import { control, type Json, ProductClient, until } from '#test/support/product-client.ts';
import { inProject } from '#tools/project.ts';

// Several products start and sync side by side.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folders: string[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'protiv-kill-'));
  folders.push(folder);
  return folder;
}

interface Running {
  readonly url: string;
  readonly sources: Product['sources'];
  readonly tenants: Product['tenants'];
  idle(): Promise<void>;
  kill(): Promise<void>;
}

/** The product in a process of its own, so that it can be killed like one. */
async function start(workDir: string): Promise<Running> {
  const child = spawn(process.execPath, [inProject('test/e2e/killed-product.ts'), workDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = once(child, 'exit');
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Json> => {
    for (;;) {
      const { value, done } = await said.next();
      if (done) throw new Error(`the product ended with ${child.exitCode}`);
      if (value.startsWith('{') && value.endsWith('}')) return JSON.parse(value);
    }
  };
  const { url, sources, tenants } = await next();
  return {
    url,
    sources,
    tenants,
    idle: async () => {
      child.stdin.write('\n');
      expect(await next()).toEqual({ idle: true });
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const CHANGED = {
  put: {
    WorkTicketTimes: [
      {
        WorkTicketTimeID: 120108,
        Hours: 6.0833,
        EndTime: '2026-03-11T14:00:00',
        LastModifiedDateTime: '2026-03-21T12:00:00.000Z',
      },
    ],
  },
};

/** Mirror and money as a user reads them, without what tells when and by which run. */
async function picture(url: string, tenants: Product['tenants']): Promise<Json> {
  const owner = new ProductClient(url, tenants[0]!.tokens.owner);
  const records: Record<string, Json> = {};
  for (const list of ['workers', 'jobs', 'milestones', 'time-entries', 'drive-times', 'wage-records']) {
    const items = await owner.list(`/v1/${list}`);
    records[list] = items
      .map(({ dataAsOf: _a, firstSeenRunId: _b, lastChangedRunId: _c, lastSeenRunId: _d, revision: _e, ...rest }) => sorted(rest))
      .sort(byId);
  }
  const propays = await owner.list('/v1/propays');
  records.propays = propays
    .map((one) => ({ id: one.id, status: one.status, inputsVersion: one.inputsVersion, result: one.result }))
    .sort(byId);
  return records;
}

/** ProPays of a recurring job stand in the order of their making, which no one promises. */
const sorted = (record: Json): Json => (record.propayIds ? { ...record, propayIds: [...record.propayIds].sort() } : record);
const byId = (a: Json, b: Json): number => (a.id < b.id ? -1 : 1);

async function settled({ url, tenants }: Running): Promise<void> {
  const owner = new ProductClient(url, tenants[0]!.tokens.owner);
  const connection = `/v1/connections/${tenants[0]!.connections.aspire}`;
  await until(
    () => owner.get(`${connection}/sync-status`),
    ({ body }) => body.state === 'active' && body.currentRun === null,
    120_000,
  );
}

/** Lets the first sync end, changes an hour at the source, resyncs, looks at everything, and ends. */
async function changeAndLook(product: Running): Promise<Json> {
  const { url, sources, tenants } = product;
  await settled(product);
  await control(sources.aspire!, CHANGED);
  await new ProductClient(url, tenants[0]!.tokens.admin).post(`/v1/connections/${tenants[0]!.connections.aspire}/resyncs`);
  await settled(product);
  await product.idle();
  const seen = await picture(url, tenants);
  await product.kill();
  return seen;
}

describe.concurrent('kill -9 of the host', () => {
  let undisturbed: Promise<Json>;
  beforeAll(() => {
    undisturbed = start(newFolder()).then(changeAndLook);
  });

  // The first sync begins as soon as the connection is made, and is under way by then; the engine is killed at every call of the store elsewhere.
  it('loses and doubles nothing in the middle of the sync: mirror and money are as without the kill', async () => {
    const workDir = newFolder();
    const first = await start(workDir);
    await wait(200);
    await first.kill();
    expect(await changeAndLook(await start(workDir))).toEqual(await undisturbed);
  });

  it('keeps what the source was told before the kill', async () => {
    const workDir = newFolder();
    const first = await start(workDir);
    await control(first.sources.aspire!, CHANGED);
    await first.kill();
    const again = await start(workDir);
    await settled(again);
    const { tokens, connections } = again.tenants[0]!;
    // The first sync may have ended before the source was told.
    const asked = await new ProductClient(again.url, tokens.admin).post(`/v1/connections/${connections.aspire}/resyncs`);
    expect(asked.status).toBe(202);
    const entries = () => new ProductClient(again.url, tokens.owner).list('/v1/time-entries?sourceId=120108');
    const isChanged = ([entry]: readonly Json[]) => entry?.durationSeconds === 21_900;
    expect(await until(entries, isChanged)).toMatchObject([{ durationSeconds: 21_900 }]);
  });
});
