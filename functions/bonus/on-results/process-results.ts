import { decodeContribution } from '#model/group-item.ts';
import { tenantIdOfKey } from '#model/keys.ts';
import { decodeLineItem } from '#model/pay-item.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { sealOf } from '#store/audit-chain.ts';
import { decodeAudit } from '#store/ledger.ts';
import { changeOf, type StreamChange, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, errorLine, forEachOf, openSession } from '../ports.ts';
import { endBatch } from './end-batch.ts';
import { followPerson, peopleMovedBy } from './follow-person.ts';
import { followPremiums } from './follow-premiums.ts';
import { type Follower, followerOf } from './followers.ts';
import { openStatements } from './open-statements.ts';
import { settleGroup } from './settle-group.ts';

const AT_ONCE = 8;

/** Something to look at, with the stream records behind it. */
interface Work {
  readonly scope: TenantScope;
  /** What it is, in words for keys and logs. */
  readonly kind: string;
  readonly id: string;
  readonly follow: Follower;
  readonly sequences: string[];
}

/**
 * Follows line items: a worker's statements are opened with their first item (B-133), and a ProPay is Paid with its last one (B-92). Works
 * groups out from what their members left in them, each once for all members of a batch. Ends batches whose process could not. All of it looks at the present state, so repeated or reordered records change nothing. Answers those
 * that failed.
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
  for (const { one, error } of await forEachOf([...works.values()], AT_ONCE, ({ follow, scope, id }) =>
    follow(session, scope, id),
  )) {
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
  if (image === null || change.expired || change.held) return [];
  const tenantId = tenantIdOfKey(image.pk);
  if (tenantId === null) return [];
  const scope = scopeOf(tenantId);
  if (image.et === 'bt') return [{ scope, kind: 'batch', id: String(image.id), follow: endBatch, sequences: [change.sequence] }];
  if (image.et === 'au' && sealOf(image) !== null) return [];
  if (image.et === 'au')
    return peopleMovedBy(decodeAudit(image)).map((id) => ({
      ...{ scope, kind: 'person', id, follow: followPerson },
      sequences: [change.sequence],
    }));
  if (image.et === 'gm') return groupWork(scope, change);
  if (image.et !== 'li') return [];
  const item = decodeLineItem(image);
  const sequences = () => [change.sequence];
  const worker: Work = { scope, kind: 'worker', id: item.workerId, follow: openStatements, sequences: sequences() };
  const premiums: Work = { scope, kind: 'premiums', id: item.workerId, follow: followPremiums, sequences: sequences() };
  // Whatever happens to an item may be what its ProPay, group or goal waits for: made later, paid, reopened, or voided as the last.
  const follower = followerOf(item.source);
  return follower === null ? [worker, premiums] : [worker, premiums, { scope, ...follower, sequences: sequences() }];
}

/** A contribution that says what it said before, written with a newer result, concerns nobody. */
function groupWork(scope: TenantScope, { before, after, sequence }: StreamChange): readonly Work[] {
  if (before?.digest === after?.digest) return [];
  const { groupId } = decodeContribution((after ?? before)!);
  return [{ scope, kind: 'group figures', id: groupId, follow: settleGroup, sequences: [sequence] }];
}
