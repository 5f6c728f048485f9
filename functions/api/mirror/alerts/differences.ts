import { parseProPayId } from '#model/ids.ts';
import { listPartition, resultKey } from '#model/keys.ts';
import { decodeResult } from '#model/propay-item.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, ofBranch, recordsAt } from './inputs.ts';

/** Approved ProPays whose sources have moved, until somebody decides (B-96). */
export async function alertsOfDifferences(inputs: AlertInputs): Promise<FoundAlerts> {
  const { scope } = inputs.request;
  const keys = await boundedKeys(inputs, ofBranch(listPartition(scope, 'CHANGE'), inputs.filters));
  const open = (await recordsAt(inputs, keys)).map(decodeDifference).filter(({ state }) => state === 'Open');
  const refs = open.flatMap(({ proPayId }) => parseProPayId(proPayId) ?? []);
  const results = await recordsAt(
    inputs,
    refs.map((ref) => resultKey(scope, ref)),
  );
  const seen = new Set(
    results.filter((item) => concerns(inputs, decodeResult(item))).map((item) => String(item.is).slice('pp#'.length)),
  );
  return {
    source_changed: open
      .filter(({ proPayId }) => seen.has(proPayId))
      .map(({ proPayId }) => ({ propayId: proPayId, href: `/v1/propays/${proPayId}/source-changes` })),
  };
}
