import { tenantIdOfKey } from '#model/keys.ts';
import { decodeLineItem } from '#model/pay-item.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { changeOf, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, type BonusSession, errorLine, forEachOf, openSession } from '../ports.ts';
import { openStatements } from './open-statements.ts';
import { settlePaid } from './settle-paid.ts';

const AT_ONCE = 8;

/** Something to look at, with the stream records behind it. */
interface Work {
  readonly scope: TenantScope;
  readonly kind: 'worker' | 'propay';
  readonly id: string;
  readonly sequences: string[];
}

/**
 * Follows line items: a worker's statements are opened with their first item (B-133), and a ProPay is Paid with its last one (B-92).
 * Both look at the present state, so a repeated or reordered batch changes nothing. Answers the records that failed.
 */
export async function processResults(
  ports: BonusPorts,
  records: readonly StreamRecord[],
  requestId: string,
): Promise<readonly string[]> {
  const session = openSession(ports, requestId);
  const works = new Map<string, Work>();
  const failed: string[] = [];
  for (const record of records) {
    try {
      for (const work of worksOf(record)) {
        const key = `${work.scope.tenantId} ${work.kind} ${work.id}`;
        const known = works.get(key);
        if (known === undefined) works.set(key, work);
        else known.sequences.push(...work.sequences);
      }
    } catch (error) {
      ports.log({ level: 'error', message: 'a stream record cannot be read', ...errorLine(error) });
      failed.push(record.dynamodb?.SequenceNumber ?? '');
    }
  }
  for (const { one, error } of await forEachOf([...works.values()], AT_ONCE, (work) => follow(session, work))) {
    ports.log({
      level: 'error',
      message: `a ${one.kind} could not be followed`,
      tenantId: one.scope.tenantId,
      ...errorLine(error),
    });
    failed.push(...one.sequences);
  }
  return [...new Set(failed)];
}

function worksOf(record: StreamRecord): readonly Work[] {
  const change = changeOf(record);
  const image = change.after ?? change.before;
  if (image === null || image.et !== 'li' || change.expired) return [];
  const tenantId = tenantIdOfKey(image.pk);
  if (tenantId === null) return [];
  const scope = scopeOf(tenantId);
  const item = decodeLineItem(image);
  const paid = item.events.at(-1)?.type === 'paid';
  const worker: Work = { scope, kind: 'worker', id: item.workerId, sequences: [change.sequence] };
  return paid ? [worker, { scope, kind: 'propay', id: item.source.proPayId, sequences: [change.sequence] }] : [worker];
}

function follow(session: BonusSession, { scope, kind, id }: Work): Promise<void> {
  return kind === 'worker' ? openStatements(session, scope, id) : settlePaid(session, scope, id);
}
