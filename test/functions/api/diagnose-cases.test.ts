import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Marker, SyncState } from '#model/connection.ts';
import { connectionKey, markerKey, parkedKey, quarantineKey, syncStateKey } from '#model/keys.ts';
import type { ProbeAnswer } from '#model/sync-call.ts';
import { encodeSyncState } from '#model/sync-item.ts';
import { readSyncState } from '#store/connection-repository.ts';
import type { Item } from '#store/table.ts';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { ENTRY, JOB, MILESTONE, putRecord, type Seed, seedCompany, streamState, WORKER } from '#test/support/mirror-seed.ts';
import { seededRandom } from '../../../shared/fake-source/random.ts';

/**
 * A-41, R18: whatever is stored about a record, and whatever its connection and its source are like, one call names the one right reason.
 * Each case is drawn part by part; what has to be answered is told by the specification's table, read here once more, row by row.
 */

const CASES = 1_000;
const NOW = '2026-03-10T12:00:00.000Z';
const KINDS = ['worker', 'job', 'milestone', 'time_entry'] as const;
type Kind = (typeof KINDS)[number];
const SPACES = { worker: 'worker', job: 'job', milestone: 'milestone', time_entry: 'time' } as const;
const STREAMS = { worker: 'contacts', job: 'opportunities', milestone: 'work_tickets', time_entry: 'work_ticket_times' } as const;

/** One drawn case: every part by itself may hold or not. */
interface Case {
  readonly kind: Kind;
  readonly record: 'none' | 'live' | 'alias' | 'tombstone' | 'outOfScope';
  readonly view: 'none' | 'keeps' | 'hides';
  readonly quarantine: boolean;
  readonly parked: boolean;
  readonly marker: 'none' | 'ignored' | 'out_of_scope' | 'parked';
  readonly connection: 'connected' | 'disconnected';
  readonly state: 'active' | 'reauth' | 'failed' | 'unauthorized' | 'first' | 'scope' | 'otherScope' | 'partial' | 'never';
  readonly probe: 'not_found' | 'failed' | 'ignored' | 'out_of_scope' | 'rejected' | 'new' | 'unstamped' | 'young' | 'old';
}

const random = seededRandom('diagnosis');
const pick = <T>(...values: readonly T[]): T => values[random.between(0, values.length - 1)]!;

/** Half of the cases hold a trace, the other half get further down the table. */
function draw(): Case {
  const bare = random.next() < 0.5;
  const none = <T extends string>(...others: readonly T[]): T | 'none' => (bare ? 'none' : pick<T | 'none'>('none', ...others));
  return {
    kind: pick(...KINDS),
    record: none('live', 'alias', 'tombstone', 'outOfScope'),
    view: pick('none', 'none', 'keeps', 'hides'),
    quarantine: !bare && random.next() < 0.3,
    parked: !bare && random.next() < 0.3,
    marker: none('ignored', 'out_of_scope', 'parked'),
    connection: pick('connected', 'connected', 'connected', 'disconnected'),
    state: pick(
      'active',
      'active',
      'active',
      'active',
      'reauth',
      'failed',
      'unauthorized',
      'first',
      'scope',
      'otherScope',
      'partial',
      'never',
    ),
    probe: pick('not_found', 'failed', 'ignored', 'out_of_scope', 'rejected', 'new', 'unstamped', 'young', 'old'),
  };
}

