import { canonicalJson } from '#kernel/canonical.ts';
import { carriedWages, hasOverrides, withCarried, withoutCarried } from '#model/carried-facts.ts';
import { jobKey, workerKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import {
  decodeLocalWage,
  dropLocalWageAction,
  listLocalWages,
  noteOverriddenAction,
  putLocalWageAction,
} from '#store/override-repository.ts';
import { blocksAction } from '#store/propay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { listedAs } from '../overrides/listed-as.ts';
import type { ApiRequest } from '../route.ts';

type Desk = Pick<ApiRequest, 'ports' | 'scope'>;
type Carrying = MirrorRecord<'worker'> | MirrorRecord<'job'>;

/** What becomes of a record's own facts: the write of the record itself apart, since a link may write it for other reasons as well. */
export interface CarriedFacts {
  readonly record: WriteAction | null;
  readonly others: readonly WriteAction[];
}

/**
 * What was decided of a record follows its link (M-117, X-28): overrides, wages and settings of the one hold for the other where nobody has
 * decided of that. Whoever has local wages keeps to them.
 */
export async function carryFacts({ ports, scope }: Desk, lost: Carrying, survivor: Carrying): Promise<CarriedFacts> {
  const hasWages = survivor.entity === 'worker' && (await listLocalWages(ports.table, scope, survivor.id)).length > 0;
  const theirs = hasWages ? { ...lost.own, overrides: { ...lost.own.overrides, wages: [] } } : lost.own;
  const next = withCarried(survivor.own, { id: lost.id, own: theirs });
  const wages = hasWages ? [] : carriedWages(next);
  const rows = wages.map((row) => putLocalWageAction(scope, survivor.id, row, survivor.own.revision + 1));
  return changed({ scope }, survivor, next, rows);
}

/** Takes back what a record has of others that stand for themselves again: what was decided since of the record itself stays. */
export async function dropFacts({ ports, scope }: Desk, survivor: Carrying, ids: readonly string[]): Promise<CarriedFacts> {
  const next = withoutCarried(survivor.own, ids);
  const stored = survivor.entity === 'worker' ? await listLocalWages(ports.table, scope, survivor.id) : [];
  const theirs = stored.filter((item) => ids.includes(decodeLocalWage(item)?.from ?? ''));
  return changed({ scope }, survivor, next, theirs.map(dropLocalWageAction));
}

function changed({ scope }: Pick<Desk, 'scope'>, survivor: Carrying, next: OwnFacts, rows: readonly WriteAction[]): CarriedFacts {
  if (canonicalJson(next) === canonicalJson(survivor.own)) return { record: null, others: rows };
  const key = survivor.entity === 'worker' ? workerKey(scope, survivor.id) : jobKey(scope, survivor.id);
  return {
    record: blocksAction(key, { own: { seen: survivor.own, next }, ...listedAs(survivor, next) }),
    others: [noteOverriddenAction(scope, survivor.entity, survivor.id, hasOverrides(next)), ...rows],
  };
}
