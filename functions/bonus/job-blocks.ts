import { isPastPending } from '#bonus/shown.ts';
import { AppError } from '#kernel/errors.ts';
import { type BonusBlock, NO_BONUS, NO_VERDICT, showsSame } from '#model/bonus-block.ts';
import { jobKey, jobPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord, ShownBudget } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import { bonusBlockAction } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';
import { gather } from './gather.ts';

/** A job shows its first ProPays; who wants all of them asks the list of the job's ProPays. */
const MAX_SHOWN = 20;
/** Every lost write is another writer's won one, and the next try begins at what that one wrote: so many in a row are a defect. */
const TRIES = 40;
/** Time entries looked at in one reading: of those that the source has deleted there are few. */
const LOOKED_AT = 25;

/** What one of a job's targets has to say on the job's own block. What is absent stays as it is. */
export interface JobNote {
  readonly proPayId?: string;
  readonly verdict?: string | null;
  readonly excludedBy?: string | null;
  readonly budget?: ShownBudget | null;
  /** `yes`: this target shows that work has begun. `look`: it does no more, so somebody has to look at the whole job. */
  readonly begun?: 'yes' | 'look';
}

/** Puts a note on a job's block, as it was read with the job. */
export type NoteOnJob = (scope: TenantScope, job: MirrorRecord<'job'>, note: JobNote) => Promise<void>;

/**
 * The block of a job that several targets write: the notes of targets settled at the same time are put together, and what another
 * process writes meanwhile is kept. Writes nothing where nothing differs. Throws where the job stays busy, so the target is settled again.
 */
export function openJobBlocks(table: Table): NoteOnJob {
  const written = new Map<string, BonusBlock>();
  const ask = gather<{ scope: TenantScope; job: MirrorRecord<'job'>; note: JobNote }, undefined>(async (key, asked) => {
    const { scope, job } = asked[0]!;
    const known = [...asked.map((one) => one.job.bonus), written.get(key) ?? NO_BONUS];
    const latest = known.reduce((a, b) => (b.revision > a.revision ? b : a));
    const notes = asked.map(({ note }) => note);
    written.set(key, await putNotes(table, scope, job.id, latest, notes));
    return asked.map(() => undefined);
  });
  return (scope, job, note) => ask(`${scope.tenantId} ${job.id}`, { scope, job, note });
}

async function putNotes(
  table: Table,
  scope: TenantScope,
  jobId: string,
  first: BonusBlock,
  notes: readonly JobNote[],
): Promise<BonusBlock> {
  let seen = first;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const next = notes.reduce(withNote, { ...seen, begun: await begunOf(table, scope, jobId, seen, notes) });
    if (showsSame(seen, next)) return seen;
    const key = jobKey(scope, jobId);
    const outcome = await table.write(scope, [bonusBlockAction(key, seen, next)]);
    if (outcome.applied) return { ...next, revision: seen.revision + 1 };
    const current = outcome.failed[0]?.current ?? null;
    // The job is gone: there is no row to show anything on.
    if (current === null) return seen;
    seen = decodeMirrorRecord(current).bonus;
  }
  throw new AppError('job-busy', { category: 'transient', data: { jobId } });
}

function withNote(block: BonusBlock, { proPayId, verdict, excludedBy, budget }: JobNote): BonusBlock {
  const isNew = proPayId !== undefined && !block.proPayIds.includes(proPayId) && block.proPayIds.length < MAX_SHOWN;
  return {
    ...block,
    ...(isNew ? { proPayIds: [...block.proPayIds, proPayId], ...NO_VERDICT } : {}),
    ...(verdict === undefined ? {} : { verdict, excludedBy: excludedBy ?? null }),
    ...(budget === undefined ? {} : { budget }),
  };
}

async function begunOf(
  table: Table,
  scope: TenantScope,
  jobId: string,
  seen: BonusBlock,
  notes: readonly JobNote[],
): Promise<boolean> {
  if (notes.some(({ begun }) => begun === 'yes')) return true;
  return seen.begun && notes.some(({ begun }) => begun === 'look') ? hasBegun(table, scope, jobId) : seen.begun;
}

/** Whether the job has any time or a milestone past `pending` (M-31): read only where a sign of it has gone. */
async function hasBegun(table: Table, scope: TenantScope, jobId: string): Promise<boolean> {
  const partition = jobPartition(scope, jobId);
  let after: Readonly<Record<string, unknown>> | null = null;
  do {
    const page: Awaited<ReturnType<Table['query']>> = await table.query(scope, {
      partition,
      prefix: 'T#',
      limit: LOOKED_AT,
      after,
    });
    if (page.items.some((item) => item.tb === undefined)) return true;
    after = page.after;
  } while (after !== null);
  const items = await table.queryAll(scope, { partition, prefix: 'M#' });
  return items.some((item) => item.et === 'ms' && isPastPending(decodeMirrorRecord<'milestone'>(item)));
}
