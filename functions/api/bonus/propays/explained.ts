import { calculate } from '#bonus/calculate.ts';
import { engineOf, engines } from '#bonus/engines.ts';
import { withFittingAmounts } from '#bonus/fitting-amounts.ts';
import { separateRule } from '#bonus/group.ts';
import type { GroupSnapshot } from '#bonus/groups/replay.ts';
import { replay } from '#bonus/replay.ts';
import type { Calculation, CalculationResult } from '#bonus/shapes.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { createTracer } from '#bonus/tracer.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGroupHeader } from '#store/group-repository.ts';
import { readApproval } from '#store/propay-repository.ts';
import { readApprovalSnapshot, readSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { loadInputs } from './load.ts';
import type { ProPayParts } from './views.ts';

/** What a ProPay's figures are of: all its work, the earned part, or the whole where the part cannot be told. */
export type Basis = 'final' | 'projection' | 'if_completed';

/** A ProPay's calculation as it stands: what is shown of it, explained, and replaced in a what-if. */
export interface Explained {
  readonly calculation: Calculation;
  readonly basis: Basis;
  readonly inputsVersion: string;
  readonly snapshotId: string | null;
  /** The approval that it is of. */
  readonly approval: number | null;
  /** The calculation by the rules it is made with: for an approved one those of its day (B-6). */
  readonly calculate: typeof calculate;
}

/** A calculation with its steps; `sameAsStored` where it was stored with an approval, else null. */
export interface Traced {
  readonly result: CalculationResult;
  readonly nodes: readonly TraceNode[];
  readonly sameAsStored: boolean | null;
}

type ExplainRequest = Parameters<typeof loadInputs>[0];
/** A calculation as it is explained, of an approval or of the moment. */
export type KnownApproval = Explained & Traced;

/** A ProPay's calculation with its steps: of an approval from its snapshot, which nothing changes any more, else as it is now. */
export async function explainedProPay(
  request: ExplainRequest,
  { proPay, result }: ProPayParts,
  approval?: number,
): Promise<KnownApproval> {
  const { ports, scope } = request;
  const { id } = proPay;
  const { inputsVersion } = result;
  if (approval !== undefined && approval !== proPay.approval?.n) return explainedApproval(ports.table, scope, id, approval);
  if (proPay.approval === null) return traced(id, await explainedNow(request, id));
  if (proPay.groupId === null) return explainedApproval(ports.table, scope, id, proPay.approval.n);
  const { calculation, calculate } = await memberOfGroup(ports.table, scope, proPay.groupId, id);
  const { snapshotId } = proPay.approval;
  return traced(id, { calculation, basis: 'final', inputsVersion, snapshotId, approval: null, calculate });
}

/** A calculation with its steps under the name of what it is of. */
export function traced(id: string, explained: Explained): KnownApproval {
  const tracer = createTracer(id);
  const result = explained.calculate(explained.calculation, tracer);
  return { ...explained, result, nodes: tracer.nodes, sameAsStored: null };
}

async function explainedNow(request: ExplainRequest, id: string): Promise<Explained> {
  const loaded = await loadInputs(request, id);
  return explainedOf(await loaded.workOut(loaded.proPay));
}

/** What is worked out of present inputs, as it is shown. */
export function explainedOf({ assembled }: Pick<WorkedOut, 'assembled'>): Explained {
  const { calculation, completion, inputsVersion } = assembled;
  const { completedAtSource, completionBp } = completion;
  const earned = completedAtSource || completionBp === null ? calculation : { ...calculation, completionBp };
  return {
    calculation: withFittingAmounts(earned),
    basis: completedAtSource ? 'final' : completionBp === null ? 'if_completed' : 'projection',
    inputsVersion,
    snapshotId: null,
    approval: null,
    calculate,
  };
}

/** What an approval stored, calculated again: figures and steps are those stored, and whether they are the same is told with them. */
export async function explainedApproval(table: Table, scope: TenantScope, id: string, n: number): Promise<KnownApproval> {
  const approval = await readApproval(table, scope, id, n);
  if (approval === null) throw notFound();
  const { snapshotDigest: digest, snapshotChunks: chunks } = approval;
  const snapshot = (await readSnapshot(table, scope, id, { digest, chunks })) as ApprovalSnapshot & {
    readonly inputsVersion: string;
  };
  const { calculation, inputsVersion, result, nodes } = snapshot;
  return {
    calculation,
    basis: 'final',
    inputsVersion,
    snapshotId: digest,
    approval: n,
    calculate: engineOf(nodes, engines).calculate,
    result,
    nodes,
    sameAsStored: replay(snapshot).same,
  };
}

/** A member that was approved with its group stands in the group's snapshot: what it brought to it, calculated alone. */
async function memberOfGroup(
  table: Table,
  scope: TenantScope,
  groupId: string,
  id: string,
): Promise<Pick<Explained, 'calculation' | 'calculate'>> {
  const group = await readGroupHeader(table, scope, groupId);
  if (group === null || group.approval === null)
    throw new ApiProblem('store-conflict', { detail: 'The group of this ProPay is being changed; try again.' });
  const snapshot = (await readApprovalSnapshot(table, scope, groupId, group.approval.n)) as GroupSnapshot;
  const member = snapshot.members.find(({ contribution }) => contribution.proPayId === id);
  if (member === undefined) throw new Error('an approved member that its group’s snapshot does not name');
  const steps = snapshot.nodes.filter(({ rule }) => rule !== separateRule.id);
  return { calculation: withFittingAmounts(member.calculation), calculate: engineOf(steps, engines).calculate };
}
