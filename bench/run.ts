import { mkdirSync, writeFileSync } from 'node:fs';
import { inProject } from '#tools/project.ts';
import { runApiBench } from './api.ts';
import { runBackfillBench } from './backfill.ts';
import { runBonusBench } from './bonus.ts';
import { runFilesBench } from './files.ts';
import { runLambdaBench } from './lambda.ts';
import type { BenchRow } from './measure.ts';
import { runOracle } from './oracle.ts';
import { runSyncBench } from './sync.ts';
import { runTenantBench } from './tenant.ts';

/** What `npm run bench` measures, each beside its peers in the same run; `npm run bench -- oracle bonus` takes those it names. */
const BENCHES: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  sync: () => runSyncBench(),
  backfill: runBackfillBench,
  'file-import': runFilesBench,
  bonus: runBonusBench,
  tenant: runTenantBench,
  lambda: runLambdaBench,
  api: runApiBench,
  oracle: runOracle,
};
/** The comparison with the oracle takes minutes and measures no speed, so it has to be named. */
const USUAL = Object.keys(BENCHES).filter((name) => name !== 'oracle');

const chosen = process.argv.length > 2 ? process.argv.slice(2) : USUAL;
const unknown = chosen.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
const rows: BenchRow[] = [];
for (const name of chosen) rows.push(...(await BENCHES[name]!()));

const count = (value: number | undefined): string => (value === undefined ? '' : value.toLocaleString('en-US'));
const head = ['measure', 'figure', 'slowest', 'beside', 'ratio', 'goal', ''];
const table = rows.flatMap((row) => {
  const [first, ...others] = row.peers?.length ? row.peers : [null];
  const figure = row.figure ?? `${count(row.perSecond)}/s`;
  const beside = (peer: typeof first): string[] =>
    peer === null || peer === undefined ? ['', ''] : [`${peer.name} ${count(peer.perSecond)}/s`, `${peer.ratio.toFixed(1)} ×`];
  const goal = row.goal === undefined ? ['', ''] : [row.goal.text, row.goal.met ? 'met' : 'MISSED'];
  return [
    [row.name, figure, row.slowestPerSecond === undefined ? '' : `${count(row.slowestPerSecond)}/s`, ...beside(first), ...goal],
    ...others.map((peer) => ['', '', '', ...beside(peer), '', '']),
  ];
});
const widths = head.map((title, column) => Math.max(title.length, ...table.map((line) => line[column]!.length)));
for (const line of [head, ...table])
  console.log(
    line
      .map((cell, column) => (/^[\d.,]+( ×|\/s)$/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
mkdirSync(inProject('.local'), { recursive: true });
writeFileSync(inProject('.local', 'bench.json'), `${JSON.stringify(rows, null, 2)}\n`);
