import { calculate } from '#bonus/calculate.ts';
import type { ApprovalDecision } from '#bonus/commands/approve.ts';
import { choicesOf, completedIdsOf, settingsOf } from '#bonus/snapshot.ts';
import { createTracer } from '#bonus/tracer.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import { dataAsOf } from '../desk.ts';
import type { LoadedInputs } from './load.ts';

/** Everything the approval was made of (B-89): enough to replay it to the cent and to explain it later. */
export function snapshotOf(
  { desk, proPay, state }: Pick<LoadedInputs, 'desk' | 'proPay' | 'state'>,
  worked: WorkedOut,
  decision: ApprovalDecision,
) {
  const tracer = createTracer(proPay.id);
  const { assembled } = worked;
  const result = calculate(assembled.calculation, tracer);
  return {
    version: 1,
    proPay,
    calculation: assembled.calculation,
    result,
    nodes: tracer.nodes,
    budget: assembled.budget,
    completion: assembled.completion,
    wages: assembled.wages,
    openEntryIds: assembled.time.openEntryIds,
    place: assembled.place,
    choices: choicesOf(proPay, desk.context),
    settings: settingsOf(desk.context),
    completedIds: completedIdsOf(state),
    people: worked.result.people,
    contextRevision: desk.context.revision,
    inputsVersion: assembled.inputsVersion,
    approvalDate: decision.approvalDate,
    accepted: decision.accepted,
    dataAsOf: dataAsOf(desk, assembled.connectionIds),
  };
}
