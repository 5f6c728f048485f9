import { refuse } from '#kernel/errors.ts';
import type { Group, OwnTerms } from '#model/group.ts';
import type { PoolShares, ProPayDisqualifier, ProPayDistribution } from '#model/propay.ts';
import type { Netting, TenantContext } from '#model/settings.ts';
import { answerDisqualifier, copyDefinitions, type Deed, setPenalty } from '../definitions.ts';
import { assertDistribution } from '../rules/distribution.ts';
import { assertPool } from '../rules/role-pools.ts';
import { requireActiveGroup } from './approve.ts';

/** What may be edited on a group; absent leaves a thing as it is, null takes a setting of its own away (B-101, B-106, B-107). */
export interface GroupEdit {
  readonly netting?: Netting;
  readonly splitEnabled?: boolean | null;
  readonly splitBp?: number | null;
  readonly manualPool?: PoolShares | null;
  readonly distribution?: ProPayDistribution | null;
  readonly excludedWorkerIds?: readonly string[];
  readonly disqualifiers?: readonly {
    readonly key: string;
    readonly state: ProPayDisqualifier['state'];
    readonly note: string | null;
  }[];
  readonly penalties?: readonly { readonly key: string; readonly count: number; readonly amountCents?: number | undefined }[];
}

/** An Active group after an edit. Whether the values fit together is checked by calculating with them. */
export function editGroup(
  group: Group,
  edit: GroupEdit,
  context: Pick<TenantContext, 'disqualifiers' | 'penalties'>,
  deed: Deed,
): Group {
  requireActiveGroup(group);
  const netting = edit.netting ?? group.netting;
  const answered = (edit.disqualifiers ?? []).reduce((held, one) => answer(held, one, context, deed), group.disqualifiers);
  const set = (edit.penalties ?? []).reduce((held, one) => incur(held, one, context, deed), group.penalties);
  const penalties = set.filter(({ count }) => count > 0);
  if (netting === 'separate' && penalties.length > 0)
    refuse('wrong-state', { field: 'penalties', detail: 'Members that are netted separately bear penalties of their own.' });
  return {
    ...group,
    netting,
    own: ownTerms(group.own, edit),
    excludedWorkerIds: edit.excludedWorkerIds ?? group.excludedWorkerIds,
    disqualifiers: answered.filter(({ state }) => state !== 'pending'),
    penalties,
    revision: group.revision + 1,
  };
}

function ownTerms(own: OwnTerms, { splitEnabled, splitBp, manualPool, distribution }: GroupEdit): OwnTerms {
  if (manualPool) assertPool(manualPool, 'manualPool');
  if (distribution) assertDistribution(distribution, 'distribution');
  const next = { ...own, ...given({ splitEnabled, splitBp, shares: manualPool, distribution }) };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** An answer on the group itself. It is held there from the first answer on; taking it back leaves the question to the members. */
function answer(
  held: Group['disqualifiers'],
  { key, state, note }: NonNullable<GroupEdit['disqualifiers']>[number],
  context: Pick<TenantContext, 'disqualifiers' | 'penalties'>,
  deed: Deed,
): Group['disqualifiers'] {
  const fresh = copyDefinitions(context).disqualifiers.filter(
    (one) => one.key === key && !held.some((known) => known.key === key),
  );
  return answerDisqualifier([...held, ...fresh], key, { state, note, ...deed });
}

function incur(
  held: Group['penalties'],
  { key, count, amountCents }: NonNullable<GroupEdit['penalties']>[number],
  context: Pick<TenantContext, 'disqualifiers' | 'penalties'>,
  deed: Deed,
): Group['penalties'] {
  const fresh = copyDefinitions(context).penalties.filter((one) => one.key === key && !held.some((known) => known.key === key));
  return setPenalty([...held, ...fresh], key, { count, amountCents, ...deed });
}
