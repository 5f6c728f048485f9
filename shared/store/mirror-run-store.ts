import type { FeedEvent } from '#events/event.ts';
import { hashText } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Connection, Hold, Marker, QuarantineEntry, Run, SyncState } from '#model/connection.ts';
import type { IdentitySpace } from '#model/entities.ts';
import { decodeRows, encodeRows, type FingerprintRow } from '#model/fingerprint-rows.ts';
import {
  byNumber,
  connectionPartition,
  fingerprintKey,
  holdKey,
  markerKey,
  parkedKey,
  planKey,
  quarantineKey,
  runKey,
  sweepKey,
  syncStateKey,
} from '#model/keys.ts';
import type { Link } from '#model/link.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { encodeSyncChanges, withoutNulls } from '#model/sync-item.ts';
import type { PlanPage, SweepState, Waiting } from '#model/sync-items.ts';
import {
  filesAre,
  listConnections,
  listHolds,
  readCiphertext,
  readConnection,
  readSyncState,
  updateSyncStateAction,
} from './connection-repository.ts';
import { appendEvents } from './feed-repository.ts';
import { listLinks, saveLinkAction } from './link-repository.ts';
import { mirrorRecordStore } from './mirror-record-store.ts';
import { readOpenRecords } from './open-records.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';
import { setAttributes } from './update-expression.ts';

/** Records of one number that are looked at: enough to see that it is not one record's own. */
const SAME_NUMBER = 20;
const HISTORY_SECONDS = 400 * 86_400;
/** Actions of one transaction, less the check of the fence. */
const FENCED_ACTIONS = 99;

/**
 * What a run of one connection needs of the table (the engine's `RunStore`). Checkpoints, plans, tombstones and the end of a run are
 * written under the run's fence: a superseded run loses each of them (M-79).
 */
