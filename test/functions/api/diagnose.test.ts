import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Marker, SyncState } from '#model/connection.ts';
import { markerKey, parkedKey, quarantineKey, syncStateKey } from '#model/keys.ts';
import { encodeSyncState } from '#model/sync-item.ts';
import { POOL_DEFAULTS } from '#model/tenant-context.ts';
import { readSyncState } from '#store/connection-repository.ts';
import type { Item } from '#store/table.ts';
import { NO_SCOPE, startTestApi, type TestApi } from '#test/support/api.ts';
import { fillContext, JOB, putRecord, type Seed, seedCompany, streamState, WORKER } from '#test/support/mirror-seed.ts';

interface Diagnosed {
  readonly verdict: string | null;
  readonly code: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly probe: unknown;
}

let api: TestApi;
let seed: Seed;
let good: SyncState;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope);
  good = (await readSyncState(api.table, api.scope, 1))!;
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.outside.probe = { result: 'not_found' };
  api.outside.calls.length = 0;
  await setSync({});
});

async function setSync(change: Partial<SyncState>): Promise<void> {
  const item = encodeSyncState(syncStateKey(api.scope, 1), { ...good, ...change });
  await api.table.write(api.scope, [{ kind: 'put', item: item as Item }]);
}
const ask = (query: Record<string, string>, as: { tokenId?: string } = {}) =>
  api.call<Diagnosed>('GET', '/v1/diagnose', { query, ...as }).then(({ status, body }) => {
    expect(status).toBe(200);
    return body;
  });
const putMarker = (sourceId: string, marker: Partial<Marker>) =>
  api.table.write(api.scope, [
    {
      kind: 'put',
      item: {
        ...markerKey(api.scope, 1, 'job', sourceId),
        et: 'mk',
        v: 1,
        marker: {
          space: 'job',
          entity: 'job',
          sourceId,
          kind: 'ignored',
          code: 'draft',
          rule: 'built-in',
          name: 'Skipped job',
          number: 'S-1',
          sourceStatus: 'Bidding',
          runId: 'R',
          at: good.lastSuccessfulAt,
          parent: null,
          ...marker,
        },
      },
    },
  ]);

describe('a record that is there', () => {
  it('is present, found by source id, number or name', async () => {
    for (const query of [{ sourceId: 'j0' }, { number: 'J-0' }, { name: 'job 0' }] as Record<string, string>[]) {
      const body = await ask({ kind: 'job', ...query });
      expect(body).toMatchObject({
        verdict: 'V-6',
        code: 'present',
        record: { entity: 'job', id: seed.jobs[0], href: `/v1/jobs/${seed.jobs[0]}` },
      });
      expect(body.probe).toEqual({ done: false, result: null });
    }
    expect(api.outside.calls).toEqual([]);
    expect((await ask({ kind: 'worker', name: 'Worker 0' })).code).toBe('present');
    expect((await ask({ kind: 'time_entry', sourceId: 't0-0' })).code).toBe('present');
    expect((await ask({ kind: 'milestone', sourceId: 'm0-0' })).code).toBe('present');
  });

  it('is deleted at the source, or merged', async () => {
    const at = '2026-03-09T00:00:00.000Z';
    await putRecord(api.table, api.scope, 'worker', 'gone', WORKER, { tombstone: { at, runId: 'R9', reason: 'absent' } });
    expect(await ask({ kind: 'worker', sourceId: 'gone' })).toMatchObject({
      verdict: 'V-3',
      evidence: { runId: 'R9', at, proof: 'absent' },
    });
    await putRecord(api.table, api.scope, 'worker', 'twin', WORKER, { aliasOf: seed.workers[0]! });
    expect(await ask({ kind: 'worker', sourceId: 'twin' })).toMatchObject({
      verdict: 'V-2',
      evidence: { target: seed.workers[0] },
    });
  });

  it('is hidden from a role that may not see it, and a crew lead or worker is told nothing of others', async () => {
    const manager = await api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [seed.branches[1]] } });
    const hidden = await ask({ kind: 'job', sourceId: 'j0' }, { tokenId: manager });
    expect(hidden).toMatchObject({ verdict: 'V-4', record: null, evidence: { role: 'manager' } });
    expect(JSON.stringify(hidden)).not.toContain('Job 0');
    const worker = await api.grant('worker', { workerId: seed.workers[0]! });
    expect((await ask({ kind: 'job', sourceId: 'j0' }, { tokenId: worker })).code).toBe('present');
    for (const sourceId of ['j2', 'no-such-job'])
      expect(await ask({ kind: 'job', sourceId }, { tokenId: worker })).toMatchObject({
        code: 'not_available',
        verdict: null,
        evidence: {},
      });
    expect(api.outside.calls).toEqual([]);
  });
});