/** The oracle: the first line that holds, with the parts of the evidence that prove it. */
function oracle(one: Case): { readonly code: string; readonly evidence: Readonly<Record<string, unknown>> } {
  const frozen = one.connection === 'disconnected';
  if (one.record === 'alias') return { code: 'merged', evidence: { target: 'AAAAAAAAAAAAAAAB' } };
  if (one.record === 'tombstone') return { code: 'deleted_at_source', evidence: { runId: 'RUN-T', proof: 'feed' } };
  if (one.record !== 'none' && one.view === 'hides')
    return { code: 'filtered_by_view', evidence: { filter: FILTERS[one.kind][0] } };
  if (one.record !== 'none')
    return {
      code: 'present',
      evidence: {
        frozen,
        staleSince: one.quarantine ? '2026-03-09T00:00:00.000Z' : null,
        outOfScope: one.record === 'outOfScope' ? 'project_not_enabled' : null,
      },
    };
  if (one.quarantine)
    return { code: 'quarantined', evidence: { reason: 'money_invalid', field: 'Price', value: '1.005', runId: 'RUN-Q' } };
  if (one.parked) return { code: 'parent_missing', evidence: { parent: { kind: 'job', sourceId: 'parent' } } };
  if (one.marker === 'parked')
    return { code: 'parent_missing', evidence: { runId: 'RUN-M', parent: { kind: 'job', sourceId: 'parent' } } };
  if (one.marker === 'ignored')
    return { code: 'ignored_status', evidence: { value: 'Bidding', rule: 'built-in', runId: 'RUN-M' } };
  if (one.marker === 'out_of_scope')
    return { code: 'out_of_scope', evidence: { reason: 'project_not_enabled', rule: 'connection.projectAllowList' } };
  if (frozen) return { code: 'disconnected', evidence: { at: '2026-03-09T08:00:00.000Z', by: 'somebody' } };
  switch (one.state) {
    case 'reauth':
      return { code: 'reauth_required', evidence: { cause: 'reauth_required', runId: 'RUN-GOOD' } };
    case 'failed':
      return { code: 'connection_failed', evidence: { cause: 'runs_failing', runId: 'RUN-GOOD' } };
    case 'unauthorized':
      return { code: 'setup_incomplete', evidence: { cause: 'authorization_required' } };
    case 'first':
      return { code: 'first_sync_pending', evidence: { at: '2026-03-10T11:50:00.000Z' } };
    case 'scope':
      return { code: 'scope_missing', evidence: { runId: 'RUN-B', missingScopes: [STREAMS[one.kind]] } };
    case 'otherScope':
    case 'partial':
      return { code: 'partial_run', evidence: { runId: 'RUN-B', error: 'source_unavailable' } };
    case 'never':
      return { code: 'partial_run', evidence: { dataAsOf: null } };
    default:
      return ofProbe(one.probe);
  }
}

function ofProbe(probe: Case['probe']): ReturnType<typeof oracle> {
  switch (probe) {
    case 'not_found':
      return { code: 'not_at_source', evidence: {} };
    case 'failed':
      return { code: 'never_seen', evidence: { probe: 'failed' } };
    case 'ignored':
      return { code: 'ignored_status', evidence: { value: 'Lost', reason: 'canceled', rule: 'built-in' } };
    case 'out_of_scope':
      return { code: 'out_of_scope', evidence: { reason: 'type_not_read', rule: 'connection.importWages' } };
    case 'rejected':
      return { code: 'quarantined', evidence: { reason: 'row_invalid', field: 'JobName' } };
    case 'old':
      return { code: 'missed', evidence: { fetchedByRunId: expect.any(String) } };
    default:
      return { code: 'not_synced_yet', evidence: {} };
  }
}

/** A filter of each list, and a value of it that the drawn record has. */
const FILTERS: Readonly<Record<Kind, readonly [name: string, kept: string, hidden: string]>> = {
  worker: ['status', 'active', 'deactivated'],
  job: ['status', 'in_progress', 'completed'],
  milestone: ['jobId', 'JOB', 'AAAAAAAAAAAAAAAC'],
  time_entry: ['workedFrom', '2026-03-05', '2026-03-06'],
};

let api: TestApi;
let seed: Seed;
let good: SyncState;
let connectionItem: Item;
beforeAll(async () => {
  api = await startTestApi({ start: NOW });
  seed = await seedCompany(api.table, api.scope);
  good = (await readSyncState(api.table, api.scope, 1))!;
  connectionItem = (await api.table.get(api.scope, connectionKey(api.scope, 1)))!;
});
afterAll(() => api.stop());