export function openRunStore(options: {
  readonly table: Table;
  readonly scope: TenantScope;
  readonly n: number;
  readonly decrypt: (ciphertext: Uint8Array | string) => Promise<Readonly<Record<string, string>>>;
}) {
  const { table, scope, n, decrypt } = options;
  const partition = connectionPartition(scope, n);
  const holdsFence = (fence: number): WriteAction => ({ kind: 'check', key: syncStateKey(scope, n), condition: fenceIs(fence) });
  const updateState = (fence: number, changes: Partial<SyncState>): WriteAction => ({
    kind: 'update',
    key: syncStateKey(scope, n),
    update: setAttributes(encodeSyncChanges(changes)),
    condition: fenceIs(fence),
  });
  const applied = async (actions: readonly WriteAction[], token?: string): Promise<boolean> =>
    (await table.write(scope, actions, token)).applied;
  /** A put or delete of bookkeeping that must not come from a superseded run. */
  const fenced = async (fence: number, actions: readonly WriteAction[]): Promise<void> => {
    for (let at = 0; at < actions.length; at += FENCED_ACTIONS) {
      const outcome = await table.write(scope, [...actions.slice(at, at + FENCED_ACTIONS), holdsFence(fence)]);
      if (!outcome.applied) return;
    }
  };

  return {
    ...mirrorRecordStore({ table, scope, n, holdsFence }),

    readConnection: (): Promise<Connection | null> => readConnection(table, scope, n),
    readState: (): Promise<SyncState | null> => readSyncState(table, scope, n),
    async readCredentials(): Promise<Readonly<Record<string, string>>> {
      const ciphertext = await readCiphertext(table, scope, n);
      if (ciphertext === null) return {};
      return decrypt(ciphertext);
    },

    take: (state: SyncState, changes: Partial<SyncState>) =>
      applied([
        updateSyncStateAction(
          scope,
          n,
          { ...changes, fence: state.fence + 1 },
          state.fence,
          changes.files && filesAre(state.files),
        ),
      ]),
    renew: (fence: number, until: Instant) =>
      applied([
        {
          kind: 'update',
          key: syncStateKey(scope, n),
          update: { expression: 'SET lease.#until = :until', names: { '#until': 'until' }, values: { ':until': until } },
          condition: { ...fenceIs(fence), expression: '#fence = :fence AND attribute_exists(lease)' },
        },
      ]),
    check: (fence: number, changes: Partial<SyncState>) => applied([updateState(fence, changes)]),
    finish: (fence: number, changes: Partial<SyncState>, run: Run) =>
      applied([
        updateState(fence, changes),
        {
          kind: 'put',
          item: {
            ...runKey(scope, n, run.id),
            et: 'rn',
            v: 1,
            run,
            expiresAt: Math.floor(Date.parse(run.finishedAt) / 1000) + HISTORY_SECONDS,
          },
          condition: { expression: 'attribute_not_exists(pk)' },
        },
      ]),

    async readSegments(stream: string, strong: boolean): Promise<{ segment: string; rows: FingerprintRow[] }[]> {
      const prefix = fingerprintKey(scope, n, stream, '').sk;
      const items = await table.queryAll(scope, { partition, prefix, consistent: strong });
      return items.map((item) => ({ segment: item.sk.slice(prefix.length), rows: decodeRows(item.rows as Uint8Array) }));
    },
    async readPlans(strong: boolean): Promise<PlanPage[]> {
      const items = await table.queryAll(scope, { partition, prefix: 'PLAN#', consistent: strong });
      return items.map(decodePlan);
    },
    writePlan: (fence: number, page: PlanPage) =>
      applied(
        [
          { kind: 'put', item: encodePlan(scope, n, page), condition: { expression: 'attribute_not_exists(pk)' } },
          holdsFence(fence),
        ],
        hashText(`plan\n${page.runId}\n${page.n}\n${fence}`).slice(0, 36),
      ),
    markUnfinished: (fence: number, page: PlanPage) =>
      applied([
        { kind: 'update', key: planKey(scope, n, page.runId, page.n), update: setAttributes({ unfinished: true }) },
        holdsFence(fence),
      ]),
    async fold(
      fence: number,
      stream: string,
      segments: readonly { segment: string; rows: readonly FingerprintRow[] }[],
      stale: readonly string[],
    ) {
      for (const { segment, rows } of segments) {
        await fenced(fence, [
          { kind: 'put', item: { ...fingerprintKey(scope, n, stream, segment), et: 'fp', v: 1, rows: encodeRows(rows) } },
        ]);
      }
      await fenced(
        fence,
        stale.map((segment): WriteAction => ({ kind: 'delete', key: fingerprintKey(scope, n, stream, segment) })),
      );
    },
    /** Oldest first: a crash in between leaves the newer pages, which lie over the segments without harm. */
    async dropPlans(fence: number, pages: readonly PlanPage[]) {
      await fenced(
        fence,
        pages.map((page): WriteAction => ({ kind: 'delete', key: planKey(scope, n, page.runId, page.n) })),
      );
    },

    async readMarkers(ids: readonly { space: IdentitySpace; sourceId: string }[]): Promise<(Marker | null)[]> {
      const items = await table.batchGet(
        scope,
        ids.map((one) => markerKey(scope, n, one.space, one.sourceId)),
      );
      return items.map((item) => (item === null ? null : (item.marker as Marker)));
    },
    async putMarker(fence: number, marker: Marker) {
      await table.write(scope, [
        { kind: 'put', item: { ...markerKey(scope, n, marker.space, marker.sourceId), et: 'mk', v: 1, marker, fence } },
      ]);
    },
    async removeMarker(space: IdentitySpace, sourceId: string) {
      await table.write(scope, [{ kind: 'delete', key: markerKey(scope, n, space, sourceId) }]);
    },
    async putQuarantine(entry: QuarantineEntry) {
      const key = quarantineKey(
        scope,
        n,
        entry.space,
        entry.sourceId ?? `row:${hashText(`${entry.reason}\n${entry.field}\n${entry.value}${entry.row ?? ''}`).slice(0, 16)}`,
      );
      const before = (await table.get(scope, key))?.entry as QuarantineEntry | undefined;
      const merged = before
        ? { ...entry, firstRunId: before.firstRunId, firstAt: before.firstAt, attempts: before.attempts + 1 }
        : entry;
      await table.write(scope, [{ kind: 'put', item: { ...key, et: 'qu', v: 1, entry: merged } }]);
    },
    async removeQuarantine(space: IdentitySpace, sourceId: string) {
      await table.write(scope, [{ kind: 'delete', key: quarantineKey(scope, n, space, sourceId) }]);
    },

    async dropNameless(runId: string, spaces: ReadonlySet<string>) {
      const items = await table.queryAll(scope, { partition, prefix: 'QUAR#' });
      for (const { pk, sk, entry } of items) {
        const { sourceId, space, lastRunId } = entry as QuarantineEntry;
        if (sourceId !== null || lastRunId === runId || !spaces.has(space)) continue;
        await table.write(scope, [{ kind: 'delete', key: { pk: String(pk), sk: String(sk) } }]);
      }
    },

    async readWaiting(): Promise<Waiting[]> {
      const items = await table.queryAll(scope, { partition, prefix: 'PARK#' });
      return items.map((item) => item.waiting as Waiting);
    },
    async putWaiting(waiting: Waiting) {
      // Kept as it is when it is there already, so that `since` says how long a record has waited.
      const condition: Condition = {
        expression: 'attribute_not_exists(pk) OR waiting.parentSkipped <> :skipped',
        values: { ':skipped': waiting.parentSkipped },
      };
      await table.write(scope, [{ kind: 'put', item: { ...waitingKey(scope, n, waiting), et: 'pk', v: 1, waiting }, condition }]);
    },
    async removeWaiting(waiting: Waiting) {
      await table.write(scope, [{ kind: 'delete', key: waitingKey(scope, n, waiting) }]);
    },
    async countOpen() {
      const [quarantined, waiting] = await Promise.all([
        table.queryAll(scope, { partition, prefix: 'QUAR#' }),
        table.queryAll(scope, { partition, prefix: 'PARK#' }),
      ]);
      const parked = waiting.map((item) => item.waiting as Waiting).filter((one) => one.parked);
      return { quarantined: quarantined.length, parked: parked.map((one) => one.since) };
    },

    async readNumbered(entity: 'worker' | 'job', number: string): Promise<{ id: string; connectionId: string }[]> {
      const keys = await table.query(scope, { index: 'id', partition: byNumber(scope, number), limit: SAME_NUMBER });
      const items = await table.batchGet(scope, keys.items);
      return items.flatMap((item) => {
        const record = item !== null && isMirrorItem(item) ? decodeMirrorRecord(item) : null;
        const { number: own, employeeNumber } = (record?.fields ?? {}) as {
          number?: string | null;
          employeeNumber?: string | null;
        };
        const isMeant = record?.entity === entity && record.tombstone === null && (own === number || employeeNumber === number);
        return isMeant ? [{ id: record.id, connectionId: record.connectionId }] : [];
      });
    },
    readConnections: (): Promise<readonly Connection[]> => listConnections(table, scope),
    readOpen: (entity: 'worker' | 'job', connectionIds: ReadonlySet<string>, skip: (id: string) => boolean) =>
      readOpenRecords(table, scope, entity, connectionIds, skip),
    readLinks: (n: number): Promise<readonly Link[]> => listLinks(table, scope, n),
    async proposeLink(ownId: string, link: Link) {
      await table.write(scope, [saveLinkAction(scope, ownId, link, null)]);
    },

    async announce(events: readonly FeedEvent[]) {
      await appendEvents(table, scope, events, events.at(-1)!.occurredAt);
    },

    async readMissed(stream: string): Promise<SweepState> {
      const item = await table.get(scope, sweepKey(scope, n, stream));
      return item === null ? { missed: [], seen: null } : decodeSweep(item);
    },
    async writeSweep(fence: number, stream: string, sweep: SweepState) {
      const key = sweepKey(scope, n, stream);
      const empty = sweep.missed.length === 0 && sweep.seen === null;
      await fenced(fence, [
        empty ? { kind: 'delete', key } : { kind: 'put', item: { ...key, et: 'sw', v: 1, ...encodeSweep(sweep) } },
      ]);
    },
    readHolds: (): Promise<readonly Hold[]> => listHolds(table, scope, n),
    async putHold(fence: number, hold: Hold) {
      await fenced(fence, [{ kind: 'put', item: { ...holdKey(scope, n, hold), et: 'ho', v: 1, hold } }]);
    },
    /** Unless a person has decided on it meanwhile: then the next run carries that out. */
    async closeHold(fence: number, hold: Hold) {
      const condition = { expression: '#hold.decision = :seen', names: { '#hold': 'hold' }, values: { ':seen': hold.decision } };
      await fenced(fence, [{ kind: 'delete', key: holdKey(scope, n, hold), condition }]);
    },
  };
}

