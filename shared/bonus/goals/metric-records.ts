import type { Callback } from '#model/callback.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { CountedCallback, CountedProPay } from '../rules/goal-metric.ts';

/** An approved ProPay as the figures of a goal count it: everybody on it, and what its approval froze (B-163). */
export function countedProPay(proPay: ProPay, { people, figures }: ProPayResult): CountedProPay {
  return {
    ref: { entity: 'propay', id: proPay.id, revision: proPay.approvals },
    workerIds: everybodyOn(people),
    figures:
      figures === null
        ? null
        : {
            budgetSeconds: figures.budgetSeconds,
            actualSeconds: figures.actualSeconds,
            actualCostCents: figures.actualCostCents,
            savingsCents: figures.savingsCents,
          },
  };
}

/**
 * A callback as a goal counts it (B-163): against those who did the work that came back, not those who put it right; `work` is null where
 * nobody can say which work that is.
 */
export function countedCallback(
  { id, revision }: Callback,
  work: { readonly people: ProPayResult['people']; readonly workerIds: readonly string[] } | null,
): CountedCallback {
  const ref = { entity: 'callback', id, revision };
  return { ref, workerIds: work === null ? [] : everybodyOn({ ...work.people, workerIds: work.workerIds }) };
}

function everybodyOn({ workerIds, crewLeadIds, managerIds, otherIds }: ProPayResult['people']): readonly string[] {
  return [...new Set([...workerIds, ...crewLeadIds, ...managerIds, ...otherIds])].sort();
}
