import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { manifest } from '#functions/sync/aspire/manifest.ts';
import type { MapContext } from '#functions/sync/aspire/map/context.ts';
import { JoinTable } from '#functions/sync/aspire/map/joined.ts';
import { mapWorkTicketTime } from '#functions/sync/aspire/map/time.ts';
import { parseJsonExact } from '#kernel/decimal.ts';
import { hashCanonical } from '#kernel/hash.ts';
import { isoWeek } from '#kernel/instant.ts';
import { FingerprintView } from '#mirror/fingerprints.ts';
import { type FingerprintRow, fingerprintOf } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { type BenchRow, cpuNowMs, median, withGoal } from './measure.ts';

/** Of one core (P6). */
const LEAST_PER_SECOND = 50_000;
const RECORDS = 14_000;
const PAGE = 500;
/** Upserts under way at once, as `@supabase/stripe-sync-engine` sends them. */
const AT_ONCE = 5;

/**
 * A listing of 14,000 unchanged time entries from bytes to plan, beside a full rewrite that maps the same rows and puts every record,
 * five at a time, as mirrors without change detection do. The rewrite's store answers at once: only its own work counts.
 */
export async function runSyncBench(rounds = 7): Promise<BenchRow[]> {
  const pages = wirePages();
  const context = mapContext();
  const view = new FingerprintView();
  for (const page of pages) {
    for (const { id, fingerprint, segment } of fingerprints(page, context)) view.apply(segment, [{ id, fingerprint }], false);
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(rate(() => pages.reduce((changed, page) => changed + planOf(page, context, view), 0)));
    theirs.push(await rateAsync(() => rewriteAll(pages, context)));
  }
  const row: BenchRow = {
    name: `records listed again, unchanged (bytes → validated → diffed → plan), median of ${rounds}`,
    perSecond: median(ours),
    slowestPerSecond: Math.min(...ours),
    peers: [
      {
        name: 'full rewrite',
        perSecond: median(theirs),
        ratio: median(ours.map((mine, round) => mine / theirs[round]!)),
      },
    ],
  };
  return [withGoal(row, LEAST_PER_SECOND)];
}

function planOf(page: string, context: MapContext, view: FingerprintView): number {
  let changed = 0;
  for (const one of fingerprints(page, context)) if (view.get(one.id) !== one.fingerprint) changed += 1;
  if (changed > 0) throw new Error('an unchanged listing shows changes');
  return changed;
}

function* fingerprints(page: string, context: MapContext): Iterable<FingerprintRow & { segment: string }> {
  for (const row of mapped(page, context)) {
    if (row.kind !== 'record') throw new Error('the benchmark’s rows are good');
    const { record } = row;
    yield {
      id: mirrorId('bench.1', record.space, record.sourceId),
      fingerprint: fingerprintOf(hashCanonical(record.fields)),
      segment: isoWeek((record.fields as { workDate: string }).workDate),
    };
  }
}

function mapped(page: string, context: MapContext): MappedRow[] {
  return (parseJsonExact(page) as unknown[]).map((row) => mapWorkTicketTime(row, context));
}

async function rewriteAll(pages: readonly string[], context: MapContext): Promise<number> {
  const client = idleStore();
  for (const page of pages) {
    const rows = mapped(page, context);
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const batch = rows.slice(at, at + AT_ONCE).flatMap((row) => (row.kind === 'record' ? [row.record] : []));
      await Promise.all(
        batch.map((record) =>
          client.send(new PutCommand({ TableName: 'bench', Item: { pk: record.space, sk: record.sourceId, ...record.fields } })),
        ),
      );
    }
  }
  return 0;
}

/** A document client whose store answers every request at once. */
function idleStore(): DynamoDBDocumentClient {
  const requestHandler = {
    handle: async () => ({
      response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: new Blob(['{}']).stream() },
    }),
  };
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: 'us-east-1', credentials, requestHandler: requestHandler as never }),
  );
}

function wirePages(): string[] {
  const dataset = readAspireDataset();
  const recorded = (dataset.endpoints['/WorkTicketTimes'] ?? []).filter((row) => row.EndTime);
  const defaults = dataset.defaults?.['/WorkTicketTimes'] ?? {};
  const rows = Array.from({ length: RECORDS }, (_, index) => ({
    ...defaults,
    ...recorded[index % recorded.length],
    WorkTicketTimeID: 1_000_000 + index,
  }));
  const pages: string[] = [];
  for (let at = 0; at < rows.length; at += PAGE) pages.push(JSON.stringify(rows.slice(at, at + PAGE)));
  return pages;
}

function mapContext(): MapContext {
  return {
    settings: newSettings(manifest, '2026-01-01'),
    zone: 'America/New_York',
    currency: 'USD',
    today: '2026-03-20',
    byId: false,
    joins: new JoinTable(),
  };
}

function rate(work: () => unknown): number {
  const start = cpuNowMs();
  work();
  return Math.floor((RECORDS * 1_000) / (cpuNowMs() - start));
}

async function rateAsync(work: () => Promise<unknown>): Promise<number> {
  const start = cpuNowMs();
  await work();
  return Math.floor((RECORDS * 1_000) / (cpuNowMs() - start));
}
