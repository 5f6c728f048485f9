import { type Key, tenantIdOfKey } from '#model/keys.ts';
import { scopeOf } from '#model/scope.ts';
import { sealEntries } from '#store/audit-chain.ts';
import { changeOf, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, errorLine } from '../ports.ts';

/**
 * Seals the audit entries of a batch (decision 034), except those whose event could not be told: an entry without a seal is one that
 * something may be missing of, and the nightly check comes back to it. Answers the records that could not be sealed.
 */
export async function sealAudit(
  { table, log }: BonusPorts,
  records: readonly StreamRecord[],
  untold: readonly string[],
): Promise<readonly string[]> {
  const tenants = new Map<string, { keys: Key[]; sequences: string[] }>();
  for (const record of records.filter(({ dynamodb }) => isUnsealed(dynamodb?.NewImage))) {
    const { after, sequence } = changeOf(record);
    const tenantId = after === null ? null : tenantIdOfKey(after.pk);
    if (after === null || tenantId === null || untold.includes(sequence)) continue;
    const group = tenants.get(tenantId) ?? { keys: [], sequences: [] };
    tenants.set(tenantId, group);
    group.keys.push({ pk: after.pk, sk: after.sk });
    group.sequences.push(sequence);
  }
  const failed: string[] = [];
  for (const [tenantId, { keys, sequences }] of tenants) {
    try {
      await sealEntries(table, scopeOf(tenantId), keys);
    } catch (error) {
      log({ level: 'error', message: 'audit entries could not be sealed', tenantId, ...errorLine(error) });
      failed.push(...sequences);
    }
  }
  return failed;
}

const isUnsealed = (image: Readonly<Record<string, unknown>> | undefined): boolean =>
  (image?.et as { readonly S?: string } | undefined)?.S === 'au' && image?.seq === undefined;