/** Puts the case into the store, under ids that no other case has. */
async function build(one: Case, n: number): Promise<string> {
  const sourceId = `case-${n}`;
  const space = SPACES[one.kind];
  const put = (item: unknown) => api.table.write(api.scope, [{ kind: 'put', item: item as Item }]);
  const at = '2026-03-09T00:00:00.000Z';
  if (one.record !== 'none') {
    const envelope = {
      ...(one.record === 'alias' ? { aliasOf: 'AAAAAAAAAAAAAAAB' } : {}),
      ...(one.record === 'tombstone' ? { tombstone: { at, runId: 'RUN-T', reason: 'feed' as const } } : {}),
      ...(one.record === 'outOfScope' ? { outOfScope: 'project_not_enabled' } : {}),
    };
    const jobId = seed.jobs[0]!;
    const write = {
      worker: () => putRecord(api.table, api.scope, 'worker', sourceId, WORKER, envelope),
      job: () => putRecord(api.table, api.scope, 'job', sourceId, { ...JOB, status: 'in_progress' }, envelope),
      milestone: () => putRecord(api.table, api.scope, 'milestone', sourceId, { ...MILESTONE, jobId }, envelope),
      time_entry: () =>
        putRecord(api.table, api.scope, 'time_entry', sourceId, { ...ENTRY, jobId, workerId: seed.workers[0]! }, envelope),
    };
    await write[one.kind]();
  }
  const parent = { id: 'AAAAAAAAAAAAAAAD', space: 'job', sourceId: 'parent' };
  if (one.quarantine) {
    const entry = {
      ...{ space, entity: one.kind, sourceId, reason: 'money_invalid', field: 'Price', value: '1.005' },
      ...{ firstRunId: 'RUN-Q', lastRunId: 'RUN-Q', firstAt: at, attempts: 1 },
    };
    await put({ ...quarantineKey(api.scope, 1, space, sourceId), et: 'qu', v: 1, entry });
  }
  if (one.parked) {
    const waiting = { parent, space, stream: STREAMS[one.kind], sourceId, since: at, parked: true, parentSkipped: false };
    await put({ ...parkedKey(api.scope, 1, parent.id, space, sourceId), et: 'pk', v: 1, waiting });
  }
  if (one.marker !== 'none') {
    const scoped = one.marker === 'out_of_scope';
    const marker: Marker = {
      ...{
        space,
        entity: one.kind,
        sourceId,
        kind: one.marker,
        name: null,
        number: null,
        sourceStatus: 'Bidding',
        runId: 'RUN-M',
        at,
      },
      code: scoped ? 'project_not_enabled' : 'draft',
      rule: scoped ? 'connection.projectAllowList' : 'built-in',
      parent: one.marker === 'parked' ? parent : null,
    };
    await put({ ...markerKey(api.scope, 1, space, sourceId), et: 'mk', v: 1, marker });
  }
  return sourceId;
}

/** Puts connection and source into the state that a case has beside its record. */
async function surround(one: Case): Promise<void> {
  const gone =
    one.connection === 'disconnected' ? { disconnectedAt: '2026-03-09T08:00:00.000Z', disconnectedBy: 'somebody' } : {};
  const sync = encodeSyncState(syncStateKey(api.scope, 1), { ...good, ...syncOf(one) });
  const items = [sync, { ...connectionItem, ...gone }];
  await api.table.write(
    api.scope,
    items.map((item) => ({ kind: 'put', item: item as Item })),
  );
  api.outside.probe = probeOf(one.probe, SPACES[one.kind]);
}

async function ask(one: Case, sourceId: string) {
  const [filter, kept, hidden] = FILTERS[one.kind];
  const value = one.view === 'hides' ? hidden : kept.replace('JOB', seed.jobs[0]!);
  const view: Record<string, string> = one.view === 'none' ? {} : { view: new URLSearchParams({ [filter]: value }).toString() };
  const query = { kind: one.kind, sourceId, ...view };
  return api.call<{ code: string; evidence: Record<string, unknown> }>('GET', '/v1/diagnose', { query });
}

