import { phasesOf } from '#bonus/phased/phase-set.ts';
import type { Phase } from '#model/phase.ts';
import { readPhaseLedger } from '#pay/phase-ledger.ts';
import { SEE_PROPAYS } from '../access.ts';
import { viewerOf } from '../bonus/sight.ts';
import { defineRoute } from '../route.ts';
import { asList } from '../tables.ts';
import { type LoadedPhases, loadPhases, phasesIn, unassignedSecondsOf } from './load.ts';
import { phasesSchema } from './shapes.ts';
import { phasesView } from './views.ts';

/** The phases of a ProPay with their stages, and what is held back on it (B-110 to B-116); none where it is not phased. */
export const readPhases = defineRoute({
  method: 'GET',
  path: '/v1/propays/{id}/phases',
  group: 'phases',
  summary: 'The phases of a ProPay and its reserve',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'All phases, in the order of the work', schema: asList(phasesSchema) },
  handler: async (request) => {
    const { ports, scope, params } = request;
    const read = await loadPhases(request, params.id);
    const { loaded, reserve, difference } = read;
    const { proPay, result, desk } = loaded;
    const phases = inOrder(read);
    const { items } = await readPhaseLedger(ports.table, scope, phases, reserve);
    const unassignedSeconds = unassignedSecondsOf(loaded);
    const parts = { proPay, result, phases, reserve, items, difference, unassignedSeconds, desk };
    return { body: phasesView(parts, viewerOf(request, desk, result)), revision: proPay.revision };
  },
});

/** In the order of the work; what is no longer part of it stands last. */
function inOrder({ loaded }: LoadedPhases): readonly Phase[] {
  const stored = phasesIn(loaded);
  const ids = phasesOf(loaded.state.records, loaded.proPay.phaseRules).map(({ id }) => id);
  const at = ({ id }: Phase): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
  return [...stored].sort((a, b) => at(a) - at(b));
}
