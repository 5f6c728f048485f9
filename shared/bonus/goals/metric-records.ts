import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { CountedProPay } from '../rules/goal-metric.ts';

/** An approved ProPay as the figures of a goal count it: everybody on it, and what its approval froze (B-163). */
export function countedProPay(proPay: ProPay, { people, figures }: ProPayResult): CountedProPay {
  return {
    ref: { entity: 'propay', id: proPay.id, revision: proPay.approvals },
    workerIds: [...new Set([...people.workerIds, ...people.crewLeadIds, ...people.managerIds, ...people.otherIds])].sort(),
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
