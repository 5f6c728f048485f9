import { hashText } from '#kernel/hash.ts';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import { auditHeadKey, auditHeadPartition, auditKey, type Key } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { StoreError } from './store-error.ts';
import type { FailedAction, Item, Table, WriteAction } from './table.ts';

const HEAD_VERSION = 1;
/** Entries of one transaction, beside the head. */
const TOGETHER = 90;
const TRIES = 30;
/** Entries are sealed within seconds; one that is not within an hour was lost on its way. */
const UNSEALED_SECONDS = 3_600;
/** Before the first entry of a tenant. */
const NOTHING = 'genesis';

/** How far a month is sealed: each month has a chain of its own, whose first link is the end of the month before as it stood then. */
export interface AuditHead {
  readonly month: string;
  readonly seq: number;
  readonly hash: string;
  readonly from: { readonly month: string; readonly seq: number; readonly hash: string } | null;
}

/** What a walk along one month of the log has found. */
export interface AuditFindings {
  readonly checked: number;
  readonly broken: readonly string[];
  /** Entries that should have been sealed long ago. */
  readonly unsealed: readonly Item[];
}

const monthOf = ({ pk }: Pick<Item, 'pk'>): string => pk.slice(-7);

/** An entry's place in the chain; null until it is sealed. */
export function sealOf(item: Item): { readonly seq: number; readonly prevHash: string; readonly hash: string } | null {
  return typeof item.seq === 'number' ? { seq: item.seq, prevHash: String(item.prevHash), hash: String(item.hash) } : null;
}

/**
 * Seals audit entries (M-153): gives each that has none its place in the chain of its month, in one transaction with the head. The content is
 * not touched; an entry is sealed once, whoever else seals at the same time and wherever this is cut.
 */
export async function sealEntries(table: Table, scope: TenantScope, keys: readonly Key[]): Promise<void> {
  const stored = (await table.batchGet(scope, keys)).filter((item) => item !== null);
  for (const [month, items] of Map.groupBy(stored, monthOf)) {
    const unsealed = items.filter((item) => sealOf(item) === null).sort((a, b) => (a.sk < b.sk ? -1 : 1));
    for (let at = 0; at < unsealed.length; at += TOGETHER)
      await sealTogether(table, scope, month, unsealed.slice(at, at + TOGETHER));
  }
}

async function sealTogether(table: Table, scope: TenantScope, month: string, items: readonly Item[]): Promise<void> {
  let left = items;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === TRIES) throw new StoreError('store-conflict', 'the audit log is sealed by others again and again');
    const outcome = await table.write(scope, sealActions(scope, left, await readHead(table, scope, month)));
    if (outcome.applied) return;
    const lost = new Set(outcome.failed.flatMap((one: FailedAction) => (one.reason === 'condition' ? [one.index - 1] : [])));
    left = left.filter((_, index) => !lost.has(index));
  }
}

/** The head to go on from; of a month that has none yet one that leads back to the month before. */
async function readHead(table: Table, scope: TenantScope, month: string): Promise<AuditHead> {
  const range = { partition: auditHeadPartition(scope), from: 'HEAD#', to: auditHeadKey(scope, month).sk };
  const { items } = await table.query(scope, { ...range, descending: true, limit: 1 });
  const latest = items[0] === undefined ? null : decodeHead(items[0]);
  if (latest?.month === month) return latest;
  const from = latest === null ? null : { month: latest.month, seq: latest.seq, hash: latest.hash };
  return { month, seq: 0, hash: from?.hash ?? NOTHING, from };
}

function sealActions(scope: TenantScope, items: readonly Item[], head: AuditHead): readonly WriteAction[] {
  let { seq, hash } = head;
  const updates = items.map(({ pk, sk, ...content }): WriteAction => {
    const prevHash = hash;
    seq += 1;
    hash = hashOf({ pk, sk, ...content }, seq, prevHash);
    return {
      kind: 'update',
      key: { pk, sk },
      update: {
        expression: 'SET seq = :seq, prevHash = :prev, #hash = :hash',
        names: { '#hash': 'hash' },
        values: { ':seq': seq, ':prev': prevHash, ':hash': hash },
      },
      condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(seq)' },
    };
  });
  const next = { ...auditHeadKey(scope, head.month), et: 'ah', v: HEAD_VERSION, month: head.month, seq, hash, from: head.from };
  const condition =
    head.seq === 0
      ? { expression: 'attribute_not_exists(pk)' }
      : {
          expression: 'seq = :seq AND #hash = :hash',
          names: { '#hash': 'hash' },
          values: { ':seq': head.seq, ':hash': head.hash },
        };
  return [{ kind: 'put', item: next, condition }, ...updates];
}

