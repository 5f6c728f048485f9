import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { manifest } from '#functions/sync/aspire/manifest.ts';
import { addDays } from '#kernel/instant.ts';
import type { SourceHttp } from '#mirror/connector.ts';
import type { RunPorts } from '#mirror/leg.ts';
import { syncStateKey } from '#model/keys.ts';
import { newSettings } from '#model/provider-settings.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';
import type { BackfillPass } from './backfill.ts';
import { countingTable, type Written } from './counting-table.ts';

/*
 * One first sync of a year of time entries and one idle listing of them, in a process of its own, whose peak memory is the measure. The
 * source answers from the recorded company, whose three weeks are repeated over the year; a call takes as long as the slowest source's
 * pace. Entries are counted instead of stored; everything that a run keeps for itself is stored.
 */
const ENTRIES = Number(process.argv[2] ?? 260_000);
const NOW = Date.parse('2026-03-20T20:00:00Z');
const PAGE = 500;
const WEEKS = 49;
/** 240 calls in five minutes, the slowest of the sources. */
const CALL_MS = 1_250;
/** What a function may take, unless said otherwise. */
const LEG_MS = Number(process.argv[3] ?? 180_000);

const dataset = readAspireDataset();
const recorded = rowsOf('WorkTicketTimes').filter((row) => row.EndTime !== null && row.EndTime !== undefined);
let virtualMs = 0;
const written: Written = { times: 0 };

type Row = Readonly<Record<string, unknown>>;

function rowsOf(list: string): Row[] {
  const base = dataset.defaults?.[`/${list}`] ?? {};
  return (dataset.endpoints[`/${list}`] ?? []).map((row) => ({ ...base, ...row }));
}

/** The n-th entry of the year: a recorded one, whole weeks earlier. */
function entry(n: number): Row {
  const row = recorded[n % recorded.length]!;
  const days = -7 * (Math.floor(n / recorded.length) % WEEKS);
  const moved = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? addDays(value.slice(0, 10), days) + value.slice(10) : value,
  ]);
  return { ...Object.fromEntries(moved), WorkTicketTimeID: 1_000_000 + n };
}

/** Answers list requests page by page; joined rows come whole, since more than asked for does no harm. */
function source(): SourceHttp {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    async call({ url, accept }) {
      calls += 1;
      virtualMs += CALL_MS;
      const { pathname, searchParams } = new URL(url);
      const list = pathname.slice(1);
      const skip = Number(searchParams.get('$skip') ?? 0);
      const text = list === 'Authorization' ? JSON.stringify({ Token: 'a.b.c' }) : JSON.stringify(page(list, skip));
      accept?.(text);
      return { status: 200, headers: {}, text };
    },
  };
}

function page(list: string, skip: number): Row[] {
  if (list === 'ClockTimes') return [];
  if (list !== 'WorkTicketTimes') return rowsOf(list).slice(skip, skip + PAGE);
  return Array.from({ length: Math.max(0, Math.min(PAGE, ENTRIES - skip)) }, (_, at) => entry(skip + at));
}

const bench: SyncBench = await startSyncBench({
  connector: aspireConnector,
  credentials: { clientId: 'client', secret: 'secret', baseUrl: 'http://127.0.0.1' },
  settings: {
    ...newSettings(manifest, addDays('2026-03-20', -365)),
    entities: newSettings(manifest, '2026-01-01').entities.filter((one) => one !== 'wage_record'),
  },
  now: NOW,
  openHttp: source,
  wrapTable: (table) => countingTable(table, written),
});

/** Runs legs to the end of the run; the time of a leg is its own and that of its calls. */
async function run(kind: 'tick' | 'manual'): Promise<{ legs: number; longestMs: number }> {
  let longestMs = 0;
  let legs = 0;
  let message: Parameters<SyncBench['run']>[0] = { kind };
  for (;;) {
    const begun = { real: performance.now(), virtual: virtualMs };
    const spent = () => performance.now() - begun.real + virtualMs - begun.virtual;
    const ports: Partial<RunPorts> = { remainingMs: () => LEG_MS - spent() };
    const result = await bench.run(message, ports);
    legs += 1;
    longestMs = Math.max(longestMs, spent());
    bench.clock.now += Math.ceil(spent());
    if (result.kind === 'finished') {
      if (result.run.outcome !== 'succeeded')
        throw new Error(`the run ended ${result.run.outcome}: ${JSON.stringify(result.run.error)}`);
      return { legs, longestMs };
    }
    if (result.kind !== 'continues') throw new Error(`the run stopped: ${JSON.stringify(result)}`);
    message = { kind: 'leg', runId: result.runId, leg: result.leg };
  }
}

const first = await run('tick');
const { user, system } = process.cpuUsage();
const begun = written.times;
bench.clock.now += 60 * 60_000;
const pending = { runId: 'AGAIN', mode: 'full', entities: null, requestedBy: 'admin', requestedAt: bench.ports().now() };
const update = { expression: 'SET pending = :p', values: { ':p': pending } };
await bench.table.write(bench.scope, [{ kind: 'update', key: syncStateKey(bench.scope, 1), update }]);
bench.testTable.counters.reset();
const again = await run('manual');
if (written.times !== begun) throw new Error(`${written.times - begun} unchanged entries were written again`);
const pass: BackfillPass = {
  entries: ENTRIES,
  written: written.times,
  legs: first.legs,
  longestLegSeconds: Math.ceil(Math.max(first.longestMs, again.longestMs) / 1_000),
  cpuSeconds: (user + system) / 1_000_000,
  peakMb: Math.ceil(process.resourceUsage().maxRSS / 1_024),
  // Each leg takes the lease, keeps its place and gives the lease back.
  idleWrites: bench.testTable.counters.total().itemWrites - 3 * (again.legs - 1),
};
await bench.stop();
process.stdout.write(JSON.stringify(pass));
