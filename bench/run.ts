import { mkdirSync, writeFileSync } from 'node:fs';
import { inProject } from '#tools/project.ts';
import { type BenchRow, runBonusBench } from './bonus.ts';
import { runSyncBench } from './sync.ts';

/** `npm run bench`: each measure beside its peer in the same run; prints a table and writes `.local/bench.json`. */
const rows: BenchRow[] = [...(await runSyncBench()), ...runBonusBench()];
const count = (value: number | undefined) => (value === undefined ? '' : value.toLocaleString('en-US'));
const table = rows.map((row) => [
  row.name,
  count(row.perSecond),
  row.peer ?? '',
  count(row.peerPerSecond),
  row.peerPerSecond ? `${(row.perSecond / row.peerPerSecond).toFixed(1)} ×` : '',
]);
const head = ['measure', 'per second', 'beside', 'per second', 'ratio'];
const widths = head.map((title, column) => Math.max(title.length, ...table.map((line) => line[column]!.length)));
for (const line of [head, ...table])
  console.log(
    line
      .map((cell, column) => (column === 0 || column === 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
mkdirSync(inProject('.local'), { recursive: true });
writeFileSync(inProject('.local', 'bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