function syncOf({ kind, state }: Case): Partial<SyncState> {
  const stream = STREAMS[kind];
  const broken = { ...good.streams, [stream]: streamState({ lastOutcome: 'failed', lastRunId: 'RUN-B' }) };
  const { [stream]: _never, ...others } = good.streams;
  const error = (code: string) => ({ code, who: 'customer' as const, detail: '', runId: 'RUN-B' });
  const lastGood = { lastSuccessfulRunId: 'RUN-GOOD' };
  switch (state) {
    case 'reauth':
      return { ...lastGood, state: 'failed', cause: 'reauth_required' };
    case 'failed':
      return { ...lastGood, state: 'failed', cause: 'runs_failing' };
    case 'unauthorized':
      return { state: 'pending', cause: 'authorization_required', firstSyncDone: false };
    case 'first':
      return { state: 'pending', firstSyncDone: false, firstSyncStartedAt: '2026-03-10T11:50:00.000Z' };
    case 'scope':
      return { streams: broken, missingScopes: [stream], lastError: error('scope_missing') };
    case 'otherScope':
      return { streams: broken, missingScopes: ['pay_rates'], lastError: error('source_unavailable') };
    case 'partial':
      return { streams: broken, lastError: error('source_unavailable') };
    case 'never':
      return { streams: others };
    case 'active':
      return {};
  }
}

function probeOf(probe: Case['probe'], space: (typeof SPACES)[Kind]): ProbeAnswer {
  const found = {
    result: 'found' as const,
    space,
    sourceUpdatedAt: null,
    sourceCreatedAt: null,
    sourceStatus: null,
    skip: null,
    rejected: null,
  };
  switch (probe) {
    case 'not_found':
      return { result: 'not_found' };
    case 'failed':
      return { result: 'failed', code: 'source_unavailable' };
    case 'ignored':
      return { ...found, sourceStatus: 'Lost', skip: { kind: 'ignored', code: 'canceled', rule: 'built-in' } };
    case 'out_of_scope':
      return { ...found, skip: { kind: 'out_of_scope', code: 'type_not_read', rule: 'connection.importWages' } };
    case 'rejected':
      return { ...found, rejected: { reason: 'row_invalid', field: 'JobName', value: null } };
    // Changed after the last read window; younger than one cycle; without any stamp; older than the last good reading.
    case 'new':
      return { ...found, sourceUpdatedAt: '2026-03-10T11:50:00.000Z' };
    case 'young':
      return { ...found, sourceCreatedAt: '2026-03-10T11:45:00.000Z' };
    case 'unstamped':
      return found;
    case 'old':
      return { ...found, sourceUpdatedAt: '2026-02-01T00:00:00.000Z' };
  }
}

describe(`${CASES} missing records of every kind`, () => {
  it('are each explained by the one right verdict, with its evidence', { timeout: 180_000 }, async () => {
    const reached = new Map<string, number>();
    const wrong: unknown[] = [];
    const judge = async (one: Case, sourceId: string): Promise<void> => {
      const { status, body } = await ask(one, sourceId);
      const wanted = oracle(one);
      reached.set(wanted.code, (reached.get(wanted.code) ?? 0) + 1);
      const given = { status, code: body.code, evidence: body.evidence };
      if (!matches(given, { status: 200, ...wanted })) wrong.push({ one, wanted, given });
    };
    // Cases that share connection and source are put there together: each record is still asked for by itself.
    const groups = new Map<string, { one: Case; n: number }[]>();
    for (let n = 0; n < CASES; n += 1) {
      const one = draw();
      const group = `${one.kind} ${one.connection} ${one.state} ${one.probe}`;
      groups.set(group, [...(groups.get(group) ?? []), { one, n }]);
    }
    for (const cases of groups.values()) {
      const sourceIds = await Promise.all(cases.map(({ one, n }) => build(one, n)));
      await surround(cases[0]!.one);
      for (const [at, { one }] of cases.entries()) await judge(one, sourceIds[at]!);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(wrong).toHaveLength(0);
    // Every row that a record's own diagnosis can end in was met, and none by chance alone.
    expect([...reached.keys()].sort()).toEqual([
      'connection_failed',
      'deleted_at_source',
      'disconnected',
      'filtered_by_view',
      'first_sync_pending',
      'ignored_status',
      'merged',
      'missed',
      'never_seen',
      'not_at_source',
      'not_synced_yet',
      'out_of_scope',
      'parent_missing',
      'partial_run',
      'present',
      'quarantined',
      'reauth_required',
      'scope_missing',
      'setup_incomplete',
    ]);
    expect(Math.min(...reached.values())).toBeGreaterThanOrEqual(3);
  });
});

/** Whether everything that is wanted is given. */
function matches(given: unknown, wanted: unknown): boolean {
  try {
    expect(given).toMatchObject(wanted as object);
    return true;
  } catch {
    return false;
  }
}
