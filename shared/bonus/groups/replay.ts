import type { Contribution, Group, MemberTerms } from '#model/group.ts';
import { engineOf, engines, type RuleVersions, versionsOf } from '../engines.ts';
import { separateRule } from '../group.ts';
import { type Replay, replayed } from '../replay.ts';
import type { AppliedResult, Calculation } from '../shapes.ts';
import type { TraceNode } from '../trace.ts';
import { fullGroup, traceGroup } from './explain.ts';
import { calculateGroup } from './work-out.ts';

/** What is asked of a group's snapshot later: enough to calculate it again to the cent. */
export interface GroupSnapshot {
  readonly group: Group;
  readonly settings: MemberTerms;
  readonly members: readonly { readonly contribution: Contribution; readonly calculation: Calculation }[];
  readonly result: AppliedResult;
  readonly nodes: readonly TraceNode[];
}

/** The calculation of a group as it stood at some time. */
export interface GroupEngine {
  readonly versions: RuleVersions;
  readonly calculate: typeof calculateGroup;
  readonly trace: typeof traceGroup;
}

/** As `engines`, for groups. */
export const groupEngines: readonly GroupEngine[] = [
  { versions: { ...engines[0]!.versions, ...versionsOf([separateRule]) }, calculate: calculateGroup, trace: traceGroup },
];

/** Calculates an approved group again from its snapshot, by the rules it was approved with (B-6, B-89). */
export function replayGroup(snapshot: GroupSnapshot, list = groupEngines): Replay<AppliedResult | null> {
  const { group, members, settings, nodes } = snapshot;
  const { calculate, trace } = engineOf(nodes, list);
  const full = fullGroup(group, members, settings);
  const told = calculate(group, full.terms, full.members);
  return replayed(snapshot, told.outcome === 'applies' ? told.result : null, trace(group, full));
}
