import { tenantIdOfKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { decodeContext } from '#store/settings-repository.ts';
import type { StreamChange } from '#store/stream-image.ts';
import type { Item } from '#store/table.ts';
import { countedText } from './counted-fields.ts';

/** What changed in one job: which of its targets that concerns is known once its header is read. */
export interface JobTouch {
  readonly jobId: string;
  /** The job's own record changed: every target of it. */
  header: boolean;
  /** Records of the job without a milestone changed: a non-recurring job's ProPay. */
  loose: boolean;
  readonly milestoneIds: Set<string>;
  /** The job, or a milestone of it, may have become overhead, or no overhead any more (B-47). */
  overhead: boolean;
  /** The stream records behind it. */
  readonly sequences: string[];
}

/** Everything a batch changes for one tenant, each thing once. */
export interface TenantTouch {
  readonly scope: TenantScope;
  readonly jobs: Map<string, JobTouch>;
  /** Workers whose wages changed, with the stream records behind it. */
  readonly wages: Map<string, string[]>;
  /** Workers that came or went, so that a wage may have been there before its worker, or that changed their branch. */
  readonly workers: Map<string, string[]>;
  /** Stream records of changed branches, divisions and routes. */
  readonly references: string[];
  /** The context's change over the whole batch: the earliest image and the latest. */
  context: { readonly before: TenantContext | null; readonly after: TenantContext; readonly sequences: readonly string[] } | null;
}

/**
 * Folds a batch of stream changes into what has to be looked at: removals by time to live, records equal in what counts, and records
 * that concern no scope are dropped; scopes are taken from both images; each scope appears once, however many records concern it.
 */
export function fold(changes: readonly StreamChange[]): readonly TenantTouch[] {
  const tenants = new Map<string, TenantTouch>();
  for (const change of changes) {
    if (change.expired || countedText(change.before) === countedText(change.after)) continue;
    for (const image of [change.before, change.after]) if (image !== null) touch(tenants, image, change);
  }
  return [...tenants.values()];
}

function touch(tenants: Map<string, TenantTouch>, image: Item, change: StreamChange): void {
  const tenantId = tenantIdOfKey(image.pk);
  if (tenantId === null) return;
  switch (image.et) {
    case 'jb':
    case 'ms':
    case 'bu':
    case 'ma':
    case 'ti':
    case 'dr':
      touchJob(tenants, tenantId, image, change);
      return;
    case 'wg':
      touchEach(tenantOf(tenants, tenantId).wages, workerOf(image), change.sequence);
      return;
    case 'wk':
      touchEach(tenantOf(tenants, tenantId).workers, workerOf(image), change.sequence);
      return;
    case 're':
      if (image === (change.after ?? change.before)) tenantOf(tenants, tenantId).references.push(change.sequence);
      return;
    case 'cx':
      if (image === change.after) touchContext(tenantOf(tenants, tenantId), change);
      return;
    default:
      return;
  }
}

function tenantOf(tenants: Map<string, TenantTouch>, tenantId: string): TenantTouch {
  const known = tenants.get(tenantId);
  if (known !== undefined) return known;
  const fresh: TenantTouch = {
    scope: scopeOf(tenantId),
    jobs: new Map(),
    wages: new Map(),
    workers: new Map(),
    references: [],
    context: null,
  };
  tenants.set(tenantId, fresh);
  return fresh;
}

/** Time that waits in its worker's own partition has no job and concerns no ProPay. */
function touchJob(tenants: Map<string, TenantTouch>, tenantId: string, image: Item, change: StreamChange): void {
  const { sequence } = change;
  const jobId = /#J#([^#]+)$/.exec(image.pk)?.[1];
  if (jobId === undefined) return;
  const { jobs } = tenantOf(tenants, tenantId);
  let job = jobs.get(jobId);
  if (job === undefined) {
    job = { jobId, header: false, loose: false, milestoneIds: new Set(), overhead: false, sequences: [] };
    jobs.set(jobId, job);
  }
  const parts = image.sk.split('#');
  const milestoneId = parts[0] === 'M' || parts[0] === 'T' || parts[0] === 'D' ? parts[1]! : '-';
  if (overheadText(change.before) !== overheadText(change.after)) job.overhead = true;
  if (image.et === 'jb') job.header = true;
  else if (milestoneId === '-') job.loose = true;
  else job.milestoneIds.add(milestoneId);
  if (job.sequences.at(-1) !== sequence) job.sequences.push(sequence);
}

/** What of a job or milestone decides whether it is overhead, as comparable text; null for anything else. */
function overheadText(image: Item | null): string | null {
  if (image === null || (image.et !== 'jb' && image.et !== 'ms')) return null;
  const { clientId, divisionId, serviceType } = decodeMirrorRecord<'job'>(image).fields;
  return JSON.stringify([clientId ?? null, divisionId ?? null, serviceType]);
}

const workerOf = (image: Item): string | undefined => /#W#([^#]+)$/.exec(image.pk)?.[1];

function touchEach(touched: Map<string, string[]>, id: string | undefined, sequence: string): void {
  if (id === undefined) return;
  const sequences = touched.get(id) ?? [];
  if (sequences.at(-1) !== sequence) sequences.push(sequence);
  touched.set(id, sequences);
}

function touchContext(tenant: TenantTouch, change: StreamChange): void {
  const before = change.before === null ? null : decodeContext(change.before);
  const after = decodeContext(change.after!);
  const { context } = tenant;
  const earliest = context === null || (before?.revision ?? 0) < (context.before?.revision ?? 0) ? before : context.before;
  const latest = context === null || after.revision > context.after.revision ? after : context.after;
  tenant.context = { before: earliest, after: latest, sequences: [...(context?.sequences ?? []), change.sequence] };
}
