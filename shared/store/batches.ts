import { inParallel } from '#kernel/in-parallel.ts';
import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import { batchKey, batchTargetsKey, type Key, listPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { type BatchRecord, batchesMet, batchOf, endOfHold, holdOf, readBatch } from './batch-hold.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import { backOffMs, type PlainTable } from './plain-table.ts';
import { StoreError } from './store-error.ts';
import type { FailedAction, Item, StagedWrite, WriteAction, WriteOutcome } from './write-action.ts';

/** A write of more records than one transaction holds. */
export interface BatchWrite {
  /** A new ULID: of two batches that want the same record the older one goes first. */
  readonly id: string;
  /** Written in the transaction that commits: with it the batch stands or falls. At most 99. */
  readonly actions: readonly WriteAction[];
  readonly staged: readonly StagedWrite[];
}

/** What the protocol needs of the machine. */
export interface BatchOptions {
  readonly now: () => Instant;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** How long a batch may take until whoever meets it may abort it. */
const OPEN_SECONDS = 60;
/** How long after its time something of an aborted batch may still arrive. */
const GRACE_SECONDS = 900;
/** Afterwards the record of a batch that is over is kept for readers of old copies of what it held. */
const KEPT_SECONDS = 30 * 86_400;
const MAX_ATTEMPTS = 8;
const VERSION = 1;

type OpenBatch = Pick<BatchRecord, 'id' | 'until'>;

/**
 * Writes any number of records as one (decision 009): each is held where it stands, one transaction says for all of them that they have
 * changed, and then each becomes what it is. Readers who meet a hold ask the batch; a process may die at any moment.
 */
class Batches {
  readonly #plain: PlainTable;
  readonly #options: BatchOptions;

  constructor(plain: PlainTable, options: BatchOptions) {
    this.#plain = plain;
    this.#options = options;
  }

  /** Indexes of what failed count the actions first, then the staged writes. */
  async write(scope: TenantScope, { id, actions, staged }: BatchWrite): Promise<WriteOutcome> {
    const batch = await this.#open(scope, id, staged);
    let outcome: WriteOutcome;
    try {
      const refused = await this.#stage(scope, batch, staged);
      outcome =
        refused === null
          ? await this.#commit(scope, id, actions)
          : { applied: false, failed: [{ ...refused, index: actions.length + refused.index }] };
      if (!outcome.applied && !(await this.#abort(scope, id))) outcome = { applied: true };
    } catch (error) {
      // Whether the commit has happened is not known: aborting finds out.
      if (await this.#abort(scope, id)) {
        await this.#endQuietly(scope, id);
        throw error;
      }
      outcome = { applied: true };
    }
    await this.#endQuietly(scope, id);
    return outcome;
  }

  /**
   * Brings a batch as far to its end as time allows: an open one past its time is aborted, and the holds of one that is over are ended.
   * Doing it again changes nothing.
   */
  async end(scope: TenantScope, id: string): Promise<void> {
    const { now } = this.#options;
    const batch = await readBatch(this.#plain, scope, id);
    if (batch.closed || (batch.state === 'open' && batch.until > now())) return;
    const committed = batch.state === 'committed' || (batch.state === 'open' && !(await this.#abort(scope, id)));
    await this.#settle(scope, id, committed);
    // A write that was to hold a record may still be on its way to a batch that is aborted.
    if (committed || addSeconds(batch.until, GRACE_SECONDS) <= now()) await this.#close(scope, id);
  }

  /**
   * Frees the records that a lost write has met in batches: ended where their batch is over or past its time; of a younger batch than
   * `own` as well, which has to give way. False where one of them stays held: its batch is under way.
   */
  async free(scope: TenantScope, held: readonly Item[], own: string | null): Promise<boolean> {
    let free = true;
    for (const item of held) {
      const batch = await readBatch(this.#plain, scope, batchOf(item)!);
      const over = await this.#isOver(scope, batch, own);
      if (over === null) free = false;
      else await this.#plain.write(scope, [endOfHold(item, over.committed)]);
    }
    return free;
  }

  async #isOver(scope: TenantScope, batch: BatchRecord, own: string | null): Promise<{ readonly committed: boolean } | null> {
    if (batch.state !== 'open') return { committed: batch.state === 'committed' };
    const givesWay = batch.until <= this.#options.now() || (own !== null && batch.id > own);
    return givesWay ? { committed: !(await this.#abort(scope, batch.id)) } : null;
  }

  async #open(scope: TenantScope, id: string, staged: readonly StagedWrite[]): Promise<OpenBatch> {
    const until = addSeconds(this.#options.now(), OPEN_SECONDS);
    const list = { bp: listPartition(scope, 'BATCH'), bs: id };
    const item = { ...batchKey(scope, id), ...list, et: 'bt', v: VERSION, id, state: 'open', until, count: staged.length };
    // One after the other: without the batch's own record nobody would find its list of targets.
    await this.#plain.write(scope, [{ kind: 'put', item, condition: IF_ABSENT }]);
    const targets = staged.map((one) => `${one.item.pk}\n${one.item.sk}`);
    await this.#plain.write(scope, [{ kind: 'put', item: { ...batchTargetsKey(scope, id), et: 'bl', v: VERSION, targets } }]);
    return { id, until };
  }

  /** Holds every record, or answers the first one that cannot be held. */
  async #stage(scope: TenantScope, batch: OpenBatch, staged: readonly StagedWrite[]): Promise<FailedAction | null> {
    let refused: FailedAction | null = null;
    await inParallel([...staged.entries()], async ([index, one]) => {
      if (refused !== null) return;
      const lost = await this.#hold(scope, batch, one);
      if (lost !== null) refused = { ...lost, index };
    });
    return refused;
  }

  async #hold(scope: TenantScope, { id, until }: OpenBatch, staged: StagedWrite): Promise<FailedAction | null> {
    const { now, sleep, random } = this.#options;
    for (let attempt = 0; ; attempt++) {
      if (now() >= until) throw new StoreError('store-conflict', 'a batch has taken longer than its time');
      const outcome = await this.#plain.write(scope, [holdAction(id, staged)]);
      if (outcome.applied) return null;
      const lost = outcome.failed[0]!;
      const holder = batchOf(lost.current);
      // The answer to a first try was lost on its way.
      if (holder === id) return null;
      if (holder === null) return lost;
      if (await this.free(scope, [lost.current!], id)) continue;
      if (attempt + 1 >= MAX_ATTEMPTS) throw busy();
      await sleep(backOffMs(attempt, random));
    }
  }

  async #commit(scope: TenantScope, id: string, actions: readonly WriteAction[]): Promise<WriteOutcome> {
    const { sleep, random } = this.#options;
    const own = stateAction(scope, id, 'committed');
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#plain.write(scope, [...actions, own], id);
      if (outcome.applied) return outcome;
      const failed = outcome.failed.filter(({ index }) => index < actions.length);
      const met = batchesMet(failed);
      // Where our own record is lost, an older batch or the end of our time has come in between: read and decide again.
      if (met.length === 0 || met.length < outcome.failed.length) return { applied: false, failed };
      if (!(await this.free(scope, met, id))) await sleep(backOffMs(attempt, random));
      if (attempt + 1 >= MAX_ATTEMPTS) throw busy();
    }
  }

  /** True where the batch is aborted now, or was; false where it is committed. */
  async #abort(scope: TenantScope, id: string): Promise<boolean> {
    const outcome = await this.#plain.write(scope, [stateAction(scope, id, 'aborted')]);
    return outcome.applied || outcome.failed[0]?.current?.state === 'aborted';
  }

  /** The end by the batch's own process. Where it fails the answer stands all the same: stream, readers and daily work end it. */
  async #endQuietly(scope: TenantScope, id: string): Promise<void> {
    try {
      await this.end(scope, id);
    } catch {}
  }

  async #settle(scope: TenantScope, id: string, committed: boolean): Promise<void> {
    const list = await this.#plain.get(scope, batchTargetsKey(scope, id));
    const keys = ((list?.targets ?? []) as readonly string[]).map(keyOfTarget);
    const held = (await this.#plain.batchGet(scope, keys)).filter((item) => batchOf(item) === id);
    await inParallel(held, async (item) => {
      await this.#plain.write(scope, [endOfHold(item!, committed)]);
    });
  }

  /** Nothing is held any more: the batch leaves the list of those under way. */
  async #close(scope: TenantScope, id: string): Promise<void> {
    await this.#plain.write(scope, [{ kind: 'delete', key: batchTargetsKey(scope, id) }]);
    const expires = Math.ceil(msOf(addSeconds(this.#options.now(), KEPT_SECONDS)) / 1_000);
    await this.#plain.write(scope, [
      {
        kind: 'update',
        key: batchKey(scope, id),
        update: { expression: 'SET expiresAt = :expires REMOVE bp, bs', values: { ':expires': expires } },
        condition: { expression: 'attribute_exists(pk)' },
      },
    ]);
  }
}

export type { Batches };

/** The protocol over a plain table. */
export function openBatches(plain: PlainTable, options: BatchOptions): Batches {
  return new Batches(plain, options);
}

/** A StoreError for records that another batch holds again and again. */
export function busy(): StoreError {
  return new StoreError('store-conflict', 'a batch under way holds the records');
}

function holdAction(id: string, staged: StagedWrite): WriteAction {
  const { pk, sk, et, v } = staged.item;
  if (staged.kind === 'create')
    return { kind: 'put', item: { pk, sk, et, v, ...holdOf(id, staged.item, true) }, condition: IF_ABSENT };
  return {
    kind: 'update',
    key: { pk, sk },
    update: { expression: 'SET pend = :pend', values: { ':pend': holdOf(id, staged.item, false).pend } },
    condition: ifUnchanged(staged.counter, staged.seen),
  };
}

function stateAction(scope: TenantScope, id: string, state: 'committed' | 'aborted'): WriteAction {
  return {
    kind: 'update',
    key: batchKey(scope, id),
    update: { expression: 'SET #state = :to', names: { '#state': 'state' }, values: { ':to': state } },
    condition: { expression: '#state = :open', names: { '#state': 'state' }, values: { ':open': 'open' } },
  };
}

function keyOfTarget(text: string): Key {
  const at = text.indexOf('\n');
  return { pk: text.slice(0, at), sk: text.slice(at + 1) };
}
