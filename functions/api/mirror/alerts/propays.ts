import { parseProPayId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import { type ProPayAlert, workersWithoutWage } from '#model/propay-alerts.ts';
import { type AlertedProPay, decodeAlerts } from '#model/propay-item.ts';
import { type AlertInputs, boundedKeys, concerns, type FoundAlerts, ofBranch, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** What Active ProPays ask for: the list holds exactly those that ask for something. */
export async function alertsOfProPays(inputs: AlertInputs): Promise<FoundAlerts> {
  const { scope } = inputs.request;
  const keys = await boundedKeys(inputs, ofBranch(listPartition(scope, 'ALERT'), inputs.filters));
  const found = (await recordsAt(inputs, keys)).map(decodeAlerts).filter(({ result }) => concerns(inputs, result));
  const of = (kind: ProPayAlert): readonly AlertedProPay[] => found.filter(({ alerts }) => alerts.includes(kind));
  return {
    missing_wages: byWorker(of('missing_wages')),
    missing_budgets: of('missing_budgets').map((one) => ({ ...placeOf(one), href: workHref(one) })),
    missing_managers: of('missing_managers').map((one) => ({ ...placeOf(one), href: `/v1/jobs/${refOf(one).jobId}` })),
    ready_for_approval: of('ready_for_approval').map(({ proPayId }) => ({ propayId: proPayId, href: `/v1/propays/${proPayId}` })),
    progress_requests: of('progress_requests').map((one) => {
      const { askedBp, askedAt } = one.result.progressRequest;
      return { ...placeOf(one), askedBp, askedAt, href: workHref(one) };
    }),
  };
}

/** Each worker whose wage is missing, once, with the ProPays that wait for it. */
function byWorker(waiting: readonly AlertedProPay[]): readonly AlertItem[] {
  const proPays = new Map<string, string[]>();
  for (const { proPayId, result } of waiting)
    for (const workerId of workersWithoutWage(result)) proPays.set(workerId, [...(proPays.get(workerId) ?? []), proPayId]);
  return [...proPays].map(([workerId, propayIds]) => ({ workerId, propayIds, href: `/v1/workers/${workerId}` }));
}

function refOf({ proPayId }: AlertedProPay): { readonly jobId: string; readonly milestoneId: string | null } {
  const ref = parseProPayId(proPayId);
  if (ref === null) throw new Error('an alert of a ProPay without its id');
  return ref;
}

function placeOf(one: AlertedProPay) {
  const { jobId, milestoneId } = refOf(one);
  return { propayId: one.proPayId, jobId, ...(milestoneId === null ? {} : { milestoneId }) };
}

/** The visit, or the job that is one ProPay as a whole. */
function workHref(one: AlertedProPay): string {
  const { jobId, milestoneId } = refOf(one);
  return milestoneId === null ? `/v1/jobs/${jobId}` : `/v1/milestones/${milestoneId}`;
}
