import { addSeconds } from '#kernel/instant.ts';
import { mirrorId } from '#model/ids.ts';
import { scopeOf } from '#model/scope.ts';
import type { Upload } from '#model/upload.ts';
import { saveLinkAction } from '#store/link-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import { readContext, saveContextAction } from '#store/settings-repository.ts';
import { saveUploadAction } from '#store/upload-repository.ts';
import { keepBooks, LINK } from '#test/docs/table-world.ts';
import type { Answer, CallOptions } from './api.ts';
import { type BonusBench, POOL, startBonusBench } from './bonus-bench.ts';
import { idOf, putDrive } from './bonus-world.ts';
import { GENERIC, nameWorker } from './export-world.ts';
import { putRecord, seedConnection, seedTenant } from './mirror-seed.ts';
import { DAY } from './pay-calls.ts';
import { saveArea } from './propay-desk.ts';
import { seedSightWorld } from './sight-world.ts';

export const TENANTS = ['acme1', 'rival1', 'third1'] as const;
export type TenantName = (typeof TENANTS)[number];

/** One company three times over: the same story in each tenant, every record under an id and a name of the tenant's own. */
export interface ThreeTenants {
  readonly bench: BonusBench;
  readonly views: Readonly<Record<TenantName, BonusBench>>;
  stop(): Promise<void>;
}

/** Far above what a test asks in its one minute. */
const NO_LIMIT = 1_000_000_000;

/** Starts it over one embedded table. */
export async function startThreeTenants(): Promise<ThreeTenants> {
  const limits = { read: NO_LIMIT, write: NO_LIMIT, run: NO_LIMIT };
  const bench = await startBonusBench({ tenants: TENANTS, limits });
  const known = new Map<string, readonly [space: Parameters<typeof mirrorId>[1], sourceId: string]>();
  const views = {} as Record<TenantName, BonusBench>;
  for (const tenant of TENANTS) {
    const view = viewOf(bench, tenant, known);
    if (tenant !== TENANTS[0]) {
      await seedTenant(bench.table, scopeOf(tenant), `Company of ${tenant}`);
      await seedConnection(bench.table, scopeOf(tenant));
      await view.context((context) => ({ ...context, pools: [POOL], launch: { mode: 'date', date: '2026-01-01' } }));
    }
    views[tenant] = view;
    await seedSightWorld(view);
  }
  bench.api.pass(20 * DAY);
  for (const tenant of TENANTS) await seedOffice(views[tenant]);
  await bench.settle();
  return { bench, views, stop: bench.stop };
}

const UPLOAD: Omit<Upload, 'id' | 'connectionId' | 'createdAt' | 'expiresAt'> = {
  ...{ entity: 'job', stream: 'jobs', mode: 'upsert', window: null, windowStated: false, status: 'preview', createdBy: 'test' },
  ...{
    profile: { name: 'canonical', version: 1, document: {} },
    file: null,
    preview: null,
    refusal: null,
    runId: null,
    revision: 1,
  },
};

