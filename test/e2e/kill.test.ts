import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '#local/product.ts';
import { control, type Json, ProductClient, until } from '#test/support/product-client.ts';
import { inProject } from '#tools/project.ts';

const folders: string[] = [];
const children: ChildProcess[] = [];
const products: Product[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const product of products.splice(0)) await product.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'protiv-kill-'));
  folders.push(folder);
  return folder;
}

async function startIn(workDir: string): Promise<Product> {
  const product = await startProduct({ workDir, port: 0, asRecorded: true, resyncQuota: 1_000, schedules: 'manual' });
  products.push(product);
  return product;
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly sources: Product['sources'];
  readonly tenants: Product['tenants'];
}

/** The product in a process of its own, so that it can be killed like one. */
function startChild(workDir: string): Promise<Running> {
  const child = spawn(process.execPath, [inProject('test/e2e/killed-product.ts'), workDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}`)));
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      const line = text.split('\n').find((one) => one.startsWith('{') && one.endsWith('}'));
      if (line) resolve({ child, ...(JSON.parse(line) as Omit<Running, 'child'>) });
    });
  });
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

async function settled(url: string, tenants: Product['tenants']): Promise<void> {
  const owner = new ProductClient(url, tenants[0]!.tokens.owner);
  const connection = `/v1/connections/${tenants[0]!.connections.aspire}`;
  await until(
    () => owner.get(`${connection}/sync-status`),
    ({ body }) => body.state === 'active' && body.currentRun === null,
    90_000,
  );
}

describe('kill -9 of the host', () => {
  it('loses and doubles nothing, early in a sync or late: mirror and money are as without the kill', async () => {
    const undisturbed = await startIn(newFolder());
    const expected = await changeAndLook(undisturbed.host, undisturbed.sources.aspire!, undisturbed.tenants);
    await undisturbed.stop();

    for (const killAfterMs of [200, 2_000]) {
      const workDir = newFolder();
      const first = await startChild(workDir);
      // The first sync begins as soon as the connection is made; this is somewhere inside it.
      await wait(killAfterMs);
      first.child.kill('SIGKILL');
      await wait(100);
      const again = await startIn(workDir);
      expect(await changeAndLook(again.host, again.sources.aspire!, again.tenants), `killed after ${killAfterMs} ms`).toEqual(
        expected,
      );
      await again.stop();
    }
  }, 300_000);

  it('keeps what the source was told before the kill', async () => {
    const workDir = newFolder();
    const first = await startChild(workDir);
    await control(first.sources.aspire!, CHANGED);
    first.child.kill('SIGKILL');
    await wait(100);
    const again = await startIn(workDir);
    await settled(again.host.url, again.tenants);
    const owner = new ProductClient(again.host.url, again.tenants[0]!.tokens.owner);
    expect(await owner.list('/v1/time-entries?sourceId=120108')).toMatchObject([{ durationSeconds: 21_900 }]);
  }, 120_000);
});

/** Lets the first sync end, changes an hour at the source, resyncs, and looks at everything. */
async function changeAndLook(host: Product['host'], sourceUrl: string, tenants: Product['tenants']): Promise<Json> {
  await settled(host.url, tenants);
  await control(sourceUrl, CHANGED);
  await new ProductClient(host.url, tenants[0]!.tokens.admin).post(`/v1/connections/${tenants[0]!.connections.aspire}/resyncs`);
  await settled(host.url, tenants);
  await host.idle();
  return picture(host.url, tenants);
}