describe('a record that left a trace', () => {
  it('was skipped by status or scope', async () => {
    await putMarker('s1', {});
    expect(await ask({ kind: 'job', sourceId: 's1' })).toMatchObject({
      verdict: 'V-9',
      code: 'ignored_status',
      evidence: { value: 'Bidding', rule: 'built-in' },
    });
    expect((await ask({ kind: 'job', name: 'skipped job' })).code).toBe('ignored_status');
    await putMarker('s2', {
      kind: 'out_of_scope',
      code: 'before_import_window',
      rule: 'connection.timeImportFrom',
      name: null,
      number: null,
    });
    expect(await ask({ kind: 'job', sourceId: 's2' })).toMatchObject({
      verdict: 'V-10',
      code: 'out_of_scope',
      evidence: { reason: 'before_import_window' },
    });
  });

  it('is quarantined, with field and value for those who may see them', async () => {
    const entry = {
      space: 'job',
      entity: 'job',
      sourceId: 'q1',
      reason: 'money_invalid',
      field: 'WonDollars',
      value: '1.005',
      firstRunId: 'a',
      lastRunId: 'b',
      firstAt: good.lastSuccessfulAt,
      attempts: 1,
    };
    await api.table.write(api.scope, [
      { kind: 'put', item: { ...quarantineKey(api.scope, 1, 'job', 'q1'), et: 'qu', v: 1, entry } },
    ]);
    expect(await ask({ kind: 'job', sourceId: 'q1' })).toMatchObject({
      verdict: 'V-7',
      evidence: { field: 'WonDollars', value: '1.005', reason: 'money_invalid' },
    });
    const manager = await api.grant('manager');
    expect((await ask({ kind: 'job', sourceId: 'q1' }, { tokenId: manager })).evidence).not.toHaveProperty('value');
  });

  it('waits for its parent, whose own verdict stands beside', async () => {
    await putMarker('p1', {});
    const waiting = {
      parent: { space: 'job', sourceId: 'p1', id: 'AAAAAAAAAAAAAAAA' },
      space: 'milestone',
      stream: 'work_tickets',
      sourceId: 'w1',
      since: good.lastSuccessfulAt,
      parked: true,
      parentSkipped: false,
    };
    await api.table.write(api.scope, [
      { kind: 'put', item: { ...parkedKey(api.scope, 1, 'AAAAAAAAAAAAAAAA', 'milestone', 'w1'), et: 'pk', v: 1, waiting } },
    ]);
    expect(await ask({ kind: 'milestone', sourceId: 'w1' })).toMatchObject({
      verdict: 'V-8',
      code: 'parent_missing',
      parent: { verdict: 'V-9', kind: 'job', sourceId: 'p1' },
    });
  });
});

describe('a record that was never seen', () => {
  it('while the connection cannot bring it', async () => {
    const unknown = { kind: 'job', sourceId: 'x1' };
    await setSync({ state: 'failed', cause: 'reauth_required' });
    expect(await ask(unknown)).toMatchObject({ verdict: 'V-12', code: 'reauth_required', nextRunAt: null });
    await setSync({ state: 'failed', cause: 'runs_failing' });
    expect((await ask(unknown)).code).toBe('connection_failed');
    await setSync({ firstSyncDone: false, state: 'pending' });
    expect(await ask(unknown)).toMatchObject({ verdict: 'V-14', code: 'first_sync_pending' });
    await setSync({ streams: { ...good.streams, opportunities: streamState({ lastOutcome: 'failed', lastRunId: 'R7' }) } });
    expect(await ask(unknown)).toMatchObject({ verdict: 'V-15', code: 'partial_run', evidence: { runId: 'R7' } });
    await setSync({
      missingScopes: ['Opportunities'],
      streams: { ...good.streams, opportunities: streamState({ lastOutcome: 'failed' }) },
    });
    expect((await ask(unknown)).code).toBe('scope_missing');
    expect(api.outside.calls).toEqual([]);
    expect((await ask({ kind: 'job', sourceId: 'x1', connectionId: 'acme1.7' })).verdict).toBe('V-1');
  });

  it('is asked for at the source once, and judged by the same rules', async () => {
    const unknown = { kind: 'job', sourceId: 'x2' };
    const nothing = {
      space: 'job' as const,
      sourceUpdatedAt: null,
      sourceCreatedAt: null,
      sourceStatus: null,
      skip: null,
      rejected: null,
    };
    expect(await ask(unknown)).toMatchObject({
      verdict: 'V-17',
      code: 'not_at_source',
      probe: { done: true, result: 'not_found' },
    });
    expect(api.outside.calls).toEqual([
      { provider: 'aspire', type: 'probe', connectionId: 'acme1.1', entity: 'job', sourceId: 'x2' },
    ]);
    api.outside.probe = { result: 'failed', code: 'source_unavailable' };
    expect(await ask(unknown)).toMatchObject({ verdict: 'V-17', code: 'never_seen', probe: { result: 'failed' } });
    api.outside.probe = {
      result: 'found',
      ...nothing,
      sourceStatus: 'Lost',
      skip: { kind: 'ignored', code: 'canceled', rule: 'built-in' },
    };
    expect((await ask(unknown)).verdict).toBe('V-9');
    api.outside.probe = { result: 'found', ...nothing, skip: { kind: 'out_of_scope', code: 'type_not_read', rule: 'x' } };
    expect((await ask(unknown)).verdict).toBe('V-10');
    api.outside.probe = { result: 'found', ...nothing, rejected: { reason: 'row_invalid', field: 'JobName', value: null } };
    expect((await ask(unknown)).verdict).toBe('V-7');
    api.outside.probe = { result: 'found', ...nothing, sourceUpdatedAt: '2026-03-10T11:59:00.000Z' };
    expect(await ask(unknown)).toMatchObject({
      verdict: 'V-16',
      code: 'not_synced_yet',
      nextAction: { href: '/v1/connections/acme1.1/resyncs' },
    });
  });

  it('and should have been: it is fetched, with one audit item as reference', async () => {
    const unknown = { kind: 'job', sourceId: 'x3' };
    api.outside.probe = {
      result: 'found',
      space: 'job',
      sourceUpdatedAt: '2026-02-01T00:00:00.000Z',
      sourceCreatedAt: null,
      sourceStatus: 'Won',
      skip: null,
      rejected: null,
    };
    const first = await ask(unknown);
    expect(first).toMatchObject({ verdict: 'V-18', code: 'missed', evidence: { reference: expect.any(String) } });
    expect((await readSyncState(api.table, api.scope, 1))!.pending).toMatchObject({
      mode: 'full',
      entities: ['job'],
      runId: first.evidence.fetchedByRunId,
    });
    const again = await ask(unknown);
    expect(again.evidence.fetchedByRunId).toBe(first.evidence.fetchedByRunId);
    const items = (await api.call<{ items: unknown[] }>('GET', '/v1/audit', { query: { entityId: 'acme1.1/job/x3' } })).body
      .items;
    expect(items).toHaveLength(1);
  });
});

