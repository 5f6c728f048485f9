import { describe, expect, it } from 'vitest';
import { fileImportConnector } from '#functions/sync/file-import/index.ts';
import { fileSteps } from '#mirror/file-run.ts';
import type { EntityFields } from '#model/entities.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { AcceptedFile } from '#model/upload.ts';
import { filesAre, updateSyncStateAction } from '#store/connection-repository.ts';
import type { Table } from '#store/table.ts';
import { dropQuarantinedRows, keepWaitingRow } from '#store/upload-repository.ts';
import { BLANK_JOB, BLANK_MILESTONE, BLANK_WORKER } from '#test/support/blank-records.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const WEEK = { from: '2026-11-02', to: '2026-11-08' };
const STAMPS = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null };

type Given = Pick<MappedRecord, 'entity' | 'space' | 'sourceId' | 'fields'>;
const recordOf = (record: Given): MappedRecord => ({ ...record, ...STAMPS });
const row = (record: Given): MappedRow => ({ kind: 'record', record: recordOf(record), also: [] });

const worker = (id: string) =>
  row({ entity: 'worker', space: 'worker', sourceId: id, fields: { ...BLANK_WORKER, displayName: id } });

function hours(
  id: string,
  workerId: string,
  workDate: string,
  durationSeconds = 28_800,
  milestoneId: string | null = null,
): MappedRow {
  const fields: Omit<EntityFields['time_entry'], 'attribution'> = {
    ...{ workerId, jobId: null, milestoneId, start: null, end: null, workDate, zone: 'America/New_York', durationSeconds },
    ...{ open: false, category: 'work', breakSeconds: 0, warranty: false, sourceOvertimeSeconds: null },
    ...{ approvedAtSource: null, lockedAtSource: null },
  };
  return row({ entity: 'time_entry', space: 'time', sourceId: id, fields });
}

/** A file as its batches, and how it was accepted. */
interface GivenFile {
  readonly accepted: AcceptedFile;
  readonly batches: readonly (readonly MappedRow[])[];
  /** What only these rows name. */
  readonly parents?: readonly MappedRecord[];
}

function given(runId: string, stream: 'workers' | 'time_entries', batches: GivenFile['batches']): GivenFile {
  const ofTime = stream === 'time_entries';
  return {
    accepted: {
      ...{ uploadId: runId, runId, entity: ofTime ? 'time_entry' : 'worker', stream, mode: ofTime ? 'replace' : 'full' },
      ...{
        window: ofTime ? WEEK : null,
        dataAsOf: '2026-11-09T05:00:00.000Z',
        requestedBy: 'ann',
        requestedAt: '2026-11-24T12:00:00.000Z',
      },
    },
    batches,
  };
}

const WORKERS = given('run-1', 'workers', [[worker('w1')], [worker('w2')]]);
const FIRST = given('run-2', 'time_entries', [
  [hours('a', 'w1', '2026-11-02'), hours('b', 'w1', '2026-11-03')],
  [hours('c', 'w2', '2026-11-04'), hours('p', 'w3', '2026-11-04')],
  [hours('d', 'w2', '2026-11-05'), hours('e', 'w1', '2026-11-05')],
]);
/** One entry is gone, one has changed, one is new, and of those that waited one is left. */
const SECOND = given('run-3', 'time_entries', [
  [hours('a', 'w1', '2026-11-02'), hours('b', 'w1', '2026-11-03', 14_400)],
  [hours('q', 'w3', '2026-11-06'), hours('f', 'w2', '2026-11-06')],
  [hours('d', 'w2', '2026-11-05'), hours('e', 'w1', '2026-11-05')],
]);
const LATE = given('run-4', 'workers', [[worker('w1'), worker('w2'), worker('w3')]]);
const FILES = [WORKERS, FIRST, SECOND, LATE];
/** Hours on a job and a milestone that stand nowhere but in them. */
const DERIVED: GivenFile = {
  ...given('run-5', 'time_entries', [[hours('a', 'w1', '2026-11-02', 28_800, 'drv1:m')]]),
  parents: [
    recordOf({ entity: 'milestone', space: 'milestone', sourceId: 'drv1:m', fields: { ...BLANK_MILESTONE, jobId: 'drv1:j' } }),
    recordOf({ entity: 'job', space: 'job', sourceId: 'drv1:j', fields: { ...BLANK_JOB, name: 'Maple Court' } }),
  ],
};

class Office {
  readonly bench: SyncBench;

  constructor(bench: SyncBench) {
    this.bench = bench;
  }

  static async open(wrapTable?: (table: Table) => Table): Promise<Office> {
    return new Office(await startSyncBench({ connector: fileImportConnector, now: NOW, ...(wrapTable ? { wrapTable } : {}) }));
  }

  async accept(...files: readonly GivenFile[]): Promise<void> {
    const { scope } = this.bench;
    const state = await this.bench.state();
    const line = [...state.files, ...files.map(({ accepted }) => accepted)];
    const done = await this.bench.table.write(scope, [
      updateSyncStateAction(scope, 1, { files: line }, state.fence, filesAre(state.files)),
    ]);
    expect(done.applied).toBe(true);
  }

