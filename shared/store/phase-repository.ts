import type { ProPayRef } from '#model/ids.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobPartition, phaseKey, phasePrefix } from '#model/keys.ts';
import type { Phase } from '#model/phase.ts';
import { fieldsOf } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { actionOf, ifUnchanged } from './conditions.ts';
import type { Item, StagedWrite, Table, WriteAction } from './table.ts';

/** The phases of a ProPay, read strongly. */
export async function listPhases(table: Table, scope: TenantScope, proPayId: string): Promise<readonly Phase[]> {
  const ref = parseProPayId(proPayId);
  if (ref === null) return [];
  const items = await table.queryAll(scope, { partition: jobPartition(scope, ref.jobId), prefix: phasePrefix(ref) });
  return items.map(decodePhase);
}

/** Reads a stored phase back. */
export function decodePhase(item: Item): Phase {
  return fieldsOf(item, 'fp') as unknown as Phase;
}

/** A phase in place of the one that was read, or where none was. Its revision is counted here. */
export function changedPhase(scope: TenantScope, phase: Phase): StagedWrite {
  const item: Item = {
    ...phaseKey(scope, refOf(phase), phase.id),
    et: 'fp',
    v: 1,
    ...phase,
    revision: phase.revision + 1,
  };
  return phase.revision === 0 ? { kind: 'create', item } : { kind: 'replace', item, counter: 'revision', seen: phase.revision };
}

/** Writes a phase under the same condition. */
export function putPhaseAction(scope: TenantScope, phase: Phase): WriteAction {
  return actionOf(changedPhase(scope, phase));
}

/** Removes a phase whose milestones are gone and that nobody has decided on. */
export function deletePhaseAction(scope: TenantScope, phase: Phase): WriteAction {
  return { kind: 'delete', key: phaseKey(scope, refOf(phase), phase.id), condition: ifUnchanged('revision', phase.revision) };
}

function refOf({ proPayId }: Pick<Phase, 'proPayId'>): ProPayRef {
  const ref = parseProPayId(proPayId);
  if (ref === null) throw new Error('a phase names no ProPay');
  return ref;
}