describe('a missing ProPay', () => {
  const POOL = {
    ...POOL_DEFAULTS,
    id: 'pool',
    name: 'P',
    default: true,
    crewBp: 10_000,
    crewLeadBp: 0,
    managerBp: 0,
    otherBp: 0,
    companyBp: 0,
  };
  const verdictOf = async (sourceId: string) => {
    const { verdict, code } = await ask({ kind: 'propay', sourceId });
    return [verdict, code];
  };

  it('is explained by the gate that holds it back, not by the record, which is there', async () => {
    expect(await verdictOf('j1')).toEqual(['V-25', 'launch_not_set']);
    await fillContext(api.table, api.scope, (context) => ({
      ...context,
      pools: [POOL],
      launch: { mode: 'date', date: '2026-04-01' },
    }));
    expect(await verdictOf('j1')).toEqual(['V-25', 'before_launch_date']);
    await fillContext(api.table, api.scope, (context) => ({ ...context, launch: { mode: 'date', date: '2026-01-01' } }));
    expect(await verdictOf('j1')).toEqual(['V-28', 'awaiting_generation']);
    await fillContext(api.table, api.scope, (context) => ({ ...context, autoCreate: false }));
    expect(await verdictOf('j1')).toEqual(['V-28', 'auto_create_off']);
    await fillContext(api.table, api.scope, (context) => ({
      ...context,
      exclusionRules: [{ id: 'rule1', type: 'name_pattern', value: 'Job *', revision: 1 }],
    }));
    const excluded = await ask({ kind: 'propay', sourceId: 'j1' });
    expect(excluded).toMatchObject({
      verdict: 'V-24',
      code: 'excluded_by_rule',
      evidence: { rule: 'rule1' },
      nextAction: { href: '/v1/exclusion-rules/rule1' },
    });
    await fillContext(api.table, api.scope, (context) => ({ ...context, exclusionRules: [] }));
    await putRecord(api.table, api.scope, 'job', 'lost', { ...JOB, status: 'canceled' });
    expect(await verdictOf('lost')).toEqual(['V-19', 'job_canceled']);
    await putRecord(api.table, api.scope, 'job', 'bare', JOB);
    expect(await verdictOf('bare')).toEqual(['V-27', 'no_budget']);
    expect(await verdictOf('m1-0')).toEqual(await verdictOf('j1'));
    expect(await verdictOf('s1')).toEqual(['V-9', 'ignored_status']);
    expect((await ask({ kind: 'propay', sourceId: 'nothing' })).verdict).toBe('V-17');
  });
});

it('a question that is not well formed is refused', async () => {
  for (const query of [
    { kind: 'job' },
    { kind: 'job', sourceId: 'a', name: 'b' },
    { sourceId: 'a' },
    { kind: 'client', sourceId: 'a' },
    { kind: 'job', sourceId: 'j0', view: 'colour=red' },
  ] as Record<string, string>[])
    expect((await api.call('GET', '/v1/diagnose', { query })).body.code).toBe('invalid-parameter');
});
