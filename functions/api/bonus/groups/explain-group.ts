import * as z from 'zod/mini';
import { calculate } from '#bonus/calculate.ts';
import { calculationOf } from '#bonus/engines.ts';
import { explainGroup as explain, fullGroup, traceGroup } from '#bonus/groups/explain.ts';
import type { GroupSnapshot } from '#bonus/groups/replay.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import type { MemberTerms } from '#model/group.ts';
import { readCallback } from '#store/callback-repository.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { currencyCode, idText } from '../../edge.ts';
import { ApiProblem } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import {
  adjustmentSchema,
  adjustmentView,
  type ExplainedLater,
  explainApplied,
  explainChanges,
} from '../propays/explain-later.ts';
import { explainedWorkerSchema, explainedWorkerView } from '../propays/explain-propay.ts';
import { shownNodes } from '../propays/wage-free.ts';
import { viewerOfGroup } from '../sight.ts';
import { traceNode } from '../trace-shape.ts';
import { type GroupRequest, type LoadedGroup, loadGroup, loadMembers } from './load.ts';

const explainSchema = z.strictObject({
  groupId: idText,
  inputsVersion: z.string(),
  snapshotId: z.nullable(z.string()),
  currency: currencyCode,
  basis: z.enum(['final', 'if_completed']),
  nodes: z.array(traceNode),
  workers: z.array(explainedWorkerSchema),
  /** What leads get beside their pool (B-61): what the members promise together. */
  leadPay: z.array(explainedWorkerSchema),
  /** What accepted changes of the sources and callbacks have done to people's items since the approval. */
  adjustments: z.array(adjustmentSchema),
});

/** Where every cent of a group came from: the trace, and for each payout the source records of all members whose parts add up to it. */
export const explainGroup = defineRoute({
  method: 'GET',
  path: '/v1/groups/{id}/explain',
  group: 'explanations',
  summary: 'Where each payout of a group came from',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'Trace and leaves', schema: explainSchema },
  handler: async (request) => {
    const loaded = await loadGroup(request, request.params.id);
    const { group, desk, result } = loaded;
    const viewer = viewerOfGroup(request, desk, loaded);
    const { settings, members, nodes: approved } = await membersOf(request, loaded);
    const full = settings === null ? null : fullGroup(group, members, settings);
    const later = await laterOf(request, loaded);
    const steps = approved ?? (full === null ? [] : traceGroup(group, full));
    const nodes = [...steps, ...later.nodes];
    const mayKnow = (workerId: string): boolean => viewer.allMoney || workerId === viewer.workerId;
    const told =
      full === null
        ? { payouts: [], leadPay: [] }
        : explain(group, full, approved === null ? calculate : calculationOf(approved));
    const active = group.status === 'Active';
    return {
      body: {
        groupId: group.id,
        inputsVersion: active ? workOutGroup(group, loaded.members, desk.context).result.inputsVersion : result.inputsVersion,
        snapshotId: group.approval?.snapshotId ?? null,
        currency: desk.context.currency,
        basis: active && members.some(({ contribution }) => !contribution.completedAtSource) ? 'if_completed' : 'final',
        nodes: shownNodes(nodes, viewer),
        workers: told.payouts.filter(({ workerId }) => mayKnow(workerId)).map(explainedWorkerView),
        leadPay: told.leadPay.filter(({ workerId }) => mayKnow(workerId)).map(explainedWorkerView),
        adjustments: later.adjustments.filter(({ payout }) => mayKnow(payout.workerId)).map(adjustmentView),
      },
    };
  },
});

/** What has come after an approval: accepted changes of the sources (B-97), and rework of members (B-153). */
async function laterOf({ ports: { table }, scope }: GroupRequest, { group, members }: LoadedGroup): Promise<ExplainedLater> {
  if (group.approval === null) return { nodes: [], adjustments: [] };
  const changes = await explainChanges(table, scope, group.id, group.approval.n);
  const ids = members.flatMap(({ rework }) => rework?.callbackIds ?? []);
  const callbacks = await Promise.all(ids.map((id) => readCallback(table, scope, id)));
  const rework = await explainApplied(
    table,
    scope,
    group.id,
    callbacks.flatMap((one) => one ?? []),
  );
  return { nodes: [...changes.nodes, ...rework.nodes], adjustments: [...changes.adjustments, ...rework.adjustments] };
}

/** An approved group is explained from its snapshot, which nothing changes any more; any other from its members' present inputs. */
async function membersOf(
  request: GroupRequest,
  loaded: LoadedGroup,
): Promise<{
  readonly settings: MemberTerms | null;
  readonly members: GroupSnapshot['members'];
  /** The steps as they were approved; null where they are to be traced. */
  readonly nodes: GroupSnapshot['nodes'] | null;
}> {
  const { group, desk } = loaded;
  if (group.approval !== null) {
    const { table } = request.ports;
    return (await readApprovalSnapshot(table, request.scope, group.id, group.approval.n)) as GroupSnapshot;
  }
  if (group.status === 'Canceled') return { settings: null, members: [], nodes: null };
  const members = await loadMembers(request, loaded);
  if (members === null) throw new ApiProblem('store-conflict', { detail: 'A member of the group is being changed; try again.' });
  const { terms, final } = workOutGroup(
    group,
    members.map(({ contribution }) => contribution),
    desk.context,
  );
  return {
    nodes: null,
    settings: final.outcome === 'does-not-apply' ? null : terms,
    members: members.map(({ contribution, worked }) => ({ contribution, calculation: worked.assembled.calculation })),
  };
}