/** What an office makes beside the bonuses: definitions, rules, payments and their export, tokens, files, runs and what they held back. */
async function seedOffice(view: BonusBench): Promise<void> {
  const { table, scope, api } = view;
  let keys = 0;
  const own = (name: string) => `${name} of ${scope.tenantId}`;
  const post = async (path: string, body: object) => {
    const answer = await api.call<{ id: string }>('POST', path, { body, headers: { 'idempotency-key': `office-${++keys}` } });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  await view.put('client', 'green', {
    ...{ kind: 'client', name: 'Mrs Green', number: 'C-1', parentId: null, line1: null, city: 'Denver' },
    ...{ region: 'CO', postalCode: null, country: 'US', active: true },
  });
  await putDrive(view, { id: 'drive', worker: 'ann', job: 'fence', hours: 1 });
  const amounts = { unit: 'yd', allocatedE4: 50_000, installedE4: null, unitValueCents: null };
  const [job, visit] = [mirrorId(`${scope.tenantId}.1`, 'job', 'house'), mirrorId(`${scope.tenantId}.1`, 'milestone', 'dig')];
  const mulch = { milestoneId: visit, item: 'mulch', name: own('Mulch'), ...amounts };
  await putRecord(table, scope, 'material_allocation', 'mulch', mulch, { jobId: job });
  await post('/v1/disqualifiers', { name: own('Was everybody safe?'), category: 'Safety' });
  await post('/v1/penalties', { name: own('Left late'), category: 'Attendance', kind: 'fixed', amount: '20.00' });
  await post('/v1/exclusion-rules', { type: 'name_pattern', value: own('Warranty') });
  await post('/v1/divisions', { name: own('Snow'), branchId: idOf('branch', 'b1') });
  const shares = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };
  const pool = await post('/v1/bonus-pools', { name: own('All to the crew'), ...shares });
  await post(`/v1/bonus-pools/${pool}/assignments`, { branchId: idOf('branch', 'b2') });
  await post('/v1/users', { email: `ann@${scope.tenantId}.example.com`, name: own('Ann'), role: 'crew_lead', workerId: null });
  const events = ['propay.approved'];
  const hook = await post('/v1/webhooks', { url: `https://${scope.tenantId}.example.com/hook`, events });
  await post(`/v1/webhooks/${hook}/test`, {});
  await post('/v1/api-tokens', { name: own('robot'), role: 'auditor' });
  for (const [at, name] of ['ann', 'bob', 'mo', 'lea', 'max'].entries()) await nameWorker(view, name, { payrollId: `10${at}` });
  const { body: statements } = await api.call<{ items: readonly { id: string; status: string }[] }>('GET', '/v1/statements');
  const [paid] = statements.items;
  const accept = ['premium-incomplete', 'period-open'].map((code) => ({ code, reason: 'a test' }));
  await post(`/v1/statements/${paid!.id}/pay`, { payDate: api.now().slice(0, 10), accept });
  await saveArea(view, 'exports', { targets: GENERIC });
  const exported = await post('/v1/exports', { target: 'generic', statementIds: [paid!.id] });
  await post(`/v1/exports/${exported}/export`, { accept });
  await seedConnection(table, scope, { connection: { n: 2, provider: 'file-import', name: own('Files') } });
  const upload = {
    ...UPLOAD,
    id: api.ports.ulid(),
    connectionId: `${scope.tenantId}.2`,
    createdAt: api.now(),
    expiresAt: addSeconds(api.now(), DAY),
  };
  const link = {
    ...LINK,
    id: `link-${scope.tenantId}`,
    connectionId: `${scope.tenantId}.1`,
    targetId: mirrorId(`${scope.tenantId}.1`, 'worker', 'ann'),
  };
  await table.write(scope, [saveUploadAction(scope, 2, upload, null), saveLinkAction(scope, link.targetId, link, null)]);
  await keepBooks(view, openRunStore({ table, scope, n: 1, decrypt: async () => ({}) }), api.ports.ulid());
}

const SPACES: Partial<Record<string, Parameters<typeof mirrorId>[1]>> = { time_entry: 'time', drive_time: 'time' };
const NAMES = ['name', 'displayName', 'title'];

/**
 * The bench as another tenant has it. Stories name records by the ids that they have in the first tenant; the view turns those into the
 * tenant's own on the way in, and back on the way out.
 */
function viewOf(
  bench: BonusBench,
  tenant: TenantName,
  known: Map<string, readonly [never, string] | readonly [string, string]>,
): BonusBench {
  const scope = scopeOf(tenant);
  const idHere = (space: string, sourceId: string) => mirrorId(`${tenant}.1`, space as never, sourceId);
  const translated = (value: unknown, back: boolean): unknown => {
    if (value === undefined) return undefined;
    let text = JSON.stringify(value);
    for (const [first, [space, sourceId]] of known) {
      const here = idHere(space, sourceId);
      text = back ? text.replaceAll(here, first) : text.replaceAll(first, here);
    }
    return JSON.parse(text);
  };
  const inward = <T>(value: T): T => translated(value, false) as T;
  return {
    ...bench,
    scope,
    put: async (entity, sourceId, fields, envelope = {}) => {
      const space = SPACES[entity] ?? entity;
      known.set(mirrorId('acme1.1', space as never, sourceId), [space, sourceId]);
      const named = Object.entries(inward(fields) as object).map(([key, value]) => [
        key,
        NAMES.includes(key) ? `${value} of ${tenant}` : value,
      ]);
      return bench.putIn(scope, entity, sourceId, Object.fromEntries(named), inward(envelope));
    },
    context: async (change) => {
      const context = translated((await readContext(bench.table, scope))!, true) as never;
      await bench.table.write(scope, [saveContextAction(scope, inward(change(context)))]);
    },
    api: {
      ...bench.api,
      scope,
      call: async <T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
        const answer = await bench.api.call<T>(method, inward(path), { ...inward(options), tenant });
        return { ...answer, body: translated(answer.body, true) as T };
      },
    },
  };
}