const fenceIs = (fence: number): Condition => ({
  expression: '#fence = :fence',
  names: { '#fence': 'fence' },
  values: { ':fence': fence },
});
/** Where a record that waits for a parent stands. */
export const waitingKey = (scope: TenantScope, n: number, waiting: Waiting) =>
  parkedKey(scope, n, waiting.parent.id, waiting.space, waiting.sourceId);

function encodePlan(scope: TenantScope, n: number, page: PlanPage): Item {
  return {
    ...planKey(scope, n, page.runId, page.n),
    et: 'pl',
    v: 1,
    run: page.runId,
    n: page.n,
    openRun: withoutNulls(page.openRun as unknown as Readonly<Record<string, unknown>>),
    planned: page.planned.map((part) => ({ stream: part.stream, segment: part.segment, rows: encodeRows(part.rows) })),
  };
}

function decodePlan(item: Item): PlanPage {
  const planned = item.planned as readonly { stream: string; segment: string; rows: Uint8Array }[];
  const openRun = {
    requestedBy: null,
    entities: null,
    checkpoint: null,
    planPage: 0,
    counts: {},
    exceptionCount: 0,
    ...(item.openRun as object),
  };
  return {
    runId: String(item.run),
    n: Number(item.n),
    planned: planned.map((part) => ({ stream: part.stream, segment: part.segment, rows: decodeRows(part.rows) })),
    openRun: openRun as PlanPage['openRun'],
    unfinished: item.unfinished === true,
  };
}

/** Ids in twelve bytes each, so that an interrupted listing of 25,000 records fits one item. */
const packIds = (ids: readonly string[]): Uint8Array => Buffer.concat(ids.map((id) => Buffer.from(id, 'base64url')));

function unpackIds(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  return text.match(/.{16}/g) ?? [];
}

function encodeSweep({ missed, seen }: SweepState): Readonly<Record<string, unknown>> {
  return {
    missed: missed.map((group) => ({ ...group, ids: packIds(group.ids) })),
    ...(seen === null ? {} : { seen: { ...seen, ids: packIds(seen.ids) } }),
  };
}

function decodeSweep(item: Item): SweepState {
  const { missed, seen } = item as unknown as {
    missed: readonly { at: string; runId: string; ids: Uint8Array }[];
    seen?: { runId: string; ids: Uint8Array; pages: number };
  };
  return {
    missed: missed.map((group) => ({ ...group, ids: unpackIds(group.ids) })),
    seen: seen ? { ...seen, ids: unpackIds(seen.ids) } : null,
  };
}