const decodeHead = ({ month, seq, hash, from }: Item): AuditHead => ({ month, seq, hash, from: from ?? null }) as AuditHead;

/** The heads of all months of a tenant, oldest first. */
export async function listAuditHeads(table: Table, scope: TenantScope): Promise<readonly AuditHead[]> {
  return (await table.queryAll(scope, { partition: auditHeadPartition(scope), prefix: 'HEAD#' })).map(decodeHead);
}

/** Whether the months lead to each other: none is missing, and none before the first. */
export function brokenMonths(heads: readonly AuditHead[]): readonly string[] {
  return heads.flatMap(({ month, from }, index) => {
    const before = heads[index - 1];
    // Late entries of a month may go on after the next one has begun.
    const leadsBack =
      before === undefined ? from === null : from !== null && from.month === before.month && from.seq <= before.seq;
    return leadsBack ? [] : [`${month}: does not follow the month before`];
  });
}

/** Walks along one month: every entry is what was sealed, in its place, and none is missing or added (M-153). */
export async function readAuditMonth(
  table: Table,
  scope: TenantScope,
  month: string,
  heads: readonly AuditHead[],
  now: Instant,
): Promise<AuditFindings> {
  const head = heads.find((one) => one.month === month) ?? null;
  const next = heads.find(({ from }) => from?.month === month)?.from ?? null;
  const items = await table.queryAll(scope, { partition: auditKey(scope, month, '').pk });
  const sealed = items.filter((item) => sealOf(item) !== null).sort((a, b) => Number(a.seq) - Number(b.seq));
  const broken: string[] = [];
  let prevHash = head?.from?.hash ?? NOTHING;
  for (const [index, item] of sealed.entries()) {
    const seal = sealOf(item)!;
    if (seal.seq !== index + 1) broken.push(`${month}: ${seal.seq} stands in the place of ${index + 1}`);
    if (seal.prevHash !== prevHash) broken.push(`${month}: ${seal.seq} does not follow the entry before`);
    if (seal.hash !== hashOf(item, seal.seq, seal.prevHash)) broken.push(`${month}: ${seal.seq} is not what was sealed`);
    for (const end of [head, next])
      if (end?.seq === seal.seq && end.hash !== seal.hash) broken.push(`${month}: ${seal.seq} is another end`);
    prevHash = seal.hash;
  }
  // The head was read first: entries sealed since lie behind it.
  if (sealed.length < (head?.seq ?? 0)) broken.push(`${month}: ${head!.seq - sealed.length} entries are missing`);
  if (head === null && sealed.length > 0) broken.push(`${month}: the head is missing`);
  const late = addSeconds(now, -UNSEALED_SECONDS);
  return { checked: items.length, broken, unsealed: items.filter((item) => sealOf(item) === null && String(item.at) < late) };
}

/** Has the stream tell of entries again that were lost on their way to the sealer; of those that were sealed meanwhile nothing is said. */
export async function wakeEntries(table: Table, scope: TenantScope, items: readonly Item[], now: Instant): Promise<void> {
  for (const { pk, sk } of items) {
    const update = { expression: 'SET wokenAt = :now', values: { ':now': now } };
    const condition = { expression: 'attribute_exists(pk) AND attribute_not_exists(seq)' };
    await table.write(scope, [{ kind: 'update', key: { pk, sk }, update, condition }]);
  }
}

/** The hash of an entry in its place: of everything that is stored of it but its seal. */
function hashOf({ seq: _seq, prevHash: _prev, hash: _hash, ...content }: Item, seq: number, prevHash: string): string {
  return hashText(`${seq}\n${prevHash}\n${JSON.stringify(sorted(content))}`);
}

/** With the keys of all its objects in order: the store gives them back in any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, one]) => [name, sorted(one)]));
}
