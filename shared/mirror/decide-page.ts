import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import type { StoredRecord, TargetRef, TargetState } from '#model/sync-items.ts';
import { idAfter, mirroredState } from './apply-decision.ts';
import { erasedValues, usedCustomFields, withKept } from './custom-fields.ts';
import { type Decision, decide } from './decide.ts';
import type { Incoming } from './incoming.ts';
import type { Leg } from './leg.ts';
import { type Resolution, resolve, targetsOf } from './resolve.ts';

/** States of all targets the candidates point to: what this run has seen, else one read per target. */
async function lookUpTargets(leg: Leg, candidates: readonly Incoming[]): Promise<void> {
  const wanted = new Map<string, TargetRef>();
  for (const one of candidates) {
    for (const target of targetsOf(one.record, leg.connection.id)) if (!leg.targets.has(target.id)) wanted.set(target.id, target);
  }
  if (wanted.size === 0) return;
  for (const [id, state] of await leg.ports.store.lookUp([...wanted.values()])) leg.targets.set(id, state);
}

/**
 * A page may hold a parent and its child: a job and the change order under it, a ticket and its budget. What comes along is decided
 * last, when it is known what becomes of its row; among the rows themselves a parent counts as there until it proves to be another
 * thing under an id that is used again.
 */
export async function decidePage(leg: Leg, candidates: readonly Incoming[]): Promise<Decision[]> {
  await lookUpTargets(leg, candidates);
  const mains = candidates.filter((one) => !one.companion);
  const assumed = new Map(mains.map((one) => [one.id, assumedState(leg, one)]));
  let decided = await decideGroup(leg, mains, assumed);
  const reborn = decided.some((one) => one.kind === 'create' && one.generation > 1);
  if (reborn) decided = await decideGroup(leg, mains, statesAfter(leg, decided));
  const along = candidates.filter((one) => one.companion);
  return [...decided, ...(await decideGroup(leg, along, statesAfter(leg, decided)))];
}

async function decideGroup(leg: Leg, group: readonly Incoming[], inPage: ReadonlyMap<string, TargetState>): Promise<Decision[]> {
  const lookup = {
    stateOf: (target: TargetRef): TargetState => inPage.get(target.id) ?? leg.targets.get(target.id) ?? { kind: 'unknown' },
  };
  const resolutions = group.map((one): Resolution => resolve(one.record, leg.connection.id, lookup));
  const stored = await readStored(leg, group, resolutions);
  const kept = await keptValues(leg, group, stored);
  return group.map((one, index) => {
    const [resolution, values] = [resolutions[index]!, kept[index]];
    if (values === undefined) return decide(one, resolution, stored[index]!);
    const resolved = resolution.kind === 'stored' ? { ...resolution, fields: { ...resolution.fields, ...values } } : resolution;
    return decide({ ...one, ...withKept(one.record, values) }, resolved, stored[index]!);
  });
}

/** Last values that a page would take away only because their custom field is gone at the source (M-49). */
async function keptValues(
  leg: Leg,
  group: readonly Incoming[],
  stored: readonly (StoredRecord | null)[],
): Promise<readonly (Readonly<Record<string, unknown>> | undefined)[]> {
  const { settings } = leg.connection;
  const erasedOf = (fields: readonly string[]) =>
    group.map(({ record }, index) => erasedValues(settings, fields, record, stored[index]!));
  const isSome = (values: Readonly<Record<string, unknown>>) => Object.keys(values).length > 0;
  if (!erasedOf(usedCustomFields(settings)).some(isSome)) return [];
  return erasedOf(await leg.missingFields()).map((values) => (isSome(values) ? values : undefined));
}

function assumedState(leg: Leg, { id, record }: Incoming): TargetState {
  const known = leg.targets.get(id);
  if (known !== undefined && known.kind !== 'unknown') return known;
  return record.skip ? { kind: 'skipped', code: record.skip.code } : { kind: 'mirrored', id, jobId: null };
}

/** What the rows of a page will be to those that point to them. */
function statesAfter(leg: Leg, decisions: readonly Decision[]): Map<string, TargetState> {
  const states = new Map<string, TargetState>();
  for (const decision of decisions) {
    const { id } = decision.incoming;
    switch (decision.kind) {
      case 'create':
      case 'change':
      case 'restore':
        states.set(id, mirroredState(decision.incoming.record.entity, idAfter(leg, decision), decision.content.fields));
        break;
      case 'keep':
      case 'stale':
        states.set(id, { kind: 'mirrored', id: decision.stored.record.id, jobId: decision.stored.jobId });
        break;
      case 'skip':
        states.set(id, { kind: 'skipped', code: decision.code });
        break;
      default:
    }
  }
  return states;
}

/** What is stored of records the mirror may hold: at the expected place, else wherever the index says. */
async function readStored(
  leg: Leg,
  candidates: readonly Incoming[],
  resolutions: readonly Resolution[],
): Promise<(StoredRecord | null)[]> {
  const stored: (StoredRecord | null)[] = candidates.map(() => null);
  const known = candidates.map((one, index) => ({ one, index })).filter(({ one }) => !one.fresh);
  const placed = known.filter(({ index }) => resolutions[index]!.kind === 'stored');
  const found = await leg.ports.store.readRecords(
    placed.map(({ one, index }) => {
      const resolution = resolutions[index] as Extract<Resolution, { kind: 'stored' }>;
      return { entity: one.record.entity, id: one.id, fields: resolution.fields, jobId: resolution.jobId };
    }),
  );
  for (const [at, { index }] of placed.entries()) stored[index] = found[at]!;
  // A tombstone at the expected place may have been left behind by a record that lives elsewhere.
  const elsewhere = known.filter(({ one, index }) => MOVABLE.has(one.record.entity) && stored[index]?.record.tombstone !== null);
  await inParallel(elsewhere, async ({ one, index }) => {
    const entities = KINDS_OF[one.record.space] ?? [one.record.entity];
    stored[index] = (await leg.ports.store.findRecord(entities, one.id)) ?? stored[index]!;
  });
  return stored;
}

/** Entities whose key depends on more than their id, so that a change can move them. */
const MOVABLE: ReadonlySet<EntityName> = new Set([
  'wage_record',
  'milestone',
  'budget_info',
  'material_allocation',
  'time_entry',
  'drive_time',
]);
/** A row of a time list may turn from work into drive time without changing its id. */
const KINDS_OF: { readonly [S in IdentitySpace]?: readonly EntityName[] } = { time: ['time_entry', 'drive_time'] };
