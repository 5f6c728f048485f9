import type { Key } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { WriteAction } from './write-action.ts';

type Standing = Pick<MirrorRecord, 'standsFor' | 'aliasOf'>;

/** Says of a job which others lead to it; refused where that has changed since it was read, or whether it leads to another one itself. */
export function standsForAction(key: Key, { standsFor, aliasOf }: Standing, next: readonly string[]): WriteAction {
  const names = { '#sf': 'sf' };
  const leads = aliasOf === null ? 'attribute_not_exists(#al)' : 'attribute_exists(#al)';
  const same = standsFor === undefined ? 'attribute_not_exists(#sf)' : '#sf = :stood';
  return {
    kind: 'update',
    key,
    update:
      next.length === 0
        ? { expression: 'REMOVE #sf', names }
        : { expression: 'SET #sf = :next', names, values: { ':next': next.join(' ') } },
    condition: {
      expression: `attribute_exists(pk) AND ${leads} AND ${same}`,
      names: { ...names, '#al': 'al' },
      ...(standsFor === undefined ? {} : { values: { ':stood': standsFor.join(' ') } }),
    },
  };
}
