import type { SourceDifference } from '#model/difference.ts';
import { decodeGroupResult } from '#model/group-item.ts';
import { parseProPayId } from '#model/ids.ts';
import { groupResultKey, listPartition, resultKey } from '#model/keys.ts';
import { decodeResult } from '#model/propay-item.ts';
import { decodeDifference } from '#store/difference-repository.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, ofBranch, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** Approved ProPays and groups whose sources have moved, until somebody decides (B-96). */
export async function alertsOfDifferences(inputs: AlertInputs): Promise<FoundAlerts> {
  const { scope } = inputs.request;
  const keys = await boundedKeys(inputs, ofBranch(listPartition(scope, 'CHANGE'), inputs.filters));
  const open = (await recordsAt(inputs, keys)).map(decodeDifference).filter(({ state }) => state === 'Open');
  const seen = new Set([...(await proPaysSeen(inputs, open)), ...(await groupsSeen(inputs, open))]);
  return { source_changed: open.filter(({ proPayId }) => seen.has(proPayId)).map(itemOf) };
}

async function proPaysSeen(inputs: AlertInputs, open: readonly SourceDifference[]): Promise<readonly string[]> {
  const refs = open.flatMap(({ proPayId }) => parseProPayId(proPayId) ?? []);
  const results = await recordsAt(
    inputs,
    refs.map((ref) => resultKey(inputs.request.scope, ref)),
  );
  return results.filter((item) => concerns(inputs, decodeResult(item))).map((item) => String(item.is).slice('pp#'.length));
}

async function groupsSeen(inputs: AlertInputs, open: readonly SourceDifference[]): Promise<readonly string[]> {
  const ids = open.flatMap(({ proPayId }) => (parseProPayId(proPayId) === null ? [proPayId] : []));
  const results = await inputs.request.ports.table.batchGet(
    inputs.request.scope,
    ids.map((id) => groupResultKey(inputs.request.scope, id)),
    { consistent: false },
  );
  return ids.filter((_, at) => {
    const result = results[at];
    return result !== null && result !== undefined && concerns(inputs, decodeGroupResult(result));
  });
}

/** A difference is found where what it concerns is: beside a ProPay, or a group. */
function itemOf({ proPayId: id }: SourceDifference): AlertItem {
  return parseProPayId(id) === null
    ? { groupId: id, href: `/v1/groups/${id}/source-changes` }
    : { propayId: id, href: `/v1/propays/${id}/source-changes` };
}