  /** Runs until nothing waits any more. Answers the runs' legs. */
  async work(remainingMs: () => number = () => 180_000): Promise<number[]> {
    const { table, scope } = this.bench;
    const steps = fileSteps({
      openRows: async function* ({ runId }) {
        const { batches, parents = [] } = [...FILES, DERIVED].find(({ accepted }) => accepted.runId === runId)!;
        for (const rows of batches) yield { parents, rows };
      },
      keepRow: (waiting) => keepWaitingRow(table, scope, 1, waiting),
      dropQuarantinedRows: (space) => dropQuarantinedRows(table, scope, 1, space),
    });
    const legs: number[] = [];
    for (;;) {
      const result = await this.bench.run({ kind: 'manual' }, { steps, remainingMs });
      if (result.kind === 'finished') legs.push(result.run.legs);
      else if (result.kind !== 'continues') return legs;
    }
  }

  /** What the mirror holds, and what waits or was put aside beside it. */
  async everything(): Promise<unknown> {
    const mirror = [...(await this.bench.mirror())].map(([key, { fields, tombstone }]) => [
      key,
      fields,
      tombstone?.reason ?? null,
    ]);
    const beside = (await this.bench.items()).map(({ sk }) => String(sk)).filter((sk) => /^(PARK|MARK|QUAR|HOLD)#/.test(sk));
    return { mirror: mirror.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)), beside: beside.sort() };
  }
}

async function undisturbed(): Promise<unknown> {
  const office = await Office.open();
  await office.accept(...FILES);
  expect(await office.work()).toEqual([1, 1, 1, 1]);
  const expected = await office.everything();
  await office.bench.stop();
  return expected;
}

describe('accepted files', () => {
  it('are read in one after the other: what is missing goes, what waited comes', async () => {
    const office = await Office.open();
    await office.accept(WORKERS, FIRST);
    await office.work();
    const live = async () =>
      [...(await office.bench.mirror()).values()]
        .filter(({ entity, tombstone }) => entity === 'time_entry' && tombstone === null)
        .map(({ sourceId }) => sourceId)
        .sort();
    expect(await live()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await office.accept(SECOND);
    await office.work();
    expect(await live()).toEqual(['a', 'b', 'd', 'e', 'f']);
    // Of the two that waited the newer file left one out: it does not come back with its worker.
    await office.accept(LATE);
    await office.work();
    expect(await live()).toEqual(['a', 'b', 'd', 'e', 'f', 'q']);
    const state = await office.bench.state();
    expect(state).toMatchObject({ files: [], parked: 0, firstSyncDone: true, lastSuccessfulRunId: 'run-4' });
    expect(state.streams.time_entries).toMatchObject({ lastSuccessfulRunId: 'run-3', dataAsOf: '2026-11-09T05:00:00.000Z' });
    await office.bench.stop();
  });

  it('bring what only their rows name, before those rows and in lists of its own', async () => {
    const office = await Office.open();
    await office.accept(WORKERS, DERIVED);
    await office.work();
    const mirror = await office.bench.mirror();
    const job = mirror.get('job:drv1:j')!;
    expect(mirror.get('milestone:drv1:m')).toMatchObject({ fields: { jobId: job.id } });
    expect(mirror.get('time:a')).toMatchObject({ fields: { jobId: job.id, attribution: 'job' }, pendingRefs: [] });
    const { streams } = await office.bench.state();
    expect(streams.jobs).toMatchObject({ lastSuccessfulRunId: 'run-5', counts: { created: 1 } });
    expect(streams.workers).toMatchObject({ lastSuccessfulRunId: 'run-1' });
    await office.bench.stop();
  });

  it('end the same in many legs', async () => {
    const expected = await undisturbed();
    const office = await Office.open();
    await office.accept(...FILES);
    let asked = 0;
    const legs = await office.work(() => {
      asked += 1;
      return asked % 3 === 0 ? 0 : 180_000;
    });
    expect(legs.some((count) => count > 1)).toBe(true);
    expect(await office.everything()).toEqual(expected);
    await office.bench.stop();
  });

  it('end the same after a kill at any call of the store', { timeout: 240_000 }, async () => {
    const expected = await undisturbed();
    for (let at = 1; ; at += 5) {
      const death = { calls: 0, at: Number.POSITIVE_INFINITY };
      const office = await Office.open((table) => dying(table, death));
      await office.accept(...FILES);
      death.calls = 0;
      death.at = at;
      const died = await office.work().then(
        () => false,
        () => true,
      );
      death.at = Number.POSITIVE_INFINITY;
      // The lease of the dead leg runs out.
      office.bench.clock.now += 180_000;
      await office.work();
      expect(await office.everything(), `killed at call ${at}`).toEqual(expected);
      await office.bench.stop();
      if (!died) return;
    }
  });
});

/** A table whose process dies at one call, before it has taken effect. */
function dying(table: Table, death: { calls: number; at: number }): Table {
  return new Proxy(table, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        death.calls += 1;
        if (death.calls >= death.at) throw new Error('killed');
        return (value as (...given: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
