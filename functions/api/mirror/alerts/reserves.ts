import { parseProPayId } from '#model/ids.ts';
import { listPartition, resultKey } from '#model/keys.ts';
import { decodeResult } from '#model/propay-item.ts';
import { decodeReserve } from '#store/reserve-repository.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, ofBranch, recordsAt } from './inputs.ts';

/** Phased ProPays with nothing more to approve that still hold money back (B-116): the list holds exactly those. */
export async function alertsOfReserves(inputs: AlertInputs): Promise<FoundAlerts> {
  const { scope } = inputs.request;
  const keys = await boundedKeys(inputs, ofBranch(listPartition(scope, 'RESERVE'), inputs.filters));
  const refs = (await recordsAt(inputs, keys)).flatMap((item) => parseProPayId(decodeReserve(item).proPayId) ?? []);
  const results = await recordsAt(
    inputs,
    refs.map((ref) => resultKey(scope, ref)),
  );
  const seen = results.filter((item) => concerns(inputs, decodeResult(item)));
  return {
    reserve_left: seen.map((item) => {
      const propayId = String(item.is).slice('pp#'.length);
      return { propayId, href: `/v1/propays/${propayId}/phases` };
    }),
  };
}
