import { fork } from 'node:child_process';
import { mirrorId } from '#model/ids.ts';
import { timeEntryKey } from '#model/keys.ts';
import { decodeMirrorRecord, encodeMirrorRecord } from '#model/mirror-item.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { Item } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBranch, putBudget, putJob, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { inProject } from '#tools/project.ts';
import type { BenchRow } from './measure.ts';

const ENTRIES = 10_000;
const WORKERS = 40;
/** A function of 512 MB: what V8 may keep of it, and what the whole process may take. */
const LAMBDA_MB = 512;
const HEAP_MB = 384;
const ANSWER_MB = 6;

/** What the child of `lambda-path.ts` is told, and what it reports after each step. */
export interface LambdaTask {
  readonly endpoint: string;
  readonly tableName: string;
  readonly tenantId: string;
  readonly tokenId: string;
  readonly now: string;
  readonly proPayId: string;
  readonly jobId: string;
}
export interface LambdaStep {
  readonly step: string;
  readonly cpuMs: number;
  readonly heapMb: number;
  readonly peakRssMb: number;
  readonly answerMb: number;
}

/**
 * One ProPay with 10,000 time entries through the real functions, in a process with the memory of theirs: recalculation, explanation
 * and approval with its snapshot, over the embedded table. The process dies where a step needs more heap.
 */
export async function runLambdaBench(): Promise<BenchRow[]> {
  const bench = await startBonusBench();
  try {
    await seed(bench);
    const steps = await walk({
      endpoint: bench.api.db.endpoint,
      tableName: bench.api.db.tableName,
      tenantId: bench.scope.tenantId,
      tokenId: await bench.api.grant('owner'),
      now: bench.api.now(),
      proPayId: firstProPayId({ jobId: jobId('large'), milestoneId: null }),
      jobId: jobId('large'),
    });
    return steps.map(({ step, cpuMs, heapMb, peakRssMb, answerMb }) => ({
      name: `${ENTRIES.toLocaleString('en-US')} entries: ${step}`,
      figure: `${peakRssMb} MB so far (heap ${heapMb}), ${cpuMs} ms CPU${answerMb > 0 ? `, answer ${answerMb.toFixed(1)} MB` : ''}`,
      goal: { text: `≤ ${LAMBDA_MB} MB, answer ≤ ${ANSWER_MB} MB`, met: peakRssMb <= LAMBDA_MB && answerMb <= ANSWER_MB },
    }));
  } finally {
    await bench.stop();
  }
}

async function seed(bench: BonusBench): Promise<void> {
  const { table, scope } = bench;
  await putBranch(bench);
  for (let index = 0; index < WORKERS; index += 1) await putWorker(bench, `w${index}`, 200_000 + 100 * index);
  await putWorker(bench, 'boss', null);
  await putJob(bench, 'large', {
    status: 'completed',
    completedAt: '2026-03-08T20:00:00.000Z',
    managerId: workerId('boss'),
    crewLeadId: workerId('w0'),
  });
  await putBudget(bench, 'large', null, 60_000);
  await putTime(bench, { id: 'first', worker: 'w0', job: 'large', hours: 5 });
  await bench.settle();
  const first = decodeMirrorRecord<'time_entry'>(
    (await table.get(
      scope,
      timeEntryKey(scope, { jobId: jobId('large'), milestoneId: null, id: mirrorId('acme1.1', 'time', 'first') } as never),
    ))!,
  );
  for (let at = 1; at < ENTRIES; at += 100) {
    const items = Array.from({ length: Math.min(100, ENTRIES - at) }, (_, offset) => {
      const index = at + offset;
      const sourceId = `e${index}`;
      const fields = { ...first.fields, workerId: workerId(`w${index % WORKERS}`), durationSeconds: 14_400 + (index % 3600) };
      return encodeMirrorRecord(scope, { ...first, id: mirrorId('acme1.1', 'time', sourceId), sourceId, fields });
    });
    await table.write(
      scope,
      items.map((item) => ({ kind: 'put' as const, item: item as unknown as Item })),
    );
  }
}

function walk(task: LambdaTask): Promise<LambdaStep[]> {
  const child = fork(inProject('bench', 'lambda-path.ts'), [], { execArgv: [`--max-old-space-size=${HEAP_MB}`] });
  const steps: LambdaStep[] = [];
  child.on('message', (step: LambdaStep) => steps.push(step));
  child.send(task);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(steps) : reject(new Error(`the function died with ${code} after ${steps.length} steps`)),
    );
  });
}
